"""Who looks: all that a question of place asks of a user, so that places need no accounts."""

from __future__ import annotations

from typing import Protocol


class Viewer(Protocol):
    """A user, as far as places know one; `region_id` is None for the administrator."""

    @property
    def region_id(self) -> int | None: ...
