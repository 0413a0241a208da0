"""工作简报 and 年度总结: what is on them is what the pages show and statements of our own say; who
may have them printed, and what of others they tell."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path

import pypdf
import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from tests import factories as make
from tests import factories_trials as trials
from tests.web.conftest import Site
from tests.web.pages import Browser
from tests.web.test_summary import PAGE, fill, rows
from tracker.core import jobs
from tracker.core.db import Origin, db, units
from tracker.overview.attention import concerns_of
from tracker.overview.enclaves import returns_in
from tracker.overview.progress import counties_in, progress_of
from tracker.papers.brief.model import Brief, Line
from tracker.papers.brief.pdf import brief_pdf
from tracker.papers.brief.period import period_of
from tracker.papers.brief.words import figure_words
from tracker.papers.summary.pdf import summary_pdf
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.background.running import run
from tracker.records.ledger.parts import part_until
from tracker.records.places.models import Region
from tracker.records.places.queries import regions_of
from tracker.records.projects.models import Project
from tracker.records.submissions.models import FilingKind
from tracker.site.brief.build import NotBegunError, brief_of
from tracker.site.brief.cli import brief as brief_command
from tracker.site.brief.cli import summary as summary_command
from tracker.site.brief.yearly import summary_of

NOON = datetime(2026, 10, 20, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_october() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def filled(site: Site) -> Site:
    """As 总表 has it, with a trial and an order that nobody has answered."""
    fill(site)
    with site.app.app_context(), units.mode(writes=True):
        places = {place.name: place for place in db.session.scalars(db.select(Region))}
        for month in (6, 10):
            at = trials.trial(2026, month, rulebook_year=2025)
            for name, total, rank in (("缙云县", f"{month + 70}.25", 2), ("庆元县", "92.5", 1)):
                trials.trial_card(at, places[name], total, rank=rank)
        db.session.commit()
    return site


def place(name: str) -> Region:
    return db.session.scalars(db.select(Region).where(Region.name == name)).one()


def brief(site: Site, key: str, name: str = "浙江省") -> Brief:
    with site.app.app_context():
        return brief_of(place(name), period_of(key))


def lines(made: Brief) -> dict[str, Line]:
    return {line.label: line for block in made.blocks for line in block.lines}


def words_of(pdf: bytes) -> str:
    read = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in read))


def bare(markup: str) -> str:
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", markup)))


def test_its_figures_are_those_of_the_sheet_of_the_year(filled: Site) -> None:
    page = rows(filled)  # compared by the end of June, as the second quarter is
    made = lines(brief(filled, "2026-2"))
    # Of people two pages have room for trainings alone.
    assert page.keys() - made.keys() == {"培训后就业", "新派专技人才", "新派挂职干部"}
    assert made.keys() < page.keys()
    for label, line in made.items():
        _so_far, now, before, change, asked, done, share, pace = page[label]
        shown = [figure_words(line.now), figure_words(line.before)]
        assert shown == [now, before], label
        if line.tasked:
            assert asked.startswith(figure_words(line.asked, "—"))
            assert done == figure_words(line.done)
        assert pace == figure_words(line.pace, "—")
        assert (change == "—") is (line.change is None)
        assert (share == "—") is (line.share is None)


def test_its_figures_are_those_of_statements_of_the_tests_own(filled: Site) -> None:
    money = "SELECT sum(amount) FROM ledger_entries WHERE kind = '{}' AND occurred_on BETWEEN {}"

    def one(statement: str) -> Decimal | None:
        with filled.app.app_context():
            found = db.session.execute(text(statement)).scalar_one()
        return None if found is None else Decimal(found) / 100  # 分

    for key, own, year, before in (
        ("2026-03", ("03-01", "03-31"), "03-31", "03-31"),
        ("2026-1", ("01-01", "03-31"), "03-31", "03-31"),
        ("2026-08", ("08-01", "08-31"), "08-31", "08-31"),
        ("2026-3", ("07-01", "09-30"), "09-30", "09-30"),
        ("2026-10", ("10-01", "10-20"), "10-20", "10-20"),
    ):
        made = lines(brief(filled, key))
        for label, kind in (("到位资金", "funds_in_place"), ("飞地返利", "rebate")):
            days = (
                f"'2026-{own[0]}' AND '2026-{own[1]}'",
                f"'2026-01-01' AND '2026-{year}'",
                f"'2025-01-01' AND '2025-{before}'",
            )
            expected = [one(money.format(kind, of)) for of in days]
            found = (made[label].own, made[label].now, made[label].before)
            assert [None if of is None else of.value for of in found] == expected, (key, label)
    signed = lines(brief(filled, "2026-3"))["新签项目"]
    assert [signed.own.value, signed.now.value, signed.before.value] == [1, 3, 1]
    # A quarter that is over and in which nothing was signed has none; of one that is not, nobody
    # knows yet. Money that nobody entered is unknown in both.
    assert lines(brief(filled, "2026-04"))["新签项目"].own.value == 0
    assert lines(brief(filled, "2026-10"))["新签项目"].own is None
    assert lines(brief(filled, "2026-04"))["到位资金"].own is None


def test_all_of_it_stands_on_the_paper(filled: Site) -> None:
    made = brief(filled, "2026-2")
    pdf = brief_pdf(made)
    with filled.app.app_context():
        assert brief_pdf(brief_of(place("浙江省"), period_of("2026-2"))) == pdf
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 2
    said = words_of(pdf)
    assert (
        "截至2026-06-30，1/2县已报第二季度季报。与上年比较的是2025年同期（至2025-06-30）。" in said
    )
    # The quarter has none of its own; 120.5 in the year, 100 in the same part of the year before.
    assert "到位资金未报120.50100.00+20.5%1,000.001/2县已报，未报的300.00150.5015.1%283.17" in said
    assert "新签项目021+100.0%不适用——" in said
    for label, words in made.sentences:
        assert re.sub(r"\s", "", f"{label}：{words}") in said
    for each in made.urgent:
        assert re.sub(r"\s", "", f"{each.what}{each.who}{each.by.isoformat()}") in said
    assert "示例数据" not in said


def test_what_it_says_in_words_is_what_the_first_page_says(filled: Site) -> None:
    for name, of in (("浙江省", "province"), ("丽水市", "city"), ("缙云县", "county")):
        with filled.app.app_context(), units.mode(writes=True):
            user = make.user(Role.LEADER, place(name), username=of).id
            db.session.commit()
        page = bare(Browser(filled.app, user).get("/?year=2026").text)
        made = brief(filled, "2026-10", name)
        for label, words in made.sentences:
            assert re.sub(r"\s", "", f"{label}{words}") in page, name
        for each in made.urgent:
            assert re.sub(r"\s", "", each.what) in page
    # Of a month that is over the third sentence is of its own days.
    assert brief(filled, "2026-08").sentences[2][1].startswith("8 月 1 日至 8 月 31 日")


def test_what_needs_attention_is_what_the_overview_has(filled: Site) -> None:
    made = brief(filled, "2026-2", "缙云县")
    with filled.app.app_context():
        regions = regions_of(User(role=Role.LEADER, region_id=place("缙云县").id, active=True))
        found = progress_of(counties_in(regions), 2026)
        concerns = concerns_of(regions, 2026, returns_in(regions, 2026), [], found)
    assert [(each.title, each.total) for each in made.concerns] == [
        (each.title, each.total) for each in concerns
    ]
    assert any(each.total for each in made.concerns)


def test_a_county_has_its_points_of_the_months_trial_and_no_ranks(filled: Site) -> None:
    made = brief(filled, "2026-2", "缙云县")
    assert made.score is not None
    assert made.score.words.startswith("76.25 分，名次尚未公布")
    assert "试算于 2026-06-20" in made.score.said
    assert "不作为考核结果" in made.score.said
    assert brief(filled, "2026-10", "缙云县").score.words.startswith("80.25 分")
    said = words_of(brief_pdf(made))
    assert "庆元" not in said
    assert "92.5" not in said
    assert brief(filled, "2026-2", "丽水市").score is None


def test_coverage_is_of_the_quarter_that_ends_or_of_entries(filled: Site) -> None:
    with filled.app.app_context():
        regions = regions_of(User(role=Role.LEADER, region_id=place("浙江省").id, active=True))
        quarter = part_until(regions, 2026, date(2026, 6, 30))
        month = part_until(regions, 2026, date(2026, 5, 31))
    assert (quarter.kind, quarter.reported, quarter.obliged) == (FilingKind.Q2, 1, 2)
    assert (month.kind, month.reported, month.obliged) == (None, 1, 2)
    assert month.words == "截至 2026-05-31，1 / 2 县台账已有记录"


def test_an_invented_record_marks_the_paper(filled: Site) -> None:
    with filled.app.app_context(), units.mode(writes=True):
        db.session.get_one(Project, filled.world["other_project"]).origin = Origin.SAMPLE
        db.session.commit()
    assert "示例数据" in words_of(brief_pdf(brief(filled, "2026-2")))
    assert not brief(filled, "2026-2", "缙云县").head.sample


def test_what_has_not_begun_is_refused(filled: Site) -> None:
    with pytest.raises(NotBegunError, match="2026年11月还没有开始"):
        brief(filled, "2026-11")
    with filled.app.app_context(), pytest.raises(NotBegunError):
        summary_of(place("浙江省"), 2027)


def test_the_summary_of_a_running_year_is_compared_by_its_part(filled: Site) -> None:
    page = rows(filled, address=PAGE)
    with filled.app.app_context():
        made = summary_of(place("浙江省"), 2026)
        pdf = summary_pdf(made)
        assert summary_pdf(summary_of(place("浙江省"), 2026)) == pdf
    found = {line.label: line for block in made.blocks for line in block.lines}
    for label, cells in page.items():
        own = [figure_words(found[label].now), figure_words(found[label].before)]
        assert own == cells[1:3], label
    said = words_of(pdf)
    assert "浙江省2026年（至2026-10-20）" in said
    assert "截至2026-06-30，1/2县已报第二季度季报。" in said
    with filled.app.app_context():
        income = db.session.scalar(text("SELECT count(*) FROM enclaves WHERE kind = 'income'"))
    assert f"消薄飞地{income}个：村集体出资到位未报" in said
    assert "2026年度没有计分，没有得分和等次。" in said
    assert "没有登记GDP的2个县" in said
    assert "六、尚待办理" in said


def test_the_summary_of_a_scored_year_has_points_and_grades(site: Site) -> None:
    with site.app.app_context():
        said = words_of(summary_pdf(summary_of(place("浙江省"), 2024)))
        cards = db.session.execute(
            text(
                "SELECT subject_name, total FROM scorecards WHERE sheet LIKE '%county%'"
                " ORDER BY subject_name"
            )
        ).all()
    assert cards
    assert "不得外传" in said  # nothing of the year was circulated
    for name, total in cards:
        assert re.search(rf"{name}.{{0,20}}{Decimal(total) / 1_000_000:.2f}", said), name


def asked(site: Site, monkeypatch: pytest.MonkeyPatch, user: str, form: dict[str, str]) -> bytes:
    """The file that comes of what a button asks for."""
    sent: list[int] = []
    monkeypatch.setattr(jobs, "send", lambda _settings, _name, job_id: sent.append(job_id))
    browser = site.browser(user)
    browser.post("/background/ask", form).close()
    with site.app.app_context():
        run(sent[0])
    file = browser.get(f"/background/{sent[0]}/file")
    found = file.data
    file.close()
    return found


def test_a_button_prints_what_the_function_gives(
    filled: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = filled.browser("leader").get("/overview/briefs/?year=2026").text
    assert "生成简报" in page
    assert "生成年度总结" in page
    assert '<option value="2026-09" selected>2026年9月月报</option>' in page
    assert "2026-11" not in page
    form = {"kind": "brief.print", "region": "331122", "period": "2026-2"}
    with filled.app.app_context():
        expected = brief_pdf(brief_of(place("缙云县"), period_of("2026-2")))
    assert asked(filled, monkeypatch, "leader", form) == expected
    with filled.app.app_context():
        expected = summary_pdf(summary_of(place("浙江省"), 2026))
    form = {"kind": "summary.print", "year": "2026"}
    assert asked(filled, monkeypatch, "leader", form) == expected


def test_role_region_and_period_are_checked_where_it_is_asked_for(filled: Site) -> None:
    with filled.app.app_context(), units.mode(writes=True):
        county = make.user(Role.LEADER, place("缙云县"), username="county").id
        db.session.commit()

    def browser(user: str) -> Browser:
        return Browser(filled.app, county) if user == "county" else filled.browser(user)

    def status(user: str, **form: str) -> int:
        answer = browser(user).post("/background/ask", form)
        answer.close()
        return answer.status_code

    brief_form = {"kind": "brief.print", "period": "2026-2"}
    assert status("county", region="331122", **brief_form) == 302
    assert status("county", region="331126", **brief_form) == 403  # the neighbour
    assert status("county", region="330000", **brief_form) == 403
    assert status("county", kind="summary.print", year="2026") == 403
    assert status("reviewer", kind="summary.print", year="2026") == 403
    assert status("staff", region="331122", **brief_form) == 403
    assert status("administrator", region="331122", **brief_form) == 403
    for wrong in (
        {"region": "331122", "kind": "brief.print", "period": "2026-5"},
        {"region": "999999", "kind": "brief.print", "period": "2026-2"},
        {"region": "331122", "kind": "brief.print"},
        {"kind": "summary.print", "year": "二〇二六"},
    ):
        assert status("leader", **wrong) == 400
    assert filled.browser("staff").get("/overview/briefs/").status_code == 403
    assert "生成年度总结" not in browser("county").get("/overview/briefs/").text


def test_commands_print_the_same(filled: Site, tmp_path: Path) -> None:
    runner = filled.app.test_cli_runner()
    out = tmp_path / "brief.pdf"
    found = runner.invoke(
        brief_command, ["--quarter", "2026-2", "--region", "331122", "--out", str(out)]
    )
    assert found.exit_code == 0, found.output
    with filled.app.app_context():
        assert out.read_bytes() == brief_pdf(brief_of(place("缙云县"), period_of("2026-2")))
    found = runner.invoke(summary_command, ["--year", "2026", "--out", str(out)])
    assert found.exit_code == 0, found.output
    with filled.app.app_context():
        assert out.read_bytes() == summary_pdf(summary_of(place("浙江省"), 2026))
    for wrong, said in (
        (["--month", "2026-2"], "不是月份"),
        (["--quarter", "2026-06"], "不是季度"),
        ([], "选一个"),
        (["--month", "2026-05", "--quarter", "2026-2"], "选一个"),
        (["--month", "2026-05", "--region", "990000"], "没有代码为 990000 的地区"),
        (["--month", "2026-05", "--out", str(tmp_path / "no" / "x.pdf")], "无法写入"),
    ):
        found = runner.invoke(brief_command, wrong)
        assert found.exit_code
        assert said in found.output


def test_where_nothing_is_on_record_nothing_is_known(app: Flask) -> None:
    with app.app_context():
        make.zhejiang()
        db.session.commit()
        for name in ("浙江省", "丽水市", "缙云县"):
            made = brief_of(place(name), period_of("2026-2"))
            assert {line.now for line in lines(made).values() if not line.stands} == {None}
            assert (made.course, made.urgent, made.score) == ([], [], None)
            assert "没有下达年度任务，不能判断进度" in made.sentences[0][1]
            pdf = brief_pdf(made)
            assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 2
            assert "到位资金未报未报未报—不适用" in words_of(pdf)
        said = words_of(summary_pdf(summary_of(place("浙江省"), 2026)))
    assert "没有名单内的县（市、区）。" in said
