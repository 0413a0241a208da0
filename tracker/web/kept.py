"""Pages that a process keeps as long as nothing has changed.

What a summary page shows is made of all records of a year, and is read many times between two of
their changes. Its content, as one role in one region sees it, is kept for the state of the data
(`core.db.standing`), the day and all that the address says: a page that is kept is, but for its
frame, what making it again would give. The frame (the menu, the bell, the forms' token) is made
each time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from flask import Flask, current_app, g, render_template, request
from flask_login import current_user
from markupsafe import Markup

from tracker.core.db.records import now
from tracker.core.db.standing import state
from tracker.core.quantities.clock import today
from tracker.web.marks import mark

_LONGEST = 300  # seconds: words such as "for more than 48 hours" go with the clock
_MOST = 16_000_000  # characters of all pages
_PATIENCE = 20.0  # seconds for which one waits for a page that another makes
_TOKEN = "csrf_token"  # noqa: S105 - where Flask-WTF holds the one that it gave out
_BETWEEN = "\x1e"  # no page has it: forms refuse it
ABOUT = ("year", "carried_year", "owner_id")  # what a view lets the frame be about
PARTS = ("section", "head", "title", "year_words", "heading", "crumbs", "actions", "content")


class Drawing:
    """What a page shows, before it is drawn: the name of a template that extends `frame`, and its
    values."""

    def __init__(self, name: str, **shown: object) -> None:
        self.name, self.shown = name, shown


@dataclass(frozen=True)
class Page:
    """A page without its frame, and what its view let the frame be about."""

    parts: dict[str, Markup]
    about: dict[str, object]

    @property
    def size(self) -> int:
        """In characters."""
        return sum(map(len, self.parts.values()))


class Shelf:
    """Pages by what they hang on, of one state of the data; those that were not asked
    for longest go first."""

    def __init__(self, most: int = _MOST) -> None:
        self._pages: OrderedDict[tuple, Page] = OrderedDict()
        self._state: object = None
        self._size, self._most = 0, most
        self._making: set[tuple] = set()
        self._lock = threading.Condition()

    def find(self, standing: object, key: tuple) -> Page | None:
        """A page; one that somebody makes, when it is made. None: whoever asks makes it, and says
        when that is `over`."""
        with self._lock:
            while True:
                if standing == self._state and key in self._pages:
                    self._pages.move_to_end(key)
                    return self._pages[key]
                if (standing, key) not in self._making:
                    self._making.add((standing, key))
                    return None
                if not self._lock.wait(_PATIENCE):
                    return None

    def over(self, standing: object, key: tuple) -> None:
        """Nobody waits any more for a page, whether it was kept or not."""
        with self._lock:
            self._making.discard((standing, key))
            self._lock.notify_all()

    def keep(self, standing: object, key: tuple, page: Page) -> None:
        with self._lock:
            if standing != self._state:
                self._pages.clear()
                self._state, self._size = standing, 0
            if key in self._pages:
                self._size -= self._pages.pop(key).size
            self._pages[key] = page
            self._size += page.size
            while self._size > self._most:
                self._size -= self._pages.popitem(last=False)[1].size


def init_app(app: Flask) -> None:
    app.jinja_env.globals["frame"] = "layout/page.html"


def kept(view: Callable[..., Drawing]) -> Callable[..., str]:
    """Keep the page of `view` for all of one role in one region, to whom it shows the same. It
    stands below `requires`. A page with a form that writes is not kept."""
    return _kept(view, "all", lambda: None)


def kept_for_each(view: Callable[..., Drawing]) -> Callable[..., str]:
    """Keep the page of `view` for each user apart."""
    return _kept(view, "each", lambda: current_user.id)


def _kept(
    view: Callable[..., Drawing], kept_for: str, whose: Callable[[], int | None]
) -> Callable[..., str]:
    @wraps(view)
    def found(*args: object, **kwargs: object) -> str:
        standing = state() if request.method == "GET" else None
        key = (whose(), tuple(sorted(kwargs.items())), *_what())
        page = shelf().find(standing, key) if standing is not None else None
        if page is None:
            try:
                page = _drawn(view(*args, **kwargs))
                # A token that was given out is of one session.
                if standing is not None and _TOKEN not in g:
                    shelf().keep(standing, key, page)
            finally:
                shelf().over(standing, key)
        for name, value in page.about.items():
            setattr(g, name, value)
        return render_template("layout/kept.html", parts=page.parts)

    mark(found, kept_for=kept_for)
    return found


def shelf() -> Shelf:
    """That of the application in this process."""
    return current_app.extensions.setdefault("kept_pages", Shelf())


def _what() -> tuple:
    """All that a page hangs on beside the data."""
    return (
        request.endpoint,
        request.script_root,
        tuple(request.args.items(multi=True)),
        current_user.role,
        current_user.region_id,
        g.get("region_id"),
        g.get("owner_id"),
        today(),
        int(now().timestamp()) // _LONGEST,
    )


def _drawn(page: Drawing) -> Page:
    around = {"frame": "layout/parts.html", "between": _BETWEEN}
    drawn = render_template(page.name, **page.shown, **around)
    parts = dict(zip(PARTS, map(Markup, drawn.split(_BETWEEN)), strict=True))
    return Page(parts, {name: g.get(name) for name in ABOUT if name in g})
