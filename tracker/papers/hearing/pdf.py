"""听证材料 on paper: two pages of A4 upright. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.core.quantities.printed import digest_words
from tracker.engine.typeset.boxes import Box, NewPage, Paragraph
from tracker.engine.typeset.information import DocumentInfo
from tracker.engine.typeset.sheet import MM, Frame
from tracker.engine.typeset.table import Row, Table
from tracker.papers.common.head import SAMPLE
from tracker.papers.common.looks import (
    CELL,
    FIGURE,
    GAP,
    HEADING,
    SMALL,
    TITLE,
    UNDER_TITLE,
    cell,
    header,
    plain_table,
)
from tracker.papers.common.printing import Counted, Furniture, print_boxes
from tracker.papers.hearing.model import File, Hearing, Values

FRAME = Frame(top=26 * MM, left=22 * MM, right=22 * MM, bottom=22 * MM)
MARK = "听证材料"
PAGES = 2
_WIDTH = 470.0
_LABEL = 110.0
_TITLE = replace(TITLE, size=18, leading=26)
_HEAD = replace(HEADING, size=11, leading=16, space_before=9)
_TEXT = replace(CELL, leading=13.5, space_before=2)
_LEAD = replace(SMALL, space_before=2, keep_with_next=True)


@dataclass(frozen=True)
class Most:
    """How much of each list is shown, and how many characters of a text."""

    records: int
    files: int
    rulings: int
    text: int


# From generous to little: the first with which all stands on two pages.
MOSTS = (
    Most(12, 12, 12, 2000),
    Most(6, 8, 8, 1000),
    Most(4, 5, 5, 700),
    Most(2, 3, 3, 400),
    Most(1, 1, 2, 200),
    Most(0, 0, 1, 100),
)


def hearing_pdf(hearing: Hearing) -> bytes:
    """The paper as a file of two pages; of lists that are too long it shows the first and says how
    many there are. Raises as `print_boxes` does."""
    made = b""
    for most in MOSTS:
        pages: list[int] = []
        made = _printed(hearing, most, pages)
        if max(pages) <= PAGES:
            break
    return made


def _printed(hearing: Hearing, most: Most, pages: list[int]) -> bytes:
    head = hearing.head
    marks = " · ".join([hearing.status, MARK, *([SAMPLE] if head.sample else [])])
    info = DocumentInfo(
        title=head.full_title,
        author="山海协作考核",
        subject=f"{head.title}（{marks}）",
        date=date.fromisoformat(head.printed_at[:10]),
    )
    titles = (
        f"{head.full_title} · 第 {hearing.number} 号",
        f"{head.title} · 第 {hearing.number} 号",
        head.title,
    )
    furniture = Furniture(titles, marks, f"打印时间 {head.printed_at}", head.sample)
    return print_boxes(info, furniture, FRAME, _boxes(hearing, most, pages))


def _boxes(hearing: Hearing, most: Most, pages: list[int]) -> Iterator[Box]:
    yield Paragraph(hearing.head.full_title, _TITLE)
    under = f"第 {hearing.number} 号申诉　{hearing.place}　指标 {hearing.line}"
    yield Paragraph(under, UNDER_TITLE)
    yield from _line(hearing, most)
    yield from _answered(hearing, most)
    yield Counted(pages)
    yield NewPage()
    yield from _behind(hearing, most)
    yield from _proofs(hearing, most)
    yield Counted(pages)


# The first page: the line, and what is said of it


def _line(hearing: Hearing, most: Most) -> Iterator[Box]:
    yield Paragraph("一、指标和得分", _HEAD)
    rows = [
        ("评分对象", hearing.subject),
        ("评分细则", hearing.rules),
        (f"细则 {hearing.clause}", hearing.rule),
        ("满分", f"{hearing.points} 分"),
        ("计分过程", _short(hearing.explain, most.text)),
        ("同类中的位置", hearing.peers),
        ("与上年相比", _short(hearing.last_year, most.text)),
    ]
    yield plain_table(("栏目", "内容"), (_LABEL, _WIDTH - _LABEL), rows)
    yield Paragraph("二、公示时的三栏", _HEAD)
    yield _side_by_side(hearing.levels, hearing.by_level)
    yield Paragraph("三、各阶段冻结的数值", _HEAD)
    if hearing.stages:
        yield _side_by_side(hearing.stages, hearing.by_stage)
    else:
        yield Paragraph("没有冻结过阶段的快照。", _TEXT)


def _side_by_side(heads: Sequence[str], rows: Sequence[Values]) -> Table:
    width = (_WIDTH - 150) / max(len(heads), 1)
    return Table(
        [150, *[width] * len(heads)],
        header("项目", *(each.replace("\n", " ") for each in heads)),
        [
            Row(
                [
                    cell(row.label, heads="Row"),
                    *(cell(value.replace("\n", " "), FIGURE) for value in row.values),
                ]
            )
            for row in rows
        ],
        before=GAP,
    )


def _answered(hearing: Hearing, most: Most) -> Iterator[Box]:
    yield Paragraph("四、申诉和答复", _HEAD)
    rows = [(f"申诉（{hearing.filed_on}）", _short(hearing.words, most.text))]
    if hearing.claims:
        rows.append(("认为应为", "；".join(f"{label} {value}" for label, value in hearing.claims)))
    said = hearing.state
    if hearing.over:
        said = f"{hearing.state}。{_short(hearing.reason, most.text)}"
    rows.append((f"答复（{hearing.over}）" if hearing.over else "答复", said))
    if hearing.corrected:
        words = "；".join(f"{label} {value}" for label, value in hearing.corrected)
        rows.append(("更正为", words))
    yield plain_table(("栏目", "内容"), (_LABEL, _WIDTH - _LABEL), rows)


# The second page: what it rests on


def _behind(hearing: Hearing, most: Most) -> Iterator[Box]:
    yield Paragraph("五、事实依据的记录", _HEAD)
    rows = []
    for fact in hearing.facts:
        words = [_short(each, most.text) for each in fact.records[: most.records]]
        if more := len(fact.records) - len(words):
            words.append(f"另有 {more} 条记录" if words else f"共 {more} 条记录")
        words += [_short(fact.reason, most.text)] if fact.reason else []
        rows.append((fact.label, fact.value, "\n".join(words) or "没有记录"))
    if rows:
        widths = (_LABEL, 90, _WIDTH - _LABEL - 90)
        yield plain_table(("事实", "数值", "记录"), widths, rows, ("left", "right", "left"))
    else:
        yield Paragraph("这一条没有读取事实。", _TEXT)
    yield Paragraph("六、更正和不予认定", _HEAD)
    told = hearing.rulings[-most.rulings :]
    if told:
        ruled = [
            (
                each.label,
                f"{each.on}\n{each.by}",
                each.what + ("" if each.stands else "（不再适用）"),
                _short(each.reason, most.text),
            )
            for each in told
        ]
        widths4 = (_LABEL, 72, 118, _WIDTH - _LABEL - 190)
        yield plain_table(("事实", "何时何级", "核定", "理由"), widths4, ruled)
        if more := len(hearing.rulings) - len(told):
            yield Paragraph(f"以上为最近 {len(told)} 条，此前另有 {more} 条。", _TEXT)
    else:
        yield Paragraph("公示时没有更正或不予认定。", _TEXT)


def _proofs(hearing: Hearing, most: Most) -> Iterator[Box]:
    yield Paragraph("七、佐证文件", _HEAD)
    own = [("申诉", file) for file in hearing.files]
    of_facts: dict[str, tuple[str, File]] = {}
    for fact in hearing.facts:
        for file in fact.files:
            of_facts.setdefault(file.sha256, (fact.label, file))
    every = [*own, *of_facts.values()]
    told = every[: most.files]
    if told:
        listed = [
            (label, f"{file.kind}：{file.name}（{file.on}）\n{digest_words(file.sha256)}")
            for label, file in told
        ]
        widths = (_LABEL, _WIDTH - _LABEL)
        yield plain_table(("所属", "文件和 SHA-256"), widths, listed)
    if more := len(every) - len(told):
        yield Paragraph(f"{'另有' if told else '共'} {more} 份文件，见系统。", _TEXT)
    if not every:
        yield Paragraph("没有佐证文件。", _TEXT)
    yield Paragraph(f"公示快照 {digest_words(hearing.snapshot_sha256)}", _LEAD)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}……（全文见系统）"
