"""Lists: pages, order and filters that live in the address."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Flask, request, url_for
from sqlalchemy import Select, SQLColumnExpression, func, select
from werkzeug.routing import IntegerConverter, Map

from tracker.core.db import db
from tracker.web.period import carried_year

SOME = 5  # of many, where a page shows only the first

PER_PAGE = 50
AS_FILE = "tables"  # the parameter that asks for the tables of a page as a file
PAGE_PARAMETERS = ("page", "after", "before", "older", AS_FILE)
MOST_ALONG = 2_000  # rows of one list of a page that is taken along whole
_FORMS = ("csv", "xlsx")
_LARGEST_ID = 2**31 - 1  # PostgreSQL's integer
_LARGEST_PAGE = 100_000


class IdConverter(IntegerConverter):
    """`<id:project_id>`: a record's number, written in one way; one that no database could hold is
    not found."""

    regex = "[1-9][0-9]*"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=_LARGEST_ID)


class WholeConverter(IntegerConverter):
    """`<int:year>`: a whole number, written in one way, so that a page has one address."""

    regex = "0|[1-9][0-9]*"


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, its number from 1, and how many rows and pages there are;
    `first` is the number of its first row in the list."""

    rows: Sequence
    number: int
    total: int
    pages: int
    first: int = 1


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        here=here,
        plainly=plainly,
        kept_parameters=kept_parameters,
        carried_parameters=carried_parameters,
    )


def along() -> str | None:
    """The form of the file as which the tables of this page are asked for; None for the page."""
    asked = request.args.get(AS_FILE) if request.method == "GET" else None
    return asked if asked in _FORMS else None


def at_once(per_page: int) -> int:
    """How many rows stand on a page: `per_page`, or as good as all where they are taken along."""
    return MOST_ALONG if along() else per_page


def page_of(statement: Select, *, per_page: int = PER_PAGE) -> Page:
    """The page of `statement` that the address asks for (`?page=`); the last if there are fewer."""
    per_page = at_once(per_page)
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    total = db.session.scalar(counted) or 0
    pages = max(1, -(-total // per_page))
    number = min(max(asked_number("page") or 1, 1), pages, _LARGEST_PAGE)
    rows = db.session.scalars(statement.limit(per_page).offset((number - 1) * per_page)).all()
    return Page(rows, number, total, pages, (number - 1) * per_page + 1)


def ordering(
    columns: Mapping[str, SQLColumnExpression], default: str
) -> tuple[str, SQLColumnExpression]:
    """(key, clause) of the order in the address (`?sort=name` or `-name`), else the `default`.

    Unknown figures come last in either direction.
    """
    asked = request.args.get("sort", default)
    if asked.removeprefix("-") not in columns:
        asked = default
    column = columns[asked.removeprefix("-")]
    return asked, (column.desc() if asked.startswith("-") else column.asc()).nulls_last()


def asked_number(name: str) -> int | None:
    """The whole number `?name=` of the address, None if it is absent or not one."""
    return number_of(request.args.get(name, ""))


def number_of(text: str) -> int | None:
    """The whole number that `text` is, None if it is not one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def asked_text(name: str, most: int = 60) -> str:
    """The text `?name=` of the address, without what no database would search for."""
    return visible(request.args.get(name, "")).strip()[:most]


def asked_choice(name: str, choices: type[Any]) -> Any | None:
    """The member of the coded list `choices` whose value is `?name=`, else None."""
    text = request.args.get(name, "")
    return next((member for member in choices if member.value == text), None)


def kept_parameters(*without: str) -> list[tuple[str, str]]:
    """The address's parameters but those named, for the hidden fields of a form."""
    found = request.args.items(multi=True)
    return [(visible(name), visible(value)) for name, value in found if name not in without]


def visible(text: str) -> str:
    """`text` without control characters, which no database would search for."""
    return "".join(char for char in text if unicodedata.category(char)[0] != "C")


def here(**changes: object) -> str:
    """The address of this page with parameters changed; None takes one away.

    A change of anything but the page begins at the first page again.
    """
    kept: dict[str, Any] = request.args.to_dict()
    for edge in PAGE_PARAMETERS:
        kept.pop(edge, None)
    kept.update(changes)
    kept["year"] = changes.get("year") or carried_year()
    return joined(_own_address(), kept)


def plainly() -> str:
    """The address of this page without search, filters and order, in the year that it shows."""
    year = carried_year() if "year" in request.args else None
    return joined(_own_address(), {"year": year})


def carried_parameters() -> dict[str, Any]:
    """What the links of this page carry on, for the hidden fields of a form that asks by its
    address: a browser drops what stands behind the `?` of such a form."""
    carried: dict[str, Any] = dict(parse_qsl(_own_address().partition("?")[2]))
    year = carried_year()
    return {**carried, "year": year} if year else carried


def again() -> str:
    """The address that was asked for, made anew: with all that it named."""
    return joined(_own_address(), dict(kept_parameters()))


def _own_address() -> str:
    """The address of this page with what all links carry on besides the year."""
    assert request.endpoint is not None
    return url_for(request.endpoint, **{"year": None, **(request.view_args or {})})


def joined(address: str, parameters: Mapping[str, Any]) -> str:
    """An address of this site with `parameters`, beside those that it carries; empty ones are left
    out."""
    path, _, carried = address.partition("?")
    every = {**dict(parse_qsl(carried)), **parameters}
    query = urlencode({k: v for k, v in every.items() if v not in (None, "")})
    return f"{path}?{query}" if query else path


@dataclass(frozen=True)
class Some:
    """The first of many records, and how many there are."""

    rows: Sequence
    total: int

    @property
    def others(self) -> int:
        """How many are not shown."""
        return self.total - len(self.rows)


def some(rows: Sequence, shown: int = SOME) -> Some:
    """The first of `rows`."""
    return Some(rows[:shown], len(rows))
