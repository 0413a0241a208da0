"""修改文字说明: a submitted entry's words change while its locked period is opened again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import factories as make
from tests import factories_acts as acts
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.ledger.models import LedgerEntry
from tracker.records.places.models import Region
from tracker.records.submissions.models import Filing, FilingKind, FilingState
from tracker.records.submissions.workdays import kind_of_day


@pytest.fixture
def locked(site, in_database) -> int:
    """The world's entry, in a quarter that is locked; its filing."""

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
        db.session.commit()
        return filing.id

    return in_database(lock)


def test_words_change_while_the_period_is_open_again_and_figures_do_not(site, locked, in_database):
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
