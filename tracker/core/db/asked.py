"""What a transaction that reads asked the database, and whether it would be answered the same.

What is made of records alone can be kept past a write: as long as all that it asked is answered as
it was, making it again would give the same. It does not matter who wrote what, with which
statement, on which machine.
"""

from __future__ import annotations

import hashlib
import marshal
import re
from dataclasses import dataclass
from sys import intern
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

from tracker.core.db.base import db
from tracker.core.db.units import is_writing

_NOTES = "tracker_asked"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement with its parameters as the driver takes them; `key` tells it from all others.
    `answer`: the digest of its rows."""

    statement: str
    parameters: Any
    key: tuple[str, str]
    answer: bytes

    @property
    def size(self) -> int:
        """In characters."""
        return sum(map(len, self.key))


class Notes:
    """What the present transaction asks, from its beginning. Answers are noted from when somebody
    wants them on (`wanted`)."""

    __slots__ = ("_asked", "wanted")

    def __init__(self) -> None:
        self._asked: list[tuple[str, Any, bytes | None]] = []
        self.wanted = False

    def note(self, statement: str, parameters: Any, answer: bytes | None) -> None:
        self._asked.append((statement, parameters, answer))

    def all(self, but: frozenset[str]) -> tuple[Asked, ...] | None:
        """All that was asked, each once, without what reads the tables `but`; None where that was
        asked since answers were wanted, or the transaction has ended meanwhile."""
        connection = db.session.connection()
        if connection.info.get(_NOTES) is not self:
            return None
        found: dict[tuple[str, str], Asked] = {}
        for statement, parameters, answer in self._asked:
            key = (intern(statement), repr(parameters))
            if key in found:
                continue
            if not but.isdisjoint(_WORD.findall(statement)):
                if answer is None:
                    continue
                return None
            known = _answer(connection, statement, parameters) if answer is None else answer
            found[key] = Asked(key[0], parameters, key, known)
        return tuple(found.values())


class Answers:
    """What a process knows of the answers in one state of the data."""

    def __init__(self) -> None:
        self._known: tuple[int, dict[tuple[str, str], bytes]] = (-1, {})

    def same(self, standing: int, asked: tuple[Asked, ...]) -> bool:
        """Whether the present transaction, which reads the state `standing`, is answered so."""
        connection, known = db.session.connection(), self._of(standing)
        for each in asked:
            answer = known.get(each.key)
            if answer is None:
                answer = _answer(connection, each.statement, each.parameters)
                known[each.key] = answer
            if answer != each.answer:
                return False
        return True

    def learn(self, standing: int, asked: tuple[Asked, ...]) -> None:
        """What was asked in the state `standing` need not be asked again."""
        self._of(standing).update((each.key, each.answer) for each in asked)

    def _of(self, standing: int) -> dict[tuple[str, str], bytes]:
        known = self._known  # others may set it meanwhile
        if known[0] != standing:
            known = self._known = (standing, {})
        return known[1]


def watch(engine: Engine) -> None:
    """Have what the transactions of `engine` ask noted."""
    event.listen(engine, "begin", _begun)
    event.listen(engine, "after_cursor_execute", _executed)


def notes() -> Notes | None:
    """Those of the present transaction, with all answers from now on; None where it writes."""
    found: Notes | None = db.session.connection().info.get(_NOTES)
    if found is not None:
        found.wanted = True
    return found


def _begun(connection: Connection) -> None:
    connection.info[_NOTES] = None if is_writing() else Notes()


def _executed(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, *_: object
) -> None:
    found: Notes | None = connection.info.get(_NOTES)
    if found is None or cursor.description is None:
        return
    if not found.wanted:
        found.note(statement, parameters, None)
        return
    rows = cursor.fetchall()
    context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor, initial_buffer=rows)
    found.note(statement, parameters, _digest(rows))


def _answer(connection: Connection, statement: str, parameters: Any) -> bytes:
    """Past SQLAlchemy: nothing is made of the rows."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statement, parameters)
        return _digest(cursor.fetchall())
    finally:
        cursor.close()


def _digest(rows: Any) -> bytes:
    """Tells 1 from 1.0 and from True, and -1 from -2, which `hash` does not."""
    try:
        written = marshal.dumps(rows, 2)  # no references: equal rows are written alike
    except ValueError:  # decimals and days, which PostgreSQL's driver gives
        written = repr(rows).encode()
    return hashlib.blake2b(written, digest_size=16).digest()
