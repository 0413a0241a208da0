"""What brings a subject its next points, in words, from the frozen facts and the rulebook.

While the year runs these are changes of facts. After 31 December the year's facts are what they
are: what is left is to hand in what is lacking, to prove, and to object. All gains are the total's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tracker.core.quantities.clock import local
from tracker.engine.scoring import (
    WORTH,
    Facts,
    Meaning,
    NextPoints,
    Number,
    exact,
    figure,
    gains_with,
    meaning_of,
    next_points,
    next_totals,
    next_words,
    plain,
    points_words,
    reached_figure,
)
from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.year.measures.columns import UNPROVEN

ONE = Decimal(1)
LEAST = Decimal("0.10")  # 分; less is not worth a line on a card
WHOLE_UNITS = frozenset("个次家户项件起对人村名") | {"人次", "是否"}
SHARES = frozenset({"比例", "是否"})
# Whether a report came in time: unknown until it came or its date has passed.
PUNCTUAL = ("reports.", "enclave_reports.")


@dataclass(frozen=True)
class Remedy:
    """What can still be done when the year is over: `words` say what, `gain` what the total (分)
    gains with `value`, the figure as it was reported, or at the least one that is filed late."""

    line: str
    measure: str
    words: str
    gain: Decimal
    value: Number


Step = NextPoints | Remedy


@dataclass(frozen=True)
class Gone:
    """A fact that would bring points, and why it can no longer."""

    step: NextPoints
    why: str


def steps_of(
    snapshot: ScoredSnapshot, sheet: ScoredSheet, codes: list[str]
) -> Iterator[tuple[str, list[Step]]]:
    """Each of the subjects with its `next_steps`, found in one go: the class is made ready once,
    not once a subject."""
    found = _by_subject(snapshot, sheet, codes)
    for code in codes:
        yield code, _steps(snapshot, sheet, code, found[code])


def outlook_of(
    snapshot: ScoredSnapshot, sheet: ScoredSheet, codes: list[str]
) -> Iterator[tuple[str, list[Step], list[Gone]]]:
    """As `steps_of`, each with what would bring points and is no longer possible."""
    found = _by_subject(snapshot, sheet, codes)
    for code in codes:
        steps = _steps(snapshot, sheet, code, found[code])
        possible = {step.measure for step in steps}
        over = year_is_over(snapshot)
        gone = [
            Gone(step, _why_gone(step, over=over))
            for step in found[code]
            if step.full.gain >= LEAST and step.measure not in possible
        ]
        yield code, steps, sorted(gone, key=lambda each: -each.step.full.gain)


def _why_gone(step: NextPoints, *, over: bool) -> str:
    if over:
        return "年度已结束，数据不能再改变"
    return "期限已过" if step.measure.startswith(PUNCTUAL) else "已经发生，不能撤销"


def _by_subject(
    snapshot: ScoredSnapshot, sheet: ScoredSheet, codes: list[str]
) -> dict[str, list[NextPoints]]:
    find = next_totals if sheet.rulebook.meaning.tells_whole else next_points
    found: dict[str, list[NextPoints]] = {code: [] for code in codes}
    for step in _changes(snapshot, sheet, codes, find):
        found[step.subject].append(step)
    return found


def next_steps(snapshot: ScoredSnapshot, sheet: ScoredSheet, code: str) -> list[Step]:
    """What gains the subject points in the total, what is worth the effort first, then the
    cheapest; after the year only what is still possible.

    Counts move by whole units, money by 0.01 万元; shares stop at 100 %. Cheapest: the least part
    of what the fact is now for the points that it gains. A snapshot of an engine before 1.2 has
    the steps that it had then.
    """
    ((_, steps),) = steps_of(snapshot, sheet, [code])
    return steps


def _steps(
    snapshot: ScoredSnapshot, sheet: ScoredSheet, code: str, changes: list[NextPoints]
) -> list[Step]:
    if not sheet.rulebook.meaning.tells_whole:
        return [*sorted(changes, key=price)]
    found = [
        step for step in changes if step.full.gain >= LEAST and not _is_past(sheet, code, step)
    ]
    if not year_is_over(snapshot):
        return [*sorted(found, key=lambda step: (step.full.gain < WORTH, price(step)))]
    remedies = [*_remedies(snapshot, sheet, code), *_filings(snapshot, sheet, found)]
    return sorted(remedies, key=lambda step: (-step.gain, step.line, step.measure))


def _is_past(sheet: ScoredSheet, code: str, step: NextPoints) -> bool:
    """Whether the fact is an event that nothing undoes: a finding or an accident that takes points
    away, or a date that was missed."""
    if step.measure.startswith(PUNCTUAL):
        return step.now is not None
    parts = sheet.card(code).line(step.line).indicator.parts
    takes_away = all(part.method.name == "deduct" for part in parts)
    return takes_away and Decimal(step.full.change) < 0


def year_is_over(snapshot: ScoredSnapshot) -> bool:
    """Whether 31 December was over in China when the facts were frozen."""
    frozen = local(datetime.fromisoformat(snapshot.document["frozen_at"]))
    return frozen.year > int(snapshot.document["year"])


def step_words(snapshot: ScoredSnapshot, step: Step) -> str:
    """A step as a sentence: 项目到位资金再增加 320 万元（至 1,320 万元），总分可增加 1.20 分."""
    meaning = meaning_of(snapshot.document["engine"])
    if isinstance(step, Remedy):
        return f"{step.words}，总分可增加 {points_words(step.gain, meaning)} 分"
    about = snapshot.document["measures"][step.measure]
    return next_words(step, about["label"], about["unit"], meaning)


def _facts(sheet: ScoredSheet) -> Facts:
    return Facts(
        sheet.rulebook.year,
        tuple(card.subject for card in sheet.result.scorecards),
        sheet.result.facts_sha256,
    )


def _changes(
    snapshot: ScoredSnapshot,
    sheet: ScoredSheet,
    codes: list[str],
    find: Callable[..., list[NextPoints]],
) -> list[NextPoints]:
    units = {name: about["unit"] for name, about in snapshot.document["measures"].items()}
    found = find(
        sheet.rulebook,
        _facts(sheet),
        granularity={name: ONE for name, unit in units.items() if unit in WHOLE_UNITS},
        highest={name: ONE for name, unit in units.items() if unit in SHARES},
        subjects=frozenset(codes),
    )
    # The mean of other sheets is no fact of this subject: those sheets say what would raise it.
    return [step for step in found if not step.measure.startswith("score.")]


def _remedies(snapshot: ScoredSnapshot, sheet: ScoredSheet, code: str) -> Iterator[Remedy]:
    """Proof for what counts as nothing without it, and objections against corrections: what the
    total gains if the figure counts as it was reported."""
    counted = sheet.card(code).subject.measures
    reported = sheet.card(code, RulingLevel.COUNTY).subject.measures
    lines = {name: line.code for line in reversed(sheet.card(code).lines) for name in line.inputs}
    moved = [
        name
        for name in lines
        if name in reported
        and counted.get(name) != reported[name]
        and not name.startswith("score.")
    ]
    gains = gains_with(
        sheet.rulebook, _facts(sheet), code, [(name, reported[name]) for name in moved]
    )
    for name, gain in zip(moved, gains, strict=True):
        reason = sheet.reason(code, name)
        if gain is None or gain < LEAST or not reason:
            continue
        about = snapshot.document["measures"][name]
        shown = _figure(reported[name], about["unit"], sheet.rulebook.meaning)
        if reason.startswith(UNPROVEN):
            words = f"{about['label']}补交佐证材料，按上报的 {shown}计"
        else:
            words = f"{about['label']}如对核定有异议（{reason}），异议成立、按上报的 {shown}计"
        yield Remedy(lines[name], name, words, gain, reported[name])


def _filings(
    snapshot: ScoredSnapshot, sheet: ScoredSheet, found: list[NextPoints]
) -> Iterator[Remedy]:
    """What was never reported can be handed in late; its figure is for the subject to say."""
    for step in found:
        if step.now is None:
            about = snapshot.document["measures"][step.measure]
            then = reached_figure(step, step.next, about["unit"], sheet.rulebook.meaning)
            words = f"{about['label']}尚未报送，补报；如为 {then}"
            value = exact(Decimal(step.next.then))
            yield Remedy(step.line, step.measure, words, step.next.gain, value)


def _figure(value: Number, unit: str, meaning: Meaning) -> str:
    text = figure(plain(value), unit, meaning)
    return f"“{text}”" if unit == "是否" else text


def price(step: NextPoints) -> tuple[Decimal, str]:
    """What a point costs, as far as that can be told: the part of what the fact is now."""
    change, now = abs(Decimal(step.full.change)), abs(Decimal(step.now or 0))
    return change / max(now, ONE) / step.full.gain, step.line
