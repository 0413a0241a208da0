"""A city assesses its own counties (市考县) on the same records: by its own rulebook, through all
stages, beside the province's assessment, of which nothing changes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests.papers.issuing.conftest import YEAR
from tests.papers.texts import page_texts
from tests.year.procedure.cities import COUNTY, SHEET, City, elsewhere
from tests.year.procedure.conftest import Year
from tracker.core.db import Origin, db
from tracker.core.db.records import now
from tracker.core.quantities.clock import today
from tracker.exchange.sampledata.course import go_on
from tracker.papers.common.head import PaperKind
from tracker.papers.issuing import queries as papers
from tracker.papers.issuing import service as issuing
from tracker.papers.issuing.models import TaskState
from tracker.papers.issuing.running import run_issue
from tracker.papers.issuing.verification import Answer, verify
from tracker.records.accounts.models import User
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.records.determinations.service import rule
from tracker.records.places.models import Region
from tracker.year.assessments.awaited import subjects_to_rule
from tracker.year.assessments.models import ScorecardRow
from tracker.year.assessments.queries import cards, latest_snapshot
from tracker.year.assessments.scored import scored
from tracker.year.assessments.service import AssessmentError, freeze_and_score
from tracker.year.objections import service as objections
from tracker.year.objections.models import ObjectionAct
from tracker.year.objections.queries import of_year, subject_now
from tracker.year.procedure import service
from tracker.year.procedure.models import Act, Assessment, Stage
from tracker.year.procedure.queries import assessment_of, final_snapshot
from tracker.year.procedure.service import ProcedureError


@pytest.fixture
def city(year: Year) -> City:
    db.session.commit()
    return City(year)


def test_a_city_assesses_its_own_counties_to_the_circular(city: City) -> None:
    elsewhere()
    with pytest.raises(AssessmentError, match="市考县评分细则"):
        city.score()
    city.publish()
    city.open()
    for what in (Act.BEGUN, Act.SELF_CLOSED, Act.CITY_CLOSED):
        city.step(what)
    first = latest_snapshot(YEAR, city.owner)
    assert first is not None
    assert first.owner_region_id == city.owner
    points = scored(first.sha256, first.content)
    assert points.owner == {"code": "331100", "name": "丽水市", "region_id": str(city.owner)}
    assert set(points.sheets[SHEET].frozen["subjects"]) == {COUNTY, "331126"}
    assert city.errors(Act.NOTIFIED) >= {"没有市级核定", "没有复核的评分表"}
    assert city.rule_all() == 8
    city.review_all()
    city.score()
    assert city.errors(Act.NOTIFIED) == set()
    city.step(Act.NOTIFIED)

    # A county of it objects, and is granted: what is corrected counts in this assessment alone.
    staff = db.session.scalars(select(User).where(User.username == "staff")).one()
    snapshot = city.assessment.events[-1].snapshot
    assert snapshot is not None
    row = next(card for card in cards(snapshot, staff) if card.subject_code == COUNTY)
    made = objections.file(staff, row, "C1", "漏计两次互访", {"exchanges.visits": Decimal(3)})
    city.step(Act.NOTICE_ENDED, at=now() + timedelta(days=20))
    assert "没有办结的申诉" in city.errors(Act.FINALISED)
    found = subject_now(made)
    with pytest.raises(objections.ObjectionError, match="市级考核人员答复"):
        objections.answer(city.year.assessor, made, ObjectionAct.REFUSED, "不归省里")
    objections.answer(
        city.reviewer, made, ObjectionAct.GRANTED, "属实", found, {"exchanges.visits": Decimal(3)}
    )
    db.session.commit()
    assert of_year(YEAR) == []
    city.review_all()
    city.step(Act.FINALISED)
    final = final_snapshot(YEAR, city.owner)
    assert final is not None
    line = scored(final.sha256, final.content).sheets[SHEET].card(COUNTY).line("C1")
    assert str(line.award) == "15.00"

    # Its papers are its report and the cards of its counties, with numbers of their own.
    issue = issuing.start(final, city.reviewer)
    db.session.commit()
    state = run_issue(issue.id, 1)
    assert [each.reason for each in papers.tasks(issue.id, *TaskState)] == ["", "", ""]
    assert (state.done, state.failed, state.refused) == (3, 0, 0)
    report, paper, _ = papers.list_of(issue.id)
    assert (report.kind, report.subject_code) == (PaperKind.PROVINCE, "331100")
    content = papers.content_of(report)
    said = "".join(page_texts(content))
    assert f"{YEAR}年度山海协作市考县情况通报" in said
    assert "丽水市山海协作工作主管部门" in said
    assert "公示期内提出申诉 1 件：支持 1 件" in said
    assert "浙江省" not in said
    assert verify(content).answer is Answer.GENUINE
    for user, sees in ((staff, False), (city.reviewer, True), (city.year.assessor, True)):
        assert (papers.paper(report.id, user) is not None) is sees
        assert papers.paper(paper.id, user) is not None
    assert paper.number == f"SH{YEAR}-331100-S01-0002"
    content = papers.content_of(paper)
    assert "市考县：丽水市" in "".join(page_texts(content))
    assert verify(content).answer is Answer.GENUINE
    city.step(Act.CIRCULATED, document="丽山海办〔2025〕1号")
    assert city.assessment.stage is Stage.CIRCULAR

    # Of all that nothing is the province's.
    assert assessment_of(YEAR) is None
    assert latest_snapshot(YEAR) is None
    assert final_snapshot(YEAR) is None
    assert papers.settled(YEAR) == frozenset()
    assert papers.latest_issue(YEAR) is None
    provinces = select(Determination).where(Determination.owner_region_id.is_(None))
    assert db.session.scalars(provinces).all() == []
    own = freeze_and_score(YEAR, city.year.assessor)
    document = scored(own.sha256, own.content).document
    assert document["column"] == "county"
    assert "owner" not in document["annex"]
    assert document["annex"]["rulings"]["county.recipient"] == {}
    assert "objections" not in document["annex"]


def test_what_the_province_rules_stays_out_and_what_the_city_gave_it_is_taken_over(
    city: City,
) -> None:
    city.publish()
    _, other = elsewhere()
    longyou = db.session.scalars(select(Region.id).where(Region.name == "龙游县")).one()
    of_other = {"region_id": longyou}
    rule(YEAR, "exchanges.visits", of_other, RulingLevel.CITY, Ruling.REFUSED, None, other,
         reason="没有记录")  # fmt: skip
    db.session.commit()
    snapshot = city.score()
    assert scored(snapshot.sha256, snapshot.content).document["column"] == "county"
    rows = list(db.session.scalars(select(ScorecardRow).filter_by(snapshot_id=snapshot.id)))
    subject = next(s for s in subjects_to_rule(snapshot, rows) if s.card.subject_code == COUNTY)
    of = {subject.column: subject.record_id}
    fact = subject.fact("exchanges.visits")
    assert fact is not None
    year = city.year
    for level, actor, value in (
        (RulingLevel.PROVINCE, year.assessor, Decimal(4)),
        (RulingLevel.CITY, year.reviewer, Decimal(2)),
    ):
        rule(
            YEAR, fact.name, of, level, Ruling.CORRECTED, fact.reported, actor,
            value=value, reason="核对",
        )  # fmt: skip
    db.session.commit()
    after = city.score()
    sheet = scored(after.sha256, after.content).sheets[SHEET]
    assert sheet.column is RulingLevel.CITY
    assert str(sheet.card(COUNTY).line("C1").award) == "10.00"
    provinces = freeze_and_score(YEAR, year.assessor)
    facts = scored(provinces.sha256, provinces.content).document["sheets"]["county.recipient"]
    [own] = [
        each["measures"]
        for each in facts["facts"]["province"]["subjects"]
        if each["code"] == COUNTY
    ]
    assert own["exchanges.visits"] == "4"


def test_only_the_city_runs_its_assessment(city: City) -> None:
    _, other = elsewhere()
    city.publish()
    for stranger in (other, city.year.assessor):
        with pytest.raises(ProcedureError, match="由市级考核人员启动"):
            service.open_year(stranger, YEAR, service.usual_days(YEAR), owner=city.owner)
    with pytest.raises(ProcedureError, match="由省级考核人员启动"):
        service.open_year(city.reviewer, YEAR, service.usual_days(YEAR))
    city.open()
    city.open()  # again: the same one, with its days
    assert db.session.scalar(select(func.count()).select_from(Assessment)) == 1
    city.year.open()
    assert db.session.scalar(select(func.count()).select_from(Assessment)) == 2


def test_the_sample_course_brings_a_citys_year_to_its_circular(city: City) -> None:
    found = go_on(YEAR, Stage.NOTICE, owner=city.owner)
    assert found.notice_until is not None
    assert found.notice_until > today()  # it can be objected to
    found = go_on(YEAR, Stage.CIRCULAR, owner=city.owner)
    assert found.stage is Stage.CIRCULAR
    moments = [each.at for each in found.events]
    assert moments == sorted(moments)
    assert go_on(YEAR, Stage.SELF, owner=city.owner).stage is Stage.CIRCULAR
    final = final_snapshot(YEAR, city.owner)
    assert final is not None
    cards = scored(final.sha256, final.content).sheets[SHEET].result.scorecards
    assert all(card.complete for card in cards)
    assert assessment_of(YEAR) is None
    origins = db.session.scalars(select(Determination.origin).distinct()).all()
    assert origins == [Origin.SAMPLE]
