"""快照: the frozen years, what each holds, what differs between two, and files to recompute them.

A snapshot holds the whole province: only those who see all of it may open these pages.
"""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import undefer

from tracker.core.db import db
from tracker.records.accounts.owners import owned_pages, selected_owner, show_owner
from tracker.records.accounts.permissions import Permission
from tracker.records.determinations.models import RulingLevel
from tracker.records.places.queries import is_province
from tracker.web.access import requires
from tracker.web.downloads import attachment
from tracker.web.marks import mark
from tracker.web.period import show
from tracker.web.tables import asked_choice, asked_number
from tracker.year.assessments import queries, snapshots
from tracker.year.assessments.compared import compare
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot, scored_of
from tracker.year.assessments.standing_rules import rules_words

bp = Blueprint("snapshots", __name__, url_prefix="/snapshots")
owned_pages(bp)
bp.add_app_template_global(rules_words)


@bp.get("/")
@requires(Permission.SNAPSHOTS_VIEW)
def index() -> ResponseReturnValue:
    """All snapshots, and what differs between the two that the address names."""
    if not is_province(current_user):
        return render_template("assessments/snapshots/index.html", page=None)
    before, after = (_asked(name) for name in ("before", "after"))
    if before and after and before.owner_region_id != after.owner_region_id:
        abort(404)  # what is of one assessment is not compared with another's
    return render_template(
        "assessments/snapshots/index.html",
        page=snapshots.listing(selected_owner()),
        choices=queries.snapshots(owner=selected_owner()),
        before=before,
        after=after,
        compared=compare(before, after) if before and after and before.id != after.id else None,
    )


@bp.get("/<id:snapshot_id>")
@requires(Permission.SNAPSHOTS_VIEW)
def detail(snapshot_id: int) -> ResponseReturnValue:
    """What one snapshot holds, and how to compute its points again."""
    snapshot = _get(snapshot_id)
    show(snapshot.year)
    show_owner(snapshot.owner_region_id)
    points = scored_of(snapshot)
    return render_template(
        "assessments/snapshots/detail.html",
        snapshot=snapshot,
        frozen_by=snapshots.frozen_by(snapshot),
        size=len(snapshot.content),
        column=RulingLevel(points.document["column"]),
        layout=points.document["snapshot"],
        parts=snapshots.sheet_parts(points),
        records=snapshots.records_by_table(points),
        levels=list(RulingLevel),
        previous=queries.snapshot_before(snapshot),
        latest=queries.latest_snapshot(snapshot.year, snapshot.owner_region_id),
    )


@bp.get("/<id:snapshot_id>/document.json")
@requires(Permission.SNAPSHOTS_VIEW)
def document(snapshot_id: int) -> ResponseReturnValue:
    """The canonical bytes, whose sha256 names the snapshot."""
    snapshot = _get(snapshot_id)
    name = f"{snapshot.year}-{snapshot.sha256[:12]}.json"
    return _file(snapshot, snapshot.content, "application/json", name)


@bp.get("/<id:snapshot_id>/<sheet>/facts.json")
@requires(Permission.SNAPSHOTS_VIEW)
def facts(snapshot_id: int, sheet: str) -> ResponseReturnValue:
    """A sheet's facts as `tracker score-file` takes them, `?column=` or that of the cards."""
    snapshot, points, found = _sheet(snapshot_id, sheet)
    column = asked_choice("column", RulingLevel) or found.column
    text = json.dumps(snapshots.facts_file(found, column), ensure_ascii=False, indent=1)
    name = f"{points.document['year']}-{sheet}-{column.value}.json"
    return _file(snapshot, f"{text}\n".encode(), "application/json", name)


@bp.get("/<id:snapshot_id>/<sheet>/rulebook.toml")
@requires(Permission.SNAPSHOTS_VIEW)
def rulebook(snapshot_id: int, sheet: str) -> ResponseReturnValue:
    """A sheet's rulebook as it was frozen."""
    snapshot, points, found = _sheet(snapshot_id, sheet)
    text = points.document["set"]["files"][snapshots.rulebook_path(points, found)]
    name = f"{points.document['year']}-{sheet}.toml"
    return _file(snapshot, text.encode(), "application/toml; charset=utf-8", name)


for _view in (index, detail, document, facts, rulebook):
    mark(_view, seen_by=is_province)


def _get(snapshot_id: int) -> Snapshot:
    found = db.session.get(Snapshot, snapshot_id, options=[undefer(Snapshot.content)])
    return found if found is not None and is_province(current_user) else abort(404)


def _sheet(snapshot_id: int, code: str) -> tuple[Snapshot, ScoredSnapshot, ScoredSheet]:
    snapshot = _get(snapshot_id)
    points = scored_of(snapshot)
    return snapshot, points, points.sheets.get(code) or abort(404)


def _asked(name: str) -> Snapshot | None:
    asked = asked_number(name)
    return _get(asked) if asked is not None else None


def _file(snapshot: Snapshot, content: bytes, content_type: str, name: str) -> Response:
    about = f"{snapshot.year} 年度快照 {snapshot.sha256[:12]}"
    record = ("snapshots", snapshot.id)
    return attachment(content, name, content_type, about=about, record=record)
