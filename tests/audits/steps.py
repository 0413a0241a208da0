"""How much work SQLite does for each statement: steps of its virtual machine, which depend on the
plan and the rows alone, never on the machine or on what else runs on it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

GRAIN = 50  # steps between two looks
_LIST = re.compile(r"\((\?, )+\?\)")


class Steps(Counter[tuple[str, str]]):
    """The steps by what is being done (`doing`) and the text of the statement, in which lists of
    values are written as one value."""

    doing = ""
    _statement = ""

    def asked(self, statement: str) -> None:
        self._statement = _LIST.sub("(?)", statement)
        self[self.doing, self._statement] += 0

    def look(self) -> int:
        self[self.doing, self._statement] += GRAIN
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
