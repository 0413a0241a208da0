"""The year that a page is about: it stands in the address (`?year=2024`) and nowhere else.

Links of a page whose address names a year carry it on, so that two windows never disturb each
other and an address shows the same year to whoever opens it. Where the address names none, the
record of the page says it (`show`), else what `begin_with` finds for the user.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, current_app, g, has_request_context, request

from tracker.core.quantities.clock import today

FIRST_YEAR = 2015
_BEGINNING = "first_year_shown"
_AHEAD: set[str] = set()


def init_app(app: Flask) -> None:
    app.before_request(_read_year)
    app.url_defaults(_carry)
    app.jinja_env.globals["carried_year"] = carried_year
    app.context_processor(
        lambda: {
            "year": selected_year(),
            "years": years(),
            "year_choices": [(year, f"{year} 年") for year in years()],
            "unread_year": g.get("unread_year"),
        }
    )


def looks_ahead(*blueprints: str) -> None:
    """Let the pages of `blueprints` be about next year too: what is planned is entered before its
    year begins."""
    _AHEAD.update(blueprints)


def years() -> list[int]:
    """The years that can be chosen on this page, the latest first."""
    ahead = has_request_context() and request.blueprint in _AHEAD
    return list(range(today().year + ahead, FIRST_YEAR - 1, -1))


def begin_with(app: Flask, year: Callable[[], int]) -> None:
    """Let `year` say which year pages show where the address names none."""
    app.extensions[_BEGINNING] = year


def selected_year() -> int:
    """The year of the address or of the page's record; else the one to begin with."""
    if not g.get("year"):
        beginning = current_app.extensions.get(_BEGINNING)
        g.year = beginning() if beginning else today().year
    return g.year


def need_year() -> None:
    """For what cannot say that it is of another year than its address, as a file: 404 where the
    address names a year that cannot be shown."""
    if g.get("unread_year") is not None:
        abort(404)


def carried_year() -> int | None:
    """The year that links of this page carry; None where the address names none."""
    return g.get("carried_year")


def show(year: int) -> None:
    """Let this page be about `year`, the year of its record, whatever the address says."""
    if year in years():
        g.year = g.carried_year = year


def _read_year() -> None:
    """Before the view: the year in the path (`/rulebooks/2024/…`), else in `?year=`."""
    g.year = g.unread_year = None
    asked = request.args.get("year", "")
    for text in (str((request.view_args or {}).get("year", "")), asked):
        if text in map(str, years()):
            show(int(text))
            return
    if asked:  # the page says that it is of another year than its address; "" is no number at all
        g.unread_year = asked if asked.isascii() and asked.isdecimal() and len(asked) < 6 else ""


def _carry(endpoint: str, values: dict[str, Any]) -> None:
    """Add the year to an address of this site; `year=None` asks for one without."""
    year = carried_year()
    if (
        year is None
        or "year" in values
        or current_app.url_map.is_endpoint_expecting(endpoint, "year")
    ):
        return
    view = current_app.view_functions.get(endpoint)
    if getattr(view, "permission", None) is not None:  # what anybody may open is about no year
        values["year"] = year
