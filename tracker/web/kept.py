"""Pages that a process keeps as long as they would be made the same.

What a summary page shows is made of all records of a year, and is read many times between two of
their changes. Its content, as one role in one region sees it, is kept for the day and all that the
address says, and as long as all that it asked the database is answered as it was (`core.db.asked`):
a page that is kept is, but for its frame, what making it again would give. That is found out once
for each state of the data (`core.db.standing`), which tells that nobody has written meanwhile. The
frame (the menu, the bell, the forms' token) is made each time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import wraps

from flask import Flask, current_app, g, render_template, request
from flask_login import current_user
from markupsafe import Markup

from tracker.core.db import db
from tracker.core.db.asked import Answers, Asked, notes
from tracker.core.db.records import now
from tracker.core.db.standing import UNCOUNTED, state
from tracker.core.quantities.clock import looks, today
from tracker.web.marks import mark

_LONGEST = timedelta(minutes=5)  # words such as "for more than 48 hours" go with the clock
_MOST = 16_000_000  # characters of all pages, and of what they asked
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
    """A page without its frame, and what its view let the frame be about.

    `asked`: what it is made of; None where that cannot be found out again, so that it is not kept.
    `looked_at`: the moment that it goes by, if it goes by the clock.
    """

    parts: dict[str, Markup]
    about: dict[str, object]
    asked: tuple[Asked, ...] | None = None
    looked_at: datetime | None = None

    @property
    def size(self) -> int:
        """In characters."""
        return sum(map(len, self.parts.values())) + sum(each.size for each in self.asked or ())

    @property
    def in_time(self) -> bool:
        """Whether its words are of the present, as far as they go by the clock."""
        return self.looked_at is None or timedelta() <= now() - self.looked_at < _LONGEST


class Shelf:
    """Pages by what they hang on, each of the state of the data in which it was found to be right;
    those that were not asked for longest go first."""

    def __init__(self, most: int = _MOST) -> None:
        self._pages: OrderedDict[tuple, tuple[int | None, Page]] = OrderedDict()
        self._size, self._most = 0, most
        self._newest = 0
        self._making: set[tuple] = set()
        self._lock = threading.Condition()
        self._answers = Answers()

    def find(self, standing: int, key: tuple) -> Page | None:
        """A page; one that somebody makes, when it is made. None: whoever asks makes it, and says
        when that is `over`."""
        with self._lock:
            if standing < self._newest:  # of a copy that was put back, its count goes on otherwise
                self._pages.update({key: (None, page) for key, (_, page) in self._pages.items()})
            self._newest = standing
            while True:
                found, page = self._pages.get(key, (None, None))
                if page is not None and found == standing and page.in_time:
                    self._pages.move_to_end(key)
                    return page
                if (standing, key) not in self._making:
                    self._making.add((standing, key))
                    break
                if not self._lock.wait(_PATIENCE):
                    return None
        if page is None or not self._still(standing, key, page):
            return None
        self.keep(standing, key, page)
        self.over(standing, key)
        return page

    def over(self, standing: int, key: tuple) -> None:
        """Nobody waits any more for a page, whether it was kept or not."""
        with self._lock:
            self._making.discard((standing, key))
            self._lock.notify_all()

    def keep(self, standing: int, key: tuple, page: Page) -> None:
        if page.asked is None:
            return
        self._answers.learn(standing, page.asked)
        with self._lock:
            if key in self._pages:
                self._size -= self._pages.pop(key)[1].size
            self._pages[key] = (standing, page)
            self._size += page.size
            while self._size > self._most:
                self._size -= self._pages.popitem(last=False)[1][1].size

    def _still(self, standing: int, key: tuple, page: Page) -> bool:
        """Whether a page of another state is what making it in the state `standing` would give."""
        if page.asked is None or not page.in_time:
            return False
        try:
            return self._answers.same(standing, page.asked)
        except BaseException:
            self.over(standing, key)
            raise


def init_app(app: Flask) -> None:
    app.jinja_env.globals["frame"] = "layout/page.html"


def kept(view: Callable[..., Drawing]) -> Callable[..., str]:
    """Keep the page of `view` for all of one role in one region, to whom it shows the same. It
    stands below `requires`. A page with a form that writes is not kept."""
    return _kept(view, "all", each=False)


def kept_for_each(view: Callable[..., Drawing]) -> Callable[..., str]:
    """Keep the page of `view` for each user apart."""
    return _kept(view, "each", each=True)


def _kept(view: Callable[..., Drawing], kept_for: str, *, each: bool) -> Callable[..., str]:
    @wraps(view)
    def found(*args: object, **kwargs: object) -> str:
        standing = state() if request.method == "GET" else None
        key = (current_user.id if each else None, tuple(sorted(kwargs.items())), *_what())
        page = shelf().find(standing, key) if standing is not None else None
        if page is None:
            try:
                page = _made(lambda: view(*args, **kwargs), each=each)
                # A token that was given out is of one session.
                if standing is not None and _TOKEN not in g:
                    shelf().keep(standing, key, page)
            finally:
                if standing is not None:
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
    )


def _made(view: Callable[[], Drawing], *, each: bool) -> Page:
    noted = notes()
    with looks() as looked_at:
        if each:  # who asks was found with the session, which is not noted
            db.session.refresh(current_user._get_current_object())
        page = _drawn(view())
    asked = noted.all(but=UNCOUNTED) if noted is not None else None
    return replace(page, asked=asked, looked_at=min(looked_at, default=None))


def _drawn(page: Drawing) -> Page:
    around = {"frame": "layout/parts.html", "between": _BETWEEN}
    drawn = render_template(page.name, **page.shown, **around)
    parts = dict(zip(PARTS, map(Markup, drawn.split(_BETWEEN)), strict=True))
    return Page(parts, {name: g.get(name) for name in ABOUT if name in g})
