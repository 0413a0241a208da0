"""Workbooks as a person would fill them in, and what an import makes of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import openpyxl
from flask import Flask

from tracker.core.db import db, units
from tracker.core.quantities.clock import today
from tracker.exchange.sheets.checking import Plan, as_user, planned
from tracker.exchange.sheets.entering import MOST_ROWS, Entering, entering, kind_called
from tracker.exchange.sheets.reading import read
from tracker.exchange.sheets.table import MOST_COLUMNS, Table, sheets_of, table_from
from tracker.exchange.sheets.template import (
    FIRST_ROW,
    NAMES_ROW,
    lines_of,
    sheet_name,
    write_template,
)
from tracker.exchange.sheets.writing import rehearsed
from tracker.records.accounts.models import User


@contextmanager
def sitting(app: Flask, user_id: int, key: str) -> Iterator[Entering]:
    """The one who enters rows of a kind."""
    with app.app_context(), units.mode(writes=False):
        user = db.session.get_one(User, user_id)
        with as_user(user):
            kind = kind_called(key)
            assert kind is not None, key
            yield entering(kind, user)


def template(of: Entering) -> bytes:
    """The template, as somebody would take it."""
    out = io.BytesIO()
    place = of.user.region.name if of.user.region else ""
    write_template(of, lines_of(of), title=of.kind.label, place=place, day=today(), out=out)
    return out.getvalue()


class Book:
    """A workbook that is being filled in; columns are known by their fields."""

    def __init__(self, data: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(data))
        self.page = self.book.worksheets[0]
        self.columns = {cell.value: cell.column for cell in self.page[NAMES_ROW] if cell.value}

    def set(self, row: int, **values: Any) -> Book:
        """Write `values` into a row."""
        for name, value in values.items():
            self.page.cell(row, self.columns[name]).value = value
        return self

    def row(self, row: int) -> dict[str, Any]:
        """What stands in a row, the number and the version of its record aside."""
        return {
            name: self.page.cell(row, column).value
            for name, column in self.columns.items()
            if name not in ("_id", "_version")
        }

    def rows(self) -> list[int]:
        """The numbers of the rows that hold a record."""
        found = []
        number = FIRST_ROW
        while any(self.page.cell(number, column).value is not None for column in range(1, 8)):
            found.append(number)
            number += 1
        return found

    @property
    def free(self) -> int:
        """The first row that is free."""
        return FIRST_ROW + len(self.rows())

    def cell(self, row: int, name: str) -> Any:
        return self.page.cell(row, self.columns[name])

    def saved(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


def table(of: Entering, data: bytes) -> Table:
    """The rows of a workbook, read here."""
    told = read(data, most_rows=MOST_ROWS + FIRST_ROW, most_columns=MOST_COLUMNS)
    return table_from(sheets_of(told), of)


def tried(of: Entering, data: bytes) -> Plan:
    """What a workbook comes to; nothing is kept."""
    plan = planned(of, table(of, data))
    rehearsed(of, plan)
    return plan


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook `data` with another part; "" of the sheet that is filled in."""
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, change(content) if name == part else content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
__all__ = ["SHEET", "Book", "changed", "sheet_name", "sitting", "table", "template", "tried"]
