"""Forms on paper: filled from live records, to be signed and sealed. Not issued, no number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.engine.typeset.boxes import Box
from tracker.engine.typeset.faces import Role
from tracker.engine.typeset.information import DocumentInfo
from tracker.engine.typeset.sheet import MM, Frame, Sheet
from tracker.papers.common.head import SAMPLE, safe_name
from tracker.papers.common.printing import Furniture, print_boxes

DRAFT_MARK = "草表"  # a form is one until it is signed and sealed
FRAME = Frame(top=30 * MM, left=22 * MM, right=22 * MM, bottom=26 * MM, landscape=True)


@dataclass(frozen=True, slots=True)
class FormHead:
    """The head of a form: what it is called ("季度报送表"), its period ("2024年第三季度"), whom it
    is of (code, name), and the moment of printing as it reads in China ("2024-10-12 09:30").
    `sample` is set where a record behind it is an invented one."""

    title: str
    period: str
    subject_code: str
    subject_name: str
    printed_at: str
    sample: bool = False

    @property
    def full_title(self) -> str:
        """缙云县2024年第三季度山海协作季度报送表."""
        return f"{self.subject_name}{self.period}山海协作{self.title}"

    @property
    def marks(self) -> str:
        """What stands at the head of every page."""
        return f"{DRAFT_MARK} · {SAMPLE}" if self.sample else DRAFT_MARK


def form_name(head: FormHead) -> str:
    """What the form's file is called."""
    name = f"{head.period}-{head.title}-{head.subject_code}-{head.subject_name}"
    words = [DRAFT_MARK, *([SAMPLE] if head.sample else [])]
    return f"{safe_name(name)}-{'-'.join(words)}.pdf"


def print_form(head: FormHead, boxes: Iterable[Box], frame: Frame = FRAME) -> bytes:
    """The form as a tagged PDF, on A4 across unless `frame` says otherwise; raises as
    `print_paper` does."""
    info = DocumentInfo(
        title=head.full_title,
        author=head.subject_name,
        subject=f"{head.title}（{head.marks}）",
        date=date.fromisoformat(head.printed_at[:10]),
    )
    titles = (head.full_title, f"{head.subject_code} {head.period}{head.title}", head.title)
    furniture = Furniture(titles, head.marks, f"打印时间 {head.printed_at}", head.sample)
    return print_boxes(info, furniture, frame, boxes)


class SignatureLines(Box):
    """Labels, each with a line to write on; they stay on one page with what they sign."""

    _SIZE, _HEIGHT, _GAP = 12.0, 34.0, 18.0

    def __init__(self, labels: Sequence[str], space_before: float = 0) -> None:
        self.labels, self.space_before = labels, space_before

    def height(self, width: float) -> float:
        return self._HEIGHT

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        own = (width - self._GAP * (len(self.labels) - 1)) / len(self.labels)
        base = top - self._HEIGHT + 8
        for label in self.labels:
            words = f"{label}："
            with sheet.element("P"), sheet.content():
                sheet.text(x, base, words, Role.FANGSONG, self._SIZE)
            start = x + sheet.face(Role.FANGSONG).measure(words, self._SIZE)
            with sheet.artifact():
                sheet.rule(start, base - 3, x + own, base - 3, 0.5)
            x += own + self._GAP
