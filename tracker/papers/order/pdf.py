"""A supervision order on paper: one page of A4 upright, whatever was said. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker.engine.typeset.boxes import Box, Paragraph, Space
from tracker.engine.typeset.sheet import MM, Frame
from tracker.engine.typeset.table import Row, Table
from tracker.papers.common.form import print_form
from tracker.papers.common.looks import CELL, HEAD, SOURCE, TITLE, UNDER_TITLE, cell, header
from tracker.papers.order.model import OrderForm, Said

FRAME = Frame(top=30 * MM, left=25 * MM, right=25 * MM, bottom=26 * MM)
_TEXT = replace(CELL, size=10.5, leading=16)
_LABEL = replace(HEAD, size=10.5, leading=16)
_SMALL = replace(CELL, size=9, leading=13)
_LEFT, _WIDTH = 100.0, 353.0
# What one page holds: acts, and characters of what was said to each. A demand has 400 at most.
_ACTS, _WORDS = 8, 66


def order_pdf(form: OrderForm) -> bytes:
    """督办单 as a file of one page; raises as `print_form` does."""
    return print_form(form.head, _boxes(form), FRAME)


def _boxes(form: OrderForm) -> Iterator[Box]:
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
    shown = form.events[-_ACTS:]
    yield Table(
        [150.0, 80.0, 63.0, 160.0], header("办理", "办理人", "日期", "理由或情况"), _acts(shown)
    )
    left = len(form.events) - len(shown)
    words = (
        f"取自 {form.head.printed_at} 的办理记录{f'，较早的 {left} 步没有列出' if left else ''}。"
    )
    yield Paragraph(f"{words}{form.rule}", replace(SOURCE, space_before=6))


def _acts(events: Sequence[Said]) -> list[Row]:
    return [
        Row(
            [
                cell(each.act, _SMALL, heads="Row"),
                cell(_short(each.by, 14), _SMALL),
                cell(each.on.isoformat(), _SMALL),
                cell(_short(" ".join(each.words.split()), _WORDS) or "—", _SMALL),
            ]
        )
        for each in events
    ]


def _short(text: str, most: int) -> str:
    """What fits; what was left out stands on the page of the order."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
