"""Accounts on the screen: made, changed, switched off, new passwords; demonstration accounts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.web.conftest import Site
from tests.web.pages import TOKEN, Browser, text_of, value_of
from tracker.core.db import Origin, db
from tracker.core.db.audit import AuditEntry
from tracker.records.accounts import demo, queries, service
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role

PASSWORD = "four-quiet-words-9"
NEW = {
    "username": "zhang",
    "display_name": "张三",
    "role": "staff",
    "password": PASSWORD,
    "again": PASSWORD,
}


@pytest.fixture
def administrator(site: Site) -> Browser:
    return site.browser("administrator")


def sign_in(browser: Browser, username: str, password: str):
    token = TOKEN.search(browser.client.get("/login").text)[1]
    data = {"username": username, "password": password, "csrf_token": token}
    return browser.client.post("/login", data=data)


def filled(administrator: Browser, address: str, **changes: str) -> dict[str, str]:
    """The fields of the account's form as it is shown, with `changes`."""
    page = administrator.get(address)
    names = ("version", "display_name", "role", "region_id", "active")
    return {**{name: value_of(page, name) for name in names}, **changes}


def test_an_administrator_makes_an_account_that_can_sign_in(any_site):
    administrator = any_site.browser("administrator")
    data = {**NEW, "region_id": str(any_site.world["jinyun"])}
    answer = administrator.post("/users/new", data)
    assert answer.status_code == 302
    page = text_of(administrator.get(answer.location))
    assert "张三（zhang）" in page
    assert "缙云县" in page
    assert PASSWORD not in page
    browser = any_site.browser()
    assert sign_in(browser, "zhang", PASSWORD).location == "/"
    assert "缙云县" in text_of(browser.get("/"))
    with any_site.app.app_context():
        entry = db.session.query(AuditEntry).filter_by(table_name="users", action="created").all()
        assert entry[-1].actor_id == any_site.world["administrator"]
        assert PASSWORD not in entry[-1].changes
        assert "$argon2" not in entry[-1].changes


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"username": ""}, "请填写用户名"),
        ({"username": "staff"}, "用户名 staff 已被使用"),
        ({"display_name": ""}, "请填写姓名"),
        ({"role": ""}, "请选择角色"),
        ({"role": "king"}, "不在列表中"),
        ({"region_id": ""}, "市县工作人员须指定所在地区"),
        ({"region_id": "999999"}, "不在列表中"),
        ({"password": "short", "again": "short"}, "10 至 200"),
        ({"again": "something-else-1"}, "两次输入的新密码不一致"),
    ],
)
def test_accounts_that_cannot_be_made_say_why(site, administrator, changes, says):
    data = {**NEW, "region_id": str(site.world["jinyun"]), **changes}
    answer = administrator.post("/users/new", data)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert PASSWORD not in answer.text
    assert value_of(answer, "display_name") == data["display_name"]
    with site.app.app_context():
        assert queries.by_username("zhang") is None


def test_changing_an_account_takes_effect_at_once(site, administrator):
    staff = site.browser("staff")
    assert staff.get("/projects/new").status_code == 200
    address = f"/users/{site.world['staff']}/edit"
    data = filled(administrator, address, display_name="李四", role="leader")
    assert administrator.post(address, data).status_code == 302
    assert staff.get("/projects/new").status_code == 403
    assert "李四" in text_of(staff.get("/"))


def test_whoever_is_switched_off_is_out_and_stays_out(site, administrator):
    staff = site.browser("staff")
    address = f"/users/{site.world['staff']}/edit"
    administrator.post(address, filled(administrator, address, active="False"))
    assert staff.get("/").location == "/login"
    administrator.post(address, filled(administrator, address, active="True"))
    assert staff.get("/").location == "/login"  # the old session is worth nothing
    page = text_of(administrator.get("/users/?active=0"))
    assert "没有符合条件的账户" in page


def test_two_administrators_at_once_see_what_differs(site, administrator):
    address = f"/users/{site.world['staff']}/edit"
    mine = filled(administrator, address, display_name="甲")
    administrator.post(address, filled(administrator, address, display_name="乙"))
    answer = administrator.post(address, mine)
    assert answer.status_code == 422
    assert "现值为：乙" in text_of(answer)
    assert value_of(answer, "display_name") == "甲"
    again = {**mine, "version": value_of(answer, "version")}
    assert administrator.post(address, again).status_code == 302


@pytest.mark.parametrize("changes", [{"active": "False"}, {"role": "leader"}])
def test_nobody_locks_themselves_out(site, administrator, changes):
    address = f"/users/{site.world['administrator']}/edit"
    data = filled(administrator, address, **{"region_id": str(site.world["jinyun"]), **changes})
    answer = administrator.post(address, data)
    assert answer.status_code == 422
    assert "请由另一位系统管理员办理" in text_of(answer)
    assert administrator.get("/users/").status_code == 200


def test_only_an_administrator_is_of_no_region(site, administrator):
    address = f"/users/{site.world['staff']}/edit"
    answer = administrator.post(address, filled(administrator, address, region_id=""))
    assert answer.status_code == 422
    assert "须指定所在地区" in text_of(answer)


