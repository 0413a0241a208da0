"""The figures of a rulebook that can be supposed to be others: points, targets, bands, awards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tracker.core.quantities.printed import as_decimal
from tracker.core.told import ToldError
from tracker.engine.scoring import (
    Rulebook,
    RulebookError,
    meaning_of,
    parse_toml,
    plain,
    rulebook_of,
)
from tracker.engine.scoring.methods import RULES
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.year.assessments.snapshots import rulebook_path
from tracker.year.rulebooks.headings import FIELDS

CELLS = ("界限", "得分")
MOST_PLACES = 6
# What a method gives in points, as a single figure and as the second of a row.
FIXED = ("unit", "gain", "loss", "otherwise", "award", "max")
TABLES = ("steps", "table", "share_table")


@dataclass(frozen=True, slots=True)
class OtherWeight:
    """A figure of a rulebook's line as it is supposed to be; `path` as `Weight.path`."""

    sheet: str
    line: str
    path: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Weight:
    """A figure that a line gives: `path` says where it stands in the line's table ("points",
    "part.0.unit", "steps.2.1"), `label` what it is called."""

    line: str
    path: str
    label: str
    now: Decimal


class WeightError(ToldError, ValueError):
    """Weights that make no rulebook: `faults` by line, "" for what is of no one line."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("\n".join(faults.values()))
        self.faults = faults


def weights_of(points: ScoredSnapshot, sheet: ScoredSheet) -> dict[str, list[Weight]]:
    """The figures of a sheet's rulebook by line."""
    rows = _data(points, sheet)["indicator"]
    return {row["code"]: list(_of_row(row)) for row in rows}


def weights_by_path(points: ScoredSnapshot, sheet: ScoredSheet) -> dict[tuple[str, str], Weight]:
    """The figures of a sheet's rulebook by (line, path), found once for a snapshot."""

    def find() -> dict[tuple[str, str], Weight]:
        return {(w.line, w.path): w for of in weights_of(points, sheet).values() for w in of}

    found: dict[tuple[str, str], Weight] = points.basis.kept(("weights", sheet.rulebook.code), find)
    return found


def weighted(
    points: ScoredSnapshot, sheet: ScoredSheet, others: Collection[OtherWeight]
) -> Rulebook:
    """The rulebook of a sheet with other figures. Raises WeightError where the figures together
    make no rulebook, KeyError for one that is not there."""
    data = deepcopy(_data(points, sheet))
    rows = {row["code"]: row for row in data["indicator"]}
    touched = Counter((each.line, each.path == "points") for each in others)
    for each in others:
        known = {weight.path for weight in _of_row(rows[each.line])}
        if each.path not in known:
            raise KeyError(each.path)
        if each.path == "points" and not touched[each.line, False]:
            _scale(rows[each.line], each.value)
        _put(rows[each.line], each.path.split("."), each.value)
    if fault := _sum_fault(data, sheet.rulebook):
        raise WeightError({"": fault})
    try:
        return rulebook_of(data, meaning_of(points.document["engine"]), FIELDS)
    except RulebookError as error:
        raise WeightError(_by_line(error.faults)) from error


def _data(points: ScoredSnapshot, sheet: ScoredSheet) -> dict[str, Any]:
    """The values of a rulebook's file: read once for a snapshot, not to be changed."""

    def read() -> dict[str, Any]:
        return parse_toml(points.document["set"]["files"][rulebook_path(points, sheet)])

    found: dict[str, Any] = points.basis.kept(("rulebook", sheet.rulebook.code), read)
    return found


def _of_row(row: Mapping[str, Any]) -> Iterator[Weight]:
    code = row["code"]
    yield Weight(code, "points", "分值", Decimal(row["points"]))
    for name, points in row.get("points_by_class", {}).items():
        # A class may be called anything; what would part the path is left as it is.
        if "." not in name:
            yield Weight(code, f"points_by_class.{name}", f"{name}分值", Decimal(points))
    yield from _of_method(code, row, "", "")
    for number, part in enumerate(row.get("part", ())):
        head = f"第 {number + 1} 部分"
        yield Weight(code, f"part.{number}.points", f"{head}分值", Decimal(part["points"]))
        yield from _of_method(code, part, f"part.{number}.", head)


