"""What brings the next points, said in one Chinese sentence."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from tracker.engine.scoring.exact import minus
from tracker.engine.scoring.meaning import CURRENT, Meaning
from tracker.engine.scoring.next_points import NextPoints, Reach

YES_NO = "是否"
SHARE = "比例"


_HUNDREDTH = Decimal("0.01")


def next_words(item: NextPoints, label: str, unit: str = "", meaning: Meaning = CURRENT) -> str:
    """Say what the smallest change gains and, where that is more, what the fact can gain in all.

    `label` and `unit` are the measure's; shares (比例) are said in percent, yes/no measures (是否)
    by their names. For example: 项目到位资金再增加 320 万元（至 1,320 万元），可再得 1.20 分.
    What two decimals do not write is rounded on the way of the change, so that who reaches the
    figure that is said has made the change.
    """
    step = reach_words(item, item.next, label, unit, meaning)
    text = f"{step}，{_gain(item, item.next, meaning)}"
    if item.full == item.next or unit == YES_NO:
        return text
    reached = reached_figure(item, item.full, unit, meaning)
    return f"{text}；{_to(item)} {reached}，{_gain(item, item.full, meaning)}"


def figure(
    value: str, unit: str = "", meaning: Meaning = CURRENT, rounding: str = ROUND_HALF_UP
) -> str:
    """Write a decimal string with its unit: "1,320 万元", "85%"; 是 or 否 for yes/no measures.

    Since engine 1.4 with two decimals at most, ≈ where that rounds, unless nothing would be left.
    """
    if unit == YES_NO:
        return "否" if Decimal(value) == 0 else "是"
    number, behind = (_percent(value), "%") if unit == SHARE else (value, f" {unit}")
    return f"{_written(number, meaning, rounding)}{behind}".rstrip()


def reached_figure(item: NextPoints, reach: Reach, unit: str, meaning: Meaning) -> str:
    """The figure that a change leads to."""
    return figure(reach.then, unit, meaning, ROUND_FLOOR if _falls(item) else ROUND_CEILING)


def points_words(points: Decimal, meaning: Meaning = CURRENT) -> str:
    """Points (分) with their decimals; since engine 1.4 two at most, ≈ where that rounds."""
    if not meaning.tells_short or -int(points.as_tuple().exponent) <= 2:
        return minus(str(points)) if meaning.tells_short else str(points)
    rounded = points.quantize(_HUNDREDTH, ROUND_HALF_UP) or points
    return minus(f"{'' if rounded == points else '≈'}{rounded}")


def reach_words(
    item: NextPoints, step: Reach, label: str, unit: str = "", meaning: Meaning = CURRENT
) -> str:
    """Say a change of the fact, without what it gains: 到位资金再增加 320 万元（至 1,320 万元）."""
    if unit == YES_NO:
        after = figure(step.then, unit, meaning)
        if item.now is None:
            return f"{label}尚未报告，报“{after}”"
        return f"{label}由“{figure(item.now, unit, meaning)}”变为“{after}”"
    if item.now is None:
        return f"{label}尚未报告，报 {reached_figure(item, step, unit, meaning)}"
    amount = step.change.removeprefix("-")
    size = (
        f"{_written(_percent(amount), meaning, ROUND_CEILING)} 个百分点"
        if unit == SHARE
        else figure(amount, unit, meaning, ROUND_CEILING)
    )
    verb = "减少" if _falls(item) else "再增加"
    return f"{label}{verb} {size}（至 {reached_figure(item, step, unit, meaning)}）"


def _to(item: NextPoints) -> str:
    if item.now is None:
        return "报"
    return "减少到" if _falls(item) else "增加到"


def _falls(item: NextPoints) -> bool:
    return item.next.change.startswith("-")


def _gain(item: NextPoints, reach: Reach, meaning: Meaning) -> str:
    gain = points_words(reach.gain, meaning)
    if item.of_total:
        return f"总分可增加 {gain} 分"
    return f"可{'少扣' if item.award < 0 else '再得'} {gain} 分"


def _percent(value: str) -> str:
    text = format(Decimal(value).scaleb(2), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _written(value: str, meaning: Meaning, rounding: str) -> str:
    if not meaning.tells_short:
        return _grouped(value)
    exact = Decimal(value)
    near = exact.quantize(_HUNDREDTH, rounding)
    if near == exact or not near:
        return minus(_grouped(value))
    text = f"{near:f}".rstrip("0").rstrip(".")
    return f"≈{minus(_grouped(text))}"


def _grouped(value: str) -> str:
    whole, point, rest = value.partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole.removeprefix("-")
    first = len(digits) % 3
    groups = [digits[:first]] if first else []
    groups += [digits[i : i + 3] for i in range(first, len(digits), 3)]
    return f"{sign}{','.join(groups)}{point}{rest}"
