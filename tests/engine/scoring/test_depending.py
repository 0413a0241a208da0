"""Which lines depend on a fact: what is predicted from the rulebooks against what moves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.scoring.build import facts, line, text
from tests.engine.scoring.depending import check
from tests.engine.scoring.test_properties import MEASURES, QUICK, figure, rulebooks
from tracker.engine.scoring import (
    RulebookSet,
    Through,
    dependence,
    load_rulebook,
    parse_facts,
    result_json,
    score_set,
)

LOWER, UPPER, TOP = "enclave.income", "county.recipient", "city"
ABOVE = [
    line("U1", 40, method="ratio", value="score.enclave.income", target=100),
    line("U2", 30, method="rank", value="score.enclave.income", table=[[1, 30], [2, 10]]),
    line("U3", 30, method="ratio", value="z", target=10),
]
OVER = [line("T1", 100, method="ratio", value="score.county.recipient", target=100)]


def a_set(lower: str) -> RulebookSet:
    """Enclaves by `lower`, their counties by `ABOVE`, the cities of those by `OVER`."""
    books = (
        load_rulebook(lower.replace('"county.recipient"', f'"{LOWER}"', 1)),
        load_rulebook(text(*ABOVE)),
        load_rulebook(text(*OVER, subject=TOP)),
    )
    return RulebookSet(2024, books, ())


def a_year(rows):
    """The facts of as many enclaves as `rows`, two counties that share them and a city of one."""
    lower = parse_facts(facts(*rows))
    first, second = [{"z": "4"}, {"z": "8"}]
    given = {LOWER: lower, UPPER: parse_facts(facts(first, second)), TOP: parse_facts(facts({}))}
    codes = [each.code for each in lower.subjects]
    members = {
        (UPPER, "S1"): {LOWER: codes[::2]},
        (UPPER, "S2"): {LOWER: codes[1::2]},
        (TOP, "S1"): {UPPER: ["S1"]},
    }
    return given, members


def roster_of(given):
    return {
        kind: {each.code: each.class_name for each in of.subjects} for kind, of in given.items()
    }


def corrected(rows, place, measure, value):
    return [row | {measure: value} if n == place else row for n, row in enumerate(rows)]


def check_one(book_text, rows, place, measure, value):
    books = a_set(book_text)
    given, members = a_year(rows)
    before = score_set(books, given, members)
    after_facts, _ = a_year(corrected(rows, place, measure, value))
    after = score_set(books, after_facts, members, before)
    whole = score_set(books, after_facts, members)
    assert [result_json(each) for each in after.results.values()] == [
        result_json(each) for each in whole.results.values()
    ]
    if given[LOWER].subjects == after_facts[LOWER].subjects:
        return
    fact = (LOWER, f"S{place + 1}", measure)
    check(dependence(books.rulebooks, roster_of(given), members, fact), before, after, fact)


row = st.fixed_dictionaries(
    {**dict.fromkeys(MEASURES, figure), "class": st.sampled_from(["", "", "乙"])}
)
drawn = given(
    rulebooks(),
    st.lists(row, min_size=2, max_size=5),
    st.integers(0, 1),
    st.sampled_from(MEASURES),
    figure,
)


@QUICK
@drawn
def test_what_moves_was_predicted(book_text, rows, place, measure, value):
    check_one(book_text, rows, place, measure, value)


@pytest.mark.soak
@settings(QUICK, max_examples=3000)
@drawn
def test_what_moves_was_predicted_soak(book_text, rows, place, measure, value):
    check_one(book_text, rows, place, measure, value)


def ways(*lines, measure="a", rows=({}, {}, {"class": "乙"}), **head):
    """By sheet and line how it depends on `measure` of the first enclave."""
    books = a_set(text(*lines, **head))
    given, members = a_year(rows)
    found = dependence(books.rulebooks, roster_of(given), members, (LOWER, "S1", measure))
    told: dict[str, set[Through]] = {}
    for each in found.lines:
        told.setdefault(f"{each.subject} {each.code} {each.line}", set()).add(each.way)
    return told, found


def test_a_line_that_reads_a_fact_carries_it_up_to_the_top():
    told, found = ways(line("1", 60, value="a"), line("2", 40, value="b"))
    assert told == {
        "enclave.income S1 1": {Through.READS},
        "county.recipient S1 U1": {Through.READS},
        "county.recipient S1 U2": {Through.READS, Through.POOL},
        "county.recipient S2 U2": {Through.POOL},
        "city S1 T1": {Through.READS},
    }
    assert found.totals == {(LOWER, "S1"), (UPPER, "S1"), (UPPER, "S2"), (TOP, "S1")}
    assert found.classes == {(LOWER, ""), (UPPER, ""), (TOP, "")}


def test_a_fact_that_nothing_reads_moves_nothing():
    told, found = ways(line("1", 100, value="b"))
    assert (told, found.totals, found.classes) == ({}, frozenset(), frozenset())


def test_ranks_and_class_values_reach_the_class_and_no_further():
    rank = {"method": "rank", "value": "a", "table": [[1, 9]]}
    told, _ = ways(line("1", 60, **rank), line("2", 40, value="b", target="mean.a + 1"))
    of_enclaves = {place: how for place, how in told.items() if place.startswith(LOWER)}
    assert of_enclaves == {
        "enclave.income S1 1": {Through.READS, Through.POOL},
        "enclave.income S2 1": {Through.POOL},
        "enclave.income S1 2": {Through.CLASS},
        "enclave.income S2 2": {Through.CLASS},
    }
    # The third is of another class, the second feeds the other county.
    assert told["county.recipient S2 U1"] == {Through.READS}


def test_what_a_condition_reads_moves_the_points_of_all_score_lines():
    told, _ = ways(
        line("1", 60, value="b"),
        line("2", 40, value="b", applies="a > 0", absent="spread"),
        line("B", 5, kind="bonus", method="count", value="b", unit=1),
        bonus_cap=5,
    )
    assert told["enclave.income S1 1"] == {Through.SPREAD}
    assert told["enclave.income S1 2"] == {Through.READS, Through.SPREAD}
    assert "enclave.income S1 B" not in told


@pytest.mark.parametrize(("when", "others"), [("a > 1", False), ("a > mean.a", True)])
def test_a_veto_moves_totals_and_no_line(when, others):
    veto = [{"name": "否决", "when": when, "total_at_most": 50}]
    told, found = ways(line("1", 100, value="b"), veto=veto)
    assert not any(place.startswith(LOWER) for place in told)
    assert (LOWER, "S1") in found.totals
    assert ((LOWER, "S2") in found.totals) is others
    assert "county.recipient S1 U1" in told


def test_what_orders_equal_totals_moves_ranks_alone():
    told, found = ways(line("1", 100, value="b"), tie_break=["a"])
    assert told == {}
    assert (found.totals, found.classes) == (frozenset(), {(LOWER, "")})


def test_only_members_are_carried_up():
    books = a_set(text(line("1", 100, value="a")))
    given, members = a_year([{}, {}])
    alone = {key: of for key, of in members.items() if key[0] == TOP}
    found = dependence(books.rulebooks, roster_of(given), alone, (LOWER, "S1", "a"))
    assert {each.subject for each in found.lines} == {LOWER}
    gone = dependence(books.rulebooks, roster_of(given), members, (LOWER, "S9", "a"))
    assert gone.lines == ()
