"""The lists and forms of enclaves, and an enclave's own page: its contract, what it owes and paid,
villages, projects, money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.db import db
from tracker.core.provenance.said import said_of
from tracker.core.quantities.clock import today
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves import agreement_kinds as agreements
from tracker.records.enclaves.agreements import EnclaveAgreement, EnclaveSpace, SpaceKind, SpaceStep
from tracker.records.enclaves.kinds import ENCLAVES, RETURN_TERMS
from tracker.records.enclaves.models import Enclave
from tracker.records.exchanges.spans import part_of_region, rows_by_year
from tracker.records.ledger import queries as ledger
from tracker.records.ledger.models import ENCLAVE_KINDS, LedgerEntry, VillagePayment
from tracker.records.ledger.paid_returns import return_years
from tracker.records.ledger.returns import ReturnYear
from tracker.records.ledger.standing import counted
from tracker.records.ledger.sums import YEAR, in_place_of
from tracker.records.operations.shown import operating_of
from tracker.records.places.queries import regions_of
from tracker.records.projects import queries as projects
from tracker.records.projects.models import Project
from tracker.records.targets.task_rules import tasks_of
from tracker.records.villages.models import VillageStake
from tracker.web.kit import Action, detail_page, record_blueprint
from tracker.web.period import selected_year
from tracker.year.assessments.years import other_of_record
from tracker.year.procedure.sight import scores as scores_seen

VILLAGES_SHOWN = 8


@dataclass(frozen=True)
class StakeRow:
    """A village's part and what it received, 元: in the chosen year, and in all."""

    stake: VillageStake
    in_year: Decimal | None
    in_all: Decimal | None


@dataclass(frozen=True)
class Stakes:
    """All villages, those with most capital first, and their sums (元; None: nobody reported)."""

    rows: Sequence[StakeRow]
    agreed: Decimal | None
    paid: Decimal | None
    in_year: Decimal | None
    in_all: Decimal | None


@dataclass(frozen=True)
class Space:
    """Land (亩) or floor (m²): agreed, delivered, what was due by today and is missing, and what
    was agreed without a day."""

    kind: SpaceKind
    unit: str
    agreed: Decimal
    delivered: Decimal
    overdue: Decimal
    undated: Decimal

    @property
    def share(self) -> Decimal | None:
        """Delivered ÷ agreed; None where nothing was agreed."""
        return self.delivered / self.agreed if self.agreed else None


def enclave(enclave_id: int) -> ResponseReturnValue:
    """One enclave."""
    enter = Action(
        "登记资金",
        "plus",
        Permission.LEDGER_ENTER,
        lambda record: url_for("ledger.new_of_enclave", enclave_id=record.id),
        ENCLAVES.blocked,
        primary=True,
    )
    return detail_page(ENCLAVES, enclave_id, actions=[enter], data=_of_enclave)


def _of_enclave(enclave: Enclave) -> dict[str, object]:
    year, part = selected_year(), part_of_region(enclave.origin_id)
    returns, operating = return_years(enclave), operating_of(enclave)
    money = rows_by_year(LedgerEntry.enclave_id == enclave.id, part)
    scores = scores_seen(current_user, enclave.code)
    seen = projects.touching(regions_of(current_user))
    inside = list(
        db.session.scalars(
            select(Project)
            .where(or_(Project.enclave_id == enclave.id, Project.incubated_in_id == enclave.id))
            .where(seen)
            .order_by(Project.total_investment.desc().nulls_last(), Project.id)
        )
    )
    return {
        "agreement": _agreement(enclave),
        "agreement_kinds": (
            agreements.ENCLAVE_AGREEMENTS,
            agreements.TAX_SPLITS,
            agreements.AGREEMENT_DOCUMENTS,
        ),
        "returns": returns,
        "running": today().year,
        "return_now": _of_year(returns, year),
        "stakes": _stakes(enclave, year),
        "villages_shown": VILLAGES_SHOWN,
        "spaces": _spaces(enclave),
        "projects": inside,
        "in_place": in_place_of(select(Project.id).where(Project.enclave_id == enclave.id)),
        "operating": operating,
        "scores": scores,
        "tasks": tasks_of(enclave, year),
        "kinds": ENCLAVE_KINDS,
        "part": part,
        "years_of_money": money,
        "other": other_of_record(
            year,
            (row.span.year for row in money),
            operating.years,
            (score.year for score in scores),
        ),
        "entries": ledger.entries_of(enclave),
        "said": said_of(enclave.sourced_values),
    }


