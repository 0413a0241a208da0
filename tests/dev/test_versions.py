"""The changelog names the version that setup.cfg has, and the numbers that the code has."""

from __future__ import annotations

import configparser
import re

from alembic.script import ScriptDirectory

from tracker.core.config import ROOT
from tracker.core.db.base import MIGRATIONS
from tracker.engine.scoring import ENGINE
from tracker.papers.common import head
from tracker.year.assessments import freeze

CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
PARTS = re.findall(
    r"^## \[(Unreleased|\d+\.\d+\.\d+)\](?: - (\d{4}-\d{2}-\d{2}))?\n\n(.*)$",
    CHANGELOG,
    re.MULTILINE,
)
NAMES = ("Engine", "paper layout", "snapshot layout", "rulebook format", "schema")


def numbers(line: str) -> dict[str, str]:
    """What a version's line says: name → number."""
    return dict(part.rsplit(" ", 1) for part in line.split(" · "))


def comparable(number: str) -> tuple[int, ...]:
    return tuple(map(int, number.split(".")))


def test_the_version_of_setup_cfg_is_the_newest() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    released = [name for name, _, _ in PARTS if name != "Unreleased"]
    assert released[0] == setup["metadata"]["version"]
    assert len(PARTS) == CHANGELOG.count("\n## ")


def test_versions_and_their_numbers_only_rise() -> None:
    first, *released = PARTS
    assert first[:2] == ("Unreleased", "")
    assert all(day for _, day, _ in released)
    names = [comparable(name) for name, _, _ in released]
    assert names == sorted(set(names), reverse=True)
    assert [day for _, day, _ in released] == sorted((day for _, day, _ in released), reverse=True)
    for name in NAMES:
        found = [comparable(n[name]) for _, _, line in PARTS if name in (n := numbers(line))]
        assert found == sorted(found, reverse=True), name


def test_the_numbers_at_the_top_are_those_of_the_code() -> None:
    """Whoever raises one of them says so in the changelog's first part."""
    assert numbers(PARTS[0][2]) == {
        "Engine": ENGINE,
        "paper layout": head.LAYOUT,
        "snapshot layout": str(freeze.LAYOUT),
        "rulebook format": "1",
        "schema": ScriptDirectory(str(MIGRATIONS)).get_current_head(),
    }
