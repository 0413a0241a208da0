"""What the two sides of a pair gave and got in a year, frozen.

`pair_sums` gives by the pair's code on its sheet (money in 万元, days ISO, decimal strings):

    supporter, recipient   {code, name}
    region_ids, scheme, since, sample
    money        {ledger kind: {label, amount, precision, count}} of the pair's own ledger
    projects     those that count for the year [{name, investor, total, funds, completed, signed_on,
                 started_on, in_production_on}], the largest first
    project_sums {counted, large, signed, started, in_production, funds, completed} of those that
                 count for the year; what has money in it and does not count is in no sum
    visits       {supporter, recipient}: times, by the side that came
    meetings, events       numbers
    cadres       {supporter, recipient}: people in post in the year, by the side that sent them
    cadres_sent  {supporter, recipient}: sent anew in the year, as the pair's page counts them
    specialists  {field: people}; trainings {purpose: {people, employed}}
    institutions {kind: agreements in effect on 31 December}
    sales        {amount, count}, None where nothing is recorded
    enclaves     codes of those of one side in the other's land
    parks        [{code, name, kind}] of both sides that run on 31 December
    villages     [{name, planned, accepted}] demonstration villages of the pair

Where the measures of counties define what counts (projects of the year, people in post, what a
sale is), the same definitions are used. The number of statements does not depend on the number of
pairs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import Origin, db
from tracker.core.db.reading import rows as rows_of
from tracker.core.quantities.days import first_day, last_day
from tracker.records.enclaves.models import Enclave
from tracker.records.exchanges.models import (
    ConsumptionAid,
    Field,
    InstitutionKind,
    InstitutionPair,
    JointEvent,
    JointMeeting,
    Secondment,
    Side,
    SpecialistPosting,
    Training,
    TrainingPurpose,
    Visit,
)
from tracker.records.ledger.models import EntryKind, LedgerEntry, figure_of
from tracker.records.ledger.queries import sum_of
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.projects.models import Project
from tracker.records.villages.models import DemonstrationVillage
from tracker.year.assessments.rosters import Subject, pairs
from tracker.year.assessments.writing import iso, money, wan
from tracker.year.measures.catalogue.counties import projects_counted
from tracker.year.measures.catalogue.county_people import in_post
from tracker.year.measures.catalogue.county_sites import running
from tracker.year.measures.readings import standing

Frozen = dict[str, Any]


def pair_sums(year: int) -> dict[str, Frozen]:
    """The pairs of `year`, by code; see the module."""
    subjects = pairs(year)
    known = {
        pairing.id: pairing
        for pairing in db.session.scalars(
            select(Pairing)
            .where(Pairing.id.in_([subject.record_id for subject in subjects]))
            .options(joinedload(Pairing.supporter), joinedload(Pairing.recipient))
        )
    }
    rows = {name: _by_pair(statement) for name, statement in _statements(year).items()}
    rows["projects"] = _projects(year, known.values())
    codes = _enclaves(year)
    parks = _parks(year)
    return {
        subject.code: _pair(
            subject,
            known[subject.record_id],
            year,
            {name: of_pair.get(subject.record_id, []) for name, of_pair in rows.items()},
        )
        | {
            "enclaves": codes.get(_sides(known[subject.record_id]), []),
            "parks": parks.get(_sides(known[subject.record_id]), []),
        }
        for subject in subjects
    }


def _sides(pairing: Pairing) -> frozenset[int]:
    return frozenset((pairing.supporter_id, pairing.recipient_id))


def _of_year(column: SQLColumnExpression, year: int) -> ColumnElement[bool]:
    return column.between(first_day(year), last_day(year))


def _statements(year: int) -> dict[str, Select]:
    """Rows with `pairing_id` and `origin`, by what they are about."""
    ledger = standing(LedgerEntry.pairing_id).add_columns(
        LedgerEntry.pairing_id.label("pairing_id"),
        LedgerEntry.precision.label("precision"),
        LedgerEntry.origin.label("origin"),
    )

    def of(model: type[Any], *columns: SQLColumnExpression) -> Select:
        return select(model.pairing_id.label("pairing_id"), model.origin.label("origin"), *columns)

    return {
        "money": ledger.where(_of_year(LedgerEntry.occurred_on, year)),
        "visits": of(Visit, Visit.visitor).where(_of_year(Visit.visited_on, year)),
        "meetings": of(JointMeeting).where(_of_year(JointMeeting.met_on, year)),
        "events": of(JointEvent).where(_of_year(JointEvent.held_on, year)),
        "cadres": of(
            Secondment,
            Secondment.sent_by,
            Secondment.pairing_id.label("sent_from"),
            Secondment.person,
            Secondment.from_post,
            Secondment.starts_on,
            Secondment.ends_on,
        ).where(
            Secondment.starts_on <= last_day(year),
            or_(Secondment.ends_on.is_(None), Secondment.ends_on >= first_day(year)),
        ),
        "specialists": of(SpecialistPosting, SpecialistPosting.field, SpecialistPosting.people)
        .where(_of_year(SpecialistPosting.starts_on, year))
        .order_by(SpecialistPosting.id),
        "trainings": of(Training, Training.purpose, Training.people, Training.employed).where(
            _of_year(Training.held_on, year)
        ),
        "institutions": of(InstitutionPair, InstitutionPair.kind).where(
            InstitutionPair.signed_on <= last_day(year),
            or_(InstitutionPair.ends_on.is_(None), InstitutionPair.ends_on >= last_day(year)),
        ),
        "sales": of(ConsumptionAid, ConsumptionAid.amount).where(
            _of_year(ConsumptionAid.bought_on, year)
        ),
        "villages": of(
            DemonstrationVillage,
            DemonstrationVillage.name,
            DemonstrationVillage.acceptance_year,
            DemonstrationVillage.accepted_on,
        )
        .where(
            DemonstrationVillage.pairing_id.is_not(None),
            DemonstrationVillage.approved_on <= last_day(year),
        )
        .order_by(DemonstrationVillage.code),
    }


def _by_pair(statement: Select) -> Mapping[int, list[Row]]:
    grouped = defaultdict(list)
    for row in rows_of(statement):
        grouped[row.pairing_id].append(row)
    return grouped


def _pair(
    subject: Subject, pairing: Pairing, year: int, rows: Mapping[str, Sequence[Row]]
) -> Frozen:
    return {
        "supporter": {"code": pairing.supporter.code, "name": pairing.supporter.name},
        "recipient": {"code": pairing.recipient.code, "name": pairing.recipient.name},
        "region_ids": [pairing.supporter_id, pairing.recipient_id],
        "scheme": pairing.scheme.label,
        "since": iso(pairing.since),
        "sample": any(row.origin is Origin.SAMPLE for of in rows.values() for row in of)
        or subject.sample,
        "money": _money(rows["money"]),
        "projects": [_project(row, year) for row in rows["projects"]],
        "project_sums": _project_sums(rows["projects"], year),
        "visits": _by_side(Counter(row.visitor for row in rows["visits"])),
        "meetings": len(rows["meetings"]),
        "events": len(rows["events"]),
        "cadres": _by_side(
            {
                side: in_post([r for r in rows["cadres"] if r.sent_by is side], year).value
                for side in Side
            }
        ),
        "cadres_sent": _by_side(
            Counter(row.sent_by for row in rows["cadres"] if row.starts_on.year == year)
        ),
        "specialists": {
            field.label: people
            for field in Field
            if (people := sum(row.people for row in rows["specialists"] if row.field is field))
        },
        "trainings": dict(_trainings(rows["trainings"])),
        "institutions": {
            kind.label: sum(row.kind is kind for row in rows["institutions"])
            for kind in InstitutionKind
        },
        "sales": _sales(rows["sales"]),
        "villages": [
            {
                "name": row.name,
                "planned": row.acceptance_year == year,
                "accepted": bool(row.accepted_on and row.accepted_on <= last_day(year)),
            }
            for row in rows["villages"]
        ],
    }


def _by_side(numbers: Mapping[Side, Any]) -> dict[str, int]:
    return {side.value: numbers.get(side, 0) for side in Side}


def _money(rows: Sequence[Row]) -> Frozen:
    found = {}
    for kind in EntryKind:
        of_kind = [figure_of(row) for row in rows if row.kind is kind]
        if of_kind:
            total = sum_of(of_kind)
            found[kind.value] = {
                "label": kind.label,
                **money(total.figure),
                "count": total.count,
            }
    return found


def _trainings(rows: Sequence[Row]) -> Iterator[tuple[str, Frozen]]:
    for purpose in TrainingPurpose:
        of_purpose = [row for row in rows if row.purpose is purpose]
        employed = [row.employed for row in of_purpose if row.employed is not None]
        if of_purpose:
            people = sum(row.people for row in of_purpose)
            yield purpose.label, {"people": people, "employed": sum(employed) if employed else None}


def _sales(rows: Sequence[Row]) -> Frozen | None:
    if not rows:
        return None
    return {"amount": wan(sum((row.amount for row in rows), Decimal(0))), "count": len(rows)}


def _projects(year: int, pairings: Iterable[Pairing]) -> Mapping[int, list[Row]]:
    """The industrial cooperation projects of each pair that count for `year` or have money in it.

    As for the supporters' measures: of the pairing that is registered, or else of the pairing of
    the project's county and its partner; each project once.
    """
    marked = projects_counted(year).statements["projects"].subquery()
    money = _project_money(year)
    statement = (
        select(
            Project.pairing_id,
            Project.region_id,
            Project.partner_id,
            Project.name,
            Project.investor,
            Project.origin,
            Project.total_investment,
            Project.signed_on,
            Project.started_on,
            Project.in_production_on,
            marked.c.counted,
            marked.c.large,
            marked.c.started,
            marked.c.in_production,
            money.c.funds,
            money.c.completed,
        )
        .join(marked, marked.c.record_id == Project.id)
        .outerjoin(money, money.c.project_id == Project.id)
        .where(or_(marked.c.counted, money.c.project_id.is_not(None)))
        .order_by(func.coalesce(Project.total_investment, 0).desc(), Project.id)
    )
    by_sides: dict[frozenset[int], int] = {}
    for pairing in sorted(pairings, key=lambda pairing: pairing.id):
        by_sides.setdefault(_sides(pairing), pairing.id)
    grouped: dict[Any, list[Row]] = defaultdict(list)
    for row in rows_of(statement):
        sides = frozenset((row.region_id, row.partner_id))
        grouped[row.pairing_id or by_sides.get(sides)].append(row)
    return grouped


def _project_money(year: int) -> Any:
    """`funds` and `completed` (元) of each project in `year`, from its standing entries."""
    entries = (
        standing(LedgerEntry.project_id)
        .where(
            LedgerEntry.kind.in_((EntryKind.FUNDS_IN_PLACE, EntryKind.COMPLETED_INVESTMENT)),
            _of_year(LedgerEntry.occurred_on, year),
        )
        .subquery()
    )

    def total(kind: EntryKind) -> SQLColumnExpression:
        return func.sum(entries.c.amount).filter(entries.c.kind == kind)

    return (
        select(
            entries.c.subject_id.label("project_id"),
            total(EntryKind.FUNDS_IN_PLACE).label("funds"),
            total(EntryKind.COMPLETED_INVESTMENT).label("completed"),
        )
        .group_by(entries.c.subject_id)
        .subquery()
    )


def _project(row: Row, year: int) -> Frozen:
    dates = ("signed_on", "started_on", "in_production_on")
    return {
        "name": row.name,
        "investor": row.investor,
        "counted": bool(row.counted),
        "total": wan(row.total_investment),
        "funds": wan(row.funds),
        "completed": wan(row.completed),
        # What came after the year is no matter of the year.
        **{
            name: iso(day) if day and day <= last_day(year) else None
            for name in dates
            for day in [getattr(row, name)]
        },
    }


def _project_sums(rows: Sequence[Row], year: int) -> Frozen:
    counted = [row for row in rows if row.counted]

    def number(mark: str) -> int:
        return sum(bool(getattr(row, mark)) for row in counted)

    def total(name: str) -> str | None:
        known = [getattr(row, name) for row in counted if getattr(row, name) is not None]
        return wan(sum(known, Decimal(0))) if known else None

    return {
        "counted": number("counted"),
        "large": number("large"),
        "signed": sum(bool(row.signed_on and row.signed_on.year == year) for row in counted),
        "started": number("started"),
        "in_production": number("in_production"),
        "funds": total("funds"),
        "completed": total("completed"),
    }


def _enclaves(year: int) -> Mapping[frozenset[int], list[str]]:
    found = defaultdict(list)
    statement = (
        select(Enclave.code, Enclave.origin_id, Enclave.host_id)
        .where(
            or_(Enclave.signed_on.is_(None), Enclave.signed_on <= last_day(year)),
            or_(Enclave.closed_on.is_(None), Enclave.closed_on >= first_day(year)),
        )
        .order_by(Enclave.code)
    )
    for code, origin, host in db.session.execute(statement):
        found[frozenset((origin, host))].append(code)
    return found


def _parks(year: int) -> Mapping[frozenset[int], list[Frozen]]:
    found = defaultdict(list)
    statement = select(Park).where(running(year)).order_by(Park.code)
    for park in db.session.scalars(statement):
        about = {"code": park.code, "name": park.name, "kind": park.kind.label}
        found[frozenset((park.supporter_id, park.recipient_id))].append(about)
    return found
