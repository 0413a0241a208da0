"""The standing of a year that was scored."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tracker.core.quantities.clock import written
from tracker.core.quantities.printed import as_decimal
from tracker.overview.ranking.board import (
    OF_PLACES,
    ClassStanding,
    Row,
    Standing,
    choices_of,
    mean_and_best,
    places_of,
)
from tracker.overview.ranking.firsts import page_of_card
from tracker.overview.ranking.lines import Peers, beside, of_card
from tracker.overview.ranking.moved import of_scoring
from tracker.papers.scorecard.rankings import Ranked, Wanted, rankings
from tracker.records.accounts.models import User
from tracker.year.assessments import queries as assessments
from tracker.year.assessments.comparing import Between
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot, scored_of
from tracker.year.assessments.standing_rules import rules_words
from tracker.year.procedure import sight
from tracker.year.procedure.sight import SeenCard
from tracker.year.procedure.sights import Sight


def standing_of_scoring(snapshot: Snapshot, user: User, wanted: str) -> Standing | None:
    """What `user` sees of a scoring on the sheet `wanted`, else on the first of places."""
    points = _points(snapshot)
    subjects = {code: each.rulebook.subject for code, each in points.sheets.items()}
    rows = [
        row
        for row in sight.cards(snapshot, user, of_all=True)
        if subjects[row.sheet].startswith(OF_PLACES)
    ]
    sheets = choices_of({row.sheet: subjects[row.sheet] for row in rows})
    if not sheets:
        return None
    code = wanted if wanted in dict(sheets) else sheets[0][0]
    sheet = points.sheets[code]
    earlier = assessments.comparable_before(snapshot)
    years = Between(points, _points(earlier)) if earlier else None
    before = sight.sight_of(earlier, user) if earlier else Sight.NOTHING
    ranks = Sight.RANKS in sight.sight_of(snapshot, user)
    of_sheet = [row for row in rows if row.sheet == code]
    ranges = {} if ranks else sight.ranges(snapshot, user)
    (ranked,) = rankings(of_sheet, points, years, Wanted(sheet=code), ranges, before)
    classes = []
    for each in ranked.classes:
        peers = _peers(sheet, each.name) if ranks else None
        totals = _totals(sheet, each.name) if ranks else []
        of_class = [_row(one, sheet, peers, years) for one in each.rows]
        classes.append(
            ClassStanding(
                each.name,
                of_class,
                *mean_and_best(totals),
                len(totals),
                ranges.get((code, each.name)),
                peers,
            )
        )
    alone = "" if years else f"没有 {snapshot.year - 1} 年全年的计分可比。"
    return Standing(
        sheet=code,
        title=dict(sheets)[code],
        sheets=sheets,
        choices=[(each.code, f"{each.code} {each.name}") for each in sheet.rulebook.indicators],
        classes=classes,
        bounds=_bounds(sheet),
        is_trial=False,
        said=_said(snapshot, of_sheet),
        compared=ranked.changed or alone,
        later=sight.words(snapshot, user),
        ranks=ranks,
    )


def _row(of: Ranked, sheet: ScoredSheet, peers: Peers | None, years: Between | None) -> Row:
    row = of.row
    lines = of_card(sheet.card(row.subject_code)) if row.own else []
    return Row(
        row.subject_code,
        row.subject_name,
        row.total,
        row.rank if row.complete else None,
        row.rank_words,
        row.complete,
        row.grade_words,
        of_scoring(of, years),
        page_of_card(row) if row.own else None,
        beside(lines, peers),
        places_of(lines, peers),
    )


def _peers(sheet: ScoredSheet, name: str) -> Peers:
    cards = sheet.result.scorecards
    return Peers(of_card(card) for card in cards if card.subject.class_name == name)


def _totals(sheet: ScoredSheet, name: str) -> list[Decimal]:
    return [
        card.total
        for card in sheet.result.scorecards
        if card.subject.class_name == name and card.complete and card.assessed
    ]


def _bounds(sheet: ScoredSheet) -> list[tuple[str, Decimal]]:
    bounds = [(grade.name, as_decimal(grade.at_least)) for grade in sheet.rulebook.grades]
    return sorted(bounds, key=lambda each: -each[1])


def _said(snapshot: Snapshot, rows: Sequence[SeenCard]) -> str:
    running = "" if assessments.is_whole(snapshot) else "当时年度没有结束，得分只到那一天。"
    return f"按计分，事实冻结于 {written(snapshot.frozen_at)}。{running}{rules_words(rows)}"


def _points(snapshot: Snapshot) -> ScoredSnapshot:
    return scored_of(snapshot)
