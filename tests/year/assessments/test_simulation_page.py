"""What the page of a simulation tells of others."""

from __future__ import annotations

import pytest

from tests.papers.reports.documents import document, snapshot
from tracker.year.assessments.class_lines import UNTOLD
from tracker.year.assessments.simulating import OtherFact, simulate
from tracker.year.assessments.simulation_page import Told, own_change
from tracker.year.assessments.simulation_rights import Shown, Untried

SHEET = "demo-recipient"
BY_RATIO = 'method = "ratio"\nvalue = "funds"\ntarget = 100'
BY_EFFICACY = 'method = "efficacy"\nvalue = "funds"'


@pytest.fixture(scope="module")
def points():
    return _compared(document(2024))


def _compared(frozen):
    """The year as the rulebook scores it whose first line compares the class."""
    files = frozen["set"]["files"]
    name = f"{SHEET}.toml"
    assert BY_RATIO in files[name]
    files[name] = files[name].replace(BY_RATIO, BY_EFFICACY)
    return snapshot(frozen)


@pytest.mark.parametrize(("code", "alone"), [("331126", True), ("331121", False)])
@pytest.mark.parametrize("ranks", [True, False])
def test_a_small_class_is_not_explained_before_ranks_are_told(points, code, alone, ranks) -> None:
    own = (SHEET, code)
    simulated = simulate(points, [OtherFact(*own, "funds", 7)])
    change = own_change(list(simulated.moved()), own)
    assert change is not None
    first, *_ = Told(points).lines(change, simulated, SHEET, Shown(ranks=ranks))
    assert first.code == "1"
    assert (first.explained == UNTOLD) is (alone and not ranks)


def test_figures_that_tell_what_another_one_has_are_not_tried_before_ranks_are_told() -> None:
    frozen = document(2024)
    pair = ("331126", "331127")
    for column in frozen["sheets"]["county.recipient"]["facts"].values():
        found = {subject["code"]: subject for subject in column["subjects"]}
        found[pair[1]]["class"] = found[pair[0]]["class"]
    points = _compared(frozen)
    sheet = points.sheets[SHEET]
    classes = {card.subject.code: card.subject.class_name for card in sheet.result.scorecards}
    assert {code for code, name in classes.items() if name == classes[pair[0]]} == set(pair)
    early, told = Shown(ranks=False), Shown(ranks=True)
    own = {(SHEET, "331126")}
    untried = Untried(points, own, early)
    assert untried.fact(SHEET, "331126", "funds")
    assert untried.weight(SHEET, "1")
    others = {name for line in sheet.card("331126").lines for name in line.inputs} - {"funds"}
    assert others
    assert not any(untried.fact(SHEET, "331126", name) for name in others)
    # Once ranks are told, in a larger class, and for who sees the cards of all of the class.
    assert not Untried(points, own, told).fact(SHEET, "331126", "funds")
    assert not Untried(points, own, told).weight(SHEET, "1")
    assert not Untried(points, {(SHEET, "331121")}, early).fact(SHEET, "331121", "funds")
    all_seen = Untried(points, {(SHEET, code) for code in pair}, early)
    assert not all_seen.fact(SHEET, "331126", "funds")
    assert not all_seen.weight(SHEET, "1")
