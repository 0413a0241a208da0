"""A year goes its course: what each step needs, who takes it, what it freezes and forbids."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests import factories_acts as acts
from tests.papers.issuing.conftest import YEAR
from tests.papers.texts import page_texts
from tests.web.pages import Browser, text_of
from tests.year.procedure.conftest import Year, past_notice, step
from tracker.core.db import db
from tracker.core.quantities.days import last_day
from tracker.papers.catalogue import papers_of
from tracker.papers.issuing import service as issuing
from tracker.papers.issuing.final import paper_reasons
from tracker.papers.scorecard.build import card_of
from tracker.papers.scorecard.pdf import scorecard_pdf
from tracker.papers.scorecard.pdf_text import rank_words
from tracker.records.accounts.models import User
from tracker.records.determinations.models import Ruling, RulingLevel
from tracker.records.determinations.service import RulingError, rule
from tracker.records.places.models import CountyListing, Region
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.priors import final_year
from tracker.year.assessments.scored import scored
from tracker.year.assessments.service import AssessmentError, freeze_and_score
from tracker.year.assessments.stopped import why_not_scored
from tracker.year.procedure import advancing, service, sight, steps
from tracker.year.procedure.models import DATED, STAGES, Act, Stage
from tracker.year.procedure.queries import final_snapshot, stage_of, stage_snapshots
from tracker.year.procedure.sight import SeenCard

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PATH = (
    Act.BEGUN,
    Act.SELF_CLOSED,
    Act.CITY_CLOSED,
    Act.NOTIFIED,
    Act.NOTICE_ENDED,
    Act.FINALISED,
    Act.CIRCULATED,
)


def test_the_whole_course(year: Year) -> None:
    """Each step but the notice's end freezes or begins something; what stands in its way is told
    before, and what it froze is kept with it."""
    assert final_year(YEAR) is None
    year.open()
    assert year.assessment.stage is Stage.PREPARING
    step(year, Act.BEGUN)
    step(year, Act.SELF_CLOSED)
    city = year.rule_all(year.score(), RulingLevel.CITY, year.reviewer)
    assert city > 0
    step(year, Act.CITY_CLOSED)
    snapshot = year.score()
    before = year.errors(Act.NOTIFIED)
    assert {"没有省级核定", "没有复核的评分表"} <= set(before)
    with pytest.raises(service.ProcedureError, match="还不能开始公示"):
        advancing.prepare(YEAR, Act.NOTIFIED)
    # The city decided on the facts of its counties, so that the province need not rule on them.
    ruled = year.rule_all(snapshot, RulingLevel.PROVINCE, year.assessor)
    assert ruled > 0
    snapshot = year.score()
    year.accept_gaps()
    number = year.review_all(snapshot)
    assert number == len(snapshot.cards)
    year.score()
    assert year.errors(Act.NOTIFIED) == {}
    step(year, Act.NOTIFIED)
    assert year.assessment.notice_until is not None
    with pytest.raises(service.ProcedureError, match=r"公示到 .* 为止，期满后才能办理"):
        step(year, Act.NOTICE_ENDED)
    past_notice(year)
    step(year, Act.NOTICE_ENDED)
    step(year, Act.FINALISED)
    final = final_snapshot(YEAR)
    assert final is not None
    with pytest.raises(service.ProcedureError, match="请填写通报的文号"):
        step(year, Act.CIRCULATED)
    step(year, Act.CIRCULATED, document="示例〔2025〕1号")
    assert stage_of(YEAR) is Stage.CIRCULAR
    assert final_snapshot(YEAR) == final
    assert list(stage_snapshots(YEAR)) == [
        Act.SELF_CLOSED,
        Act.CITY_CLOSED,
        Act.NOTIFIED,
        Act.FINALISED,
    ]
    assert [event.act for event in year.assessment.events] == [Act.OPENED, *PATH]


@ONE_DATABASE
def test_every_step_is_taken_from_its_stage_alone_by_the_province_alone(year: Year) -> None:
    year.open()
    for stage in STAGES:
        year.assessment.notice_until = date(2025, 3, 1)
        year.assessment.document = "示例〔2025〕1号"
        year.assessment.stage = stage
        db.session.flush()
        for what, of in steps.STEPS.items():
            said = service.why_not(year.assessor, year.assessment, what)
            assert bool(said) == (stage not in of.of), (stage, what, said)
            assert "由省级考核人员办理" in service.why_not(year.reviewer, year.assessment, what)


@ONE_DATABASE
def test_nothing_is_scored_or_ruled_while_the_points_stand(year: Year) -> None:
    year.open()
    snapshot = year.score()
    region = next(card.region_id for card in snapshot.cards if card.region_id)
    for stage in STAGES:
        year.assessment.notice_until = date(2099, 1, 1)
        year.assessment.document = "示例〔2025〕1号"
        year.assessment.stage = stage
        db.session.flush()
        closed = stage in (Stage.NOTICE, Stage.FINAL, Stage.CIRCULAR)
        city_late = closed or STAGES.index(stage) > STAGES.index(Stage.CITY)
        if closed:
            with pytest.raises(AssessmentError, match=stage.label):
                freeze_and_score(YEAR, year.assessor)
        elif stage is Stage.OBJECTIONS:  # of those that are open, the one after a notice
            assert freeze_and_score(YEAR, year.assessor).id == snapshot.id
        assert bool(why_not_scored(YEAR, None)) == closed
        for level, late in ((RulingLevel.CITY, city_late), (RulingLevel.PROVINCE, closed)):
            try:
                with db.session.begin_nested() as savepoint:
                    rule(
                        YEAR,
                        "projects.counted",
                        {"region_id": region},
                        level,
                        Ruling.REFUSED,
                        None,
                        year.assessor,
                        reason="试",
                    )
                    savepoint.rollback()
                refused = False
            except RulingError:
                refused = True
            assert refused == late, (stage, level)


@ONE_DATABASE
def test_no_paper_is_issued_of_a_year_that_was_not_begun(year: Year) -> None:
    assert issuing.plan_of(year.score()).reasons == [
        f"{YEAR}年度的考核没有启动。请在“考核进程”中办理到定稿，再签发。"
    ]


@pytest.mark.parametrize("later", [Stage.NOTICE], indirect=True)
def test_papers_are_issued_of_the_final_snapshot_alone(later: Year) -> None:
    year = later
    notified = stage_snapshots(YEAR)[Act.NOTIFIED]
    assert issuing.plan_of(notified).reasons == [
        f"{YEAR}年度的考核还在“公示”阶段，定稿以后才能签发。"
    ]
    past_notice(year)
    step(year, Act.NOTICE_ENDED)
    step(year, Act.FINALISED)
    final = final_snapshot(YEAR)
    assert final is not None
    plan = issuing.plan_of(final)
    assert plan.reasons == []
    assert plan.refused == []  # each card is reviewed, each gap accepted
    issue = issuing.start(final, year.assessor)
    assert issue.snapshot_id == final.id


@ONE_DATABASE
def test_rulings_since_the_last_scoring_ask_for_another(year: Year) -> None:
    year.open()
    snapshot = year.score()
    assert "计分以后又有核定" not in year.errors(Act.NOTIFIED)
    place = db.session.scalars(db.select(Region).where(Region.name == "缙云县")).one()
    acts.determination(place, year=YEAR, ruled_at=snapshot.frozen_at + timedelta(seconds=2))
    assert year.errors(Act.NOTIFIED)["计分以后又有核定"] == 1


@ONE_DATABASE
def test_a_class_that_the_rulebook_lacks_is_told_before_the_steps(year: Year) -> None:
    year.open()
    assert "名单的类别" not in year.errors(Act.BEGUN)
    place = db.session.scalars(db.select(Region).where(Region.name == "缙云县")).one()
    listing = db.session.scalars(db.select(CountyListing).filter_by(region_id=place.id)).one()
    listing.county_class = "甲类"
    db.session.commit()
    assert year.errors(Act.BEGUN)["名单的类别"] == 1
    assert year.errors(Act.SELF_CLOSED)["名单的类别"] == 1
    with pytest.raises(AssessmentError, match="类别「甲类」不在细则的类别中"):
        freeze_and_score(YEAR, year.assessor)


@pytest.mark.parametrize("later", [Stage.PROVINCE], indirect=True)
def test_a_review_stands_while_its_facts_do(later: Year) -> None:
    year = later
    year.rule_all(year.score(), RulingLevel.PROVINCE, year.assessor)
    snapshot = year.score()
    year.review_all(snapshot)
    points = scored(year.score().sha256, year.score().content)
    recipient = points.sheets["zj-recipient-county"]
    codes = list(recipient.frozen["subjects"])
    assert all(recipient.review(code) for code in codes)
    # Another value of one county: its review is no more, the other's stands.
    region = next(c for c in snapshot.cards if c.subject_code == codes[0]).region_id
    subject = {"region_id": region}
    rule(
        YEAR,
        "projects.counted",
        subject,
        RulingLevel.PROVINCE,
        Ruling.CORRECTED,
        None,
        year.assessor,
        value=Decimal(7),
        reason="更正",
    )
    db.session.commit()
    later = year.score()
    again = scored(later.sha256, later.content).sheets["zj-recipient-county"]
    reviewed = {code: again.review(code) is not None for code in codes}
    changed = {
        code
        for code in codes
        if again.frozen["facts"]["province"] != recipient.frozen["facts"]["province"]
        and _measures(again, code) != _measures(recipient, code)
    }
    assert changed == {codes[0]}
    assert reviewed == {code: code not in changed for code in codes}
    assert year.errors(Act.NOTIFIED)["没有复核的评分表"] == 1


def _measures(sheet, code: str) -> dict:
    subjects = sheet.frozen["facts"]["province"]["subjects"]
    return next(each["measures"] for each in subjects if each["code"] == code)


def _listed(snapshot: Snapshot, user: User, code: str) -> SeenCard:
    """The row of a county's card in the lists."""
    sheet = "zj-recipient-county"
    rows = sight.cards(snapshot, user)
    return next(row for row in rows if (row.sheet, row.subject_code) == (sheet, code))


