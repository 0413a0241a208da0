"""What the pages of drafts share: who makes them, and which file may be changed."""

from __future__ import annotations

from flask import abort, request
from flask_login import current_user

from tracker.records.accounts.permissions import Permission
from tracker.year.rulebooks import queries, service
from tracker.year.rulebooks.models import StoredFile
from tracker.year.rulemaking.jobs import of_province

SECTION = "rulebooks.index"


def province_only() -> None:
    """The province makes the rulebooks of the province."""
    granted = current_user.is_authenticated and current_user.may(Permission.RULEBOOKS_EDIT)
    if granted and not of_province(current_user):
        abort(403)


def file_of(file_id: int) -> StoredFile:
    """A file of a set; 404 where there is none."""
    return queries.get_file(file_id) or abort(404)


def drafted(file_id: int) -> StoredFile:
    """A file that may be changed. Raises SetError."""
    found = file_of(file_id)
    if not found.set.is_draft:
        raise service.SetError(
            f"这一套{found.set.state.label}，不能再改；要改的，请以它为底另建一套草稿"
        )
    return found


def seen() -> str:
    """The mark of the file as the page showed it."""
    return request.form.get("seen", "")
