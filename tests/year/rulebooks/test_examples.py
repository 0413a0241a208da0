"""The examples beside the years' sets: a city's own, an office's from a table, the tutorial's."""

from __future__ import annotations

import json
import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from tests.year.rulebooks.sheets import SHELF, award, line
from tests.year.rulebooks.test_2024_facts import RECIPIENT
from tracker.engine.scoring import Result, check_measures, load_rulebook, parse_facts, score
from tracker.year.measures.names import known_measures
from tracker.year.rulebooks.sheet import read_sheet, write_template
from tracker.year.rulebooks.shelf import years

EXAMPLES = SHELF / "examples"
TUTORIAL = (Path(__file__).parents[3] / "docs" / "rulebook.md").read_text(encoding="utf-8")
CITY = {
    **{name: RECIPIENT[name] for name in ("exchanges.visits", "reports.plan", "aid.received")},
    **{f"reports.q{number}": "1" for number in (1, 2, 3, 4)},
    "exchanges.visits": "4",
    "aid.spent": "1500",
    "projects.counted": "20",
    "projects.started": "20",
    "projects.funds_in_place": "50000",
    "target.projects.funds_in_place": "50000",
    "village_income.met_share": "0.55",
    "goal.village_income_share": "0",
    "consumption.sales": "1200",
    "prior.consumption.sales": "1000",
    "findings.false_data": "0",
    "findings.accidents": "0",
}


def text_of(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


def city(*counties: tuple[str, dict[str, str | None]]) -> Result:
    """Counties given as (class, changes to a perfect county's facts)."""
    rows = [
        {"code": f"C{n}", "name": f"示例县{n}", "class": of, "measures": {**CITY, **changes}}
        for n, (of, changes) in enumerate(counties, 1)
    ]
    book = load_rulebook(text_of("city-assesses-county.toml"))
    return score(book, parse_facts({"year": 2024, "subjects": rows}))


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.name)
def test_every_example_loads_and_says_that_it_is_one(path: Path) -> None:
    found = load_rulebook(path.read_bytes())
    assert "示例" in found.title
    assert (found.status == "official") == (path.name == "official-from-sheet.toml")


@pytest.mark.parametrize("name", ["city-assesses-county.toml", "official-from-sheet.toml"])
def test_the_catalogue_supplies_what_the_examples_read(name: str) -> None:
    assert check_measures(load_rulebook(text_of(name)), known_measures()) == []


def test_examples_are_no_year_of_the_shelf() -> None:
    assert years() == [2025, 2024, 2023]


# 市考县


@pytest.mark.parametrize("county_class", ["跨越发展类", "生态发展类"])
def test_a_perfect_county_has_full_marks_in_either_class(county_class: str) -> None:
    found = city((county_class, {})).scorecards[0]
    assert (found.total, found.grade, found.complete) == (100, "优秀", True)


def test_classes_are_asked_for_different_things() -> None:
    half = {"projects.funds_in_place": "30000"}
    leapfrog, ecological = city(("跨越发展类", half), ("生态发展类", half)).scorecards
    assert (award(leapfrog, "2.1"), award(ecological, "2.1")) == (15, 9)


def test_ranks_and_efficacy_compare_within_the_class() -> None:
    counties = [
        ("跨越发展类", {"projects.funds_in_place": str(funds), "projects.started": str(started)})
        for funds, started in ((60000, 20), (50000, 15), (24000, 10))
    ]
    cards = city(*counties, ("生态发展类", {"projects.funds_in_place": "1"})).scorecards
    assert [award(card, "2.2") for card in cards] == [10, 8, 7, 10]
    assert [award(card, "2.3") for card in cards] == [10, 8, 6, 10]
    assert [award(card, "2.1") for card in cards] == [25, 25, 0, 0]


def test_a_county_without_projects_or_sales_last_year() -> None:
    none = {"projects.counted": "0", "projects.started": "0", "prior.consumption.sales": "0"}
    found = city(("", none)).scorecards[0]
    assert line(found, "2.3").state == "not_applicable"
    assert line(found, "3.2").spread_away
    assert found.total == Decimal("88.89")  # 80 of the 90 points that are left


def test_an_accident_caps_the_grade_and_takes_the_bonus() -> None:
    adopted = {"practices.national": "1", "practices.provincial": "1"}
    assert city(("", adopted)).scorecards[0].total == 103
    found = city(("", {**adopted, "findings.accidents": "1"})).scorecards[0]
    assert (found.total, found.grade, found.vetoes) == (100, "合格", ("较大以上生产安全事故",))


# An office's file from a table


def test_the_official_example_is_plainly_an_example() -> None:
    found = load_rulebook(text_of("official-from-sheet.toml"))
    assert (found.status, found.issuer, found.document) == (
        "official",
        "示例办公室",
        "示例〔2024〕1号",
    )


def test_the_official_example_is_what_its_workbook_says() -> None:
    file = load_rulebook(text_of("official-from-sheet.toml"))
    workbook = (EXAMPLES / "official-from-sheet.xlsx").read_bytes()
    for data in (workbook, write_template()):
        text = read_sheet(data, known_measures())
        assert load_rulebook(text).sha256 == file.sha256
        assert text_of("official-from-sheet.toml").endswith(f"\n\n{text}")


def test_the_official_example_by_hand() -> None:
    measures = {
        "returns.paid": "990",
        "prior.returns.paid": "900",
        "returns.due": "1000",
        "villages.paid": "110",
        "villages.listed": "121",
        "villages.fund_ledger": "1",
        "villages.disclosure": "0",
        "stage.in_use": "1",
        "contract.share_list": "0",
        "contract.return_clause": "1",
    }
    subject = {"code": "S", "name": "示例飞地", "measures": measures}
    book = load_rulebook(text_of("official-from-sheet.toml"))
    found = score(book, parse_facts({"year": 2024, "subjects": [subject]})).scorecards[0]
    awards = [str(line.award) for line in found.lines]
    assert awards == ["39.60", "10.00", "15.00", "5.00", "20.00", "2.00", "-4.00"]
    assert found.total == Decimal("87.60")


# The tutorial


def test_the_tutorial_and_its_files_agree() -> None:
    block = {
        language: re.search(rf"```{language}\n(.*?)```", TUTORIAL, re.DOTALL)[1]
        for language in ("toml", "json")
    }
    assert text_of("tutorial.toml") == block["toml"]
    assert text_of("tutorial-facts.json") == block["json"]


def test_the_tutorials_files_come_to_the_points_that_it_prints() -> None:
    facts = parse_facts(json.loads(text_of("tutorial-facts.json")))
    found = score(load_rulebook(text_of("tutorial.toml")), facts).scorecards
    assert [f"{card.total} {card.grade}" for card in found] == ["91.35 优秀", "55.00 不合格"]
    for card in found:
        assert f"{card.total}，{card.grade}" in TUTORIAL
    assert tomllib.loads(text_of("tutorial.toml"))["status"] == "designed"