@pytest.mark.parametrize("later", [Stage.PROVINCE], indirect=True)
def test_an_accepted_gap_is_printed_and_listed_and_lets_the_card_be_final(later: Year) -> None:
    year = later
    snapshot = year.score()
    points = scored(snapshot.sha256, snapshot.content)
    sheet = points.sheets["zj-recipient-county"]
    code = next(iter(sheet.frozen["subjects"]))
    lines = {line.code for line in sheet.card(code).lines if line.state == "unscorable"}
    assert lines, "no target was set"
    scorable = next(line.code for line in sheet.card(code).lines if line.code not in lines)
    of = (sheet.rulebook.subject, code)
    with pytest.raises(service.ProcedureError, match="只有不可计分的指标"):
        service.set_gap(year.assessor, YEAR, of, scorable, True, "试", lines)
    with pytest.raises(service.ProcedureError, match="请写明理由"):
        service.set_gap(year.assessor, YEAR, of, min(lines), True, " ", lines)
    for line in lines:
        service.set_gap(year.assessor, YEAR, of, line, True, "当年没有这项统计", lines)
    db.session.commit()
    later = year.score()
    points = scored(later.sha256, later.content)
    card = card_of(points, "zj-recipient-county", code)
    gaps = [line for line in card.lines if line.gap]
    assert {line.code for line in gaps} == lines
    assert all("作为缺口认可：当年没有这项统计" in line.explain for line in gaps)
    assert (card.complete, card.lacking) == (False, False)
    assert (card.grade_words, rank_words(card)) == ("不评等次", "不排名")
    first, *_ = page_texts(scorecard_pdf(card))
    assert "有缺口" in first
    assert "待数据齐全" not in first
    row = _listed(later, year.assessor, code)
    assert (row.by_gaps, row.gaps, row.grade_words) == (True, len(lines), "不评等次")
    assert (row.unranked, row.rank_later) == ("不排名", "")
    said = f"{len(lines)} 项不可计分，均已作为缺口认可"
    assert row.lacking == said
    assessor_id = year.assessor.id
    db.session.commit()
    browser = Browser(year.app, assessor_id)
    page = f"/scorecards/?year={YEAR}&sheet=zj-recipient-county"
    for address in (page, f"{page}&tables=csv"):
        with browser.get(address) as answer:
            text = answer.get_data().decode()
        assert said in text
        assert "不评等次" in text
    assert f"其中 {len(lines)} 项已作为缺口认可" in text_of(
        browser.get(f"/assessments/?year={YEAR}")
    )
    ref = next(r for r in papers_of(points) if r.subject_code == code and r.sheet)
    assert not any("不可计分" in said for said in paper_reasons(points, ref))
    service.set_gap(year.assessor, YEAR, of, min(lines), False, "已补报", ())
    db.session.commit()
    last = year.score()
    card = card_of(scored(last.sha256, last.content), "zj-recipient-county", code)
    assert {line.code for line in card.lines if line.gap} == lines - {min(lines)}
    row = _listed(last, year.assessor, code)
    assert (row.by_gaps, row.grade_words) == (False, "暂不评定")
    assert row.lacking == f"{len(lines)} 项不可计分，其中 {len(lines) - 1} 项已作为缺口认可"


