"""Objections on the pages: who files, withdraws and answers them when, and what follows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from tests import objecting
from tests.papers.texts import page_texts
from tests.web.conftest import YEAR, Site
from tests.web.pages import Browser, text_of, value_of
from tracker.core.db import db
from tracker.papers.province.build import province_report
from tracker.papers.province.pdf import province_pdf
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.records.evidence.service import hand_in, keep
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.service import freeze_and_score
from tracker.year.objections.models import Objection, ObjectionState
from tracker.year.objections.queries import points_of
from tracker.year.procedure import service as procedure
from tracker.year.procedure.checks import Asked, precheck
from tracker.year.procedure.models import Act, Stage
from tracker.year.procedure.queries import assessment_of

MEASURE, OTHER = "projects.counted", "exchanges.visits"
JINYUN, QINGYUAN = "331122", "331126"
WORDS = "漏计一个项目，见合同。"


@pytest.fixture
def lines(any_site: Site) -> dict[str, str]:
    """The lines of 缙云县's card by a measure that they read, while its notice runs."""
    return _publish(any_site)


def _publish(site: Site, **fields: object) -> dict[str, str]:
    with site.app.app_context():
        snapshot = db.session.get_one(Snapshot, site.world["snapshot"])
        objecting.published(snapshot, **fields)
        db.session.commit()
        row = objecting.card(snapshot, JINYUN)
        return {name: objecting.line_reading(row, name) for name in (MEASURE, OTHER)}


def address(line: str, code: str = JINYUN) -> str:
    return f"/objections/{YEAR}/{objecting.SHEET}/{code}/{line}/new"


def file(site: Site, line: str, **typed: str) -> str:
    """The page of an objection that 缙云县 files."""
    sent = site.browser("staff").post(address(line), {"words": WORDS, **typed})
    assert sent.status_code == 302, text_of(sent)
    return str(sent.location).partition("?")[0]


def move(site: Site, to: Stage) -> None:
    with site.app.app_context():
        objecting.move(YEAR, to)
        db.session.commit()


def answer(browser: Browser, page: str, **typed: str):
    """Answer as somebody who has just opened the form, and confirm."""
    version = value_of(browser.get(f"{page}/answer"), "version") or ""
    given = {"version": version, "reason": "已核对合同。", **typed}
    asked = browser.post(f"{page}/answer", given)
    mark = value_of(asked, "confirmed") if asked.status_code == 422 else None
    return browser.post(f"{page}/answer", {**given, "confirmed": mark}) if mark else asked


def why_not_final() -> str:
    return procedure.stands_against.answer(assessment_of(YEAR), Act.FINALISED)


