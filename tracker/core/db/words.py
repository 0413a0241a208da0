"""What people have to write of tables and columns: `data/dictionary/*.toml`.

`common.toml` holds the order of the areas and the columns that mean the same wherever they occur;
every other file is one area. Whether an entry fits the models is checked in `reading`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.core.config import ROOT
from tracker.core.told import ToldError

FOLDER = ROOT / "data" / "dictionary"
COMMON = "common"


class DictionaryError(ToldError):
    """The dictionary does not fit itself or the models; `faults` are for people."""

    status = 500

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("；".join(self.faults))


@dataclass(frozen=True)
class ColumnEntry:
    """Words on a column. `unit`: None where none is stated, "" where the number has none;
    `empty`: what an empty one means, None where none is stated."""

    label: str
    meaning: str
    unit: str | None = None
    empty: str | None = None


@dataclass(frozen=True)
class TableEntry:
    """Words on a table. `rules`: a constraint's name without its prefix → what it asks."""

    area: str
    label: str
    records: str
    columns: Mapping[str, ColumnEntry]
    rules: Mapping[str, str]


@dataclass(frozen=True)
class Entries:
    """All tables, by name, in the order of areas and files, and the common columns."""

    tables: Mapping[str, TableEntry]
    common: Mapping[str, ColumnEntry]


def load(folder: Path = FOLDER) -> Entries:
    """The entries in `folder`. Raises DictionaryError with all faults of their form."""
    faults: list[str] = []
    common = _toml(folder / f"{COMMON}.toml", faults)
    _known(common, {"areas", "columns"}, f"{COMMON}.toml", faults)
    areas = common.get("areas", [])
    files = sorted(path.stem for path in folder.glob("*.toml") if path.stem != COMMON)
    faults += [f"{name}.toml 不在 {COMMON}.toml 的 areas 中" for name in files if name not in areas]
    tables: dict[str, TableEntry] = {}
    for area in areas:
        file = _toml(folder / f"{area}.toml", faults)
        _known(file, {"title", "tables"}, f"{area}.toml", faults)
        title = _text(file, "title", f"{area}.toml", faults)
        for name, entry in file.get("tables", {}).items():
            if name in tables:
                faults.append(f"表 {name} 写了两次，第二次在 {area}.toml")
            tables[name] = _table(title, name, entry, faults)
    columns = _columns(common.get("columns", {}), COMMON, faults)
    if faults:
        raise DictionaryError(faults)
    return Entries(tables, columns)


def _toml(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(f"缺少文件 {path.name}")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{path.name} 不是正确的 TOML 文件：{error}")
    return {}


def _table(area: str, name: str, entry: Mapping[str, Any], faults: list[str]) -> TableEntry:
    _known(entry, {"label", "records", "columns", "rules"}, f"表 {name}", faults)
    rules = entry.get("rules", {})
    return TableEntry(
        area=area,
        label=_text(entry, "label", f"表 {name}", faults),
        records=_text(entry, "records", f"表 {name}", faults),
        columns=_columns(entry.get("columns", {}), name, faults),
        rules={rule: _text(rules, rule, f"表 {name} 的约束", faults) for rule in rules},
    )


def _columns(
    columns: Mapping[str, Mapping[str, Any]], table: str, faults: list[str]
) -> dict[str, ColumnEntry]:
    found = {}
    for name, entry in columns.items():
        where = f"{table}.{name}"
        _known(entry, {"label", "meaning", "unit", "empty"}, where, faults)
        found[name] = ColumnEntry(
            label=_text(entry, "label", where, faults),
            meaning=_text(entry, "meaning", where, faults),
            unit=entry.get("unit"),
            empty=_text(entry, "empty", where, faults) if "empty" in entry else None,
        )
    return found


def _text(entry: Mapping[str, Any], key: str, where: str, faults: list[str]) -> str:
    value = entry.get(key)
    if isinstance(value, str) and value.strip():
        return value
    faults.append(f"{where} 缺少 {key}")
    return ""


def _known(entry: Mapping[str, Any], keys: set[str], where: str, faults: list[str]) -> None:
    faults += [f"{where} 有不认识的项 {key}" for key in entry if key not in keys]