@pytest.mark.parametrize("later", [Stage.FINAL], indirect=True)
def test_last_years_values_are_those_that_were_made_final(later: Year) -> None:
    """A county's records of a year may change after it was final; what it had then stands."""
    year = later
    assert final_year(YEAR - 1) is None
    final = final_snapshot(YEAR)
    assert final is not None
    stands = scored(final.sha256, final.content).document["sheets"]["enclave.industrial"]
    then = {each["code"]: each["measures"] for each in stands["facts"]["province"]["subjects"]}
    next_year = freeze_and_score(YEAR + 1, year.assessor)
    document = scored(next_year.sha256, next_year.content).document
    compared = 0
    for each in document["sheets"]["enclave.industrial"]["facts"]["province"]["subjects"]:
        for name, value in each["measures"].items():
            measure = name.removeprefix("prior.")
            if measure != name and measure in then.get(each["code"], {}):
                assert value == then[each["code"]][measure], name
                compared += 1
    assert compared > 0
    assert document["records"][f"snapshots:{final.id}"]["text"].startswith(f"{YEAR}年度定稿")


@pytest.mark.parametrize("later", [Stage.FINAL], indirect=True)
def test_a_final_year_is_handled_again_with_a_reason(later: Year) -> None:
    year = later
    with pytest.raises(service.ProcedureError, match="请写明重新处理的理由"):
        step(year, Act.REOPENED)
    step(year, Act.REOPENED, reason="申诉有误")
    assert year.assessment.stage is Stage.OBJECTIONS
    assert final_snapshot(YEAR) is None
    step(year, Act.FINALISED)
    assert final_snapshot(YEAR) is not None


