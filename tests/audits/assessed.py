"""What a county fills in for the assessment alone: derived from rulebooks, measures and forms.

A field is asked of a county if its people may fill it in on a form, or in a column of the quarter's
figures. It is for the assessment alone if a measure that a shipped rulebook names reads it, and
nothing else of the program does: no page, rule, sum, reminder or contract. Showing a record, its
form and its filters are no use of it.

`python -m tests.audits.assessed` writes the table in docs/assessed.md anew, with the reasons that
stand there.
"""

from __future__ import annotations

import ast
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace

from sqlalchemy import Column, Select
from sqlalchemy.sql import visitors
from wtforms.fields.core import UnboundField

from tracker.records.accounts.permissions import Role, permits
from tracker.records.operations.items import ASKED, Item
from tracker.records.operations.models import OperatingFigure
from tracker.web.kit.kinds import Kind, all_kinds
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.rulebooks.shelf import year_set, years

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "assessed.md"
BEGIN, END = "<!-- table -->\n", "<!-- end -->\n"
NAMED = 4  # measures that a line names
ITEM = "item"  # column of operating figures whose values are fields of their own

# Whom a form is for who is of no province.
_COUNTY = SimpleNamespace(region_id=None, role=Role.STAFF)
# What is assessed, what is made for trying it, and what lists all columns use nothing of a record.
_NO_USE = ("year/", "exchange/")
_DECLARATIONS = re.compile(r"(^|_)(kinds|forms)\.py$")
# Read by a name that is put together while running, which no look at the code finds: how far a
# project is follows from the dates of its stages (`Project.stage`).
BY_NAME = {"projects": ("planned_on", "negotiated_on")}


@dataclass(frozen=True, order=True)
class Asked:
    """A field of a form: of a table, its column, or (`item`) one of the quarter's figures."""

    table: str
    column: str
    item: str = ""

    @property
    def name(self) -> str:
        """As the table names it: enclaves.has_village_disclosure, operating_figures.visitors."""
        return f"{self.table}.{self.item or self.column}"


def asked() -> dict[Asked, tuple[str, str]]:
    """All that a county's people may fill in → (what the record is called, what the field is)."""
    found: dict[Asked, tuple[str, str]] = {}
    for kind in all_kinds():
        if kind.form is None or kind.edit is None or not permits(Role.STAFF, kind.edit):
            continue
        reserved = kind.reserved(_COUNTY, None)
        for name, field in _fields(kind):
            if name in reserved or name not in kind.model.__mapper__.columns:
                continue
            if (kind.model, name) == (OperatingFigure, ITEM):
                for item in ASKED:
                    found[Asked(kind.model.__tablename__, name, item.value)] = (
                        kind.label,
                        item.label,
                    )
                continue
            label = field.args[0] if field.args else field.kwargs.get("label", name)
            found[Asked(kind.model.__tablename__, name)] = (kind.label, str(label))
    return found


def _fields(kind: Kind) -> Iterator[tuple[str, UnboundField]]:
    for name in dir(kind.form):
        field = getattr(kind.form, name, None)
        if isinstance(field, UnboundField):
            yield name, field


@cache
def statements() -> dict[str, dict[str, Select]]:
    """The statements of each measure that a shipped rulebook names, its goal or earlier year."""
    books = (book for year in years() for book in year_set(year).rulebooks)
    named = {name for book in books for name in book.measures}
    return {
        name: dict(measure.read(2024).statements)
        for name, measure in CATALOGUE.measures.items()
        if any(each == name or each.endswith(f".{name}") for each in named)
    }


def _columns(statement: Select) -> set[tuple[str, str]]:
    return {
        (each.table.name, each.name)
        for each in visitors.iterate(statement)
        if isinstance(each, Column) and each.table is not None
    }


def _items(statement: Select) -> set[str]:
    values: set[str] = set()
    for each in visitors.iterate(statement):
        value = getattr(each, "value", None)
        for one in value if isinstance(value, (list, tuple, set, frozenset)) else (value,):
            if isinstance(one, Item):
                values.add(one.value)
    return values


def readers() -> dict[Asked, set[str]]:
    """Field → the measures that read it."""
    found: dict[Asked, set[str]] = defaultdict(set)
    for name, of_measure in statements().items():
        for statement in of_measure.values():
            columns = _columns(statement)
            for table, column in columns:
                found[Asked(table, column)].add(name)
            if (OperatingFigure.__tablename__, ITEM) in columns:
                for item in _items(statement):
                    found[Asked(OperatingFigure.__tablename__, ITEM, item)].add(name)
    return found


