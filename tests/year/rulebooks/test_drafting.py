"""What stands against publishing a set."""

from __future__ import annotations

from tracker.year.rulebooks.drafting import draft_set
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
