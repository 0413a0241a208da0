"""From a paper's head and boxes to the bytes of its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tracker.engine.typeset.boxes import Box, Paragraph, flow
from tracker.engine.typeset.faces import GETA, Role, drawable, name_characters
from tracker.engine.typeset.figures import watermark
from tracker.engine.typeset.information import DocumentInfo
from tracker.engine.typeset.sheet import MM, Frame, Sheet, Undrawn, grey
from tracker.papers.common.head import PaperHead
from tracker.papers.common.identity import identity_entries
from tracker.papers.common.looks import NOTE, SUBHEADING

_PALE = grey(0.25)
_NOTED, _ROW_WORDS = 40, 120


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands on every page besides its number: words at the upper left (`titles`, the first
    that fits), the marks of the paper's standing at the upper right, words at the foot; `sample`
    prints the watermark.
    """

    titles: tuple[str, ...]
    marks: str
    foot: str = ""
    sample: bool = False


def print_paper(head: PaperHead, boxes: Iterable[Box]) -> bytes:
    """The paper as a tagged PDF (PDF/A-2a, PDF/UA-1), all fonts embedded, dated by its freezing;
    equal heads and boxes give equal bytes.

    What no face can draw stands as 〓, with a note at the end that names where it stands.
    Raises FontError for an unusable font file of the operator.
    """
    info = DocumentInfo(
        title=f"{head.subject_name} {head.full_title}",
        author=head.author or "山海协作考核",
        subject=f"{head.subject_kind}（{head.marks}）",
        date=head.day,
        extra=identity_entries(head),
    )
    title = head.full_title
    titles = (
        f"{title} · {head.subject_name}",
        f"{title} · {head.subject_code}",
        f"{head.year}年度 · {head.subject_name}",
        f"{head.year}年度 · {head.subject_code}",
        f"{head.year}年度",
    )
    standing = " · ".join(filter(None, (head.number, head.marks)))
    return print_boxes(info, Furniture(titles, standing, sample=head.sample), Frame(), boxes)


def print_boxes(
    info: DocumentInfo, furniture: Furniture, frame: Frame, boxes: Iterable[Box]
) -> bytes:
    """Boxes on pages of `frame`, each with the furniture; see `print_paper`."""
    sheet = Sheet(info, replace(frame, decorate=lambda page: _furnish(page, furniture)))
    try:
        flow(sheet, boxes)
        flow(sheet, undrawn_notes(sheet.undrawn))
    except Exception as error:
        # Whoever prints a thousand papers has to know where this one is wrong.
        error.add_note(_place(sheet.heading, sheet.row, sheet.page))
        raise
    return sheet.finish()


class Counted(Box):
    """Stands for nothing on the paper, and notes on which page it stands: a paper of so many pages
    is printed with less of its lists until it fits."""

    def __init__(self, pages: list[int]) -> None:
        self.pages = pages

    def height(self, width: float) -> float:
        return 0

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        self.pages.append(sheet.page)


def undrawn_notes(found: tuple[Undrawn, ...]) -> Iterator[Box]:
    """The words at a paper's end on the texts in it that no face can draw in full."""
    if not found:
        return
    yield Paragraph("无法印出的字", SUBHEADING)
    for each in found[:_NOTED]:
        where = _place(each.heading, each.row if each.row != each.text else "", each.page)
        characters = "、".join(map(_point, each.characters))
        words = f"{_short(each.text)}（{where}）：{GETA} 代替没有字形可用的 {characters}。"
        yield Paragraph(drawable(words), NOTE)
    if len(found) > _NOTED:
        yield Paragraph(f"另有 {len(found) - _NOTED} 处，不一一列出。", NOTE)
    yield Paragraph("请在系统中改正所在的记录，改正后另行生成的文书即印出全文。", NOTE)


def _point(char: str) -> str:
    """A character by its code point, and by its name where it is not one to be seen."""
    named = name_characters((char,))
    return f"U+{ord(char):04X}" if named.startswith("“") else named


def _place(heading: str, row: str, page: int) -> str:
    parts = [f"第 {page} 页", f"“{heading}”" if heading else ""]
    parts.append(f"所在记录：{_short(row)}" if row else "")
    return "，".join(filter(None, parts))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _ROW_WORDS else f"{line[:_ROW_WORDS]}…"


def _furnish(sheet: Sheet, furniture: Furniture) -> None:
    if furniture.sample:
        watermark(sheet, "示例数据")
    frame, size = sheet.frame, 9
    left, right = frame.left, frame.page_width - frame.right
    y = frame.page_height - frame.top + 10 * MM
    sans = sheet.face(Role.SANS)
    marks = sans.measure(furniture.marks, size)
    sheet.text(right - marks, y, furniture.marks, Role.SANS, size, _PALE)
    for words in furniture.titles:
        if sans.measure(words, size) <= right - left - marks - 16:
            sheet.text(left, y, words, Role.SANS, size, _PALE)
            break
    sheet.rule(left, y - 5, right, y - 5, 0.4, grey(0.5))
    number = f"— {sheet.page} —"
    width = sheet.face(Role.FANGSONG).measure(number, 14)
    foot, odd = frame.bottom - 7 * MM - 14, sheet.page % 2
    sheet.text(right - 14 - width if odd else left + 14, foot, number, Role.FANGSONG, 14)
    if furniture.foot:
        width = sans.measure(furniture.foot, size)
        sheet.text(left if odd else right - width, foot, furniture.foot, Role.SANS, size, _PALE)
