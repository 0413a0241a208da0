"""The forms on paper from the site's records: the right figures, for the right people."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote

import pypdf
import pytest
from sqlalchemy import select

from tests import factories as make
from tests.papers.texts import page_texts
from tracker.core.db import db
from tracker.papers.quarter.cli import form
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region
from tracker.records.projects.models import Project

QUARTER = "/forms/quarter.pdf?year=2024&quarter={}"


def text_of(answer) -> str:
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    return re.sub(r"\s", "", "".join(page_texts(answer.data)))


def test_a_quarter_has_its_own_money_and_that_of_the_year_so_far(any_site):
    staff = any_site.browser("staff")
    line = "智能装备项目产业合作12,000.002024-03-012024-06-01——"
    assert f"{line}未报未报未报未报" in text_of(staff.get(QUARTER.format(2)))
    assert f"{line}未报未报3,000.003,000.00" in text_of(staff.get(QUARTER.format(3)))
    last = staff.get(QUARTER.format(4))
    assert f"{line}未报未报未报3,000.00" in text_of(last)
    assert "缙云消薄飞地消薄飞地富阳区未报未报100.00100.00100.00" in text_of(last)
    assert "庆元" not in text_of(last)
    name = unquote(last.headers["Content-Disposition"].split("''")[1])
    assert name == "2024年第四季度-季度报送表-331122-缙云县-草表.pdf"


@pytest.mark.parametrize("year", ["99999999999999", "1999", "二〇二四"])
def test_a_file_of_a_year_that_cannot_be_shown_is_refused(site, year: str):
    """A page says that it is of another year than its address; a file has no place to."""
    staff = site.browser("staff")
    for address in ("/forms/quarter.pdf", "/forms/tasks.pdf", "/projects/export.csv"):
        assert staff.get(f"{address}?year={year}").status_code == 404, address


def test_drafts_reversals_and_totals_over_years_are_not_counted(site, in_database):
    def add():
        project = db.session.get(Project, site.world["project"])
        kind = EntryKind.FUNDS_IN_PLACE
        make.entry(project, kind, make.wan(700), date(2024, 8, 1), submitted_at=None)
        make.entry(project, kind, make.wan(9000), date(2024, 8, 1), cumulative=True)
        wrong = make.entry(project, kind, make.wan(40), date(2024, 8, 2))
        make.entry(project, kind, make.wan(-40), date(2024, 8, 2), reversal_of=wrong)
        make.entry(project, kind, make.wan(250), date(2024, 8, 3))
        db.session.commit()

    in_database(add)
    text = text_of(site.browser("staff").get(QUARTER.format(3)))
    assert "——250.00250.003,000.003,000.00" in text
    assert "本季尚有1笔台账草稿未提交" in text


def test_a_return_that_cannot_be_known_says_why(site, in_database):
    def forget_capital():
        enclave = db.session.get(Enclave, site.world["enclave"])
        make.term(enclave, make.TermKind.RENT_SHARE, rate=make.Decimal("0.5"))
        db.session.commit()

    in_database(forget_capital)
    text = text_of(site.browser("staff").get(QUARTER.format(4)))
    assert "返利含租金分成，但台账中没有2024年的租金记录" in text


@pytest.mark.parametrize(
    ("user", "region", "status"),
    [
        ("staff", "331122", 200),
        ("staff", "331126", 404),
        ("neighbour", "331122", 404),
        ("reviewer", "331126", 200),
        ("leader", "331122", 200),
        ("leader", "999999", 404),
        ("leader", "331100", 302),
        ("administrator", "331122", 403),
    ],
)
def test_a_form_is_for_those_who_see_the_county(site, user, region, status):
    address = f"{QUARTER.format(3)}&region={region}"
    assert site.browser(user).get(address).status_code == status


def test_a_province_is_told_to_choose_a_county_and_there_is_no_fifth_quarter(site):
    leader = site.browser("leader")
    answer = leader.get(QUARTER.format(3))
    assert answer.status_code == 302
    assert "请先在页面上方选择县（市、区）" in leader.get(answer.location).text
    for number in ("5", "0", "x", ""):
        assert site.browser("staff").get(QUARTER.format(number)).status_code == 404


def test_tasks_of_a_county_a_pair_and_an_enclave(site, in_database):
    def add():
        province = db.session.scalar(select(Region).where(Region.code == "330000"))
        county = db.session.get(Region, site.world["jinyun"])
        whole = make.target(province, 2024, "projects.counted", 10)
        make.target(county, 2024, "projects.counted", 2, parent=whole, responsible_unit="发改局")
        make.target(db.session.get(Pairing, site.world["pairing"]), 2024, "projects.counted", 3)
        make.target(db.session.get(Enclave, site.world["enclave"]), 2024, "returns.paid", 100)
        db.session.commit()

    in_database(add)
    staff = site.browser("staff")
    county = text_of(staff.get("/forms/tasks.pdf?year=2024"))
    assert "个2150.0%未定发改局浙江省：" in county
    done = {"pairing": "产业合作项目数个3未报未定", "enclave": "当年返利到账额万元100100100.0%未定"}
    for name, words in done.items():
        found = text_of(staff.get(f"/forms/tasks.pdf?year=2024&{name}={site.world[name]}"))
        assert words in found
        foreign = f"/forms/tasks.pdf?year=2024&{name}={site.world[f'other_{name}']}"
        assert staff.get(foreign).status_code == 404
    for wrong in ("pairing=x", "enclave=", "park=99999", "region=331126"):
        assert staff.get(f"/forms/tasks.pdf?year=2024&{wrong}").status_code == 404
    assert "没有下达的任务" in text_of(staff.get("/forms/tasks.pdf?year=2023"))


def test_the_commands_write_the_same_forms(site, tmp_path):
    run = site.app.test_cli_runner()
    target = tmp_path / "form.pdf"
    where = ["--year", "2024", "--out", str(target)]
    done = run.invoke(form, ["quarter", "--county", "331122", "--quarter", "3", *where])
    assert done.exit_code == 0, done.output
    assert "智能装备项目" in pypdf.PdfReader(target).pages[0].extract_text()
    assert run.invoke(form, ["tasks", "--county", "331122", *where]).exit_code == 0
    assert "任务清单" in pypdf.PdfReader(target).pages[0].extract_text()
    for code, says in (("330000", "不是县"), ("999999", "没有代码为")):
        refused = run.invoke(form, ["quarter", "--county", code, "--quarter", "3", *where])
        assert refused.exit_code == 1
        assert says in refused.output
