"""The words of a card on its page: those of its paper, with no figure of more than two decimals.

What that hides is in the figure's title, and the arithmetic below a line has it in full.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from markupsafe import Markup

from tracker.core.quantities import printed as paper
from tracker.core.quantities import shown as figures
from tracker.core.quantities.figure import WAN_YUAN, Figure
from tracker.core.quantities.precision import decimals
from tracker.engine.scoring import Rulebook, Scorecard, way, way_words
from tracker.papers.scorecard import pdf_text
from tracker.papers.scorecard.card import Card, CardLine, FactRow, LineState
from tracker.papers.scorecard.pdf_text import (
    LEGEND,
    MISSING,
    NO_LONGER,
    group_name,
    incomplete_words,
    projects_words,
    rank_words,
    short_digest,
    stages_words,
    unfrozen_words,
)

__all__ = [
    "LEGEND",
    "MISSING",
    "NO_LONGER",
    "amount",
    "award_words",
    "bare",
    "columns_words",
    "fact_words",
    "group_name",
    "grouped",
    "in_wan",
    "incomplete_words",
    "points_words",
    "projects_words",
    "rank_words",
    "short_digest",
    "stages_words",
    "unfrozen_words",
    "way_of",
]

_HUNDREDTH = Decimal("0.01")


def grouped(number: str | Decimal) -> str:
    """Points (分) as everywhere on pages: thousands grouped, 0 as "0", two decimals at most."""
    return paper.grouped(_short(str(number)))


def _short(number: str) -> str:
    value = Decimal(number)
    if decimals(value) <= 2:
        return number
    return str(value.quantize(_HUNDREDTH, ROUND_HALF_UP))


def way_of(card: Scorecard, rulebook: Rulebook) -> list[str]:
    """The way from full marks to the total, in sentences."""
    return [f"{words} 分。" for words in way_words(way(card, rulebook))]


def award_words(
    award: str | None,
    state: LineState,
    unreported: bool = False,
    zero_by_rule: bool = False,
    note: str = "",
) -> str:
    """As `pdf_text.award_words`."""
    short = None if award is None else _short(award)
    return pdf_text.award_words(short, state, unreported, zero_by_rule, note)


def points_words(line: CardLine) -> str:
    """As `pdf_text.points_words`."""
    return pdf_text.points_words(line, grouped)


def columns_words(card: Card) -> str:
    """As `pdf_text.columns_words`."""
    return pdf_text.columns_words(card, grouped)


def fact_words(fact: FactRow) -> tuple[str, ...]:
    """As `pdf_text.fact_words`."""
    return pdf_text.fact_words(fact, amount)


def amount(of: Figure) -> tuple[str, ...]:
    """As on paper; where the exact figure has more than two decimals, it is in the title alone."""
    said = paper.amount_words(of)
    if decimals(of.value) <= 2:
        return said
    if of.unit == WAN_YUAN:
        return (figures.money(of),)
    if len(said) > 1:
        exact = said[1][1:-1]
        return (Markup('<span class="figure" title="{}">{}</span>').format(exact, said[0]),)
    return (figures.figure(of),)


def in_wan(amount: Figure | None) -> str:
    """万元 in a column whose head says so; 无 where there are none."""
    return "无" if amount is None else figures.in_wan(amount)


def bare(of: Figure | None) -> str:
    """A fact's figure beside which a cell names the unit."""
    return MISSING if of is None else figures.bare(of)
