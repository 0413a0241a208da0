"""Whether a card rests on anything invented; then it is marked 示例数据."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tracker.core.db import Origin
from tracker.papers.scorecard.behind import members_of
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot


def rests_on_samples(snapshot: ScoredSnapshot, sheet: ScoredSheet, code: str) -> bool:
    """Whether the subject, a record behind its facts, a file that proves one, a ruling on one, or
    a card that this one builds on is invented."""
    if sheet.frozen["subjects"][code]["sample"]:
        return True
    if any(origin == Origin.SAMPLE.value for origin in _origins(snapshot, sheet, code)):
        return True
    return any(
        rests_on_samples(snapshot, lower, lower_code)
        for lower, lower_code in members_of(snapshot, sheet, code)
    )


def _origins(snapshot: ScoredSnapshot, sheet: ScoredSheet, code: str) -> Iterator[Any]:
    document = snapshot.document
    annex = document.get("annex", {})
    proofs = annex.get("proofs", {})
    for references in sheet.frozen["records"].get(code, {}).values():
        for reference in references:
            yield document["records"][reference]["origin"]
            yield from (file.get("origin") for file in proofs.get(reference, ()))
    for ruling in annex.get("rulings", {}).get(sheet.rulebook.subject, {}).get(code, ()):
        yield ruling.get("origin")
