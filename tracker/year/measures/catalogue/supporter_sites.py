"""Measures of 支援县: 产业合作园, and the enclaves that it hosts, with what is due to them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, and_, func, or_, select

from tracker.core.quantities.days import first_day, last_day
from tracker.records.enclaves.agreements import EnclaveSpace, SpaceKind, SpaceStep
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.operations.models import Tenant
from tracker.records.parks.models import Park, ParkKind
from tracker.year.measures.catalogue.counties import county_measure, is_kind
from tracker.year.measures.catalogue.county_sites import running
from tracker.year.measures.catalogue.enclave_contracts import CONFIRMED
from tracker.year.measures.catalogue.enclave_contracts import returns_due as returns_of_enclave
from tracker.year.measures.catalogue.enclave_operations import firm_of
from tracker.year.measures.catalogue.enclave_operations import shares_due as shares_of_enclave
from tracker.year.measures.catalogue.enclave_sites import in_force
from tracker.year.measures.declare import Made, NotReportedError, Reading, Rows
from tracker.year.measures.made import Share, distinct, shares
from tracker.year.measures.readings import standing, sum_of
from tracker.year.measures.reported import (
    NOUGHT_IF_FILED,
    NOUGHT_IF_KNOWN,
    nought_if_filed,
    nought_if_known,
    number,
)

SQUARE_METRES_PER_MU = Decimal("666.67")
# What is due, the kind of enclave that promises it, and the records of the promise: an enclave of
# another kind owes it only where it has such a record.
PROMISES = {
    "returns": (returns_of_enclave, EnclaveKind.INCOME, "return_terms"),
    "shares": (shares_of_enclave, EnclaveKind.INDUSTRIAL, "tax_splits"),
}


@county_measure(
    "support.cooperation_parks",
    label="产业合作园数",
    unit="个",
    definition="支援县与结对县共建、当年新批复或年末在运行的产业合作园数。" + NOUGHT_IF_KNOWN,
    records="产业园：类别、日期",
)
def cooperation_parks(year: int) -> Reading:
    parks = select(Park.supporter_id.label("subject_id"), Park.id.label("record_id")).where(
        Park.kind == ParkKind.COOPERATION,
        or_(running(year), Park.approved_on.between(first_day(year), last_day(year))),
    )
    return nought_if_known(year, {"parks": parks}, number("parks"))


@county_measure(
    "support.cooperation_parks_new",
    label="当年新建产业合作园数",
    unit="个",
    definition="支援县与结对县共建、当年批复（没有批复日期的按签约）的产业合作园数；"
    "以前年度批复、当年仍在运行的不计。" + NOUGHT_IF_KNOWN,
    records="产业园：类别、日期",
)
def cooperation_parks_new(year: int) -> Reading:
    parks = select(Park.supporter_id.label("subject_id"), Park.id.label("record_id")).where(
        Park.kind == ParkKind.COOPERATION,
        func.coalesce(Park.approved_on, Park.signed_on).between(first_day(year), last_day(year)),
    )
    return nought_if_known(year, {"parks": parks}, number("parks"))


def _there(year: int) -> ColumnElement[bool]:
    """Whether an enclave is there in `year`."""
    return and_(
        or_(Enclave.signed_on.is_(None), Enclave.signed_on <= last_day(year)),
        or_(Enclave.closed_on.is_(None), Enclave.closed_on >= first_day(year)),
    )


def _hosted(year: int) -> Select:
    return select(
        Enclave.host_id.label("subject_id"),
        Enclave.id.label("record_id"),
        *(is_kind(kind, year).label(kind.value) for _, kind, _ in PROMISES.values()),
        Enclave.name.label("name"),
    ).where(_there(year))


@county_measure(
    "support.enclaves",
    label="承接的飞地数",
    unit="个",
    definition="以支援县为飞入地、当年存续的各类飞地数。" + NOUGHT_IF_KNOWN,
    records="飞地：飞入地、日期",
)
def enclaves(year: int) -> Reading:
    return nought_if_known(year, {"enclaves": _hosted(year)}, number("enclaves"))


def _space(step: SpaceStep, day: SQLColumnExpression, year: int) -> Reading:
    spaces = (
        select(
            Enclave.host_id.label("subject_id"),
            EnclaveSpace.id.label("record_id"),
            EnclaveSpace.kind.label("kind"),
            EnclaveSpace.quantity.label("quantity"),
        )
        .join_from(EnclaveSpace, Enclave, Enclave.id == EnclaveSpace.enclave_id)
        .where(_there(year), EnclaveSpace.step == step, in_force(step), day <= last_day(year))
    )

    def size(row: Row) -> Decimal:
        return row.quantity * (SQUARE_METRES_PER_MU if row.kind is SpaceKind.LAND else 1)

    def square_metres(rows: Rows) -> Made:
        spaces = rows["enclave_spaces"]
        return Made(sum(map(size, spaces), Decimal(0)), shares("enclave_spaces", spaces, size))

    nothing = f"没有登记承接飞地截至{year}年末{step.label}的空间"
    return nought_if_filed(year, {"enclave_spaces": spaces}, square_metres, nothing=nothing)


@county_measure(
    "support.space_agreed",
    label="约定交付的飞地空间",
    unit="m²",
    definition="支援县承接的各飞地协议约定截至当年年末应累计交付的土地和楼宇面积，"
    "没有约定交付期限的以约定之日为准，土地1亩按666.67平方米折算。" + CONFIRMED + NOUGHT_IF_FILED,
    records="空间约定与交付；报送",
)
def space_agreed(year: int) -> Reading:
    due = func.coalesce(EnclaveSpace.due_on, EnclaveSpace.on)
    return _space(SpaceStep.AGREED, due, year)


@county_measure(
    "support.space_delivered",
    label="已交付的飞地空间",
    unit="m²",
    definition="截至12月31日累计已交付的土地和楼宇面积，以交付确认书为准，折算办法与约定数相同。"
    + NOUGHT_IF_FILED,
    records="空间约定与交付；报送",
)
def space_delivered(year: int) -> Reading:
    return _space(SpaceStep.DELIVERED, EnclaveSpace.on, year)


@county_measure(
    "support.tenants",
    label="飞地入驻企业数",
    unit="家",
    definition="年末在支援县承接的各飞地内注册并实际经营的企业数；入驻日期不详的计入，"
    "同一企业（信用代码相同，没有代码的名称相同）只计一次；登记的都已迁出的为0。" + NOUGHT_IF_FILED,
    records="入驻企业；报送",
)
def tenants(year: int) -> Reading:
    there = or_(Tenant.moved_out_on.is_(None), Tenant.moved_out_on > last_day(year))
    firms = (
        select(
            Enclave.host_id.label("subject_id"),
            Tenant.id.label("record_id"),
            Tenant.credit_code,
            Tenant.name,
            there.label("there"),
        )
        .join_from(Tenant, Enclave, Enclave.id == Tenant.enclave_id)
        .where(
            _there(year), or_(Tenant.moved_in_on.is_(None), Tenant.moved_in_on <= last_day(year))
        )
    )

    def counted(rows: Rows) -> Made:
        return distinct(
            rows,
            ["tenants"],
            firm_of,
            lambda row: row.there,
            same="与已计入的是同一企业",
            why=lambda row: "年末前已迁出",
        )

    nothing = "没有登记承接飞地的入驻企业"
    return nought_if_filed(year, {"tenants": firms}, counted, nothing=nothing)


@county_measure(
    "support.returns_due",
    label="当年应付分成返利",
    unit="万元",
    definition="支援县承接的各飞地按合同当年到期应付的返利（口径同returns.due）、"
    "分成（口径同shares.due）合计；没有承接飞地的为0。消薄飞地的返利、产业飞地的分成未报的，"
    "本项未报；其他飞地没有登记约定的，不计应付。各类按年末所属。" + NOUGHT_IF_KNOWN,
    records="飞地：返利约定、出资；共建协议：税收分成；台账：租金、地方留存",
)
def returns_due(year: int) -> Reading:
    readings = {name: read(year) for name, (read, _, _) in PROMISES.items()}
    of_enclaves = {
        f"{table}#{name}": _by_host(statement, year)
        for name, reading in readings.items()
        for table, statement in reading.statements.items()
    }

    def value(rows: Rows) -> Made:
        total = Decimal(0)
        made: list[Share] = []
        for enclave in rows["enclaves"]:
            for name, reading in readings.items():
                own = {
                    table: [
                        row
                        for row in rows[f"{table}#{name}"]
                        if row.enclave_id == enclave.record_id
                    ]
                    for table in reading.statements
                }
                _, kind, promises = PROMISES[name]
                if not getattr(enclave, kind.value) and not own[promises]:
                    continue
                try:
                    due: Any = reading.value(own)
                except NotReportedError as error:
                    raise NotReportedError(f"{enclave.name}：{error}") from None
                total += due.value
                made += (Share(f"{table}#{name}", row, w) for table, row, w in due.shares)
        return Made(total, made, why=_owes_nothing)

    return nought_if_known(year, {"enclaves": _hosted(year)}, value, of_enclaves)


def _owes_nothing(table: str, row: Row) -> str:
    return "当年没有应付" if table == "enclaves" else "当年应付不由此计算"


def _by_host(statement: Select, year: int) -> Select:
    """The rows of an enclave's statement with the host as subject, and `enclave_id` kept."""
    rows = statement.order_by(None).subquery()
    own = [column for column in rows.c if column.name != "subject_id"]
    return select(
        Enclave.host_id.label("subject_id"), rows.c.subject_id.label("enclave_id"), *own
    ).where(Enclave.id == rows.c.subject_id, _there(year))


