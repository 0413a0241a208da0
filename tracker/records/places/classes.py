"""The classes that listed counties are ranked in: what the years' rulebooks declare."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from tracker.core.config import RULEBOOKS
from tracker.core.told import ToldError
from tracker.engine.scoring import RulebookError, class_fault, folded
from tracker.engine.scoring.loading import parse_toml

_SUBJECT = "county.recipient"

PUBLISHED_CLASSES: list[Callable[[], Iterable[str]]] = []
"""What a feature above adds: the classes of the sets that were published in the browser."""


class UnknownClassError(ToldError, ValueError):
    """A class that no rulebook declares; the message is for the user."""


def known_classes(shelf: Path = RULEBOOKS) -> tuple[str, ...]:
    """The classes that any year's rulebook of the receiving counties declares, those of published
    sets first, then the latest year's; none where no year declares any, and any word will do."""
    files = sorted(shelf.glob("*/*.toml"), reverse=True)
    stamps = tuple(
        (file, file.stat().st_mtime_ns) for file in files if file.parent.name.isdecimal()
    )
    found = {folded(name): name for more in PUBLISHED_CLASSES for name in more()}
    for name in _declared(stamps):
        found.setdefault(folded(name), name)
    return tuple(found.values())


def checked_class(name: str, shelf: Path = RULEBOOKS) -> str:
    """A class as the rulebooks write it, "" for none. Raises UnknownClassError."""
    classes = known_classes(shelf)
    if fault := class_fault(folded(name), classes):
        raise UnknownClassError(fault)
    found = {folded(known): known for known in classes}
    return found.get(folded(name), name.strip())


@lru_cache(maxsize=4)
def _declared(stamps: tuple[tuple[Path, int], ...]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for file, _ in stamps:
        try:
            book = parse_toml(file.read_bytes())
        except (RulebookError, OSError):
            continue  # `tracker rulebook check-set` tells what is wrong with it
        classes = book.get("classes") if book.get("subject") == _SUBJECT else None
        for name in classes if isinstance(classes, list) else ():
            if isinstance(name, str):
                found.setdefault(folded(name), name.strip())
    return tuple(found.values())
