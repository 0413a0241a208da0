"""The mutants of `make mutants`: each is one change, and code that is read."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from tools.mutate.changes import EXPLAINED, ROOT, mutant, named, names_of, places
from tools.mutate.running import _Known, _swaps
from tracker.engine.scoring import checks

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
        ("zip(a, b, strict=True)", []),
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


def test_a_number_is_named_by_what_it_stands_in():
    text = "x = 10 ** 18 < y"
    names = [mutant(PATH, text, place).name for place in places(text)]
    assert "`tracker/anything.py`: `10 ** 18` → `11 ** 18`" in names


def test_a_mutant_is_named_by_what_it_changes():
    (place,) = places("if a < b:\n    pass\n")[1:]
    made = mutant(PATH, "if a < b:\n    pass\n", place)
    assert made.name == "`tracker/anything.py`: `a < b` → `a <= b`"
    assert made.line == 1


def mutants_within(function: object, text: str, path: Path):
    lines, first = inspect.getsourcelines(function)
    every = (mutant(path, text, place) for place in places(text))
    return [each for each in every if first < each.line < first + len(lines)]


def test_a_living_function_gets_the_changed_code_and_no_other():
    path = Path("tracker/engine/scoring/checks.py")
    text = path.read_text(encoding="utf-8")
    found = mutants_within(checks._repeated, text, path)
    assert found
    for each in found:
        ((function, code),) = _swaps(each)
        assert function is checks._repeated
        assert code != function.__code__


def test_what_is_made_while_a_module_is_read_has_no_living_function():
    path = Path("tracker/records/accounts/permissions.py")
    text = path.read_text(encoding="utf-8")
    outside = [each for each in (mutant(path, text, p) for p in places(text)) if not each.within[0]]
    assert outside
    assert {_swaps(each) for each in outside} == {None}


def test_names_are_those_of_the_mutants():
    path = Path("tracker/engine/scoring/canonical.py")
    text = path.read_text(encoding="utf-8")
    assert names_of(path, text) == {mutant(path, text, place).name for place in places(text)}


def test_items_of_a_text_name_mutants():
    item = "- `a.py`: `x < 1` →\n  `x <= 1`, and `1` → `2`. Words."
    text = f"# T\n\n{item}\n- words `3` → `4`\n\n`5` → `6`\n"
    assert named(text) == {"`a.py`: `x < 1` → `x <= 1`", "`a.py`: `1` → `2`"}


def test_what_is_explained_is_a_mutant_still():
    """What was explained and is no longer there would excuse another one day."""
    explained = named(EXPLAINED.read_text(encoding="utf-8"))
    assert explained
    made = set()
    for path in {Path(name.split("`")[1]) for name in explained}:
        text = (ROOT / path).read_text(encoding="utf-8")
        made |= names_of(path, text)
    assert explained - made == set()


def test_what_a_module_makes_is_asked_also_of_tests_that_come_to_no_line():
    """Whether a class is frozen is told by its shape, which no line is run for."""
    text = "@dataclass(frozen=True)\nclass A:\n    pass\n\n\ndef f():\n    return 3\n"
    within, outside = (mutant(PATH, text, place) for place in places(text))
    known = _Known({"shape": 0.1, "comes": 0.2}, {str(ROOT / PATH): {7: ["comes"]}})
    assert known.tests(outside) == ["shape", "comes"]
    assert known.tests(within) == ["comes"]
