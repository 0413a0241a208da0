"""A line in words: the arithmetic that leads to its award, with the figures put in.

The comma is the half-width one, as in the format's own example of an explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tracker.scoring.exact import Number, divide, percent, plain, shown
from tracker.scoring.exact import fixed as fixed_text
from tracker.scoring.rendering import (
    Labels,
    label,
    operand,
    signed,
    verdict,
    worked,
)
from tracker.scoring.result import (
    FACT_MISSING,
    NOT_APPLICABLE,
    UNSCORABLE,
    Line,
    PartAward,
    Scorecard,
)
from tracker.scoring.rulebook import Method

Env = Mapping[str, Number]


def explain(line: Line, labels: Labels | None = None) -> str:
    """Say in Chinese how a line came to its award.

    `labels` maps measure names to Chinese labels, which then stand for the names.
    """
    labels = labels or {}
    if line.state == NOT_APPLICABLE:
        return _not_applicable(line)
    if line.why == FACT_MISSING:
        names = "、".join(label(name, labels) for name in line.lacking)
        end = "不可计分" if line.state == UNSCORABLE else f"按规则计 {_award(line)} 分"
        return f"缺少 {names},{end}".replace("缺少 「", "缺少「")
    if line.state == UNSCORABLE:
        return f"{line.reason},不可计分"
    final = f"{_award(line)} 分"
    indicator = line.indicator
    note = _points_note(line)
    if indicator.combine is None:
        return note + _method(indicator.parts[0].method, line.env, line.parts[0], line.scale, final)
    texts = []
    for number, (part, award) in enumerate(zip(indicator.parts, line.parts, strict=True), 1):
        text = _method(part.method, line.env, award, line.scale, f"{shown(award.award)} 分")
        texts.append(f"({number}) {text}")
    return f"{note}{';'.join(texts)};{_combined(line, final)}"


def explain_spread(card: Scorecard) -> str:
    """Say what was spread over the other lines of a scorecard; "" if nothing was."""
    if card.spread is None:
        return ""
    codes = "、".join(card.spread.codes)
    points = shown(card.spread.points)
    if all(
        line.spread_away or line.indicator.kind != "score" or not line.points for line in card.lines
    ):
        return f"指标 {codes} 不适用,共 {points} 分,没有其余指标可分摊,基本分为 0"
    return f"指标 {codes} 不适用,共 {points} 分,已按比例分摊到其余指标"


def explain_caps(card: Scorecard) -> list[str]:
    """Say which caps limited the sum of their lines, one sentence each."""
    return [
        f"指标 {'、'.join(used.cap.lines)} 合计 {used.before} 分,按限额计 {used.after} 分"
        for used in card.caps
    ]


def _award(line: Line) -> str:
    return fixed_text(line.units, line.decimals)


def _not_applicable(line: Line) -> str:
    indicator = line.indicator
    reason = f"不适用:{verdict(indicator.applies, line.env, False)}"
    if indicator.kind != "score":
        return f"{reason},不计分"
    if indicator.absent == "full":
        return f"{reason},按满分计 {_award(line)} 分"
    if indicator.absent == "spread" and line.points:
        return f"{reason},{plain(line.points)} 分分摊到其余指标"
    return f"{reason},计 {_award(line)} 分"


def _points_note(line: Line) -> str:
    """Say that a spread changed the points, which the sentence then uses."""
    if line.effective == line.points:
        return ""
    return f"分值由 {plain(line.points)} 分摊后为 {plain(line.effective)};"


def _combined(line: Line, final: str) -> str:
    awards = [shown(part.award) for part in line.parts]
    if line.indicator.combine == "sum":
        return f"{' + '.join(awards)} = {final}"
    word = "最高" if line.indicator.combine == "max" else "最低"
    return f"取{word}的一项,得 {final}"


def _method(method: Method, env: Env, part: PartAward, scale: Number, final: str) -> str:
    return _SENTENCES[method.name](method.params, env, part, scale, final)


Sentence = Callable[[Mapping[str, Any], Env, PartAward, Number, str], str]


def _ratio(params: Mapping[str, Any], env: Env, part: PartAward, scale: Number, final: str) -> str:
    value, target, ratio = part.trace
    top, bottom = params["value"], params["target"]
    if params["lower_is_better"]:
        if value == 0:
            return f"数值为 0,按 {percent(params['cap'])} 计,{_times(part, params['cap'], final)}"
        top, bottom, value, target = bottom, top, target, value
    text = f"{operand(top, env, value)} ÷ {operand(bottom, env, target)} = {percent(ratio)}"
    if ratio < params["floor"]:
        return f"{text},低于 {percent(params['floor'])},得 {final}"
    if ratio <= 0:
        return f"{text},得 {final}"
    if ratio > params["cap"]:
        return f"{text},按 {percent(params['cap'])} 计,{_times(part, params['cap'], final)}"
    return f"{text},{_times(part, ratio, final)}"


def _times(part: PartAward, ratio: Number, final: str) -> str:
    return f"{shown(part.points)} × {percent(ratio)} = {final}"


def _gate(params: Mapping[str, Any], env: Env, part: PartAward, scale: Number, final: str) -> str:
    return f"{verdict(params['when'], env, part.trace[0])},得 {final}"


def _count(params: Mapping[str, Any], env: Env, part: PartAward, scale: Number, final: str) -> str:
    value, number, unit = part.trace
    per = params["per"]
    if per == 1 and number == value:
        text = _lead(params["value"], env, value) + signed(value)
    else:
        text = (
            f"{operand(params['value'], env, value)} ÷ {shown(per)} = {shown(divide(value, per))}"
        )
        text += ",取整为 " + shown(number) if number != divide(value, per) else ""
        text += "," + signed(number)
    return f"{text} × {signed(unit)} 分{_limited(number * unit, part, final)}"


def _lead(expression: Any, env: Env, value: Number) -> str:
    """Write a compound expression and its value before the value is used; "" for a figure."""
    if expression.tree[0] in ("name", "number"):
        return ""
    return f"{worked(expression, env, value)},"


def _limited(raw: Number, part: PartAward, final: str, top: Number | None = None) -> str:
    """End a sentence: the award, and the limit where the raw figure is beyond it."""
    top = part.points if top is None else top
    if raw > top:
        return f" = {shown(raw)} 分,最高 {shown(top)} 分,得 {final}"
    if raw < 0:
        return f" = {shown(raw)} 分,最低 0 分,得 {final}"
    return f" = {final}"


_DIRECTIONS = {
    "at_least": ("达到", "未达到"),
    "above": ("高于", "不高于"),
    "at_most": ("不超过", "超过"),
    "below": ("低于", "不低于"),
}


def _steps(params: Mapping[str, Any], env: Env, part: PartAward, scale: Number, final: str) -> str:
    value, row, share = part.trace
    reached, failed = _DIRECTIONS[params["direction"]]
    figure = worked(params["value"], env, value)
    steps = params["steps"]
    if row is None:
        return f"{figure},{failed} {shown(steps[-1][0])},得 {final}"
    threshold, low = steps[row]
    if share is None:
        return f"{figure},{reached} {shown(threshold)} 一档,得 {final}"
    before, high = steps[row - 1]
    return (
        f"{figure},介于 {shown(threshold)}({shown(low * scale)} 分)与 "
        f"{shown(before)}({shown(high * scale)} 分)之间,按比例得 {final}"
    )


def _growth(params: Mapping[str, Any], env: Env, part: PartAward, scale: Number, final: str) -> str:
    value, base, growth, number, unit = part.trace
    flat = part.points * params["flat"]
    difference = f"{operand(params['value'], env, value)} − {operand(params['base'], env, base)}"
    if params["absolute"]:
        text = f"{difference} = {shown(growth)}"
        step = shown(params["step"])
    else:
        text = f"({difference}) ÷ {operand(params['base'], env, base)} = {percent(growth)}"
        step = percent(params["step"])
    start = f"基础分 {shown(part.points)} × {percent(params['flat'])} = {shown(flat)} 分"
    if number == 0:
        text += f",不足一个 {step}" if growth else ",与基数持平"
        return f"{text},基础分 {shown(part.points)} × {percent(params['flat'])} = {final}"
    sign = "+" if unit >= 0 else "−"
    moved = "每增" if growth >= 0 else "每降"
    text += f",{moved} {step} 计 1 次,共 {shown(number)} 次,{start}"
    raw = flat + number * unit
    sums = f"{shown(flat)} {sign} {shown(number)} × {shown(abs(unit))}"
    return f"{text},{sums}{_limited(raw, part, final, part.points * params['ceiling'])}"


def _efficacy(
    params: Mapping[str, Any], env: Env, part: PartAward, scale: Number, final: str
) -> str:
    value, low, high, share = part.trace
    base = params["base_share"]
    figure = _lead(params["value"], env, value)
    if params["low"] is not None:
        bounds = f"不允许值 {shown(low)}、满意值 {shown(high)}"
    else:
        lowest, highest = sorted((low, high))
        bounds = f"同类最低 {shown(lowest)}、最高 {shown(highest)}"
    if low == high:
        scaled = f"{bounds},各方相同,系数为 100%"
    else:
        ratio = divide(value - low, high - low)
        scaled = (
            f"{bounds},({signed(value)} − {signed(low)}) ÷ ({signed(high)} − {signed(low)})"
            f" = {percent(ratio)}"
        )
        scaled += f",按 {percent(share)} 计" if ratio != share else ""
    return (
        f"{figure}{scaled},{shown(part.points)} × ({percent(base)} + {percent(1 - base)} × "
        f"{percent(share)}) = {final}"
    )


def _rank(params: Mapping[str, Any], env: Env, part: PartAward, scale: Number, final: str) -> str:
    value, place, count = part.trace
    text = f"{worked(params['value'], env, value)},同类 {count} 个中列第 {place}"
    if params["share_table"] is not None:
        text += f",位次占比 {percent(divide(place, count))}"
    return f"{text},得 {final}"


def _checklist(
    params: Mapping[str, Any], env: Env, part: PartAward, scale: Number, final: str
) -> str:
    there, absent = [], []
    for item, met in zip(params["items"], part.trace, strict=True):
        if met:
            there.append(f"{item['name']} {shown(item['award'] * scale)} 分")
        else:
            absent.append(item["name"])
    texts = ["具备:" + "、".join(there)] if there else []
    texts += ["不具备:" + "、".join(absent)] if absent else []
    return f"{';'.join(texts)};得 {final}"


def _deduct(params: Mapping[str, Any], env: Env, part: PartAward, scale: Number, final: str) -> str:
    total, taken = part.trace
    texts = []
    for item, (value, amount) in zip(params["items"], taken, strict=True):
        unit = item["unit"] * scale
        if value == 0 or unit == 0:
            continue
        figure = operand(item["value"], env, value)
        text = f"{item['name']} {figure} × {signed(unit)} = {shown(value * unit)} 分"
        text += f"(最多 {shown(amount)} 分)" if amount != value * unit else ""
        texts.append(text)
    if not texts:
        return f"没有扣分事项,得 {final}"
    text = f"{';'.join(texts)};共扣 {shown(total)} 分"
    if part.award < 0 or total == 0:
        limited = f",最多扣 {shown(part.points)} 分" if total > part.points else ""
        return f"{text}{limited},得 {final}"
    return (
        f"{text},{shown(part.points)} − {shown(total)}{_limited(part.points - total, part, final)}"
    )


_SENTENCES: dict[str, Sentence] = {
    "ratio": _ratio,
    "gate": _gate,
    "count": _count,
    "steps": _steps,
    "growth": _growth,
    "efficacy": _efficacy,
    "rank": _rank,
    "checklist": _checklist,
    "deduct": _deduct,
}
