"""A quarter from its first cell to its filing by plain forms, as a browser without scripts sends
them: each form is sent with the fields that its page has."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest

from tests import factories as make
from tests import factories_acts as acts
from tests.web.conftest import Site
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.accounts.permissions import Role
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.places.models import Region
from tracker.records.submissions.models import Filing, FilingKind, FilingState

PAGE = "/quarters/331122/2024/4"


@pytest.fixture
def filing(site: Site) -> int:
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        site.world.ids["county_leader"] = make.user(Role.LEADER, place, username="chief").id
        make.project(
            place, name="竹木加工", signed_on=date(2024, 1, 1), total_investment=10_000_000
        )
        due = today() + timedelta(days=5)
        number = acts.filing(place, 2024, FilingKind.Q4, due_on=due).id
        db.session.commit()
    return number


def form_of(page, mark: str) -> tuple[str, dict[str, str]]:
    """The address and the fields of the form of a page that has `mark` in it, as they stand."""
    forms = re.findall(r"<form\b[^>]*>.*?</form>", page.text, re.S)
    (form,) = [each for each in forms if mark in each]
    head = form[: form.index(">")]
    action = re.search(r'action="([^"]*)"', head)
    fields = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        given = {key: unescape(value) for key, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if given.get("type") != "checkbox" and "name" in given:
            fields[given["name"]] = given.get("value", "")
    return unescape(action[1]) if action else page.request.path, fields


def test_the_whole_way_without_a_script(site: Site, filing: int) -> None:
    clerk, leader = site.browser("staff"), site.browser("county_leader")

    def send(browser, page, mark: str, **more):
        address, fields = form_of(page, mark)
        answer = browser.post(address, {**fields, **more})
        assert answer.status_code in (200, 302), text_of(answer)  # 200: it can be taken back
        return browser.get(answer.location) if answer.location else answer

    def state() -> FilingState:
        with site.app.app_context():
            return db.session.get(Filing, filing).state

    # From home to the grid; what needs a script is not offered.
    home = clerk.get("/").text
    assert f'href="{PAGE}"' in home
    page = clerk.get(PAGE)
    grid = re.search(r'<form id="grid".*?</form>', page.text, re.S)[0]
    for button in re.findall(r"<button[^>]*needs-script[^>]*>", grid):
        assert " hidden" in button
    assert state() is FilingState.NOT_STARTED
    fields = form_of(page, 'id="grid"')[1]
    cell = next(
        name
        for name, label in re.findall(r'name="(cell:[^"]+)"[^>]*aria-label="([^"]+)"', grid)
        if label == "竹木加工 到位资金"
    )
    assert f"seen:{cell.removeprefix('cell:')}" in fields
    page = send(clerk, page, 'id="grid"', **{cell: "一堆", "act": "save"})
    assert "已保存 1 格草稿" in text_of(page)
    assert "请填写金额" in text_of(page)
    assert state() is FilingState.ENTERING, "the first cell has begun it"
    page = send(clerk, page, 'id="grid"', **{cell: "12", "act": "unchanged"})
    assert "没有发生的填 0" in text_of(page)
    # What each site has every quarter is nobody's to guess.
    open_cells = re.findall(r'data-state="missing">\s*<input[^>]*name="([^"]+)"', page.text)
    page = send(clerk, page, 'id="grid"', act="save", **dict.fromkeys(open_cells, "9"))
    assert 'data-state="missing"' not in page.text
    # What is typed and not posted stands against the leader's approval.
    said = text_of(leader.get(f"/submissions/{filing}"))
    assert "没有登记" in said
    page = send(clerk, page, 'id="grid"', act="post")
    assert "将登记" in text_of(page)
    why = {"why": "已核对"} if 'name="why"' in page.text else {}
    page = send(clerk, page, 'name="confirmed"', **why)
    assert "本季应填的都已登记" in text_of(page)
    with site.app.app_context():
        made = db.session.query(LedgerEntry).filter_by(note="2024年第四季度填报表").all()
        funds = [e for e in made if e.kind is EntryKind.FUNDS_IN_PLACE]
        assert [(e.project.name, e.amount) for e in funds] == [("竹木加工", make.wan(12))]
    # The check, its warnings with a reason; the leader; the filing.
    page = clerk.get(f"/submissions/{filing}/check")
    assert "项错误" not in text_of(page)
    if 'name="all"' in page.text:
        page = send(clerk, page, 'name="reason"', all="1", reason="逐条核对过")
        assert "条提醒没有说明" not in text_of(page)
    page = send(leader, leader.get(f"/submissions/{filing}/approved"), 'name="version"')
    assert state() is FilingState.APPROVED
    page = clerk.get(f"/submissions/{filing}/submitted")
    page = send(clerk, page, 'name="version"', agreed="y")
    assert "已报送" in text_of(page)
    assert state() is FilingState.SUBMITTED
    assert "已报送，数据不能在表中修改" in text_of(clerk.get(PAGE))
