"""What was stated to be nought on the grid is known: no list, advice or sum tells it as missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tracker.core.db import db
from tracker.core.quantities.figure import yuan
from tracker.overview.attention import concerns_of
from tracker.overview.enclaves import returns_in
from tracker.records.accounts.permissions import Role
from tracker.records.ledger.models import EntryKind
from tracker.records.places.models import Region
from tracker.records.submissions.checking import Asked
from tracker.records.submissions.models import FilingKind
from tracker.site import work_lists
from tracker.site.checks import facts, money

YEAR = 2024


@pytest.fixture(autouse=True)
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("site.work_lists", "overview.attention"):
        monkeypatch.setattr(f"tracker.{module}.way", lambda *_of, **_at: "")


def state(of, field: str, *quarters: int, value: int = 0, posted=make.SUBMITTED) -> None:
    place = getattr(of, "region", None) or of.origin_region
    user = make.user(Role.STAFF, place, username=f"staff-{of.id}-{quarters}")
    for quarter in quarters:
        typed = {"typed": str(value), "value": Decimal(value), "posted_at": posted}
        acts.quarter_cell(of, user, quarter=quarter, field=field, **typed)


def test_a_project_of_which_each_quarter_was_nought_lacks_nothing(app: Flask) -> None:
    place = make.zhejiang()["缙云县"]
    project = make.project(place, signed_on=date(YEAR, 8, 1), started_on=date(YEAR, 8, 1))
    regions = select(Region.id).where(Region.id == place.id)
    done = "money.completed_investment"

    def missing() -> int:
        return work_lists.without_money(regions, YEAR).total

    assert missing() == 1
    state(project, done, 3)
    assert missing() == 1, "of the fourth quarter nobody has said anything"
    state(project, done, 4, posted=None)
    assert missing() == 1, "a draft counts nowhere"
    cells = {cell.quarter: cell for cell in db.session.scalars(select(acts.QuarterCell))}
    cells[4].posted_at = make.SUBMITTED
    db.session.flush()
    assert missing() == 0
    cells[4].value = Decimal(5)
    db.session.flush()
    assert missing() == 1, "what is not nought is told by a record"


def test_a_project_that_stands_still_is_told_as_stated_or_as_missing(app: Flask) -> None:
    place = make.zhejiang()["缙云县"]
    told, silent = (
        make.project(place, name=name, signed_on=date(2023, 1, 1), started_on=date(2023, 2, 1))
        for name in ("已报无", "没有报")
    )
    state(told, "money.completed_investment", 1, 2, 3, 4)
    regions = select(Region.id).where(Region.id == place.id)
    concerns = {each.key: each for each in concerns_of(regions, YEAR, [], [], [])}
    said = {each.name: each for each in concerns["no-progress"].sentences}
    assert "各季都报完成投资为 0" in said["已报无"].words
    assert "补报完成投资" not in said["已报无"].next
    assert "台账中没有 2024 年的完成投资" in said[silent.name].words
    filing = acts.filing(place, YEAR, FilingKind.Q4)
    lines = {each.line for each in facts.standing_still(Asked.of(filing))}
    assert "已报无：在建没有进度，各季都报完成投资为 0" in lines
    assert "没有报：在建没有进度" in lines


def test_a_rebate_that_was_stated_to_be_nought_is_nought(app: Flask) -> None:
    places = make.zhejiang()
    place = places["缙云县"]
    enclave = make.enclave(place, places["富阳区"], signed_on=date(YEAR, 5, 1))
    make.term(enclave, amount=make.wan(100), starts_on=date(YEAR, 5, 1))
    regions = select(Region.id).where(Region.id == place.id)
    state(enclave, "money.rebate", 2, 3)
    (one,) = returns_in(regions, YEAR)
    assert one.paid is None
    state(enclave, "money.rebate", 4)
    (one,) = returns_in(regions, YEAR)
    assert one.paid is not None
    assert one.paid.figure == yuan(Decimal(0))
    assert "实返 0" in work_lists.owing([one], place.id, YEAR).rows[0].state
    filing = acts.filing(place, YEAR, FilingKind.ANNUAL)
    (fault,) = money.off_contract(Asked.of(filing))
    assert "只返 0 万元，少 100%" in fault.words
    make.entry(enclave, EntryKind.REBATE, make.wan(7), date(YEAR, 11, 1))
    (one,) = returns_in(regions, YEAR)
    assert one.paid is not None
    assert one.paid.figure == yuan(make.wan(7))