def test_one_is_granted_and_one_refused(any_site: Site, lines: dict[str, str]) -> None:
    site, assessor = any_site, any_site.browser("assessor")
    own_card = f"/scorecards/{site.world['snapshot']}/{objecting.SHEET}/{JINYUN}"
    assert address(lines[MEASURE]) in site.browser("staff").get(own_card).text
    assert address(lines[MEASURE]) not in assessor.get(own_card).text
    granted = file(site, lines[MEASURE], value_0="9")
    refused = file(site, lines[OTHER])
    page = text_of(site.browser("staff").get(granted))
    assert WORDS in page
    assert "9个" in page
    assert "受援县山海协作考核评分细则（示例细则）" in page
    after = site.browser("staff").get(own_card).text
    assert granted in after
    assert address(lines[MEASURE]) not in after  # one that waits is withdrawn first
    assert "已等 0 天" in text_of(assessor.get(f"/?year={YEAR}"))

    offered = assessor.get(f"{granted}/answer").text
    assert 'value="refused"' in offered
    assert 'value="granted"' not in offered
    assert 'name="value_0"' not in offered
    early = answer(assessor, granted, how="granted", value_0="9")
    assert early.status_code == 422
    # Above the form, beside the field and among all faults.
    assert text_of(early).count("公示期内核定不变") == 3
    # The stage has the last day of the notice that was begun, not the day that was set for it.
    course = text_of(assessor.get(f"/assessments/course/?year={YEAR}"))
    assert re.search(r"公示到 20\d\d-\d\d-\d\d *申诉处理", course)
    assert "已过期" not in course
    version = value_of(assessor.get(f"{refused}/answer"), "version") or ""
    given = {"version": version, "reason": "已核对合同。", "how": "refused"}
    question = text_of(assessor.post(f"{refused}/answer", given))
    assert "答复记下后不能修改或撤回。" in question
    assert answer(assessor, refused, how="refused").status_code == 302
    with site.app.app_context():
        assert not db.session.scalars(db.select(Determination)).all()
        assert why_not_final() == "还有 1 件申诉没有答复，全部办结后才能定稿。"
        (branch,) = [
            each
            for each in precheck(Act.FINALISED, Asked(YEAR, None))
            if each.label == "没有办结的申诉"
        ]
        assert [each.endpoint for each in branch.faults] == ["objections.detail"]

    move(site, Stage.OBJECTIONS)
    without = answer(assessor, granted, how="granted")
    assert "请填写更正后的数值" in text_of(without)
    same = answer(assessor, granted, how="refused", value_0="9")
    assert "不予支持的不更正数值" in text_of(same)
    assert answer(assessor, granted, how="granted", value_0="9").status_code == 302
    assert answer(assessor, granted, how="refused").status_code == 409
    with site.app.app_context():
        (ruling,) = db.session.scalars(db.select(Determination))
        assert (ruling.level, ruling.ruling, ruling.value, ruling.measure) == (
            RulingLevel.PROVINCE,
            Ruling.CORRECTED,
            Decimal(9),
            MEASURE,
        )
        found = db.session.scalars(db.select(Objection).order_by(Objection.id)).all()
        assert ruling.reason == f"第 {found[0].id} 号申诉：已核对合同。"
        assert [each.state for each in found] == [ObjectionState.GRANTED, ObjectionState.REFUSED]
        assert [made.determination_id for made in found[0].answer.rulings] == [ruling.id]
        assert [[e.act.value for e in each.events] for each in found] == [
            ["filed", "granted"],
            ["filed", "refused"],
        ]
        assert all(e.address and e.actor_id for each in found for e in each.events)
        assert why_not_final() == ""
        numbers = [each.id for each in found]
        _scored_again(numbers)
    said = text_of(site.browser("staff").get(f"/?year={YEAR}"))
    assert "已答复的申诉" in said
    assert "支持：已核对合同。" in said


def _scored_again(numbers: list[int]) -> None:
    """The next snapshot counts the correction, and its papers say what became of both."""
    snapshot = freeze_and_score(YEAR, None)
    db.session.commit()
    points = points_of(snapshot)
    sheet = points.sheets[objecting.SHEET]
    assert sheet.card(JINYUN).subject.measures[MEASURE] == 9
    kept = points.document["annex"]["objections"]
    assert sorted(kept, key=int) == [str(each) for each in numbers]
    first = kept[str(numbers[0])]
    assert (first["state"], first["claims"], first["corrected"]) == (
        "granted",
        {MEASURE: "9"},
        {MEASURE: "9"},
    )
    report = province_report(points, None)
    counted = report.objections
    assert counted is not None
    assert counted.states[:3] == ("支持", "部分支持", "不予支持")
    assert counted.total == (2, 1, 0, 1, 0, 0)
    assert counted.total[0] == len(counted.each) == sum(counted.total[1:])
    assert counted.places == (("缙云县", counted.total),)
    text = "".join("".join(page_texts(province_pdf(report))).split())
    assert "公示期内提出申诉2件：支持1件，不予支持1件。" in text
    assert "已核对合同。" in text


