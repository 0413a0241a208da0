"""Addresses of static files that change with their content, so that browsers may keep them."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, current_app, request

# Pages are not packed: next to a secret, length tells what a visitor could make them repeat.
PACKED = frozenset({"text/css", "text/javascript", "image/svg+xml"})


def init_app(app: Flask) -> None:
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 365 * 24 * 3600
    app.jinja_env.globals["asset"] = asset
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
    """A whole static text file for a browser that unpacks it."""
    if request.endpoint != "static" or response.mimetype not in PACKED:
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
    return response


@cache
def _packed(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)
