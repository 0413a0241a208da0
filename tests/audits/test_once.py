"""A form that makes a record brings the token of its page and is taken once; of every other address
that takes a POST it is said why sending it twice makes nothing twice."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from flask.testing import FlaskClient

from tests.audits.routes import Route, routes
from tests.audits.world import USERS
from tests.web.pages import TOKEN
from tracker.core.db import db, units
from tracker.core.db.sent import note_sent
from tracker.exchange.sheets.entering import sheetful
from tracker.records.applications.steps import STEPS as APPLICATION_STEPS
from tracker.records.supervision.steps import STEPS as ORDER_STEPS
from tracker.records.works.steps import STEPS as WORK_STEPS
from tracker.web.forms import NOT_MARKED

ONCE_FIELD = re.compile(r'name="once" value="[0-9a-f]{32}"')
FIRST_RESULT = "/counties/"
# endpoint, or the last part of endpoints → why it needs no token
EXCEPTED = {
    ".edit": "changes a record that is there, by the version that was seen",
    ".delete": "what is deleted is gone the second time",
    "accounts.end_session": "no record",
    "accounts.left": "no record",
    "accounts.login": "a session for whoever asks again",
    "accounts.logout": "no record",
    "accounts.password": "sets the password that is given",
    "annual.cells": "a cell is kept by the version that was seen",
    "annual.post": "issues what was looked at; what is issued differs the second time",
    "annual.reopen": "what is taken back is not done the second time",
    "annual.report": "what is done is reported once",
    "annual.terms": "the same terms again change nothing",
    "users.password": "sets the password that is given",
    "background.again": "the like waits once",
    "background.ask": "the like waits once",
    "background.cancel": "what was cancelled waits no more",
    "users.unlock": "forgives what was counted",
    "projects.answer": "the partner's one word on a project",
    "projects.reply": "the owner's one answer to it",
    "ledger.retell": "the one text of an entry",
    "ledger.drafts": "drafts are submitted once",
    "ledger.explain": "what was explained is no open doubt the second time",
    "ledger.submit": "a draft is submitted once",
    "evidence.withdraw": "a link is withdrawn once",
    "objections.decide": "is answered once",
    "objections.hand_in": "a line has one that waits; tests/web/test_objections.py sends it twice",
    "objections.withdraw": "is over the second time",
    "papers.bind": "the like waits once",
    "papers.cancel": "what was cancelled waits no more",
    "papers.issue": "an issue has its snapshot as its key",
    "papers.resume": "goes on with what waits",
    "papers.verify": "looks and keeps nothing",
    "card_reviews.gap": "the latest word on a line stands; the same again changes nothing",
    "card_reviews.review": "what is reviewed does not wait the second time",
    "procedure.days": "the same days again change nothing; a year is opened once",
    "procedure.take": "leads from one stage to another, by the version seen",
    "assessments.score": "unchanged facts give no second snapshot",
    "rulefiles.remove": "what was taken out is gone the second time",
    "rulefiles.text": "a file is saved by the mark that was seen",
    "rulelines.line": "a file is saved by the mark that was seen",
    "rulelines.remove_line": "what was taken out is gone the second time",
    "rulemaking.discard": "a draft is given up once",
    "rulemaking.load": "the same file again changes nothing",
    "rulemaking.publish": "a draft is published once",
    "rulemaking.try_out": "the like waits once",
    "determinations.accept": "names the ruling that it follows; another one since is a conflict",
    "determinations.rule": "names the ruling that it follows; another one since is a conflict",
    "village_payments.new": "a village has one share of a payment; the world's is submitted",
    "quarters.cells": "a cell is kept by the version that was seen",
    "promises.answer_return_terms": "answers a contract by the version that was seen",
    "promises.ask_return_terms": "sets the one reason that a contract waits for",
    "promises.answer_tax_splits": "answers a contract by the version that was seen",
    "promises.ask_tax_splits": "sets the one reason that a contract waits for",
    "promises.answer_enclave_spaces": "answers a contract by the version that was seen",
    "promises.ask_enclave_spaces": "sets the one reason that a contract waits for",
    **{
        f"submissions.{act}": "leads from one state to another, by the version seen"
        for act in (
            *("approved", "city_reviewed", "closed", "locked", "reopened", "returned"),
            *("reviewed", "sent_back", "started", "submitted", "withdrawn"),
        )
    },
    "applications.correct": "what was put right is put right in its newest words alone",
    "desk.decide": "names the rulings that it follows; another one since is a conflict",
    "reviews.decide": "names the rulings that it follows; another one since is a conflict",
    "samplings.draw": "has its form in a year that is scored; test_samplings sends it twice",
    "samplings.result": "the latest look stands; the same again changes no rate",
    **{
        f"applications.{act.value}": "leads from one state to another, by the version seen"
        for act in APPLICATION_STEPS
    },
    **{
        f"supervision.{act.value}": "leads from one state to another, by the version seen"
        for act in ORDER_STEPS
    },
    **{
        f"key_works.{act.value}": "is said by the version seen; a report more says what stands"
        for act in WORK_STEPS
    },
    "submissions.pass_over": "what was passed is no open warning the second time",
    "submissions.periods": "makes only what lacks",
    "reminders.address": "sets the address that is given",
    "reminders.read": "what is read is read",
    "sheets.take": "the like waits once, and what was taken is not taken again",
    "targets.divide": "a place has one target of a measure a year; the world's has no places below",
}


def opened(clients: dict[str, FlaskClient], route: Route) -> tuple[str, str] | None:
    """(user, page) of the form at `route`, for the first user who may open it."""
    for user, _, _ in USERS:
        if route.granted(user) and route.in_sight(user):
            page = clients[user].get(route.address)
            if page.status_code == 200 and 'method="post"' in page.text:
                return user, page.text
    return None


# Of the kinds of forms that change or delete what is there, which the kit makes all alike, so many
# are opened in `make test`.
SOME = 4


@pytest.mark.parametrize(
    "most", [pytest.param(SOME, id="some"), pytest.param(None, id="all", marks=pytest.mark.soak)]
)
def test_every_form_that_makes_something_brings_its_token_and_is_taken_once(site, most):
    making, said = [], set()
    alike: Counter[str] = Counter()
    every = routes(site.app, site.world)
    clients = {user: site.client(user) for user, _, _ in USERS}
    readable = {r.address for r in every if r.method == "GET"}
    for route in (r for r in every if r.method == "POST"):
        last = f".{route.endpoint.rpartition('.')[2]}"
        alike[last] += last in EXCEPTED
        if most is not None and alike[last] > most:
            continue
        found = opened(clients, route) if route.address in readable else None
        if found is None or not ONCE_FIELD.search(found[1]):
            key = last if last in EXCEPTED else route.endpoint
            said.add(key)
            continue
        user, page = found
        making.append(route.endpoint)
        client = clients[user]
        token = TOKEN.search(page)[1]
        bare = client.post(route.address, data={"csrf_token": token})
        assert bare.status_code == 422, route
        assert NOT_MARKED in bare.text, route
        if not getattr(site.app.view_functions[route.endpoint], "writes", False):
            continue  # asks for its token in the unit within, once the form is sound
        mark = f"{len(making):032x}"
        with site.app.app_context(), units.writing():
            note_sent(site.world[user], mark, FIRST_RESULT)
            db.session.commit()
        again = client.post(route.address, data={"csrf_token": token, "once": mark})
        assert (again.status_code, again.location) == (302, FIRST_RESULT), route
    site.restore()
    # A workbook is only looked at, and taken by `sheets.take`.
    looked_at = {f"sheets.import_{kind.key}" for kind in sheetful()} | {"sheets.import_quarter"}
    assert said == set(EXCEPTED) | looked_at
    assert len(making) > 30
