"""How much is done, by the calls of functions: the same on every machine and at every hour."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Calls:
    """So many functions, of Python and of C, were called."""

    number = 0

    def __len__(self) -> int:
        return self.number


@contextmanager
def calls_counted() -> Iterator[Calls]:
    """Count the calls within the block."""
    calls = Calls()

    def note(_frame: object, what: str, _argument: object) -> None:
        if what in ("call", "c_call"):
            calls.number += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(before)
