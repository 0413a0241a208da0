"""What is said of a view beside the function itself, so that tests can walk all routes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def mark(view: Callable[..., Any], **marks: object) -> None:
    """Set attributes of `view`, a function: `permission`, `writes`, `form` and the like."""
    vars(view).update(marks)
