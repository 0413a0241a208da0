"""How messages are kept on the queue, in huey's terms; loaded when a queue is opened."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import PostgresStorage

_MAKING = 20_020_423  # the lock under which the tables of the queue are made on PostgreSQL
_DAYS = ("eta", "expires", "expires_resolved")


class Plain(Serializer):
    """Messages as JSON. Pickle, huey's own way, would run whatever somebody wrote on the queue."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data._asdict(), default=datetime.isoformat).encode()

    def _deserialize(self, data: bytes) -> Message:
        fields = json.loads(data)
        for name in _DAYS:
            if isinstance(fields[name], str):
                fields[name] = datetime.fromisoformat(fields[name])
        return Message(**{**fields, "args": tuple(fields["args"])})


class Postgres(PostgresStorage):
    """A queue in PostgreSQL whose tables several may make at once."""

    def initialize_schema(self) -> None:
        with self.db(commit=True, close=True) as cursor:
            # Two that make a table at once are in each other's way, IF NOT EXISTS or not.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_MAKING,))
            for statement in self.ddl:
                cursor.execute(statement)


class Hands(Consumer):
    """What takes messages from a queue and does them."""

    def _set_signal_handlers(self) -> None:
        """None of its own: it would start itself anew by the command line on SIGHUP."""
