"""A supervision order on paper: one page of A4 upright, whatever was said. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker.engine.typeset.boxes import Box, Paragraph, Space
from tracker.engine.typeset.sheet import MM, Frame
from tracker.engine.typeset.table import Row, Table
from tracker.papers.common.form import print_form
from tracker.papers.common.looks import CELL, HEAD, SOURCE, TITLE, UNDER_TITLE, cell, header
from tracker.papers.common.printing import Counted
from tracker.papers.order.model import OrderForm, Said

FRAME = Frame(top=30 * MM, left=25 * MM, right=25 * MM, bottom=26 * MM)
_TEXT = replace(CELL, size=10.5, leading=16)
_LABEL = replace(HEAD, size=10.5, leading=16)
_SMALL = replace(CELL, size=9, leading=13)
_LEFT, _WIDTH = 100.0, 353.0
# How many acts are shown, and how many characters of what was said to each: the first with which
# all stands on one page.
MOSTS = ((10, 200), (8, 66), (5, 66), (3, 44), (1, 44))


def order_pdf(form: OrderForm) -> bytes:
    """督办单 as a file of one page; of acts that are too many it shows the latest and says how many
    there are before. Raises as `print_form` does."""
    made = b""
    for acts, words in MOSTS:
        pages: list[int] = []
        made = print_form(form.head, _boxes(form, acts, words, pages), FRAME)
        if max(pages) == 1:
            break
    return made


def _boxes(form: OrderForm, acts: int, most: int, pages: list[int]) -> Iterator[Box]:
    yield Paragraph("山海协作督办单", TITLE)
    yield Paragraph(f"第 {form.number} 号　　{form.issuer}下达", UNDER_TITLE)
    yield Space(6)
    facts = (
        ("督办事项", form.name),
        ("督办对象", _short(form.about, 60)),
        ("承办单位", form.head.subject_name),
        ("协办单位", form.helper or "无"),
        ("办理要求", " ".join(form.demand.split())),
        ("办理期限", f"{form.due_on.isoformat()}，{form.proof}"),
        ("现在的进度", form.state),
    )
    rows = [Row([cell(label, _LABEL, heads="Row"), cell(text, _TEXT)]) for label, text in facts]
    yield Table([_LEFT, _WIDTH], header("栏目", "内容"), rows)
    yield Space(8)
    shown = form.events[-acts:]
    heads = header("办理", "办理人", "日期", "理由或情况")
    yield Table([110.0, 76.0, 62.0, 205.0], heads, _acts(shown, most))
    left = len(form.events) - len(shown)
    earlier = f"，较早的 {left} 步没有列出" if left else ""
    words = f"取自 {form.head.printed_at} 的办理记录{earlier}。{form.rule}"
    yield Paragraph(words, replace(SOURCE, space_before=6))
    yield Counted(pages)


def _acts(events: Sequence[Said], most: int) -> list[Row]:
    return [
        Row(
            [
                cell(each.act, _SMALL, heads="Row"),
                cell(_short(each.by, 14), _SMALL),
                cell(each.on.isoformat(), _SMALL),
                cell(_short(" ".join(each.words.split()), most) or "—", _SMALL),
            ]
        )
        for each in events
    ]


def _short(text: str, most: int) -> str:
    """What fits; what was left out stands on the page of the order."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
