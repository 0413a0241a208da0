"""The contract of the house: every import goes one way, by district, by feature and by room.

Nothing is named here but the districts and the order of the features: each module that exists is
judged by its place (`tracker/DISTRICT/FEATURE/ROOM.py`), so that a new folder or file escapes
nothing. A feature that has no place in the order is itself a fault.
"""

from __future__ import annotations

from dataclasses import dataclass

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

FRONT = frozenset({"views", "cli"})
MIDDLE = frozenset({"kinds", "forms", "rules"})
PURE = frozenset({"engine"})
# Whose front rooms are nobody's business; `web` and `core` have none.
LISTS = frozenset({"tracker", "tracker.features", "tracker.cli"})
# Districts whose features stand in one order.
ORDERED = frozenset({"records", "year", "papers"})
# Districts without rooms: what stands in them is there for all above.
OPEN = frozenset({"core", "engine", "web"})


@dataclass(frozen=True)
class Place:
    """Where a module stands: its district, the feature in it, and the room in the feature."""

    district: str
    feature: str
    room: str

    @classmethod
    def of(cls, module: str) -> Place:
        _, *parts = module.split(".")
        if len(parts) < 2:
            return cls(parts[0] if parts else "", "", "back")
        name = parts[-1] if len(parts) > 2 else ""
        last = name.rpartition("_")[2] if parts[0] not in OPEN else ""
        room = "front" if last in FRONT else "middle" if last in MIDDLE else "back"
        return cls(parts[0], parts[1], room)


class RoomsContract(Contract):
    """`districts`: from the lowest to the highest, those that may not read each other side by side
    with `|`; `features`: the order of the records' back rooms, from the first to the last."""

    type_name = "rooms"

    districts = fields.ListField(subfield=fields.StringField())
    features = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        floors = {
            name.strip(): floor
            for floor, names in enumerate(self.districts)
            for name in names.split("|")
        }
        order = {name: place for place, name in enumerate(self.features)}
        faults = []
        for module in sorted(graph.modules):
            if module in LISTS or module.split(".")[0] != "tracker":
                continue
            place = Place.of(module)
            if place.district not in floors:
                faults.append(f"{module} stands in no district")
                continue
            if place.district in ORDERED and place.feature and place.feature not in order:
                faults.append(f"{module}: the feature has no place in the order of features")
                continue
            for other in sorted(graph.find_modules_directly_imported_by(module)):
                if not other.startswith("tracker"):
                    continue
                why = _fault(place, module, Place.of(other), other, floors, order)
                if why:
                    line = graph.get_import_details(importer=module, imported=other)
                    at = line[0]["line_number"] if line else "?"
                    faults.append(f"{module}:{at} reads {other}: {why}")
        return ContractCheck(kept=not faults, metadata={"faults": faults})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for fault in check.metadata["faults"]:
            output.print_error(fault)


def _fault(
    place: Place,
    module: str,
    there: Place,
    other: str,
    floors: dict[str, int],
    order: dict[str, int],
) -> str | None:
    if other in LISTS:
        return "the lists of features and commands are read by nobody"
    if there.district not in floors:
        return "it stands in no district"
    if there.room == "front":
        return "a front room is read by the lists of features and commands alone"
    same = (there.district, there.feature) == (place.district, place.feature)
    if place.district in PURE and not same:
        return "the engine and the typesetter read nothing of ours"
    if there.district != place.district:
        return _across(place, there, floors)
    if place.district not in ORDERED or place.room != "back" or not place.feature:
        return None
    if there.room != "back":
        return "a back room reads no middle room"
    if there.feature and order[there.feature] > order[place.feature]:
        return "a back room reads only features before its own"
    return None


def _across(place: Place, there: Place, floors: dict[str, int]) -> str | None:
    above = there.district in {"year", "papers"}
    if place.district == "records" and place.room != "back" and above:
        return None if there.room == "back" else "it is no back room"
    if floors[there.district] >= floors[place.district]:
        return f"{there.district} does not stand below {place.district}"
    if (
        there.district == "records"
        and there.room == "middle"
        and place.district not in {"site", "exchange", "api"}
    ):
        return "declarations are read by site and exchange"
    return None
