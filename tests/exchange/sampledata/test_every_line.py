"""Every line of every sheet, from records: scored, missing, not applicable."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from flask import Flask

from tests import factories as make
from tracker.core.db.records import now
from tracker.engine.scoring import Indicator, Line, Rulebook, load_rulebook, parse_facts, score
from tracker.records.determinations.models import RulingLevel
from tracker.records.enclaves.models import EnclaveKind
from tracker.records.parks.models import ParkKind
from tracker.year.assessments.freeze import freeze
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot, score_document
from tracker.year.rulebooks.shelf import year_set

# What no record can be missing for: it says 0 or 1 where there is nothing.
ALWAYS_KNOWN = frozenset({"sample.pass_rate", "goal.village_income_share"})


def frozen(year: int) -> ScoredSnapshot:
    return score_document("", freeze(year_set(year), now()))


def sheets_of(years: dict[int, ScoredSnapshot]) -> Iterator[tuple[str, ScoredSheet]]:
    for year, points in years.items():
        for code, sheet in points.sheets.items():
            yield f"{year} {code}", sheet


def lines_of(sheet: ScoredSheet, code: str) -> Iterator[Line]:
    for result in sheet.results.values():
        for card in result.scorecards:
            yield card.line(code)


def test_every_line_of_every_sheet_is_scored_for_somebody(years) -> None:
    unscored = [
        f"{where} {indicator.code} {indicator.name}"
        for where, sheet in sheets_of(years)
        for indicator in sheet.rulebook.indicators
        if not any(line.state == "scored" for line in lines_of(sheet, indicator.code))
    ]
    assert unscored == []


def test_every_line_is_missed_where_its_facts_are(years) -> None:
    """Without the facts that a line reads it is not scored, or says that it counts 0 for want of
    them; nothing becomes a silent nought."""
    silent = []
    for where, sheet in sheets_of(years):
        for indicator in sheet.rulebook.indicators:
            line = _without(sheet, indicator)
            if line is not None and line.state == "scored" and not line.zeroed:
                silent.append(f"{where} {indicator.code}")
    assert silent == []


def _without(sheet: ScoredSheet, indicator: Indicator) -> Line | None:
    """The line of the first subject to whom it applies, once all facts that it reads are gone."""
    for card in sheet.result.scorecards:
        if card.line(indicator.code).state == "scored":
            applied = set(indicator.applies.names) if indicator.applies else set()
            kept = {
                name: value
                for name, value in card.subject.measures.items()
                if name not in indicator.reads or name in applied
            }
            return _scored_alone(sheet.rulebook, card.subject, kept).line(indicator.code)
    return None


def test_every_conditional_line_is_left_out_where_it_does_not_apply(years) -> None:
    """Each line with a condition is not applicable to somebody once the condition fails, and its
    points are then spread, given or lost as the rulebook says."""
    seen = 0
    for where, sheet in sheets_of(years):
        for indicator in sheet.rulebook.indicators:
            if indicator.applies is None:
                continue
            subject = sheet.result.scorecards[0].subject
            nothing = {**subject.measures, **dict.fromkeys(indicator.applies.names, Fraction(0))}
            line = _scored_alone(sheet.rulebook, subject, nothing).line(indicator.code)
            assert line.state == "not_applicable", f"{where} {indicator.code}"
            assert line.award == 0 or indicator.absent == "full"
            seen += 1
    assert seen > 15 * len(years)


def _scored_alone(rulebook: Rulebook, subject, measures: dict):
    facts = parse_facts(
        {"year": rulebook.year, "subjects": [{"code": subject.code, "class": subject.class_name}]}
    )
    (bare,) = facts.subjects
    bare.measures.update(measures)
    return score(rulebook, facts).scorecards[0]


def test_a_subject_without_records_is_told_what_is_missing(sqlite_app: Flask) -> None:
    """A county, its enclaves and park with nothing entered: every line says what it lacks."""
    places = make.zhejiang()
    county, strong = places["缙云县"], places["富阳区"]
    make.listing(county)
    make.pairing(strong, county)
    for kind in (EnclaveKind.INDUSTRIAL, EnclaveKind.INNOVATION, EnclaveKind.INCOME):
        make.enclave(county, strong, kind)
    for kind in (ParkKind.INDUSTRIAL, ParkKind.TOURISM):
        make.park(strong, county, kind)
    points = frozen(2024)
    for code, sheet in points.sheets.items():
        for card in sheet.result.scorecards:
            assert not card.complete, code
            for line in card.lines:
                if line.state == "unscorable" and line.why == "missing":
                    for name in line.lacking:
                        said = name.startswith("score.") or sheet.reason(card.subject.code, name)
                        assert said, f"{code} {line.code} {name}"


def test_the_three_columns_differ_only_where_somebody_ruled(years) -> None:
    for where, sheet in sheets_of(years):
        county, city, province = (sheet.results[level] for level in RulingLevel)
        assert [c.subject.code for c in county.scorecards] == [
            c.subject.code for c in province.scorecards
        ], where
        assert len(city.scorecards) == len(province.scorecards)


def test_a_frozen_year_is_scored_the_same_by_anybody(years) -> None:
    """The rulebook's text and the facts file of a column are all that is needed."""
    points = years[max(years)]
    sheet = points.sheets["zj-industrial-enclave"]
    text = points.document["set"]["files"]["industrial-enclave.toml"]
    alone = score(load_rulebook(text), parse_facts(sheet.facts_file()))
    assert [c.total for c in alone.scorecards] == [c.total for c in sheet.result.scorecards]
