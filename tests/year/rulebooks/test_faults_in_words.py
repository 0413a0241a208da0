"""Faults of a rulebook name a key with its Chinese name; those of a table and of a form name the
heading alone. All faults that the refusals of the format make are walked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.engine.scoring import build, test_refusals
from tracker.engine.scoring import RulebookError, load_rulebook
from tracker.engine.scoring.methods import RULES
from tracker.engine.scoring.wording import AS_TYPED, NAMES, VALUES, Wording
from tracker.year.rulebooks.columns import CAPS, GRADES, HEAD, INDICATORS, SOURCES, VETOES
from tracker.year.rulebooks.headings import CELLS, FIELDS, ROW_KEYS, ROWS

KEYS = frozenset(key for names in NAMES.values() for key in names) | frozenset(
    key for rule in RULES.values() for key in rule.names
)
WORDS = frozenset(word for words in VALUES.values() for word in words) | RULES.keys()
_GIVEN = re.compile(r"「[^」]*」")
_WORD = re.compile(r"(?<![\w.\[])[a-z][a-z_.]*(?![\w.\]])")
_WITH_NAME = re.compile(r"(?<![\w.])([a-z][a-z_.]*)（[^（）]+）")
# What a formula is written with, and the two words of a file that mean yes and no.
OF_FORMULAS = {"and", "or", "not", "min", "max", "abs", "count", "if", "true", "false"}


def made() -> Iterator[str]:
    """The text of each rulebook with a fault that the refusals of the format have."""
    defaults = {
        "test_indicators": {"points": 100, "method": "ratio", "value": "a", "target": "b"},
        "test_parameters_of_methods": {"points": 100},
        "test_bonus_and_deduction_lines": {"points": 100},
    }
    for name, usual in defaults.items():
        for fields, _ in cases(name):
            yield build.text(build.line("1.2", **{**usual, **fields}))
    for head, _ in cases("test_the_head_and_its_tables"):
        yield build.text(build.line("1"), **head)
    for lines, head, _ in cases("test_faults_that_leave_the_rest_to_be_looked_at"):
        yield build.text(*lines, **head)


def cases(name: str) -> list[Any]:
    (mark,) = (m for m in getattr(test_refusals, name).pytestmark if m.name == "parametrize")
    return list(mark.args[1])


def faults(text: str, words: Wording) -> list[str]:
    with pytest.raises(RulebookError) as refused:
        load_rulebook(text, words=words)
    return refused.value.faults


TEXTS = list(made())


def test_a_key_that_was_typed_stands_with_its_name() -> None:
    assert len(TEXTS) > 120
    seen = set()
    for text in TEXTS:
        for fault in faults(text, AS_TYPED):
            told = _GIVEN.sub("", fault).partition("有误：")[0].partition("请写成")[0]
            told = re.sub(r"\((source|grade|indicator|cap|veto|part)\)", "", told)
            named = set(_WITH_NAME.findall(told))
            assert set(_WORD.findall(told)) - OF_FORMULAS <= named, fault
            seen |= named
    assert len(seen & KEYS) > 40
    assert "deduct" in seen
    assert "official" in seen


@pytest.mark.parametrize("words", [CELLS, FIELDS], ids=["table", "form"])
def test_no_key_stands_where_headings_do(words: Wording) -> None:
    for text in TEXTS:
        for fault in faults(text, words):
            told = _GIVEN.sub("", fault).partition("有误：")[0].partition("请写成")[0]
            told = re.sub(r"第 \d+ 个\w+\((source|grade|indicator|cap|veto)\)", "", told)
            told = told.replace("true 或 false", "")
            assert not _WORD.findall(told), fault


def test_headings_are_called_alike_in_the_table_and_in_faults() -> None:
    sheets = {
        "": HEAD,
        "source": SOURCES,
        "grade": GRADES,
        "cap": CAPS,
        "veto": VETOES,
        "indicator": tuple(c for c in INDICATORS if not c.methods),
    }
    for table, columns in sheets.items():
        assert {c.key: c.heading for c in columns}.items() <= NAMES[table].items()
    of_methods = {c.key: c.heading for c in INDICATORS if c.methods}
    for rule in RULES.values():
        for column in rule.columns:
            assert of_methods[column.key] == column.heading
            assert column.key == "by_share" or rule.names[column.key] == column.heading
    assert of_methods["rows"] == ROWS
    assert all(CELLS.key(key, "任何") == f"“{ROWS}”" for key in ROW_KEYS)
