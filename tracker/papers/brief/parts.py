"""What briefs and summaries are made of: tables of figures, charts, what needs attention. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from tracker.core.quantities.figure import WAN_YUAN, YUAN, Figure
from tracker.engine.typeset.boxes import Box, Columns, Paragraph, Stack, TextStyle
from tracker.engine.typeset.faces import Role
from tracker.engine.typeset.information import DocumentInfo
from tracker.engine.typeset.levels import Level, Levels
from tracker.engine.typeset.sheet import MM, Frame, grey
from tracker.engine.typeset.table import Cell, Row, Table
from tracker.papers.brief.model import Block, Chart, ChartBar, Concern, Head, Line, Urgent
from tracker.papers.brief.words import NONE, change_words, figure_words, share_words
from tracker.papers.common.head import SAMPLE, safe_name
from tracker.papers.common.looks import CELL, SHADE, SMALL, cell
from tracker.papers.common.printing import Furniture, print_boxes

FRAME = Frame(top=27 * MM, left=18 * MM, right=18 * MM, bottom=24 * MM)
SECTION = TextStyle(
    Role.HEITI, 11.5, 16, "left", tag="H2", outline=1, space_before=9, keep_with_next=True
)
CAPTION = TextStyle(Role.HEITI, 8.5, 13, "left", keep_with_next=True)
NOTE = TextStyle(Role.SANS, 8, 11.5, "justify", color=grey(0.25), space_before=3)
BODY = replace(CELL, size=8.5, leading=11.5)
BODY_HEAD = replace(BODY, role=Role.HEITI)
_HEAD = replace(BODY_HEAD, size=8, leading=10.5, align="right")
_LABEL = replace(_HEAD, align="left")
_FIGURE = replace(BODY, size=7.5, align="right")
_LITTLE = replace(SMALL, size=7, leading=9)
_LITTLE_FIGURE = replace(_LITTLE, align="right")


def print_head(head: Head, title: str, boxes: Iterator[Box]) -> bytes:
    """Boxes as a tagged file, dated by the day of printing; equal content gives equal bytes."""
    full = f"{head.name}{head.period}{title}"
    info = DocumentInfo(
        title=full,
        author=head.name,
        subject=f"{head.title}（{SAMPLE}）" if head.sample else head.title,
        date=head.printed_on,
    )
    titles = (full, f"{head.code} {head.period}{head.title}", head.title)
    foot = f"打印日期 {head.printed_on.isoformat()}"
    marks = SAMPLE if head.sample else ""
    return print_boxes(info, Furniture(titles, marks, foot, head.sample), FRAME, boxes)


def file_name(head: Head) -> str:
    """What the file is called."""
    name = f"{head.period}-{head.title}-{head.code}-{head.name}"
    return f"{safe_name(name)}{f'-{SAMPLE}' if head.sample else ''}.pdf"


def figures_table(block: Block, heads: Sequence[str], *, own: bool, pace: bool) -> Table:
    """The lines of a block; `heads` name the columns of the period, of the year, of the year
    before, and of what was done of tasks. `own`: with the column of the period; `pace`: with that
    of what a month needs."""
    within, now, before, done = heads
    titles = [now, before, "增减", "全年任务", done, "完成率"]
    shares = [60.0, 60.0, 42.0, 62.0, 60.0, 40.0]
    if own:
        titles.insert(0, within)
        shares.insert(0, 60.0)
    if pace:
        titles.append("每月须完成")
        shares.append(52.0)
    first = cell(f"{block.title}（{block.unit}）", _LABEL, heads="Column")
    header = Row(
        [first, *(cell(title, _HEAD, heads="Column") for title in titles)], keep=True, fill=SHADE
    )
    rows = [_figures(line, own=own, pace=pace) for line in block.lines]
    return Table([82.0 if own else 110.0, *shares], header, rows, before=6)


def _figures(line: Line, *, own: bool, pace: bool) -> Row:
    name = [Paragraph(line.label, BODY)]
    if line.note:
        name.append(Paragraph(line.note, _LITTLE))
    cells = [Cell(name, heads="Row")]
    if own:
        cells.append(_value(line.own, NONE if line.stands else "未报"))
    cells += [_value(line.now), _value(line.before)]
    cells.append(cell(change_words(line.change), _FIGURE))
    if line.tasked:
        asked = [Paragraph(figure_words(line.asked, NONE), _FIGURE)]
        asked.append(Paragraph(line.who, _LITTLE_FIGURE))
        cells += [Cell(asked), _value(line.done), cell(share_words(line.share), _FIGURE)]
    else:
        cells += [cell("不适用", _FIGURE), cell(NONE, _FIGURE), cell(NONE, _FIGURE)]
    if pace:
        cells.append(_value(line.pace, NONE))
    return Row(cells)


def _value(of: Figure | None, unknown: str = "未报") -> Cell:
    return cell(figure_words(of, unknown), _FIGURE)


def chart_box(chart: Chart, step: float = 12.0, columns: int = 1) -> Box:
    """A chart under its title, its bars in `columns` of one scale; its alternative text has every
    figure."""
    numbers = [_number(bar.value) for bar in chart.bars]
    asked = [_number(bar.asked) for bar in chart.bars]
    most = max((each for each in (*numbers, *asked) if each is not None), default=Decimal(0))

    def share(value: Decimal | None) -> float | None:
        if value is None:
            return None
        return float(max(value, Decimal(0)) / most) if most > 0 else 0.0

    levels = [
        Level(bar.label, share(number), figure_words(bar.value), share(mark))
        for bar, number, mark in zip(chart.bars, numbers, asked, strict=True)
    ]
    tall = -(-len(levels) // columns)
    parts = [
        Levels(
            levels[at : at + tall],
            f"{chart.title}：{'；'.join(map(_told_of, chart.bars[at : at + tall]))}",
            marks=chart.asks,
            step=step,
            among=levels,
        )
        for at in range(0, len(levels), tall)
    ]
    drawn: list[Box] = list(parts)
    bars = Columns(drawn, [1.0] * columns, 18) if len(drawn) == columns else Stack(drawn)
    boxes: list[Box] = [Paragraph(chart.title, CAPTION), bars]
    if chart.note:
        boxes.append(Paragraph(chart.note, _LITTLE))
    return Stack(boxes)


def _told_of(bar: ChartBar) -> str:
    asked = f"，任务 {figure_words(bar.asked)}" if bar.asked is not None else ""
    return f"{bar.label} {figure_words(bar.value)}{asked}"


def _number(of: Figure | None) -> Decimal | None:
    if of is None:
        return None
    return of.to(WAN_YUAN).value if of.unit == YUAN else of.value


def urgent_table(urgent: Sequence[Urgent]) -> Table:
    """The most urgent things: what, who, by when."""
    rows = [
        Row(
            [
                cell(short(each.what, 60), BODY, heads="Row"),
                cell(each.who, BODY),
                cell(_by(each), BODY),
            ]
        )
        for each in urgent
    ]
    return Table([270.0, 92.0, 132.0], heads("事项", "谁来办", "期限"), rows, before=3)


def _by(of: Urgent) -> str:
    day = of.by.isoformat()
    return f"{day}，{of.late}" if of.late else f"{day} 前"


def concern_table(concerns: Sequence[Concern], most: int, shown: int) -> Table:
    """A row for each sort: what it is, how many, and the first `most` of them with who does what
    next, each of about `shown` characters."""
    rows = [
        Row(
            [
                cell(each.title, BODY_HEAD, heads="Row"),
                cell(_total(each), replace(BODY, align="right")),
                Cell(list(_told(each, most, shown))),
            ]
        )
        for each in concerns
    ]
    return Table([76.0, 32.0, 386.0], heads("类别", "件数", "最突出的和下一步"), rows, before=3)


def _total(of: Concern) -> str:
    if of.total:
        return f"{of.total}"
    return NONE if of.unknown else "0"


def _told(of: Concern, most: int, shown: int) -> Iterator[Paragraph]:
    for each in of.first[:most]:
        words = f"{short(f'{each.name}：{each.words}', shown - len(each.next))}{each.next}"
        yield Paragraph(words, BODY)
    others = of.total - min(most, len(of.first))
    if others > 0 and of.first[:most]:
        yield Paragraph(f"另有 {others} 件。", _LITTLE)
    elif of.total and not of.first[:most]:
        yield Paragraph(short(of.rule, shown), BODY)
    if of.unknown:
        yield Paragraph(of.unknown, _LITTLE)
    elif not of.total:
        yield Paragraph("按已有记录没有。", BODY)


def heads(*titles: str) -> Row:
    """The header of a table of words."""
    return Row(
        [cell(title, replace(BODY_HEAD, align="center"), heads="Column") for title in titles],
        keep=True,
        fill=SHADE,
    )


def short(text: str, most: int) -> str:
    """What fits; what was left out stands on the page."""
    return text if len(text) <= most else f"{text[: max(most - 1, 1)]}…"


def day_words(day: date) -> str:
    """06-30."""
    return day.isoformat()[5:]
