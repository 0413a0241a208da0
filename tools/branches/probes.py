"""Probes in the syntax of a module, and what it means that one was reached."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

NAME = "__reached__"  # of the bytes, among the builtins of every measured process

Ids = list[int]
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass
class Statement:
    """The lines that a statement itself stands on, and the probes that show that it was begun."""

    lines: tuple[int, int]
    shown_by: Ids


@dataclass
class Fork:
    """A line that goes on to `target` or elsewhere, and the probes that show each."""

    line: int
    target: int
    taken: Ids
    passed: Ids


@dataclass
class Probed:
    """A module's syntax with its probes, numbered from `first` up to `end`."""

    tree: ast.Module
    first: int
    end: int
    statements: list[Statement] = field(default_factory=list)
    forks: list[Fork] = field(default_factory=list)


def probed(text: str, first: int = 0) -> Probed:
    """The module `text` with probes that are numbered from `first`.

    Lines tell its branches apart, so no block may stand on the line that it hangs on (the house
    style has none).
    """
    found = Probed(ast.parse(text), first, first)
    if found.tree.body:
        _Layer(found).block(found.tree.body, opens=True)
    ast.fix_missing_locations(found.tree)
    return found


class _Layer:
    """Lays probes, so that those within a statement have numbers that follow each other."""

    def __init__(self, found: Probed) -> None:
        self.found = found

    def _new(self) -> int:
        self.found.end += 1
        return self.found.end - 1

    def block(self, body: list[ast.stmt], *, opens: bool = False) -> int:
        """Lay the probes of a block and of those within; gives the one at its start.

        What stands before a statement that was begun was begun too; so a probe at the start and
        one before the last statement are enough, and a block that was left halfway tells how far
        it got by the probes within it. `opens`: a docstring and imports of the future keep their
        place.
        """
        head = _head(body) if opens else 0
        start = self._new()
        last = self._new() if len(body) - head > 1 else start
        lines = [_own_lines(statement) for statement in body]
        begun = []
        for statement in body:
            begun.append(self.found.end)
            self._within(statement)
        inner_end = self.found.end
        for place in range(len(body)):
            ids = [last, *range(begun[place], inner_end)]
            if place <= head:
                ids.append(start)
            self.found.statements.append(Statement(lines[place], ids))
        if last != start:
            body.insert(len(body) - 1, _probe(last, body[-1]))
        body.insert(head, _probe(start, body[min(head, len(body) - 1)]))
        return start

    def _within(self, node: ast.stmt) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self.block(node.body, opens=True)
            case ast.If() | ast.For() | ast.AsyncFor() | ast.While():
                self._fork(node)
            case ast.Match():
                self._cases(node)
            case ast.With() | ast.AsyncWith():
                self.block(node.body)
            case ast.Try() | ast.TryStar():
                self.block(node.body)
                self._one_of([(handler.lineno, handler.body) for handler in node.handlers])
                for body in filter(None, (node.orelse, node.finalbody)):
                    self.block(body)

    def _fork(self, node: ast.If | ast.For | ast.AsyncFor | ast.While) -> None:
        """A condition that holds or not, a loop that goes on or has ended."""
        target = _first_line(node.body[0])
        taken = self.block(node.body)
        if node.orelse:
            passed = self.block(node.orelse)
        else:
            passed = self._new()
            node.orelse.append(_probe(passed, node))
        self.found.forks.append(Fork(node.lineno, target, [taken], [passed]))

    def _cases(self, node: ast.Match) -> None:
        cases = [(case.pattern.lineno, case.body) for case in node.cases]
        last = node.cases[-1]
        whole = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
        if whole and last.guard is None:
            self._one_of(cases)
            return
        passed = self._new()
        node.cases.append(ast.match_case(ast.MatchAs(), None, [_probe(passed, node)]))
        self._one_of(cases, [passed])

    def _one_of(self, choices: list[tuple[int, list[ast.stmt]]], none: Ids | None = None) -> None:
        """The cases of a match, or what is done with exceptions: who comes to one has passed all
        before it."""
        targets = [_first_line(body[0]) for _, body in choices]
        starts = [self.block(body) for _, body in choices]
        for place, (line, _) in enumerate(choices):
            passed = [*starts[place + 1 :], *(none or [])]
            self.found.forks.append(Fork(line, targets[place], [starts[place]], passed))
            self.found.statements.append(Statement((line, line), [starts[place], *passed]))


def _head(body: list[ast.stmt]) -> int:
    """How many statements must stay first."""
    count = 0
    for statement in body:
        text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not ((text and count == 0) or future):
            break
        count += 1
    return count


def _probe(number: int, place: ast.stmt) -> ast.stmt:
    """`__reached__[number] = 1`, standing where `place` stands."""
    target = ast.Subscript(ast.Name(NAME, ast.Load()), ast.Constant(number), ast.Store())
    return ast.copy_location(ast.Assign([target], ast.Constant(1)), place)


def _first_line(statement: ast.stmt) -> int:
    decorators = statement.decorator_list if isinstance(statement, _DEFINITIONS) else []
    return min([statement.lineno, *(each.lineno for each in decorators)])


def _own_lines(statement: ast.stmt) -> tuple[int, int]:
    """The first and the last line of a statement, without the blocks in it."""
    start, end = _first_line(statement), statement.end_lineno or statement.lineno
    if isinstance(statement, ast.Match):
        end = statement.cases[0].pattern.lineno - 1
    elif body := getattr(statement, "body", None):
        end = _first_line(body[0]) - 1
    return start, max(end, statement.lineno)
