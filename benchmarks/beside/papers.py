"""A scorecard beside the same texts and tables set by Typst (PDF/A-2a and PDF/UA-1, its fonts
opened before), WeasyPrint (PDF/UA-1) and fpdf2 (no tags). Each round sets another card, the same
for all, so that nobody finds it again. What the others leave out favours them: the code to scan,
the bars of the chart, watermark and running heads, breaking by Chinese rules."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.beside import ROUNDS, WARM, in_turn, other, own, told
from benchmarks.papers import cards_of_a_year
from benchmarks.platypus import FRAME
from tracker.engine.typeset.boxes import Box, Columns, NewPage, Paragraph, Stack
from tracker.engine.typeset.faces import Role, face
from tracker.engine.typeset.figures import BarChart, KeyFigures
from tracker.engine.typeset.table import Table
from tracker.papers.scorecard.card import Card
from tracker.papers.scorecard.pdf import boxes, scorecard_pdf

OTHERS = {
    "Typst": "typst_paper.py",
    "WeasyPrint": "weasyprint_paper.py",
    "fpdf2": "fpdf2_paper.py",
}
_BOLD = {Role.XIAOBIAOSONG, Role.HEITI}
_SANS = {Role.HEITI, Role.SANS}


def main() -> None:
    """Print a line for each ratio."""
    cards = cards_of_a_year(1)
    step = max(1, len(cards) // (WARM + ROUNDS))
    cards = cards[::step][: WARM + ROUNDS]
    fonts = sorted({str(face(role).font.face.filename) for role in Role})
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        content = Path(folder) / "cards.json"
        documents = [
            {"title": card.head.full_title, "items": [*_plain(boxes(card))]} for card in cards
        ]
        content.write_text(json.dumps({"fonts": fonts, "documents": documents}), "utf-8")
        takers: dict[str, Callable[[], float]] = {"ours": own(_next_of(cards))}
        for name, script in OTHERS.items():
            takers[name] = stack.enter_context(other(script, str(content)))
        taken = in_turn(takers)
    told("a paper ÷ Typst", taken, "ours", "Typst")
    for name in ("WeasyPrint", "fpdf2"):
        told(f"{name} ÷ a paper", taken, name, "ours")


def _next_of(cards: list[Card]) -> Callable[[], bytes]:
    left = iter(cards)
    return lambda: scorecard_pdf(next(left))


def _plain(found: Iterable[Box]) -> Iterator[dict[str, Any]]:
    """Paragraphs {"p"}, tables {"t"} and new pages {"break"} as JSON has them."""
    for box in found:
        if isinstance(box, Paragraph):
            yield {"p": _paragraph(box)}
        elif isinstance(box, Table):
            rows = [*([box.header] if box.header else []), *box.rows]
            yield {
                "t": {
                    "shares": list(box.shares),
                    "header": box.header is not None,
                    "rows": [
                        [
                            {"span": cell.colspan, "p": [*map(_paragraph, cell.paragraphs)]}
                            for cell in row.cells
                        ]
                        for row in rows
                    ],
                }
            }
        elif isinstance(box, Stack | Columns):
            yield from _plain(box.boxes)
        elif isinstance(box, NewPage):
            yield {"break": True}
        elif isinstance(box, KeyFigures):
            own_width = FRAME.width / len(box.figures)
            cells = [
                {"span": 1, "p": [*map(_paragraph, box._paragraphs(figure, own_width))]}
                for figure in box.figures
            ]
            yield {"t": {"shares": [1] * len(cells), "header": False, "rows": [cells]}}
        elif isinstance(box, BarChart):
            rows = [
                [{"span": 1, "p": [_small(t)]} for t in (bar.label, bar.words, bar.remark)]
                for bar in box.bars
            ]
            yield {"t": {"shares": [1, 1, 1], "header": False, "rows": rows}}


def _paragraph(box: Paragraph) -> dict[str, Any]:
    style = box.style
    return {
        "text": box.text,
        "size": style.size,
        "sans": style.role in _SANS,
        "bold": style.role in _BOLD,
        "align": style.align if style.align in ("center", "right") else "left",
    }


def _small(text: str) -> dict[str, Any]:
    return {"text": text, "size": 9.5, "sans": True, "bold": False, "align": "left"}
