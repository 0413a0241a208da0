"""Uploads that were not taken: each keeps a number that one can quote, of what it was and why. It
stands under 后台办理 of whoever sent it, in one series with what is worked on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Blueprint, current_app, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.exc import OperationalError

from tracker.core.db import db, units
from tracker.core.db.records import now
from tracker.records.accounts import sessions
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.background import queries
from tracker.records.background.declared import work
from tracker.records.background.models import BackgroundJob, WorkState
from tracker.records.background.running import Run
from tracker.web.errors import TEXTS, alone, error_page, when_files_are_lost
from tracker.web.forms import Form
from tracker.web.security import from_own_page
from tracker.web.tables import visible

KIND = "upload.refused"
_LOST = "上传"
_ENDED = "提交时登录已失效"
_ENDED_ADVICE = "上传的文件都没有收下。请重新登录，再打开原来的表单上传。"
_PATIENCE = 3.0  # seconds: the person waits for the page that says why
_SHOWN, _LONGEST = 3, 2_000  # names of files, characters of what is said


@work(KIND, "没有收下的上传", Permission.WORK_VIEW, again=False)
def _nothing_to_do(_run: Run) -> None:
    """It has ended when it is written down."""


def note_form(what: str, form: Form, more: Iterable[str] = ()) -> int | None:
    """As `note`, of what `form`, and `more`, says against files that came with it; None where none
    came."""
    many = request.files.to_dict(flat=False).values()
    names = [file.filename or "" for files in many for file in files if file.filename]
    if not names:
        return None
    said = [*form.form_errors, *(words for field in form for words in field.errors), *more]
    return note(what, names, said)


def note(
    what: str, names: Sequence[str], said: Iterable[str], user: User | None = None
) -> int | None:
    """Keep that files called `names` were not taken, and what was `said` of it, in a unit of its
    own: what is open of the request's is given up. `user`: whose they were, where nobody is signed
    in. Gives the number; None while the database is busy, and then the log alone tells of it."""
    shown = "、".join(visible(name)[-60:] for name in names[:_SHOWN])
    more = f" 等 {len(names)} 个文件" if len(names) > _SHOWN else ""
    reason = "；".join(words.rstrip("。；") for words in said)[:_LONGEST] or "没有收下"
    title = f"{what}：{shown}{more}" if shown else what
    if units.is_writing():
        units.give_up()
    try:
        with units.writing(_PATIENCE):
            number = _row(user or current_user, title, reason)
    except OperationalError:
        current_app.logger.warning("an upload was refused, without a number: %s: %s", title, reason)
        return None
    current_app.logger.info("upload %s was refused: %s: %s", number, title, reason)
    return number


def _row(user: User, title: str, reason: str) -> int:
    row = BackgroundJob(
        kind=KIND,
        arguments=queries.packed(()),
        owner=user.id,
        title=title[:200],
        asked_by_id=user.id,
        asked_role=user.role,
        asked_region_id=user.region_id,
        state=WorkState.FAILED,
        reason=f"{reason}。",
        ended_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def words_of(number: int | None) -> Markup | str:
    """What the page says of an upload that was refused under a number."""
    if number is None:
        return ""
    return Markup("这次上传的文件都没有收下，改正后请重新选择。") + _of_number(number)


def _of_number(number: int) -> Markup:
    return Markup('上传编号 {}，问起时报这个编号；原因留在<a href="{}">后台办理</a>中。').format(
        number, url_for("background.detail", background_job_id=number)
    )


@when_files_are_lost
def _note_lost(names: Sequence[str], why: str) -> str:
    """Files that came when the page or the session had expired have their number too, where it is
    known whose they were: of whoever is signed in, or whose session reached its limit by itself."""
    user = current_user if current_user.is_authenticated else _known()
    number = note(_LOST, names, [why], user) if user is not None else None
    return _of_number(number) if number is not None else ""


def _known() -> User | None:
    token = session.get("_user_id")
    return sessions.lapsed(token) if isinstance(token, str) else None


def number_oversized(bp: Blueprint, what: str) -> None:
    """Let uploads to the pages of `bp` that are too large, or too slow, have their number too."""

    def refused(code: int) -> ResponseReturnValue:
        is_upload = request.mimetype == "multipart/form-data"
        if is_upload and not current_user.is_authenticated and "_user_id" in session:
            # What one may send at most is asked of who is signed in: that is what is amiss here.
            more = _note_lost((), _ENDED) if from_own_page() else ""
            page = alone(
                "layout/error.html", title="登录已失效", advice=_ENDED_ADVICE, code=401, more=more
            )
            return page, 401
        if not is_upload or not current_user.is_authenticated:
            return error_page(code)
        most = (request.max_content_length or 0) // 1024 // 1024
        number = note(what, (), [TEXTS[code][1].format(most=most)])
        return error_page(code, words_of(number))

    bp.register_error_handler(413, lambda _error: refused(413))
    bp.register_error_handler(408, lambda _error: refused(408))
