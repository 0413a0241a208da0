"""What changed between two scorings, said in Chinese: one sentence a line, one a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tracker.engine.scoring.changes import FactChange, LineChange, LineSide, SheetChange, SheetSide
from tracker.engine.scoring.diff import points_altered
from tracker.engine.scoring.exact import Number, plain
from tracker.engine.scoring.meaning import Meaning
from tracker.engine.scoring.next_words import YES_NO, figure, points_words
from tracker.engine.scoring.rendering import Labels, label
from tracker.engine.scoring.result import NOT_APPLICABLE, NOT_ASSESSED, UNCLASSED, UNSCORABLE
from tracker.engine.scoring.telling import Teller

_STATES = {UNSCORABLE: "不可计分", NOT_APPLICABLE: "不适用"}


def line_words(
    change: LineChange,
    labels: Labels | None = None,
    units: Mapping[str, str] | None = None,
    *,
    apart: bool = True,
) -> str:
    """Say how a line changed and by which facts.

    `labels` and `units` are those of the measures; a measure without a label goes by its name.
    `apart`: what rules and facts changed of the points is told apart.
    """
    reasons = _reasons(change, labels or {}, units or {})
    moved = change.difference or change.by_rule or change.by_own
    if apart and change.rules and change.before and change.after and moved:
        reasons.append(_parts(change.by_rule, change.by_own, change.meaning))
    if not reasons and change.before and change.after:
        reasons.append("本对象的数据没有变化，同类其他对象的数据有变化")
    head = f"指标 {change.line}「{change.name}」{_movement(change)}"
    return f"{head}：{'；'.join(text.rstrip() for text in reasons)}" if reasons else head


def reason_words(
    change: LineChange, labels: Labels | None = None, units: Mapping[str, str] | None = None
) -> str:
    """Say which facts and rules of a line changed, and nothing of its points: for a line whose rule
    is another, so that the points of before and of after are not held against each other."""
    reasons = _reasons(change, labels or {}, units or {}, alone=False)
    return "；".join(text.rstrip() for text in reasons)


def _reasons(
    change: LineChange, labels: Labels, units: Mapping[str, str], *, alone: bool = True
) -> list[str]:
    reasons = [_fact(fact, change, labels, units, alone=alone) for fact in change.facts]
    for value in change.class_values:
        tells = change.meaning.tells_units
        unit = units.get(value.name.partition(".")[2], "") if tells else ""
        before, after = _figures(value.before, value.after, unit, change)
        reasons.append(f"{_named(value.name, labels)}由{before}变为{after}")
    if change.before and change.after and not _points_told(change.before, change.after, change):
        points = [plain(each.points) for each in (change.before, change.after)]
        if change.meaning.tells_short:
            teller = Teller(change.meaning, {}, {})
            points = [teller.figure(each.points).alone for each in (change.before, change.after)]
        reasons.append(f"分值由 {points[0]} 分变为 {points[1]} 分")
    prefix = f"指标 {change.line}「{change.name}」："
    if change.reread:
        reasons.append(f"计分引擎更新后，同样的事实{_now(change.reread, change.meaning)}")
    reasons += [f"细则调整，{rule.removeprefix(prefix)}" for rule in change.rules]
    return reasons


def _points_told(before: LineSide, after: LineSide, change: LineChange) -> bool:
    """Whether the points of a line are the same, or its rules say that the rulebook has others."""
    if before.points == after.points:
        return True
    return points_altered(change.line, change.name, before.points, after.points) in change.rules


def sheet_words(change: SheetChange) -> str:
    """Say how a sheet as a whole changed: total, grade, rank, class, vetoes."""
    before, after, meaning = change.before, change.after, change.meaning
    if before is None:
        assert after is not None, "a change has a side"
        total = points_words(after.total, meaning)
        return f"「{change.name}」新列入，总分 {total} 分，{_graded(after)}"
    if after is None:
        total = points_words(before.total, meaning)
        return f"「{change.name}」不再列入，原总分 {total} 分，{_graded(before)}"
    parts = []
    if before.total == after.total:
        parts.append(f"总分仍为 {points_words(after.total, meaning)} 分")
    else:
        moved = after.total - before.total
        totals = [points_words(each.total, meaning) for each in (before, after)]
        parts.append(f"总分由 {totals[0]} 分变为 {totals[1]} 分（{_signed(moved, meaning)} 分）")
    if change.by_rule:
        parts[-1] += f"，{_parts(change.by_rule, change.by_own, meaning)}"
    for name, earlier, later in _aspects(before, after):
        if earlier != later:
            parts.append(f"{name}由{earlier}变为{later}")
    return f"「{change.name}」{'，'.join(parts)}"


def _parts(by_rule: Decimal | None, by_own: Decimal | None, meaning: Meaning) -> str:
    """What the rule and what the facts changed of the points, told apart."""
    if by_rule is None or by_own is None:
        return "细则调整与数据变化各占多少，无法分开"
    points = [_signed(each, meaning) for each in (by_rule, by_own)]
    return f"其中细则调整 {points[0]} 分，数据变化 {points[1]} 分"


def _signed(points: Decimal, meaning: Meaning) -> str:
    return f"{'+' if points >= 0 else ''}{points_words(points, meaning)}"


def _aspects(before: SheetSide, after: SheetSide) -> list[tuple[str, str, str]]:
    return [
        ("等次", before.grade or NOT_ASSESSED, after.grade or NOT_ASSESSED),
        ("名次", _rank(before), _rank(after)),
        ("类别", before.class_name or UNCLASSED, after.class_name or UNCLASSED),
        ("一票否决", "、".join(before.vetoes) or "无", "、".join(after.vetoes) or "无"),
        ("评分表", _whole(before), _whole(after)),
    ]


def _graded(side: SheetSide) -> str:
    return f"等次{side.grade}" if side.grade is not None else NOT_ASSESSED


def _rank(side: SheetSide) -> str:
    return "不排名" if side.rank is None else f"第{side.rank}"


def _whole(side: SheetSide) -> str:
    return "完整" if side.complete else "不完整"


def _movement(change: LineChange) -> str:
    before, after, meaning = change.before, change.after, change.meaning
    if before is None:
        assert after is not None, "a change has a side"
        return f"为新增指标，现计{_award(after, meaning)}"
    if after is None:
        return f"不再考核，原计{_award(before, meaning)}"
    if before.state == after.state and before.award == after.award:
        return f"仍为{_award(after, meaning)}"
    moved = f"（{_signed(change.difference, meaning)} 分）" if change.difference else ""
    return f"由{_award(before, meaning)}变为{_award(after, meaning)}{moved}"


def _award(side: LineSide, meaning: Meaning) -> str:
    """Write " 4.20 分", or the state of a line that is not scored, with its points if any."""
    state = _STATES.get(side.state)
    if state is None:
        return f" {points_words(side.award, meaning)} 分"
    points = points_words(side.award, meaning)
    return f"“{state}”（计 {points} 分）" if side.award else f"“{state}”"


def _now(side: LineSide, meaning: Meaning) -> str:
    return f"{'为' if side.state in _STATES else '计'}{_award(side, meaning)}"


def _fact(
    fact: FactChange, change: LineChange, labels: Labels, units: Mapping[str, str], *, alone: bool
) -> str:
    unit = units.get(fact.measure, "")
    before, after = _figures(fact.before, fact.after, unit, change)
    if not fact.read[0]:
        return f"新取用{_named(fact.measure, labels)}，为{after}"
    if not fact.read[1]:
        return f"不再取用{_named(fact.measure, labels)}，原为{before}"
    text = f"{_named(fact.measure, labels)}由{before}变为{after}"
    if fact.alone is None or not alone or change.only_cause is not None:
        return text
    return f"{text.rstrip()}（只变这一项时为{_award(fact.alone, change.meaning)}）"


def _named(measure: str, labels: Labels) -> str:
    return _spaced(label(measure, labels)).lstrip()


def _figures(
    before: Number | None, after: Number | None, unit: str, change: LineChange
) -> tuple[str, str]:
    """Both sides of a change, with as many decimals as tell them apart; rounded ones carry ≈."""
    sides = (before, after), (after, before)
    first, second = (_figure(own, other, unit, change.meaning) for own, other in sides)
    return first, second


def _figure(value: Number | None, other: Number | None, unit: str, meaning: Meaning) -> str:
    if value is None:
        return "“未报告”"
    if unit == YES_NO or not meaning.tells_units:
        return _spaced(figure(plain(value), unit, meaning))
    teller = Teller(meaning, {}, {})
    found = teller.figure(value, unit, () if other is None else (other,))
    return _spaced(teller.finished(found.alone))


def _spaced(text: str) -> str:
    """Put a space on the sides where figures or Latin letters would touch Chinese text."""
    before = " " if text[0].isascii() else ""
    return f"{before}{text}{' ' if text[-1].isascii() else ''}"
