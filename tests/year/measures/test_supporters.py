"""What a supporter paid and brought to all its counties."""

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
    pair,
    value,
)
from tracker.records.ledger.models import EntryKind
from tracker.records.pairings.models import Pairing, Scheme
from tracker.records.projects.models import Project, ProjectCategory
from tracker.year.measures.collect import Fact

MAY, JULY = date(2024, 5, 1), date(2024, 7, 1)


@pytest.fixture
def here(app: Flask) -> Pair:
    return pair()


@pytest.fixture
def second(here: Pair) -> Pairing:
    """The supporter's pairing with another county."""
    return make.pairing(here.supporter, make.region("331126001", "示例镇", level="town"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("support.aid_paid", EntryKind.AID_SENT),
        ("support.social_aid", EntryKind.SOCIAL_AID),
        ("support.aid_on_time", EntryKind.AID_SENT),
    ],
)
def test_money_of_the_year_over_all_pairings(
    here: Pair, second: Pairing, name: str, kind: EntryKind
) -> None:
    one = make.entry(here.pairing, kind, wan("2757.25"), FIRST)
    two = make.entry(second, kind, wan(650), LAST)
    make.entry(here.pairing, kind, wan(7), BEFORE)
    make.entry(here.pairing, kind, wan(7), AFTER)
    make.entry(here.pairing, kind, wan(7), LAST, submitted_at=None)
    make.entry(here.pairing, kind, wan(7), LAST, cumulative=True)
    make.entry(here.pairing, EntryKind.AID_RECEIVED, wan(7), LAST)
    make.entry(make.pairing(here.elsewhere, here.county), kind, wan(7), LAST)
    references = (f"ledger_entries:{one.id}", f"ledger_entries:{two.id}")
    assert fact(here.supporter, name) == Fact("3407.25", references)
    assert value(here.county, name) is None


def test_aid_is_in_time_by_its_own_day_then_the_pairs_then_the_supporters(
    here: Pair, second: Pairing
) -> None:
    name, task, aid = "support.aid_on_time", "support.aid_paid", EntryKind.AID_SENT
    make.entry(here.pairing, aid, wan(1), JULY, due_on=JULY)
    make.entry(here.pairing, aid, wan(10), JULY, due_on=MAY)
    make.entry(here.pairing, aid, wan(100), JULY)
    make.entry(second, aid, wan(1000), JULY)
    assert value(here.supporter, name) == "1101"
    own = make.target(here.supporter, YEAR, task, 5000, due_on=MAY)
    make.target(here.supporter, YEAR - 1, task, 5000, due_on=MAY)
    assert value(here.supporter, name) == "1"
    of_pair = make.target(here.pairing, YEAR, task, 3000, due_on=JULY)
    found = fact(here.supporter, name)
    assert found.value == "101"
    assert len(found.records) == 2, "the two that were in time"
    late = dict(found.uncounted)
    assert sorted(why for why in late.values() if "晚于" in why) == [
        "2024-07-01拨付，晚于2024-05-01",
        "2024-07-01拨付，晚于2024-05-01",
    ]
    assert {f"targets:{own.id}", f"targets:{of_pair.id}"} < late.keys()
    own.due_on = None
    assert value(here.supporter, name) == "1101"
    assert value(here.supporter, task) == "1111"


def test_aid_that_all_came_late_is_nought(here: Pair) -> None:
    make.entry(here.pairing, EntryKind.AID_SENT, wan(10), JULY, due_on=MAY)
    assert value(here.supporter, "support.aid_on_time") == "0"


def _project(here: Pair, **fields) -> Project:
    fields.setdefault("signed_on", MAY)
    return make.project(fields.pop("place", here.county), **fields)


def test_projects_of_a_pairing_or_of_two_that_are_paired(here: Pair) -> None:
    make.pairing(here.supporter, here.county, scheme=Scheme.OLD_BASE)
    mine = [
        _project(here, pairing=here.pairing, total_investment=wan(10_000)),
        _project(here, partner=here.supporter),
        _project(here, place=here.supporter, partner=here.county),
        _project(here, pairing=here.pairing, partner=here.elsewhere),
        _project(here, pairing=here.pairing, signed_on=AFTER),
    ]
    theirs = make.pairing(here.elsewhere, here.county)
    _project(here, pairing=theirs, partner=here.supporter)
    _project(here)
    _project(here, pairing=here.pairing, in_scope=None)
    _project(here, pairing=here.pairing, category=ProjectCategory.AID)
    references = tuple(f"projects:{project.id}" for project in mine)
    later = (references[-1], "2025-01-01签约，晚于年末")
    counted = fact(here.supporter, "support.projects")
    assert counted == Fact("4", references[:-1], uncounted=(later,))
    large = fact(here.supporter, "support.projects_large")
    small = tuple((r, "没有填报计划总投资") for r in references[1:-1])
    assert large == Fact("1", references[:1], uncounted=(*small, later))
    assert value(here.elsewhere, "support.projects") == "1"


def test_projects_without_a_pair_are_nobodys(here: Pair) -> None:
    _project(here)
    assert value(here.supporter, "support.projects") is None
    assert value(here.supporter, "support.projects_large") is None


def test_funds_of_a_supporters_projects_count_once(here: Pair) -> None:
    make.pairing(here.supporter, here.county, scheme=Scheme.OLD_BASE)
    project = _project(here, partner=here.supporter)
    other = _project(here)
    entry = make.entry(project, EntryKind.FUNDS_IN_PLACE, wan("320.5"), JULY)
    make.entry(project, EntryKind.FUNDS_IN_PLACE, wan(7), AFTER)
    make.entry(project, EntryKind.COMPLETED_INVESTMENT, wan(7), JULY)
    make.entry(other, EntryKind.FUNDS_IN_PLACE, wan(7), JULY)
    expected = Fact("320.5", (f"ledger_entries:{entry.id}",))
    assert fact(here.supporter, "support.funds_in_place") == expected
    assert value(here.elsewhere, "support.funds_in_place") is None
