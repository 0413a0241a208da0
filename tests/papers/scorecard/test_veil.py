"""What a card tells of others is taken from it for those who may not see that."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest

from tests.engine.scoring.build import line, run, text
from tests.papers.scorecard.pdf_samples import full_card
from tracker.papers.scorecard.pdf_text import rank_words
from tracker.papers.scorecard.veil import range_in, steps_to_tell, tells_line, veiled
from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments.class_lines import UNTOLD, rests_on_class
from tracker.year.assessments.scored import ScoredSheet
from tracker.year.procedure.models import Stage
from tracker.year.procedure.sights import GRADE_LATER, RANK_LATER, TABLE, Sight, Who

ALL = ~Sight.NOTHING
RANGE, NOTICE = (TABLE[stage][Who.COUNTY] for stage in (Stage.SELF, Stage.NOTICE))
BOOK = text(
    line("1", 40, method="rank", value="a", table=[[1, 40], [2, 20]], otherwise=0),
    line("2", 30, method="efficacy", value="a"),
    line("3", 20, value="a", target="mean.a"),
    line("4", 10, value="b", target=10),
)


def sheet_of(*values: int) -> ScoredSheet:
    result = run(BOOK, *({"a": value, "b": 5} for value in values))
    return ScoredSheet(RulingLevel.PROVINCE, {RulingLevel.PROVINCE: result}, {})


def test_which_lines_rest_on_the_class() -> None:
    (card, *_) = sheet_of(1, 2, 3).result.scorecards
    assert [rests_on_class(each) for each in card.lines] == [True, True, True, False]


@pytest.mark.parametrize(("values", "told"), [((1, 2), False), ((1, 2, 3), True)])
def test_the_arithmetic_of_a_class_of_two_would_tell_what_the_other_has(values, told) -> None:
    sheet = sheet_of(*values)
    card = sheet.card("S1")
    assert [tells_line(each, card, sheet, RANGE) for each in card.lines] == [told] * 3 + [True]
    assert all(tells_line(each, card, sheet, NOTICE) for each in card.lines)
    found = range_in(card, sheet)
    assert found.count == len(values)
    assert bool(found.words) is told
    totals = [each.total for each in sheet.result.scorecards]
    assert (found.lowest, found.highest) == ((min(totals), max(totals)) if told else (None, None))


def test_next_points_by_rank_would_name_what_the_holder_of_a_place_has() -> None:
    sheet = sheet_of(1, 2, 3)
    card = sheet.card("S1")
    steps = [SimpleNamespace(line=code) for code in ("1", "2", "3", "4")]
    assert [each.line for each in steps_to_tell(steps, card, sheet, RANGE)] == ["2", "3", "4"]
    assert steps_to_tell(steps, card, sheet, NOTICE) == steps
    few = sheet_of(1, 2)
    assert [each.line for each in steps_to_tell(steps, few.card("S1"), few, RANGE)] == ["4"]


def test_a_card_lacks_what_its_reader_does_not_see() -> None:
    sheet = sheet_of(1, 2)
    own = replace(
        full_card(), subject_code="S1", rank=2, ranked_count=2, grade="良好", grade_notes=("名额",)
    )
    lines = tuple(
        replace(own.lines[at], code=each.code, explain=f"同类最高 {each.code}")
        for at, each in enumerate(sheet.card("S1").lines)
    )
    own = replace(own, lines=lines)
    assert veiled(own, sheet, ALL) is own

    noticed = veiled(own, sheet, NOTICE)
    assert (noticed.rank, noticed.groups, noticed.lines) == (2, own.groups, own.lines)
    assert noticed.grade_words == GRADE_LATER
    assert not any("名额" in words for words in noticed.grade_notes)

    early = veiled(own, sheet, RANGE)
    assert (early.rank, early.ranked_count, rank_words(early)) == (None, 0, RANK_LATER)
    assert {group.class_mean for group in early.groups} == {None}
    assert [each.explain for each in early.lines] == [UNTOLD] * 3 + ["同类最高 4"]
    assert early.grade_words == GRADE_LATER
    assert {row.grade for row in early.members if row.complete and row.grade} <= {GRADE_LATER}
    assert early.total == own.total
    assert [each.award for each in early.lines] == [each.award for each in own.lines]


def test_who_takes_no_part_is_not_said_to_be_told_later() -> None:
    sheet = sheet_of(1, 2, 3)
    out = replace(
        full_card(), subject_code="S1", rank=None, unranked_reason="没有一项指标适用", grade=None,
        lines=(),
    )  # fmt: skip
    early = veiled(out, sheet, RANGE)
    assert rank_words(early) == "不排名"
    assert early.grade is None
    assert Decimal(early.total) == Decimal(out.total)
