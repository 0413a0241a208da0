"""Trees of the expression language to functions, compiled once and called for every subject."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from tracker.engine.scoring.exact import Number, divide, less, magnitude, same, times

Evaluate = Callable[[Mapping[str, Number]], Number]

_COMPARE = {
    "<": less,
    "<=": lambda first, second: not less(second, first),
    ">": lambda first, second: less(second, first),
    ">=": lambda first, second: not less(first, second),
    "==": same,
    "!=": lambda first, second: not same(first, second),
}


def compile_tree(tree: tuple) -> Evaluate:
    """Compile a tree into a function of the values of its names.

    The function raises ZeroDivisionError if any part that is evaluated divides by zero; all parts
    are, except the side that `if` does not choose.
    """
    return _BUILDERS[tree[0]](*tree[1:])


def _number(value: Number) -> Evaluate:
    return lambda env: value


def _name(name: str) -> Evaluate:
    return operator.itemgetter(name)


def _negative(tree: tuple) -> Evaluate:
    operand = compile_tree(tree)
    return lambda env: -operand(env)


def _not(tree: tuple) -> Evaluate:
    operand = compile_tree(tree)
    return lambda env: not operand(env)


def _sum(items: tuple) -> Evaluate:
    added = tuple(compile_tree(tree) for sign, tree in items if sign == "+")
    taken = tuple(compile_tree(tree) for sign, tree in items if sign == "-")
    if len(items) == 2:
        first = added[0]
        if taken:
            second = taken[0]
            return lambda env: first(env) - second(env)
        second = added[1]
        return lambda env: first(env) + second(env)

    def evaluate(env: Mapping[str, Number]) -> Number:
        result: Number = 0
        for operand in added:
            result += operand(env)
        for operand in taken:
            result -= operand(env)
        return result

    return evaluate


def _product(items: tuple) -> Evaluate:
    factors = tuple(compile_tree(tree) for sign, tree in items if sign == "*")
    divisors = tuple(compile_tree(tree) for sign, tree in items if sign == "/")
    if len(items) == 2:
        first = factors[0]
        if divisors:
            second = divisors[0]
            return lambda env: divide(first(env), second(env))
        second = factors[1]
        return lambda env: times(first(env), second(env))

    def evaluate(env: Mapping[str, Number]) -> Number:
        result: Number = 1
        for operand in factors:
            result = times(result, operand(env))
        for operand in divisors:
            result = divide(result, operand(env))
        return result

    return evaluate


def _compare(sign: str, left: tuple, right: tuple) -> Evaluate:
    compare, first, second = _COMPARE[sign], compile_tree(left), compile_tree(right)
    return lambda env: compare(first(env), second(env))


def _all_evaluated(trees: tuple) -> Callable[[Mapping[str, Number]], list[Number]]:
    operands = tuple(map(compile_tree, trees))
    return lambda env: [operand(env) for operand in operands]


def _and(trees: tuple) -> Evaluate:
    values = _all_evaluated(trees)
    return lambda env: all(values(env))


def _or(trees: tuple) -> Evaluate:
    values = _all_evaluated(trees)
    return lambda env: any(values(env))


def _least(trees: tuple) -> Evaluate:
    values = _all_evaluated(trees)
    return lambda env: min(values(env))


def _largest(trees: tuple) -> Evaluate:
    values = _all_evaluated(trees)
    return lambda env: max(values(env))


def _absolute(trees: tuple) -> Evaluate:
    operand = compile_tree(trees[0])
    return lambda env: magnitude(operand(env))


def _count(trees: tuple) -> Evaluate:
    values = _all_evaluated(trees)
    return lambda env: sum(map(bool, values(env)))


def _if(trees: tuple) -> Evaluate:
    condition, chosen, other = map(compile_tree, trees)
    return lambda env: chosen(env) if condition(env) else other(env)


_BUILDERS: dict[str, Callable[..., Evaluate]] = {
    "number": _number,
    "name": _name,
    "negative": _negative,
    "not": _not,
    "sum": _sum,
    "product": _product,
    "compare": _compare,
    "and": _and,
    "or": _or,
    "min": _least,
    "max": _largest,
    "abs": _absolute,
    "count": _count,
    "if": _if,
}
