"""Measures of what an enclave's agreement says, and of its land."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, func, or_, select, true

from tracker.core.quantities.days import last_day
from tracker.records.enclaves.agreements import (
    AgreementDocument,
    DocumentKind,
    EnclaveAgreement,
    EnclaveSpace,
    SpaceKind,
    SpaceStep,
    TaxSplit,
)
from tracker.records.enclaves.models import Enclave, ReturnTerm, TermKind
from tracker.records.places.models import Platform
from tracker.records.targets.models import Target
from tracker.year.measures.catalogue.enclave_contracts import CONFIRMED
from tracker.year.measures.catalogue.enclaves import enclave_measure, own
from tracker.year.measures.catalogue.site_readings import goal, ranked, reports_of_enclaves
from tracker.year.measures.declare import Made, NotReportedError, Reading, Rows
from tracker.year.measures.made import only, shares
from tracker.year.measures.readings import column, yes_or_no
from tracker.year.measures.reported import NOUGHT_IF_FILED

NO_AGREEMENT = "未登记共建协议文本，也未填报该要素"
ELEMENT = (
    "登记了协议文本而没有该要素的，或者全部文本在年末之后才签订的为0；"
    "没有登记文本、也没有填报该要素的为未报。"
)


def _documents(*kinds: DocumentKind) -> Select:
    return (
        select(
            EnclaveAgreement.enclave_id.label("subject_id"),
            AgreementDocument.id.label("record_id"),
            AgreementDocument.signed_on.label("day"),
        )
        .join(EnclaveAgreement, EnclaveAgreement.id == AgreementDocument.agreement_id)
        .where(AgreementDocument.kind.in_(kinds))
    )


@enclave_measure(
    "contract.signed",
    label="是否签订共建协议",
    unit="是否",
    definition="12月31日前双方政府已签订共建协议的为1，其后才签订的为0；没有签订日期的为未报。",
    records="飞地：签约日期；共建协议文本",
)
def signed(year: int) -> Reading:
    sites = select(
        Enclave.id.label("subject_id"),
        Enclave.id.label("record_id"),
        Enclave.signed_on.label("day"),
    ).where(Enclave.signed_on.is_not(None))
    documents = _documents(DocumentKind.AGREEMENT).where(AgreementDocument.signed_on.is_not(None))

    def value(rows: Rows) -> Made:
        dated = [(row.day, table, row) for table, of_table in rows.items() for row in of_table]
        if not dated:
            raise NotReportedError("未填报共建协议的签订日期")
        dated.sort(key=lambda one: (one[0], one[1], one[2].record_id))
        (day, table, row), *later = dated
        signed_by = yes_or_no(day <= last_day(year))
        also = [(t, r) for d, t, r in later if d <= last_day(year)]
        return only(signed_by, table, row, *also, why="取最早的签订日期")

    return Reading({"agreement_documents": documents, "enclaves": sites}, value)


def _element(year: int, sources: dict[str, Select]) -> Reading:
    """Whether any of `sources` has a row; a nought needs a text that could have said so."""

    def value(rows: Rows) -> Made:
        texts = rows["agreement_documents"]
        days = [row.day for row in texts]
        if days and all(day and day > last_day(year) for day in days):
            return Made(
                0, shares("agreement_documents", texts), why=lambda *_: "文本在年末之后签订"
            )
        said = [
            (table, row)
            for table in sources
            for row in sorted(rows[table], key=lambda row: row.record_id)
        ]
        if said:
            # The text that says so proves it as well as the entry of what it says.
            also = *said[1:], *(("agreement_documents", row) for row in texts)
            return only(1, *said[0], *also, why="一处写明即为“是”，已有一处")
        if not days:
            raise NotReportedError(NO_AGREEMENT)
        return Made(0, shares("agreement_documents", texts))

    texts = _documents(DocumentKind.AGREEMENT, DocumentKind.SUPPLEMENT)
    return Reading({**sources, "agreement_documents": texts}, value)


def _agreements_with(condition: ColumnElement[bool]) -> Select:
    return select(
        EnclaveAgreement.enclave_id.label("subject_id"), EnclaveAgreement.id.label("record_id")
    ).where(condition)


_ELEMENTS = (
    (
        "contract.mode",
        "协议是否写明共建方式",
        "共建协议写明由谁供地、出资、开发、运营的为1；",
        EnclaveAgreement.building_mode != "",
    ),
    (
        "contract.duties",
        "协议是否写明双方职责",
        "共建协议写明飞出地、飞入地各自职责的为1；",
        EnclaveAgreement.duties != "",
    ),
    (
        "contract.term",
        "协议是否写明合作期限",
        "共建协议写明合作截止时间或年限的为1；",
        EnclaveAgreement.ends_on.is_not(None),
    ),
    (
        "contract.costs",
        "协议是否写明成本共担",
        "共建协议写明飞出地或者飞入地分担成本的比例的为1；",
        or_(
            EnclaveAgreement.origin_cost_share.is_not(None),
            EnclaveAgreement.host_cost_share.is_not(None),
        ),
    ),
)


def _declare_element(name: str, label: str, meaning: str, condition: ColumnElement[bool]) -> None:
    enclave_measure(
        name,
        label=label,
        unit="是否",
        definition=f"{meaning}{ELEMENT}",
        records="共建协议：要素、文本",
    )(lambda year: _element(year, {"enclave_agreements": _agreements_with(condition)}))


for _row in _ELEMENTS:
    _declare_element(*_row)


@enclave_measure(
    "contract.sharing",
    label="协议是否写明利益分成",
    unit="是否",
    definition=f"登记了税收分成比例或者地方留存税收分成约定的为1；{ELEMENT}{CONFIRMED}",
    records="共建协议：税收分成、文本；飞地：返利约定",
)
def sharing(year: int) -> Reading:
    splits = (
        select(EnclaveAgreement.enclave_id.label("subject_id"), TaxSplit.id.label("record_id"))
        .join(EnclaveAgreement, EnclaveAgreement.id == TaxSplit.agreement_id)
        .where(TaxSplit.confirmed_at.is_not(None))
    )
    terms = select(
        ReturnTerm.enclave_id.label("subject_id"), ReturnTerm.id.label("record_id")
    ).where(ReturnTerm.kind == TermKind.TAX_SHARE, ReturnTerm.confirmed_at.is_not(None))
    return _element(year, {"tax_splits": splits, "return_terms": terms})


@enclave_measure(
    "area.planned",
    label="规划面积",
    unit="亩",
    definition="共建协议约定的飞地规划用地面积；1平方公里为1500亩。没有填报的为未报。",
    records="飞地：面积",
)
def area_planned(year: int) -> Reading:
    return column("enclaves", own(Enclave.area_mu), nothing="未填报规划面积")


@enclave_measure(
    "host.on_list",
    label="飞入平台是否在省级名单",
    unit="是否",
    definition="飞地所在的大湾区新区或省级高能级平台12月31日在省公布名单上的为1，"
    "未到列入日期或者已移出的为0；没有登记平台，或者平台没有列入日期的为未报。",
    records="飞地：飞入平台；省级平台名单",
)
def host_on_list(year: int) -> Reading:
    platforms = select(
        Enclave.id.label("subject_id"),
        Platform.id.label("record_id"),
        Platform.listed_on.label("listed_on"),
        Platform.removed_on.label("removed_on"),
    ).join(Platform, Platform.id == Enclave.platform_id)

    def value(rows: Rows) -> int:
        if not rows["platforms"]:
            raise NotReportedError("未登记飞地所在的省级平台")
        platform = rows["platforms"][0]
        if platform.listed_on is None:
            raise NotReportedError("未登记平台列入省级名单的日期")
        removed = platform.removed_on is not None and platform.removed_on <= last_day(year)
        return yes_or_no(platform.listed_on <= last_day(year) and not removed)

    return Reading({"platforms": platforms}, value)


def in_force(step: SpaceStep) -> ColumnElement[bool]:
    """What makes a space of `step` count: what was agreed once the other side has confirmed it,
    what was handed over in any case."""
    return true() if step is SpaceStep.DELIVERED else EnclaveSpace.confirmed_at.is_not(None)


def land(step: SpaceStep) -> Select:
    """Land of `step`, 亩, as `quantity`, with the `day` on which it was or is to be handed over."""
    return select(
        EnclaveSpace.enclave_id.label("subject_id"),
        EnclaveSpace.id.label("record_id"),
        EnclaveSpace.quantity.label("quantity"),
        func.coalesce(EnclaveSpace.due_on, EnclaveSpace.on).label("day"),
    ).where(EnclaveSpace.kind == SpaceKind.LAND, EnclaveSpace.step == step, in_force(step))


def land_by(rows: Rows, year: int) -> Made:
    """亩 of the `enclave_spaces` rows until the end of `year`."""
    until = [row for row in rows["enclave_spaces"] if row.day <= last_day(year)]
    area = sum((row.quantity for row in until), Decimal(0))
    return Made(area, shares("enclave_spaces", until), why=lambda _, row: f"{row.day}，晚于年末")


@enclave_measure(
    "land.agreed",
    label="约定供地面积",
    unit="亩",
    definition="共建协议约定截至当年年末应累计供应的土地面积：有约定交付日期的按该日期，"
    "没有的按约定之日；没有登记约定供地的为未报。" + CONFIRMED,
    records="飞地供地：约定",
)
def land_agreed(year: int) -> Reading:
    def value(rows: Rows) -> Made:
        if not rows["enclave_spaces"]:
            raise NotReportedError("未登记约定供地，或者约定尚未经合同另一方确认")
        return land_by(rows, year)

    return Reading({"enclave_spaces": land(SpaceStep.AGREED)}, value)


@enclave_measure(
    "land.supplied",
    label="已供地面积",
    unit="亩",
    definition=f"截至12月31日累计已供应的土地面积，以供地文件为准。{NOUGHT_IF_FILED}",
    records="飞地供地：交付；报送",
)
def land_supplied(year: int) -> Reading:
    delivered = land(SpaceStep.DELIVERED).where(EnclaveSpace.on <= last_day(year))

    def value(rows: Rows) -> Made:
        if not any(rows.values()):
            raise NotReportedError(f"未登记{year}年末前的供地")
        supplied = land_by(rows, year)
        return replace(supplied, shares=[*supplied.shares, *shares("filings", rows["filings"])])

    return Reading(
        ranked({"enclave_spaces": delivered, "filings": reports_of_enclaves(year)}), value
    )


_GOALS = (
    (
        "goal.tax_per_mu",
        "下达的亩均税收目标",
        "万元/亩",
        "当年任务书下达的亩均税收目标；没有下达的为0，由评分细则取默认值。",
    ),
    (
        "goal.added_value_per_mu",
        "下达的亩均增加值目标",
        "万元/亩",
        "当年任务书下达的亩均增加值目标；没有下达的为0，由评分细则取默认值。",
    ),
    (
        "goal.floor_usable",
        "规定的最低可用面积",
        "m²",
        "省规定的科创飞地最低可用面积；没有规定的为0，即不作要求。",
    ),
)


def _declare_goal(name: str, label: str, unit: str, definition: str) -> None:
    enclave_measure(name, label=label, unit=unit, definition=definition, records="年度任务")(
        lambda year: goal(Target.enclave_id, name, year)
    )


for _goal_row in _GOALS:
    _declare_goal(*_goal_row)
