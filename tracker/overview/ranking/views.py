"""排名: the standing of a year by class, grade and indicator, and one place beside its class."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, request
from flask_login import current_user

from tracker.engine.scoring import UNCLASSED
from tracker.overview.ranking import said
from tracker.overview.ranking.board import ClassStanding, Row, Standing
from tracker.overview.ranking.lines import groups_of
from tracker.overview.ranking.picture import strip_of
from tracker.overview.ranking.standing import standing_of
from tracker.records.accounts.permissions import Permission
from tracker.web.access import requires
from tracker.web.kept import Drawing, kept
from tracker.web.period import selected_year
from tracker.year.assessments import queries as assessments

bp = Blueprint("ranking", __name__, url_prefix="/overview/ranking")


@bp.get("/")
@requires(Permission.OVERVIEW_VIEW)
@kept
def index() -> Drawing:
    """The cards in view on one sheet, by class; narrowed to a class or a grade, ordered by a
    line."""
    found = standing_of(selected_year(), current_user, request.args.get("sheet", ""))
    if found is None:
        return Drawing(
            "overview/ranking.html", found=None, scored_years=assessments.years_with_snapshots()
        )
    names = [each.name for each in found.classes]
    grades = [row.grade for each in found.classes for row in each.rows if row.grade]
    class_name = _one_of(request.args.get("class"), names)
    grade = _one_of(request.args.get("grade"), grades)
    line = _one_of(request.args.get("line"), [code for code, _ in found.choices])
    classes = [each for each in found.classes if class_name in ("", each.name)]
    return Drawing(
        "overview/ranking.html",
        found=found,
        classes=[_narrowed(each, grade, line) for each in classes],
        pictures=[strip_of(each, found.bounds) for each in classes],
        class_choices=[(name, name) for name in names if name],
        grade_choices=[(name, name) for name in dict.fromkeys(grades)],
        class_chosen=class_name,
        grade_chosen=grade,
        line_chosen=line,
        said=said,
        UNCLASSED=UNCLASSED,
    )


@bp.get("/<int:year>/<sheet>/<code>")
@requires(Permission.OVERVIEW_VIEW)
@kept
def beside(year: int, sheet: str, code: str) -> Drawing:
    """One place beside its class, by group and by line: of the own places alone."""
    found = standing_of(year, current_user, sheet)
    of_class, row = _own(found, sheet, code) or abort(404)
    assert found is not None
    peers, groups = of_class.peers, groups_of([each.line for each in row.lines])
    means = [(group, peers.group_mean(group) if peers else None) for group in groups]
    return Drawing(
        "overview/beside.html",
        found=found,
        row=row,
        of_class=of_class,
        groups=[(group, mean, said.group_gap(group, mean)) for group, mean in means],
        lines=sorted(row.lines, key=lambda each: (each.gap is None, each.gap or 0)),
        said=said,
    )


def _own(found: Standing | None, sheet: str, code: str) -> tuple[ClassStanding, Row] | None:
    """A row with its lines; of others there are none."""
    if found is None or found.sheet != sheet:
        return None
    one = found.find(code)
    return one if one and one[1].lines else None


def _narrowed(of: ClassStanding, grade: str, line: str) -> ClassStanding:
    rows = [row for row in of.rows if grade in ("", row.grade)]
    if line:
        rows.sort(key=lambda row: _by_line(row, line))
    return replace(of, rows=rows)


def _by_line(row: Row, line: str) -> tuple[bool, float]:
    found = row.line(line)
    share = found.line.share if found else None
    return share is None, -float(share or 0)


def _one_of(asked: str | None, known: list[str]) -> str:
    return asked if asked in known and asked else ""
