"""操作记录 on the screen: in words, narrowed down, page by page."""

from __future__ import annotations

import re

import pytest

from tests import factories as make
from tests.factories_acts import audit_entry
from tests.web.conftest import Site
from tests.web.pages import Browser, text_of
from tracker.core.db import db
from tracker.core.db.audit import AuditAction, AuditEntry, act_as, because
from tracker.records.accounts.models import User
from tracker.records.projects.models import Project


@pytest.fixture
def administrator(site: Site) -> Browser:
    return site.browser("administrator")


def results(answer) -> str:
    return text_of(answer).split("操作 记录 内容 ")[-1]


def change_project(site: Site, **values: object) -> None:
    with site.app.app_context():
        act_as(db.session, site.world["staff"])
        project = db.session.get(Project, site.world["project"])
        with because(db.session, "协议有补充"):
            for name, value in values.items():
                setattr(project, name, value)
        db.session.commit()


def test_a_change_is_told_in_words(any_site):
    invested = make.wan(13_000) + 100
    change_project(any_site, total_investment=invested, category="aid", in_scope=False)
    page = text_of(any_site.browser("administrator").get("/audit/?action=changed"))
    assert "将总投资由 1.20亿元 改为 1.30亿元130,000,100元" in page
    assert "将类别由 产业合作 改为 援建" in page
    assert "由 是 改为 否" in page
    assert "原因：协议有补充" in page
    assert "智能装备项目" in page
    assert "示例市县工作人员" in page
    assert "in_scope" not in page


def test_records_are_named_not_numbered(site, administrator):
    page = text_of(administrator.get("/audit/?table=projects&action=created"))
    assert "地区：缙云县" in page or "缙云县" in page
    assert "region_id" not in page


def test_passwords_are_never_shown(site, administrator):
    with site.app.app_context():
        db.session.get(User, site.world["staff"]).password_hash = "$argon2id$something"
        db.session.commit()
    answer = administrator.get("/audit/?table=users&action=changed")
    assert re.search(r"更新[^：]*：不显示", text_of(answer))
    assert "argon2" not in answer.text


def test_the_trail_is_narrowed_down(site, administrator):
    change_project(site, note="改过")
    everything = results(administrator.get("/audit/"))
    assert "新增" in everything
    mine = results(administrator.get("/audit/?actor=staff"))
    assert "修改" in mine
    assert "新增" not in mine
    assert "系统" not in mine
    assert results(administrator.get("/audit/?actor=示例市县工作人员")).count("修改") >= 1
    assert "示例结对县" not in results(administrator.get("/audit/?actor=系统&table=projects"))
    number = site.world["project"]
    one = results(administrator.get(f"/audit/?table=projects&record={number}"))
    assert "庆元竹木项目" not in one
    assert "智能装备项目" in one
    assert "没有符合条件的操作记录" in text_of(administrator.get("/audit/?until=2001-1-1"))
    assert "没有符合条件的操作记录" in text_of(administrator.get("/audit/?since=2100-1-1"))
    assert "新增" in results(administrator.get("/audit/?since=2001.1.1&until=2099年12月31日"))


def test_a_day_that_is_none_is_said(administrator):
    page = text_of(administrator.get("/audit/?since=2024-2-30"))
    assert "没有30日" in page
    assert "未起作用" in page
    assert "新增" in page


def test_a_day_of_the_office_begins_at_midnight_in_china(site, administrator):
    from datetime import UTC, datetime

    with site.app.app_context():
        audit_entry(at=datetime(2020, 5, 1, 16, 30, tzinfo=UTC), record_id=77)
        db.session.commit()
    assert "77 号" in results(administrator.get("/audit/?since=2020-5-2&until=2020-5-2"))
    assert "没有符合条件" in text_of(administrator.get("/audit/?since=2020-5-1&until=2020-5-1"))


def test_page_by_page_nothing_is_skipped_and_nothing_comes_twice(any_site):
    with any_site.app.app_context():
        for number in range(1000, 1120):
            audit_entry(action=AuditAction.DELETED, table_name="visits", record_id=number)
        db.session.commit()
    administrator = any_site.browser("administrator")
    numbers = re.compile(r"(1\d{3}) 号")

    def walk(address: str, way: str) -> list[list[str]]:
        found = []
        while address:
            page = administrator.get(address).text
            found.append(numbers.findall(page))
            link = re.search(rf'rel="{way}" href="([^"]+)"', page)
            address = link[1].replace("&amp;", "&") if link else ""
        return found

    down = walk("/audit/?table=visits", "next")
    assert [int(n) for page in down for n in page] == list(range(1119, 999, -1))
    assert [len(page) for page in down] == [50, 50, 20]
    with any_site.app.app_context():
        oldest = db.session.query(AuditEntry.id).filter_by(table_name="visits", record_id=1000)
        oldest = oldest.scalar()
    up = walk(f"/audit/?table=visits&before={oldest + 1}", "prev")
    assert sorted(int(n) for page in up for n in page) == list(range(1000, 1120))


def test_a_record_that_is_gone_is_still_told(site, administrator):
    with site.app.app_context():
        audit_entry(
            action=AuditAction.DELETED,
            table_name="projects",
            record_id=987_654,
            changes='{"region_id": [987654, null], "name": ["拆掉的项目", null], "old": [1, null]}',
        )
        db.session.commit()
    page = results(administrator.get("/audit/?record=987654"))
    assert "拆掉的项目" in page
    assert "987654 号" in page
    assert "删除" in page
