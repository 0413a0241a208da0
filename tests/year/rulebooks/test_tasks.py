"""docs/rulebooks.md maps each task figure of 2025 to lines that exist and say what it says."""

from __future__ import annotations

import re
from pathlib import Path

from tests.year.rulebooks.sheets import book

DOCUMENT = Path(__file__).parents[3] / "docs" / "rulebooks.md"
ROW = re.compile(
    r"^\| (?P<task>[^|]+) \| `(?P<file>[a-z-]+\.toml)` \| (?P<code>[AB][0-9.]+) \|$", re.M
)
SAID = {
    "A3.1": "全覆盖",
    "B3.4": "当年新建",
    "A2.3": "1个及以上",
    "B3.3": "1个及以上",
    "A5.3": "55%",
}


def test_every_task_figure_has_an_existing_line() -> None:
    rows = [match.groupdict() for match in ROW.finditer(DOCUMENT.read_text(encoding="utf-8"))]
    assert {row["code"] for row in rows} == {"A3.1", "B3.4", "A2.1", "B3.1", "A2.3", "B3.3", "A5.3"}
    for row in rows:
        lines = {line.code: line for line in book(2025, row["file"]).indicators}
        assert row["code"] in lines, row
        assert SAID.get(row["code"], "") in lines[row["code"]].words
