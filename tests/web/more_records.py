"""Many more records of every sort in the tests' world, for pages that must not slow down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tests import factories as make
from tests import factories_acts as acts
from tests.web.conftest import Site
from tracker.core.db import db
from tracker.records.enclaves.models import Enclave, EnclaveKind, TermKind
from tracker.records.exchanges.models import Side
from tracker.records.ledger.models import EntryKind
from tracker.records.pairings.models import AidGroup, Pairing
from tracker.records.places.models import Region
from tracker.records.projects.models import PlannedStage
from tracker.records.submissions.models import FilingKind


def add_some(site: Site, numbers: Iterable[int]) -> None:
    """Add each sort of record to 缙云县 and its pair, once for each of `numbers`; of 2024 where a
    year can have more than one."""
    with site.app.app_context():
        jinyun = db.session.get(Region, site.world["jinyun"])
        pairing = db.session.get(Pairing, site.world["pairing"])
        fuyang = pairing.supporter
        group = make.aid_group(jinyun)
        for number in numbers:
            _add(jinyun, fuyang, pairing, group, number)
            if number < len(FilingKind):
                kind = list(FilingKind)[number]
                acts.filing(jinyun, kind=kind, due_on=date(2024, 4, 10))
                acts.filing(db.session.get(Enclave, site.world["enclave"]), kind=kind)
        db.session.commit()


def _add(jinyun: Region, fuyang: Region, pairing: Pairing, group: AidGroup, number: int) -> None:
    day = date(2024, 5, 1)
    enclave = make.enclave(jinyun, fuyang, EnclaveKind.INCOME, total_capital=make.wan(1))
    make.term(enclave, TermKind.FIXED_SUM, amount=make.wan(10))
    make.entry(enclave, EntryKind.REBATE, make.wan(1), day)
    make.enclave(jinyun, fuyang, None)
    for fields in (
        {"signed_on": date(2022, 1, 1)},
        {"signed_on": day, "started_on": day, "total_investment": make.wan(20_000)},
        {"partner": fuyang},
        {"pairing": pairing, "started_on": date(2023, 1, 1)},
    ):
        project = make.project(jinyun, **fields)
        make.planned(project, PlannedStage.COMPLETED, date(2025, 6, 30))
        make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(5), day)
        make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(5), day, submitted_at=None)
    make.project(fuyang, partner=jinyun)
    make.entry(pairing, EntryKind.AID_SENT, make.wan(3), day)
    make.park(fuyang, jinyun)
    make.demonstration_village(jinyun, pairing=pairing, applied_on=day)
    village = make.village(jinyun, is_weak=bool(number % 2))
    make.village_income(village, operating=100)
    make.aid_group_member(group, make.organisation())
    make.county_indicator(jinyun, f"示例指标{number}", 3)
    make.plan_goal(region=jinyun, indicator=f"示例指标{number}", year=2025)
    make.target(jinyun, 2024 - number, "projects.funds_in_place", 100_000)
    acts.visit(pairing, day)
    acts.visit(pairing, day, Side.RECIPIENT)
    acts.joint_meeting(pairing, day)
    acts.joint_event(pairing, day)
    acts.secondment(pairing, day)
    acts.specialist_posting(pairing, 2, starts_on=day)
    acts.training(pairing, 20, on=day, employed=4)
    acts.institution_pair(pairing, signed_on=day)
    acts.consumption_aid(pairing, make.wan(2), day)
    acts.finding(jinyun)
    acts.adoption(jinyun)
    work = acts.key_work(jinyun)
    acts.work_event(work, milestone=acts.milestone(work), day=make.DAY)
    make.target(pairing, 2024 - number, "projects.counted", 3)
    acts.application(jinyun, pairing=pairing, project=project)
