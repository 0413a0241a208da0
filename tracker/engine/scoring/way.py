"""The way from full marks to the total: what each line lost, and what limits and vetoes took.

Over the score lines, full marks less what was lost is the base; a line above its points is counted
apart, and so are lines that nobody could score. All points are exact Decimals in 分.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tracker.engine.scoring.exact import minus, plain
from tracker.engine.scoring.result import NOT_APPLICABLE, UNSCORABLE, Line, Scorecard
from tracker.engine.scoring.rulebook import Rulebook

ZERO = Decimal(0)
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Way:
    """Signed steps, so that `full` and all of `to_base` make `base`, and with all of `to_total`
    the `total`. Each step is (what, points); those of 0 points are left out."""

    full: Decimal
    to_base: tuple[tuple[str, Decimal], ...]
    base: Decimal
    to_total: tuple[tuple[str, Decimal], ...]
    total: Decimal


def lost(line: Line) -> Decimal:
    """What a score line lost of its points; 0 for other lines, for lines that could not be scored
    and for those whose points were spread."""
    return max(ZERO, _short(line))


def above(line: Line) -> Decimal:
    """What a score line has above its points; 0 for most."""
    return max(ZERO, -_short(line))


def counts_zero(line: Line) -> bool:
    """Whether nothing applies and the rulebook counts that as 0 of the line's points."""
    indicator = line.indicator
    return line.state == NOT_APPLICABLE and indicator.kind == "score" and indicator.absent == "zero"


def _short(line: Line) -> Decimal:
    if line.indicator.kind != "score" or line.spread_away or line.state == UNSCORABLE:
        return ZERO
    return Decimal(plain(line.effective)) - line.award


def way(card: Scorecard, rulebook: Rulebook) -> Way:
    """The way of a sheet that `rulebook` scored."""
    by_kind: dict[str, list[Line]] = {"score": [], "bonus": [], "deduction": []}
    for line in card.lines:
        by_kind[line.indicator.kind].append(line)
    scored, full = by_kind["score"], Decimal(plain(rulebook.full_marks))
    unknown = [line for line in scored if line.state == UNSCORABLE]
    gone = card.spread.points if card.spread is not None and card.spread.whole else 0
    to_base = [
        ("失分", -sum(map(lost, scored), ZERO)),
        ("高于分值", sum(map(above, scored), ZERO)),
        ("未能计分", -sum((Decimal(plain(line.effective)) for line in unknown), ZERO)),
        ("不适用", -Decimal(plain(gone))),
        *_capped(card, "score"),
    ]
    base, total = card.base, card.total
    to_total: list[tuple[str, Decimal]] = []
    for kind, name, given in (
        ("bonus", "加分", card.bonus_before),
        ("deduction", "扣分", card.deduction),
    ):
        raw = sum((line.award for line in by_kind[kind]), ZERO)
        capped = _capped(card, kind)
        rest = given - raw - sum((points for _, points in capped), ZERO)
        to_total += [(name, raw), *capped, (f"{name}上限", rest)]
    to_total.append(("一票否决取消加分", card.bonus - card.bonus_before))
    reached = base + card.bonus + card.deduction
    to_total.append(("总分最低为 0", max(ZERO, reached) - reached))
    to_total.append(("一票否决限定总分", total - max(ZERO, reached)))
    return Way(full, _told(to_base), base, _told(to_total), total)


def effective_limit(lines: Iterable[Line], rulebook: Rulebook) -> Decimal:
    """The most that lines of one kind can count together (分, not signed): their points within the
    caps that they share and the limit of bonuses or deductions."""
    known = [line for line in lines if not line.spread_away]
    if not known:
        return ZERO
    limit = sum((Decimal(plain(line.effective)) for line in known), ZERO)
    for cap in rulebook.caps:
        of_cap = (Decimal(plain(x.effective)) for x in known if x.code in cap.lines)
        limit -= max(ZERO, sum(of_cap, ZERO) - Decimal(plain(cap.at_most)))
    kind = known[0].indicator.kind
    whole = {"bonus": rulebook.bonus_cap, "deduction": rulebook.deduction_cap}.get(kind)
    limit = max(ZERO, limit)
    return limit if whole is None else min(limit, Decimal(plain(whole)))


def way_words(found: Way) -> list[str]:
    """The way in two Chinese sentences: to the base, and from there to the total; points with two
    decimals at most, ≈ where that rounds one of them."""

    def told(
        first: str, points: Decimal, steps: Sequence[tuple[str, Decimal]], last: str, end: Decimal
    ) -> str:
        text = f"{first} {_spelled(points)}"
        for what, size in steps:
            text += f" {'+' if size > 0 else '−'} {what} {_spelled(abs(size))}"
        figures = [points, *(size for _, size in steps), end]
        sign = "=" if all(each == _near(each) for each in figures) else "≈"
        return f"{text} {sign} {last} {_spelled(end)}"

    return [
        told("满分", found.full, found.to_base, "基础分", found.base),
        told("基础分", found.base, found.to_total, "总分", found.total),
    ]


def _near(points: Decimal) -> Decimal:
    """Points with two decimals; what is not 0 never looks like it."""
    if -int(points.as_tuple().exponent) <= 2:
        return points
    return points.quantize(_HUNDREDTH, ROUND_HALF_UP) or points


def _spelled(points: Decimal) -> str:
    return minus(f"{_near(points):,f}") if points else "0"


def _capped(card: Scorecard, kind: str) -> list[tuple[str, Decimal]]:
    """What the caps took of the lines of a kind, one step each, named by the lines."""
    kinds = {line.code: line.indicator.kind for line in card.lines}
    return [
        (f"{'、'.join(used.cap.lines)} 限额", used.after - used.before)
        for used in card.caps
        if kinds[used.cap.lines[0]] == kind
    ]


def _told(steps: Iterable[tuple[str, Decimal]]) -> tuple[tuple[str, Decimal], ...]:
    return tuple((what, points) for what, points in steps if points)
