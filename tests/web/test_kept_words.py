"""修改文字说明: a submitted entry's words change while its locked period is opened again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests import factories as make
from tests import factories_acts as acts
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.ledger.models import LedgerEntry
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region
from tracker.records.submissions.models import Filing, FilingKind, FilingState
from tracker.records.submissions.workdays import kind_of_day


@pytest.fixture
def locked(site, in_database) -> int:
    """The world's entry, in a quarter that is locked as its year is; the filing of the quarter."""

    def lock() -> int:
        entry = db.session.get(LedgerEntry, site.world["entry"])
        place, kind = db.session.get(Region, site.world["jinyun"]), kind_of_day(entry.occurred_on)
        year = entry.occurred_on.year
        for each in db.session.query(Filing).filter_by(region_id=place.id, year=year):
            db.session.delete(each)
        db.session.flush()
        filing = acts.filing(
            place, year, FilingKind(kind), state=FilingState.LOCKED, filed_at=make.SUBMITTED
        )
        acts.filing(
            place, year, FilingKind.ANNUAL, state=FilingState.LOCKED, filed_at=make.SUBMITTED
        )
        db.session.commit()
        return filing.id

    return in_database(lock)


def test_words_change_while_the_quarter_is_open_again_and_figures_do_not(site, locked, in_database):
    staff, address = site.browser("staff"), f"/ledger/{site.world['entry']}"
    told = {"voucher": "凭-009", "note": "补记", "reason": "凭证号写错", "amount": "1"}
    assert "修改文字说明" not in staff.get(address).text
    refused = staff.post(f"{address}/words", told)
    assert refused.status_code == 409
    assert "已锁定，文字说明也不能改" in text_of(refused)

    def reopen():
        db.session.get(Filing, locked).reopened_until = today() + timedelta(days=3)
        db.session.commit()

    def amount():
        return db.session.get(LedgerEntry, site.world["entry"]).amount

    before = in_database(amount)
    in_database(reopen)
    assert "修改文字说明" in staff.get(address).text
    assert staff.get(f"{address}/words").status_code == 200
    assert staff.post(f"{address}/words", {**told, "reason": ""}).status_code == 422
    assert staff.post(f"{address}/words", told).status_code == 302
    page = text_of(staff.get(address))
    assert "凭-009" in page
    assert "补记" in page
    assert in_database(amount) == before
    assert site.browser("assessor").post(f"{address}/words", told).status_code == 403


def test_an_exchange_keeps_its_figures_under_a_later_locked_period(site, in_database):
    """Its words are asked on its form, with the reason; it is not deleted."""

    def made() -> int:
        place = db.session.get(Region, site.world["jinyun"])
        pairing = db.session.get(Pairing, site.world["pairing"])
        training = acts.training(pairing, on=date(2024, 2, 1), title="旧名")
        for kind, until in ((FilingKind.Q1, today()), (FilingKind.Q2, None)):
            fields = {"state": FilingState.LOCKED, "filed_at": make.SUBMITTED}
            acts.filing(place, 2024, kind, reopened_until=until, **fields)
        db.session.commit()
        return training.id

    staff, address = site.browser("staff"), f"/trainings/{in_database(made)}"
    page = staff.get(f"{address}/edit")
    assert "其后的2024 年第二季度季报已锁定，日期、人数、金额等数字不能改" in text_of(page)
    assert 'name="people"' not in page.text
    assert staff.post(f"{address}/edit", {"title": "新名", "version": "1"}).status_code == 302
    assert "新名" in text_of(staff.get(address))
    refused = staff.post(f"{address}/delete", {"reason": "试"})
    assert refused.status_code == 409
    assert "数字不能改" in text_of(refused)
    new = {"pairing_id": str(site.world["pairing"]), "purpose": "skills", "people": "3"}
    late = staff.post("/trainings/new", {**new, "held_on": "2024-03-01"})
    assert late.status_code == 422
    assert "虽已开锁" in text_of(late)


def test_an_indicator_of_a_locked_year_is_the_provinces_with_a_reason(site, in_database):
    def lock() -> None:
        place = db.session.get(Region, site.world["jinyun"])
        fields = {"state": FilingState.LOCKED, "filed_at": make.SUBMITTED}
        acts.filing(place, 2023, FilingKind.ANNUAL, **fields)
        db.session.commit()

    in_database(lock)
    told = {
        "region_id": str(site.world["jinyun"]),
        "year": "2023",
        "indicator": "常住人口",
        "value": "36.1",
        "unit": "万人",
    }
    refused = site.browser("staff").post("/indicators/new", told)
    assert refused.status_code == 422
    assert "2023 年年报已锁定" in text_of(refused)
    assessor = site.browser("assessor")
    assert "请填写锁定后登记的理由" in text_of(assessor.post("/indicators/new", told))
    made = assessor.post("/indicators/new", {**told, "reason": "统计公报"})
    assert made.status_code == 302
    assert "统计公报" in text_of(assessor.get(made.location))
