"""A county's one number: what it would have today, beside last year, and why it is not more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tracker.core.quantities.clock import day_of
from tracker.core.quantities.shown import points
from tracker.overview.ranking.lines import Line, lost_most, of_trial
from tracker.overview.ranking.said import had_words
from tracker.records.accounts.models import User
from tracker.records.places.models import Region
from tracker.web.ways import way
from tracker.year.assessments.standing_rules import rules_words
from tracker.year.procedure import sight
from tracker.year.procedure.sights import RANK_LATER, Sight
from tracker.year.trials import queries as trials
from tracker.year.trials.models import Trial
from tracker.year.trials.rules import trial_words

REASONS = 3


@dataclass(frozen=True)
class Reason:
    """A line that lost points: its name, what it has of what, and its page."""

    name: str
    words: str
    href: str | None


@dataclass(frozen=True)
class Score:
    """`total` in 分; `rank`, `before` and `best` in words; `said` when and by what it was made."""

    title: str
    total: Decimal
    href: str | None
    rank: str
    before: str
    best: str
    reasons: Sequence[Reason]
    said: str


def score_of(place: Region, year: int, user: User, trial: Trial | None) -> Score | None:
    """What `place` has: by the trial of the year, else by the latest scoring that is to be seen;
    None where there is neither."""
    assert place.code is not None, "counties have codes"
    known = {each.year: each for each in sight.scores(user, place.code)}
    by_trial = _of_trial(place, user, trial, known) if trial and year not in known else None
    return by_trial or _of_year(year, known)


def _of_trial(
    place: Region, user: User, trial: Trial, known: dict[int, sight.SeenScore]
) -> Score | None:
    own = [each for each in trials.cards(trial, user) if each.region_id == place.id]
    if not own:
        return None
    card = own[0]
    full = trials.card_of(trial, card.sheet, card.code, user)
    page = way("trials.detail", sheet=card.sheet, code=card.code, year=trial.year)
    return Score(
        f"{trial.year} 年试算得分",
        card.total,
        page,
        rank_in_trial(card, trial, user),
        _before(card, trial, user, known),
        best_words(card),
        reasons_of(of_trial(full.lines) if full else [], page),
        trial_words(trial, card.sheet),
    )


def rank_in_trial(card: trials.SeenTrial, trial: Trial, user: User) -> str:
    """The rank within its class, or that it is not told, with what is told instead."""
    if Sight.RANKS not in trials.sight_for(user, trial):
        beside = trials.range_beside(card, trial)
        return f"名次{RANK_LATER}" + (f"（{beside.words}）" if beside.words else "")
    return f"{card.county_class if card.rank and card.complete else ''}{card.rank_words}"


def _before(
    card: trials.SeenTrial, trial: Trial, user: User, known: dict[int, sight.SeenScore]
) -> str:
    """Last year at the same time, where that was tried; else what last year had in the end."""
    earlier = trials.year_before(trial)
    of = trials.totals(earlier, user, [card.sheet]) if earlier else {}
    total = of.get((card.sheet, card.code))
    if earlier is not None and total is not None:
        return f"上年同期（{day_of(earlier.frozen_at)} 试算）{points(total)} 分"
    final = known.get(trial.year - 1)
    if final is None:
        return "上年全年没有计分"
    rank = f"，第 {final.card.rank} 名" if final.card.rank and final.card.complete else ""
    return f"上年全年 {points(final.card.total)} 分{rank}"


def best_words(card: trials.SeenTrial) -> str:
    """How far it is to the best grade, and what that does not say."""
    quota = "，另受名额限制" if card.best_quota else ""
    unscorable = f"；另有 {card.unscorable} 项不可计分" if card.unscorable else ""
    if card.to_best:
        return f"距{card.best_grade}差 {points(card.to_best)} 分{quota}{unscorable}"
    return f"已达{card.best_grade}的 {points(card.best_at)} 分{quota}{unscorable}"


def reasons_of(lines: Sequence[Line], page: str | None) -> list[Reason]:
    """The lines that lost most: of what applies, points without award; deductions whole."""
    return [
        Reason(line.name, had_words(line), f"{page}#line-{line.code}" if page else None)
        for line in lost_most(lines, REASONS)
    ]


def _of_year(year: int, known: dict[int, sight.SeenScore]) -> Score | None:
    found = known.get(year)
    if found is None:
        return None
    card, before = found.card, known.get(year - 1)
    rank = f"第 {card.rank} 名 / {found.ranked}" if card.rank and card.complete else "不排名"
    return Score(
        f"{year} 年度得分",
        card.total,
        way(
            "scorecards.detail",
            snapshot_id=card.snapshot_id,
            sheet=card.sheet,
            subject_code=card.subject_code,
        ),
        f"名次{card.rank_later}" if card.rank_later else rank,
        f"上年全年 {points(before.card.total)} 分" if before else "上年全年没有计分",
        f"等次：{card.grade_words}",
        [],
        f"事实冻结于 {day_of(card.snapshot.frozen_at)}。{rules_words([card])}",
    )


def moved_words(place: Region, user: User, trial: Trial | None) -> str:
    """How the total of `place` moved since the trial before this month; "" without one."""
    before = trials.before_month(trial) if trial else None
    if trial is None or before is None:
        return ""
    own = [each for each in trials.cards(trial, user) if each.region_id == place.id]
    of = trials.totals(before, user, [own[0].sheet]) if own else {}
    if not own or (own[0].sheet, own[0].code) not in of:
        return ""
    change = own[0].total - of[own[0].sheet, own[0].code]
    since = f"比 {day_of(before.frozen_at)}"
    if not change:
        return f"试算得分{since}没有变化"
    return f"试算得分{since}{'增加' if change > 0 else '减少'} {points(abs(change))} 分"
