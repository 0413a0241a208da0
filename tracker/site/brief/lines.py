"""The figures of 总表 as a brief and a summary have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from tracker.core.quantities.figure import Figure
from tracker.overview import summary
from tracker.overview.figures import OfYear
from tracker.papers.brief.model import Block, Line
from tracker.papers.brief.words import figure_words

Within = Mapping[str, Figure | None]


def blocks_of(
    blocks: Sequence[summary.Block], within: Sequence[summary.Block] = (), *, over: bool = False
) -> list[Block]:
    """`blocks` of the year, with what of them came `within` the period. `over`: its quarter is;
    then of projects that were signed in the year none in the period is 0, as in 走势."""
    own = {line.of.label: line.of.now for block in within for line in block.lines}
    if over:
        signed = (line.of for block in blocks for line in block.lines if _is_signed(line.of))
        for of in signed:
            if of.now is not None and own.get(of.label) is None:
                own[of.label] = Figure(Decimal(0), of.now.unit)
    return [
        Block(block.title, block.unit, [_line(line, own) for line in block.lines])
        for block in blocks
    ]


def _is_signed(of: OfYear) -> bool:
    """Whether it is a number of projects by the day of signing."""
    return of.endpoint == "projects.index" and of.now is not None and of.now.unit == summary.COUNT


def _line(line: summary.Line, own: Within) -> Line:
    of = line.of
    asked = done = share = None
    who = ""
    if of.settled is not None:
        asked, done, share = of.settled.due, of.settled.met, of.settled.share
        who = f"{of.settled.number} 个飞地应返"
    elif of.task is not None:
        who = f"{of.task.reporting} / {of.task.given} 县已报"
        if of.task.silent:
            who += f"，未报的 {figure_words(of.task.unknown)}"
        if line.task is not None:
            asked, done, share = line.task.asked, line.task.done, line.task.share
    return Line(
        of.label,
        None if line.stands else own.get(of.label),
        of.now,
        of.before,
        of.change,
        line.stands,
        of.settled is not None or of.task is not None,
        asked,
        done,
        share,
        line.pace,
        who,
        line.note,
    )
