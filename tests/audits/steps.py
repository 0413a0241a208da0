"""How much work SQLite does for each statement: steps of its virtual machine, which depend on the
plan and the rows alone, never on the machine or on what else runs on it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

GRAIN = 250  # steps between two looks; SQLite counts on where a statement is run again
_LIST = re.compile(r"\((\?, )+\?\)")


class Steps(Counter[tuple[str, str]]):
    """The steps by what is being done (`doing`) and the text of the statement, in which lists of
    values are written as one value."""

    doing = ""
    _present = ("", "")

    def asked(self, statement: str) -> None:
        self._present = (self.doing, _LIST.sub("(?)", statement))
        self[self._present] += 0

    def look(self) -> int:
        self[self._present] += GRAIN
        return 0


@contextmanager
def counted_steps(engine: Engine) -> Iterator[Steps]:
    """Count the steps of all statements that are asked of a SQLite engine within the block."""
    steps = Steps()

    def note(_connection, _cursor, statement: str, *_rest: object) -> None:
        steps.asked(statement)

    def watch(connection, *_rest: object) -> None:
        connection.set_progress_handler(steps.look, GRAIN)

    engine.dispose()
    event.listen(engine, "connect", watch)
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield steps
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "connect", watch)
        engine.dispose()
