"""The facts file: strict JSON in, exact numbers out, every fault at once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.engine.scoring.canonical import digest
from tracker.engine.scoring.exact import MAX_DIGITS, Number, read_decimal
from tracker.engine.scoring.meaning import CURRENT, Meaning, folded
from tracker.engine.scoring.names import is_measure, quoted


class FactsError(ValueError):
    """A facts file that is refused. `faults`: every fault in Chinese, one line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject to be scored; `measures` holds only what is reported, as int or Fraction.

    `code` is as written; `class_name` as classes are compared (see `Meaning.same`), "" for none.
    """

    code: str
    name: str
    class_name: str
    measures: Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a year, subjects in the file's order; `sha256` is the file's digest."""

    year: int
    subjects: tuple[Subject, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """A JSON number that is no whole number of reasonable length; kept to be named in a fault."""

    text: str


def parse_facts(
    source: str | bytes | dict[str, Any],
    year: int | None = None,
    classes: Collection[str] = (),
    meaning: Meaning = CURRENT,
) -> Facts:
    """Read facts from JSON text, UTF-8 bytes, or an object already parsed.

    Values are whole numbers, decimal strings (`-?digits[.digits]`, at most 60 digits) or None for
    not reported. Raises FactsError with all faults, also if `year` is given and is another, or a
    subject has a class that `classes` (if there are any) lack.
    The digest is that of the parsed JSON as it stands: "1.50" and "1.5" are two texts.
    """
    faults: list[str] = []
    obj = source if isinstance(source, dict) else _parse_json(source, faults)
    facts = _read(obj, year, _SubjectReader(faults, classes, meaning))
    if faults:
        raise FactsError(faults)
    return Facts(facts.year, facts.subjects, digest(obj))


def _parse_json(text: str | bytes, faults: list[str]) -> Any:
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            raise FactsError(["文件不是 UTF-8 编码，请另存为 UTF-8"]) from None

    def whole(digits: str) -> int | _Unreadable:
        return int(digits) if len(digits) <= MAX_DIGITS else _Unreadable(digits)

    try:
        return json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=lambda pairs: _unique(pairs, faults),
            parse_int=whole,
            parse_float=_Unreadable,
            parse_constant=_Unreadable,
        )
    except RecursionError:
        raise FactsError(["JSON 套叠过深，请核对括号"]) from None
    except json.JSONDecodeError as error:
        place = f"第 {error.lineno} 行第 {error.colno} 列"
        raise FactsError([f"JSON 语法有误({place})，请检查该处的引号、逗号、括号"]) from None


def _unique(pairs: list[tuple[str, Any]], faults: list[str]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(key for key, _ in pairs)
        repeated = [key for key in found if times[key] > 1]
        faults.extend(f"键{quoted(key)}在同一处重复，请只保留一个" for key in repeated)
    return found


def _read(obj: Any, year: int | None, reader: _SubjectReader) -> Facts:
    faults = reader.faults
    if not isinstance(obj, dict):
        raise FactsError([*faults, '文件最外层应为对象，请写成 {"year": …, "subjects": […]}'])
    _unknown_keys(obj, ("year", "subjects"), "", faults)
    found: Any = obj.get("year")  # with a fault, nothing of what is read is handed on
    if type(found) is not int:
        faults.append("year 应为整数的年份，请填写")
    elif year is not None and found != year:
        faults.append(f"year 为 {found}，与评分细则的 {year} 年不符，请核对")
    rows = obj.get("subjects")
    if not isinstance(rows, list):
        faults.append("subjects 应为数组，请填写")
        rows = []
    subjects = [reader.read(row, number) for number, row in enumerate(rows, 1)]
    return Facts(found, tuple(filter(None, subjects)), "")


class _SubjectReader:
    """Reads subjects; remembers codes, and names and values already found sound."""

    def __init__(self, faults: list[str], classes: Collection[str], meaning: Meaning) -> None:
        self.faults = faults
        self.classes = classes
        self.same = meaning.same
        self.codes: set[str] = set()
        self.names: dict[Any, bool] = {}
        self.values: dict[str, Number | None] = {}

    def read(self, row: Any, number: int) -> Subject | None:
        where = f"第 {number} 个对象"
        if not isinstance(row, dict):
            self.faults.append(f"{where}：应为 JSON 对象，请改正")
            return None
        code: Any = row.get("code")
        if isinstance(code, str) and code.strip():
            where = f"对象{quoted(code)}"
            if self.same(code) in self.codes:
                self.faults.append(f"{where}：code 重复，请改为不同的编号")
            self.codes.add(self.same(code))
        _unknown_keys(row, ("code", "name", "class", "measures"), where, self.faults)
        self.text(row, "code", where, blank=False)
        if "name" in row:
            self.text(row, "name", where)
        class_name = self.class_name(row, where)
        measures = row.get("measures", {})
        if not isinstance(measures, dict):
            self.faults.append(f"{where}：measures 应为 JSON 对象，请改正")
            measures = {}
        values = {}
        for name, raw in measures.items():
            value = self.value(name, raw, where)
            if value is not None:
                values[name] = value
        return Subject(code, row.get("name", ""), class_name, values)

    def class_name(self, row: dict[str, Any], where: str) -> str:
        """Read the class; a missing or null one is ""."""
        if row.get("class") is None:
            return ""
        self.text(row, "class", where)
        found = self.same(row["class"]) if isinstance(row["class"], str) else ""
        fault = class_fault(found, self.classes, self.same)
        if fault:
            self.faults.append(f"{where}：{fault}")
        return found

    def text(self, row: dict[str, Any], key: str, where: str, blank: bool = True) -> None:
        value = row.get(key)
        if not isinstance(value, str) or not (blank or value.strip()):
            self.faults.append(f"{where}：{key} 应为文字，请填写")
        elif not _encodable(value):
            self.faults.append(f"{where}：{key} 含有无法编码的字符，请改正")

    def value(self, name: Any, raw: Any, where: str) -> Number | None:
        sound = self.names.get(name)
        if sound is None:
            sound = self.names[name] = isinstance(name, str) and is_measure(name)
        if not sound:
            self.faults.append(f"{where}：{quoted(name)}不是指标名，请核对拼写，保留字不能用")
            return None
        if raw is None or (type(raw) is int and abs(raw) < 10**MAX_DIGITS):
            return raw
        if type(raw) is str:
            if raw in self.values:
                value = self.values[raw]
            else:
                value = self.values[raw] = read_decimal(raw)
            if value is not None:
                return value
        shown = quoted(raw.text if isinstance(raw, _Unreadable) else raw)
        self.faults.append(
            f'{where}：{name} 的值{shown}有误，应为整数、null 或带引号的小数(如 "1000.8")'
        )
        return None


def class_fault(name: str, classes: Collection[str], same: Callable[[str], str] = folded) -> str:
    """Say in Chinese that `classes` lack a class; "" if they have it, or if there are none."""
    if not name or not classes or same(name) in map(same, classes):
        return ""
    return f"类别{quoted(name)}不在细则的类别中，请改为 {'、'.join(classes)} 之一，或不填"


def _unknown_keys(
    row: dict[str, Any], known: tuple[str, ...], where: str, faults: list[str]
) -> None:
    prefix = f"{where}：" if where else ""
    faults.extend(
        f"{prefix}不认识的键{quoted(key)}，请删去或改正拼写" for key in row if key not in known
    )


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
