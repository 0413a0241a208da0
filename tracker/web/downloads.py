"""Files that somebody takes away: each leaves an event in the trail before it is sent."""

from __future__ import annotations

from pathlib import Path
from typing import IO
from urllib.parse import quote

from flask import Response, abort, current_app, request, send_file

from tracker.core.db import events

_ALONE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
# What a browser shows of its own accord, without a program of the file's. The viewer of PDFs that
# browsers bring is kept in a box by themselves, and does not start in one more.
_POLICIES = {
    "image/jpeg": f"{_ALONE}; sandbox",
    "image/png": f"{_ALONE}; sandbox",
    "application/pdf": f"{_ALONE}; object-src 'self'",
}
SHOWABLE = frozenset(_POLICIES)


def attachment(
    content: bytes | Path | IO[bytes],
    name: str,
    content_type: str,
    *,
    about: str = "",
    record: tuple[str, int] | None = None,
) -> Response:
    """The answer that lets a browser save `content` as `name`.

    `about`: what it is, for the trail, where its name does not say so; `record`: the row that it
    is of, by (table, number). It is noted once it is certain what will be sent; what cannot be
    noted is not sent (503).
    """
    if isinstance(content, bytes):
        answer = Response(content, content_type=content_type)
    else:
        answer = send_file(content, content_type)  # which closes a file
        answer.content_type = content_type
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    if request.method == "GET":
        _note(f"{about}（{name}）" if about else name, record)
    return answer


def shown(
    content: bytes, name: str, content_type: str, *, about: str, record: tuple[str, int]
) -> Response:
    """The answer that lets a page of ours show `content`, a picture or a PDF, within itself: bound
    so that nothing in it runs or loads anything. It is noted as `attachment` notes."""
    answer = Response(content, content_type=content_type)
    answer.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Content-Security-Policy"] = _POLICIES[content_type]
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    if request.method == "GET":
        _note(f"{about}（{name}）", record)
    return answer


def drawn(content: bytes, content_type: str) -> Response:
    """The answer that shows a small picture that the program itself has made of a file, within a
    page of ours; nobody takes the file away by it, so nothing is noted."""
    answer = Response(content, content_type=content_type)
    answer.headers["Content-Security-Policy"] = _POLICIES[content_type]
    return answer


def _note(about: str, record: tuple[str, int] | None) -> None:
    address = request.remote_addr
    try:
        events.note_apart(events.EventKind.DOWNLOADED, about, record=record, address=address)
    except OSError as error:
        current_app.logger.error("a download cannot be noted", exc_info=error)
        abort(503)
