"""The rulebooks of 2025: the 发展飞地 in the county's sheet, and the two sheets that are new."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.year.rulebooks import sheets
from tests.year.rulebooks.sheets import FILES, award, book, changed, line, reader, scored
from tests.year.rulebooks.test_2024_facts import INCOME, INDUSTRIAL, PARK_INDUSTRIAL, RECIPIENT
from tests.year.rulebooks.test_2024_facts import PERFECT as PERFECT_2024
from tracker.engine.scoring import Scorecard, diff_rulebooks, load_set, parse_facts, score_set

_GONE = {
    f"{kind}.{of}" for kind in ("enclaves", "score.enclave") for of in ("industrial", "innovation")
}
COUNTY = {
    **{name: value for name, value in RECIPIENT.items() if name not in _GONE},
    "enclaves.development_inbound": "1",
    "goal.chain_pairs": "0",
    "chain.projects": "0",
    "chain.large_pairs": "0",
    "enclaves.development_outbound": "1",
    "score.enclave.development.inbound": "100",
    "score.enclave.development.outbound": "100",
}
DEVELOPMENT = {
    **{
        name: INDUSTRIAL[name]
        for name in (
            "investment.completed",
            "target.investment.completed",
            "introduced.projects",
            "target.introduced.projects",
            "introduced.large",
            "shares.due",
            "shares.paid_on_time",
            "tax_per_mu",
            "goal.tax_per_mu",
            "baseline.tax_per_mu",
            "contract.mode",
            "contract.sharing",
            "contract.duties",
            "contract.term",
        )
    },
    "contract.costs": "1",
    "contract.return_clause": "1",
    "contract.year_share": "1",
    "incubated.projects": "3",
    "target.incubated.projects": "3",
    "returned.projects": "1",
    "target.returned.projects": "1",
    "returns.paid": "1000.8",
    "returns.due": "1000.8",
    "villages.listed": "121",
    "goal.per_village": "8",
}
VILLAGE = {
    "demonstration.accepted": "1",
    "demonstration.aid_received": "150",
    "demonstration.aid_used": "150",
    "demonstration.operating_income": "66",
    "prior.demonstration.operating_income": "55",
    "demonstration.low_income_households": "20",
    "demonstration.projects": "1",
    "demonstration.sales": "30",
    "demonstration.fund_ledger": "1",
    "demonstration.disclosure": "1",
}
PERFECT = {
    **PERFECT_2024,
    "supporter-county.toml": {
        **{
            name: value
            for name, value in PERFECT_2024["supporter-county.toml"].items()
            if name != "support.cooperation_parks"
        },
        "support.cooperation_parks_new": "1",
        **dict.fromkeys(
            ("goal.chain_pairs", "chain.projects", "chain.large_pairs", "chain.park_pairs"), "0"
        ),
    },
    "recipient-county.toml": COUNTY,
    "development-enclave.toml": DEVELOPMENT,
    "demonstration-village.toml": VILLAGE,
}


def card(file: str, **changes: str | None) -> Scorecard:
    return scored(2025, file, changed(PERFECT[file], changes)).scorecards[0]


def test_every_file_has_a_perfect_subject() -> None:
    assert sorted(PERFECT) == FILES[2025]


@pytest.mark.parametrize("file", PERFECT)
def test_a_perfect_subject_has_full_marks(file: str) -> None:
    found = card(file)
    assert [line.code for line in found.lines if line.state == "unscorable"] == []
    assert (found.base, found.total, found.grade) == (100, 100, "优秀")
    assert found.complete


@pytest.mark.parametrize("file", ["development-enclave.toml", "demonstration-village.toml"])
def test_every_reported_figure_matters(file: str) -> None:
    assert set(book(2025, file).measures) == set(PERFECT[file])


@pytest.mark.parametrize("file", ["development-enclave.toml", "demonstration-village.toml"])
def test_a_subject_that_reported_nothing_is_incomplete(file: str) -> None:
    found = scored(2025, file, {}).scorecards[0]
    assert (found.total, found.complete, found.vetoes) == (0, False, ())


# 受援县: 22 points become 14 and 8


def test_the_replacement_leaves_all_else_as_it_was() -> None:
    changes = diff_rulebooks(
        book(2024, "recipient-county.toml"), book(2025, "recipient-county.toml")
    )
    lines = {change.partition("「")[0] for change in changes}
    assert lines == {
        "考核年度由",
        *(f"指标 {code}" for code in ("A2.1", "A2.3", "A3.1", "A3.2", "A3.3")),
    }
    points = {line.code: line.points for line in book(2025, "recipient-county.toml").indicators}
    assert [points[code] for code in ("A3.1", "A3.2", "A3.3")] == [7, 7, 8]


CHANGED = {"recipient-county.toml", "supporter-county.toml"}


def test_only_a_new_cooperation_park_is_the_task_of_2025() -> None:
    changes = diff_rulebooks(
        book(2024, "supporter-county.toml"), book(2025, "supporter-county.toml")
    )
    assert {change.partition("「")[0] for change in changes} == {
        "考核年度由",
        *(f"指标 {code}" for code in ("B3.1", "B3.3", "B3.4")),
    }
    name = "support__cooperation_parks_new"
    assert award(card("supporter-county.toml", **{name: "1"}), "B3.4") == 4
    assert award(card("supporter-county.toml", **{name: "0"}), "B3.4") == 0


@pytest.mark.parametrize("file", sorted(PERFECT_2024.keys() - CHANGED))
def test_the_other_sheets_are_those_of_2024(file: str) -> None:
    assert diff_rulebooks(book(2024, file), book(2025, file)) == ["考核年度由「2024」改为「2025」"]


@pytest.mark.parametrize(
    ("file", "codes"),
    [
        ("recipient-county.toml", ("A2.1", "A2.3", None)),
        ("supporter-county.toml", ("B3.1", "B3.3", "B3.4")),
    ],
)
def test_where_strong_counties_are_paired_the_task_counts_pair_by_pair(
    file: str, codes: tuple[str, str, str | None]
) -> None:
    of_pairs = {
        "goal__chain_pairs": "2",
        "chain__projects": "13",
        "chain__large_pairs": "1",
        "chain__park_pairs": "1",
    }
    if file.startswith("recipient"):
        del of_pairs["chain__park_pairs"]
    found = card(file, **of_pairs)
    awards = [award(found, code) for code in codes if code]
    assert awards == [Decimal("5.20"), 2, 2][: len(awards)]
    assert found.complete
    full = card(file, **of_pairs | {"chain__projects": "20", "chain__large_pairs": "2"})
    assert [award(full, code) for code in codes[:2]] == [8, 4]


def test_a_county_without_development_enclaves_scores_nothing_there() -> None:
    none = {"enclaves__development_inbound": "0", "enclaves__development_outbound": "0"}
    means = {
        "score__enclave__development__inbound": None,
        "score__enclave__development__outbound": None,
    }
    found = card("recipient-county.toml", **means, **none)
    assert [line(found, code).state for code in ("A3.1", "A3.2")] == ["not_applicable"] * 2
    inside = 7 * Fraction(100, 93)  # the seven points of the other direction are spread
    assert float(found.total) == pytest.approx(float(100 - inside), abs=0.05)
    assert found.complete


def test_each_direction_reads_its_own_mean() -> None:
    found = card("recipient-county.toml", enclaves__development_inbound="0")
    assert (award(found, "A3.1"), award(found, "A3.2"), found.total) == (0, 7, 93)
    found = card("recipient-county.toml", score__enclave__development__inbound="85.5")
    assert (award(found, "A3.1"), award(found, "A3.2")) == (Decimal("5.99"), 7)  # 5.985


def test_none_outside_is_no_loss_since_no_task_asks_for_it() -> None:
    found = card(
        "recipient-county.toml",
        enclaves__development_outbound="0",
        score__enclave__development__outbound=None,
    )
    assert line(found, "A3.2").state == "not_applicable"
    assert found.total == 100
    words = {i.code: i.words for i in book(2025, "recipient-county.toml").indicators}
    assert "全覆盖" in words["A3.1"]
    assert "全覆盖" not in words["A3.2"]


def test_income_enclaves_count_while_their_contracts_run() -> None:
    found = card("recipient-county.toml", score__enclave__income="75")
    assert award(found, "A3.3") == 6
    found = card("recipient-county.toml", enclaves__income="0", score__enclave__income=None)
    assert line(found, "A3.3").spread_away
    assert (found.total, found.complete) == (100, True)


def test_an_incomplete_development_enclave_leaves_the_county_incomplete() -> None:
    found = card("recipient-county.toml", score__enclave__development__inbound=None)
    assert (found.complete, line(found, "A3.1").state) == (False, "unscorable")


# 发展飞地


def test_projects_and_one_of_a_hundred_million() -> None:
    found = card("development-enclave.toml", introduced__projects="3", introduced__large="0")
    assert award(found, "2") == Decimal("7.50")
    assert award(card("development-enclave.toml", introduced__projects="1"), "2") == Decimal("7.50")


def test_incubated_and_returned_are_one_task() -> None:
    found = card("development-enclave.toml", incubated__projects="0", returned__projects="3")
    assert award(found, "3") == Decimal("7.50")
    no_task = {"target__incubated__projects": "0", "target__returned__projects": "0"}
    assert line(card("development-enclave.toml", **no_task), "3").spread_away
    unknown = card("development-enclave.toml", target__returned__projects=None)
    assert line(unknown, "3").state == "unscorable"


def test_an_enclave_that_promises_villages_nothing_has_the_points_spread() -> None:
    found = card(
        "development-enclave.toml",
        contract__return_clause="0",
        returns__paid=None,
        returns__due=None,
        villages__listed=None,
        shares__due="0",
    )
    assert [line.code for line in found.lines if line.spread_away] == ["4", "5", "6"]
    assert line(found, "1").effective == Decimal("33.33")  # 20 × 100 ÷ 60
    assert (found.total, found.complete) == (100, True)


def test_agreement_with_shared_costs() -> None:
    assert award(card("development-enclave.toml", contract__costs="0"), "8") == 4


def test_returns_and_income_per_village() -> None:
    found = card("development-enclave.toml", returns__paid="331")
    assert award(found, "5") == Decimal("4.96")  # 15 × 331 ÷ 1,000.8
    assert award(found, "6") == Decimal("3.42")  # 10 × (331 ÷ 121) ÷ 8


# 乡村振兴示范点


@pytest.mark.parametrize(("income", "points"), [("55", "16"), ("48.4", "14"), ("60.5", "18")])
def test_growth_of_a_villages_income(income: str, points: str) -> None:
    found = card("demonstration-village.toml", demonstration__operating_income=income)
    assert award(found, "3") == Decimal(points)


def test_a_village_without_income_last_year_is_not_held_to_growth() -> None:
    first = {"prior__demonstration__operating_income": "0", "demonstration__operating_income": "25"}
    found = card("demonstration-village.toml", **first)
    assert line(found, "3").spread_away
    assert award(found, "4") == Decimal("6.25")  # 10 × 100 ÷ 80 × half


def test_a_village_is_accepted_or_not() -> None:
    assert card("demonstration-village.toml", demonstration__accepted="0").total == 80


# worked checks again, and the set as a whole


def test_worked_checks() -> None:
    income = {**INCOME, "returns.paid": "2200", "capital.base": "22800"}
    found = scored(2025, "income-enclave.toml", income).scorecards[0]
    assert award(found, "4") == Decimal("14.47")
    for output, points in (("161000", 20), ("100000", 16), ("88000", 14)):
        facts = {**PARK_INDUSTRIAL, "park.industrial_output": output}
        found = scored(2025, "park-industrial.toml", facts).scorecards[0]
        assert award(found, "3") == points


def test_the_set_carries_enclaves_into_county_city_and_pair() -> None:
    of_sheets = {
        "enclave.development": {
            "IN": DEVELOPMENT,
            "OUT": {**DEVELOPMENT, "contract.costs": "0", "contract.term": "0"},  # 98
        },
        "enclave.income": {"V": INCOME},
        "county.recipient": {"R": COUNTY},
        "county.supporter": {"S": sheets.changed(PERFECT["supporter-county.toml"], {})},
        "city": {"C": PERFECT["city.toml"]},
        "pair": {"S-R": {}},
    }
    facts = {
        subject: parse_facts(
            {
                "year": 2025,
                "subjects": [
                    {"code": code, "name": code, "measures": measures}
                    for code, measures in of_subject.items()
                ],
            }
        )
        for subject, of_subject in of_sheets.items()
    }
    # The park's score is not from a sheet here: without members it is not reported.
    facts["county.recipient"] = parse_facts(
        {
            "year": 2025,
            "subjects": [{"code": "R", "name": "R", "measures": {**COUNTY, "parks.count": "0"}}],
        }
    )
    members = {
        ("county.recipient", "R"): {
            "enclave.development": ["IN", "OUT"],
            "enclave.development.inbound": ["IN"],
            "enclave.development.outbound": ["OUT"],
            "enclave.income": ["V"],
        },
        ("city", "C"): {"county.recipient": ["R"], "county.supporter": ["S"]},
        ("pair", "S-R"): {"county.recipient": ["R"], "county.supporter": ["S"]},
    }
    found = score_set(load_set(reader(2025)("set.toml"), reader(2025)), facts, members).results
    county = found["county.recipient"].scorecards[0]
    # A4's 14 are spread: 7 × 100 ÷ 86 = 8.1395…, of which 100 % inside and 98 % outside.
    assert line(county, "A3.1").effective == Decimal("8.14")
    assert (award(county, "A3.1"), award(county, "A3.2")) == (Decimal("8.14"), Decimal("7.98"))
    assert county.total == Decimal("99.84")
    assert found["city"].scorecards[0].total == Decimal("99.92")
    assert found["pair"].scorecards[0].total == Decimal("99.92")
