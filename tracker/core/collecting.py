"""Work that makes very much and throws nothing away, without looking for garbage all the while."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave circles of garbage lie until the end.

    A document of some million texts is looked through again and again while it grows, for nothing:
    that took a third of the time of freezing a year, and a sixth of that of the application's
    start. What nobody refers to goes all the same.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
