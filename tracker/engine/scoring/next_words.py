"""What brings the next points, said in one Chinese sentence."""

from __future__ import annotations

from decimal import Decimal

from tracker.engine.scoring.next_points import NextPoints, Reach

YES_NO = "是否"
SHARE = "比例"


def next_words(item: NextPoints, label: str, unit: str = "") -> str:
    """Say what the smallest change gains and, where that is more, what the fact can gain in all.

    `label` and `unit` are the measure's; shares (比例) are said in percent, yes/no measures (是否)
    by their names. For example: 项目到位资金再增加 320 万元（至 1,320 万元），可再得 1.20 分.
    """
    text = f"{_step(item, label, unit)}，{_gain(item, item.next)}"
    if item.full == item.next or unit == YES_NO:
        return text
    return f"{text}；{_to(item)} {figure(item.full.then, unit)}，{_gain(item, item.full)}"


def figure(value: str, unit: str = "") -> str:
    """Write a decimal string with its unit: "1,320 万元", "85%"; 是 or 否 for yes/no measures."""
    if unit == YES_NO:
        return "否" if Decimal(value) == 0 else "是"
    if unit == SHARE:
        return f"{_grouped(_percent(value))}%"
    return f"{_grouped(value)} {unit}".rstrip()


def _step(item: NextPoints, label: str, unit: str) -> str:
    step = item.next
    if unit == YES_NO:
        after = figure(step.then, unit)
        if item.now is None:
            return f"{label}尚未报告，报“{after}”"
        return f"{label}由“{figure(item.now, unit)}”变为“{after}”"
    if item.now is None:
        return f"{label}尚未报告，报 {figure(step.then, unit)}"
    amount = step.change.removeprefix("-")
    size = f"{_grouped(_percent(amount))} 个百分点" if unit == SHARE else figure(amount, unit)
    verb = "减少" if _falls(item) else "再增加"
    return f"{label}{verb} {size}（至 {figure(step.then, unit)}）"


def _to(item: NextPoints) -> str:
    if item.now is None:
        return "报"
    return "减少到" if _falls(item) else "增加到"


def _falls(item: NextPoints) -> bool:
    return item.next.change.startswith("-")


def _gain(item: NextPoints, reach: Reach) -> str:
    if item.of_total:
        return f"总分可增加 {reach.gain} 分"
    return f"可{'少扣' if item.award < 0 else '再得'} {reach.gain} 分"


def _percent(value: str) -> str:
    text = format(Decimal(value).scaleb(2), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _grouped(value: str) -> str:
    whole, point, rest = value.partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole.removeprefix("-")
    first = len(digits) % 3
    groups = [digits[:first]] if first else []
    groups += [digits[i : i + 3] for i in range(first, len(digits), 3)]
    return f"{sign}{','.join(groups)}{point}{rest}"
