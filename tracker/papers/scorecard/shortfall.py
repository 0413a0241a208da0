"""Why a line has not its full marks, in one sentence, from what its card says of it."""

from __future__ import annotations

from decimal import Decimal

from tracker.papers.scorecard.card import CardLine, LineKind, LineState
from tracker.papers.scorecard.page_words import grouped

_END = "。"


def why_not_full(line: CardLine) -> str:
    """One sentence: what is lost of how much, and the figures that it follows from; for a line that
    lost nothing, that it did not."""
    told = line.explain.split(_END)
    why = told[0]
    if line.state is LineState.UNSCORABLE or line.unreported:
        # Why the fact is missing is what has to be known; it stands behind the first sentence.
        because = f"（{told[1]}）" if len(told) > 1 and told[1] else ""
        lead = "未计分" if line.state is LineState.UNSCORABLE else _lost(line)
        return f"{lead}：{why}{because}{_END}"
    if line.kind is not LineKind.SCORE:
        return f"{_of_other(line)}：{why}{_END}"
    if line.lost is None:
        lead = f"得满分，高出 {grouped(line.above)} 分" if line.above else "没有失分"
        return f"{lead}：{why}{_END}"
    return f"{_lost(line)}{_ruled_away(line)}：{why}{_END}"


def _lost(line: CardLine) -> str:
    return f"失 {grouped(line.lost or '0')} 分"


def _of_other(line: CardLine) -> str:
    award = Decimal(line.award or 0)
    if line.kind is LineKind.DEDUCTION:
        return f"扣 {grouped(-award)} 分" if award else "没有扣分"
    return f"加 {grouped(award)} 分" if award else "没有加分"


def _ruled_away(line: CardLine) -> str:
    """What of the loss the counting column took from what was reported."""
    if not line.columns or line.award is None or line.columns[0].award is None:
        return ""
    taken = Decimal(line.columns[0].award) - Decimal(line.award)
    return f"（其中核定后减少 {grouped(taken)} 分）" if taken > 0 else ""
