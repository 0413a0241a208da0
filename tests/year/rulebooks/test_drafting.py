"""What stands against publishing a set."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.engine.scoring import RulebookError
from tracker.year.rulebooks.drafting import draft_book, draft_set, probe
from tracker.year.rulebooks.models import SetStatus, StoredSet
from tracker.year.rulebooks.shelf import SET_FILE, shipped

PAIR = "pair.toml"


def test_a_sets_file_names_exactly_what_is_there() -> None:
    base = shipped(2024)
    texts = {SET_FILE: base.text, **base.texts}
    draft = StoredSet(year=2024, status=SetStatus.DESIGNED)
    assert draft_set(draft, texts).faults == ()
    unnamed = {**texts, SET_FILE: base.text.replace(f'  "{PAIR}",\n', "")}
    (fault,) = draft_set(draft, unnamed).faults
    assert f"没有 {PAIR}" in fault
    there = {path: text for path, text in texts.items() if path != PAIR}
    found = draft_set(draft, there)
    assert found.year_set is None
    assert [PAIR in each and "无法读取" in each for each in found.faults] == [True]


def test_a_set_is_as_official_as_each_of_its_rulebooks() -> None:
    base = shipped(2024)
    draft = StoredSet(year=2024, status=SetStatus.OFFICIAL, document="示例〔2024〕1号")
    faults = draft_set(draft, {SET_FILE: base.text, **base.texts}).faults
    assert len(faults) == len(base.texts)
    assert all("仍是示例细则" in fault for fault in faults)


def test_a_faulty_rulebook_is_at_fault_alone() -> None:
    """Sheets that take its points, and prizes for its places, have the sheet in the set."""
    base = shipped(2024)
    county = base.texts["recipient-county.toml"].replace("points = 10\n", "points = 9\n", 1)
    texts = {SET_FILE: base.text, **base.texts, "recipient-county.toml": county}
    draft = StoredSet(year=2024, status=SetStatus.DESIGNED)
    (fault,) = draft_set(draft, texts).faults
    assert fault.startswith("recipient-county.toml：计分指标的分值合计 99")


def test_a_draft_tells_unknown_measures_beside_its_other_faults() -> None:
    text = shipped(2024).texts["recipient-county.toml"].replace("points = 10\n", "points = 9\n", 1)
    faults = draft_book("县.toml", text.replace('"exchanges.visits"', '"no.visits"')).faults
    assert ["合计 99" in faults[0], "指标库没有 no.visits" in faults[1]] == [True, True]


@pytest.mark.parametrize("points", [-3, 0, 10, 9000])
def test_a_line_alone_is_faulty_by_itself_alone(points: int) -> None:
    text = shipped(2024).texts["recipient-county.toml"]
    line: dict[str, Any] = {
        "code": "A9",
        "group": "组",
        "name": "名",
        "clause": "条",
        "words": "话",
        "points": points,
        "method": "ratio",
        "value": "exchanges.visits",
        "target": "projects.counted",
    }
    try:
        assert probe(text, line).indicators[0].points == points
        assert points >= 0
    except RulebookError as error:
        (fault,) = error.faults
        assert "为负数" in fault
        assert points < 0
