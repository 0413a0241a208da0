"""Of each difference between two columns: which fact made it, decided or changed by whom, why; and
nothing that did not make it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask import Flask

from tests import factories as make
from tests import factories_acts as acts
from tests.papers.issuing.conftest import YEAR
from tests.year.procedure.conftest import Year, records
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.accounts.models import User
from tracker.records.determinations.models import Ruling, RulingLevel
from tracker.records.determinations.service import rule
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings.models import Pairing
from tracker.year.assessments.awaited import SubjectToRule, subjects_to_rule
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.scored import scored_of
from tracker.year.procedure.models import Act
from tracker.year.procedure.stages import Cause, Rulings, built_on, differences, stage_columns

SHEET, COUNTY = "zj-recipient-county", "331122"
COUNTY_SUBJECT = "county.recipient"
VISITS, PLAN, FIRST, SECOND = "exchanges.visits", "reports.plan", "reports.q1", "reports.q2"
CITY, PROVINCE = RulingLevel.CITY, RulingLevel.PROVINCE
ACCEPTED, CORRECTED, REFUSED = Ruling.ACCEPTED, Ruling.CORRECTED, Ruling.REFUSED


def of_card(snapshot: Snapshot, sheet: str, code: str) -> SubjectToRule:
    wanted = db.select(ScorecardRow).filter_by(
        snapshot_id=snapshot.id, sheet=sheet, subject_code=code
    )
    [found] = subjects_to_rule(snapshot, [db.session.scalars(wanted).one()])
    return found


def own(snapshot: Snapshot) -> SubjectToRule:
    return of_card(snapshot, SHEET, COUNTY)


def ruled(
    of: SubjectToRule, name: str, level: RulingLevel, ruling: Ruling, actor: User, reason: str = ""
) -> None:
    """What is corrected counts one more than was reported."""
    fact = of.fact(name)
    assert fact is not None
    value = (fact.reported or Decimal(0)) + 1 if ruling is CORRECTED else None
    on = {of.column: of.record_id}
    rule(YEAR, name, on, level, ruling, fact.reported, actor, value=value, reason=reason)
    db.session.commit()


def test_a_difference_names_what_made_it_and_nothing_else(sqlite_app: Flask) -> None:
    year = Year(records())
    city, province = year.reviewer, year.assessor
    pairing = db.session.scalars(db.select(Pairing).order_by(Pairing.id)).first()
    assert pairing is not None
    acts.visit(pairing, date(YEAR, 5, 6))
    frozen = {Act.SELF_CLOSED: year.score()}
    of = own(frozen[Act.SELF_CLOSED])
    ruled(of, PLAN, CITY, CORRECTED, city, "计划按时")
    ruled(of, FIRST, CITY, CORRECTED, city, "已补交")
    frozen[Act.CITY_CLOSED] = year.score()
    ruled(of, VISITS, PROVINCE, ACCEPTED, province)
    ruled(of, PLAN, PROVINCE, REFUSED, province, "计划没有盖章")
    frozen[Act.NOTIFIED] = year.score()
    ruled(of, VISITS, PROVINCE, CORRECTED, province, "支持申诉")
    ruled(of, SECOND, PROVINCE, CORRECTED, province, "支持申诉")
    frozen[Act.FINALISED] = year.score()

    rulings = {
        (COUNTY_SUBJECT, COUNTY): {
            fact.name: fact.rulings for fact in own(frozen[Act.FINALISED]).facts
        }
    }
    found = differences(stage_columns(frozen), SHEET, COUNTY, rulings)
    assert not any(cause.of for each in found for line in each.lines for cause in line.causes)
    causes = [
        {line.line: tuple(cause.words for cause in line.causes) for line in each.lines}
        for each in found
    ]
    of_city, of_province = (f"（{each.display_name}，{today()}）" for each in (city, province))
    visits, plan, first, second = (of.fact(n).label for n in (VISITS, PLAN, FIRST, SECOND))
    assert [(each.before.label, each.after.label) for each in found] == [
        ("自评", "初审"),
        ("初审", "复核"),
        ("复核", "定稿"),
    ]
    [unproven] = causes[0].pop("A1.1")
    assert unproven.startswith(f"{visits}：缺少所要求的佐证材料")
    assert causes == [
        {"A1.2": (f"{plan}：初审更正{of_city}：计划按时", f"{first}：初审更正{of_city}：已补交")},
        {
            "A1.1": (f"{visits}：复核认可上报值{of_province}",),
            "A1.2": (f"{plan}：复核不予认定{of_province}：计划没有盖章",),
        },
        {
            "A1.1": (f"{visits}：复核更正{of_province}：支持申诉",),
            "A1.2": (f"{second}：复核更正{of_province}：支持申诉",),
        },
    ]


def test_a_mean_of_lower_cards_names_the_fact_below_that_moved_it(sqlite_app: Flask) -> None:
    year = Year(records())
    enclave = db.session.scalars(db.select(Enclave)).one()
    for measure in ("villages.listed", "occupancy.rate"):
        make.target(enclave, YEAR, measure, 1)
    first = year.score()
    year.rule_all(first, CITY, year.reviewer)
    snapshot = year.score()
    columns = stage_columns({Act.SELF_CLOSED: first, Act.CITY_CLOSED: snapshot})
    cards = built_on(columns, SHEET, COUNTY)
    county, [lower] = (COUNTY_SUBJECT, COUNTY), [each for each in cards if each[1] != COUNTY]
    assert cards == {county, lower}
    sheet = scored_of(snapshot).sheet_of(lower[0])
    assert sheet is not None
    below = of_card(snapshot, sheet.rulebook.code, lower[1])
    rulings: Rulings = {
        county: {fact.name: fact.rulings for fact in own(snapshot).facts},
        lower: {fact.name: fact.rulings for fact in below.facts},
    }
    mean = "消薄飞地得分均值"
    [seen] = differences(columns, SHEET, COUNTY, rulings)
    [line] = [each for each in seen.lines if mean in each.words]
    [cause] = line.causes
    assert cause.words == below.card.subject_name
    ruled_on = [fact for fact in below.facts if fact.of(CITY) is not None]
    told = [each.words for each in cause.of]
    of_city = f"（{year.reviewer.display_name}，{today()}）"
    assert any(f"{fact.label}：初审更正{of_city}：补报" in told for fact in ruled_on)
    # Whoever does not see that card is told that there is one.
    [unseen] = differences(columns, SHEET, COUNTY, {county: rulings[county]})
    [line] = [each for each in unseen.lines if mean in each.words]
    assert line.causes == (Cause("另有 1 份不在查看范围内的评分表有变"),)
