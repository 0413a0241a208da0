"""What the engine hands out: what may be changed, what is told apart, what each engine means."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path

from tests.engine.scoring.build import line, text
from tracker.engine import scoring
from tracker.engine.scoring import engines, load_rulebook, meaning_of
from tracker.engine.scoring.expressions import NUMBER, parse
from tracker.engine.scoring.methods import RULES

PACKAGE = Path(scoring.__file__).parent
MODULES = [
    import_module(".".join((scoring.__name__, *path.relative_to(PACKAGE).with_suffix("").parts)))
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.name != "__init__.py"
]
CLASSES = {
    each.__name__: each
    for module in MODULES
    for each in vars(module).values()
    if isinstance(each, type) and is_dataclass(each) and each.__module__ == module.__name__
}
FEW = {
    "Cap", "Expression", "Grade", "Indicator", "Lever", "Method", "MethodColumn", "MethodRows",
    "Part", "Prize", "PrizeWon", "Rule", "Rulebook", "RulebookSet", "SetResult", "Source", "Veto",
}  # fmt: skip


def test_only_what_is_being_scored_may_be_changed():
    assert {name for name, each in CLASSES.items() if not each.__dataclass_params__.frozen} == {
        "Line",
        "PartAward",
        "Result",
        "Scorecard",
    }


def test_what_there_are_thousands_of_has_slots():
    assert {name for name, each in CLASSES.items() if "__slots__" not in vars(each)} == FEW


def test_what_two_of_a_kind_are_told_apart_by_and_what_is_shown_of_them():
    all_fields = [(name, each) for name, kind in CLASSES.items() for each in fields(kind)]
    assert {(name, each.name) for name, each in all_fields if not each.compare} == {
        ("Expression", "evaluate"),
        ("Expression", "names"),
        ("Expression", "tree"),
        ("Line", "env"),
        ("Line", "meaning"),
    }
    assert {(name, each.name) for name, each in all_fields if not each.repr} == {
        ("Expression", "evaluate"),
        ("Expression", "tree"),
        ("Lever", "bends"),
        ("Lever", "crossings"),
        ("Lever", "inner"),
        ("Line", "env"),
        ("Line", "meaning"),
    }
    assert [name for name, each in CLASSES.items() if not each.__dataclass_params__.eq] == ["Rule"]
    assert repr(parse("a", NUMBER)) == "Expression(text='a', kind='number', names=('a',))"


WORDS_OF_1_4 = {"tells_short"}
WORDS_OF_1_3 = WORDS_OF_1_4 | {"tells_units"}
WORDS_OF_1_2 = WORDS_OF_1_3 | {"tells_whole"}
OF_1_1 = {"counts_from_zero", "folds_names", "may_not_assess", "points_fit", "tells_rounding"}


def test_what_each_engine_did_not_do_yet():
    lacking = {
        engine: {each.name for each in fields(meaning) if getattr(meaning, each.name) is False}
        for engine in engines()
        for meaning in [meaning_of(engine)]
    }
    assert lacking == {
        "1.0": WORDS_OF_1_2 | OF_1_1,
        "1.1": WORDS_OF_1_2,
        "1.2": WORDS_OF_1_3,
        "1.3": WORDS_OF_1_4,
        "1.4": set(),
    }


def test_what_deducts_and_what_counts_things():
    assert [name for name, rule in RULES.items() if rule.deducts] == ["deduct"]
    assert [name for name, rule in RULES.items() if rule.counts] == ["deduct"]
    assert [name for name, rule in RULES.items() if rule.pooled({"low": None})] == [
        "efficacy",
        "rank",
    ]


def test_a_line_deducts_by_its_kind():
    items = [{"name": "通报", "value": "n", "unit": 1}]
    deduct = {"method": "deduct", "items": items}
    book = load_rulebook(text(line("1", 100, **deduct), line("D", 5, kind="deduction", **deduct)))
    assert [each.parts[0].method.deduction for each in book.indicators] == [False, True]