def _of_year(returns: Sequence[ReturnYear], year: int) -> ReturnYear | None:
    return next((each for each in returns if each.year == year), None)


def _agreement(enclave: Enclave) -> EnclaveAgreement | None:
    statement = select(EnclaveAgreement).where(EnclaveAgreement.enclave_id == enclave.id)
    both = selectinload(EnclaveAgreement.tax_splits), selectinload(EnclaveAgreement.documents)
    return db.session.scalar(statement.options(*both))


def _stakes(enclave: Enclave, year: int) -> Stakes:
    stakes = db.session.scalars(
        select(VillageStake)
        .where(VillageStake.enclave_id == enclave.id)
        .options(joinedload(VillageStake.village))
    )
    received = _received(enclave)
    rows = [
        StakeRow(
            stake,
            received[stake.village_id].get(year),
            sum(received[stake.village_id].values(), Decimal(0))
            if received[stake.village_id]
            else None,
        )
        for stake in stakes
    ]
    rows.sort(key=lambda row: (-(row.stake.capital_paid or 0), row.stake.village.name))
    return Stakes(
        rows,
        _total(row.stake.capital_agreed for row in rows),
        _total(row.stake.capital_paid for row in rows),
        _total(row.in_year for row in rows),
        _total(row.in_all for row in rows),
    )


def _received(enclave: Enclave) -> Mapping[int, Mapping[int, Decimal]]:
    """Village → year → what it got of the payments that count, 元."""
    rows = db.session.execute(
        select(
            VillagePayment.village_id,
            YEAR,
            func.sum(VillagePayment.amount, type_=VillagePayment.amount.type),
        )
        .join(LedgerEntry, LedgerEntry.id == VillagePayment.entry_id)
        .where(LedgerEntry.enclave_id == enclave.id, *counted())
        .group_by(VillagePayment.village_id, YEAR)
    )
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for village_id, year, amount in rows:
        found[village_id][int(year)] = amount
    return found


def _total(values: Iterable[Decimal | None]) -> Decimal | None:
    reported = [value for value in values if value is not None]
    return sum(reported, Decimal(0)) if reported else None


def _spaces(enclave: Enclave) -> list[Space]:
    rows = db.session.scalars(
        select(EnclaveSpace).where(EnclaveSpace.enclave_id == enclave.id)
    ).all()
    found = []
    for kind, unit in ((SpaceKind.LAND, "亩"), (SpaceKind.FLOOR, "m²")):
        of_kind = [row for row in rows if row.kind is kind]
        if not of_kind:
            continue
        agreed = [row for row in of_kind if row.step is SpaceStep.AGREED]
        delivered = sum(
            (row.quantity for row in of_kind if row.step is SpaceStep.DELIVERED), Decimal(0)
        )
        due = sum(
            (row.quantity for row in agreed if row.due_on and row.due_on < today()), Decimal(0)
        )
        whole = sum((row.quantity for row in agreed), Decimal(0))
        undated = sum((row.quantity for row in agreed if row.due_on is None), Decimal(0))
        overdue = max(due - delivered, Decimal(0))
        found.append(Space(kind, unit, whole, delivered, overdue, undated))
    return found


blueprints = (
    record_blueprint(ENCLAVES, enclave),
    *(
        record_blueprint(kind)
        for kind in (
            RETURN_TERMS,
            agreements.ENCLAVE_AGREEMENTS,
            agreements.TAX_SPLITS,
            agreements.AGREEMENT_DOCUMENTS,
            agreements.ENCLAVE_SPACES,
        )
    ),
)