@county_measure(
    "support.returns_on_time",
    label="按期到账的分成返利",
    unit="万元",
    definition="应付日期在当年的返利、税收分成中，到账日期不晚于应付日期的合计，以银行回单为准；"
    "台账没有应付日期的，按当年到账、按期计。" + NOUGHT_IF_FILED,
    records="台账：返利、税收分成（应付日期）；飞地：飞入地；报送",
)
def returns_on_time(year: int) -> Reading:
    due = func.coalesce(LedgerEntry.due_on, LedgerEntry.occurred_on)
    paid = (
        standing(Enclave.host_id)
        .add_columns(LedgerEntry.due_on.label("due_on"))
        .join_from(LedgerEntry, Enclave, Enclave.id == LedgerEntry.enclave_id)
        .where(
            _there(year),
            LedgerEntry.kind.in_((EntryKind.REBATE, EntryKind.TAX_SHARE)),
            due.between(first_day(year), last_day(year)),
        )
    )

    def in_time(rows: Rows) -> Made:
        entries = rows["ledger_entries"]
        in_time = [row for row in entries if row.due_on is None or row.day <= row.due_on]
        why = lambda _, row: f"{row.day}到账，晚于{row.due_on}"  # noqa: E731
        return Made(sum_of(in_time), shares("ledger_entries", in_time), why=why)

    nothing = f"台账中没有承接飞地{year}年的返利、税收分成记录"
    return nought_if_filed(year, {"ledger_entries": paid}, in_time, nothing=nothing)
