"""Up to three sentences for a leader: the strongest group, the weakest, what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tracker.core.quantities.printed import rounded_share
from tracker.papers.scorecard.card import CardLine, GroupScore, LineKind, LineState

WAY = "最值得做的"
NAMED = 3  # groups that share a place


def remarks(
    groups: tuple[GroupScore, ...], lines: tuple[CardLine, ...], steps: Sequence[str]
) -> tuple[str, ...]:
    """Up to three sentences; none about what cannot be scored. `steps`: the best first."""
    sentences = []
    whole = {
        group.name: Decimal(group.award) / Decimal(group.points)
        for group in groups
        if group.award is not None and group.kind is LineKind.SCORE and _is_whole(group, lines)
    }
    if len(whole) > 1:
        most, least = max(whole.values()), min(whole.values())
        if most > least:
            for words, rate in (("最高", most), ("最低", least)):
                sharing = [name for name, other in whole.items() if other == rate]
                sentences.append(f"得分率{words}的是{_named(sharing)}（{_percent(rate)}）。")
    if steps:
        sentences.append(f"{WAY}：{steps[0]}")
    return tuple(sentences)


def _is_whole(group: GroupScore, lines: tuple[CardLine, ...]) -> bool:
    """Whether every line of the group that applies is scored, and it has points."""
    states = [line.state for line in lines if line.group == group.name and line.kind is group.kind]
    return (
        group.award is not None and Decimal(group.points) > 0 and LineState.UNSCORABLE not in states
    )


def _named(names: Sequence[str]) -> str:
    """All who share the place; of many the first and how many they are."""
    if len(names) <= NAMED:
        return "、".join(names)
    return f"{'、'.join(names[: NAMED - 1])}等 {len(names)} 组"


def _percent(share: Decimal) -> str:
    return f"{rounded_share(share)}%"
