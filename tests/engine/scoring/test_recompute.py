"""The program that `docs/` hands to outsiders gives the points of the engine."""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.engine.scoring.test_second import QUICK, facts_of, rulebooks, subjects
from tracker.core.config import ROOT, RULEBOOKS
from tracker.engine.scoring import load_rulebook, parse_facts, result_json, score

PROGRAM = ROOT / "docs" / "recompute.py"
Rows = list[tuple[str | None, dict[str, Any]]]
BOOK = RULEBOOKS / "examples" / "tutorial.toml"
FACTS = RULEBOOKS / "examples" / "tutorial-facts.json"


def program() -> Any:
    spec = importlib.util.spec_from_file_location("recompute", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RECOMPUTE = program()


def same(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> int:
    """Compare all that the program writes; how many lines that were."""
    assert [card["code"] for card in found] == [card["code"] for card in expected]
    lines = 0
    for card, own in zip(found, expected, strict=True):
        for key in card.keys() - {"lines"}:
            assert card[key] == own[key], (card["code"], key)
        for line, other in zip(card["lines"], own["lines"], strict=True):
            assert line == {key: other[key] for key in line}, card["code"]
            lines += 1
    return lines


def test_it_rests_on_nothing_of_ours() -> None:
    nodes = list(ast.walk(ast.parse(PROGRAM.read_text(encoding="utf-8"))))
    read = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    read |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) if node.module}
    assert read <= sys.stdlib_module_names


def test_it_is_called_as_the_document_says(tmp_path: Path) -> None:
    command = [sys.executable, "-I", str(PROGRAM), str(BOOK), str(FACTS)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    book = load_rulebook(BOOK.read_bytes())
    own = result_json(score(book, parse_facts(FACTS.read_bytes())))["subjects"]
    assert same(json.loads(done.stdout)["subjects"], own) == 8


def check(book: str, rows: Rows) -> None:
    facts = facts_of(rows)
    own = result_json(score(load_rulebook(book), parse_facts(facts)))["subjects"]
    assert same(RECOMPUTE.scored(book, json.dumps(facts)), own)


@QUICK
@given(rulebooks(), subjects)
def test_it_gives_what_the_engine_gives(book: str, rows: Rows) -> None:
    """Every method, negative figures, classes of any spelling, lines that do not apply."""
    check(book, rows)


@pytest.mark.soak
@settings(QUICK, max_examples=400)
@given(rulebooks(), subjects)
def test_it_gives_what_the_engine_gives_soak(book: str, rows: Rows) -> None:
    check(book, rows)
