"""From a paper's head and boxes to the bytes of its file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tracker.papers.head import PaperHead
from tracker.papers.identity import identity_entries
from tracker.typeset.boxes import Box, flow
from tracker.typeset.faces import Role
from tracker.typeset.figures import watermark
from tracker.typeset.sheet import MM, DocumentInfo, Frame, Sheet, grey

_PALE = grey(0.25)


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

    Raises MissingGlyphError for text that cannot be printed, and FontError for an unusable font
    file of the operator.
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
    flow(sheet, boxes)
    return sheet.finish()


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
