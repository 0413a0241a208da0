"""Acts that cannot be undone are asked about: what will happen, to how many records, and that it
stays. The page that asks works without a script, and Enter on it leads back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from flask import render_template, request
from flask.typing import ResponseReturnValue

CONFIRMED = "confirmed"
_NOT_SENT_ON = frozenset({CONFIRMED, "csrf_token"})
MOST_ITEMS = 50


@dataclass(frozen=True)
class Act:
    """What somebody is about to do, in the words of the page that asks.

    `says`: sentences of what will happen and what of it stays; `items`: what it is done to, one a
    line; `verb`: what the button does ("签发"); `back`: where one goes who would rather not.
    `given`: what the act rests on beside the words; where that has changed, it is asked anew.
    """

    title: str
    says: Sequence[str]
    verb: str
    back: str
    section: str
    items: Sequence[str] = ()
    busy: str = ""
    given: str = ""

    @property
    def mark(self) -> str:
        """What the form carries along of what the person was shown."""
        shown = "\n".join([self.title, *self.says, *self.items, self.given])
        return sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def meant(act: Act) -> bool:
    """Whether the request that was sent confirms `act` as it was shown."""
    return request.form.get(CONFIRMED, "") == act.mark


def asked(act: Act) -> ResponseReturnValue | None:
    """The page that asks about `act`, with all that was sent; None where it was confirmed. What a
    writing unit did before is undone by the page."""
    if meant(act):
        return None
    sent = [
        (name, value)
        for name, values in request.form.lists()
        if name not in _NOT_SENT_ON
        for value in values
    ]
    page = render_template(
        "kit/asked.html",
        act=act,
        sent=sent,
        items=act.items[:MOST_ITEMS],
        more=len(act.items[MOST_ITEMS:]),
        changed=bool(request.form.get(CONFIRMED)),
    )
    return page, 422
