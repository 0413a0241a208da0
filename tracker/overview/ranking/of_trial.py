"""The standing of a running year, by its latest trial."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracker.overview.ranking.board import (
    OF_PLACES,
    ClassStanding,
    Row,
    Standing,
    choices_of,
    mean_and_best,
    places_of,
)
from tracker.overview.ranking.lines import Line, Peers, beside, of_trial
from tracker.overview.ranking.moved import Moved, of_trials, trials_compared
from tracker.records.accounts.models import User
from tracker.web.ways import way
from tracker.year.procedure.sights import RANK_LATER, Sight
from tracker.year.trials import queries as trials
from tracker.year.trials.models import Trial
from tracker.year.trials.rules import trial_words

_LATER = "试算没有公示：只显示本地区的得分和同类的范围，名次公示后公布。"


def standing_of_trial(trial: Trial, user: User, wanted: str) -> Standing | None:
    """What `user` sees of a trial on the sheet `wanted`, else on the first of places."""
    cards = [card for card in trials.cards(trial, user) if card.subject.startswith(OF_PLACES)]
    sheets = choices_of({card.sheet: card.subject for card in cards})
    if not sheets:
        return None
    sheet = wanted if wanted in dict(sheets) else sheets[0][0]
    of_sheet = [card for card in cards if card.sheet == sheet]
    ranks = Sight.RANKS in trials.sight_for(user, trial)
    whole = trials.whole_cards(trial, user, sheet)
    lines = {each.code: of_trial(each.lines) for each in whole}
    before, compared = trials_compared(trial, user)
    classes = []
    for name in sorted({card.county_class for card in of_sheet}, key=lambda name: (not name, name)):
        members = [each for each in whole if each.county_class == name]
        peers = Peers(lines[each.code] for each in members) if ranks else None
        totals = [each.total for each in members if each.complete and ranks]
        own = [card for card in of_sheet if card.county_class == name]
        beyond = None if ranks else trials.range_beside(own[0], trial)
        rows = _in_order(
            _row(card, trial, lines.get(card.code, []), peers, of_trials(card, before))
            for card in own
        )
        classes.append(
            ClassStanding(name, rows, *mean_and_best(totals), len(totals), beyond, peers)
        )
    first = of_sheet[0]
    return Standing(
        sheet=sheet,
        title=dict(sheets)[sheet],
        sheets=sheets,
        choices=[(line.code, line.title) for line in lines.get(first.code, [])],
        classes=classes,
        bounds=[(first.best_grade, first.best_at)] if first.best_grade else [],
        is_trial=True,
        said=trial_words(trial, sheet),
        compared=compared,
        later="" if ranks else _LATER,
        ranks=ranks,
    )


def _row(
    card: trials.SeenTrial,
    trial: Trial,
    lines: Sequence[Line],
    peers: Peers | None,
    moved: Moved,
) -> Row:
    return Row(
        card.code,
        card.name,
        card.total,
        card.rank if card.complete else None,
        card.rank_words if peers else RANK_LATER,
        card.complete,
        "",
        moved,
        way("trials.detail", sheet=card.sheet, code=card.code, year=trial.year),
        beside(lines, peers),
        places_of(lines, peers),
    )


def _in_order(rows: Iterable[Row]) -> list[Row]:
    """By rank; those without one last, by points."""
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, -row.total, row.code))
