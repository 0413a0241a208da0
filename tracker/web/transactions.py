"""One place that commits, and database refusals told by the name of their constraint."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from flask import Flask, Response, g, request
from flask_wtf import FlaskForm
from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import IntegrityError

from tracker.db import db

GENERAL_REFUSAL = "所填内容与已有记录有冲突，未能保存。请核对后再试。"
_CHECK = re.compile(r"CHECK constraint failed: (\w+)")
_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")


class ConflictError(Exception):
    """Somebody else changed the record since it was shown."""


def init_app(app: Flask) -> None:
    """Commit after a good answer to a POST; everything else leaves no trace."""
    app.after_request(_finish)


def keep_changes() -> None:
    """Commit although this request is answered with a refusal (a counted failure, say)."""
    g.keep_changes = True


def _finish(response: Response) -> Response:
    kept = g.pop("keep_changes", False)
    if kept or (request.method not in ("GET", "HEAD") and response.status_code < 400):
        db.session.commit()
    else:
        db.session.rollback()
    return response


@contextmanager
def field_errors(form: FlaskForm, fields: Mapping[str, tuple[str, str]]) -> Iterator[None]:
    """Run the block in a savepoint; a constraint that refuses it becomes an error of `form`.

    `fields`: constraint name → (field name, message). An unnamed constraint becomes a general
    error. Look at `form.errors` after the block.
    """
    try:
        with db.session.begin_nested():
            yield
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
    for candidate in [*constraints, *indexes]:
        if {column.name for column in candidate.columns} == wanted:
            return str(candidate.name)
    return ""
