"""Refusals in words for the person who asked: the base of all errors that carry them."""

from __future__ import annotations

from typing import ClassVar


class ToldError(Exception):
    """Something is not done, and the message says to the user or the operator, in Chinese, why.

    A view that asks by a form catches it and shows it beside the field. Else the page says it with
    `status`, and a command ends with it as one line and exit code 1. From 500 on it is for the
    operator: a page tells its user of a fault alone, and the log has the message.
    """

    status: ClassVar[int] = 422
