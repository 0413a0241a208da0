"""Whatever is set: nothing lost, nothing twice, nothing outside, nothing stranded."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st

from tests.drawing import drawn
from tracker.engine.typeset.boxes import Paragraph, Space, TextStyle, flow
from tracker.engine.typeset.faces import Role
from tracker.engine.typeset.sheet import MM, DocumentInfo, Frame, Sheet
from tracker.engine.typeset.table import Cell, Row, Table

INFO = DocumentInfo("标题", "作者", "主题", date(2024, 7, 3))
BODY = TextStyle(Role.FANGSONG, 16, 28, indent=2)
HEAD = TextStyle(Role.HEITI, 14, 22, "left", tag="H2", outline=0, keep_with_next=True)
SMALL = TextStyle(Role.SANS, 9, 13, "left")
BOLD = TextStyle(Role.HEITI, 9, 13, "left")
FRAMES = (Frame(), Frame(top=30 * MM, bottom=26 * MM, landscape=True))


@dataclass(frozen=True)
class Run:
    """One run of text where it was set."""

    page: int
    left: float
    right: float
    base: float
    text: str
    size: float


class Recorder(Sheet):
    """A sheet that remembers its runs."""

    def __init__(self, frame: Frame) -> None:
        self.runs: list[Run] = []
        super().__init__(INFO, frame)

    def text(self, x, y, text, role, size, color=(0, 0, 0), spacing=0, turned=None):
        super().text(x, y, text, role, size, color, spacing, turned)
        width = self.face(role).measure(text, size) + spacing * max(len(text) - 1, 0)
        self.runs.append(Run(self.page, x, x + width, y, text, size))


# A block is a paragraph's length, or a table's rows: lengths of their two cells, and whether the
# row heads a group.
paragraphs = st.integers(1, 700)
rows = st.tuples(st.integers(0, 60), st.integers(0, 220), st.booleans())
tables = st.lists(rows, min_size=1, max_size=45)
blocks = st.lists(st.one_of(paragraphs, tables), min_size=1, max_size=6)


def words(mark: str, length: int) -> str:
    """`mark` and so many characters more, marks and numbers among them."""
    return (
        mark + ("山海协作，到位资金 2,345.6 万元（完成率 98.92%）。" * (length // 26 + 1))[:length]
    )


def table(number: int, shape) -> Table:
    made = [
        Row(
            [
                Cell([Paragraph(words(f"表{number}行{at}始", left), BOLD if group else SMALL)]),
                Cell([Paragraph(words("", right) + "止", SMALL)]),
            ],
            keep=group,
        )
        for at, (left, right, group) in enumerate(shape)
    ]
    heads = [Cell([Paragraph(f"头{number}", BOLD)], heads="Column") for _ in range(2)]
    return Table([1, 2], Row(heads, keep=True), made)


def set_blocks(found, frame: Frame) -> Recorder:
    sheet = Recorder(frame)
    boxes = []
    for number, block in enumerate(found):
        boxes.append(Paragraph(f"题{number}", HEAD))
        if isinstance(block, int):
            boxes += [Paragraph(words(f"段{number}始", block), BODY), Space(7)]
        else:
            boxes.append(table(number, block))
    flow(sheet, boxes)
    return sheet


@drawn(blocks, st.sampled_from(FRAMES), some=20, every=200)
def test_all_is_set_once_in_order_and_within_the_frame(found, frame):
    sheet = set_blocks(found, frame)
    text = "".join(run.text for run in sheet.runs)
    wanted = []
    for number, block in enumerate(found):
        wanted.append(f"题{number}")
        if isinstance(block, int):
            wanted.append(f"段{number}始")
        else:
            wanted += [f"表{number}行{at}始" for at in range(len(block))]
    squeezed = re.sub(r"\s", "", text)
    assert re.findall(r"题\d+|段\d+始|表\d+行\d+始", squeezed) == wanted
    rows_set = sum(len(block) for block in found if not isinstance(block, int))
    assert squeezed.count("止") == rows_set
    for run in sheet.runs:
        assert run.left >= frame.left - 0.01, run
        assert run.right <= frame.left + frame.width + 0.01, run
        assert run.base >= frame.bottom, run
        assert run.base + run.size <= frame.page_height - frame.top + run.size * 0.2, run


@drawn(blocks, st.sampled_from(FRAMES), some=20, every=200)
def test_no_heading_stands_at_a_foot_and_each_part_of_a_table_has_its_header(found, frame):
    pages = defaultdict(list)
    for run in set_blocks(found, frame).runs:
        pages[run.page].append(run.text)
    for page in pages.values():
        assert not re.fullmatch(r"题\d+", page[-1])
        assert not re.fullmatch(r"头\d+", page[-1])
        for number in {int(n) for n in re.findall(r"表(\d+)行", "".join(page))}:
            assert page.count(f"头{number}") == 2


def rows_by_page(shape, before: int) -> list[list[int]]:
    """The rows of a table that follows so many points of space, page by page."""
    sheet = Recorder(Frame())
    flow(sheet, [Paragraph("起", BODY), Space(before), table(0, shape)])
    pages = defaultdict(list)
    for run in sheet.runs:
        pages[run.page] += [int(at) for at in re.findall(r"行(\d+)始", run.text)]
    return [page for page in pages.values() if page]


@drawn(st.integers(3, 40), st.integers(0, 420), some=50, every=500)
def test_no_row_stands_alone_on_the_last_page(count, before):
    pages = rows_by_page([(8, 8, False)] * count, before)
    assert sum(map(len, pages)) == count
    assert len(pages) == 1 or len(pages[-1]) >= 2


@drawn(st.integers(2, 5), st.integers(20, 70), st.integers(0, 500), some=50, every=500)
def test_a_groups_row_is_held_to_the_next(every, count, before):
    shape = [(8, 8, at % every == 0) for at in range(count)]
    for page in rows_by_page(shape, before)[:-1]:
        assert page[-1] % every


@drawn(st.integers(1, 900), st.integers(0, 560), some=20, every=200)
def test_a_paragraph_leaves_no_line_alone(length, before):
    sheet = Recorder(Frame())
    flow(sheet, [Paragraph("起", BODY), Space(before), Paragraph(words("段", length), BODY)])
    lines = defaultdict(int)
    for run in sheet.runs[1:]:
        lines[run.page] += 1
    if sum(lines.values()) > 3:
        assert all(count >= 2 for count in lines.values())


@drawn(st.integers(300, 900), st.floats(0, 30), some=20, every=200)
def test_body_text_ends_in_a_block_edge(length, narrower):
    sheet = Recorder(Frame(right=26 * MM + narrower))
    flow(sheet, [Paragraph(words("段", length), BODY)])
    edge = sheet.frame.left + sheet.frame.width
    # what is left over where a number moves down is more than may be spread between characters
    spread = [run for run in sheet.runs[:-1] if run.right > edge - 2 * BODY.size]
    assert len(spread) > len(sheet.runs) / 2
    assert all(abs(run.right - edge) < 0.01 for run in spread)
