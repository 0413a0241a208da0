"""Sentences whose numbers lead to what makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """Some words, and the list that has what they say; None where there is none to open."""

    words: str
    href: str | None = None


@dataclass(frozen=True)
class Sentence:
    """One of the three sentences: what it is about, and its words in order."""

    label: str
    parts: Sequence[Said]

    @property
    def words(self) -> str:
        """Without its ways."""
        return "".join(part.words for part in self.parts)


def joined(found: Sequence[Said], end: str = "。") -> list[Said]:
    """Parts of one sentence, with commas between and `end` behind."""
    parts: list[Said] = []
    for number, part in enumerate(found):
        parts += [Said("，"), part] if number else [part]
    return [*parts, Said(end)]
