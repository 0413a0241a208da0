"""Requests as units of work, and database refusals told by the name of their constraint."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps

from flask import (
    Flask,
    Response,
    before_render_template,
    current_app,
    flash,
    g,
    redirect,
    request,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from markupsafe import Markup
from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from tracker.core.db import db, units
from tracker.core.db.printable import UnprintableError
from tracker.core.db.sent import address_of, note_sent
from tracker.web.bodies import receive
from tracker.web.forms import ONCE, is_token
from tracker.web.marks import mark

View = Callable[..., ResponseReturnValue]

SENT_BEFORE = "这张表单此前已经提交并登记，本次没有再登记一次。下面就是当时登记的内容。"
_READING = ("GET", "HEAD", "OPTIONS")
GENERAL_REFUSAL = "所填内容与已有记录有冲突，未能保存。请核对后再试。"
_CHECK = re.compile(r"CHECK constraint failed: (\w+)")
_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")


class ConflictError(Exception):
    """Somebody else changed the record since it was shown."""


def init_app(app: Flask) -> None:
    """Let requests only read, except in the views and blocks that say that they write."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_leave)
    before_render_template.connect(_page_begins, app)
    app.jinja_env.globals.update(once=once)


def writes(view: View) -> View:
    """Let the POST requests of `view` be a writing unit, from finding out who asks to the last
    write; kept if the answer is good. It stands above `requires`.

    A view that answers with a page is refusing what was sent: the unit ends, undone, before the
    page is made. A view with long work in it opens `units.writing` itself, around its writes.
    """

    @wraps(view)
    def unit(*args: object, **kwargs: object) -> ResponseReturnValue:
        if request.method in _READING:
            return view(*args, **kwargs)
        with units.writing():
            # Who asks may have been switched off since the request began.
            g.pop("_login_user", None)
            user_id, given = getattr(current_user, "id", None), request.form.get(ONCE, "")
            taken = address_of(user_id, given) if user_id and given else None
            if taken is not None:
                flash(SENT_BEFORE, "info")
                return redirect(taken)
            answer = current_app.make_response(view(*args, **kwargs))
            if answer.status_code >= 400:
                units.give_up()
            elif user_id and given and units.is_writing() and answer.location:
                note_sent(user_id, given, g.pop("made", "") or answer.location)
        return answer

    mark(unit, writes=True)
    return unit


def once() -> Markup:
    """The hidden field of a form that makes something: sent twice (back, two tabs, a double click),
    it is taken once. The check and the writing stand under one lock; see `writes`."""
    given = request.form.get(ONCE, "") if request.method == "POST" else ""
    token = given if is_token(given) else secrets.token_hex(16)
    return Markup('<input type="hidden" name="{}" value="{}">').format(ONCE, token)


def _begin() -> None:
    g.mode = units.mode(writes=False)
    g.mode.__enter__()
    if request.method not in _READING:
        # What was read so far waits for nobody, and nothing waits for the sender.
        db.session.rollback()
        receive()


def _end(response: Response) -> Response:
    db.session.rollback()
    return response


def _leave(_error: BaseException | None) -> None:
    if "mode" in g:
        g.pop("mode").__exit__(None, None, None)


def _page_begins(_app: Flask, **_about: object) -> None:
    if units.is_writing():
        units.give_up()


@contextmanager
def field_errors(form: FlaskForm, fields: Mapping[str, tuple[str, str]]) -> Iterator[None]:
    """Run the block in a savepoint; a constraint that refuses it becomes an error of `form`.

    `fields`: constraint name → (field name, message). An unnamed constraint becomes a general
    error. Look at `form.errors` after the block.
    """
    try:
        with db.session.begin_nested():
            yield
    except UnprintableError as error:
        if error.column in form:
            form[error.column].errors = [*form[error.column].errors, str(error)]
        else:
            form.form_errors.append(str(error))
    except IntegrityError as error:
        name, message = fields.get(constraint_of(error), ("", GENERAL_REFUSAL))
        if name:
            form[name].errors = [*form[name].errors, message]
        else:
            form.form_errors.append(message)


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that `error` is about, "" where the database does not say."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name or ""
    text = str(error.orig)
    if found := _CHECK.search(text):
        return found[1]
    if found := _UNIQUE.search(text):
        # SQLite names the columns of a unique constraint, never the constraint.
        return _unique_over(found[1].split(", "))
    return ""


def _unique_over(columns: list[str]) -> str:
    table = db.metadata.tables[columns[0].split(".")[0]]
    wanted = {column.split(".")[1] for column in columns}
    constraints = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    indexes = [index for index in table.indexes if index.unique]
    candidates: list[UniqueConstraint | Index] = [*constraints, *indexes]
    for candidate in candidates:
        if {column.name for column in candidate.columns} == wanted:
            return str(candidate.name)
    return ""
