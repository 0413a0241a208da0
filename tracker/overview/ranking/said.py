"""What a standing says in words: who is first, who moved, which line it is for."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tracker.core.quantities.shown import points
from tracker.overview.ranking.board import ClassStanding, Row
from tracker.overview.ranking.lines import UNSCORABLE, Beside, Group, Line


def class_words(of: ClassStanding) -> str:
    """A class in a sentence, without its name; "" where there is nothing to say of it."""
    ranked = of.ranked
    if not ranked:
        most = max(of.rows, key=lambda row: row.total, default=None)
        if of.range is not None:
            return of.range.words
        if most is None or all(row.complete for row in of.rows):
            return ""
        waiting = sum(not row.complete for row in of.rows)
        highest = f"已计得分最高的是{most.name} {points(most.total)} 分"
        return f"{waiting} 个有不可计分的项，暂不排名；{highest}"
    first, last = ranked[0], ranked[-1]
    parts = [f"第 {first.rank} 名{first.name} {points(first.total)} 分"]
    if last is not first:
        parts.append(f"第 {last.rank} 名{last.name} {points(last.total)} 分")
    if of.mean is not None and of.known > 1:
        parts.append(f"同类均值 {points(of.mean)} 分")
    return "，".join(parts) + _moved_words(ranked)


def _moved_words(rows: Iterable[Row]) -> str:
    moved = [row for row in rows if row.moved.climbed is not None]
    up = max(moved, key=lambda row: row.moved.climbed or 0, default=None)
    down = min(moved, key=lambda row: row.moved.climbed or 0, default=None)
    said = ""
    if up is not None and (up.moved.climbed or 0) > 0:
        said += f"；升得最多的是{up.name}，{up.moved.climbed} 位"
    if down is not None and (down.moved.climbed or 0) < 0:
        said += f"；降得最多的是{down.name}，{-(down.moved.climbed or 0)} 位"
    return said


def had_words(line: Line) -> str:
    """What a card has of a line: 3.00 / 8.00 分."""
    if line.kind == "deduction":
        return f"扣 {points(-line.award)} 分" if line.award else "没有扣分"
    had = points(line.award) if line.state == "scored" or line.award else "不可计分"
    return f"{had} / {points(line.full)} 分"


def why_words(why: Beside | None, row: Row) -> str:
    """Why a card is not further ahead, in one phrase, and of how many lines nobody can tell; ""
    where nobody may be told."""
    if not row.lines:
        return ""
    waiting = sum(each.line.state == UNSCORABLE for each in row.lines)
    return _cost_words(why, row) + (f"；另有 {waiting} 项不可计分" if waiting else "")


def _cost_words(why: Beside | None, row: Row) -> str:
    if why is None:
        compared = any(each.mean is not None for each in row.lines)
        return "没有低于同类均值的指标" if compared else "没有失分的指标"
    kind = "加分项" if why.line.kind == "bonus" else ""
    said = f"{kind}{why.line.name} {had_words(why.line)}"
    if why.gap is None:
        return said
    return f"{said}，比同类均值低 {points(-why.gap)} 分"


def gap_words(gap: Decimal) -> str:
    """Above or below the class: 高 1.20."""
    return f"高 {points(gap)}" if gap > 0 else f"低 {points(-gap)}" if gap < 0 else "持平"


def group_gap(group: Group, mean: Decimal | None) -> Decimal | None:
    """How much more of a group the card has than its class; None where that is not told."""
    return None if mean is None or group.award is None else group.award - mean
