"""Up to three sentences for a leader: the strongest group, the weakest, what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tracker.scorecards.card import CardLine, GroupScore, LineKind, LineState

WAY = "最值得做的"


def remarks(
    groups: tuple[GroupScore, ...], lines: tuple[CardLine, ...], steps: Sequence[str]
) -> tuple[str, ...]:
    """Up to three sentences; none about what cannot be scored. `steps`: the best first."""
    sentences = []
    whole = {
        group.name: Decimal(group.award) / Decimal(group.points)
        for group in groups
        if group.kind is LineKind.SCORE and _is_whole(group, lines)
    }
    if len(whole) > 1:
        strongest = max(whole, key=lambda name: whole[name])
        weakest = min(whole, key=lambda name: whole[name])
        if whole[strongest] > whole[weakest]:
            sentences.append(f"得分率最高的是{strongest}（{_percent(whole[strongest])}）。")
            sentences.append(f"得分率最低的是{weakest}（{_percent(whole[weakest])}）。")
    if steps:
        sentences.append(f"{WAY}：{steps[0]}")
    return tuple(sentences)


def _is_whole(group: GroupScore, lines: tuple[CardLine, ...]) -> bool:
    """Whether every line of the group that applies is scored, and it has points."""
    states = [line.state for line in lines if line.group == group.name and line.kind is group.kind]
    return (
        group.award is not None and Decimal(group.points) > 0 and LineState.UNSCORABLE not in states
    )


def _percent(share: Decimal) -> str:
    return f"{share * 100:.1f}%"
