"""评分细则: the shelf by year, a rulebook as its printed table, and what differs between years."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.engine.scoring import SUBJECTS, Rulebook
from tracker.records.accounts.owners import owned_pages, runs, selected_owner
from tracker.records.accounts.permissions import Permission
from tracker.web.access import requires
from tracker.web.downloads import attachment
from tracker.web.period import selected_year
from tracker.year.rulebooks import printed, queries
from tracker.year.rulebooks.drafting import draft_book
from tracker.year.rulebooks.models import SetState, StoredSet
from tracker.year.rulebooks.shelf import years

bp = Blueprint("rulebooks", __name__, url_prefix="/rulebooks")
owned_pages(bp)


@bp.get("/")
@requires(Permission.RULEBOOKS_VIEW)
def index() -> ResponseReturnValue:
    """The rulebooks of the chosen year."""
    year, owner = selected_year(), selected_owner()
    shelf = years(owner)
    books = printed.read_in_order(printed.shelved(year, owner).rulebooks) if year in shelf else []
    earlier = printed.shelved(year - 1, owner).rulebooks if year - 1 in shelf else ()
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
        source=_source(year),
    )


@bp.get("/<int:year>/<code>")
@requires(Permission.RULEBOOKS_VIEW)
def detail(year: int, code: str) -> ResponseReturnValue:
    """One rulebook as its printed table."""
    found, owner = _printed(year, code), selected_owner()
    shelf = years(owner)
    return render_template(
        "rulebooks/detail.html",
        found=found,
        book=found.book,
        subject=SUBJECTS[found.book.subject],
        source=_source(year),
        others=[
            each
            for each in shelf
            if each != year
            and printed.book_of(printed.shelved(each, owner).rulebooks, found.book.subject)
        ],
    )


@bp.get("/<int:year>/<code>.toml")
@requires(Permission.RULEBOOKS_VIEW)
def download(year: int, code: str) -> ResponseReturnValue:
    """The rulebook's file, as it lies on the shelf."""
    _printed(year, code)
    text = printed.text_of(year, code, selected_owner()).encode()
    return attachment(text, f"{year}-{code}.toml", "application/toml; charset=utf-8", about="细则")


@bp.get("/template.xlsx")
@requires(Permission.RULEBOOKS_VIEW)
def template() -> ResponseReturnValue:
    """The Excel table in which a rulebook is written, an example in it."""
    from tracker.year.rulebooks.sheet import write_template

    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return attachment(write_template(), "评分细则模板.xlsx", kind, about="评分细则模板")


@bp.get("/diff")
@requires(Permission.RULEBOOKS_VIEW)
def diff() -> ResponseReturnValue:
    """What differs between two years of one subject's rulebook, or of a set that is being made, in
    words."""
    owner = selected_owner()
    shelf = years(owner)
    of_year = {str(year): printed.shelved(year, owner).rulebooks for year in shelf}
    makes = current_user.may(Permission.RULEBOOKS_EDIT) and runs(current_user, owner)
    made = _made(owner) if makes else {}
    if not (of_year or made):
        abort(404)
    choices = {key: f"{key} 年度" for key in of_year}
    choices |= {
        key: f"{each.year} 年度《{each.name}》（{each.state.label}）" for key, each in made.items()
    }
    after = _asked_side("after", choices, next(iter(choices)))
    earlier = next((key for key in of_year if key < after), [*of_year, *made][-1])
    before = _asked_side("before", choices, earlier)
    sides = [of_year[key] if key in of_year else _sound(made[key]) for key in (before, after)]
    subjects = {
        subject: label
        for subject, label in SUBJECTS.items()
        if any(printed.book_of(books, subject) for books in (*of_year.values(), *sides))
    }
    subject = request.args.get("subject", "")
    if subject not in subjects:
        subject = "county.recipient" if "county.recipient" in subjects else next(iter(subjects))
    books = [printed.book_of(of_side, subject) for of_side in sides]
    return render_template(
        "rulebooks/diff.html",
        choices=choices,
        subjects=subjects,
        subject=subject,
        before=before,
        after=after,
        sides=books,
        found=None if None in books else printed.difference(*(book for book in books if book)),
    )


def _made(owner: int | None) -> dict[str, StoredSet]:
    """The sets made in the browser that are not in force."""
    force = {set_id for set_id, _ in queries.in_force(owner).values()}
    return {
        f"set-{each.id}": each
        for each in queries.sets(owner)
        if each.id not in force and each.state is not SetState.DISCARDED
    }


def _sound(stored: StoredSet) -> tuple[Rulebook, ...]:
    """The rulebooks of a set that have no faults."""
    books = (draft_book(path, text) for path, text in queries.texts(stored.id).items())
    return tuple(each.book for each in books if each.book)


def _printed(year: int, code: str) -> printed.Printed:
    owner = selected_owner()
    if year not in years(owner):
        abort(404)
    try:
        return printed.printed(year, code, owner)
    except KeyError:
        abort(404)


def _source(year: int) -> StoredSet | None:
    """The published set that a year goes by; None where that is the files shipped."""
    found = queries.in_force(selected_owner()).get(year)
    return queries.get(found[0]) if found else None


def _asked_side(name: str, sides: Mapping[str, object], otherwise: str) -> str:
    asked = request.args.get(name, "")
    return asked if asked in sides else otherwise
