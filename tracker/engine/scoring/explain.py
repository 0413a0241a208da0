"""A line in words: the arithmetic that leads to its award, with the figures put in.

Up to engine 1.2 the marks between clauses are half-width, as in the format's own example; since 1.3
they are full-width, and the half-width comma groups thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tracker.engine.scoring.exact import Number, divide, floor, plain, shown
from tracker.engine.scoring.exact import fixed as fixed_text
from tracker.engine.scoring.rendering import Labels, label
from tracker.engine.scoring.result import (
    FACT_MISSING,
    NOT_APPLICABLE,
    UNSCORABLE,
    Line,
    PartAward,
    Scorecard,
)
from tracker.engine.scoring.rulebook import Method
from tracker.engine.scoring.telling import Teller, Text, equation, joined
from tracker.engine.scoring.way import counts_zero


def explain(
    line: Line, labels: Labels | None = None, units: Mapping[str, str] | None = None
) -> str:
    """Say in Chinese how a line came to its award, as the engine that scored it did.

    `labels` maps measure names to Chinese labels, which then stand for the names; `units` to the
    units that figures carry (since engine 1.3; "比例" is said in percent, "是否" as 是 or 否).
    """
    tell = Teller(line.meaning, line.env, labels or {}, units)
    return tell.finished(_explained(line, tell))


def _explained(line: Line, tell: Teller) -> str:
    labels = tell.labels
    if line.state == NOT_APPLICABLE:
        return _not_applicable(line, tell)
    if line.why == FACT_MISSING:
        names = "、".join(label(name, labels) for name in line.lacking)
        end = "不可计分" if line.state == UNSCORABLE else f"按规则计 {_award(line)} 分"
        return f"缺少 {names},{end}".replace("缺少 「", "缺少「")
    if line.state == UNSCORABLE:
        return f"{tell.kept(line.reason)},不可计分"
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
    before, after = plain(line.points), plain(line.effective)
    if line.meaning.tells_units:
        return f"分值由 {before} 分经分摊变为 {after} 分;"
    return f"分值由 {before} 分摊后为 {after};"


def _combined(line: Line, tell: Teller, final: Text) -> str:
    combine = line.indicator.combine
    if combine == "sum":
        awards = [tell.figure(part.award) for part in line.parts]
        fen = " 分" if tell.full else ""
        pieces = [piece for award in awards for piece in (" + ", award, fen)][1:]
        return equation(joined(*pieces), final)
    return f"取{'最高' if combine == 'max' else '最低'}的一项,得 {final.alone}"


class _Sentence:
    """The sentence of one method: what was read, the arithmetic, and the award `final`."""

    def __init__(self, tell: Teller, part: PartAward, scale: Number, final: Text) -> None:
        self.tell = tell
        self.part = part
        self.scale = scale
        self.final = final
        self.fen = " 分" if tell.full else ""

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
                return f"{self._no_more_than_0(params, value)},{self._times(tell.share(cap))}"
            top, bottom, value, target = bottom, top, target, value
        first = tell.operand(top, value, tell.unit(bottom))
        left = joined(first, " ÷ ", tell.operand(bottom, target, tell.unit(top)))
        share = tell.share(ratio, (0, params["floor"], cap))
        text = equation(left, share)
        if ratio < params["floor"]:
            return f"{text},低于 {tell.share(params['floor']).alone},{self.got()}"
        if ratio <= 0:
            return f"{text},{self.got()}"
        if ratio > cap:
            return f"{text},按 {tell.share(cap).alone} 计,{self._times(tell.share(cap))}"
        return f"{text},{self._times(share)}"

    def _no_more_than_0(self, params: Mapping[str, Any], value: Number) -> str:
        cap = self.tell.share(params["cap"]).alone
        if value == 0:
            return f"数值为 0,按 {cap} 计"
        return f"数值 {self.tell.worked(params['value'], value)},不大于 0,按 {cap} 计"

    def _times(self, share: Text) -> str:
        left = joined(self.tell.figure(self.part.points), self.fen, " × ", share)
        return equation(left, self.final)

    def gate(self, params: Mapping[str, Any]) -> str:
        return f"{self.tell.verdict(params['when'], self.part.trace[0])},{self.got()}"

    def count(self, params: Mapping[str, Any]) -> str:
        value, number, unit = self.part.trace
        tell, per = self.tell, params["per"]
        of_value = tell.unit(params["value"])
        first = tell.read(number, of_value)
        if per == 1 and number == value:
            text = self._lead(params["value"], value)
            if text:
                first = tell.signed(number, of_value)
        else:
            each = divide(value, per)
            figure = tell.figure(each, "", (number, number + 1))
            left = joined(tell.operand(params["value"], value), " ÷ ", tell.figure(per, of_value))
            text = equation(left, figure)
            if number != each:
                text += f",取整为 {tell.figure(number).text}"
            text, first = text + ",", tell.signed(number)
            if number == each:
                first = Text(f"({figure.text})" if number < 0 else figure.text, figure.exact)
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
        text = equation(left, joined(self.tell.figure(raw, "", (0, top)), " 分"))
        limit = f"最高 {self.tell.figure(top).alone} 分" if raw > top else "最低 0 分"
        return f"{text},{limit},{self.got()}"

    def steps(self, params: Mapping[str, Any]) -> str:
        value, row, share = self.part.trace
        tell, steps = self.tell, params["steps"]
        unit = tell.unit(params["value"])
        reached, failed = _DIRECTIONS[params["direction"]]
        figure = tell.worked(params["value"], value, (threshold for threshold, _ in steps))
        if row is None:
            return f"{figure},{failed} {tell.figure(steps[-1][0], unit).alone},{self.got()}"
        threshold, low = steps[row]
        if share is None:
            step = tell.figure(threshold, unit).alone
            blank = " " if step[-1].isascii() else ""
            return f"{figure},{reached} {step}{blank}一档,{self.got()}"
        before, high = steps[row - 1]
        return (
            f"{figure},介于 {self._row(threshold, low, unit)}与 "
            f"{self._row(before, high, unit)}之间,按比例{self.got()}"
        )

    def _row(self, threshold: Number, award: Number, unit: str) -> str:
        figure, points = self.tell.figure(threshold, unit), self.tell.figure(award * self.scale)
        return f"{figure.alone}({points.alone} 分)"

    def growth(self, params: Mapping[str, Any]) -> str:
        value, base, growth, number, unit = self.part.trace
        tell, points, step = self.tell, self.part.points, params["step"]
        flat = points * params["flat"]
        units = tell.unit(params["value"]), tell.unit(params["base"])
        based = tell.operand(params["base"], base, units[0])
        difference = joined(tell.operand(params["value"], value, units[1]), " − ", based)
        whole = (0, *((sign * n * step) for sign in (1, -1) for n in (floor(number), number + 1)))
        if params["absolute"]:
            of_both = units[0] if units[0] == units[1] else ""
            text = equation(difference, tell.figure(growth, of_both, whole))
            every = tell.figure(step, of_both).alone
        else:
            left = joined("(", difference, ") ÷ ", based)
            text = equation(left, tell.share(growth, whole))
            every = tell.share(step).alone
        fen = self.fen
        start = joined("基础分 ", tell.figure(points), fen, " × ", tell.share(params["flat"]))
        if number == 0:
            text += f",不足一个 {every}" if growth else ",与基数持平"
            return f"{text},{equation(start, self.final)}"
        moved = "每增" if growth >= 0 else "每降"
        text += f",{moved} {every} 计 1 次,共 {tell.figure(number).alone} 次"
        text += f",{equation(start, joined(tell.figure(flat), ' 分'))}"
        sign = " + " if unit >= 0 else " − "
        times = " 次" if fen else ""
        sums = (tell.figure(flat), fen, sign, tell.figure(number), times, " × ")
        left = joined(*sums, tell.figure(abs(unit)), fen)
        top = points * params["ceiling"]
        return f"{text},{self._limited(left, flat + number * unit, top)}"

    def efficacy(self, params: Mapping[str, Any]) -> str:
        value, low, high, share = self.part.trace
        tell, base = self.tell, params["base_share"]
        unit = tell.unit(params["value"])
        scaled = self._bounds(params, low, high, unit)
        if low == high:
            scaled += ",各方相同,系数为 100%"
        else:
            ratio = divide(value - low, high - low)
            first, least, most = (tell.signed(each, unit) for each in (value, low, high))
            left = joined("(", first, " − ", least, ") ÷ (", most, " − ", least, ")")
            scaled += f",{equation(left, tell.share(ratio, (0, 1)))}"
            scaled += f",按 {tell.share(share).alone} 计" if ratio != share else ""
        first, rest = tell.share(base), tell.share(1 - base)
        part = tell.share(share, (0, 1))
        points = joined(tell.figure(self.part.points), self.fen)
        left = joined(points, " × (", first, " + ", rest, " × ", part, ")")
        return f"{self._lead(params['value'], value)}{scaled},{equation(left, self.final)}"

    def _bounds(self, params: Mapping[str, Any], low: Number, high: Number, unit: str) -> str:
        figure = self.tell.figure
        if params["low"] is not None:
            return f"不允许值 {figure(low, unit).alone}、满意值 {figure(high, unit).alone}"
        lowest, highest = sorted((low, high))
        return f"同类最低 {figure(lowest, unit).alone}、最高 {figure(highest, unit).alone}"

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
                there.append(f"{self.tell.kept(item['name'])} {award.alone} 分")
            else:
                absent.append(self.tell.kept(item["name"]))
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
            left = joined(tell.operand(item["value"], value), " × ", tell.signed(unit), self.fen)
            result = tell.figure(value * unit, "", () if item["max"] is None else (amount,))
            text = f"{tell.kept(item['name'])} {equation(left, joined(result, ' 分'))}"
            most = f"(最多 {tell.figure(amount).alone} 分)" if amount != value * unit else ""
            texts.append(text + most)
        if not texts:
            return f"没有扣分事项,{self.got()}"
        text = f"{';'.join(texts)};共扣 {tell.figure(total).alone} 分"
        if tell.full and sum(amount for _, amount in taken) < 0:
            text = f"{';'.join(texts)};合计少于 0 分,不倒加,共扣 0 分"
        if self.part.award < 0 or total == 0:
            limited = f",最多扣 {tell.figure(points).alone} 分" if total > points else ""
            return f"{text}{limited},{self.got()}"
        fen = self.fen
        left = joined(tell.figure(points), fen, " − ", tell.figure(total), fen)
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
