"""The year that pages are about: chosen at the top, kept in the session.

Until one is chosen it is the present year, or the one that `begin_with` finds.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app, g, request, session

from tracker.web.clock import today

FIRST_YEAR = 2015
_BEGINNING = "first_year_shown"


def init_app(app: Flask) -> None:
    app.before_request(_choose_year)
    app.context_processor(
        lambda: {
            "year": selected_year(),
            "years": years(),
            "year_choices": [(year, f"{year} 年") for year in years()],
        }
    )


def years() -> list[int]:
    """The years that can be chosen, the latest first."""
    return list(range(today().year, FIRST_YEAR - 1, -1))


def begin_with(app: Flask, year: Callable[[], int]) -> None:
    """Let `year` say which year pages show to somebody who has not chosen any."""
    app.extensions[_BEGINNING] = year


def selected_year() -> int:
    """The year chosen in the address or earlier in this session; else the one to begin with."""
    if not g.get("year"):
        beginning = current_app.extensions.get(_BEGINNING)
        g.year = beginning() if beginning else today().year
    return g.year


def _choose_year() -> None:
    if request.endpoint == "static":
        return
    asked = _known(request.args.get("year", ""))
    if asked and session.get("year") != asked:
        session["year"] = asked
    g.year = asked or _known(str(session.get("year", "")))


def _known(text: str) -> int | None:
    return int(text) if text in map(str, years()) else None
