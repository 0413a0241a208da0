"""Headers that bind the browser, and the token that every POST must carry.

Pages are packed (`assets`), and the length of what is packed tells what repeats: next to words of a
visitor's choosing it could tell a secret letter by letter. So the token has another face in each
page (`token`), of which none has a part that repeats.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, current_app, g, request, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError, generate_csrf
from itsdangerous import BadData, URLSafeTimedSerializer

from tracker.web.marks import mark

View = TypeVar("View", bound=Callable)

_MASKED = "m."

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",  # Tabler's style sheet holds its marks as data: images
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class _Protection(CSRFProtect):
    """The usual one, of tokens behind a mask, but for the views that a page of this site may always
    call."""

    def _get_csrf_token(self) -> str | None:
        sent = super()._get_csrf_token()
        return sent and _unmasked(sent)

    def protect(self, apply_exemptions: bool = False) -> None:
        try:
            super().protect(apply_exemptions)
        except CSRFError:
            view = current_app.view_functions.get(request.endpoint or "")
            if not (getattr(view, "own_page_suffices", False) and from_own_page()):
                raise
            g.csrf_valid = True


csrf = _Protection()


def own_page_suffices(view: View) -> View:
    """Let a POST to `view` come without a good token if the browser says that a page of this site
    sent it: signing in and out has to work from a page that was left open overnight."""
    mark(view, own_page_suffices=True)
    return view


def from_own_page() -> bool:
    """Whether the browser says that a page of this site sent the request, which a page of another
    site cannot make it say. Sec-Fetch-Site is only sent over HTTPS, Origin with every POST."""
    own = request.headers.get("Origin", "") == request.host_url.rstrip("/")
    return own or request.headers.get("Sec-Fetch-Site") == "same-origin"


def token() -> str:
    """The token of this session's forms behind a mask of its own: it differs wherever it stands."""
    return _masked(generate_csrf())


def _masked(plain: str) -> str:
    held = plain.encode()
    mask = secrets.token_bytes(len(held))
    return _MASKED + urlsafe_b64encode(mask + _across(mask, held)).decode()


def _unmasked(sent: str) -> str:
    """What stands behind the mask; what has none, or a broken one, as it is."""
    if not sent.startswith(_MASKED):
        return sent
    try:
        held = urlsafe_b64decode(sent.removeprefix(_MASKED))
        mask, behind = held[: len(held) // 2], held[len(held) // 2 :]
        return _across(mask, behind).decode()
    except ValueError:
        return sent


def _across(mask: bytes, held: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(mask, held, strict=True))


def token_to_offer() -> str:
    """The token of a form that is offered again: where nobody is signed in, the one that came
    with it, which is good again once the person who had it has signed in."""
    sent = _unmasked(request.form.get("csrf_token", ""))
    if "_user_id" not in session and _signed(sent):
        return _masked(sent)
    return token()


def _signed(token: str) -> bool:
    assert current_app.secret_key is not None
    signer = URLSafeTimedSerializer(current_app.secret_key, salt="wtf-csrf-token")
    try:
        return isinstance(signer.loads(token), str)
    except BadData:
        return False


def init_app(app: Flask) -> None:
    csrf.init_app(app)
    app.jinja_env.globals["csrf_token"] = token
    app.context_processor(lambda: {"csrf_token": token})  # over its own
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)  # a view that shows a file binds it more tightly
    if request.endpoint != "static":
        # What one person saw must not come back from a shared browser's memory.
        response.headers["Cache-Control"] = "no-store"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
