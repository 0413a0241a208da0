"""Suppositions over the sample years: what a correction moves is what was predicted, and what is
promised is what the simulation gives."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.engine.scoring.depending import check
from tracker.engine.scoring import Number, SetResult, result_json, score_set
from tracker.records.determinations.values import TYPES, YES_OR_NO
from tracker.year.assessments.offers import feeding, offers
from tracker.year.assessments.scored import ScoredSnapshot
from tracker.year.assessments.simulating import (
    OtherFact,
    Simulated,
    depends_on,
    facts_read,
    simulate,
)
from tracker.year.assessments.simulation_address import Reader, fact_parameter

SEED = 15
COUNTIES = ("county.recipient", "county.supporter")


def by_kind(simulated: Simulated) -> SetResult:
    return SetResult({result.rulebook.subject: result for result in simulated.results.values()}, ())


def corrections(points: ScoredSnapshot, count: int) -> Iterator[OtherFact]:
    """Facts of the year, each with another value: none, nought, a little or a lot more."""
    drawn = random.Random(SEED)
    every = [
        (code, card, name)
        for code, sheet in points.sheets.items()
        for card in sheet.result.scorecards
        for names in facts_read(card).values()
        for name in names
    ]
    for code, card, name in drawn.sample(every, count):
        now = card.subject.measures.get(name)
        others: list[Number | None] = [None, 0, 1, (now or 0) + 1, (now or 1) * 2]
        value = drawn.choice([each for each in others if each != now])
        yield OtherFact(code, card.subject.code, name, value)


@pytest.mark.parametrize(
    "count",
    [pytest.param(60, id="some"), pytest.param(600, id="many", marks=pytest.mark.soak)],
)
def test_a_correction_moves_exactly_the_lines_that_depend_on_it(
    years: dict[int, ScoredSnapshot], count: int
) -> None:
    moved = 0
    for points in years.values():
        for fact in corrections(points, count):
            after = by_kind(simulate(points, [fact]))
            subject = points.sheets[fact.sheet].rulebook.subject
            found = depends_on(points, fact.sheet, fact.code, fact.measure)
            place = (subject, fact.code, fact.measure)
            moved += check(found, points.basis.result, after, place)
    assert moved > count


def test_a_simulation_is_what_scoring_everything_again_gives(
    years: dict[int, ScoredSnapshot],
) -> None:
    for points in years.values():
        facts = list(corrections(points, 12))
        found = simulate(points, facts)
        given = {
            kind: _replaced(points, kind, of, facts) for kind, of in points.basis.facts.items()
        }
        whole = score_set(points.basis.rulebooks, given, points.basis.members)
        for result in found.results.values():
            again = whole.results[result.rulebook.subject]
            assert [result_json(result)["subjects"]] == [result_json(again)["subjects"]]
        assert simulate(points).results == {
            code: sheet.result for code, sheet in points.sheets.items()
        }
        assert list(simulate(points).moved()) == []


def _replaced(points, kind, of, facts):
    subjects = []
    for subject in of.subjects:
        values = dict(subject.measures)
        for fact in facts:
            if (points.sheets[fact.sheet].rulebook.subject, fact.code) == (kind, subject.code):
                values.pop(fact.measure, None)
                if fact.value is not None:
                    values[fact.measure] = fact.value
        subjects.append(replace(subject, measures=values))
    return replace(of, subjects=tuple(subjects))


def while_it_ran(points: ScoredSnapshot) -> ScoredSnapshot:
    """The same facts, frozen in the autumn of their year."""
    frozen_at = f"{points.document['year']}-10-08T01:30:00+00:00"
    return replace(points, document={**points.document, "frozen_at": frozen_at})


def asked(points: ScoredSnapshot, every: bool) -> list[tuple[str, str]]:
    """All cards, or one of each kind: that which the fewest sheets feed, if any do."""

    def work(card: tuple[str, str]) -> tuple[bool, int]:
        many = len(feeding(points, *card))
        return many == 1, many

    found = []
    for code, sheet in points.sheets.items():
        cards = [(code, card.subject.code) for card in sheet.result.scorecards]
        found += cards if every else sorted(cards, key=work)[:1]
    return found


@pytest.mark.parametrize(
    "every", [pytest.param(False, id="some"), pytest.param(True, id="all", marks=pytest.mark.soak)]
)
@pytest.mark.parametrize("running", [True, False], ids=["running", "over"])
def test_every_promise_holds(years: dict[int, ScoredSnapshot], every: bool, running: bool) -> None:
    made, below = 0, 0
    of_years = list(years.values())
    for frozen in of_years if every else of_years[-1:]:
        points = while_it_ran(frozen) if running else frozen
        for sheet, code in asked(points, every):
            total = points.sheets[sheet].card(code).total
            found = offers(points, sheet, code)
            reader = Reader(points, sheet, code)
            for offer in found.possible:
                for promise in offer.promises:
                    text = fact_parameter(promise.fact, sheet, code)
                    supposed = reader.read([text], [])
                    assert supposed.sound, (text, supposed)
                    assert supposed.other_facts() == [promise.fact]
                    after = simulate(points, supposed.other_facts())
                    assert after.card(sheet, code).total - total == promise.gain > 0
                    made += 1
                    below += promise.below is not None
            prices = [offer.price for offer in found.possible if offer.price is not None]
            assert prices == sorted(prices)
    assert made or not running
    assert below or not running


def test_several_at_once_are_what_the_simulation_gives(years: dict[int, ScoredSnapshot]) -> None:
    """And not the sum of what each brings: caps and full marks take from it."""
    points = while_it_ran(next(iter(years.values())))
    (sheet,) = (
        code for code, of in points.sheets.items() if of.rulebook.subject == "county.recipient"
    )
    differing = 0
    for card in points.sheets[sheet].result.scorecards[:3]:
        code = card.subject.code
        promises = [offer.promises[-1] for offer in offers(points, sheet, code).possible]
        after = simulate(points, [promise.fact for promise in promises])
        together = after.card(sheet, code).total - card.total
        added = sum((promise.gain for promise in promises), Decimal(0))
        assert together > 0
        differing += together != added
    assert differing


def test_every_unit_of_a_fact_can_be_typed(years: dict[int, ScoredSnapshot]) -> None:
    for points in years.values():
        units = {about["unit"] for about in points.document["measures"].values()}
        assert units <= {*TYPES, YES_OR_NO}


def test_what_feeds_a_county(years: dict[int, ScoredSnapshot]) -> None:
    kinds = set()
    for points in years.values():
        for code, sheet in points.sheets.items():
            for card in sheet.result.scorecards:
                found = feeding(points, code, card.subject.code)
                assert found[0] == (code, card.subject.code)
                if sheet.rulebook.subject in COUNTIES:
                    kinds |= {points.sheets[name].rulebook.subject for name, _ in found[1:]}
                else:
                    assert len(found) == 1
    assert {"enclave.income", "park.industrial"} <= kinds
