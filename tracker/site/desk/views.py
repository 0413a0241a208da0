"""审核台: what waits by sheet, a line over all subjects, the matrix, and what moved."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.engine.scoring import SUBJECTS
from tracker.papers.matrix.takers import may_take
from tracker.papers.scorecard import page_words
from tracker.records.accounts.owners import selected_owner
from tracker.records.accounts.permissions import Permission
from tracker.records.determinations.fact_rules import level_shown, ruling_over
from tracker.records.determinations.ruling_rules import awaited_word
from tracker.site.desk.blueprint import bp
from tracker.site.desk.lines import ORDER, SORTS, line_page
from tracker.site.desk.matrix import matrix_of
from tracker.site.desk.moved import moved_between, snapshot_of
from tracker.web.access import requires
from tracker.web.period import selected_year
from tracker.web.tables import asked_number
from tracker.web.ways import way
from tracker.year.assessments import queries
from tracker.year.assessments.awaited import subjects_to_rule
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot, scored_of
from tracker.year.procedure.sight import sight_of
from tracker.year.procedure.sights import Sight
from tracker.year.rulebooks.printed import read_in_order, sheet_title

LOST = "lost"


@bp.get("/")
@requires(Permission.SCORECARDS_VIEW)
def index() -> ResponseReturnValue:
    """The sheets of the year's latest snapshot: how many subjects, what waits, and the ways in."""
    year = selected_year()
    owner = selected_owner()
    snapshot = queries.latest_snapshot(year, owner)
    level = level_shown(current_user, year, owner)
    rows = queries.cards(snapshot, current_user) if snapshot else []
    return render_template(
        "site/desk/index.html",
        snapshot=snapshot,
        sheets=_sheets(snapshot, rows, level) if snapshot else [],
        waits_word=awaited_word(level),
        over=ruling_over(current_user, year, owner),
        scored_years=queries.years_with_snapshots(selected_owner()),
    )


@bp.get("/<int:year>/<sheet>/lines/<line>")
@requires(Permission.SCORECARDS_VIEW)
def line(year: int, sheet: str, line: str) -> ResponseReturnValue:
    """One line over all subjects in view, in the order of `?sort=`."""
    snapshot, points, found, rows = _sheet(year, sheet)
    codes = [each.code for each in found.rulebook.indicators]
    if line not in codes:
        abort(404)
    earlier = queries.comparable_before(snapshot)
    asked = request.args.get("sort", ORDER)
    sort = asked if asked.removeprefix("-") in SORTS else ORDER
    page = line_page(
        rows,
        points,
        found,
        line,
        scored_of(earlier) if earlier else None,
        sort,
        sight_of(snapshot, current_user),
    )
    at = codes.index(line)
    level = level_shown(current_user, year, selected_owner())
    return render_template(
        "site/desk/line.html",
        snapshot=snapshot,
        sheet=found,
        title=SUBJECTS[found.rulebook.subject],
        whole_year=queries.is_whole(snapshot),
        page=page,
        before=found.rulebook.indicators[at - 1] if at else None,
        after=found.rulebook.indicators[at + 1] if at + 1 < len(codes) else None,
        sort=sort,
        sorts=SORTS,
        seen=_seen(snapshot),
        words=page_words,
        grouped=page_words.grouped,
        waits_word=awaited_word(level),
    )


@bp.get("/<int:year>/<sheet>/")
@requires(Permission.SCORECARDS_VIEW)
def matrix(year: int, sheet: str) -> ResponseReturnValue:
    """Subjects by lines: points, or with `?show=lost` what was lost."""
    snapshot, _, found, rows = _sheet(year, sheet)
    return render_template(
        "site/desk/matrix.html",
        snapshot=snapshot,
        sheet=found,
        title=SUBJECTS[found.rulebook.subject],
        whole_year=queries.is_whole(snapshot),
        matrix=matrix_of(rows, found),
        book=_workbook(snapshot),
        lost=request.args.get("show") == LOST,
        seen=_seen(snapshot),
        words=page_words,
        grouped=page_words.grouped,
    )


@bp.get("/moved")
@requires(Permission.SCORECARDS_VIEW)
def moved() -> ResponseReturnValue:
    """What moved between the latest two scorings of the year, or those that the address names."""
    year = selected_year()
    after = _asked("after", year) or queries.latest_snapshot(year, selected_owner())
    before = _asked("before", year) or (queries.snapshot_before(after) if after else None)
    seen = _seen(before, after)
    found = None
    if before is not None and after is not None and before.id != after.id:
        found = moved_between(before, after, current_user, ranks=seen["ranks"])
    return render_template(
        "site/desk/moved.html",
        before=before,
        after=after,
        choices=queries.snapshots(year, selected_owner()),
        moved=found,
        seen=seen,
        scored_years=queries.years_with_snapshots(selected_owner()),
        words=page_words,
        grouped=page_words.grouped,
    )


def _seen(*snapshots: Snapshot | None) -> dict[str, bool]:
    """What of ranks and grades the reader is shown of all of `snapshots`."""
    sights = [sight_of(each, current_user) for each in snapshots if each is not None]
    return {
        "ranks": all(Sight.RANKS in each for each in sights),
        "grades": all(Sight.OWN_GRADE in each for each in sights),
    }


def _workbook(snapshot: Snapshot) -> str | None:
    """The address of the workbook with formulas, for those who may take it."""
    if not may_take(current_user, snapshot):
        return None
    return way("workbooks.download", snapshot_id=snapshot.id, year=None)


def _asked(name: str, year: int) -> Snapshot | None:
    asked = asked_number(name)
    if asked is None:
        return None
    return snapshot_of(asked, year, selected_owner()) or abort(404)


def _sheet(
    year: int, code: str
) -> tuple[Snapshot, ScoredSnapshot, ScoredSheet, list[ScorecardRow]]:
    """A sheet of the year's latest snapshot with its cards in view; 404 where there is none."""
    snapshot = queries.latest_snapshot(year, selected_owner()) or abort(404)
    points = scored_of(snapshot)
    found = points.sheets.get(code) or abort(404)
    return (
        snapshot,
        points,
        found,
        [r for r in queries.cards(snapshot, current_user) if r.sheet == code],
    )


def _sheets(snapshot: Snapshot, rows: list[ScorecardRow], level: Any) -> list[dict[str, Any]]:
    """By sheet, as rulebooks are read: subjects, facts that wait, the first subject with any, and
    for each line how many subjects have a fact of it that waits."""
    points = scored_of(snapshot)
    of_sheets: dict[str, list[Any]] = {}
    for each in subjects_to_rule(snapshot, rows):
        of_sheets.setdefault(each.card.sheet, []).append(each)
    found = []
    for book in read_in_order(sheet.rulebook for sheet in points.sheets.values()):
        subjects = of_sheets.get(book.code)
        if not subjects:
            continue
        waiting = [
            (each, {fact.name for fact in each.facts if fact.awaits(level)}) for each in subjects
        ]
        lines = [
            (line, sum(1 for _, names in waiting if names & set(line.reads)))
            for line in book.indicators
        ]
        found.append(
            {
                "code": book.code,
                "title": SUBJECTS[book.subject],
                "rulebook": sheet_title(book.title),
                "subjects": len(subjects),
                "waiting": sum(len(names) for _, names in waiting),
                "first": next((each.card for each, names in waiting if names), subjects[0].card),
                "lines": lines,
            }
        )
    return found