@ONE_DATABASE
def test_the_days_of_the_stages(year: Year) -> None:
    usual = service.usual_days(YEAR)
    year.open()
    due = {each.stage: each.due_on for each in year.assessment.days}
    assert usual[Stage.SELF] == date(2025, 1, 10)
    assert usual[Stage.PROVINCE] == date(2025, 2, 28)
    assert all(day.weekday() < 5 and day >= usual[stage] for stage, day in due.items())
    for bad, said in (
        ({Stage.SELF: last_day(YEAR)}, "须在 2024 年结束以后"),
        ({Stage.CITY: date(2025, 1, 9)}, "市级初审的截止日不能早于自评的截止日"),
    ):
        with pytest.raises(service.ProcedureError, match=said):
            service.open_year(year.assessor, YEAR, usual | bad)
    with pytest.raises(service.ProcedureError, match="请填写通报的截止日"):
        service.open_year(
            year.assessor, YEAR, {s: usual[s] for s in DATED if s is not Stage.CIRCULAR}
        )
    with pytest.raises(service.ProcedureError, match="由省级考核人员启动"):
        service.open_year(year.reviewer, YEAR, usual)
    later = usual | {Stage.CIRCULAR: usual[Stage.CIRCULAR] + timedelta(days=30)}
    service.open_year(year.assessor, YEAR, later)
    assert len(year.assessment.events) == 1, "opened once"


def test_the_notice_lasts_five_working_days() -> None:
    # A week without days off: Friday to Friday.
    from tracker.records.submissions.workdays import days_on

    assert days_on(date(2025, 3, 7), steps.NOTICE_DAYS, {}) == date(2025, 3, 14)
