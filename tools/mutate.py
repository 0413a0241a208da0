"""Whether the tests notice: change one thing in the code, run them, and tell what they let pass.

    python -m tools.mutate SOURCE… [--tests TEST…] [--sample N] [--seed N]

Each mutant is one change of one node of the syntax: a comparison, an operator, a condition, a
number, a member that is left out of a set. It lives in a copy of the tree, so that the working
files are never touched. Exit 1 if a mutant survives that docs/dev/mutations.md does not name.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXPLAINED = ROOT / "docs" / "dev" / "mutations.md"
COPIED = ("tracker", "tests", "data", "migrations", "templates", "static", "docs", "tools")
FILES = ("setup.cfg", "pyproject.toml", "wsgi.py", "README.md")
SECONDS = 300  # a mutant that runs on for ever is noticed too

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
    """One change: where, what stood there and what stands there now, and the whole text."""

    path: Path
    line: int
    before: str
    after: str
    text: str

    @property
    def name(self) -> str:
        """How docs/dev/mutations.md names it; lines move, so it has none."""
        return f"`{self.path.as_posix()}`: `{self.before}` → `{self.after}`"


def places(text: str) -> list[tuple[int, int]]:
    """(number of the node, number of the change) of all mutants of a module."""
    nodes = enumerate(ast.walk(_tree_of(text)))
    return [(number, which) for number, node in nodes for which, _ in enumerate(_changes(node))]


def mutant(path: Path, text: str, place: tuple[int, int]) -> Mutant:
    """The mutant of `text` at one of its `places`."""
    tree = _tree_of(text)
    number, which = place
    node = next(each for i, each in enumerate(ast.walk(tree)) if i == number)
    line, before = getattr(node, "lineno", 0), _short(node)
    for name, value in ast.iter_fields(list(_changes(node))[which]):
        setattr(node, name, value)
    return Mutant(path, line, before, _short(node), ast.unparse(tree))


def _short(node: ast.AST) -> str:
    return ast.unparse(getattr(node, "test", node)) if hasattr(node, "body") else ast.unparse(node)


def _tree_of(text: str) -> ast.Module:
    """The syntax without docstrings, which no test has to notice."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node, clean=False
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that may stand in the place of `node`, each of its own type."""
    changed = copy.deepcopy(node)
    match changed:
        case ast.Compare(ops=[op]) if type(op) in _COMPARED:
            changed.ops = [_COMPARED[type(op)]()]
            yield changed
        case ast.BoolOp(op=op):
            changed.op = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield changed
        case ast.BinOp(op=op) if type(op) in _COMPUTED:
            changed.op = _COMPUTED[type(op)]()
            yield changed
        case ast.Constant(value=bool() as value):
            changed.value = not value
            yield changed
        case ast.Constant(value=int() as value):
            changed.value = value + 1
            yield changed
        case ast.IfExp(test=test) | ast.If(test=test) | ast.While(test=test):
            changed.test = ast.UnaryOp(ast.Not(), test)
            yield changed
        case ast.Set(elts=members) if len(members) > 1:
            for index in range(len(members)):
                fewer = copy.deepcopy(node)
                del fewer.elts[index]
                yield fewer


def survives(mutant: Mutant, tree: Path, tests: list[str]) -> bool:
    """Whether the tests pass in the copy `tree` with the mutant in it."""
    target = tree / mutant.path
    kept = target.read_text(encoding="utf-8")
    target.write_text(mutant.text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    finally:
        target.write_text(kept, encoding="utf-8")
    if done.returncode not in (0, 1, 2, 4):  # 2 and 4: the mutant cannot even be read
        raise RuntimeError(done.stdout.decode(errors="replace")[-2000:])
    return done.returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("sources", nargs="+", type=Path)
    parser.add_argument("--tests", nargs="+", required=True)
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=13)
    asked = parser.parse_args()
    files = [f for s in asked.sources for f in (sorted(s.rglob("*.py")) if s.is_dir() else [s])]
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    every = [(file, place) for file, text in texts.items() for place in places(text)]
    rng = random.Random(asked.seed)  # noqa: S311
    chosen = rng.sample(every, min(asked.sample, len(every)))
    explained = EXPLAINED.read_text(encoding="utf-8") if EXPLAINED.exists() else ""
    surviving = []
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        for name in COPIED:
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy(ROOT / name, tree / name)
        for number, (file, place) in enumerate(chosen, 1):
            made = mutant(file, texts[file], place)
            alive = survives(made, tree, asked.tests)
            print(
                f"{number}/{len(chosen)} {'SURVIVES' if alive else 'noticed'} "
                f"{made.path}:{made.line} {made.before} → {made.after}",
                flush=True,
            )
            if alive:
                surviving.append(made)
    new = [each for each in surviving if each.name not in explained]
    print(
        f"{len(chosen)} of {len(every)} mutants, {len(surviving)} survive, {len(new)} unexplained"
    )
    for each in new:
        print(f"- {each.name}")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
