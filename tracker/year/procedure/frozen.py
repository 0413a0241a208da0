"""What a snapshot keeps of the course of its year: which cards the province has reviewed, which
lines it accepted as gaps. Frozen with the facts, so that pages and papers say it for ever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.core.quantities.clock import day_of
from tracker.year.assessments.freeze import annexed
from tracker.year.procedure.queries import accepted_gaps, standing_reviews


@annexed("reviews")
def reviews(year: int, sheets: Mapping[str, Any], owner: int | None) -> dict[str, dict[str, Any]]:
    """By what the sheet is about and the subject's code: {on, taken_over: [measure]}."""
    found: dict[str, dict[str, Any]] = {}
    for (subject, code), row in sorted(standing_reviews(year, sheets, owner).items()):
        found.setdefault(subject, {})[code] = {
            "on": day_of(row.at).isoformat(),
            "taken_over": row.taken_over.split(),
        }
    return found


@annexed("gaps")
def gaps(
    year: int, sheets: Mapping[str, Any], owner: int | None
) -> dict[str, dict[str, dict[str, str]]]:
    """By what the sheet is about, the subject's code and the line's: why it is accepted."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for (subject, code), lines in sorted(accepted_gaps(year, owner).items()):
        if code in sheets.get(subject, {}).get("subjects", ()):
            of_sheet = found.setdefault(subject, {})
            of_sheet[code] = {line: row.reason for line, row in sorted(lines.items())}
    return found
