"""What a case of a constraint is: rows that the database takes and rows that it refuses.

A row is written as its changes to a valid row: {column: raw value}, money in 分, shares in the
column's smallest unit. A value may be a function of (row, world), for what is known only then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from types import SimpleNamespace
from typing import Any

from sqlalchemy import delete

from tests import courses, objecting
from tests import factories as make
from tests import factories_acts as acts
from tests import factories_papers as papers
from tests import factories_trials as trials
from tracker.core.db import db
from tracker.core.db.standing import DataState
from tracker.records.accounts.permissions import Role
from tracker.records.ledger.models import EntryKind
from tracker.records.places.models import RegionLevel

Changes = dict[str, Any]
EARLY, LATE = "2024-01-01", "2024-02-01"
YEARS = {"year": [{"year": 2001}, {"year": 2101}]}
YEARS_WITHIN = [{"year": 2002}, {"year": 2100}]


@dataclass(frozen=True)
class Cases:
    """The cases of one table.

    base: adds a valid row to the world. refused: by the CHECK's name without its prefix, the
    changes that this CHECK alone refuses. one_of: by the CHECK's name, the columns of which
    exactly one is set. uniques: by full name, the changes that give a second row beside the first
    (or changes of the first, and then of the second). accepted: changes that are just allowed.
    beside: changes that give a second row which is allowed.
    """

    base: Callable[[SimpleNamespace], Any]
    refused: dict[str, list[Changes]] = field(default_factory=dict)
    one_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    uniques: dict[str, Changes | tuple[Changes, Changes]] = field(default_factory=dict)
    accepted: list[Changes] = field(default_factory=list)
    beside: list[Changes] = field(default_factory=list)

    def names(self, table: str) -> set[str]:
        """The full names of all constraints that have a case here."""
        return {f"ck_{table}_{name}" for name in (*self.refused, *self.one_of)} | set(self.uniques)


def same(column: str) -> Callable:
    """The value that the row has in another column."""
    return lambda row, _world: row[column]


def of(name: str) -> Callable:
    """The id of the world's record `name`."""
    return lambda _row, world: getattr(world, name).id


def unlisted(*columns: str) -> dict[str, list[Changes]]:
    """For coded lists whose CHECK has the column's name: a value that is not on the list."""
    return {column: [{column: "unlisted"}] for column in columns}


def backwards(*columns: str) -> dict[str, list[Changes]]:
    """For dates that must not run backwards: each pair of them the wrong way round."""
    return {
        f"{first}_before_{second}": [{first: LATE, second: EARLY}]
        for first, second in combinations(columns, 2)
    }


def same_day(*columns: str) -> list[Changes]:
    """All of `columns` on one day, which is in order."""
    return [dict.fromkeys(columns, EARLY)]


def world() -> SimpleNamespace:
    """Records that a row of any table can belong to."""
    w = SimpleNamespace()
    db.session.execute(delete(DataState))  # the only row: a case makes it anew
    places = make.zhejiang()
    w.province, w.city = places["浙江省"], places["丽水市"]
    w.county, w.other_county = places["缙云县"], places["庆元县"]
    w.strong = places["富阳区"]
    w.town = make.region("331122100", "示例镇", w.county, level=RegionLevel.TOWN)
    w.user = make.user(Role.STAFF, w.county)
    w.other_user = make.user(Role.STAFF, w.other_county)
    w.source = make.source()
    w.organisation = make.organisation()
    w.pairing = make.pairing(w.strong, w.county)
    w.aid_group = make.aid_group(w.county)
    w.enclave = make.enclave(w.county, w.strong)
    w.other_enclave = make.enclave(w.county, w.strong)
    w.agreement = make.agreement(w.other_enclave)
    w.park = make.park(w.strong, w.county)
    w.village, w.other_village = make.village(w.county), make.village(w.county)
    w.demonstration_village = make.demonstration_village(w.county)
    w.project = make.project(w.county)
    w.entry = make.entry(w.enclave, EntryKind.REBATE, make.wan(1), make.DAY)
    w.draft = make.entry(w.enclave, EntryKind.REBATE, make.wan(1), make.DAY, submitted_at=None)
    w.filing = acts.filing(w.county, 2020)
    w.task_list = acts.task_list(w.city, 2020)
    w.annual_task = acts.annual_task(2020)
    w.task_part = acts.task_part(w.task_list, w.annual_task, "教育局")
    w.target = make.target(w.county, 2020, "projects.counted", 3)
    w.application = acts.application(w.county, year=2020)
    w.application_event = acts.application_event(w.application)
    w.key_work = acts.key_work(w.county)
    w.milestone = acts.milestone(w.key_work)
    w.order = acts.supervision_order(w.county, w.city)
    w.trial = trials.trial(2020)
    w.snapshot = acts.snapshot()
    w.sampling = acts.sampling(w.snapshot, w.county)
    w.sampled_fact = acts.sampled_fact(w.sampling, w.county)
    w.determination = acts.determination(w.county)
    w.file = acts.evidence_file()
    w.unissued = acts.snapshot(2023)
    w.issue = papers.paper_issue(w.snapshot)
    w.reminder = papers.reminder(w.user, stage="late 0 2024-04-10")
    w.job = papers.background_job(arguments="[2022]")
    w.rulebook_set = acts.rulebook_set(year=2020)
    w.assessment = courses.assessment(2020, days=[])
    w.objection = objecting.plain(w.assessment, w.county, w.snapshot, line="9")
    w.objection_event = objecting.answered(w.objection, w.determination)
    w.new_ruling = acts.determination(w.county)
    w.new_objection = objecting.plain(w.assessment, w.county, w.snapshot, line="8")
    w.other_assessment = courses.assessment(2019, days=[])
    w.later_issue = papers.paper_issue(acts.snapshot(), 2)
    w.paper = papers.issued_paper(w.issue, w.county)
    return w
