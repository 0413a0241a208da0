"""A record that is saved as its form shows it changes nothing: every kind of record, every row,
also where what it refers to was abolished, closed, left or ended meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import html5lib
import pytest
from sqlalchemy import select

from tests.audits.conftest import Site
from tests.web.pages import text_of
from tracker.core.db import Base, db, units
from tracker.records.accounts.models import User
from tracker.web.kit.kinds import Kind, all_kinds

EDITORS = ("staff", "assessor")
ENDED = date(2020, 1, 1)
# What ends a record that others refer to.
ENDS = ("abolished_on", "closed_on", "left_on", "removed_on", "until", "ends_on", "terminated_on")
# Written by the act of looking or sending itself.
MOVING = {"data_states", "events", "sent_forms", "user_sessions", "sign_in_attempts"}


def sent_by(text: str) -> dict[str, str]:
    """What a browser would send of the page's record form, as it stands."""
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(text)
    (form,) = (f for f in tree.iter("form") if "paper" in (f.get("class") or "").split())
    found: dict[str, str] = {}
    for field in form.iter():
        name = field.get("name") if isinstance(field.tag, str) else None
        if not name:
            continue
        if field.tag == "select":
            options = list(field.iter("option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            found[name] = chosen[0].get("value", "") if chosen else ""
        elif field.tag == "textarea":
            found[name] = "".join(field.itertext())
        elif field.tag == "input":
            if field.get("type") in ("checkbox", "radio") and field.get("checked") is None:
                continue
            found[name] = field.get("value", "")
    return found


def edited() -> Iterator[Kind]:
    return (kind for kind in all_kinds() if kind.form is not None and kind.edit)


def contents() -> dict[str, list[tuple]]:
    """All that the database holds, but for what every request writes."""
    return {
        table.name: sorted(map(repr, db.session.execute(select(table))))
        for table in Base.metadata.sorted_tables
        if table.name not in MOVING
    }


def end_what_is_referred_to() -> None:
    """Give everything that can end an end before any record of the world, past what forms would
    refuse: as if it had ended after the records were entered."""
    raw = db.session.connection()
    for table in Base.metadata.sorted_tables:
        for name in ENDS:
            if name in table.columns and table.columns[name].nullable:
                later = {
                    c.name: None
                    for c in table.columns
                    if c.name.endswith("_on") and c.name != name and c.nullable
                }
                if name == "abolished_on":
                    below = table.c.level != "province"
                    raw.execute(table.update().where(below).values({name: ENDED}))
                elif table.name in ("platforms", "pairings"):
                    start = "listed_on" if table.name == "platforms" else "since"
                    raw.execute(table.update().values({name: ENDED, start: None}))
                elif table.name == "parks":
                    raw.execute(table.update().values({**later, name: ENDED}))


SOME = 1  # of the rows of a kind of record that can be saved; `make soak` saves all


@pytest.fixture(
    params=[pytest.param(SOME, id="some"), pytest.param(None, id="all", marks=pytest.mark.soak)]
)
def most(request: pytest.FixtureRequest) -> int | None:
    return request.param


@pytest.fixture(params=["as they are", "after an end"])
def state(site: Site, request: pytest.FixtureRequest) -> Iterator[str]:
    site.restore()
    if request.param == "after an end":
        with site.app.app_context(), units.mode(writes=True):
            end_what_is_referred_to()
            db.session.commit()
    yield request.param
    site.restore()


def test_saving_any_record_as_it_is_changes_nothing(
    site: Site, state: str, most: int | None
) -> None:
    wrong, saved = [], set()
    clients = {user: site.client(user) for user in EDITORS}
    with site.app.app_context():
        before = contents()
        rows = {
            kind.key: list(db.session.scalars(select(kind.model.id).order_by(kind.model.id)))
            for kind in edited()
        }
    for kind in edited():
        done: set[int] = set()
        for number in rows[kind.key]:
            if len(done) == most:
                break
            for user, client in clients.items():
                with site.app.test_request_context():
                    record = db.session.get(kind.model, number)
                    address = kind.act_address("edit", record)
                page = client.get(address)
                if page.status_code != 200:
                    continue
                answer = client.post(address, data=sent_by(page.text))
                if answer.status_code == 302:
                    saved.add(kind.key)
                    done.add(number)
                else:
                    wrong.append(f"{user} {address} {answer.status_code}: {text_of(answer)[-400:]}")
    with site.app.app_context():
        after = contents()
        changed = {name: set(after[name]) ^ set(before[name]) for name in before}
    assert wrong == []
    assert {name: rows for name, rows in changed.items() if rows} == {}
    assert saved == {kind.key for kind in edited()}


def test_saving_an_account_as_it_is_changes_nothing(site: Site, state: str) -> None:
    client = site.client("administrator")
    with site.app.app_context():
        users = list(db.session.scalars(select(User.id)))
        before = contents()
    for number in users:
        address = f"/users/{number}/edit"
        answer = client.post(address, data=sent_by(client.get(address).text))
        assert answer.status_code == 302, text_of(answer)
    with site.app.app_context():
        assert contents() == before
