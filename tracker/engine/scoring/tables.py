"""Reading the tables of a parsed TOML file, with every fault noted instead of the first raised."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from tracker.engine.scoring.exact import MAX_DIGITS, Number, exact, plain
from tracker.engine.scoring.expressions import (
    CONDITION,
    NUMBER,
    ExpressionError,
    constant,
    parse,
)
from tracker.engine.scoring.names import quoted
from tracker.engine.scoring.wording import AS_TYPED, NAMES, VALUES, Names, Wording


class Table:
    """A table of a rulebook file: typed reading, faults collected, unread keys reported.

    `names` are what its keys are called in Chinese, `values` the words that a key takes; `words`
    says how faults call both.

    Getters note a fault and return None when a value is absent or of a wrong type; those of what
    commonly has to be there say Any, since what is made of faulty values is never handed on.
    """

    def __init__(
        self,
        data: dict[str, Any],
        where: str,
        faults: list[str],
        names: Names | None = None,
        words: Wording = AS_TYPED,
    ) -> None:
        self.data = data
        self.where = where
        self.faults = faults
        self.names: dict[str, str] = dict(names or {})
        self.values: dict[str, Names] = dict(VALUES)
        self.words = words
        self._read: set[str] = set()

    def fault(self, message: str) -> None:
        """Note a fault of this table; `message` says what is wrong and what to do."""
        message = message.lstrip()
        self.faults.append(f"{self.where}：{message}" if self.where else message)

    def named(self, key: str) -> str:
        """What faults call a key of this table."""
        return self.words.key(key, self.names.get(key))

    def valued(self, key: str, value: str) -> str:
        """What faults call one of the words that a key takes."""
        return self.words.value(value, self.values.get(key, {}).get(value))

    def row_of(self, key: str, number: int) -> str:
        """What faults call a row (1 first) of the array under a key."""
        return self.words.row(key, self.names.get(key), number)

    def has(self, key: str) -> bool:
        """Tell whether the file gives the key."""
        return key in self.data

    def get(self, key: str, required: bool) -> Any:
        """Return the raw value; None if absent, with a fault if it is required."""
        self._read.add(key)
        if key not in self.data and required:
            self.fault(f"缺少{self.named(key)}，请补上")
        return self.data.get(key)

    def finish(self) -> None:
        """Report the keys that nobody has asked for."""
        for key in self.data:
            if key not in self._read:
                self.fault(f"不认识的键{quoted(key)}，请删去或改正拼写")

    def skip(self, *keys: str) -> None:
        """Take keys as read, all if none is named, where an earlier fault makes them unreadable."""
        self._read.update(keys or self.data)

    def text(self, key: str, required: bool = True, blank: bool = False) -> Any:
        """Read a text; a blank one is a fault unless `blank`."""
        value = self.get(key, required)
        if value is None:
            return None
        if not isinstance(value, str):
            self.fault(f"{self.named(key)}应为文字，请加引号")
            return None
        if not blank and not value.strip():
            self.fault(f"{self.named(key)}为空，请填写")
            return None
        return value

    def choice(self, key: str, options: tuple[str, ...], default: str | None = None) -> Any:
        """Read one of several words; required if there is no default."""
        if not self.has(key) and default is not None:
            return default
        value = self.text(key, blank=True)
        if value is not None and value not in options:
            lead = " " if self.words is AS_TYPED else ""
            known = "、".join(self.valued(key, option).lstrip() for option in options)
            self.fault(f"{self.named(key)}不能是{quoted(value)}，请改为{lead}{known}之一")
            return None
        return value

    def flag(self, key: str) -> bool:
        """Read true or false; false if absent."""
        value = self.get(key, required=False)
        if value is None:
            return False
        if not isinstance(value, bool):
            self.fault(f"{self.named(key)}应为 true 或 false，请改正")
            return False
        return value

    def integer(self, key: str, required: bool = True) -> Any:
        """Read a whole number, written without a point."""
        value = self.number(key, required=required)
        if value is not None and type(self.data[key]) is not int:
            self.fault(f"{self.named(key)}应为整数，请改正")
            return None
        return value

    def number(self, key: str, default: Number | None = None, required: bool = False) -> Any:
        """Read a number exactly."""
        if key not in self.data:
            self.get(key, required)
            return default
        return self.as_number(self.get(key, required), self.named(key))

    def as_number(self, value: Any, what: str) -> Any:
        """Return a raw value exactly if it is a number; `what` is what faults call it."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.fault(f"{what}应为数字，请改正")
            return None
        try:
            return exact(value)
        except ValueError:
            self.fault(f"{what}不是有限的数字或超过 {MAX_DIGITS} 位，请改正")
            return None

    def points(self, key: str, top: Number | None, default: Number | None = 0) -> Any:
        """Read an award: not negative and not above `top`; without a default it is required."""
        value = self.number(key, default, required=default is None)
        if value is None:
            return None
        if value < 0:
            self.fault(f"{self.named(key)}为负数，请改为 0 或正数")
        elif top is not None and value > top:
            self.fault(f"{self.named(key)}高于分值 {plain(top)}，请改小")
        return value

    def date(self, key: str) -> datetime.date | None:
        """Read a date without a time; None if absent."""
        value = self.get(key, required=False)
        if value is None:
            return None
        if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
            self.fault(f"{self.named(key)}应为日期，请写成 2024-01-31 的样子，不加引号")
            return None
        return value

    def expression(
        self,
        key: str,
        kind: str = NUMBER,
        required: bool = True,
        codes: frozenset[str] | None = None,
    ) -> Any:
        """Read an expression: a text, or for numbers also a bare number."""
        value = self.get(key, required)
        if value is None:
            return None
        return self.as_expression(value, self.named(key), kind, codes)

    def as_expression(
        self, value: Any, what: str, kind: str, codes: frozenset[str] | None = None
    ) -> Any:
        """Parse a raw value as an expression; `what` is what faults call it."""
        if isinstance(value, str):
            try:
                return parse(value, kind, codes)
            except ExpressionError as error:
                self.fault(f"{what}{quoted(value)}有误：{error}")
                return None
        if kind == CONDITION:
            self.fault(f"{what}应为条件，请用引号写明条件")
            return None
        number = self.as_number(value, what)
        return None if number is None else constant(number, plain(number))

    def rows(self, key: str, required: bool = True) -> list[Any] | None:
        """Read an array that is not empty; None if absent or faulty."""
        value = self.get(key, required)
        if value is None:
            return None
        if not isinstance(value, list) or not value:
            self.fault(f"{self.named(key)}应为非空的数组，请改正")
            return None
        return value

    def tables(self, key: str, label: str, required: bool = True) -> list[Table]:
        """Read an array of tables; each is named `label` and its number, 1 first."""
        value = self.get(key, required)
        if value is None:
            return []
        if not isinstance(value, list) or (required and not value):
            self.fault(f"{self.named(key)}应为非空的一组表，请写成 [[{key}]]")
            return []
        found = []
        for number, item in enumerate(value, 1):
            prefix = f"{self.where}：" if self.where else ""
            where = f"{prefix}{self.words.table(key, label, number)}"
            if isinstance(item, dict):
                found.append(Table(item, where, self.faults, NAMES.get(key), self.words))
            else:
                self.faults.append(f"{where}：应为一张表，请写成 [[{key}]]")
        return found
