"""What speaks against an act: the same sentence, whatever was imported first."""

from __future__ import annotations

from itertools import permutations

import pytest

from tracker.core.questions import Questions


def answering(module: str, said: str):
    def question(number: int) -> str:
        return f"{said}{number}" if number else ""

    question.__module__ = module
    return question


ANSWERS = [answering("home", "own"), answering("a.ledger", "ledger"), answering("b.check", "check")]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_same_sentence_in_any_order_of_import(order: tuple[int, ...]) -> None:
    asks = Questions[[int]]("home")
    for each in order:
        assert asks(ANSWERS[each]) is ANSWERS[each]
    assert asks.answer(7) == "own7"
    assert asks.answer(0) == ""
    without = Questions[[int]]("home")
    for each in order:
        if each:
            without(ANSWERS[each])
    assert without.answer(1) == "ledger1"


def test_nothing_speaks_against_what_nobody_asks_about() -> None:
    assert Questions[[str]]("home").answer("anything") == ""