def test_cards_say_what_became_of_objections(site: Site, in_database: Callable) -> None:
    lines = _publish(site)
    page = file(site, lines[MEASURE])
    before = f"/scorecards/{site.world['snapshot']}/{objecting.SHEET}/{JINYUN}"
    old = site.browser("staff").get(f"{before}.pdf").data
    answer(site.browser("assessor"), page, how="refused")
    move(site, Stage.OBJECTIONS)

    def score() -> int:
        snapshot = freeze_and_score(YEAR, None)
        db.session.commit()
        return snapshot.id

    card = f"/scorecards/{in_database(score)}/{objecting.SHEET}/{JINYUN}"
    staff = site.browser("staff")
    said = "：不予支持（"
    assert said in text_of(staff.get(card))
    assert said in "".join("".join(page_texts(staff.get(f"{card}.pdf").data)).split())
    assert staff.get(f"{before}.pdf").data == old
    assert address(lines[MEASURE]) not in staff.get(card).text


def test_who_files_and_who_sees(site: Site) -> None:
    line = _publish(site)[MEASURE]
    assert site.browser("neighbour").get(address(line)).status_code == 404
    assert site.browser("staff").get(address(line, QINGYUAN)).status_code == 404
    assert site.browser("staff").get(address("Z9")).status_code == 404
    assert site.browser("reviewer").get(address(line)).status_code == 403
    page = file(site, line)
    seen = {
        name: site.browser(name).get(page).status_code
        for name in ("staff", "reviewer", "assessor", "leader", "neighbour", "administrator")
    }
    assert seen == {
        "staff": 200,
        "reviewer": 200,
        "assessor": 200,
        "leader": 200,
        "neighbour": 404,
        "administrator": 403,
    }
    course = text_of(site.browser("assessor").get(page)).partition("操作记录")[2]
    assert "评分表：“受援县山海协作考核评分细则”" in course
    assert "评分表种类：“受援县”" in course
    assert page in site.browser("reviewer").get(f"/objections/?year={YEAR}").text
    assert page not in site.browser("neighbour").get(f"/objections/?year={YEAR}").text
    later = site.browser("staff").get(f"/objections/?year={YEAR + 1}").text
    assert f"最近有记录的是 {YEAR} 年度" in later
    assert f"/objections/?year={YEAR}" in later
    assert site.browser("reviewer").get(f"{page}/answer").status_code == 403
    assert site.browser("assessor").get(f"{page}/withdraw").status_code == 403
    assert site.browser("neighbour").get(f"{page}/withdraw").status_code == 404


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        (datetime(2025, 3, 14, 15, 59, tzinfo=UTC), 200),  # 23:59 of the last day in China
        (datetime(2025, 3, 14, 16, 0, tzinfo=UTC), 409),
    ],
)
def test_the_last_day_of_the_notice_is_chinas(site: Site, moment: datetime, status: int) -> None:
    line = _publish(site, notice_until=date(2025, 3, 14))[MEASURE]
    with time_machine.travel(moment, tick=False):
        found = site.browser("staff").get(address(line))
        assert found.status_code == status
        if status == 409:
            assert "公示到 2025-03-14 为止" in text_of(found)


def test_outside_of_the_notice_it_says_when(site: Site, in_database: Callable) -> None:
    with site.app.app_context():
        row = objecting.card(db.session.get_one(Snapshot, site.world["snapshot"]), JINYUN)
        line = objecting.line_reading(row, MEASURE)
    before = site.browser("staff").get(address(line))
    assert before.status_code == 409
    assert "还没有公示；申诉在公示期内提出" in text_of(before)
    _publish(site)
    move(site, Stage.OBJECTIONS)
    after = site.browser("staff").post(address(line), {"words": WORDS})
    assert after.status_code == 409
    assert "现在是“申诉处理”阶段" in text_of(after)
    assert in_database(lambda: db.session.scalar(db.select(db.func.count(Objection.id)))) == 0


