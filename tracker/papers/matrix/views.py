"""得分工作簿: the points of a snapshot as a workbook with formulas."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import undefer

from tracker.core.db import db
from tracker.papers.matrix.takers import may_take
from tracker.records.accounts.permissions import Permission
from tracker.web.access import requires
from tracker.web.downloads import attachment
from tracker.web.sheets import Form
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored_of

bp = Blueprint("workbooks", __name__, url_prefix="/workbooks")


@bp.get("/<id:snapshot_id>.xlsx")
@requires(Permission.SCORECARDS_VIEW)
def download(snapshot_id: int) -> ResponseReturnValue:
    """All sheets of a snapshot, for those who see them whole."""
    snapshot = db.session.get(Snapshot, snapshot_id, options=[undefer(Snapshot.content)])
    if snapshot is None or not may_take(current_user, snapshot):
        abort(404)
    # Loaded when it is wanted: it takes as long as a page.
    from tracker.papers.matrix.book import workbook

    points = scored_of(snapshot)
    content = workbook(points)
    whose = f"市考县-{points.owner['name']}-" if points.owner else ""
    name = f"{whose}{snapshot.year}年度得分（含公式）-{snapshot.sha256[:8]}.xlsx"
    record = ("snapshots", snapshot.id)
    return attachment(content, name, Form.XLSX.content_type, about="得分工作簿", record=record)
