"""What a load did: counts by kind of record, and each decision that a person may want to see."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class LoadReport:
    """Counts of added, changed and unchanged records, and notes in Chinese."""

    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Keep `text` for the reader."""
        self.notes.append(text)

    def lines(self) -> list[str]:
        """The report, a line each."""
        kinds = dict.fromkeys([*self.added, *self.changed, *self.unchanged])
        counts = [
            f"{kind}：新增 {self.added[kind]}，"
            f"更新 {self.changed[kind]}，未变 {self.unchanged[kind]}"
            for kind in kinds
        ]
        return [*counts, *(f"  · {note}" for note in self.notes)]
