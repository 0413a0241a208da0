"""Other figures of a rulebook: which there are, and what they may be."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.papers.reports.documents import document, snapshot
from tracker.year.assessments.simulating import simulate
from tracker.year.assessments.weights import OtherWeight, WeightError, weighted, weights_of

SHEET = "demo-recipient"


@pytest.fixture(scope="module")
def points():
    return snapshot(document(2024))


def others(points, **figures):
    """The rulebook with other figures, each as "LINE_path"."""
    found = []
    for name, value in figures.items():
        line, _, path = name.partition("_")
        found.append(OtherWeight(SHEET, line, path, Decimal(value)))
    return weighted(points, points.sheets[SHEET], found)


def test_points_and_what_a_method_gives_can_be_changed(points) -> None:
    found = weights_of(points, points.sheets[SHEET])
    assert [(each.path, each.label) for each in found["2"]] == [
        ("points", "分值"),
        ("unit", "每单位得分"),
    ]


def test_other_points_move_totals_and_leave_what_is_frozen_alone(points) -> None:
    before = {card.subject.code: card.total for card in points.sheets[SHEET].result.scorecards}
    book = others(points, **{"1_points": "50", "2_points": "50"})
    assert [plain.points for plain in book.indicators[:2]] == [50, 50]
    after = simulate(points, books={SHEET: book})
    totals = {card.subject.code: card.total for card in after.results[SHEET].scorecards}
    assert totals != before
    assert {card.subject.code: card.total for card in points.sheets[SHEET].result.scorecards} == (
        before
    )
    changed = after.changed(SHEET)
    assert any(
        "分值" in rule for sheet in changed.sheets for of in sheet.lines for rule in of.rules
    )


def test_what_is_fixed_in_points_goes_along_unless_it_is_given(points) -> None:
    unit = points.sheets[SHEET].rulebook.indicator("2").parts[0].method.params["unit"]
    scaled = others(points, **{"1_points": "80", "2_points": "20"}).indicator("2")
    assert scaled.parts[0].method.params["unit"] == unit / 2
    given = others(points, **{"1_points": "80", "2_points": "20", "2_unit": "3"}).indicator("2")
    assert given.parts[0].method.params["unit"] == 3


@pytest.mark.parametrize(
    ("figures", "line", "says"),
    [
        ({"1_points": "61"}, "", "合计为 101 分，应等于满分 100 分，多出 1 分"),
        ({"1_points": "59.5"}, "", "还差 0.5 分"),
        ({"J1_points": "-1"}, "J1", "“分值”为负数"),
        ({"J1_points": "0.001"}, "J1", "“分值”的小数位数多于“小数位数”所定的 2 位"),
    ],
)
def test_figures_that_make_no_rulebook_are_refused_in_words(points, figures, line, says) -> None:
    with pytest.raises(WeightError) as refused:
        others(points, **figures)
    assert says in refused.value.faults[line]


def test_a_figure_that_is_not_there(points) -> None:
    with pytest.raises(KeyError):
        others(points, **{"1_steps.0.0": "3"})
