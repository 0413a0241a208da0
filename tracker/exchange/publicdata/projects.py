"""Public projects."""

from __future__ import annotations

from sqlalchemy import select

from tracker.core.db import Origin, db
from tracker.core.provenance.labels import FIELD_LABELS
from tracker.exchange.publicdata import reading
from tracker.exchange.publicdata.merge import Field, day, grouped, merge, yuan_of_yi
from tracker.exchange.publicdata.store import Store
from tracker.records.enclaves.models import Enclave
from tracker.records.parks.models import Park
from tracker.records.places.queries import by_code
from tracker.records.projects.models import Project, ProjectCategory

FIELDS = (
    Field("investor", "investor"),
    Field("industry", "industry"),
    Field("sign_date", "signed_on", day),
    Field("start_date", "started_on", day),
    Field("operate_date", "in_production_on", day),
    Field("total_invest_yi", "total_investment", yuan_of_yi, "亿元"),
    Field("stage", None),
    Field("output_wan", None, unit="万元"),
    Field("park", None),
    Field("support", None),
    Field("note", None),
)
OUT_OF_SCOPE = "未标明山海协作口径"


def load_projects(store: Store) -> None:
    """One project a name and county; its scope stays open where no source says 山海协作."""
    regions = by_code()
    enclaves = store.by_code(Enclave)
    parks = {p.name: p for p in db.session.scalars(select(Park))}
    for (code, name), rows in grouped(reading.rows("projects"), "county_code", "name").items():
        merged = merge(rows, FIELDS, FIELD_LABELS)
        values = merged.values
        note = " ".join(row["note"] for row in rows)
        enclave, park = enclaves.get(rows[0]["enclave"]), parks.get(rows[0]["park"])
        values |= {
            "investor": values["investor"] or "",
            "industry": values["industry"] or "",
            "category": _category(values["industry"] or "", note),
            "in_scope": None if OUT_OF_SCOPE in note else True,
            "enclave_id": enclave.id if enclave else None,
            "park_id": park.id if park else None,
        }
        key = {"region_id": regions[code].id, "name": name}
        project = store.put("项目", Project, key, values, rows[0].where)
        if project.origin is Origin.PUBLIC:
            store.state(project, merged.statements)


def _category(industry: str, note: str) -> ProjectCategory:
    if "援建" in note:
        return ProjectCategory.AID
    return ProjectCategory.CULTURE_TOURISM if industry == "文旅" else ProjectCategory.INDUSTRY
