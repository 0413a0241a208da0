"""Which facts of a line could be moved to gain points, and what is known of how it follows them.

A fact that a value is only held against (a target, a base, a divisor) is no lever: to sign less
or to be owed less is no way to points that the tool may propose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.engine.scoring.compiling import Evaluate, compile_tree
from tracker.engine.scoring.expressions import Expression
from tracker.engine.scoring.meaning import Meaning
from tracker.engine.scoring.method import Method
from tracker.engine.scoring.names import POOLED
from tracker.engine.scoring.rulebook import Indicator
from tracker.engine.scoring.trees import difference

GIVEN = ("target.", "prior.", "baseline.", "goal.")
"""Measures of these names are set by others or are past: no lever."""

_TOP, _UNDER, _CHOICE = "top", "under", "choice"
_HELD_AGAINST = ("target", "base", "low", "high")


@dataclass(frozen=True)
class Lever:
    """A measure of a line that could be moved.

    `part` and `item` are the numbers of the only part (and item) that reads it, None if several
    do. `inner` is the quantity of the part that is affine in the measure, None if none is.
    `monotone` tells that the award never turns back as the measure goes one way. `crossings` are
    affine differences whose zeros are where a comparison, `min`, `max` or `abs` turns, `bends`
    those that are not affine.
    """

    measure: str
    part: int | None
    item: int | None
    inner: Evaluate | None = field(repr=False)
    monotone: bool
    crossings: tuple[Evaluate, ...] = field(repr=False)
    bends: tuple[Evaluate, ...] = field(repr=False)


def levers(line: Indicator, meaning: Meaning) -> tuple[Lever, ...]:
    """List the levers of a line in reading order."""
    return tuple(
        _lever(line, measure, meaning)
        for measure in line.reads
        if not measure.startswith(GIVEN) and _movable(line, measure)
    )


def _movable(line: Indicator, measure: str) -> bool:
    places = {
        place
        for part in line.parts
        for expression in _moved(part.method)
        for name, place in _places(expression.tree, _TOP)
        if name == measure
    }
    return _TOP in places or places == {_CHOICE}


def _moved(method: Method) -> list[Expression]:
    """Return the expressions of a method but those that its value is held against."""
    against = {id(method.params.get(key)) for key in _HELD_AGAINST}
    return [found for found in method.expressions if id(found) not in against]


def _places(tree: tuple, place: str) -> Iterator[tuple[str, str]]:
    head = tree[0]
    if head == "name":
        yield tree[1], place
    elif head == "product":
        for sign, item in tree[1]:
            if sign == "/" and place != _CHOICE:
                yield from _places(item, _TOP if place == _UNDER else _UNDER)
            else:
                yield from _places(item, place)
    elif head == "if":
        condition, *sides = tree[1]
        yield from _places(condition, _CHOICE)
        for side in sides:
            yield from _places(side, place)
    else:
        for item in _children(tree):
            yield from _places(item, place)


def _children(tree: tuple) -> tuple:
    head = tree[0]
    if head in ("name", "number"):
        return ()
    if head in ("sum", "product"):
        return tuple(item for _, item in tree[1])
    if head in ("negative", "not"):
        return (tree[1],)
    if head == "compare":
        return tree[2:]
    return tree[1]


def _lever(line: Indicator, measure: str, meaning: Meaning) -> Lever:
    names = {measure, *(f"{word}.{measure}" for word in POOLED)}
    readers = [
        number
        for number, part in enumerate(line.parts)
        if any(_reads(found, names) for found in part.method.expressions)
    ]
    expressions = [found for part in line.parts for found in part.method.expressions]
    if line.applies is not None:
        expressions.append(line.applies)
    turns = [tree for found in expressions if _reads(found, names) for tree in _turns(found.tree)]
    if meaning.counts_from_zero:
        zeros = [
            found for part in line.parts for found in part.method.rule.from_zero(part.method.params)
        ]
        turns += [found.tree for found in zeros if _reads(found, names)]
    crossings, bends = (
        tuple(compile_tree(tree) for tree in turns if _degree(tree, names, measure) == degree)
        for degree in (1, None)
    )
    if len(readers) != 1:
        return Lever(measure, None, None, None, False, crossings, bends)
    method = line.parts[readers[0]].method
    item, tree, monotone = _inner(method, names, measure)
    steady = line.applies is None or not _reads(line.applies, names)
    if meaning.counts_from_zero and method.rule.counts and tree and tree[0] != "name":
        # Where the count falls below 0 the line cannot be scored: the award ends there. A fact by
        # itself is never brought below 0.
        monotone = False
    inner = None if tree is None else compile_tree(tree)
    return Lever(measure, readers[0], item, inner, monotone and steady, crossings, bends)


def _reads(expression: Expression, names: set[str]) -> bool:
    return not names.isdisjoint(expression.names)


def _inner(method: Method, names: set[str], measure: str) -> tuple[int | None, tuple | None, bool]:
    """Return the item, the tree of the affine quantity, and whether the award is monotone in it."""
    params = method.params
    readers = [found for found in method.expressions if _reads(found, names)]
    if len(readers) != 1:
        return None, None, False
    tree = method.rule.moves(readers[0])
    if tree is None:
        return None, None, False
    items = params.get("items", ())
    item = next((n for n, row in enumerate(items) if row["value"] is readers[0]), None)
    if _degree(tree, names, measure) != 1:
        return item, None, False
    return item, tree, method.rule.monotone(params)


def _turns(tree: tuple) -> Iterator[tuple]:
    """Yield the differences whose zeros are where the tree may turn or jump."""
    head = tree[0]
    if head == "compare":
        yield difference(tree[2], tree[3])
    elif head == "abs":
        yield tree[1][0]
    elif head in ("min", "max"):
        first, *rest = tree[1]
        for other in rest:
            yield difference(first, other)
    for child in _children(tree):
        yield from _turns(child)


def _degree(tree: tuple, names: set[str], measure: str) -> int | None:
    """Return 0 if a tree does not read the measure, 1 if it is affine in it, else None."""
    head = tree[0]
    if head == "name":
        return int(tree[1] == measure) if tree[1] not in names or tree[1] == measure else None
    degrees = []
    for item in _children(tree):
        degree = _degree(item, names, measure)
        if degree is None:
            return None
        degrees.append(degree)
    if not any(degrees):
        return 0
    if head in ("sum", "negative"):
        return 1
    if head == "product":
        divided = any(
            sign == "/" and degree for (sign, _), degree in zip(tree[1], degrees, strict=True)
        )
        return 1 if sum(degrees) == 1 and not divided else None
    return 1 if head == "if" and not degrees[0] else None
