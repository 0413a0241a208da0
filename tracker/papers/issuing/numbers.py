"""The number (编号) of an issued paper: year, of a city's assessment the city, issue of that year,
running number.

It is the system's own, for finding and verifying a paper. It is no 文号: that is given by an
office when it sends a document, and is not made up here.
"""

from __future__ import annotations

import re
import unicodedata

_NUMBER = re.compile(r"SH([0-9]{4})(-[0-9]{6})?-S([0-9]{2,})-([0-9]{4,})")
_PARTS = re.compile(r"[\s=&]+")
_NO_MARKS = re.compile(r"[\s_‐-―−〔〕()（）\[\]]+")


def number_of(year: int, ordinal: int, running: int, city: str = "") -> str:
    """SH2024-S01-0001: the first paper of the year's first issue; SH2024-331100-S01-0001: that of
    the assessment of the `city` with that code."""
    return f"{beginning_of(year, ordinal, city)}{running:04d}"


def beginning_of(year: int, ordinal: int, city: str = "") -> str:
    """How the numbers of an issue begin."""
    of = f"-{city}" if city else ""
    return f"SH{year}{of}-S{ordinal:02d}-"


def read_number(typed: str) -> str:
    """`typed` as numbers are written, whatever width, case and dashes it was typed with; of what
    the code on a paper says, its number; text without one is given back stripped."""
    text = unicodedata.normalize("NFKC", typed)
    found = {
        number
        for part in (text, *_PARTS.split(text))
        if _NUMBER.fullmatch(number := _NO_MARKS.sub("-", part.strip().upper()).strip("-"))
    }
    return found.pop() if len(found) == 1 else typed.strip()
