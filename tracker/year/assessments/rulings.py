"""What city and province corrected or refused, frozen for the cards of those whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tracker.core.quantities.clock import day_of
from tracker.records.determinations.models import Determination, Ruling
from tracker.records.determinations.queries import LEVELS
from tracker.year.measures.collect import Facts
from tracker.year.measures.numbers import decimal_string


def corrections(
    rulings: Mapping[tuple[int, str], Sequence[Determination]],
    facts: Facts,
    codes: Mapping[int, str],
) -> dict[str, list[dict[str, Any]]]:
    """By the subject's code, every correction and refusal among `rulings` (see `rulings_of_year`),
    in the order of the measures, the levels and the days: {reference, measure, level, ruling,
    reported, value, reason, on, stands, origin}. Values are decimal strings in the measure's unit;
    `value` is what counts since.

    `stands` is False where a later ruling of its level took its place; `changed` is there, and
    true, where the one that stands was made on another figure than the records give now (that
    figure, None for none, is `now`).
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for subject_id, name in sorted(rulings):
        fact = facts.get(subject_id, {}).get(name)
        if fact is None:
            continue
        reported = fact.number
        of_fact = sorted(
            rulings[subject_id, name],
            key=lambda ruling: (LEVELS.index(ruling.level), ruling.ruled_at, ruling.id),
        )
        latest = {ruling.level: ruling.id for ruling in of_fact}
        for ruling in of_fact:
            if ruling.ruling is not Ruling.ACCEPTED:
                stands = latest[ruling.level] == ruling.id
                frozen = _frozen(ruling, stands)
                if stands and ruling.reported != reported:
                    frozen |= {"changed": True, "now": fact.value}
                found.setdefault(codes[subject_id], []).append(frozen)
    return found


def _frozen(ruling: Determination, stands: bool) -> dict[str, Any]:
    value = ruling.value if ruling.ruling is Ruling.CORRECTED else Decimal(0)
    assert value is not None, "a correction has a value"
    return {
        "reference": f"determinations:{ruling.id}",
        "measure": ruling.measure,
        "level": ruling.level.value,
        "ruling": ruling.ruling.value,
        "reported": None if ruling.reported is None else decimal_string(ruling.reported),
        "value": decimal_string(value),
        "reason": ruling.reason,
        "on": day_of(ruling.ruled_at).isoformat(),
        "stands": stands,
        "origin": ruling.origin.value,
    }
