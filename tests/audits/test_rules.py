"""Each rule that many pages ask has one home: which entries count, who is late, whose a
filing is, who is a side."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TRACKER = Path(__file__).parents[2] / "tracker"

_SIDE = r"(?:supporter|recipient|origin|host)_id\.in_\([^()]*\)"
# What says the rule, and where alone it may be said.
HOMES = {
    "how a figure stands in a sentence": (
        r"\.striptags\(",
        {"core/quantities/shown.py", "exchange/sheets/checking.py"},
    ),
    "which entries count": (
        r"LedgerEntry\.cumulative\.is_\(False\)",
        {"records/ledger/standing.py"},
    ),
    "which filings are late": (
        r"Filing\.due_on\s*<\s|Filing\.filed_at\.is_\(None\)",
        {"records/submissions/queries.py"},
    ),
    "whose a filing is": (
        r"Filing\.enclave_id\.in_\(",
        {"records/submissions/queries.py"},
    ),
    "who is a side": (
        rf"or_\(\s*\w+\.{_SIDE},\s*\w+\.{_SIDE}|\w+\.{_SIDE}\s*\|\s*\w+\.{_SIDE}",
        {f"records/{feature}/queries.py" for feature in ("parks", "pairings", "enclaves")},
    ),
}


@pytest.mark.parametrize("rule", HOMES)
def test_a_rule_has_one_home(rule: str) -> None:
    words, homes = re.compile(HOMES[rule][0]), HOMES[rule][1]
    found = {
        str(path.relative_to(TRACKER))
        for path in TRACKER.rglob("*.py")
        if words.search(path.read_text(encoding="utf-8"))
    }
    assert found == homes


def test_a_count_in_a_sentence_stands_between_spaces() -> None:
    """「当年在任 40 天」: what a program writes into a sentence does not touch the words."""
    touching = re.compile(r"(?<!第)(?:\{[^{}\"]*\}|\{\{[^{}]*\}\})(?:[次个条件天份亩户]|人次)")
    assert touching.search("f'有{number}个'")
    assert not touching.search("f'有 {number} 个，第{number}条'")
    sources = [*TRACKER.rglob("*.py"), *(TRACKER.parent / "templates").rglob("*.html")]
    found = {
        f"{path.relative_to(TRACKER.parent)}: {each[0]}"
        for path in sources
        for each in touching.finditer(path.read_text())
    }
    assert not found
