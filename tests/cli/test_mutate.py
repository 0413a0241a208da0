"""The mutants of `make mutants`: each is one change, and code that is read."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools.mutate import mutant, places

PATH = Path("tracker/anything.py")


def changes(text: str) -> list[str]:
    return [mutant(PATH, text, place).text for place in places(text)]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a < b", ["a <= b"]),
        ("a is not b", ["a is b"]),
        ("a and b and c", ["a or b or c"]),
        ("a + b * c", ["a - b * c", "a + b / c"]),
        ("f(True, 3)", ["f(False, 3)", "f(True, 4)"]),
        ("a if b else c", ["a if not b else c"]),
        ("{a, b}", ["{b}", "{a}"]),
        ("'words'", []),
        ('def f():\n    """Words of 3 < 4."""\n', []),
    ],
)
def test_a_mutant_is_one_change(text: str, made: list[str]):
    assert changes(text) == made


def test_every_mutant_of_the_permissions_is_code_and_no_two_are_alike():
    text = Path("tracker/records/accounts/permissions.py").read_text(encoding="utf-8")
    found = changes(text)
    assert len(found) > 60
    assert len(set(found)) == len(found)
    for each in found:
        ast.parse(each)


def test_a_mutant_is_named_by_what_it_changes():
    (place,) = places("if a < b:\n    pass\n")[1:]
    made = mutant(PATH, "if a < b:\n    pass\n", place)
    assert made.name == "`tracker/anything.py`: `a < b` → `a <= b`"
    assert made.line == 1
