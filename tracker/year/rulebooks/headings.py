"""Faults of a rulebook in the words of a table or a form: its headings, no key of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.engine.scoring.methods import RULES
from tracker.engine.scoring.wording import Wording

ROWS = "明细"
ROW_KEYS = (*dict.fromkeys(rule.rows.key for rule in RULES.values() if rule.rows), "share_table")
"""The parameters that a method's own table fills."""

_HEADING = re.compile(r"“([^”]*)”")
_GIVEN = re.compile(r"「[^」]*」")


class Headings(Wording):
    """Keys and words are called as the heading and the choices of the cell call them. `line`: what
    a row of a method's own table is."""

    def __init__(self, line: str) -> None:
        self._line = line

    def key(self, key: str, name: str | None) -> str:
        """The heading between “ and ”."""
        return f"“{ROWS if key in ROW_KEYS else name or key}”"

    def value(self, value: str, name: str | None) -> str:
        """The choice between “ and ”."""
        return f"“{name or value}”"

    def table(self, key: str, label: str, number: int) -> str:
        """A row of a method's own table is a line within its cell."""
        if key in ROW_KEYS:
            return self.row(key, None, number)
        return f"第 {number} 部分" if key == "part" else super().table(key, label, number)

    def row(self, key: str, name: str | None, number: int) -> str:
        """A line within the cell."""
        return f"{self.key(key, name)}第 {number} {self._line}"


CELLS = Headings("小行")
"""How faults of a workbook are told: within a cell are small lines."""
FIELDS = Headings("行")
"""How faults are told that stand beside the fields of a form."""


def headings_in(fault: str) -> Iterator[str]:
    """The headings that a fault names, the first first; what a file says is none."""
    yield from _HEADING.findall(_GIVEN.sub("", fault))


def after_heading(fault: str, heading: str) -> str:
    """A fault without the heading that it begins with, beside which it is told."""
    rest = fault.removeprefix(f"“{heading}”")
    return rest if rest != fault and not rest.startswith(("与", "中", "和", "为")) else fault
