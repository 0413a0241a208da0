"""Of whose assessment a page is, where pages may be of more than one: the titles of its files begin
with it, so that the file of one is not taken for another's."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app

_WHOSE = "whose_page"


def say_whose(app: Flask, name: Callable[[], str]) -> None:
    """Let `name` say of whose assessment the page is; "" where that needs no word."""
    app.extensions[_WHOSE] = name


def titled(title: str) -> str:
    """The title of a file of the page."""
    return f"{current_app.extensions[_WHOSE]()} {title}".strip()
