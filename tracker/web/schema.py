"""No page on a database whose schema is not the program's: 503, and what has to be done.

The server starts all the same, so that `/healthz` can say what is wrong, and goes to work as soon
as the database has been upgraded.
"""

from __future__ import annotations

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from tracker.core.db.versions import Schema, SchemaState, present_schema
from tracker.web.errors import alone

_RIGHT = "schema_is_right"
_WITHOUT = frozenset({"static", "pages.healthz"})
_RETRY = 30  # seconds


def init_app(app: Flask) -> None:
    app.before_request(_refuse)


def current_schema() -> Schema | None:
    """The schema, looked at until it is right, and then never again by this process; None where it
    is right. Raises SQLAlchemyError where the database does not answer."""
    if current_app.extensions.get(_RIGHT):
        return None
    schema = present_schema()
    if schema.state is SchemaState.RIGHT:
        current_app.extensions[_RIGHT] = True
        return None
    return schema


def report(app: Flask) -> None:
    """Say in one line of the log, when the server starts, that it cannot serve yet, and why."""
    with app.app_context():
        try:
            schema = current_schema()
        except SQLAlchemyError as error:
            app.logger.error("数据库无法使用：%s", " ".join(str(error.args[0]).split()))
            return
    if schema is not None:
        app.logger.error("%s，%s", schema.title, schema.advice)


def _refuse() -> ResponseReturnValue | None:
    if request.endpoint in _WITHOUT:
        return None
    try:
        schema = current_schema()
    except SQLAlchemyError:
        return None  # the page itself meets the same, and says so
    if schema is None:
        return None
    advice = f"请系统管理员处理：{schema.advice}。处理后刷新本页即可。"
    page = alone("layout/error.html", title=schema.title, advice=advice, code=503)
    return page, 503, {"Retry-After": str(_RETRY)}
