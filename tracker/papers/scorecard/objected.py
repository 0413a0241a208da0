"""What a card says of the objections to its lines, from the snapshot that it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tracker.year.assessments.scored import ScoredSheet
from tracker.year.objections.models import ObjectionState


def in_order(annex: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    """The objections that a snapshot's annex has, by number; none in those from before any."""
    found = annex.get("objections", {})
    return [(int(number), found[number]) for number in sorted(found, key=int)]


def objected_notes(sheet: ScoredSheet, code: str, line: str) -> Iterator[str]:
    """Each objection to a line of the card of `code` in a sentence; what was withdrawn is none."""
    for number, each in in_order(sheet.annex):
        if (each["subject"], each["code"], each["line"]) != (sheet.rulebook.subject, code, line):
            continue
        state = ObjectionState(each["state"])
        if state is ObjectionState.WITHDRAWN:
            continue
        said = f"第 {number} 号申诉（{each['on']}）：{state.label}"
        if each["reason"]:
            said += f"（{each['over']}）。{each['reason'].rstrip('。')}"
        yield f"{said}。"
