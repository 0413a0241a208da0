"""What sets records apart that read alike where they are shown together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tracker.core.db import key_of
from tracker.web.kit.kinds import name_of

_PLACES = (
    *("county", "region", "origin_region", "host_region", "recipient", "supporter"),
    *("parent", "town"),
)
_OF = ("village", "pairing", "enclave", "park", "project")  # whose place is that of what is theirs


def set_apart(records: Sequence[Any]) -> dict[int, str]:
    """What stands behind the names of records that read alike among `records`, by number: their
    place, and their number where that is the same too."""
    names = {each.id: key_of(name_of(each)) for each in records}
    times = Counter(names.values())
    places = {each.id: _place_of(each) for each in records if times[names[each.id]] > 1}
    labels = Counter((names[number], place) for number, place in places.items())
    return {
        number: (f"（{place}）" if place else "")
        + (f" 编号 {number}" if labels[names[number], place] > 1 else "")
        for number, place in places.items()
    }


def told_apart(records: Sequence[Any]) -> list[tuple[int, str]]:
    """(number, name) of each record for a choice; those of one name with what sets them apart."""
    apart = set_apart(records)
    return [(each.id, name_of(each) + apart.get(each.id, "")) for each in records]


def callings(records: Iterable[Any]) -> Callable[[Any], str]:
    """How each of `records`, of whatever types, is called where all of them are shown: by its name,
    and those of a type that read alike with what sets them apart."""
    of_type: dict[type, dict[int, Any]] = defaultdict(dict)
    for record in records:
        if record is not None:
            of_type[type(record)][record.id] = record
    apart = {of: set_apart(list(found.values())) for of, found in of_type.items()}
    return lambda record: name_of(record) + apart.get(type(record), {}).get(record.id, "")


def _place_of(record: Any) -> str:
    found: list[Any] = [getattr(record, path, None) for path in _PLACES]
    if not any(hasattr(place, "name") for place in found):
        of = next(filter(None, (getattr(record, path, None) for path in _OF)), None)
        return _place_of(of) if of is not None else ""
    return "".join(place.name for place in found if hasattr(place, "name"))
