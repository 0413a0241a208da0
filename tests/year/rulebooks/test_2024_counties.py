"""Counties by the rulebooks of 2024, and the whole set, with awards worked out on paper."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.year.rulebooks.sheets import award, line, read_2024
from tests.year.rulebooks.test_2024_facts import (
    INCOME,
    INDUSTRIAL,
    INNOVATION,
    PARK_INDUSTRIAL,
    RECIPIENT,
    card,
    scored,
)
from tracker.engine.scoring import load_set, parse_facts, score_set


def test_a_county_without_an_income_enclave_has_its_points_spread() -> None:
    found = card("recipient-county.toml", enclaves__income="0", score__enclave__income=None)
    assert line(found, "A3.3").spread_away
    points = [x.effective for x in found.lines if x.indicator.kind == "score" and x.code != "A3.3"]
    assert sum(points) == 100
    assert line(found, "A4").effective == Decimal("15.22")  # 14 × 100 ÷ 92 = 15.217…
    assert (found.total, found.complete) == (100, True)


def test_a_county_without_an_industrial_enclave_loses_the_points() -> None:
    found = card("recipient-county.toml", enclaves__industrial="0", score__enclave__industrial=None)
    assert line(found, "A3.1").state == "not_applicable"
    assert (found.total, found.complete) == (92, True)


def test_rates_of_projects_are_scored_apart() -> None:
    found = card("recipient-county.toml", projects__started="9", projects__in_production="20")
    assert award(found, "A2.4") == Decimal("3.06")  # 2 × 45% ÷ 85% + 2
    none = {"counted": "0", "started": "0", "in_production": "0", "large": "0"}
    found = card("recipient-county.toml", **{f"projects__{k}": v for k, v in none.items()})
    assert [award(found, code) for code in ("A2.1", "A2.3", "A2.4")] == [0, 0, 0]
    assert found.complete


def test_a_sampled_list_counts_at_its_pass_rate() -> None:
    assert award(card("recipient-county.toml", sample__pass_rate="0.9"), "A6.3") == Decimal("2.70")
    assert award(card("supporter-county.toml", sample__pass_rate="0.9"), "B5.3") == Decimal("2.70")


def test_a_county_that_left_in_the_year_has_no_rank() -> None:
    left = {**RECIPIENT, "listing.left": "1"}
    first, second = scored("recipient-county.toml", left, RECIPIENT).scorecards
    assert (first.vetoes, first.rank, first.total) == (("年内调出",), None, 100)
    assert second.rank == 1


@pytest.mark.parametrize("file", ["recipient-county.toml", "supporter-county.toml"])
def test_deductions(file: str) -> None:
    assert card(file, findings__false_data="3").total == 85
    assert card(file, findings__false_data="20").total == 45
    found = card(file, findings__case_central="6", findings__accidents="4")
    assert [award(found, code) for code in ("K2", "K3")] == [-9, -4]
    assert (found.deduction, found.total) == (-10, 90)
    unknown = card(file, findings__false_data=None)
    assert (line(unknown, "K1").state, unknown.complete) == ("unscorable", False)


@pytest.mark.parametrize("file", ["recipient-county.toml", "supporter-county.toml"])
def test_bonuses(file: str) -> None:
    nothing = card(file)
    assert (nothing.bonus, nothing.complete) == (0, True)
    found = card(file, practices__national="1", practices__provincial="2")
    assert [award(found, code) for code in ("J3", "J4")] == [2, 4]
    assert found.bonus == 4
    found = card(
        file,
        enclaves__inbound_opened="2",
        parks__hundred_yi_first="1",
        practices__national="3",
        practices__provincial="3",
    )
    assert (found.bonus, found.total) == (10, 110)


def test_a_supporter_that_hosts_no_enclave_has_its_points_spread() -> None:
    found = card(
        "supporter-county.toml",
        support__enclaves="0",
        support__returns_due="0",
        support__space_agreed=None,
        support__tenants=None,
    )
    assert [line.code for line in found.lines if line.spread_away] == ["B4.1", "B4.2", "B4.3"]
    assert (found.total, found.complete) == (100, True)


def test_the_set_carries_enclaves_and_parks_into_the_county() -> None:
    year_set = load_set(read_2024("set.toml"), read_2024)
    county = {name: value for name, value in RECIPIENT.items() if not name.startswith("score.")}
    poor = {**INCOME, "stage.in_use": "0"}  # 93 points
    sheets = {
        "county.recipient": {"C": county},
        "enclave.industrial": {"E1": INDUSTRIAL},
        "enclave.innovation": {"E2": INNOVATION},
        "enclave.income": {"E3": INCOME, "E4": poor},
        "park.industrial": {"P": PARK_INDUSTRIAL},
    }
    facts = {
        subject: parse_facts(
            {
                "year": 2024,
                "subjects": [
                    {"code": code, "name": code, "measures": measures}
                    for code, measures in of_subject.items()
                ],
            }
        )
        for subject, of_subject in sheets.items()
    }
    members = {
        ("county.recipient", "C"): {
            subject: list(of_subject) for subject, of_subject in sheets.items() if subject[0] != "c"
        }
    }
    found = score_set(year_set, facts, members)
    county_card = found.results["county.recipient"].scorecards[0]
    assert award(county_card, "A3.3") == Decimal("7.72")  # (100 + 93) ÷ 2 = 96.5, × 8 %
    assert (county_card.total, county_card.complete) == (Decimal("99.72"), True)
    assert [(won.prize.name, won.scorecard.subject.code) for won in found.prizes] == [
        ("一等奖", "P")
    ]