def test_a_new_password_from_the_administrator(site, administrator):
    staff = site.browser("staff")
    address = f"/users/{site.world['staff']}/password"
    assert "10 至 200" in text_of(
        administrator.post(address, {"password": "short", "again": "short"})
    )
    assert staff.get("/").status_code == 200
    data = {"password": PASSWORD, "again": PASSWORD}
    assert "请先确认" in text_of(administrator.post(address, data))
    assert staff.get("/").status_code == 200
    data["confirmed"] = "y"
    assert administrator.post(address, data).status_code == 302
    assert staff.get("/").location == "/login"
    assert sign_in(site.browser(), "staff", PASSWORD).location == "/"


def test_ones_own_password(site):
    with site.app.app_context():
        service.set_password(
            db.session.get(User, site.world["staff"]), service.hashed(PASSWORD, "staff")
        )
        db.session.commit()
    here, elsewhere = site.browser("staff"), site.browser("staff")
    new = {"password": "another-four-words-1", "again": "another-four-words-1"}
    wrong = here.post("/account/password", {"present": "wrong-password", **new})
    assert "现用密码不正确" in text_of(wrong)
    weak = {"present": PASSWORD, "password": "short", "again": "short"}
    assert "10 至 200" in text_of(here.post("/account/password", weak))
    assert here.post("/account/password", {"present": PASSWORD, **new}).location == "/"
    assert "密码已修改" in text_of(here.get("/"))
    assert elsewhere.get("/").location == "/login"
    assert sign_in(site.browser(), "staff", new["password"]).location == "/"


def test_the_list_is_searched_filtered_and_sorted(site, administrator):
    def names(address: str) -> str:
        return text_of(administrator.get(address)).split("状态 ")[-1]

    assert "neighbour" in names("/users/?q=庆元")
    assert "reviewer" not in names("/users/?q=庆元")
    assert "assessor" in names("/users/?role=assessor")
    assert "neighbour" not in names("/users/?role=assessor")
    ascending, descending = names("/users/?sort=username"), names("/users/?sort=-username")
    assert ascending.index("assessor") < ascending.index("staff")
    assert descending.index("assessor") > descending.index("staff")


@pytest.fixture
def demonstration(site) -> Site:
    """The site with all demonstration accounts, on a demonstration."""
    from tests import factories as make

    with site.app.app_context():
        make.region("330825", "龙游县")
        demo.create_missing()
        db.session.commit()
    settings(site, demo=True)
    return site


def settings(site: Site, *, demo: bool) -> None:
    site.app.config["TRACKER"] = replace(site.app.config["TRACKER"], demo=demo)


def test_there_is_a_demonstration_account_for_every_role_and_level():
    assert {account.role for account in demo.ACCOUNTS} == set(Role)
    held = {(account.role, account.region) for account in demo.ACCOUNTS}
    counties = {code for _, code in held if code and not code.endswith("00")}
    assert len(counties) == 2
    for county in counties:
        assert {(Role.STAFF, county), (Role.LEADER, county)} <= held
    cities = {code for _, code in held if code.endswith("00") and not code.endswith("0000")}
    assert {(Role.REVIEWER, city) for city in cities} <= held
    assert {(Role.ASSESSOR, "330000"), (Role.LEADER, "330000")} <= held
    names = [account.username for account in demo.ACCOUNTS]
    assert len(names) == len(set(names))


def test_every_demonstration_account_signs_in_and_is_said_on_the_page(demonstration):
    page = text_of(demonstration.browser().get("/login"))
    for account in demo.ACCOUNTS:
        assert account.username in page
        assert account.password in page
        assert account.display_name in page
        browser = demonstration.browser()
        begins = "/overview/" if account.role is Role.LEADER else "/"
        assert sign_in(browser, account.username, account.password).location == begins
        assert browser.get("/").status_code == 200


def test_in_production_no_demonstration_account_is_shown_or_let_in(demonstration):
    signed_in = demonstration.browser()
    account = demo.ACCOUNTS[0]
    sign_in(signed_in, account.username, account.password)
    assert signed_in.get("/").status_code == 200
    settings(demonstration, demo=False)
    assert signed_in.get("/").location == "/login"  # not even with a session from before
    page = demonstration.browser().get("/login")
    for account in demo.ACCOUNTS:
        assert account.password not in page.text
        answer = sign_in(demonstration.browser(), account.username, account.password)
        assert answer.status_code == 422
        assert "用户名或密码不正确" in answer.text


def test_a_demonstration_accounts_password_stays_what_the_page_says(demonstration):
    browser = demonstration.browser()
    account = demo.ACCOUNTS[0]
    sign_in(browser, account.username, account.password)
    data = {"present": account.password, "password": PASSWORD, "again": PASSWORD}
    answer = browser.post("/account/password", data)
    assert answer.status_code == 422
    assert "不能修改" in text_of(answer)
    assert sign_in(demonstration.browser(), account.username, account.password).location == "/"


def test_demonstration_accounts_are_marked_for_the_administrator(demonstration, administrator):
    with demonstration.app.app_context():
        user = db.session.query(User).filter_by(origin=Origin.SAMPLE).first()
        address = f"/users/{user.id}"
    assert "演示账户" in text_of(administrator.get(address))
