"""What moved against last year, in words: only where it can be compared, else why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tracker.core.quantities.clock import day_of
from tracker.engine.scoring import UNCLASSED
from tracker.papers.scorecard.rankings import Ranked
from tracker.records.accounts.models import User
from tracker.year.assessments.comparing import Between
from tracker.year.trials import queries as trials
from tracker.year.trials.models import Trial
from tracker.year.trials.queries import SeenTrial


@dataclass(frozen=True)
class Moved:
    """`climbed`: how many places were gained, `gained` how many points (分); None where that
    cannot be compared, or is not told. `words` say it, or why not; "" for nothing to say."""

    words: str = ""
    climbed: int | None = None
    gained: Decimal | None = None


def of_scoring(of: Ranked, years: Between | None) -> Moved:
    """A card beside the same one of last year's scoring."""
    if years is None:
        return Moved()
    if of.is_new:
        return Moved("新列入")
    if of.last is None:
        return Moved()
    if of.row.county_class != of.last.subject.class_name:
        return Moved(_other_class(of.last.subject.class_name), None, of.total_change)
    if of.rank_change is not None:
        return Moved(_words(of.rank_change, of.last.rank), of.rank_change, of.total_change)
    if not (of.last.complete and of.row.complete):
        return Moved(f"{'本年' if not of.row.complete else '上年'}资料不全，不比")
    return Moved("", None, of.total_change)


def trials_compared(trial: Trial, user: User) -> tuple[dict[tuple[str, str], SeenTrial], str]:
    """(sheet, subject) → the card of the trial of the same month a year ago, and what is compared,
    in a sentence: nothing where there was none, or where it went by other rulebooks."""
    earlier = trials.year_before(trial)
    if earlier is None:
        return {}, "上年同月没有试算可比；试算只含本年到试算日为止的数，不与上年全年的得分比较。"
    when = f"上年同月（{day_of(earlier.frozen_at)}）的试算"
    if (earlier.rulebook_year, earlier.engine) != (trial.rulebook_year, trial.engine):
        return {}, f"{when}按另一年度的细则计算，不作比较。"
    found = {(card.sheet, card.code): card for card in trials.cards(earlier, user)}
    return found, f"与{when}比较。"


def of_trials(card: SeenTrial, before: Mapping[tuple[str, str], SeenTrial]) -> Moved:
    """A card of a trial beside the same one of the trial that it is compared with."""
    if not before:
        return Moved()
    last = before.get((card.sheet, card.code))
    if last is None:
        return Moved("上年没有")
    if not (card.complete and last.complete):
        return Moved("有不可计分的项，不比")
    gained = card.total - last.total
    if card.county_class != last.county_class:
        return Moved(_other_class(last.county_class), None, gained)
    if card.rank is None or last.rank is None:
        return Moved("", None, gained)
    climbed = last.rank - card.rank
    return Moved(_words(climbed, last.rank), climbed, gained)


def _other_class(name: str) -> str:
    return f"上年为{name or UNCLASSED}，不比名次"


def _words(climbed: int, last: int | None) -> str:
    said = f"升 {climbed} 位" if climbed > 0 else f"降 {-climbed} 位" if climbed else "持平"
    return f"{said}（上年第 {last} 名）"
