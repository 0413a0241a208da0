"""What cards of whole sample years claim, card by card: sentences, losses, grades, next points."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from tests.engine.scoring.test_arithmetic import check
from tests.exchange.sampledata.conftest import OF_ALL_YEARS
from tracker.engine.scoring import (
    Facts,
    above,
    counts_zero,
    explain,
    explain_grade,
    lost,
    next_totals,
    plain,
    result_json,
    sheet_after,
    way,
)
from tracker.papers.reports.ranking import standing
from tracker.papers.scorecard.build import card_of
from tracker.papers.scorecard.page import page_of_card
from tracker.year.assessments.comparing import Between
from tracker.year.assessments.next_steps import SHARES, WHOLE_UNITS
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot

ONE, SHOWN = Decimal(1), 3  # SHOWN: cards a sheet of which the page's and the paper's card is made
TRIED = 16  # every so many promises are scored again; the soak scores all


def words(points: ScoredSnapshot) -> tuple[dict[str, str], dict[str, str]]:
    measures = points.document["measures"].items()
    return (
        {name: about["label"] for name, about in measures},
        {name: about["unit"] for name, about in measures},
    )


def sheets(years) -> list[tuple[ScoredSnapshot, ScoredSheet]]:
    return [(points, sheet) for points in years.values() for sheet in points.sheets.values()]


def test_every_sentence_comes_to_what_it_says(years) -> None:
    seen: Counter = Counter()
    for points, sheet in sheets(years):
        labels, units = words(points)
        for card in sheet.result.scorecards:
            for line in card.lines:
                seen += check(explain(line, labels, units))
    assert min(seen["="], seen["≈"]) > 1300 * len(years)


def test_losses_lead_from_full_marks_to_every_base_and_total(years, cards) -> None:
    by_rule = 0
    for _, sheet in sheets(years):
        book, full = sheet.rulebook, Decimal(plain(sheet.rulebook.full_marks))
        told = {each["code"]: each for each in result_json(sheet.result)["subjects"]}
        shown = 0
        for card in sheet.result.scorecards:
            where = f"{book.year} {card.subject.name}"
            own, found = told[card.subject.code], way(card, book)
            assert full + sum(step for _, step in found.to_base) == card.base, where
            assert card.base + sum(step for _, step in found.to_total) == card.total, where
            losses = sum(map(lost, card.lines))
            assert losses == sum(Decimal(line["lost"]) for line in own["lines"]), where
            if card.complete and card.spread is None:
                assert full - losses + sum(map(above, card.lines)) == card.base, where
            zeroed = [line for line in card.lines if counts_zero(line)]
            if not zeroed and shown >= SHOWN:
                continue
            shown += not zeroed
            by_rule += bool(zeroed)
            lines = cards(book.year, book.code, card.subject.code).lines
            assert sum(Decimal(line.lost or 0) for line in lines) == losses, where
            by_code = {line.code: line for line in lines}
            for line in zeroed:
                assert own["lines"][card.lines.index(line)]["state"] == "not_applicable"
                printed = by_code[line.code]
                assert printed.zero_by_rule, where
                assert Decimal(printed.lost) == Decimal(plain(line.effective)), where
                assert "按细则得 0 分" in printed.explain, where
    assert by_rule > 3 * len(years)


def test_every_grade_below_its_points_says_why(years, cards) -> None:
    top = 0
    for _, sheet in sheets(years):
        best = sheet.rulebook.grades[0]
        for card in sheet.result.scorecards:
            if not card.assessed:
                continue
            by_points = next(
                g.name for g in sheet.rulebook.grades if card.total_before >= g.at_least
            )
            found = explain_grade(card)
            assert bool(found) == (card.grade != by_points), card.subject.name
            if card.total < best.at_least or card.grade == best.name:
                continue
            top += 1
            limit = card.quotas[0].limit
            tied = "并列" if card.tied else ""
            assert found[0].startswith(
                f"按得分可评{best.name}，因名额限制评为{card.grade}"
                f"（{tied}第 {card.rank} 名，{best.name} {limit} 名"
            )
            if card.complete:
                notes = cards(
                    sheet.rulebook.year, sheet.rulebook.code, card.subject.code
                ).grade_notes
                assert f"{found[0]}。" in notes
    assert top > 10 * len(years)


def promises(years, every: int) -> int:
    tried = 0
    for points, sheet in sheets(years):
        book, units = sheet.rulebook, words(points)[1]
        cards = {card.subject.code: card for card in sheet.result.scorecards}
        subjects = tuple(card.subject for card in cards.values())
        facts = Facts(book.year, subjects, sheet.result.facts_sha256)
        steps = {name: ONE for name, unit in units.items() if unit in WHOLE_UNITS}
        tops = {name: ONE for name, unit in units.items() if unit in SHARES}
        for at, item in enumerate(next_totals(book, facts, steps, tops)):
            for reach in (item.next, item.full) if at % every == 0 else ():
                after = sheet_after(book, facts, item, reach)
                gained = after.total - cards[item.subject].total
                assert gained == reach.gain > 0, f"{book.year} {item}"
                tried += 1
    return tried


def test_what_is_promised_is_what_the_total_gains(years) -> None:
    assert promises(years, TRIED) > 40 * len(years)


@pytest.mark.soak
def test_all_that_is_promised_is_what_the_total_gains(years) -> None:
    assert promises(years, 1) > 1300 * len(years)


GIVES = ("name", "words", "points", "points_by_class", "kind", "applies", "absent", "missing")


def given(sheet: ScoredSheet) -> list[tuple]:
    """What the lines of a sheet say that gives points, one by one."""
    return [
        (line.code, *(str(getattr(line, name)) for name in GIVES), [str(p) for p in line.parts])
        for line in sheet.rulebook.indicators
    ]


@OF_ALL_YEARS
def test_totals_of_two_years_are_compared_only_where_every_rule_is_the_same(years) -> None:
    """One answer for the card's page and the circular, told from the rulebooks themselves."""
    before, now = years[2024], years[2025]
    between = Between(now, before)
    other = same = 0
    for sheet in now.sheets.values():
        subject = sheet.rulebook.subject
        earlier = between.sheet(subject)
        old = {code: rest for code, *rest in given(earlier)} if earlier else {}
        new = {code: rest for code, *rest in given(sheet)}
        for scored in sheet.result.scorecards[:SHOWN]:
            card = card_of(now, sheet.rulebook.code, scored.subject.code)
            page = page_of_card(card, now, {}, before)
            whole, circular = page.whole, standing(sheet, scored, {}, between)
            assert (whole.difference is None) == (circular.difference is None)
            if old != new:
                assert whole.difference is None
                assert whole.last_year is None or "不作增减比较" in whole.changed
                other += whole.last_year is not None
            elif whole.difference is not None:
                assert whole.difference == scored.total - whole.last_year.total
                assert not whole.changed
                same += 1
            for each in (each for group in page.groups for each in group.lines):
                if each.last_year and each.last_year.same:
                    assert old[each.line.code] == new[each.line.code], (subject, each.line.code)
    assert min(other, same) > 5, "counties have other rules than in 2024, sites have not"
