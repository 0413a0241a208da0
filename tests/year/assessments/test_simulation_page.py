"""What the page of a simulation tells of others."""

from __future__ import annotations

import pytest

from tests.papers.reports.documents import document, snapshot
from tracker.year.assessments.class_lines import UNTOLD
from tracker.year.assessments.simulating import OtherFact, simulate
from tracker.year.assessments.simulation_page import Told, own_change
from tracker.year.assessments.simulation_rights import Shown

SHEET = "demo-recipient"
BY_RATIO = 'method = "ratio"\nvalue = "funds"\ntarget = 100'
BY_EFFICACY = 'method = "efficacy"\nvalue = "funds"'


@pytest.fixture(scope="module")
def points():
    frozen = document(2024)
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
