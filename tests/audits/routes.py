"""Every route with the world's records in its address, and what each user must get there.

Nothing is listed by hand: routes come from the application, permissions from its views, who has
them from `GRANTS`, the places of a record from its foreign keys. Only a parameter that names
neither a record nor anything in `WORDS` has to be added there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from tests.audits.world import OWN, USERS, YEAR, World
from tracker.core.db import Base
from tracker.records.accounts.permissions import GRANTS, Role
from tracker.records.supervision.steps import STEPS as ORDER_STEPS
from tracker.records.supervision.steps import By
from tracker.records.works.steps import STEPS as WORK_STEPS

# Parameters that are no record's number, by name or by blueprint and name: what they hold, and
# whether that is of 缙云县 alone.
WORDS: dict[str, tuple[str, bool]] = {
    "filename": ("css/tracker.css", False),
    "year": (str(YEAR), False),
    "quarter": ("1", False),
    "revision": ("1", False),
    "form": ("csv", False),
    "sheet": ("zj-recipient-county", False),
    "subject_code": (OWN, True),
    "code": (OWN, True),
    "measure": ("projects.counted", False),
    "line": ("A2.1", False),
    "sampling_id": ("1", False),  # published to all who may read any; whose figures, by their place
    "procedure.act": ("taken_back", False),
    "rulebooks.code": ("zj-recipient-county", False),
}

# Tables that everybody reads who may read any of them, though their rows may name a place.
COMMON = frozenset(
    {"regions", "platforms", "organisations", "county_listings", "industrial_listings"}
)

# Tables whose row in the world is for one user: work that is for the province's assessors.
PERSONAL = {"background_jobs": "assessor"}

# Tables whose rows hold the figures of all places, or are of those who run the assessment: the
# world's are the province's, so that only those who see the province see them.
WHOLE = frozenset({"snapshots", "paper_issues", "rulebook_sets", "rulebook_files"})

PROVINCE = "330000"
ROLES = {name: role for name, role, _ in USERS}
HOMES = {name: code for name, _, code in USERS}
# Who is which side of the world's supervision order, which has nobody to help.
ORDER_SIDES = {By.OWN: OWN, By.ISSUER: "331100"}


@dataclass(frozen=True)
class Route:
    """One method of one address. `permission` is None where the view is public. `touched`: the
    places of the record that it is about; None where it is about no record of a place. `only`: the
    one user whom the record is for, "" if that follows from its places."""

    endpoint: str
    method: str
    address: str
    permission: str | None
    touched: frozenset[str] | None
    only: str = ""

    def granted(self, user: str) -> bool:
        """Whether the user's role has the permission."""
        return self.permission is None or self.permission in GRANTS[ROLES[user]]

    def in_sight(self, user: str) -> bool:
        """Whether the record is the user's to see by its places."""
        if self.only:
            return user == self.only
        if self.touched is None or ROLES[user] is Role.ADMINISTRATOR:
            return True
        return any(_within(code, HOMES[user]) for code in self.touched)

    def at_home(self, user: str) -> bool:
        """Whether the record, which is 缙云县's, is the user's to change: county staff change what
        is their own county's, those who judge what lies below them."""
        if self.touched is None or ROLES[user] is Role.ADMINISTRATOR:
            return True
        if ROLES[user] is Role.STAFF:
            return HOMES[user] == OWN
        return _within(OWN, HOMES[user])

    def of_another_side(self, user: str) -> bool:
        """Whether it is a step of a supervision order, of a key work or of an application that is
        for the other side of it; counties issue no orders."""
        if self.endpoint == "supervision.new":
            return not HOMES[user].endswith("00")
        if self.address.startswith("/evidence/applications/") and self.endpoint == "evidence.new":
            return HOMES[user] != OWN  # the world's is a draft, whose papers the county prepares
        said = {f"key_works.{act}": step for act, step in WORK_STEPS.items()}.get(self.endpoint)
        if said is not None:
            return (HOMES[user] == OWN) is not said.by_place
        steps = {f"supervision.{act}": step for act, step in ORDER_STEPS.items()}
        step = steps.get(self.endpoint)
        return step is not None and HOMES[user] != ORDER_SIDES.get(step.by)


def routes(app: Flask, world: World) -> list[Route]:
    """All routes of `app` but Flask's own, each with the records of 缙云县."""
    return [
        route
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
        if rule.endpoint != "static"
        for route in _of_rule(app, rule, world)
    ]


def _of_rule(app: Flask, rule: Rule, world: World) -> Iterator[Route]:
    values, places, only = {}, [], ""
    for name in rule.arguments:
        values[name], of = _value(rule, name, world)
        places.append(of)
        only = only or PERSONAL.get(table_of(rule.endpoint, name) or "", "")
    touched = _narrowest([of for of in places if of is not None])
    address = re.sub(r"<(?:[^<>:]+:)?(\w+)>", lambda found: str(values[found[1]]), rule.rule)
    view = app.view_functions[rule.endpoint]
    for method in sorted(rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
        permission = getattr(view, "permission", None)
        yield Route(rule.endpoint, method, address, permission, touched, only)


def _narrowest(places: list[frozenset[str]]) -> frozenset[str] | None:
    """The places of what an address is about: one county's card is not its whole snapshot."""
    if not places:
        return None
    narrow = [of for of in places if of != {PROVINCE}]
    return frozenset.intersection(*narrow) if narrow else frozenset({PROVINCE})


def _value(rule: Rule, name: str, world: World) -> tuple[object, frozenset[str] | None]:
    """What the parameter `name` holds, and the places that this is of (None: of no place)."""
    blueprint = rule.endpoint.rpartition(".")[0]
    if found := WORDS.get(f"{blueprint}.{name}") or WORDS.get(name):
        value, placed = found
        return value, frozenset({OWN}) if placed else None
    table = table_of(rule.endpoint, name)
    if table is None or table not in world.records:
        raise LookupError(f"{rule}: no record for <{name}>; see tests/audits/routes.py")
    places = frozenset({PROVINCE}) if table in WHOLE else world.touched[table]
    return world.records[table], None if table in COMMON or not places else places


def table_of(endpoint: str, name: str) -> str | None:
    """The table whose row a parameter names: by its own name (`park_id`), else by the blueprint
    (`parks.detail` with `record_id`)."""
    tables = Base.metadata.tables
    stem = name.removesuffix("_id")
    for table in tables.values():
        for column in table.columns:
            for key in column.foreign_keys:
                if column.name == name and key.column.table.name != "regions":
                    return key.column.table.name
    singular = {_singular(table): table for table in tables}
    if stem in singular:
        return singular[stem]
    blueprint = endpoint.rpartition(".")[0]
    return blueprint if blueprint in tables else None


def _singular(table: str) -> str:
    return table[:-3] + "y" if table.endswith("ies") else table.removesuffix("s")


def _within(code: str, home: str) -> bool:
    """Whether the place `code` is `home` or lies in it (GB/T 2260)."""
    return home == PROVINCE or code == home or (home.endswith("00") and code[:4] == home[:4])
