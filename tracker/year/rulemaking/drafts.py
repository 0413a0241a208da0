"""What the pages of drafts share: whose they are, and which file may be changed."""

from __future__ import annotations

from flask import abort, request
from flask_login import current_user

from tracker.records.accounts.owners import runs, show_owner
from tracker.year.rulebooks import queries, service
from tracker.year.rulebooks.models import StoredFile, StoredSet

SECTION = "rulebooks.index"


def of_own(stored: StoredSet | None) -> StoredSet:
    """A set, whose owner the page is then about; 404 where there is none, or it is not of those who
    run the assessment that the user runs."""
    if stored is None or not runs(current_user, stored.owner_region_id):
        abort(404)
    show_owner(stored.owner_region_id)
    return stored


def file_of(file_id: int) -> StoredFile:
    """A file of a set; 404 where there is none."""
    found = queries.get_file(file_id) or abort(404)
    of_own(found.set)
    return found


def drafted(file_id: int) -> StoredFile:
    """A file that may be changed. Raises SetError."""
    found = file_of(file_id)
    service.must_be_draft(found.set)
    return found


def seen() -> str:
    """The mark of the file as the page showed it."""
    return request.form.get("seen", "")
