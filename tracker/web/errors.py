"""Refusals and faults as pages that say what happened and what to do."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import HTTPException

from tracker.core.told import ToldError
from tracker.web.forms import typed_labels
from tracker.web.security import from_own_page, token_to_offer
from tracker.web.tables import again, visible
from tracker.web.transactions import ConflictError

TEXTS: dict[int, tuple[str, str]] = {
    400: ("请求有误", "提交的内容不完整或无法识别。请返回上一页，刷新后重试。"),
    403: ("没有权限", "您的账户不能使用此功能。如工作需要，请联系系统管理员。"),
    404: ("没有找到", "此页面或记录不存在，或不在您的地区范围内。请核对地址，或从首页重新进入。"),
    405: ("操作方式不对", "此地址不能这样打开。请从页面上的按钮操作。"),
    409: (
        "记录已被他人修改",
        "您打开之后，这条记录又被他人修改，本次未保存。请返回并刷新，核对最新内容后再改。",
    ),
    408: ("接收超时", "网络太慢，内容没有收全，本次未保存。请换用较快的网络，或稍后重试。"),
    413: ("内容过大", "提交的内容超过 {most} MB。请精简后重试。"),
    500: ("系统出错", "本次操作未完成，数据没有改动。请稍后重试；如仍出错，请联系系统管理员。"),
    503: ("系统正忙", "数据库暂时无法使用，本次操作未完成。请稍后重试。"),
}


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _refusal)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(StaleDataError, _conflict)
    app.register_error_handler(ObjectDeletedError, _conflict)
    app.register_error_handler(ConflictError, _conflict)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(ToldError, _told)


def _refusal(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    return error_page(error.code)


def error_page(code: int, more: str = "") -> ResponseReturnValue:
    """The page for `code`, with `more` to be said; it needs neither the database nor a user."""
    title, advice = TEXTS.get(code) or TEXTS[500 if code >= 500 else 400]
    advice = advice.format(most=(request.max_content_length or 0) // 1024 // 1024)
    return alone("layout/error.html", title=title, advice=advice, code=code, more=more), code


def alone(template: str, **data: object) -> str:
    """A page without its surroundings (menu, regions, years), which the database would be asked
    for: an error must be told also where that does not answer."""
    return current_app.jinja_env.get_template(template).render(**data)


def _conflict(_error: Exception) -> ResponseReturnValue:
    return error_page(409)


def _told(error: ToldError) -> ResponseReturnValue:
    """What no view showed beside a field, as a page."""
    if error.status >= 500:
        current_app.logger.error("refused: %s", error, exc_info=error)
        return error_page(error.status)
    advice = f"{str(error).rstrip('。')}。"
    return alone("layout/error.html", title="未能办理", advice=advice, code=error.status), (
        error.status
    )


def _unavailable(error: OperationalError) -> ResponseReturnValue:
    # Handled here, so Flask would not log it of its own accord.
    current_app.logger.error("database unavailable", exc_info=error)
    # A write that no unit announced is a fault of the program, not of the moment.
    if "readonly database" in str(error.orig):
        return error_page(500)
    if request.method == "POST" and (typed() or files_brought()):
        return offer_again(_BUSY), 503
    return error_page(503)


def _expired(_error: CSRFError) -> ResponseReturnValue:
    return offer_again(), 400


@dataclass(frozen=True)
class Cause:
    """Why a form was not taken: a title, what to do with what was typed or without it, and whether
    signing in anew may be needed."""

    title: str
    advice: str
    without: str
    sign_in: bool = False


_EXPIRED = Cause(
    "页面已过期",
    "您填写的内容列在下面，核对后可重新提交。",
    "请返回上一页，刷新后重试。如反复出现，请确认浏览器允许本站使用 Cookie。",
    sign_in=True,
)
_BUSY = Cause(
    TEXTS[503][0],
    "他人正在保存，等候过久。您填写的内容列在下面，请稍后重新提交。",
    "请稍后重试。",
)


# What notes files that came with a form in vain: their names and why → what to say of it.
_noted: list[Callable[[Sequence[str], str], str]] = []
_LOST = "提交时页面已过期或登录已失效"
_SHOWN = 10  # names of files


def when_files_are_lost(
    act: Callable[[Sequence[str], str], str],
) -> Callable[[Sequence[str], str], str]:
    """Let a feature above note files that came with a form that was not taken."""
    _noted.append(act)
    return act


def offer_again(cause: Cause = _EXPIRED) -> str:
    """The page that offers what was typed once more, to be sent when the person has signed in, or
    when the database answers again. Files cannot be offered again: it says which were not taken.

    Only a form of this site is answered so: a foreign page could otherwise have its own values
    confirmed here.
    """
    assert request.endpoint is not None
    address = again()
    kept = typed()
    back = address if "password" in request.form else url_for("pages.home")
    lost = files_brought()
    noted = [said for act in _noted if (said := act(lost, _LOST))] if lost and cause.sign_in else []
    labels = typed_labels(getattr(current_app.view_functions[request.endpoint], "form", None))
    return alone(
        "layout/expired.html",
        cause=cause,
        kept=kept,
        lost=lost[:_SHOWN],
        more=len(lost) - _SHOWN,
        noted=noted,
        labels=labels,
        action=address,
        back=back,
        token=token_to_offer(),
    )


def typed() -> list[tuple[str, str]]:
    """What a form of this site brought, by (name, value); nothing of one that has a password."""
    if not from_own_page() or "password" in request.form:
        return []
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and _printable(value)
    ]


def files_brought() -> list[str]:
    """The names of the files that came with a form of this site."""
    if not from_own_page():
        return []
    many = request.files.to_dict(flat=False).values()
    return [visible(file.filename) for files in many for file in files if file.filename]


def _printable(text: str) -> bool:
    return not any(unicodedata.category(char) == "Cc" and char not in "\r\n\t" for char in text)
