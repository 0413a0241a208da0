"""Words for the records of enclaves, parks and demonstration villages."""

from __future__ import annotations

from tracker.core.quantities.days import QUARTER_NAMES
from tracker.core.quantities.shown import told
from tracker.records.enclaves.agreements import (
    AgreementDocument,
    EnclaveAgreement,
    EnclaveSpace,
    SpaceKind,
    TaxSplit,
)
from tracker.records.exchanges.models import JointEvent
from tracker.records.operations.items import MEANINGS
from tracker.records.operations.models import OperatingFigure, Tenant
from tracker.records.places.models import Platform
from tracker.records.villages.models import DemonstrationVillage, VillageStake
from tracker.year.measures.records import (
    RecordText,
    describes,
    pair_words,
    plain_words,
    record_text,
)


@describes(OperatingFigure)
def _figure(figure: OperatingFigure) -> RecordText:
    size = told(figure.value, MEANINGS[figure.item].unit, figure.precision.label)
    words = f"季报 {figure.year}年{QUARTER_NAMES[figure.quarter]} {figure.item.label}"
    return record_text(f"{words} {size}", figure.origin, figure.source, figure.precision)


@describes(Tenant)
def _tenant(tenant: Tenant) -> RecordText:
    moved_in = f"，{tenant.moved_in_on} 入驻" if tenant.moved_in_on else ""
    moved_out = f"，{tenant.moved_out_on} 迁出" if tenant.moved_out_on else ""
    return plain_words(f"入驻企业 {tenant.name}{moved_in}{moved_out}", tenant)


@describes(VillageStake)
def _stake(stake: VillageStake) -> RecordText:
    joined = f"，{stake.joined_on} 参股" if stake.joined_on else ""
    return plain_words(f"村参股 {stake.village.name}{joined}", stake)


@describes(EnclaveSpace)
def _space(space: EnclaveSpace) -> RecordText:
    unit = "亩" if space.kind is SpaceKind.LAND else "m²"
    what = "土地" if space.kind is SpaceKind.LAND else "建筑面积"
    due = f"，应于 {space.due_on} 前交付" if space.due_on else ""
    size = told(space.quantity, unit)
    return plain_words(f"{space.step.label}{what} {size}（{space.on}{due}）", space)


@describes(EnclaveAgreement)
def _agreement(agreement: EnclaveAgreement) -> RecordText:
    start, end = agreement.starts_on or "未填报起始", agreement.ends_on or "未约定截止"
    return plain_words(f"共建协议要素（{start} 至 {end}）", agreement)


@describes(TaxSplit)
def _split(split: TaxSplit) -> RecordText:
    shares = (split.origin_share, split.host_share)
    origin, host = (told(share, "比例") for share in shares)
    years = f"{split.from_year} 至 {split.to_year}年" if split.to_year else f"{split.from_year}年起"
    return plain_words(f"税收分成约定 飞出地 {origin}、飞入地 {host}（{years}）", split)


@describes(AgreementDocument)
def _document(document: AgreementDocument) -> RecordText:
    number = f"（{document.number}）" if document.number else ""
    signed = f"，{document.signed_on} 签订" if document.signed_on else ""
    return plain_words(f"{document.kind.label} {document.title}{number}{signed}", document)


@describes(Platform)
def _platform(platform: Platform) -> RecordText:
    listed = f"，{platform.listed_on} 列入" if platform.listed_on else ""
    removed = f"，{platform.removed_on} 移出" if platform.removed_on else ""
    return plain_words(f"省级平台名单 {platform.name}{listed}{removed}", platform)


@describes(DemonstrationVillage)
def _demonstration(village: DemonstrationVillage) -> RecordText:
    stage = f"，{village.stage.label}" if village.stage else ""
    return plain_words(f"乡村振兴示范点 {village.name}{stage}", village)


@describes(JointEvent)
def _event(event: JointEvent) -> RecordText:
    pair = pair_words(event.pairing)
    return plain_words(f"联合活动 {event.held_on} {pair} {event.title}", event)
