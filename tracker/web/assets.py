"""Addresses of static files that change with their content, so that browsers may keep them; and
what is packed on its way."""

from __future__ import annotations

import gzip
import hashlib
import io
import secrets
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

PACKED = frozenset({"text/css", "text/javascript", "image/svg+xml"})


_SHORT = 1000  # bytes that are not worth it
_LEVEL = 5  # above it, time grows faster than length shrinks
_PADDING = 64  # bytes at most


class _NotForFiles(SecureCookieSessionInterface):
    """A static file goes by no session, and is kept for all."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 365 * 24 * 3600
    app.jinja_env.globals["asset"] = asset
    app.session_interface = _NotForFiles()
    app.after_request(_pack)


def asset(name: str) -> str:
    """The address of the static file `name`, with a mark of its content."""
    return _address(current_app.static_url_path or "", request.script_root, _folder() / name, name)


def _folder() -> Path:
    assert current_app.static_folder is not None
    return Path(current_app.static_folder)


@cache
def _address(static: str, root: str, path: Path, name: str) -> str:
    """Joined once: every page names ten files."""
    return f"{root}{static}/{quote(name)}?v={_mark(path)}"


@cache
def _mark(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _pack(response: Response) -> Response:
    if request.endpoint == "static":
        return _pack_file(response)
    return _pack_page(response)


def _pack_page(response: Response) -> Response:
    """A page, with a length that is drawn by lot added: the tokens in it have another face each
    time (`security`), and what else is in it is told by no one length."""
    if response.mimetype != "text/html" or response.is_streamed:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or len(page := response.get_data()) < _SHORT:
        return response
    packed = io.BytesIO()
    padding = "x" * secrets.randbelow(_PADDING)
    with gzip.GzipFile(padding, "wb", _LEVEL, packed, mtime=0) as file:
        file.write(page)
    response.set_data(packed.getvalue())
    response.headers["Content-Encoding"] = "gzip"
    return response


def _pack_file(response: Response) -> Response:
    """A static file: for good, where its address has the mark of its content, and a whole text
    packed for a browser that unpacks it."""
    if request.args.get("v"):
        response.cache_control.immutable = True
    if response.mimetype not in PACKED:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or not request.accept_encodings["gzip"]:
        return response
    name = (request.view_args or {})["filename"]
    path = _folder() / name
    opened: Any = response.response
    opened.close()  # the open file that the packed bytes stand for
    response.set_data(_packed(path, path.stat().st_mtime_ns))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    if etag := response.get_etag()[0]:
        response.set_etag(f"{etag}-gzip")
        response.make_conditional(request.environ)
    return response


@cache
def _packed(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)
