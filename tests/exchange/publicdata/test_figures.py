"""Public parks, indicators, totals and goals: in full, as stated, never added to each other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from tracker.core.db import Precision, db
from tracker.exchange.publicdata.figures import LISHUI_PLAN
from tracker.records.indicators.models import CountyIndicator, GoalKind, PlanGoal, PublishedTotal
from tracker.records.pairings.models import Pairing, PairingCitation, PairingRound, Scheme
from tracker.records.parks.models import Park, ParkKind
from tracker.records.places.models import Region
from tracker.records.projects.models import Project


def count(model: type, *conditions) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


def test_parks_are_merged_and_keep_what_each_source_says(loaded) -> None:
    assert count(Park) == 15
    assert count(Park, Park.kind == ParkKind.INDUSTRIAL) == 5
    park = db.session.scalars(select(Park).where(Park.name == "遂昌—诸暨山海协作产业园")).one()
    assert (park.recipient.name, park.supporter.name) == ("遂昌县", "诸暨市")
    assert park.signed_on == date(2012, 1, 1)
    assert {v.text for v in park.sourced_values if v.field == "output_wan"} == {"380400 万元"}
    assert db.session.scalars(select(Project).where(Project.park_id == park.id)).all()


def test_an_indicator_keeps_its_bound(loaded) -> None:
    assert count(CountyIndicator) == 53
    gdp = (
        select(CountyIndicator)
        .join(Region)
        .where(CountyIndicator.indicator == "GDP", CountyIndicator.year == 2024)
    )
    by_place = {found.region.name: found for found in db.session.scalars(gdp)}
    assert by_place["永嘉县"].precision is Precision.AT_LEAST
    assert by_place["江山市"].precision is Precision.EXACT
    assert by_place["江山市"].value == Decimal("430.47")


def test_totals_of_different_meanings_stay_apart(loaded) -> None:
    """协议 2006, 到位 2014, 完成投资 2023 are three measures, not one curve."""
    assert count(PublishedTotal) == 125 + 4  # four of returns.csv are of no single enclave
    statement = select(PublishedTotal).where(PublishedTotal.indicator == "到位资金")
    found = {(t.period, t.text, t.unit) for t in db.session.scalars(statement)}
    assert ("累计至2014-09", "2940", "亿元") in found


def test_returns_of_several_enclaves_are_totals_and_no_entries(loaded) -> None:
    statement = select(PublishedTotal).where(PublishedTotal.scope == "淳安在杭飞地(全部)")
    (total,) = db.session.scalars(statement)
    assert (total.indicator, total.year, total.value, total.unit) == ("税收", 2023, 58_900, "万元")
    village = select(PublishedTotal.text).where(PublishedTotal.scope.like("泰顺县罗阳镇%"))
    assert db.session.scalar(village) == "≥8"


def test_goals_may_be_numbers_bounds_or_words(loaded) -> None:
    lishui = db.session.scalars(select(PlanGoal).where(PlanGoal.plan == LISHUI_PLAN)).all()
    assert len({goal.number for goal in lishui}) == 67
    assert len(lishui) == 69 * 2
    by_name = {(goal.indicator, goal.year): goal for goal in lishui}
    engel = by_name["恩格尔系数", 2025]
    assert (engel.text, engel.value, engel.kind) == ("稳步下降", None, GoalKind.OBSERVED)
    urban = by_name["常住人口城镇化率(%)", 2025]
    assert (urban.operator, urban.value) == (">=", 68)
    assert count(PlanGoal) - len(lishui) == 39


def test_a_pair_of_two_schemes_is_one_pairing_with_both_rounds(loaded) -> None:
    statement = (
        select(PairingCitation).join(PairingRound).where(PairingRound.scheme == Scheme.OLD_BASE)
    )
    (citation,) = db.session.scalars(statement)
    pairing = citation.pairing
    assert (pairing.supporter.name, pairing.recipient.name) == ("奉化区", "缙云县")
    assert pairing.scheme is Scheme.SHANHAI
    assert {c.round.scheme for c in pairing.citations if c.round} == {
        Scheme.SHANHAI,
        Scheme.OLD_BASE,
    }
    assert count(Pairing) == 49


def test_the_published_sums_balance(loaded) -> None:
    """丽水's 30 enclaves of 2024-09 are 9 产业 + 16 消薄 + 5 科创."""
    statement = select(PublishedTotal).where(
        PublishedTotal.scope == "丽水", PublishedTotal.period == "截至2024-09"
    )
    found = {total.indicator: total.value for total in db.session.scalars(statement)}
    kinds = (found[f"{kind}飞地数"] for kind in ("产业", "消薄", "科创"))
    assert found["飞地数"] == sum(kinds) == 30
