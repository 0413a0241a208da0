"""Adverse things, all of them at 示例县: findings, a terminated and a disputed project, a reversed
sum, a draft, a cumulative sum."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tracker.core.quantities.units import WAN
from tracker.exchange.sampledata.money import pay
from tracker.exchange.sampledata.scene import INVENTED_COUNTY, Scene
from tracker.records.enclaves.models import Enclave
from tracker.records.findings.models import Finding, FindingKind, Level
from tracker.records.ledger.models import EntryKind
from tracker.records.parks.models import Park, ParkKind
from tracker.records.places.models import Region
from tracker.records.projects.models import PartnerView, Project, ProjectCategory


def year_of_adversity(scene: Scene, year: int) -> None:
    """What goes wrong in `year`."""
    county = next(r for r in scene.regions.values() if r.code == INVENTED_COUNTY)
    enclave = next(e for e in scene.enclaves if scene.is_adverse(e))
    park = next(
        p for p in scene.parks if scene.is_adverse(p) and p.kind is not ParkKind.COOPERATION
    )
    _findings(scene, year, county, enclave, park)
    _projects(scene, year, county)
    _ledger(scene, year, enclave)
    scene.rows.write()


def _findings(scene: Scene, year: int, county: Region, enclave: Enclave, park: Park) -> None:
    found: tuple[tuple[FindingKind, Level, dict[str, Any]], ...] = (
        (
            FindingKind.FALSE_DATA,
            Level.PROVINCE,
            {"region_id": county.id, "measure": "consumption.sales"},
        ),
        (FindingKind.BAD_CASE, Level.PROVINCE, {"region_id": county.id}),
        (FindingKind.ACCIDENT, Level.CITY, {"enclave_id": enclave.id}),
        (FindingKind.INSPECTION, Level.CENTRAL, {"park_id": park.id}),
        (
            FindingKind.SAMPLING,
            Level.PROVINCE,
            {"region_id": county.id, "measure": "training.placed", "pass_rate": Decimal("0.9")},
        ),
    )
    for number, (kind, at, details) in enumerate(found, 1):
        on = date(year, 2 * number, 18)
        scene.rows.add(
            Finding,
            on,
            kind=kind,
            level=at,
            found_on=on,
            document=f"示例〔{year}〕{number}号",
            summary=f"{kind.label}（示例，虚构）",
            **details,
        )


def _projects(scene: Scene, year: int, county: Region) -> None:
    pair = scene.pairs_of(county, year)[0]
    signed = date(year, 3, 6)
    for name, details in (
        ("终止", {"terminated_on": date(year, 10, 9)}),
        ("有异议", {"partner_view": PartnerView.DISPUTED, "partner_note": "对方有异议（示例）"}),
    ):
        scene.rows.add(
            Project,
            signed,
            name=f"{county.name}协作项目示例{year}-{name}",
            region_id=county.id,
            pairing_id=pair.id,
            category=ProjectCategory.INDUSTRY,
            in_scope=True,
            investor="示例企业",
            total_investment=3000 * WAN,
            partner_id=pair.supporter_id,
            signed_on=signed,
            note="示例数据",
            **details,
        )


def _ledger(scene: Scene, year: int, enclave: Enclave) -> None:
    on, amount = date(year, 9, 4), 120 * WAN
    kind = EntryKind.COMPLETED_INVESTMENT
    entry = pay(scene, enclave, kind, amount, on, note="误记（示例）")
    scene.rows.write()
    pay(scene, enclave, kind, -amount, on, reversal_of_id=entry, note="冲销误记（示例）")
    pay(scene, enclave, kind, amount, on, submitted_at=None, note="草稿（示例）")
    pay(scene, enclave, kind, 5 * amount, on, cumulative=True, note="累计数（示例）")
