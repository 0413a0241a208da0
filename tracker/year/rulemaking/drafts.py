"""What the pages of drafts share: who makes them, and which file may be changed."""

from __future__ import annotations

from flask import abort, request
from flask_login import current_user

from tracker.records.accounts.permissions import Permission
from tracker.records.places.scopes import is_province
from tracker.year.rulebooks import queries, service
from tracker.year.rulebooks.models import StoredFile

SECTION = "rulebooks.index"


def province_only() -> None:
    """The province makes the rulebooks of the province."""
    granted = current_user.is_authenticated and current_user.may(Permission.RULEBOOKS_EDIT)
    if granted and not is_province(current_user):
        abort(403)


def file_of(file_id: int) -> StoredFile:
    """A file of a set; 404 where there is none."""
    return queries.get_file(file_id) or abort(404)


def drafted(file_id: int) -> StoredFile:
    """A file that may be changed. Raises SetError."""
    found = file_of(file_id)
    service.must_be_draft(found.set)
    return found


def seen() -> str:
    """The mark of the file as the page showed it."""
    return request.form.get("seen", "")
