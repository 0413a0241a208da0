"""How the figures of briefs and summaries read: as on the pages. Pure."""

from __future__ import annotations

from tracker.core.quantities.figure import WAN_YUAN, YI_YUAN, YUAN, Figure
from tracker.core.quantities.precision import shortened
from tracker.core.quantities.printed import percent, spelled

UNKNOWN, NONE = "未报", "—"


def figure_words(of: Figure | None, unknown: str = UNKNOWN) -> str:
    """A figure of a column whose head has the unit: money in 万元 (亿元 as
    they are) with two decimals, a count as it is; what is not 0 never looks like it."""
    if of is None:
        return unknown
    if of.unit in (YUAN, WAN_YUAN):
        return _two(of.to(WAN_YUAN))
    text = _two(of)
    if of.unit == YI_YUAN:
        return text
    return text.rstrip("0").rstrip(".") if "." in text else text


def _two(of: Figure) -> str:
    rounded = shortened(of.value, 2, of.precision)
    if not rounded and of.value:
        return "<0.01" if of.value > 0 else ">−0.01"
    return f"{of.precision}{spelled(rounded)}"


def share_words(share: Figure | None) -> str:
    """A part of the whole with one decimal."""
    return NONE if share is None else percent(share)


def change_words(change: Figure | None) -> str:
    """A change with its sign."""
    if change is None:
        return NONE
    sign = "+" if change.value > 0 else "−" if change.value < 0 else ""
    return f"{sign}{share_words(abs(change))}"
