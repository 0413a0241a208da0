"""Over a whole year: a fact that stands on several papers is the same on all of them, or the paper
that shows what was reported names both values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from tracker.core.db import db
from tracker.core.quantities.days import first_day, last_day
from tracker.exchange.sampledata.scene import YEARS
from tracker.papers.city.build import cities_of, city_report
from tracker.papers.enclave.build import enclave_report, enclaves_of, sheet_of
from tracker.papers.pair.build import pair_report, pairs_of
from tracker.papers.province.build import province_report
from tracker.papers.reports.determined import (
    ENCLAVE_FACTS,
    FIGURE_FACTS,
    RECIPIENT_FACTS,
    SUPPORTER_FACTS,
)
from tracker.papers.reports.model import EnclaveReport, PairReport, Standing, project_sum
from tracker.records.determinations.models import RulingLevel
from tracker.records.ledger.models import EntryKind
from tracker.records.operations.items import Item
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot

YEAR = YEARS[-1]
YES_NO = {None: "未填报", "1": "是", "0": "否"}
# What the ledger of an enclave's sheet adds up, and the measure of the same sum.
LEDGER = {
    EntryKind.REBATE: "returns.paid",
    EntryKind.TAX_SHARE: "tax.origin",
    EntryKind.COMPLETED_INVESTMENT: "investment.completed",
    EntryKind.INFRASTRUCTURE_INVESTMENT: "infrastructure.completed",
}


@pytest.fixture(scope="module")
def points(years) -> ScoredSnapshot:
    return years[YEAR]


def facts(sheet: ScoredSheet, column: RulingLevel, code: str) -> dict[str, str]:
    subjects = sheet.frozen["facts"][column.value]["subjects"]
    return next(of["measures"] for of in subjects if of["code"] == code)


def same(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    return Decimal(one) == Decimal(other)


def enclaves(points: ScoredSnapshot) -> Iterator[tuple[ScoredSheet, str, EnclaveReport]]:
    for code in enclaves_of(points):
        sheet = sheet_of(points, code)
        if sheet is not None:
            yield sheet, code, enclave_report(points, code)


def test_the_yearly_sheet_of_an_enclave_says_what_its_card_counts(points) -> None:
    labels = {name: about["label"] for name, about in points.document["measures"].items()}
    seen: Counter[str] = Counter()
    for sheet, code, report in enclaves(points):
        counted, read = facts(sheet, sheet.column, code), sheet.rulebook.measures
        figures = {of.label: of.value for of in report.figures}
        year = next((row for row in report.returns if row.year == YEAR), None)
        basics = dict(report.basics)
        printed: dict[str, str | None] = {}
        for item, (name, factor) in FIGURE_FACTS.items():
            if name in read and item.value in enclaves_of(points)[code]["figures"]:
                value = figures[labels[name]]
                printed[name] = None if value is None else str(value.value * factor)
        if year:
            sums = {"returns.due": year.due, "returns.paid": year.paid}
            printed |= {k: None if of is None else str(of.value) for k, of in sums.items()}
        if report.listed is not None:
            printed["villages.listed"] = str(report.listed)
        for name in read & printed.keys():
            assert same(printed[name], counted.get(name)), (code, name)
            seen[name] += 1
        for words, name in (
            ("村参股名单", "contract.share_list"),
            ("书面返利条款", "contract.return_clause"),
            ("资金台账", "villages.fund_ledger"),
            ("村务公开", "villages.disclosure"),
        ):
            if name in read:
                assert f"{words} {YES_NO[counted.get(name)]}" in basics["资料"], (code, name)
                seen[name] += 1
    ways = {*ENCLAVE_FACTS.values(), *(name for name, _ in FIGURE_FACTS.values())}
    assert ways - seen.keys() <= {
        "capital.agreed"
    }  # in words: tests/papers/reports/test_agreement.py


def test_whatever_an_enclaves_card_counts_otherwise_stands_on_its_yearly_sheet(points) -> None:
    labels = {name: about["label"] for name, about in points.document["measures"].items()}
    told = 0
    for sheet, code, report in enclaves(points):
        reported = facts(sheet, RulingLevel.COUNTY, code)
        counted = facts(sheet, sheet.column, code)
        other = {
            labels[name]
            for name in sheet.rulebook.measures
            if not same(reported.get(name), counted.get(name))
        }
        assert {row[0] for row in report.differing} == other, code
        told += len(other)
        # A sum of the ledger is the card's, or the card's is named beside it.
        frozen = enclaves_of(points)[code]["money"]
        for kind, name in LEDGER.items():
            if name in sheet.rulebook.measures and kind.value in frozen:
                amount = frozen[kind.value]["amount"]
                assert same(amount, counted.get(name)) or labels[name] in other, (code, name)
    assert told > 10


def numbers(frozen: dict[str, Any]) -> dict[str, Callable[[PairReport], Decimal]]:
    """What the sheet of a pair says of a fact of one of its sides."""

    def money(kind: str) -> Decimal:
        return Decimal(frozen["money"].get(kind, {}).get("amount", 0))

    def whole(report: PairReport) -> Decimal:
        sums = [project_sum(report.projects, "funds", counted=of) for of in (True, False)]
        return sum((of.value for of in sums if of is not None), Decimal(0))

    institutions = sum(Decimal(of) for of in frozen["institutions"].values())
    sales = Decimal(frozen["sales"]["amount"]) if frozen["sales"] else Decimal(0)
    return {
        "support.aid_paid": lambda _: money("aid_sent"),
        "support.social_aid": lambda _: money("social_aid"),
        "support.specialists": lambda _: Decimal(sum(map(int, frozen["specialists"].values()))),
        "support.partners": lambda _: institutions,
        "support.consumption": lambda _: sales,
        "support.cadres": lambda _: Decimal(frozen["cadres"]["supporter"]),
        "support.projects": lambda r: Decimal(sum(row.counted for row in r.projects)),
        "support.funds_in_place": whole,
    }


def test_the_sheet_of_a_pair_agrees_with_its_supporters_card(points, here) -> None:
    """A card's fact is of all pairs of a place, also of those that ended within the year: where
    there is one pair, the two are the same."""
    sheet = next(s for s in points.sheets.values() if s.rulebook.subject == "county.supporter")
    supporters = select(Region.code).join(Pairing, Pairing.supporter_id == Region.id)
    until = func.coalesce(Pairing.until, last_day(YEAR))
    of_supporter = Counter(db.session.scalars(supporters.where(until >= first_day(YEAR))))
    walked: Counter[str] = Counter()
    for code, frozen in pairs_of(points).items():
        own = frozen["supporter"]["code"]
        if own not in sheet.frozen["subjects"] or of_supporter[own] > 1:
            continue
        report = pair_report(points, code)
        reported = facts(sheet, RulingLevel.COUNTY, own)
        for name, number in numbers(frozen).items():
            if name in reported:
                assert number(report) == Decimal(reported[name]), (code, name)
                walked[name] += 1
    assert set(walked) == set(numbers(next(iter(pairs_of(points).values()))))


def test_what_the_cards_of_both_sides_count_otherwise_stands_on_the_pairs_sheet(points) -> None:
    labels = {name: about["label"] for name, about in points.document["measures"].items()}
    told = 0
    for code, frozen in pairs_of(points).items():
        other = set()
        for side, names in (("supporter", SUPPORTER_FACTS), ("recipient", RECIPIENT_FACTS)):
            subject = f"county.{side}"
            sheet = next(s for s in points.sheets.values() if s.rulebook.subject == subject)
            if frozen[side]["code"] not in sheet.frozen["subjects"]:
                continue
            columns = (RulingLevel.COUNTY, sheet.column)
            reported, counted = (facts(sheet, of, frozen[side]["code"]) for of in columns)
            other |= {
                f"{frozen[side]['name']}：{labels[name]}"
                for name in set(names) & sheet.rulebook.measures
                if not same(reported.get(name), counted.get(name))
            }
        assert {row[0] for row in pair_report(points, code).differing} == other, code
        told += len(other)
    assert told > 10


def test_the_numbers_in_a_pairs_sentence_are_those_of_its_rows(points) -> None:
    for code, frozen in pairs_of(points).items():
        counted = [row for row in frozen["projects"] if row["counted"]]
        sums = frozen["project_sums"]
        large = [row for row in counted if row["total"] and Decimal(row["total"]) >= 10_000]
        running = [row for row in counted if row["started_on"] or row["in_production_on"]]
        assert (int(sums["counted"]), int(sums["large"])) == (len(counted), len(large)), code
        assert int(sums["started"]) >= len(running)
        assert int(sums["in_production"]) == sum(bool(row["in_production_on"]) for row in counted)


def test_a_total_a_grade_and_a_rank_are_the_same_on_every_paper(points, cards) -> None:
    found: dict[tuple[str, str], set[tuple]] = {}

    def note(label: str, of: Standing) -> None:
        found.setdefault((label, of.code), set()).add((of.total, of.grade, of.rank, of.prize))

    for ranked in province_report(points, None).sheets:
        for standing in ranked.standings:
            note(ranked.label, standing)
    for code in cities_of(points):
        city = city_report(points, None, code)
        for member in (city.city, *city.counties, *city.sites, *city.pairs):
            note(member.sheet, member.standing)
    for code in pairs_of(points):
        pair = pair_report(points, code)
        sites = (site.score for site in pair.sites)
        for member in (pair.supporter_score, pair.recipient_score, pair.pair_score, *sites):
            if member:
                note(member.sheet, member.standing)
    for _, _, report in enclaves(points):
        note(report.score.sheet, report.score.standing)
    assert {len(values) for values in found.values()} == {1}
    for sheet in points.sheets.values():
        for card in sheet.result.scorecards[:3]:
            printed = cards(YEAR, sheet.rulebook.code, card.subject.code)
            ((total, grade, rank, _),) = (
                values
                for (_, code), of in found.items()
                if code == card.subject.code
                for values in of
                if values[0] == str(card.total)
            )
            assert (Decimal(printed.total), printed.grade, printed.rank) == (
                Decimal(total),
                grade,
                rank,
            )


def test_every_figure_of_the_quarters_has_a_way_or_is_no_measure_as_it_stands() -> None:
    # Built of two figures, of another kind of site, or of a mark of the firms themselves.
    built = {"value_added", "land_supplied", "land_developed", "floor_occupied", "revenue"}
    parks = {"visitors", "farmers_income", "trade", "above_scale_firms"}
    assert {item.value for item in Item} - {item.value for item in FIGURE_FACTS} == built | parks
