"""Public parks, merged by name."""

from __future__ import annotations

from tracker.core.db import Origin
from tracker.core.provenance.labels import FIELD_LABELS
from tracker.exchange.publicdata import reading
from tracker.exchange.publicdata.merge import Field, day, grouped, merge
from tracker.exchange.publicdata.store import Store
from tracker.records.parks.models import Park, ParkKind
from tracker.records.places.queries import by_code

KINDS = {"工业": (ParkKind.INDUSTRIAL, "GY"), "生态旅游文化": (ParkKind.TOURISM, "WL")}

FIELDS = (
    Field("sign_year", "signed_on", day),
    Field("approve_year", "approved_on", day),
    Field("area_mu", "area_mu", reading.number, "亩"),
    Field("area", None),
    Field("projects", None, unit="个"),
    Field("projects_yi", None, unit="个"),
    Field("funds_wan", None, unit="万元"),
    Field("planned_invest_wan", None, unit="万元"),
    Field("done_invest_wan", None, unit="万元"),
    Field("output_wan", None, unit="万元"),
    Field("tax_per_mu_wan", None, unit="万元/亩"),
    Field("enterprises", None),
    Field("award_wan", None, unit="万元"),
    Field("year", None),
    Field("note", None),
)


def load_parks(store: Store) -> None:
    """One park a name. Its code is made of the two sides' codes and the kind, and never changes."""
    regions = by_code()
    for (name,), rows in grouped(reading.rows("industrial_parks"), "name").items():
        recipient, supporter = rows[0]["recipient_code"], rows[0]["support_code"]
        kind, letters = KINDS[rows[0]["kind"]]
        merged = merge(rows, FIELDS, FIELD_LABELS)
        park = store.put(
            "产业园",
            Park,
            {"code": f"{letters}-{recipient}-{supporter}"},
            merged.values
            | {
                "name": name,
                "kind": kind,
                "recipient_id": regions[recipient].id,
                "supporter_id": regions[supporter].id,
            },
            rows[0].where,
        )
        if park.origin is Origin.PUBLIC:
            store.state(park, merged.statements)
        if len(rows) > 1:
            differing = f"；各说不一：{'；'.join(merged.differing)}" if merged.differing else ""
            store.report.note(f"产业园 {name}：{len(rows)} 处来源合并{differing}")
