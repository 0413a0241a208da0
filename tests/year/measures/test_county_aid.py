"""A county's aid money, its demonstration villages, and the villages that earn enough."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from tests import factories as make
from tests.factories import wan
from tests.year.measures.county_facts import (
    AFTER,
    BEFORE,
    FIRST,
    LAST,
    YEAR,
    Pair,
    fact,
    filed,
    pair,
    value,
)
from tracker.core.db import db
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.year.measures.collect import Fact


@pytest.fixture
def here(app: Flask) -> Pair:
    return pair()


def _reverse(entry: LedgerEntry) -> None:
    db.session.add(
        LedgerEntry(
            pairing_id=entry.pairing_id,
            kind=entry.kind,
            amount=-entry.amount,
            occurred_on=entry.occurred_on,
            reversal_of_id=entry.id,
            submitted_at=entry.submitted_at,
        )
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [("aid.received", EntryKind.AID_RECEIVED), ("aid.spent", EntryKind.AID_USED)],
)
def test_aid_of_the_year_on_pairings_and_demonstration_villages(
    here: Pair, name: str, kind: EntryKind
) -> None:
    second = make.pairing(here.elsewhere, here.county)
    village = make.demonstration_village(here.county)
    one = make.entry(here.pairing, kind, wan("1000.8"), FIRST)
    two = make.entry(second, kind, wan(200), LAST)
    three = make.entry(village, kind, wan(50), LAST)
    make.entry(here.pairing, kind, wan(7), BEFORE)
    make.entry(here.pairing, kind, wan(7), AFTER)
    make.entry(here.pairing, kind, wan(7), LAST, submitted_at=None)
    make.entry(here.pairing, kind, wan(7), LAST, cumulative=True)
    make.entry(here.pairing, EntryKind.SOCIAL_AID, wan(7), LAST)
    make.entry(here.pairing, EntryKind.AID_SENT, wan(7), LAST)
    _reverse(make.entry(here.pairing, kind, wan(7), LAST))
    expected = tuple(f"ledger_entries:{entry.id}" for entry in (one, two, three))
    assert fact(here.county, name) == Fact("1250.8", expected)
    assert value(here.supporter, name) is None


def test_demonstration_villages_planned_and_accepted(here: Pair) -> None:
    plan = {"acceptance_year": YEAR}
    in_time = make.demonstration_village(here.county, accepted_on=LAST, **plan)
    early = make.demonstration_village(here.county, accepted_on=date(2023, 5, 1), **plan)
    late = make.demonstration_village(here.county, accepted_on=AFTER, **plan)
    never = make.demonstration_village(here.county, **plan)
    other = make.demonstration_village(here.county, acceptance_year=2025, accepted_on=FIRST)
    unplanned = make.demonstration_village(here.county, accepted_on=FIRST)
    of = [f"demonstration_villages:{v.id}" for v in (in_time, early, late, never)]
    not_planned = (
        (f"demonstration_villages:{other.id}", "安排2025年验收"),
        (f"demonstration_villages:{unplanned.id}", "没有安排验收年度"),
    )
    planned = fact(here.county, "demonstrations.planned")
    assert planned == Fact("4", tuple(of), uncounted=not_planned)
    missed = tuple((reference, "年末前没有通过验收") for reference in of[2:])
    accepted = fact(here.county, "demonstrations.accepted")
    assert accepted == Fact("2", tuple(of[:2]), uncounted=(*missed, *not_planned))
    assert value(here.county, "demonstrations.planned", 2023) == "0"
    assert value(here.county, "demonstrations.accepted", 2025) == "1"


def test_the_share_of_villages_that_earn_enough(here: Pair) -> None:
    name = "village_income.met_share"
    assert fact(here.county, name) == Fact(None, reason="没有登记行政村")
    villages = [make.village(here.county) for _ in range(3)]
    make.village(here.elsewhere)
    enough = make.village_income(villages[0], YEAR, wan(50))
    almost = make.village_income(villages[1], YEAR, "499999.99")
    make.village_income(villages[2], YEAR - 1, wan(80))
    reason = "全县 3 个行政村中有 1 个未填报2024年经营性收入"
    assert fact(here.county, name) == Fact(None, reason=reason)
    rest = make.village_income(villages[2], YEAR, 0)
    short = tuple((f"village_incomes:{row.id}", "经营性收入不足 50 万元") for row in (almost, rest))
    records = (f"village_incomes:{enough.id}", f"regions:{here.county.id}")
    assert fact(here.county, name) == Fact("0.33333333", records, uncounted=short)
    almost.operating = wan(50)
    assert value(here.county, name) == "0.66666667"
    rest.operating = wan(500)
    assert value(here.county, name) == "1"


def test_villages_that_a_filed_report_leaves_out_have_not_earned_enough(here: Pair) -> None:
    villages = [make.village(here.county) for _ in range(4)]
    make.village_income(villages[0], YEAR, wan(60))
    assert value(here.county, "village_income.met_share") is None
    filed(here.county)
    assert value(here.county, "village_income.met_share") == "0.25"


def test_the_goal_for_villages_is_nought_until_it_is_issued(here: Pair) -> None:
    name = "goal.village_income_share"
    make.target(here.county, YEAR - 1, name, "0.5")
    make.target(here.county, YEAR, "village_income.met_share", "0.6")
    assert fact(here.county, name) == Fact("0")
    goal = make.target(here.county, YEAR, name, "0.55")
    assert fact(here.county, name) == Fact("0.55", (f"targets:{goal.id}",))