def test_one_that_waits_a_line_and_sent_twice_is_filed_once(
    site: Site, in_database: Callable
) -> None:
    line, staff = _publish(site)[MEASURE], site.browser("staff")
    typed = {"words": WORDS, "once": "0123456789abcdef" * 2}
    first, again = (staff.post(address(line), typed).location for _ in range(2))
    assert first == again
    first = first.partition("?")[0]
    other = staff.post(address(line), {"words": "另一件"})
    assert other.status_code == 409
    assert "已有第" in text_of(other)
    assert staff.post(f"{first}/withdraw", {"reason": ""}).status_code == 422
    assert staff.post(f"{first}/withdraw", {"reason": "误报"}).status_code == 302
    assert staff.post(f"{first}/withdraw", {"reason": "误报"}).status_code == 409
    assert staff.post(address(line), {"words": "另一件"}).status_code == 302
    states = in_database(
        lambda: list(db.session.scalars(db.select(Objection.state).order_by(Objection.id)))
    )
    assert states == [ObjectionState.WITHDRAWN, ObjectionState.OPEN]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"words": ""}, "请填写申诉理由"),
        ({"words": WORDS, "value_0": "1.5"}, "单位为个，须为整数"),
        ({"words": WORDS, "value_0": "-1"}, "不能为负"),
        ({"words": WORDS, "value_0": "若干"}, "数字"),
        ({"words": WORDS, "value_0": "1"}, "与现在所计的相同"),
        ({"words": "长" * 1001}, "最多 1000 字"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    site: Site, in_database: Callable, typed: dict[str, str], says: str
) -> None:
    line = _publish(site)[MEASURE]
    sent = site.browser("staff").post(address(line), typed)
    assert sent.status_code == 422
    assert says in text_of(sent)
    assert in_database(lambda: db.session.scalar(db.select(db.func.count(Objection.id)))) == 0


def test_what_was_decided_rests_on_the_files_that_were_there(site: Site) -> None:
    page = file(site, _publish(site)[MEASURE])
    number = page.rpartition("/")[2]
    upload = f"/evidence/objections/{number}/new"
    staff = site.browser("staff")
    assert staff.get(upload).status_code == 200
    with site.app.app_context():
        objection = db.session.get_one(Objection, int(number))
        hand_in(objection, keep(b"%PDF-1.7\n" + b"x" * 100), "合同.pdf", "合同", None)
        db.session.commit()
    assert "合同.pdf" in text_of(site.browser("assessor").get(page))
    paper = staff.get(f"/forms/objections/{number}.pdf")
    pages = page_texts(paper.data)
    assert len(pages) == 2
    text = "".join("".join(pages).split())
    for said in (
        "示例细则·听证材料",
        WORDS,
        "合同.pdf",
        "三栏",
        "各阶段冻结的数值",
        "智能装备项目",
        "待答复",
    ):
        assert said in text, said
    assert site.browser("neighbour").get(f"/forms/objections/{number}.pdf").status_code == 404
    answer(site.browser("assessor"), page, how="refused")
    assert "不再补充或撤回佐证" in text_of(staff.get(upload))


def test_a_hearing_has_two_pages_whatever_was_said(site: Site) -> None:
    line = _publish(site)[MEASURE]
    page = file(site, line, words="漏计的项目有合同和回单。" * 80)
    with site.app.app_context():
        objection = db.session.get_one(Objection, int(page.rpartition("/")[2]))
        for number in range(30):
            kept = keep(b"%PDF-1.7\n" + str(number).encode() * 100)
            hand_in(objection, kept, f"第{number}份很长名称的银行回单和合同.pdf", "银行回单", None)
        db.session.commit()
    reason = "经核对合同和回单，所列项目已计入。" * 55
    assert answer(site.browser("assessor"), page, how="refused", reason=reason).status_code == 302
    number = page.rpartition("/")[2]
    pages = page_texts(site.browser("staff").get(f"/forms/objections/{number}.pdf").data)
    assert len(pages) == 2
    assert "份文件，见系统" in pages[1]
