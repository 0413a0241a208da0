"""Count the statements that a page takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from tests.web.conftest import Site
from tests.web.pages import forget
from tracker.core.db import db


@contextmanager
def counted(site: Site) -> Iterator[list[str]]:
    """The statements that the site's database is sent within the block."""
    found: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest: object) -> None:
        found.append(statement)

    forget(site.app)  # of a page that is made
    with site.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def number_for(site: Site, user: str, address: str) -> int:
    """How many statements the page takes `user`, the page being warm."""
    browser = site.browser(user)
    assert browser.get(address).status_code == 200
    with counted(site) as found:
        browser.get(address)
    return len(found)
