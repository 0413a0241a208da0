"""Over all cards of the sample years: the records that stand behind a fact are as many, or sum to
as much, as it says, and the files behind a card are counted once each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal

from sqlalchemy import select

from tests.exchange.sampledata.test_made import COUNTED_IN, NOT_ONE_EACH
from tracker.core.db import Base, db
from tracker.papers.scorecard.behind import COUNT_LARGE
from tracker.papers.scorecard.card import Card
from tracker.papers.scorecard.pdf_text import fact_words, projects_words
from tracker.year.assessments.proofs import files_of
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.year.assessments.simulation_address import Supposed
from tracker.year.assessments.simulation_page import Told
from tracker.year.assessments.simulation_rights import Shown, Untried
from tracker.year.measures.catalogue import CATALOGUE

MONEY = {"ledger_entries", "consumption_aids"}
REPORTS = {"filings", "regions"}  # what a nought rests on


def _sheets(years: dict[int, ScoredSnapshot]) -> Iterator[ScoredSheet]:
    return (sheet for points in years.values() for sheet in points.sheets.values())


def _facts(sheet: ScoredSheet) -> Iterator[tuple[str, str, Decimal]]:
    """Code, measure and value of what the counties reported."""
    for subject in sheet.frozen["facts"]["county"]["subjects"]:
        for name, value in subject["measures"].items():
            if value is not None:
                yield subject["code"], name, Decimal(value)


def _measure(name: str):
    prefix, _, rest = name.partition(".")
    return CATALOGUE.measures.get(rest if prefix in ("prior", "baseline") else name)


def test_as_many_records_as_a_count_says(years) -> None:
    compared = 0
    for sheet in _sheets(years):
        for code, name, value in _facts(sheet):
            measure = _measure(name)
            if measure is None or measure.unit not in COUNTED_IN or measure.name in NOT_ONE_EACH:
                continue
            records = [r for r in sheet.records(code, name) if r.partition(":")[0] not in REPORTS]
            assert len(records) == value, (code, name)
            compared += bool(value)
    assert compared > 500 * len(years)


def test_the_records_of_a_sum_have_it(years, here) -> None:
    amounts = {}
    for name in MONEY:
        table = Base.metadata.tables[name]
        for number, amount in db.session.execute(select(table.c.id, table.c.amount)):
            amounts[f"{name}:{number}"] = amount
    compared = 0
    for sheet in _sheets(years):
        for code, name, value in _facts(sheet):
            measure = _measure(name)
            records = sheet.records(code, name)
            tables = {reference.partition(":")[0] for reference in records} - REPORTS
            if measure is None or measure.unit != "万元" or not tables or not tables <= MONEY:
                continue
            if measure.name in ("returns.due", "shares.due", "support.returns_due"):
                continue  # a share of what the records say
            money = [amounts[reference] for reference in records if reference in amounts]
            assert sum(money) / 10_000 == value, (code, name)
            assert money == sorted(money, reverse=True), "the weightiest first"
            compared += 1
    assert compared > 200 * len(years)


def test_large_projects_are_the_large_ones(years, here) -> None:
    """What the issue counted: every record of 亿元以上项目 is one of 1 亿元 or more."""
    table = Base.metadata.tables["projects"]
    totals = dict(db.session.execute(select(table.c.id, table.c.total_investment)).all())
    for points in years.values():
        for sheet in points.sheets.values():
            for code, name, value in _facts(sheet):
                if name in ("projects.large", "support.projects_large", "introduced.large"):
                    records = [r for r in sheet.records(code, name) if r.startswith("projects:")]
                    assert len(records) == value
                    assert all(totals[int(r.partition(":")[2])] >= 100_000_000 for r in records)


def test_a_cards_files_are_counted_once(years, cards) -> None:
    year = max(years)
    points: ScoredSnapshot = years[year]
    proofs = points.document["annex"]["proofs"]
    files = links = 0
    for sheet in points.sheets.values():
        for scored in sheet.result.scorecards:
            code = scored.subject.code
            card = cards(year, sheet.rulebook.code, code)
            rulings = points.document["annex"]["rulings"].get(sheet.rulebook.subject, {})
            proven = {
                reference
                for name in sheet.frozen["records"].get(code, {})
                for reference in sheet.provable(code, name)
            } | {ruling["reference"] for ruling in rulings.get(code, ())}
            assert len(card.evidence) == len(files_of(proofs, proven))
            files += len(card.evidence)
            links += sum(len(proofs.get(reference, ())) for reference in proven)
    assert 0 < files < links, "some are handed in for several records"


def test_each_uncounted_record_says_the_one_reason_that_holds(years) -> None:
    said = 0
    for points in years.values():
        for sheet in points.sheets.values():
            for of_subject in sheet.frozen["uncounted"].values():
                for name, reasons in of_subject.items():
                    for why in reasons.values():
                        assert not re.search("或|、|不符合", why), (name, why)
                        said += 1
    assert said > 330 * len(years)


def test_every_listed_large_project_is_counted_or_says_why_not(years, cards) -> None:
    """Card by card: as many unmarked as the fact says, the others under their mark; what the card
    says is what the document holds."""
    for points in years.values():
        counted_or_says_why_not(points, cards)


def counted_or_says_why_not(points: ScoredSnapshot, cards: Callable[[int, str, str], Card]) -> None:
    marked, compared = 0, 0
    holdings = points.document["annex"]["holdings"]
    for sheet in points.sheets.values():
        reported = {(code, name): value for code, name, value in _facts(sheet)}
        for scored in sheet.result.scorecards:
            code = scored.subject.code
            card = cards(sheet.rulebook.year, sheet.rulebook.code, code)
            name = next((n for n in COUNT_LARGE if n in sheet.rulebook.measures), None)
            listed = holdings["of"].get(sheet.rulebook.subject, {}).get(code, {})
            assert len(card.projects) == len(listed.get("projects", ()))
            if name is None:
                assert not card.projects_measure
                assert not any(row.uncounted for row in card.projects)
                continue
            counted = [row for row in card.projects if not row.uncounted]
            assert len(counted) == reported.get((code, name), 0), (code, name)
            assert list(card.projects[: len(counted)]) == counted, "those counted stand first"
            reasons = Counter(
                (holdings["projects"][reference]["name"], why)
                for reference, why in sheet.uncounted(code, name).items()
                if reference in listed.get("projects", ())
            )
            assert reasons == Counter((r.name, r.uncounted) for r in card.projects if r.uncounted)
            assert f"”的 {len(counted)} 个" in projects_words(card)
            marked, compared = marked + reasons.total(), compared + 1
    assert min(marked, compared) > 50


def test_a_rate_that_nobody_sampled_says_so(years, cards) -> None:
    """The points rest on 100 %, and card, page and paper read what they are given: 未抽查; a
    simulation, whose field asks for a figure, has both."""
    name, seen = "sample.pass_rate", Counter()
    for points in years.values():
        for sheet in points.sheets.values():
            for scored in sheet.result.scorecards if name in sheet.rulebook.measures else ():
                book = sheet.rulebook.code
                card = cards(sheet.rulebook.year, book, scored.subject.code)
                row = next(fact for fact in card.facts if fact.label == "抽查合格率")
                sampled = bool(sheet.records(scored.subject.code, name))
                said = fact_words(row)
                assert ("未抽查" in said) != sampled, (card.subject_name, said)
                assert ("100%" in said) <= sampled, "100 % only where it was found"
                at = next(at for at, line in enumerate(scored.lines) if name in line.inputs)
                told = "「抽查合格率」未抽查，按 100% 计" in card.lines[at].explain
                assert told != sampled
                if not seen[sampled]:
                    card_at, free = (book, scored.subject.code), Untried(points, (), Shown())
                    lines = Told(points).fact_fields(card_at, Supposed(), free)
                    now = next(f.now for of in lines for f in of.fields if f.name == f"v.{name}")
                    assert now.endswith("100%（未抽查，按办法计）") != sampled, now
                seen[sampled] += 1
    assert min(seen[True], seen[False]) > 0
