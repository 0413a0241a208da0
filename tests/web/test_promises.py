"""What a contract promises binds once its other side has confirmed it, and is changed only after
that side gave it back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from tests import factories as make
from tests.web.pages import Browser, text_of, value_of
from tracker.core.db import db
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves.agreements import EnclaveSpace, SpaceStep, TaxSplit
from tracker.records.enclaves.models import Enclave, ReturnTerm
from tracker.records.places.models import Region
from tracker.year.measures.collect import collect
from tracker.year.measures.declare import SubjectKind

TERM = {"kind": "guaranteed_minimum", "amount": "80", "starts_on": "2024-01-01", "pay_by": "12-31"}


@dataclass(frozen=True)
class Sides:
    """The people of an enclave: of the county that runs it, of its host, of the province."""

    app: object
    origin: Browser
    host: Browser
    province: Browser
    stranger: Browser
    enclave: int


@pytest.fixture
def sides(any_site) -> Sides:
    site = any_site
    with site.app.app_context():
        places = {place.name: place for place in db.session.scalars(select(Region))}
        enclave = make.enclave(places["缙云县"], places["富阳区"]).id
        host = make.user(Role.STAFF, places["富阳区"]).id
        db.session.commit()
    return Sides(
        site.app,
        site.browser("staff"),
        Browser(site.app, host),
        site.browser("assessor"),
        site.browser("neighbour"),
        enclave,
    )


def enter(sides: Sides, by: Browser, values: dict[str, str] = TERM) -> int:
    sent = by.post(f"/enclaves/{sides.enclave}/return-terms/new", values)
    assert sent.status_code == 302, text_of(sent)
    with sides.app.app_context():
        return db.session.scalar(select(func.max(ReturnTerm.id)))


def due(sides: Sides, name: str = "returns.due") -> str | None:
    with sides.app.app_context():
        return collect(2024, SubjectKind.ENCLAVE, [name], [sides.enclave])[sides.enclave][
            name
        ].value


def answer(browser: Browser, term: int, what: str, reason: str = "", key: str = "return_terms"):
    address = f"/promises/{key.replace('_', '-')}/{term}/answer"
    page = browser.get(address)
    if page.status_code != 200:
        return page
    form = {"version": value_of(page, "version"), "answer": what, "reason": reason}
    return browser.post(address, form)


def test_a_term_counts_from_the_answer_of_the_other_side_on(sides: Sides) -> None:
    term = enter(sides, sides.origin)
    assert due(sides) is None
    assert "待确认，不计" in text_of(sides.origin.get(f"/enclaves/{sides.enclave}"))
    assert "待确认的约定" in text_of(sides.host.get("/"))
    for browser, status in ((sides.origin, 409), (sides.stranger, 404)):
        assert answer(browser, term, "confirm").status_code == status
    assert answer(sides.host, term, "give_back").status_code == 422  # without a reason
    assert answer(sides.host, term, "confirm").status_code == 302
    assert due(sides) == "80"
    assert "待确认，不计" not in text_of(sides.origin.get(f"/enclaves/{sides.enclave}"))


def test_whoever_entered_a_term_in_force_neither_changes_nor_deletes_it(sides: Sides) -> None:
    term = enter(sides, sides.origin)
    answer(sides.host, term, "confirm")
    for act in ("edit", "delete"):
        refused = sides.origin.post(
            f"/enclaves/return-terms/{term}/{act}", {**TERM, "amount": "1", "reason": "有误"}
        )
        assert refused.status_code == 409
        assert "申请更正" in text_of(refused)
    assert due(sides) == "80"


def test_a_term_is_changed_after_the_other_side_gave_it_back(sides: Sides) -> None:
    term = enter(sides, sides.origin)
    answer(sides.host, term, "confirm")
    refused = answer(sides.host, term, "give_back", "未申请")
    assert refused.status_code == 422  # nobody asked
    asked = sides.origin.post(f"/promises/return-terms/{term}/ask", {"reason": "已签补充协议"})
    assert asked.status_code == 302
    assert due(sides) == "80"
    assert answer(sides.host, term, "refuse", "补充协议未生效").status_code == 302
    assert "补充协议未生效" in text_of(sides.origin.get(f"/enclaves/return-terms/{term}"))
    sides.origin.post(f"/promises/return-terms/{term}/ask", {"reason": "已生效"})
    assert answer(sides.host, term, "give_back", "同意").status_code == 302
    assert due(sides) is None
    page = sides.origin.get(f"/enclaves/return-terms/{term}/edit")
    changed = {**TERM, "amount": "100", "version": value_of(page, "version")}
    assert sides.origin.post(f"/enclaves/return-terms/{term}/edit", changed).status_code == 302
    assert due(sides) is None
    answer(sides.host, term, "confirm")
    assert due(sides) == "100"


def test_what_is_confirmed_is_what_was_seen(sides: Sides) -> None:
    term = enter(sides, sides.origin)
    address = f"/promises/return-terms/{term}/answer"
    seen = value_of(sides.host.get(address), "version")
    page = sides.origin.get(f"/enclaves/return-terms/{term}/edit")
    changed = {**TERM, "amount": "70", "version": value_of(page, "version")}
    sent = sides.origin.post(f"/enclaves/return-terms/{term}/edit", changed)
    assert sent.status_code == 302, text_of(sent)
    late = sides.host.post(address, {"version": seen, "answer": "confirm"})
    assert late.status_code == 422
    assert "刚刚有变动" in text_of(late)
    assert due(sides) is None


def test_what_the_province_enters_binds_at_once(sides: Sides) -> None:
    enter(sides, sides.province)
    assert due(sides) == "80"


def test_splits_and_agreed_spaces_bind_in_the_same_way_and_deliveries_need_no_answer(
    sides: Sides,
) -> None:
    with sides.app.app_context():
        agreement = make.agreement(db.session.get_one(Enclave, sides.enclave)).id
        db.session.commit()
    space = {"step": "agreed", "kind": "land", "quantity": "60", "on": "2024-01-01"}
    for values in (space, {**space, "step": "delivered", "quantity": "20"}):
        sent = sides.origin.post(f"/enclaves/{sides.enclave}/enclave-spaces/new", values)
        assert sent.status_code == 302, text_of(sent)
    split = {"from_year": "2024", "origin_share": "50", "host_share": "50", "pay_by": "次年3-31"}
    sent = sides.origin.post(f"/enclaves/enclave-agreements/{agreement}/tax-splits/new", split)
    assert sent.status_code == 302, text_of(sent)
    assert due(sides, "land.agreed") is None
    assert due(sides, "land.supplied") == "20"
    with sides.app.app_context():
        promises = {
            "enclave_spaces": db.session.scalar(
                select(EnclaveSpace.id).where(EnclaveSpace.step == SpaceStep.AGREED)
            ),
            "tax_splits": db.session.scalar(select(TaxSplit.id)),
        }
        assert db.session.scalar(select(TaxSplit.pay_by)) == 10_331
    for key, number in promises.items():
        assert answer(sides.host, number, "confirm", key=key).status_code == 302
        refused = sides.origin.post(
            f"/promises/{key.replace('_', '-')}/{number}/answer", {"answer": "give_back"}
        )
        assert refused.status_code == 409
    assert due(sides, "land.agreed") == "60"


@pytest.mark.parametrize(
    ("typed", "says"),
    [("13-1", "请填写月日"), ("2-30", "请填写月日"), ("年底", "请填写月日"), ("12-31 ", "")],
)
def test_a_day_of_payment_is_a_month_and_a_day(sides: Sides, typed: str, says: str) -> None:
    sent = sides.origin.post(
        f"/enclaves/{sides.enclave}/return-terms/new", {**TERM, "pay_by": typed}
    )
    assert sent.status_code == (422 if says else 302)
    assert says in text_of(sent)


def test_an_enclave_within_one_place_is_confirmed_by_the_province_alone(sides: Sides) -> None:
    with sides.app.app_context():
        enclave = db.session.get_one(Enclave, sides.enclave)
        enclave.host_id = enclave.origin_id
        db.session.commit()
    term = enter(sides, sides.origin)
    assert answer(sides.origin, term, "confirm").status_code == 409
    assert "待确认的约定" in text_of(sides.province.get("/"))
    assert answer(sides.province, term, "confirm").status_code == 302
    assert due(sides) == "80"
