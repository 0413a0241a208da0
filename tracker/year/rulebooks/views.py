"""评分细则: the shelf by year, a rulebook as its printed table, and what differs between years."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from tracker.engine.scoring import SUBJECTS
from tracker.records.accounts.permissions import Permission
from tracker.web.access import requires
from tracker.web.downloads import attachment
from tracker.web.period import selected_year
from tracker.web.tables import asked_number
from tracker.year.rulebooks import printed
from tracker.year.rulebooks.shelf import years

bp = Blueprint("rulebooks", __name__, url_prefix="/rulebooks")


@bp.get("/")
@requires(Permission.RULEBOOKS_VIEW)
def index() -> ResponseReturnValue:
    """The rulebooks of the chosen year."""
    year, shelf = selected_year(), years()
    books = printed.read_in_order(printed.shelved(year).rulebooks) if year in shelf else []
    earlier = printed.shelved(year - 1).rulebooks if year - 1 in shelf else ()
    return render_template(
        "rulebooks/index.html",
        books=books,
        counts={book.code: printed.line_counts(book) for book in books},
        differences={
            book.code: printed.difference(before, book).count
            for book in books
            if (before := printed.book_of(earlier, book.subject)) is not None
        },
        shelf=shelf,
        subjects=SUBJECTS,
    )


@bp.get("/<int:year>/<code>")
@requires(Permission.RULEBOOKS_VIEW)
def detail(year: int, code: str) -> ResponseReturnValue:
    """One rulebook as its printed table."""
    found = _printed(year, code)
    shelf = years()
    return render_template(
        "rulebooks/detail.html",
        found=found,
        book=found.book,
        subject=SUBJECTS[found.book.subject],
        others=[
            each
            for each in shelf
            if each != year and printed.book_of(printed.shelved(each).rulebooks, found.book.subject)
        ],
    )


@bp.get("/<int:year>/<code>.toml")
@requires(Permission.RULEBOOKS_VIEW)
def download(year: int, code: str) -> ResponseReturnValue:
    """The rulebook's file, as it lies on the shelf."""
    _printed(year, code)
    text = printed.text_of(year, code).encode()
    return attachment(text, f"{year}-{code}.toml", "application/toml; charset=utf-8", about="细则")


@bp.get("/diff")
@requires(Permission.RULEBOOKS_VIEW)
def diff() -> ResponseReturnValue:
    """What differs between two years of one subject's rulebook, in words."""
    shelf = years()
    subjects = {
        book.subject: SUBJECTS[book.subject]
        for year in shelf
        for book in printed.shelved(year).rulebooks
    }
    subject = request.args.get("subject", "")
    if subject not in subjects:
        subject = "county.recipient" if "county.recipient" in subjects else next(iter(subjects))
    after = _asked_year("after", shelf, shelf[0])
    before = _asked_year("before", shelf, next((y for y in shelf if y < after), shelf[-1]))
    sides = [printed.book_of(printed.shelved(year).rulebooks, subject) for year in (before, after)]
    return render_template(
        "rulebooks/diff.html",
        shelf=shelf,
        subjects=subjects,
        subject=subject,
        before=before,
        after=after,
        sides=sides,
        found=None if None in sides else printed.difference(*(book for book in sides if book)),
    )


def _printed(year: int, code: str) -> printed.Printed:
    if year not in years():
        abort(404)
    try:
        return printed.printed(year, code)
    except KeyError:
        abort(404)


def _asked_year(name: str, shelf: list[int], otherwise: int) -> int:
    asked = asked_number(name)
    return asked if asked in shelf else otherwise
