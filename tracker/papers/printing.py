"""From a paper's head and boxes to the bytes of its file."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.papers.head import PaperHead
from tracker.papers.identity import identity_entries
from tracker.typeset.boxes import Box, flow
from tracker.typeset.faces import Role
from tracker.typeset.figures import watermark
from tracker.typeset.sheet import MM, PAGE_HEIGHT, PAGE_WIDTH, DocumentInfo, Frame, Sheet, grey

_PALE = grey(0.25)


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
    sheet = Sheet(info, Frame(decorate=lambda page: furnish(page, head)))
    flow(sheet, boxes)
    return sheet.finish()


def furnish(sheet: Sheet, head: PaperHead) -> None:
    """What stands on every page: title and subject, the marks of its standing, the page number."""
    if head.sample:
        watermark(sheet, "示例数据")
    left, right = sheet.frame.left, PAGE_WIDTH - sheet.frame.right
    y, size = PAGE_HEIGHT - 27 * MM, 9
    sans = sheet.face(Role.SANS)
    marks = sans.measure(head.marks, size)
    sheet.text(right - marks, y, head.marks, Role.SANS, size, _PALE)
    title = head.full_title
    for words in (
        f"{title} · {head.subject_name}",
        f"{title} · {head.subject_code}",
        f"{head.year}年度",
    ):
        if sans.measure(words, size) <= right - left - marks - 16:
            sheet.text(left, y, words, Role.SANS, size, _PALE)
            break
    sheet.rule(left, y - 5, right, y - 5, 0.4, grey(0.5))
    number = f"— {sheet.page} —"
    width = sheet.face(Role.FANGSONG).measure(number, 14)
    outer = right - 14 - width if sheet.page % 2 else left + 14
    sheet.text(outer, sheet.frame.bottom - 7 * MM - 14, number, Role.FANGSONG, 14)
