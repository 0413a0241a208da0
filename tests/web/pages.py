"""A client that reads pages as a person and a validator would."""

from __future__ import annotations

import os
import re
from collections import Counter
from functools import lru_cache
from html import unescape
from uuid import uuid4
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from html5lib.constants import E
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from tracker.core.db import db, units
from tracker.records.accounts import sessions
from tracker.records.accounts.models import User

# What a form that is offered again would send, by name.
FIELDS = re.compile(r'name="(\w+)"[^>]*?(?:value="|>\n)([^"<]*)')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')

MAKING = re.compile(r"/(new|reverse|correct|split|divide)(\?|$)")


class Browser:
    """A test client that checks each page it gets and sends the form token with each POST."""

    def __init__(self, app: Flask, user_id: int | None = None) -> None:
        self.client: FlaskClient = app.test_client()
        if user_id is not None:
            with self.client.session_transaction() as session:
                session.update(signed_in(app, user_id))

    def get(self, address: str, **options: object) -> TestResponse:
        return checked(self.client.get(address, **options))

    def post(self, address: str, data: dict | None = None, **options: object) -> TestResponse:
        """POST `data` with the token that a page of this browser's session would hold."""
        data = {**(data or {}), "csrf_token": self.token()}
        if MAKING.search(address):  # as the page of such a form would send
            data.setdefault("once", uuid4().hex)
        return checked(self.client.post(address, data=data, **options))

    def confirm(self, address: str, data: dict | None = None) -> TestResponse:
        """POST `data` to what asks before it acts, and confirm what the page then says."""
        asked = self.post(address, data)
        mark = value_of(asked, "confirmed")
        assert asked.status_code == 422, asked.status_code
        assert mark, text_of(asked)
        return self.post(address, {**(data or {}), "confirmed": mark})

    def token(self) -> str:
        return token_of(self.client)


def forget(app: Flask) -> None:
    """Have pages that are kept made anew."""
    app.extensions.pop("kept_pages", None)


def token_of(client: FlaskClient) -> str:
    """The token that a page would give the forms of the client's session; no page is asked for.

    What pages give is read by the tests of signing in, of sessions and of forms.
    """
    with client.session_transaction() as session:
        held = session.setdefault("csrf_token", uuid4().hex)
    signer = URLSafeTimedSerializer(client.application.secret_key, salt="wtf-csrf-token")
    return signer.dumps(held)


def signed_in(app: Flask, user_id: int) -> dict[str, object]:
    """What the cookie of a new session of the user holds."""
    with app.app_context(), units.mode(writes=True):
        user = db.session.get_one(User, user_id)
        cookie = sessions.cookie(user, sessions.begin(user, "127.0.0.1", "Edg Windows"))
        db.session.commit()
    return cookie


def without_token(text: str) -> str:
    """The page `text` without its form tokens, which say the second in which they were made."""
    return re.sub(r'((?:name="csrf_token" value|data-token|data-left)=")[^"]+', r"\1", text)


# To check a page takes as long as to make it: of the pages of one address (whatever the numbers in
# it) with one status so many are checked in each process, then every so many; with EVERY_PAGE, as
# in `make soak`, all.
FIRST, AFTERWARDS = 1, 15
_seen: Counter[tuple[str, str, int]] = Counter()


def checked(answer: TestResponse) -> TestResponse:
    """`answer`, after its page has been checked if it is one whose turn it is."""
    if answer.mimetype == "text/html" and answer.status_code not in (301, 302, 308):
        request = answer.request
        kind = (request.method, re.sub(r"\d+", "0", request.path), answer.status_code)
        _seen[kind] += 1
        if _seen[kind] <= FIRST or _seen[kind] % AFTERWARDS == 0 or "EVERY_PAGE" in os.environ:
            check_page(answer.text)
    return answer


@lru_cache(maxsize=8)
def parsed(text: str) -> tuple[Element, list[str]]:
    """The tree of a page, and what is not as HTML must be; kept, because a page that was checked
    is then read, often field by field. Nobody changes the tree."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(text)
    faults = [
        f"{line}:{column} {E[code] % values}" for (line, column), code, values in parser.errors
    ]
    return tree, faults


def check_page(text: str) -> None:
    """Fail unless `text` is valid HTML with one heading, unique ids, labelled fields, and nothing
    that the content security policy would refuse."""
    tree, faults = parsed(text)
    assert not faults, faults
    elements = [e for e in tree.iter() if isinstance(e.tag, str)]
    assert tree.get("lang") == "zh-CN"
    headings = [e for e in elements if e.tag == "h1"]
    assert len(headings) == 1
    assert words(headings[0])
    title = words(next(e for e in elements if e.tag == "title"))
    assert title.endswith("山海协作考核")
    assert len(title) > len("山海协作考核")
    ids = [e.get("id") for e in elements if e.get("id")]
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
    _check_attributes(elements, set(ids))
    assert "!" not in words(tree).replace("!important", "")
    assert "！" not in words(tree)


def _check_attributes(elements: list[Element], ids: set[str]) -> None:
    labelled = {e.get("for") for e in elements if e.tag == "label"}
    wrapped = {id(child) for e in elements if e.tag == "label" for child in e.iter()}
    for e in elements:
        assert e.tag != "style"
        assert not (e.tag == "script" and not e.get("src"))
        assert not [name for name in list(e.attrib) if name == "style" or name.startswith("on")]
        for name in ("src", "action", "data", "data-hx-get"):
            assert not _external(e.get(name)), e.get(name)
        if e.tag == "link":
            assert not _external(e.get("href"))
        if e.tag == "form" and e.get("method") == "post":
            assert any(c.get("name") == "csrf_token" for c in e.iter())
        if e.tag == "input" and e.get("name") == "version":
            assert e.get("value", "").isdecimal(), "a page whose own form would be refused"
        if e.tag in ("input", "select", "textarea") and e.get("type") != "hidden":
            named = e.get("id") in labelled or e.get("aria-label") or id(e) in wrapped
            assert named, e.attrib
        for name in ("aria-describedby", "aria-labelledby", "for"):
            assert set((e.get(name) or "").split()) <= ids, (e.tag, e.get(name))


def _external(address: str | None) -> bool:
    return bool(address) and bool(re.match(r"[a-z]+:|//", address))


def words(element: Element) -> str:
    """The text of an element, without markup."""
    return "".join(element.itertext()).strip()


def text_of(answer: TestResponse) -> str:
    """The words of a page, white space folded. Our pages write "<" and ">" in texts and attributes
    as `&lt;` and `&gt;`, so that what stands between them is markup."""
    _, found, body = answer.text.rpartition("<body")
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]*>", "", f"{found}{body}"))).strip()


def value_of(answer: TestResponse, name: str) -> str | None:
    """What the field `name` of the page holds."""
    tree, _ = parsed(answer.text)
    for element in tree.iter():
        if element.get("name") != name:
            continue
        if element.tag == "textarea":
            return element.text or ""
        if element.tag == "select":
            chosen = [o.get("value") for o in element.iter("option") if "selected" in o.attrib]
            return chosen[0] if chosen else ""
        return element.get("value", "")
    return None
