"""Questions that features above answer for one below: whether anything speaks against an act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")
Question = Callable[P, str]


class Questions(Generic[P]):
    """A decorator for functions that answer with a sentence for the user, or with "".

    The functions of the module that asks (`home`) are asked first, then the others in the order of
    their modules' names: which sentence is said does not hang on what was imported first.
    """

    def __init__(self, home: str) -> None:
        self._home = home
        self._asked: list[Question[P]] = []

    def __call__(self, question: Question[P]) -> Question[P]:
        self._asked.append(question)
        self._asked.sort(key=lambda each: (each.__module__ != self._home, each.__module__))
        return question

    def answer(self, *args: P.args, **named: P.kwargs) -> str:
        """The first sentence; "" where nothing is said."""
        return next(filter(None, (ask(*args, **named) for ask in self._asked)), "")
