"""The lists and forms of the shared lists; and what rests on a source: each value that it states of
a record, and the records that name it."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import or_, select

from tracker.core.db import db
from tracker.core.provenance.labels import FIELD_LABELS
from tracker.core.provenance.models import Source, SourcedValue
from tracker.records.enclaves import queries as enclaves
from tracker.records.enclaves.models import Enclave
from tracker.records.parks import queries as parks
from tracker.records.parks.models import Park
from tracker.records.places import kinds
from tracker.records.places.queries import regions_of
from tracker.records.projects import queries as projects
from tracker.records.projects.models import Project
from tracker.web.kit import Section, detail_page, record_blueprint, related_section
from tracker.web.kit.kinds import link_to

SHOWN = 100


def source(source_id: int) -> ResponseReturnValue:
    """One source."""
    stated = Section("所述内容", "places/stated.html", _stated, "stated")
    resting = related_section("据此登记的记录")
    return detail_page(kinds.SOURCES, source_id, sections=[stated, resting])


def _stated(source: Source) -> dict[str, Any]:
    """What the source says of the records that the user sees, record by record."""
    seen = regions_of(current_user)
    wanted = (
        select(SourcedValue)
        .where(
            SourcedValue.source_id == source.id,
            or_(
                SourcedValue.enclave_id.in_(select(Enclave.id).where(enclaves.touching(seen))),
                SourcedValue.project_id.in_(select(Project.id).where(projects.touching(seen))),
                SourcedValue.park_id.in_(select(Park.id).where(parks.touching(seen))),
            ),
        )
        .order_by(
            SourcedValue.enclave_id, SourcedValue.project_id, SourcedValue.park_id, SourcedValue.id
        )
        .limit(SHOWN + 1)
    )
    found = list(db.session.scalars(wanted))
    subjects = _subjects(found)
    return {
        "values": [
            (link_to(subjects[_subject_key(each)]), FIELD_LABELS.get(each.field, "其他"), each)
            for each in found[:SHOWN]
        ],
        "more": len(found) > SHOWN,
        "shown": SHOWN,
    }


def _subject_key(value: SourcedValue) -> tuple[type, int]:
    for model, number in (
        (Enclave, value.enclave_id),
        (Project, value.project_id),
        (Park, value.park_id),
    ):
        if number is not None:
            return model, number
    raise LookupError(f"sourced value {value.id} has no subject")


def _subjects(values: list[SourcedValue]) -> dict[tuple[type, int], Any]:
    wanted: dict[type[Any], set[int]] = {}
    for model, number in map(_subject_key, values):
        wanted.setdefault(model, set()).add(number)
    return {
        (model, record.id): record
        for model, ids in wanted.items()
        for record in db.session.scalars(select(model).where(model.id.in_(ids)))
    }


blueprints = (
    record_blueprint(kinds.REGIONS),
    record_blueprint(kinds.COUNTY_LISTINGS),
    record_blueprint(kinds.INDUSTRIAL_LISTINGS),
    record_blueprint(kinds.PLATFORMS),
    record_blueprint(kinds.ORGANISATIONS),
    record_blueprint(kinds.SOURCES, source),
)
