"""Enclaves and parks by the rulebooks of 2024, with awards worked out on paper."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.year.rulebooks.sheets import award, line
from tests.year.rulebooks.test_2024_facts import (
    FINDINGS,
    INCOME,
    INDUSTRIAL,
    card,
    scored,
)

# 消薄飞地


def test_longyou_fixed_sum_paid_in_full() -> None:
    found = card("income-enclave.toml")
    assert award(found, "3") == 25
    assert award(found, "4") == 15


def test_qingyuan_forecast_below_the_default_rate() -> None:
    found = card("income-enclave.toml", returns__paid="2200", capital__base="22800")
    assert award(found, "4") == Decimal("14.47")


def test_a_contract_with_its_own_rate_is_held_to_it() -> None:
    found = card("income-enclave.toml", rate__agreed="0.12", returns__paid="900")
    assert award(found, "4") == Decimal("11.25")


def test_income_per_village_against_the_issued_and_the_default_goal() -> None:
    paid = {"returns__paid": "363", "goal__per_village": "8"}
    assert award(card("income-enclave.toml", **paid), "6") == Decimal("3.75")
    paid["goal__per_village"] = "0"
    assert award(card("income-enclave.toml", **paid), "6") == 6


def test_a_rate_without_a_target_is_not_scorable() -> None:
    found = card("income-enclave.toml", target__occupancy__rate=None)
    assert line(found, "8").state == "unscorable"
    assert not found.complete


@pytest.mark.parametrize("clause", ["contract.share_list", "contract.return_clause"])
def test_a_failed_gate_is_a_veto_with_the_lines_still_shown(clause: str) -> None:
    found = scored("income-enclave.toml", {**INCOME, clause: "0"}).scorecards[0]
    assert len(found.vetoes) == 1
    assert (found.total, found.grade) == (100, "不合格")
    undecided = scored("income-enclave.toml", {**INCOME, clause: None}).scorecards[0]
    assert (len(undecided.undecided), undecided.vetoes, undecided.complete) == (1, (), False)


def test_equal_bases_are_parted_by_the_returns_that_arrived() -> None:
    more = {**INCOME, "returns.paid": "1100"}
    assert [c.rank for c in scored("income-enclave.toml", INCOME, more, more).scorecards] == [
        3,
        1,
        1,
    ]


def test_half_of_a_class_at_most_is_excellent() -> None:
    rates = ("0.9", "0.8", "0.7")
    found = scored("income-enclave.toml", *({**INCOME, "occupancy.rate": r} for r in rates))
    assert [c.grade for c in found.scorecards] == ["优秀", "良好", "良好"]
    assert all(c.total >= 90 for c in found.scorecards)


# 产业飞地、科创飞地


@pytest.mark.parametrize(
    ("measure", "value"),
    [("contract.signed", "0"), ("area.planned", "1499"), ("host.on_list", "0")],
)
def test_gates_of_an_industrial_enclave(measure: str, value: str) -> None:
    found = scored("industrial-enclave.toml", {**INDUSTRIAL, measure: value}).scorecards[0]
    assert (len(found.vetoes), found.grade) == (1, "不合格")


def test_a_new_enclave_is_not_held_to_a_year_it_did_not_have() -> None:
    nothing_yet = {
        "output__value": "5000",
        "prior__output__value": "0",
        "prior__tax__origin": "0",
        "shares__due": "0",
    }
    found = card("industrial-enclave.toml", **nothing_yet)
    away = [line.code for line in found.lines if line.spread_away]
    assert away == ["7", "10", "11"]
    assert (found.total, found.complete) == (100, True)
    # 15 × 100 ÷ 76 = 19.7368…: cut, for the six lines of 5 and 10 points have larger remainders.
    assert line(found, "4").effective == Decimal("19.73")


def test_floor_area_is_a_gate_only_where_one_was_issued() -> None:
    assert card("innovation-enclave.toml", floor__usable="900").vetoes == ()
    found = card("innovation-enclave.toml", floor__usable="900", goal__floor_usable="1000")
    assert (found.vetoes, found.grade) == (("可用面积低于规定",), "不合格")


# 产业园


@pytest.mark.parametrize(
    ("output", "points"),
    [("161000", "20"), ("100000", "16"), ("88000", "14"), ("114999", "18"), ("1000", "0")],
)
def test_growth_of_output(output: str, points: str) -> None:
    found = card("park-industrial.toml", park__industrial_output=output)
    assert award(found, "3") == Decimal(points)


def test_tax_per_mu_against_2019_and_against_an_issued_goal() -> None:
    default = card("park-industrial.toml", park__tax_per_mu="29.7")
    assert award(default, "5") == 9
    issued = card("park-industrial.toml", park__tax_per_mu="29.7", goal__park_tax_per_mu="59.4")
    assert award(issued, "5") == 5


def test_safety_and_ecology_are_deducted_down_to_nothing() -> None:
    few = {f"park__{name}": "1" for name in FINDINGS}
    found = card("park-industrial.toml", **few)
    assert (award(found, "8"), found.deduction, found.vetoes) == (Decimal("6.50"), 0, ())
    found = card("park-industrial.toml", park__case_central="7")
    assert award(found, "8") == 0
    assert (found.vetoes, found.grade) == (("环保与安全得分为零",), "不合格")
    assert award(card("park-tourism.toml", park__accidents="3"), "7") == 7


def test_a_park_fails_without_investment() -> None:
    found = card("park-industrial.toml", park__social_investment="42933")
    assert award(found, "1") + award(found, "2") == 15
    assert found.vetoes == ()
    found = card("park-industrial.toml", park__social_investment="42500")
    assert (found.vetoes, found.grade) == (("投资得分不足六成",), "不合格")


def test_a_park_fails_on_two_of_tax_output_and_land() -> None:
    weak = {"park__industrial_output": "70000"}
    assert card("park-industrial.toml", **weak).vetoes == ()
    weak |= {"park__tax": "7000", "park__tax_per_mu": "11"}
    found = card("park-industrial.toml", **weak)
    assert (found.vetoes, found.grade) == (("税收、产出、集约两项不足六成",), "不合格")


def test_a_figure_not_reported_fails_no_park() -> None:
    found = card(
        "park-industrial.toml",
        park__social_investment=None,
        park__accidents=None,
        park__tax=None,
        park__industrial_output=None,
    )
    assert found.vetoes == ()
    assert len(found.undecided) == 3
    assert not found.complete


def test_visitors_or_revenue_whichever_grew_more() -> None:
    found = card("park-tourism.toml", park__visitors="90", park__revenue="10500")
    assert award(found, "5") == 13
    found = card("park-tourism.toml", park__visitors="110", park__revenue="9000")
    assert award(found, "5") == 14
