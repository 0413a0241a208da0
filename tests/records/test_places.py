"""Pairings by date and round, kinds of enclaves by date, targets and their parts, drafts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories as make
from tests.factories import wan
from tracker.core.db import db
from tracker.core.provenance.models import Source, SourceKind
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves.models import EnclaveKind
from tracker.records.ledger import service as ledger
from tracker.records.ledger.models import EntryKind
from tracker.records.operations.items import MEANINGS, Item
from tracker.records.operations.models import OperatingFigure
from tracker.records.operations.queries import of_year, per_mu
from tracker.records.pairings.models import PairingCitation, PairingRound, Scheme
from tracker.records.pairings.queries import in_force
from tracker.records.places.models import Region
from tracker.records.places.queries import regions_of
from tracker.records.projects.models import PartnerView
from tracker.records.projects.service import PartnerError, answer_as_partner
from tracker.records.targets.queries import decompositions, unbalanced
from tracker.records.targets.service import TargetError, divide, set_target
from tracker.year.assessments.rosters import ROSTERS
from tracker.year.measures.collect import collect
from tracker.year.measures.declare import SubjectKind


@pytest.fixture
def places(app: Flask):
    return make.zhejiang()


def standing(day: date) -> set[int]:
    return {pairing.id for pairing in db.session.scalars(in_force(day))}


def cite(pairing, year: int, scheme: Scheme = Scheme.SHANHAI) -> None:
    code = f"{year}-{scheme.value}"
    found = db.session.query(PairingRound).filter_by(code=code).one_or_none()
    found = found or PairingRound(code=code, name=code, scheme=scheme, starts_on=date(year, 1, 1))
    pairing.citations.append(PairingCitation(round=found, source=Source(kind=SourceKind.COPY)))
    db.session.flush()


def test_whose_records_a_place_sees_is_composed_once_and_for_no_other(places) -> None:
    """The words are kept; who asks, and what the page is narrowed to, still decide."""
    county, other = (make.user(Role.STAFF, places[name]) for name in ("缙云县", "庆元县"))
    province = make.user(Role.LEADER, places["浙江省"])
    assert regions_of(county) is regions_of(county)

    def seen(user) -> set[str]:
        chosen = select(Region.name).where(Region.id.in_(regions_of(user)))
        return set(db.session.scalars(chosen))

    assert seen(county) == {"缙云县"}
    assert seen(other) == {"庆元县"}
    assert seen(province) >= {"浙江省", "丽水市", "缙云县", "庆元县"}
    places["缙云县"].parent_id = places["庆元县"].id
    db.session.flush()
    assert seen(other) == {"庆元县", "缙云县"}


def test_a_later_round_that_names_another_ends_a_pairing(places) -> None:
    county = places["缙云县"]
    old = make.pairing(places["富阳区"], county)
    both = make.pairing(places["杭州市"], county)
    cite(old, 2018)
    cite(both, 2018)
    cite(both, 2021)
    assert standing(date(2020, 12, 31)) == {old.id, both.id}
    assert standing(date(2021, 1, 1)) == {both.id}


def test_a_round_of_another_scheme_or_county_ends_nothing(places) -> None:
    first = make.pairing(places["富阳区"], places["缙云县"])
    elsewhere = make.pairing(places["富阳区"], places["庆元县"])
    other = make.pairing(places["杭州市"], places["缙云县"], scheme=Scheme.OLD_BASE)
    cite(first, 2018)
    cite(elsewhere, 2021)
    cite(other, 2023, Scheme.OLD_BASE)
    assert standing(date(2024, 12, 31)) == {first.id, elsewhere.id, other.id}


def test_a_pairing_stands_from_its_first_to_its_last_day(places) -> None:
    pairing = make.pairing(
        places["富阳区"], places["缙云县"], since=date(2018, 1, 1), until=date(2023, 12, 31)
    )
    found = [
        pairing.id in standing(day)
        for day in (date(2017, 12, 31), date(2018, 1, 1), date(2023, 12, 31), date(2024, 1, 1))
    ]
    assert found == [False, True, True, False]


def test_an_enclave_becomes_a_development_enclave_on_a_day(places) -> None:
    enclave = make.enclave(
        places["缙云县"],
        places["富阳区"],
        EnclaveKind.INDUSTRIAL,
        development_since=date(2025, 3, 1),
    )
    assert enclave.kind_on(date(2025, 2, 28)) is EnclaveKind.INDUSTRIAL
    assert enclave.kind_on(date(2025, 3, 1)) is EnclaveKind.DEVELOPMENT

    def codes(kind: str, year: int) -> list[str]:
        return [subject.code for subject in ROSTERS[f"enclave.{kind}"].subjects(year)]

    assert codes("industrial", 2024) == [enclave.code] == codes("development", 2025)
    assert codes("development", 2024) == [] == codes("industrial", 2025)
    names = ["enclaves.industrial", "enclaves.development"]
    county = enclave.origin_id
    facts = collect(2025, SubjectKind.COUNTY, names, [county])[county]
    assert [facts[name].value for name in names] == ["0", "1"]


def test_a_target_is_divided_level_by_level_and_adds_up(places) -> None:
    province, city = places["浙江省"], places["丽水市"]
    whole = set_target(province, 2025, "projects.counted", Decimal(30), document="示例文件")
    of_lishui, of_hangzhou = divide(whole, {city: Decimal(20), places["杭州市"]: Decimal(10)})
    divide(of_lishui, {places["缙云县"]: Decimal(12), places["庆元县"]: Decimal(8)})
    assert [found.whole.value for found in decompositions(2025)] == [30, 20]
    assert unbalanced(2025) == []
    of_hangzhou.value = Decimal(9)
    db.session.flush()
    (found,) = unbalanced(2025)
    assert (found.whole, found.missing) == (whole, Decimal(1))


@pytest.mark.parametrize(
    ("parts", "words"),
    [({"丽水市": 29}, "相差 1"), ({"缙云县": 30}, "不在浙江省之下"), ({"浙江省": 30}, "不在")],
)
def test_a_division_that_does_not_add_up_is_refused(places, parts, words) -> None:
    whole = set_target(places["浙江省"], 2025, "projects.counted", Decimal(30))
    with pytest.raises(TargetError, match=words):
        divide(whole, {places[name]: Decimal(value) for name, value in parts.items()})


def test_a_countys_target_cannot_be_divided(places) -> None:
    whole = set_target(places["缙云县"], 2025, "projects.counted", Decimal(3))
    with pytest.raises(TargetError, match="可以分解"):
        divide(whole, {places["庆元县"]: Decimal(3)})


def test_a_draft_counts_nowhere_until_it_is_submitted(places) -> None:
    staff = make.user(Role.STAFF, places["缙云县"])
    enclave = make.enclave(places["缙云县"], places["富阳区"])
    values = {"kind": EntryKind.REBATE, "amount": wan(5), "occurred_on": date(2024, 5, 1)}

    def paid() -> str | None:
        facts = collect(2024, SubjectKind.ENCLAVE, ["returns.paid"], [enclave.id])
        return facts[enclave.id]["returns.paid"].value

    entry = ledger.draft(staff, enclave, values)
    assert paid() is None
    ledger.edit(entry, {"amount": wan(6)})
    with pytest.raises(ledger.DraftError):
        ledger.reverse(staff, entry, "草稿")
    ledger.submit(staff, entry)
    assert paid() == "6"
    for act in (lambda: ledger.edit(entry, {"amount": wan(7)}), lambda: ledger.discard(entry)):
        with pytest.raises(ledger.SubmittedError):
            act()
    ledger.reverse(staff, entry, "录错")
    assert paid() is None


def test_villages_share_no_more_than_was_paid(places) -> None:
    staff = make.user(Role.STAFF, places["缙云县"])
    enclave = make.enclave(places["缙云县"], places["富阳区"])
    villages = [make.village(places["缙云县"]) for _ in range(3)]
    values = {"kind": EntryKind.REBATE, "amount": wan(10), "occurred_on": date(2024, 5, 1)}
    entry = ledger.draft(staff, enclave, values)
    ledger.share(entry, villages[0].id, wan(6))
    ledger.share(entry, villages[1].id, wan(4))
    with pytest.raises(ledger.SharesError, match="多于返利"):
        ledger.share(entry, villages[2].id, Decimal("0.01"))
    with pytest.raises(ledger.SharesError, match="多于返利 9 万元"):
        ledger.edit(entry, {"amount": wan(9)})
    ledger.discard(entry)


def test_the_partner_confirms_or_disputes_and_nobody_else(places) -> None:
    project = make.project(places["缙云县"], partner_id=places["富阳区"].id)
    partner = make.user(Role.STAFF, places["富阳区"])
    assert project.partner_view is PartnerView.PENDING
    with pytest.raises(PartnerError, match="协作县"):
        answer_as_partner(make.user(Role.STAFF, places["庆元县"]), project, PartnerView.CONFIRMED)
    with pytest.raises(PartnerError, match="理由"):
        answer_as_partner(partner, project, PartnerView.DISPUTED, " ")
    answer_as_partner(partner, project, PartnerView.DISPUTED, "投资方不在本区")
    assert project.partner_view is PartnerView.DISPUTED


def test_flows_add_up_over_the_year_and_stocks_stand_at_its_end() -> None:
    figures = [
        OperatingFigure(year=2024, quarter=quarter, item=item, value=Decimal(value))
        for item, values in ((Item.OUTPUT, (10, 20)), (Item.LAND_SUPPLIED, (900, 1501)))
        for quarter, value in zip((1, 3), values, strict=True)
    ]
    assert of_year(Item.OUTPUT, figures) == 30
    assert of_year(Item.LAND_SUPPLIED, figures) == 1501
    assert of_year(Item.VISITORS, figures) is None
    assert per_mu(Decimal(3002), of_year(Item.LAND_SUPPLIED, figures)) == 2
    assert per_mu(Decimal(1), Decimal(0)) is None
    assert per_mu(None, Decimal(1)) is None
    assert set(MEANINGS) == set(Item)