def yielded() -> dict[Asked, set[str]]:
    """The fields that all their measures read only where no row of other records tells the same →
    those measures: what records yield is not asked again."""
    found: dict[Asked, set[str]] = defaultdict(set)
    for name, of_measure in statements().items():
        earlier: set[str] = set()
        for key, statement in of_measure.items():
            table = key.partition("#")[0]
            columns = _columns(statement)
            if earlier & {each for each, _ in columns} - {table}:
                for of, column in columns:
                    if of == table:
                        found[Asked(of, column)].add(name)
                if (table, ITEM) in columns:
                    for item in _items(statement):
                        found[Asked(table, ITEM, item)].add(name)
            earlier.add(table)
    of = readers()
    return {field: measures for field, measures in found.items() if measures == of[field]}


@cache
def _uses() -> dict[str, set[str]]:
    """Attribute → the modules that name it, from the root of the tracker."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in (ROOT / "tracker").rglob("*.py"):
        place = path.relative_to(ROOT / "tracker").as_posix()
        if place.startswith(_NO_USE) or _DECLARATIONS.search(path.name):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found[node.attr].add(place)
    return found


@cache
def _packages(place: str) -> frozenset[str]:
    """The record features that a module reads."""
    text = (ROOT / "tracker" / place).read_text(encoding="utf-8")
    return frozenset(re.findall(r"from tracker\.records\.(\w+)", text)) | _own(place)


def _own(place: str) -> frozenset[str]:
    parts = place.split("/")
    return frozenset(parts[1:2]) if parts[0] == "records" else frozenset()


def _is_used(field: Asked, model: type) -> bool:
    """Whether a module that reads the feature's records names the field."""
    if field.column in BY_NAME.get(field.table, ()):
        return True
    feature = model.__module__.split(".")[2]
    name = Item(field.item).name if field.item else field.column
    own = f"records/{feature}/items.py"
    return any(feature in _packages(place) for place in _uses().get(name, ()) if place != own)


def alone() -> dict[Asked, set[str]]:
    """The fields that are filled in for the assessment alone → the measures that read them."""
    models = {kind.model.__tablename__: kind.model for kind in all_kinds()}
    of = readers()
    return {
        field: of[field]
        for field in sorted(asked())
        if of.get(field) and not _is_used(field, models[field.table])
    }


@dataclass(frozen=True)
class Line:
    """A line of the table on the page."""

    record: str
    label: str
    name: str
    measures: str
    reason: str

    def written(self) -> str:
        cells = (self.record, self.label, f"`{self.name}`", self.measures, self.reason)
        return f"| {' | '.join(cells)} |\n"


def kept() -> list[Line]:
    """The lines of the table as it stands."""
    text = PAGE.read_text(encoding="utf-8")
    table = text[text.index(BEGIN) + len(BEGIN) : text.index(END)]
    rows = [
        [cell.strip() for cell in row.strip().strip("|").split("|")]
        for row in table.splitlines()[2:]
    ]
    return [Line(*(cell.strip("`") for cell in row)) for row in rows]


def derived() -> list[Line]:
    """The lines that the table has to have, with the reasons that stand in it."""
    reasons = {line.name: line.reason for line in kept()}
    words = asked()
    return [
        Line(
            *words[field],
            field.name,
            _named(measures),
            reasons.get(field.name, ""),
        )
        for field, measures in alone().items()
    ]


def _named(measures: set[str]) -> str:
    labels = sorted(CATALOGUE.measures[name].label for name in measures)
    more = f"等 {len(labels)} 项" if len(labels) > NAMED else ""
    return "、".join(labels[:NAMED]) + more


def main() -> None:
    text = PAGE.read_text(encoding="utf-8")
    head = "| 记录 | 栏目 | 字段 | 用它的指标 | 理由 |\n|---|---|---|---|---|\n"
    table = head + "".join(line.written() for line in derived())
    before, after = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
    PAGE.write_text(before + table + after, encoding="utf-8")


if __name__ == "__main__":
    from tracker import create_app

    os.environ.setdefault("TRACKER_INSTANCE", tempfile.mkdtemp())
    with create_app().test_request_context():
        main()
