"""A line in words: the arithmetic that leads to its award, with the figures put in.

Up to engine 1.2 the marks between clauses are half-width, as in the format's own example; since 1.3
they are full-width, and the half-width comma groups thousands.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tracker.engine.scoring.exact import plain, shown
from tracker.engine.scoring.rendering import Labels, label
from tracker.engine.scoring.result import (
    FACT_MISSING,
    NOT_APPLICABLE,
    UNSCORABLE,
    Line,
    Scorecard,
)
from tracker.engine.scoring.sentence import Sentence
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
        end = "不可计分" if line.state == UNSCORABLE else f"按规则计 {_award(line, tell).alone} 分"
        return f"缺少 {names},{end}".replace("缺少 「", "缺少「")
    if line.state == UNSCORABLE:
        return f"{tell.kept(line.reason)},不可计分"
    exact = line.exact.numerator * 10**line.decimals == line.units * line.exact.denominator
    award = _award(line, tell)
    final = tell.award(f"{award.text} 分", exact and award.exact)
    indicator = line.indicator
    note = _points_note(line, tell)
    if indicator.combine is None:
        return note + Sentence(tell, line.parts[0], line.scale, final).of(indicator.parts[0].method)
    texts = []
    for number, (part, given) in enumerate(zip(indicator.parts, line.parts, strict=True), 1):
        got = tell.figure(given.award)
        sentence = Sentence(tell, given, line.scale, joined(got, " 分"))
        texts.append(f"({number}) {sentence.of(part.method)}")
    return f"{note}{';'.join(texts)};{_combined(line, tell, final)}"


def explain_spread(card: Scorecard) -> str:
    """Say what was spread over the other lines of a scorecard; "" if nothing was."""
    if card.spread is None:
        return ""
    codes = "、".join(card.spread.codes)
    tell = _teller(card)
    points = tell.figure(card.spread.points).alone if tell.short else shown(card.spread.points)
    if card.spread.whole:
        end = "基本分为 0" if card.assessed else "不予评定"
        return f"指标 {codes} 不适用,共 {points} 分,没有其余指标可分摊,{end}"
    return f"指标 {codes} 不适用,共 {points} 分,已按比例分摊到其余指标"


def explain_caps(card: Scorecard) -> list[str]:
    """Say which caps limited the sum of their lines, one sentence each."""
    tell = _teller(card)

    def told(points: Decimal) -> str:
        decimals = -int(points.as_tuple().exponent)
        return tell.points(int(points.scaleb(decimals)), decimals).alone

    return [
        f"指标 {'、'.join(used.cap.lines)} 合计 {told(used.before)} 分,"
        f"按限额计 {told(used.after)} 分"
        for used in card.caps
    ]


def _teller(card: Scorecard) -> Teller:
    """Writes points of a whole sheet, as the engine that scored it did."""
    return Teller(card.lines[0].meaning, {}, {})


def _award(line: Line, tell: Teller) -> Text:
    return tell.points(line.units, line.decimals)


def _not_applicable(line: Line, tell: Teller) -> str:
    indicator = line.indicator
    assert indicator.applies is not None, "only what is under a condition does not apply"
    if line.meaning.tells_whole and counts_zero(line):
        nothing = tell.nothing(indicator.applies) or tell.not_met(indicator.applies)
        return f"{nothing},按细则得 0 分"
    reason = f"不适用:{tell.not_met(indicator.applies)}"
    if indicator.kind != "score":
        return f"{reason},不计分"
    award = _award(line, tell).alone
    points = tell.figure(line.points).alone if tell.short else plain(line.points)
    if indicator.absent == "full":
        return f"{reason},按满分计 {award} 分"
    if indicator.absent == "spread" and line.points:
        if line.nowhere_to_spread and line.meaning.may_not_assess:
            return f"{reason},{points} 分没有其余指标可分摊"
        return f"{reason},{points} 分分摊到其余指标"
    return f"{reason},计 {award} 分"


def _points_note(line: Line, tell: Teller) -> str:
    """Say that a spread changed the points, which the sentence then uses."""
    if line.effective == line.points:
        return ""
    before, after = plain(line.points), plain(line.effective)
    if tell.short:
        before, after = (tell.figure(each).alone for each in (line.points, line.effective))
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
