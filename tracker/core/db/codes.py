"""Coded lists: a value for the database with its Chinese label beside it."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class LabelledEnum(StrEnum):
    """A coded list whose members carry the label that people read.

    Declare members as `NAME = "value", "标签"`.
    """

    label: str

    # `label` has to be given: without the default, RulingLevel("city") would be no call with types.
    def __new__(cls, value: str, label: str | None = None) -> Self:
        if label is None:
            raise TypeError(f"{cls.__name__}.{value}: no label")
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(value, label) pairs in the order of declaration, for a select field."""
        return [(member.value, member.label) for member in cls]

    @classmethod
    def sql_values(cls) -> str:
        """The values as a quoted SQL list, for a CHECK."""
        return ", ".join(f"'{member.value}'" for member in cls)
