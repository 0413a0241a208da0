"""Every POST is reversible, keeps a draft, or asks before it acts; and those that ask, ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests import factories as make
from tests import factories_acts as acts
from tests.audits.conftest import Site
from tests.audits.routes import ROLES, Route, routes
from tests.audits.world import OWN, YEAR
from tests.web.pages import token_of
from tracker.core.db import Base, db
from tracker.core.db.records import now
from tracker.exchange.sheets import jobs, outcome
from tracker.exchange.sheets.entering import sheetful
from tracker.records.applications.demands import words_of_papers
from tracker.records.applications.models import (
    Application,
    ApplicationAct,
    ApplicationEvent,
    ApplicationState,
)
from tracker.records.background.models import BackgroundChunk, BackgroundJob, WorkState
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.service import owner_id
from tracker.records.operations.items import Item
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.submissions.models import Filing, FilingKind, FilingState
from tracker.records.supervision.models import SupervisionOrder
from tracker.web.kit.kinds import all_kinds

# Why nothing has to be asked.
REVERSIBLE = {
    "annual.reopen": "is reported done again; both stay in its events",
    "annual.report": "is taken back with a reason",
    "annual.terms": "said anew at any time; the versions keep what was issued",
    "accounts.end_session": "one's own session elsewhere; one signs in there again",
    "accounts.left": "says that somebody is at work",
    "accounts.login": "ends by signing out",
    "accounts.logout": "one signs in again",
    **{
        f"applications.{act}": why
        for act, why in (
            ("approved", "is withdrawn or sent back until 立项"),
            ("asked", "验收 is held all the same, or asked for anew after 限期整改"),
            ("city_reviewed", "the province returns it"),
            ("granted", "the province returns it until 立项"),
            ("resumed", "is withdrawn again"),
            ("returned", "is filed anew"),
            ("sent_back", "is approved again"),
            ("withdrawn", "is taken up again"),
        )
    },
    "background.again": "what comes of it can be cancelled, or is a file",
    "background.ask": "what waits can be cancelled, and what comes of it is a file",
    "background.cancel": "what was cancelled is asked for again",
    "card_reviews.gap": "a line that was accepted is taken back, with a reason as well",
    "evidence.new": "a proof can be withdrawn",
    "ledger.explain": "adds a word to an entry and changes nothing of it",
    "ledger.retell": "words of an entry are changed again, and the trail has those of before",
    **{
        f"supervision.{act}": why
        for act, why in (
            ("answered", "the issuer returns it"),
            ("extended", "is extended or cancelled again"),
            ("new", "is cancelled with a reason"),
            ("noted", "another note follows"),
            ("returned", "is answered anew"),
        )
    },
    "key_works.reopened": "is reported done again",
    "key_works.reported": "another report follows; a wrong day is mended by who set the list",
    "objections.hand_in": "is withdrawn until it is answered",
    "papers.bind": "makes a file of what is issued, no record",
    "papers.verify": "keeps nothing of the file",
    **{
        f"promises.{act}_{kind}": why
        for kind in ("enclave_spaces", "return_terms", "tax_splits")
        for act, why in (
            ("answer", "a promise that was confirmed is given back, and confirmed again"),
            ("ask", "the other side decides, and what was promised stands meanwhile"),
        )
    },
    "procedure.days": "the last days are set anew at any time",
    "projects.answer": "the partner answers anew at any time",
    "projects.reply": "the owner answers anew at any time",
    "rulefiles.text": "a draft's text is changed again until it is published",
    "rulelines.line": "a draft's line is changed again until it is published",
    "rulemaking.load": "loads into a draft, which is loaded again until it is published",
    "rulemaking.new": "a draft can be discarded and is in force nowhere",
    "rulemaking.try_out": "computes what is kept nowhere as points",
    "reminders.read": "takes a number from the bell; the reminder stays in the list",
    "reminders.address": "is filled in anew at any time",
    "rulings.answer": "says a word and changes no figure; another answer may follow",
    "samplings.result": "a figure that was drawn is looked at anew, and the latest look stands",
    **{
        f"submissions.{act}": why
        for act, why in (
            ("approved", "is withdrawn or sent back until it is filed"),
            ("city_reviewed", "city and province return a filing at any time before it is locked"),
            ("closed", "the province opens again"),
            ("reopened", "the province closes at any time"),
            ("returned", "is filed anew; whether it was in time stays"),
            ("reviewed", "the province returns a filing at any time before it is locked"),
            ("sent_back", "is approved again"),
            ("started", "nothing counts until it is filed"),
            ("withdrawn", "is approved again"),
        )
    },
    "submissions.pass_over": "adds a word to warnings and changes nothing of what they are about",
    "submissions.periods": "last days are set anew for all who have not filed",
    "targets.divide": "the parts are targets, changed and deleted like any",
    "users.edit": "what was there can be put back, 停用 too; the trail has it",
    "users.new": "an account is switched off",
    "users.unlock": "ends a wait; too many failures lock again",
}
DRAFTS = {
    "annual.cells",
    "ledger.edit",
    "ledger.new_of_demonstration_village",
    "ledger.new_of_enclave",
    "ledger.new_of_pairing",
    "ledger.new_of_park",
    "ledger.new_of_project",
    "quarters.cells",
    "village_payments.delete",  # of a draft alone
    "village_payments.edit",
    "village_payments.new",
}
# What is asked about on a page of its own or by what has to be typed or ticked besides.
ASKS = {
    "applications.allotted": "a tick: what was allotted stands",
    "applications.recovered": "a tick: what came back stands",
    "applications.correct": "a tick: what was said before stays beside it",
    "applications.established": "a tick: day and number stand",
    "applications.inspected": "a tick: what was found stands",
    "applications.rejected": "a tick: it comes to its end",
    "applications.revoked": "a tick: it comes to its end",
    "applications.submitted": "a tick: the moment stands",
    "accounts.password": "the present password has to be typed",
    "annual.post": "",
    "assessments.score": "",
    "card_reviews.review": "",
    "desk.decide": "the province; a city's 初审 is not the last word, and is ruled anew",
    "determinations.accept": "",
    "determinations.rule": "the province; a city's 初审 is not the last word, and is ruled anew",
    "evidence.withdraw": "a page of its own, with a reason",
    "key_works.finished": "a tick: only who set the list sends it back",
    "ledger.correct": "",
    "ledger.delete": "a page of its own, with a reason",
    "ledger.drafts": "",
    "ledger.reverse": "a page of its own, with a reason",
    "ledger.split": "of a rebate that arrived; of a draft the shares are changed",
    "ledger.submit": "",
    "supervision.accepted": "a tick: it comes to its end",
    "supervision.cancelled": "a tick: it comes to its end",
    "objections.decide": "",
    "objections.withdraw": "a page of its own, with a reason",
    "papers.cancel": "",
    "papers.issue": "a tick beside the number of papers",
    "papers.resume": "",
    "procedure.take": "",
    "quarters.post": "",
    "reviews.decide": "",
    "rulefiles.remove": "of a draft's file (tests/web/test_rulemaking.py)",
    "rulelines.remove_line": "of a draft's line (tests/web/test_rulemaking.py)",
    "rulemaking.discard": "of a draft (tests/web/test_rulemaking.py)",
    "rulemaking.publish": "of a sound draft (tests/web/test_rulemaking.py)",
    "samplings.draw": "",
    "sheets.take": "",
    "submissions.locked": "a tick; the province opens again for some days",
    "submissions.submitted": "a tick: the moment stands",
    "users.password": "a tick: the old password is worth nothing then",
}
# Walked in the tests that are named, on records of their own.
ELSEWHERE = {
    "desk.decide": "tests/web/test_desk.py",
    "objections.decide": "tests/web/test_objections.py",
    "objections.withdraw": "tests/web/test_objections.py",
    "papers.resume": "tests/papers/issuing/test_pages.py",
    "rulefiles.remove": "tests/web/test_rulemaking.py",
    "rulelines.remove_line": "tests/web/test_rulemaking.py",
    "rulemaking.discard": "tests/web/test_rulemaking.py",
    "rulemaking.publish": "tests/web/test_rulemaking.py",
}
REVIEW = f"/determinations/review/{YEAR}/projects.counted"
STAYS = re.compile("不能(撤|恢复|再|修改|更改|删除)")


def by_kinds(act: str) -> set[str]:
    """The endpoint of `act` of each kind that is entered by hand."""
    return {f"{kind.key}.{act}" for kind in all_kinds() if kind.form and kind.edit}


def posted(site: Site) -> set[str]:
    rules = site.app.url_map.iter_rules()
    return {rule.endpoint for rule in rules if rule.methods & {"POST", "PUT", "PATCH", "DELETE"}}


def test_every_act_is_reversible_a_draft_or_asks(site: Site):
    own = {*REVERSIBLE, *DRAFTS, *ASKS}
    # A record that is saved is saved anew, and the trail keeps what stood there before.
    saved = (by_kinds("new") | by_kinds("edit")) - own
    deleted = by_kinds("delete") - own
    assert len(own) == len(REVERSIBLE) + len(DRAFTS) + len(ASKS)
    # A workbook is only looked at until `sheets.take`.
    looked_at = {f"sheets.import_{kind.key}" for kind in sheetful()} | {"sheets.import_quarter"}
    assert posted(site) - saved - deleted - looked_at == own - {"ledger.new"}


def test_a_deletion_asks_for_its_reason(site: Site):
    """Bare, as Enter or a double click would send it."""
    deletions = [
        route
        for route in routes(site.app, site.world)
        if route.endpoint in by_kinds("delete") and route.method == "POST"
    ]
    assert len(deletions) > 30
    clients = {user: site.client(user) for user in ("staff", "assessor", "administrator")}
    tokens = {user: token_of(client) for user, client in clients.items()}
    before = rows(site)
    said = 0
    for route in deletions:
        user = next((u for u in clients if may(route, u)), None)
        assert user, route
        answer = clients[user].post(route.address, data={"csrf_token": tokens[user]})
        assert answer.status_code in (409, 422), route
        assert answer.status_code == 409 or STAYS.search(answer.text), route
        said += answer.status_code == 422
    assert said > 25
    assert rows(site) == before


def may(route: Route, user: str) -> bool:
    return route.granted(user) and route.in_sight(user) and route.at_home(user)


def cases(site: Site) -> Iterator[tuple[str, str, str, dict[str, object]]]:
    """(endpoint, user, address, what is sent) of each act that asks."""
    own = site.world.records
    with site.app.app_context():
        entries = db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)).all()
        place = db.session.scalar(select(Region.id).where(Region.code == OWN))
        mine = [each for each in entries if owner_id(each.subject) == place]
        draft = next(e for e in mine if e.is_draft and e.kind is EntryKind.FUNDS_IN_PLACE).id
        entry = next(e for e in mine if e.kind is EntryKind.COMPLETED_INVESTMENT).id
        rebate = next(e for e in mine if e.kind is EntryKind.REBATE and not e.is_draft).id
    subject = f"/determinations/{YEAR}/zj-recipient-county/{OWN}"
    page = site.client("assessor").get(subject).text
    measure = re.search(r'name="measure" value="([^"]+)"', page)[1]
    reported = re.search(rf'name="reported-{re.escape(measure)}" value="([^"]+)"', page)[1]
    seen = site.client("assessor").get(f"{subject}/{measure}").text
    shown = dict(re.findall(r'name="(reported|latest)" type="hidden" value="([^"]*)"', seen))

    def filing(state: str) -> int:
        with site.app.app_context():
            found = select(Filing.id).where(Filing.region_id == place, Filing.state == state)
            return db.session.scalar(found)

    def application(state: str) -> str:
        with site.app.app_context():
            found = select(Application.id).where(
                Application.county_id == place, Application.state == state
            )
            return f"/applications/{db.session.scalar(found)}"

    of_document = {"on_day": "2024-05-01", "document": "1 号"}
    reason = {"reason": "示例"}
    allotted = {**of_document, "amount": "1"}
    built = application("established")
    yield "applications.allotted", "assessor", f"{built}/allotted", allotted
    yield "applications.recovered", "assessor", f"{built}/recovered", allotted
    with site.app.app_context():
        wrong = db.session.scalar(select(ApplicationEvent.id).where(ApplicationEvent.amount > 0))
    correct = f"{built}/allotments/{wrong}/correct"
    yield "applications.correct", "assessor", correct, {**allotted, **reason, "amount": "2"}
    established = {**of_document, "due_on": "2025-05-01"}
    granted = application("granted")
    yield "applications.established", "assessor", f"{granted}/established", established
    inspected = {**of_document, **reason, "result": "passed"}
    yield "applications.inspected", "assessor", f"{application('awaiting')}/inspected", inspected
    yield "applications.rejected", "reviewer", f"{application('submitted')}/rejected", reason
    yield "applications.revoked", "assessor", f"{built}/revoked", reason
    yield "applications.submitted", "staff", f"{application('approved')}/submitted", {}
    with site.app.app_context():
        answered = select(SupervisionOrder.id).where(
            SupervisionOrder.county_id == place, SupervisionOrder.state == "answered"
        )
        order = f"/supervision/{db.session.scalar(answered)}"
    yield "supervision.accepted", "reviewer", f"{order}/accepted", {}
    yield "supervision.cancelled", "reviewer", f"{order}/cancelled", reason
    words = {"password": "four-plain-words-1", "again": "four-plain-words-1"}
    yield "accounts.password", "staff", "/account/password", words
    yield "annual.post", "staff", f"/annual/{YEAR}/{OWN}/post", {"reason": "试"}
    yield "assessments.score", "assessor", "/assessments/score", {"year": str(YEAR)}
    yield "card_reviews.review", "assessor", f"/assessments/reviews/?year={YEAR}", whole_sheet(site)
    back = {"reason": "示例", "version": "1"}
    yield "procedure.take", "assessor", f"/assessments/course/{YEAR}/step/taken_back", back
    accepted = {"measure": measure, f"reported-{measure}": reported}
    yield "determinations.accept", "assessor", subject, accepted
    ruled = {**shown, "ruling": "accepted"}
    yield "determinations.rule", "assessor", f"{subject}/{measure}", ruled
    yield "evidence.withdraw", "staff", f"/evidence/{own['evidence_links']}/withdraw", {}
    corrected = {"kind": "completed_investment", "amount": "7", "occurred_on": "2024-09-01"}
    finished = {"words": "示例", "on": "2024-05-01"}
    yield "key_works.finished", "staff", f"/key-works/{own['key_works']}/finished", finished
    yield "ledger.correct", "staff", f"/ledger/{entry}/correct", {**corrected, "reason": "多写"}
    yield "ledger.delete", "staff", f"/ledger/{draft}/delete", {}
    yield "ledger.drafts", "staff", "/ledger/drafts", {"entry": str(draft)}
    yield "ledger.reverse", "staff", f"/ledger/{entry}/reverse", {}
    pasted = {"how": "pasted", "lines": "乙村\t1"}
    yield "ledger.split", "staff", f"/ledger/{rebate}/split", pasted
    yield "ledger.submit", "staff", f"/ledger/{draft}/submit", {}
    yield "papers.cancel", "assessor", f"/papers/issues/{own['paper_issues']}/cancel", {}
    yield "papers.issue", "assessor", f"/papers/issue?year={YEAR}", {}
    yield "quarters.post", "staff", f"/quarters/{OWN}/{YEAR}/1/post", {}
    yield "reviews.decide", "assessor", REVIEW, {**first_figure(site), "ruling": "accepted"}
    drawn = {"seed": "示例", "size": "1"}
    yield "samplings.draw", "assessor", f"/samplings/?year={YEAR}", drawn
    with site.app.app_context():
        looked_at = select(BackgroundJob.id).where(BackgroundJob.kind == jobs.CHECK)
        yield "sheets.take", "staff", f"/sheets/imports/{db.session.scalar(looked_at)}/take", {}
    yield "submissions.locked", "assessor", f"/submissions/{filing('reviewed')}/locked", {}
    yield "submissions.submitted", "staff", f"/submissions/{filing('approved')}/submitted", {}
    yield "users.password", "administrator", f"/users/{site.world['reviewer']}/password", words


def whole_sheet(site: Site) -> dict[str, str]:
    """The review of all cards of pairs, which have no facts of their own."""
    text = site.client("assessor").get(f"/assessments/reviews/?year={YEAR}").text
    (snapshot,) = re.findall(r'name="snapshot" type="hidden" value="([0-9]+)"', text)
    return {"snapshot": snapshot, "all": "zj-pair"}


def first_figure(site: Site) -> dict[str, str]:
    """The first figure of a review as its page shows it, chosen."""
    text = site.client("assessor").get(f"{REVIEW}?all=1").text
    key = re.search(r'name="subject" value="([^"]+)"', text)[1]
    shown = re.findall(rf'name="((?:reported|latest)-{re.escape(key)})" value="([^"]*)"', text)
    return {"subject": key, "all": "1", **{name: unescape(value) for name, value in shown}}


@pytest.fixture
def villages(site: Site) -> None:
    """A second village of 缙云县, which has nothing of the rebate yet, and filings on their way."""
    with site.app.app_context():
        place = db.session.scalar(select(Region).where(Region.code == OWN))
        make.village(place, name="乙村")
        acts.filing(place, YEAR, FilingKind.Q2, state=FilingState.APPROVED)
        for of in (Enclave, Park):  # what is filed has no error left
            for site_of in db.session.scalars(select(of)):
                make.operating_figure(site_of, Item.OUTPUT, year=YEAR, quarter=2)
        acts.filing(place, YEAR, FilingKind.Q3, state=FilingState.REVIEWED, filed_at=make.SUBMITTED)
        looked_at(place, site.world["staff"])
        applications_on_their_way(place)
        acts.supervision_order(place, place.parent, state="answered")
        db.session.commit()


def applications_on_their_way(place: Region) -> None:
    """An application at each state from which a step asks, with the papers that it needs."""
    stood = {
        "established_on": date(2024, 4, 1), "document": "1 号",
        "acceptance_due_on": date(2025, 1, 1), "amount_granted": make.wan(5),
    }  # fmt: skip
    file = acts.evidence_file()
    for state in ("approved", "submitted", "granted", "established", "awaiting"):
        given = stood if state in ("established", "awaiting") else {}
        made = acts.application(
            place, state=ApplicationState(state), amount_asked=make.wan(5), **given
        )
        for word in words_of_papers(made.kind):
            acts.evidence_link(file, made, kind=word)
        if state == "established":
            acts.application_event(
                made, ApplicationAct.ALLOTTED, from_state=made.state, to_state=made.state,
                on_day=date(2024, 4, 9), document="2 号", amount=make.wan(3),
            )  # fmt: skip


def looked_at(place: Region, user: int) -> None:
    """A workbook of the staff's that passed and waits for its confirmation."""
    moment = now()
    given = {"asked_by_id": user, "asked_role": "staff", "asked_region_id": place.id, "owner": user}
    file = {"file_name": "通过.zip", "file_type": "application/zip", "file_size": 1}
    job = BackgroundJob(
        kind=jobs.CHECK, arguments='["projects", "甲.xlsx"]', title="导入项目",
        state=WorkState.DONE, ended_at=moment, kept_until=moment + timedelta(days=1),
        **given, **file,
    )  # fmt: skip
    db.session.add(job)
    db.session.flush()
    content = outcome.packed(outcome.Outcome(outcome.Stage.PASSED, created=1), None)
    db.session.add(BackgroundChunk(job_id=job.id, given=False, place=0, content=content))


def test_what_asks_does_nothing_until_it_is_confirmed(site: Site, villages: None):
    found = list(cases(site))
    assert {case[0] for case in found} == set(ASKS) - set(ELSEWHERE)
    clients = {user: site.client(user) for user in {case[1] for case in found}}
    tokens = {user: token_of(client) for user, client in clients.items()}
    before = rows(site)
    for endpoint, user, address, sent in found:
        assert ROLES[user]
        sent = {**sent, "once": uuid4().hex}
        answer = clients[user].post(address, data={**sent, "csrf_token": tokens[user]})
        assert answer.status_code == 422, (endpoint, answer.status_code, answer.location)
        if endpoint != "accounts.password":
            assert STAYS.search(answer.text), endpoint
        forged = {**sent, "csrf_token": tokens[user], "confirmed": "0" * 32}
        if endpoint not in ("papers.issue", "users.password"):
            answer = clients[user].post(address, data=forged)
            assert answer.status_code == 422, (endpoint, "forged", answer.status_code)
    assert rows(site) == before


def rows(site: Site) -> dict[str, int]:
    """How many rows each table has."""
    with site.app.app_context():
        return {
            name: db.session.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
        }
