"""Decisions are listed, say what was rejected, and name files that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tracker.core.config import ROOT

FOLDER = ROOT / "docs" / "decisions"
DECISIONS = sorted(FOLDER.glob("[0-9]*.md"))
SPEAKING = [*DECISIONS, *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("*.md"))]
_PATH = re.compile(
    r"`((?:tracker|tests|docs|data|templates|tools|migrations|benchmarks)/[A-Za-z0-9_./-]+)`"
)
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")


def test_decisions_are_numbered_and_listed() -> None:
    assert DECISIONS
    numbers = [path.name[:4] for path in DECISIONS]
    assert len(numbers) == len(set(numbers))
    listed = re.findall(
        r"^\| \[(\d{4})\]\((.+?)\) \| (.+) \|$", (FOLDER / "README.md").read_text("utf-8"), re.M
    )
    titles = [
        (path.name[:4], path.name, re.match(r"# \d{4}\. (.+)\n", path.read_text("utf-8"))[1])
        for path in DECISIONS
    ]
    assert sorted(listed) == titles


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_why_and_what_was_rejected(path: Path) -> None:
    first, *parts = re.split(r"^## (.+)$", path.read_text("utf-8"), flags=re.MULTILINE)
    assert first.startswith(f"# {path.name[:4]}. ")
    assert parts[::2] == ["Context", "Decision", "Rejected", "Consequences"]
    assert all(text.strip() for text in parts[1::2])
    assert parts[5].strip().startswith("- ")


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: path.stem)
def test_what_is_named_is_there(path: Path) -> None:
    text = path.read_text("utf-8")
    named = [ROOT / name for name in _PATH.findall(text) if "FEATURE" not in name]
    linked = [path.parent / name for name in _LINK.findall(text)]
    assert [str(each) for each in (*named, *linked) if not each.exists()] == []
