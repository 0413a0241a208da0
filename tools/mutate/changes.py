"""The mutants of a text: each is one change of one node of its syntax, and has a name."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXPLAINED = ROOT / "docs" / "dev" / "mutations.md"

_COMPARED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_COMPUTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}


@dataclass(frozen=True)
class Mutant:
    """One change of the module `original`: where, what stood there and what stands there now.
    `within`: the first and last line of the innermost function around it, (0, 0) outside of all."""

    path: Path
    line: int
    before: str
    after: str
    within: tuple[int, int]
    original: str
    place: tuple[int, int]

    @property
    def tree(self) -> ast.Module:
        """The syntax with the change, made anew: a tree is large, and there are thousands."""
        tree = tree_of(self.original)
        _change(_node(tree, self.place), self.place)
        return ast.fix_missing_locations(tree)

    @property
    def text(self) -> str:
        """The whole module."""
        return ast.unparse(self.tree)

    @property
    def name(self) -> str:
        """How docs/dev/mutations.md names it; lines move, so it has none."""
        return f"`{self.path.as_posix()}`: `{self.before}` → `{self.after}`"


def places(text: str) -> list[tuple[int, int]]:
    """(number of the node, number of the change) of all mutants of a module."""
    tree = tree_of(text)
    states = {  # what a zip is strict about holds anyway, as what an assert says
        each.value
        for each in ast.walk(tree)
        if isinstance(each, ast.keyword) and each.arg == "strict"
    }
    nodes = enumerate(ast.walk(tree))
    return [
        (number, which)
        for number, node in nodes
        if node not in states
        for which, _ in enumerate(_changes(node))
    ]


def mutant(path: Path, text: str, place: tuple[int, int]) -> Mutant:
    """The mutant of `text` at one of its `places`."""
    tree = tree_of(text)
    node = _node(tree, place)
    told = _told(_parents(tree), node)
    line, before = getattr(node, "lineno", 0), _short(told, node)
    around = [
        (each.lineno, each.end_lineno or each.lineno)
        for each in ast.walk(tree)
        if isinstance(each, ast.FunctionDef) and each.body[0].lineno <= line
        if line <= (each.end_lineno or 0)
    ]
    within = max(around, default=(0, 0))
    _change(node, place)
    return Mutant(path, line, before, _short(told, node), within, text, place)


def names_of(path: Path, text: str) -> set[str]:
    """The names of all mutants of a module."""
    tree, found = tree_of(text), set()
    nodes, parents = list(ast.walk(tree)), _parents(tree)
    for place in places(text):
        node = nodes[place[0]]
        told, kept = _told(parents, node), dict(ast.iter_fields(node))
        before = _short(told, node)
        _change(node, place)
        found.add(f"`{path.as_posix()}`: `{before}` → `{_short(told, node)}`")
        for name, value in kept.items():
            setattr(node, name, value)
    return found


def _node(tree: ast.Module, place: tuple[int, int]) -> ast.AST:
    return next(each for i, each in enumerate(ast.walk(tree)) if i == place[0])


def _change(node: ast.AST, place: tuple[int, int]) -> None:
    for name, value in ast.iter_fields(list(_changes(node))[place[1]]):
        setattr(node, name, value)


def _parents(tree: ast.Module) -> dict[ast.AST, ast.expr]:
    """The expression right around each node that is in one."""
    return {
        child: each
        for each in ast.walk(tree)
        if isinstance(each, ast.expr)
        for child in ast.iter_child_nodes(each)
    }


def _told(parents: dict[ast.AST, ast.expr], node: ast.AST) -> ast.AST:
    """What names a change of `node`: of a constant the expression around it, if that is short."""
    around = parents.get(node) if isinstance(node, ast.Constant) else None
    return node if around is None or len(ast.unparse(around)) > 60 else around


def _short(told: ast.AST, node: ast.AST) -> str:
    """What is told, of a condition that changes by itself what it asks."""
    return ast.unparse(getattr(node, "test", node) if told is node else told)


def tree_of(text: str) -> ast.Module:
    """The syntax without docstrings, which no test has to notice."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node, clean=False
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.fix_missing_locations(tree)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that may stand in the place of `node`, each of its own type."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARED:
            yield _with(node, ops=[_COMPARED[type(op)]()])
        case ast.BoolOp(op=op):
            yield _with(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.BinOp(op=op) if type(op) in _COMPUTED:
            yield _with(node, op=_COMPUTED[type(op)]())
        case ast.Constant(value=bool() as value):
            yield _with(node, value=not value)
        case ast.Constant(value=int() as value):
            yield _with(node, value=value + 1)
        case ast.IfExp(test=test) | ast.If(test=test) | ast.While(test=test):
            yield _with(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.Set(elts=members) if len(members) > 1:
            for index in range(len(members)):
                yield _with(node, elts=[*members[:index], *members[index + 1 :]])


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def named(text: str) -> set[str]:
    """The names of the mutants that a text explains: items that begin with a path, and have any
    number of changes."""
    found = set()
    for item in text.split("\n- ")[1:]:
        words = " ".join(item.partition("\n\n")[0].split())
        path, _, rest = words.partition("`: ")
        if path.endswith(".py"):
            changes = re.findall(r"`([^`]+)` → `([^`]+)`", rest)
            found |= {f"{path}`: `{before}` → `{after}`" for before, after in changes}
    return found
