"""A line in words: the arithmetic that leads to its award, with the figures put in.

The comma is the half-width one, as in the format's own example of an explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tracker.scoring.exact import Number, divide, plain, shown
from tracker.scoring.exact import fixed as fixed_text
from tracker.scoring.rendering import Labels, label
from tracker.scoring.result import (
    FACT_MISSING,
    NOT_APPLICABLE,
    UNSCORABLE,
    Line,
    PartAward,
    Scorecard,
)
from tracker.scoring.rulebook import Method
from tracker.scoring.telling import Teller, Text, equation, joined
from tracker.scoring.way import counts_zero


def explain(line: Line, labels: Labels | None = None) -> str:
    """Say in Chinese how a line came to its award, as the engine that scored it did.

    `labels` maps measure names to Chinese labels, which then stand for the names.
    """
    labels = labels or {}
    tell = Teller(line.meaning, line.env, labels)
    if line.state == NOT_APPLICABLE:
        return _not_applicable(line, tell)
    if line.why == FACT_MISSING:
        names = "、".join(label(name, labels) for name in line.lacking)
        end = "不可计分" if line.state == UNSCORABLE else f"按规则计 {_award(line)} 分"
        return f"缺少 {names},{end}".replace("缺少 「", "缺少「")
    if line.state == UNSCORABLE:
        return f"{line.reason},不可计分"
    exact = line.exact * 10**line.decimals == line.units
    final = tell.award(f"{_award(line)} 分", exact)
    indicator = line.indicator
    note = _points_note(line)
    if indicator.combine is None:
        return note + _Sentence(tell, line.parts[0], line.scale, final).of(
            indicator.parts[0].method
        )
    texts = []
    for number, (part, award) in enumerate(zip(indicator.parts, line.parts, strict=True), 1):
        got = tell.figure(award.award)
        sentence = _Sentence(tell, award, line.scale, joined(got, " 分"))
        texts.append(f"({number}) {sentence.of(part.method)}")
    return f"{note}{';'.join(texts)};{_combined(line, tell, final)}"


def explain_spread(card: Scorecard) -> str:
    """Say what was spread over the other lines of a scorecard; "" if nothing was."""
    if card.spread is None:
        return ""
    codes = "、".join(card.spread.codes)
    points = shown(card.spread.points)
    if card.spread.whole:
        end = "基本分为 0" if card.assessed else "不予评定"
        return f"指标 {codes} 不适用,共 {points} 分,没有其余指标可分摊,{end}"
    return f"指标 {codes} 不适用,共 {points} 分,已按比例分摊到其余指标"


def explain_caps(card: Scorecard) -> list[str]:
    """Say which caps limited the sum of their lines, one sentence each."""
    return [
        f"指标 {'、'.join(used.cap.lines)} 合计 {used.before} 分,按限额计 {used.after} 分"
        for used in card.caps
    ]


def _award(line: Line) -> str:
    return fixed_text(line.units, line.decimals)


def _not_applicable(line: Line, tell: Teller) -> str:
    indicator = line.indicator
    if line.meaning.tells_whole and counts_zero(line):
        nothing = tell.nothing(indicator.applies) or tell.not_met(indicator.applies)
        return f"{nothing},按细则得 0 分"
    reason = f"不适用:{tell.not_met(indicator.applies)}"
    if indicator.kind != "score":
        return f"{reason},不计分"
    if indicator.absent == "full":
        return f"{reason},按满分计 {_award(line)} 分"
    if indicator.absent == "spread" and line.points:
        if line.nowhere_to_spread and line.meaning.may_not_assess:
            return f"{reason},{plain(line.points)} 分没有其余指标可分摊"
        return f"{reason},{plain(line.points)} 分分摊到其余指标"
    return f"{reason},计 {_award(line)} 分"


def _points_note(line: Line) -> str:
    """Say that a spread changed the points, which the sentence then uses."""
    if line.effective == line.points:
        return ""
    return f"分值由 {plain(line.points)} 分摊后为 {plain(line.effective)};"


def _combined(line: Line, tell: Teller, final: Text) -> str:
    combine = line.indicator.combine
    if combine == "sum":
        awards = [tell.figure(part.award) for part in line.parts]
        pieces = [piece for award in awards for piece in (" + ", award)][1:]
        return equation(joined(*pieces), final)
    return f"取{'最高' if combine == 'max' else '最低'}的一项,得 {final.alone}"


class _Sentence:
    """The sentence of one method: what was read, the arithmetic, and the award `final`."""

    def __init__(self, tell: Teller, part: PartAward, scale: Number, final: Text) -> None:
        self.tell = tell
        self.part = part
        self.scale = scale
        self.final = final

    def of(self, method: Method) -> str:
        """Write the sentence of a method."""
        return _SENTENCES[method.name](self, method.params)

    def got(self) -> str:
        return f"得 {self.final.alone}"

    def ratio(self, params: Mapping[str, Any]) -> str:
        value, target, ratio = self.part.trace
        tell, cap = self.tell, params["cap"]
        top, bottom = params["value"], params["target"]
        if params["lower_is_better"]:
            if value == 0 or (value < 0 and tell.marks):
                return f"{self._no_more_than_0(params, value)},{self._times(cap)}"
            top, bottom, value, target = bottom, top, target, value
        left = joined(tell.operand(top, value), " ÷ ", tell.operand(bottom, target))
        text = equation(left, tell.share(ratio))
        if ratio < params["floor"]:
            return f"{text},低于 {tell.share(params['floor']).alone},{self.got()}"
        if ratio <= 0:
            return f"{text},{self.got()}"
        if ratio > cap:
            return f"{text},按 {tell.share(cap).alone} 计,{self._times(cap)}"
        return f"{text},{self._times(ratio)}"

    def _no_more_than_0(self, params: Mapping[str, Any], value: Number) -> str:
        cap = self.tell.share(params["cap"]).alone
        if value == 0:
            return f"数值为 0,按 {cap} 计"
        return f"数值 {self.tell.worked(params['value'], value)},不大于 0,按 {cap} 计"

    def _times(self, ratio: Number) -> str:
        left = joined(self.tell.figure(self.part.points), " × ", self.tell.share(ratio))
        return equation(left, self.final)

    def gate(self, params: Mapping[str, Any]) -> str:
        return f"{self.tell.verdict(params['when'], self.part.trace[0])},{self.got()}"

    def count(self, params: Mapping[str, Any]) -> str:
        value, number, unit = self.part.trace
        tell, per = self.tell, params["per"]
        first = tell.read(number)
        if per == 1 and number == value:
            text = self._lead(params["value"], value)
            if text:
                first = tell.signed(number)
        else:
            each = divide(value, per)
            left = joined(tell.operand(params["value"], value), " ÷ ", tell.figure(per))
            text = equation(left, tell.figure(each))
            text += f",取整为 {tell.figure(number).text}" if number != each else ""
            text, first = text + ",", tell.signed(number)
        end = self._limited(joined(first, " × ", tell.signed(unit), " 分"), number * unit)
        return text + end

    def _lead(self, expression: Any, value: Number) -> str:
        """Write a compound expression and its value before the value is used; "" for a figure."""
        if expression.tree[0] in ("name", "number"):
            return ""
        return f"{self.tell.worked(expression, value)},"

    def _limited(self, left: Text, raw: Number, top: Number | None = None) -> str:
        """End a sentence: the award, and the limit where the raw figure is beyond it."""
        top = self.part.points if top is None else top
        if 0 <= raw <= top:
            return equation(left, self.final)
        text = equation(left, joined(self.tell.figure(raw), " 分"))
        limit = f"最高 {self.tell.figure(top).alone} 分" if raw > top else "最低 0 分"
        return f"{text},{limit},{self.got()}"

    def steps(self, params: Mapping[str, Any]) -> str:
        value, row, share = self.part.trace
        tell, steps = self.tell, params["steps"]
        reached, failed = _DIRECTIONS[params["direction"]]
        figure = tell.worked(params["value"], value)
        if row is None:
            return f"{figure},{failed} {tell.figure(steps[-1][0]).alone},{self.got()}"
        threshold, low = steps[row]
        if share is None:
            return f"{figure},{reached} {tell.figure(threshold).alone} 一档,{self.got()}"
        before, high = steps[row - 1]
        return (
            f"{figure},介于 {self._row(threshold, low)}与 {self._row(before, high)}之间,"
            f"按比例{self.got()}"
        )

    def _row(self, threshold: Number, award: Number) -> str:
        figure, points = self.tell.figure(threshold), self.tell.figure(award * self.scale)
        return f"{figure.alone}({points.alone} 分)"

    def growth(self, params: Mapping[str, Any]) -> str:
        value, base, growth, number, unit = self.part.trace
        tell, points = self.tell, self.part.points
        flat = points * params["flat"]
        based = tell.operand(params["base"], base)
        difference = joined(tell.operand(params["value"], value), " − ", based)
        if params["absolute"]:
            text = equation(difference, tell.figure(growth))
            step = tell.figure(params["step"]).alone
        else:
            text = equation(joined("(", difference, ") ÷ ", based), tell.share(growth))
            step = tell.share(params["step"]).alone
        start = joined("基础分 ", tell.figure(points), " × ", tell.share(params["flat"]))
        if number == 0:
            text += f",不足一个 {step}" if growth else ",与基数持平"
            return f"{text},{equation(start, self.final)}"
        moved = "每增" if growth >= 0 else "每降"
        text += f",{moved} {step} 计 1 次,共 {tell.figure(number).alone} 次"
        text += f",{equation(start, joined(tell.figure(flat), ' 分'))}"
        sign = " + " if unit >= 0 else " − "
        sums = (tell.figure(flat), sign, tell.figure(number), " × ", tell.figure(abs(unit)))
        top = points * params["ceiling"]
        return f"{text},{self._limited(joined(*sums), flat + number * unit, top)}"

    def efficacy(self, params: Mapping[str, Any]) -> str:
        value, low, high, share = self.part.trace
        tell, base = self.tell, params["base_share"]
        scaled = self._bounds(params, low, high)
        if low == high:
            scaled += ",各方相同,系数为 100%"
        else:
            ratio = divide(value - low, high - low)
            first, least, most = map(tell.signed, (value, low, high))
            left = joined("(", first, " − ", least, ") ÷ (", most, " − ", least, ")")
            scaled += f",{equation(left, tell.share(ratio))}"
            scaled += f",按 {tell.share(share).alone} 计" if ratio != share else ""
        shares = map(tell.share, (base, 1 - base, share))
        first, rest, part = shares
        left = joined(tell.figure(self.part.points), " × (", first, " + ", rest, " × ", part, ")")
        return f"{self._lead(params['value'], value)}{scaled},{equation(left, self.final)}"

    def _bounds(self, params: Mapping[str, Any], low: Number, high: Number) -> str:
        figure = self.tell.figure
        if params["low"] is not None:
            return f"不允许值 {figure(low).alone}、满意值 {figure(high).alone}"
        lowest, highest = sorted((low, high))
        return f"同类最低 {figure(lowest).alone}、最高 {figure(highest).alone}"

    def rank(self, params: Mapping[str, Any]) -> str:
        value, place, count = self.part.trace
        text = f"{self.tell.worked(params['value'], value)},同类 {count} 个中列第 {place}"
        if params["share_table"] is not None:
            text += f",位次占比 {self.tell.share(divide(place, count)).alone}"
        return f"{text},{self.got()}"

    def checklist(self, params: Mapping[str, Any]) -> str:
        there, absent = [], []
        for item, met in zip(params["items"], self.part.trace, strict=True):
            if met:
                award = self.tell.figure(item["award"] * self.scale)
                there.append(f"{item['name']} {award.alone} 分")
            else:
                absent.append(item["name"])
        texts = ["具备:" + "、".join(there)] if there else []
        texts += ["不具备:" + "、".join(absent)] if absent else []
        return f"{';'.join(texts)};{self.got()}"

    def deduct(self, params: Mapping[str, Any]) -> str:
        total, taken = self.part.trace
        tell, points = self.tell, self.part.points
        texts = []
        for item, (value, amount) in zip(params["items"], taken, strict=True):
            unit = item["unit"] * self.scale
            if value == 0 or unit == 0:
                continue
            left = joined(tell.operand(item["value"], value), " × ", tell.signed(unit))
            text = f"{item['name']} {equation(left, joined(tell.figure(value * unit), ' 分'))}"
            most = f"(最多 {tell.figure(amount).alone} 分)" if amount != value * unit else ""
            texts.append(text + most)
        if not texts:
            return f"没有扣分事项,{self.got()}"
        text = f"{';'.join(texts)};共扣 {tell.figure(total).alone} 分"
        if self.part.award < 0 or total == 0:
            limited = f",最多扣 {tell.figure(points).alone} 分" if total > points else ""
            return f"{text}{limited},{self.got()}"
        left = joined(tell.figure(points), " − ", tell.figure(total))
        return f"{text},{self._limited(left, points - total)}"


_DIRECTIONS = {
    "at_least": ("达到", "未达到"),
    "above": ("高于", "不高于"),
    "at_most": ("不超过", "超过"),
    "below": ("低于", "不低于"),
}

_SENTENCES: dict[str, Callable[[_Sentence, Mapping[str, Any]], str]] = {
    "ratio": _Sentence.ratio,
    "gate": _Sentence.gate,
    "count": _Sentence.count,
    "steps": _Sentence.steps,
    "growth": _Sentence.growth,
    "efficacy": _Sentence.efficacy,
    "rank": _Sentence.rank,
    "checklist": _Sentence.checklist,
    "deduct": _Sentence.deduct,
}