def _of_method(code: str, row: Mapping[str, Any], path: str, head: str) -> Iterator[Weight]:
    rule = RULES.get(row.get("method", ""))
    for key, label in rule.parameters.items() if rule else ():
        value = row.get(key)
        if isinstance(value, int | Decimal) and _is_number(value):
            yield Weight(code, f"{path}{key}", f"{head}{label}", Decimal(value))
        elif isinstance(value, list):
            for number, cells in enumerate(value):
                yield from _of_cells(code, cells, f"{path}{key}.{number}", (head, label, number))


def _of_cells(code: str, cells: Any, path: str, said: tuple[str, str, int]) -> Iterator[Weight]:
    head, label, number = said
    if isinstance(cells, list):
        for place, cell in enumerate(cells[:2]):
            if _is_number(cell):
                words = f"{head}{label}第 {number + 1} 行{CELLS[place]}"
                yield Weight(code, f"{path}.{place}", words, Decimal(cell))
    elif isinstance(cells, dict):
        for key, words in (("award", "得分"), ("unit", "每个分值"), ("max", "最多")):
            if _is_number(cells.get(key)):
                yield Weight(code, f"{path}.{key}", f"{cells['name']}{words}", Decimal(cells[key]))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _put(table: Any, path: list[str], value: Decimal) -> None:
    for key in path[:-1]:
        table = table[int(key) if isinstance(table, list) else key]
    last = int(path[-1]) if isinstance(table, list) else path[-1]
    table[last] = int(value) if value == value.to_integral_value() else value


def _scale(row: dict[str, Any], points: Decimal) -> None:
    """Let all that is fixed in points go along with those of the line, as for a class with points
    of its own. Raises WeightError where that has no end in decimals."""
    if not row["points"]:
        return
    factor = Fraction(points) / Fraction(row["points"])

    def scaled(value: Any) -> Any:
        found = Fraction(value) * factor
        if 10**MOST_PLACES % found.denominator:
            fault = "改分值后，本指标内的各项得分除不尽，请把它们也填上。"
            raise WeightError({row["code"]: fault})
        return as_decimal(found)

    for name, of_class in row.get("points_by_class", {}).items():
        row["points_by_class"][name] = scaled(of_class)
    for part in (row, *row.get("part", ())):
        keys = [*FIXED, *(("points",) if part is not row else ())]
        part.update({key: scaled(part[key]) for key in keys if _is_number(part.get(key))})
        for rows in (part[key] for key in TABLES if key in part):
            rows[:] = [[first, scaled(award)] for first, award in rows]
        for item in part.get("items", ()):
            item.update({key: scaled(item[key]) for key in FIXED if _is_number(item.get(key))})


def _sum_fault(data: Mapping[str, Any], book: Rulebook) -> str:
    """What is wrong with the sum of the points, which is what one changes first."""
    full = Decimal(plain(book.full_marks))
    lines = [row for row in data["indicator"] if row.get("kind", "score") == "score"]
    names = dict.fromkeys(name for row in lines for name in row.get("points_by_class", {}))
    for name in (None, *names):
        points = [row.get("points_by_class", {}).get(name, row["points"]) for row in lines]
        total = sum(map(Decimal, points), Decimal(0))
        if total != full:
            of, short = f"“{name}”" if name else "", full - total
            act = f"还差 {_text(short)} 分" if short > 0 else f"多出 {_text(-short)} 分"
            return (
                f"{of}计分指标的分值合计为 {_text(total)} 分，应等于满分 {_text(full)} 分，{act}。"
                "请同时调整其他指标的分值。"
            )
    return ""


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _by_line(faults: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for fault in faults:
        head, mark, rest = fault.partition("：")
        line = head.removeprefix("指标 ") if mark and head.startswith("指标 ") else ""
        words = f"{rest if line else fault}。"
        found[line] = found[line] + words if line in found else words
    return found
