"""The objections of a year, from its snapshot, for the reports that count them."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.papers.reports.model import Objected, Objections
from tracker.papers.scorecard.objected import in_order
from tracker.year.assessments.scored import ScoredSnapshot
from tracker.year.objections.models import ObjectionState

# What was decided, what was taken back, what waits.
_COUNTED = (
    ObjectionState.GRANTED,
    ObjectionState.PARTLY,
    ObjectionState.REFUSED,
    ObjectionState.WITHDRAWN,
    ObjectionState.OPEN,
)


def objections_of(snapshot: ScoredSnapshot) -> Objections | None:
    """All objections that a snapshot has, in the order of their filing, counted; None where it has
    none."""
    found = tuple(
        Objected(
            number=number,
            place=each["place"],
            subject=each["name"],
            line=f"{each['line']} {each['line_name']}",
            on=each["on"],
            state=ObjectionState(each["state"]).label,
            over=each["over"],
            reason=each["reason"],
        )
        for number, each in in_order(snapshot.document.get("annex", {}))
    )
    if not found:
        return None
    places = dict.fromkeys(each.place for each in found)
    return Objections(
        states=tuple(state.label for state in _COUNTED),
        total=_sums(found),
        places=tuple((place, _sums([o for o in found if o.place == place])) for place in places),
        each=found,
    )


def _sums(objections: Sequence[Objected]) -> tuple[int, ...]:
    states = [each.state for each in objections]
    return len(states), *(states.count(state.label) for state in _COUNTED)
