"""Facts of the shipped rulebooks that a county answers by hand with yes or no: only those that no
record can tell, each with why. The list must shrink."""

from __future__ import annotations

from tests.year.rulebooks.sheets import EVERY_FILE, book
from tracker.year.measures.catalogue import CATALOGUE

BY_HAND = {
    "villages.disclosure": "公开在村里进行，系统没有记录",
    "demonstration.disclosure": "公开在村里进行，系统没有记录",
}


def _answers(name: str) -> bool:
    """Whether a measure reads a column in which somebody says yes or no of the whole."""
    reading = CATALOGUE.measures[name].read(2024)
    return any(".has_" in str(statement) for statement in reading.statements.values())


def test_what_a_record_can_tell_is_not_asked() -> None:
    names = {name for file in EVERY_FILE for name in book(*file).measures}
    asked = {
        name
        for name in names & CATALOGUE.measures.keys()
        if CATALOGUE.measures[name].unit == "是否" and _answers(name)
    }
    assert asked == BY_HAND.keys()
    for name, why in BY_HAND.items():
        definition = CATALOGUE.measures[name].definition
        assert why in definition
        assert "由县里填报" in definition
