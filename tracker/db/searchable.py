"""Names that are found by the initials of their pinyin: 缙云县 by "jy"."""

from __future__ import annotations

import unicodedata
from typing import Any

from pypinyin import Style, lazy_pinyin
from sqlalchemy import String, event, inspect
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

_LENGTH = 200

# Read wrongly by pypinyin's phrases, which take the commoner of two readings.
_READINGS = {
    "长三角": "csj",
    "会稽": "kj",
    "朝阳": "cy",
    "乐成": "yc",
}


def initials_of(name: str) -> str:
    """The initials of `name` in small letters: "缙云县（二期）" is "jyxeq".

    Letters and digits stand for themselves, punctuation and spaces are left out; at most 200.
    """
    plain = unicodedata.normalize("NFKC", name).lower()
    for word, initials in _READINGS.items():
        plain = plain.replace(word, initials)
    letters = lazy_pinyin(plain, style=Style.FIRST_LETTER, errors=list)
    found = "".join(char for letter in letters for char in letter if char.isalnum())
    return found.lower()[:_LENGTH]


def _first(context: DefaultExecutionContext) -> str:
    return initials_of(context.get_current_parameters()["name"])


class Searchable:
    """A record with a `name`; `name_initials` follows it by itself.

    A statement that inserts rows without the column gets it too; one that updates names past the
    ORM has to set it with `initials_of`.
    """

    @declared_attr
    def name_initials(cls) -> Mapped[str]:
        return mapped_column(String(_LENGTH), default=_first, server_default="", index=True)


@event.listens_for(Searchable, "before_update", propagate=True)
def _follow(_mapper: Any, _connection: Any, record: Any) -> None:
    if inspect(record).attrs.name.history.has_changes():
        record.name_initials = initials_of(record.name)
