"""A kind's list as a file: all that it was narrowed to, in its order, with its numbers and sums.

The file says what the page says, but for what a spreadsheet reckons with: a figure is a number in
the unit of its column's head, as exact as it is known, its ≥, ≤ or ≈ in a column behind it, and a
day is a day. Whose rows are in it follows from the list's own statement.
"""

from __future__ import annotations

import html
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, request, url_for
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import Boolean, Date, Integer, String, func

from tracker.core.db import Coded, Money, Origin, Scaled, UtcDateTime, db
from tracker.core.db.codes import LabelledEnum
from tracker.core.quantities.clock import local, present, today, written
from tracker.core.quantities.figure import WAN_YUAN, YUAN, Figure
from tracker.core.quantities.precision import EXACT
from tracker.core.quantities.shown import NOT_APPLICABLE, NOT_REPORTED
from tracker.core.quantities.units import in_wan
from tracker.web.access import requires
from tracker.web.downloads import attachment
from tracker.web.kit import looks
from tracker.web.kit.declared import Column, Total
from tracker.web.kit.kinds import Kind, name_of, value_at
from tracker.web.kit.listing import Listing, Wanted, totals_of, wanted_of
from tracker.web.kit.paging import Slice, portions_of
from tracker.web.period import carried_year, need_year, selected_year
from tracker.web.sheets import Form, Row, Sheet, Value, file_name, write
from tracker.web.tables import PAGE_PARAMETERS, joined
from tracker.web.whose import titled

SERIAL, NUMBER, ORIGIN = "序号", "记录编号", "记录来历"
_BREAKS = re.compile(r"<br\s*/?>|</(?:li|p|div|dd|dt)>")
_NOTES = re.compile(r'<span class="(?:note|count|exact)"')
_TAGS = re.compile(r"<[^>]*>")
_NUMBER = re.compile(r"[-−]?[0-9][0-9,]*(?:\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DASH = "—"
_PLACE = "place_of_lists"


def say_place(app: Flask, name: Callable[[], str]) -> None:
    """Let `name` say of which place lists show the records to who asks; "" where of all."""
    app.extensions[_PLACE] = name


def offer_files(bp: Blueprint, kind: Kind, above: str = "") -> None:
    """Add `export.csv` and `export.xlsx` of the list of `kind` to its blueprint."""

    def export(form: str, **at: int) -> Response:
        parent_id = at.get(kind.parent.column) if kind.parent else None
        return file_of(kind, Form(form), parent_id)

    rule = f"{above}/export.<any({', '.join(Form)}):form>"
    bp.add_url_rule(rule, "export", requires(kind.view)(export), methods=["GET"])


def file_of(kind: Kind, form: Form, parent_id: int | None = None) -> Response:
    """The list that the address asks for, as a file; 404 under a parent out of the user's sight.

    It is written whole before it is sent, from one state of the data: whoever takes it slowly
    holds no transaction, and what cannot be made is told as a page and not as half a file.
    """
    need_year()
    parent = None
    if kind.parent is not None and parent_id is not None:
        parent = kind.parent.kind.get(current_user, parent_id)
        if parent is None or not kind.parent.fits(parent):
            abort(404)
    wanted = wanted_of(kind, current_user, parent)
    number = db.session.scalar(_counted(kind, wanted)) or 0
    title = titled(title_of(kind, parent))
    sheet = sheet_of(kind, wanted, number, title, under=parent is not None)
    name = file_name(title, today(), form)
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        write(sheet, form, out)
        size = out.seek(0, os.SEEK_END)
        out.seek(0)
        answer = attachment(out, name, form.content_type, about=f"{title}，{number:,} 条")
        answer.content_length = size
        return answer
    except BaseException:
        out.close()
        raise


def addresses_of(listing: Listing) -> list[tuple[str, str]]:
    """(label, address) of the files of a list as it is narrowed and sorted; none where its kind
    offers none."""
    kind = listing.kind
    endpoint = f"{kind.key}.export"
    if endpoint not in current_app.view_functions:
        return []
    kept: dict[str, Any] = {
        name: value for name, value in request.args.items() if name not in PAGE_PARAMETERS
    }
    kept["year"] = carried_year()
    under = {kind.under.column: listing.parent.id} if listing.parent is not None else {}
    found = []
    for label, form in (("导出 Excel", Form.XLSX), ("导出 CSV", Form.CSV)):
        address = url_for(endpoint, form=form.value, year=None, **under)
        found.append((label, joined(address, kept)))
    return found


def title_of(kind: Kind, parent: Any) -> str:
    """What the list is called."""
    return f"{kind.under.kind.name(parent)}：{kind.label}" if parent is not None else kind.label


def sheet_of(kind: Kind, wanted: Wanted, number: int, title: str, *, under: bool) -> Sheet:
    """The list as a table; its rows are read when they are written."""
    columns = columns_of(kind)
    heads = [SERIAL]
    plain = set()
    for column in columns:
        if column.plain:
            plain.add(len(heads))
        heads += [column.head, f"{column.label}的精度"] if column.bounded else [column.head]
    with_origin = _says_no_origin(kind)
    heads += [ORIGIN, NUMBER] if with_origin else [NUMBER]
    plain.add(len(heads) - 1)

    def rows() -> Iterator[Row]:
        serial = 0
        for portion in portions_of(wanted.statement, kind.model, wanted.order, options=kind.load):
            if kind.prepare is not None:
                kind.prepare(portion)
            of_portion = _portion(kind, wanted, portion)
            for record in portion:
                serial += 1
                yield _row(columns, of_portion, record, serial, with_origin)

    def last() -> Sequence[Row]:
        sums = totals_of(kind, wanted.statement) if number else {}
        return _last(columns, sums, len(heads)) if sums else []

    about = about_of(kind, wanted, number, title, under=under)
    return Sheet(kind.label, about, heads, rows(), last, frozenset(plain))


def _portion(kind: Kind, wanted: Wanted, portion: Sequence[Any]) -> Listing:
    of_all = Slice(portion, None, None, None)
    return Listing(kind, wanted.statement, of_all, wanted.text, wanted.asked, wanted.sort)


def _row(
    columns: Sequence[FileColumn], listing: Listing, record: Any, serial: int, with_origin: bool
) -> Row:
    found: list[Value] = [serial]
    for place, column in enumerate(columns):
        value, sign = column.read(record)
        if isinstance(value, str):
            if place:
                value += listing.beside(column.column, record)
            else:
                value += listing.apart.get(record.id, "")
            if sign and not column.bounded:
                value = f"{sign}{value}"
        found += [value, sign or None] if column.bounded else [value]
    if with_origin:
        found.append(record.origin.label)
    found.append(record.id)
    return found


def _last(columns: Sequence[FileColumn], sums: Any, width: int) -> list[Row]:
    """合计, and how many records it lacks, below the figures that the list adds up."""
    total: list[Value] = ["合计"]
    missing: list[Value] = ["未报（条），未计入合计"]
    for column in columns:
        found = sums.get(column.column.name)
        value, sign = _sum(column, found) if found is not None else (None, None)
        total += [value, sign or None] if column.bounded else [value]
        unknown = found.unknown if found is not None and found.value is not None else None
        missing += [unknown or None, None] if column.bounded else [unknown or None]
    rows = [total, missing] if any(isinstance(each, int) for each in missing) else [total]
    return [[*row, *[None] * (width - len(row))] for row in rows]


def _sum(column: FileColumn, found: Total) -> tuple[Value, str]:
    value = found.value
    if value is None:
        return NOT_REPORTED, EXACT
    if isinstance(value, Figure):
        of = value.to(WAN_YUAN) if column.unit == WAN_YUAN else value
        return _plain(of.value), of.precision
    return _plain(in_wan(value) if column.unit == WAN_YUAN else Decimal(value)), EXACT


# -- what stands above


def about_of(kind: Kind, wanted: Wanted, number: int, title: str, *, under: bool) -> list[str]:
    """The lines above the table: what it is, what it was narrowed to, who took it along and when;
    what in it is invented."""
    lines = [title, "；".join(_conditions(kind, wanted, under=under))]
    who = f"山海协作考核，{current_user.display_name}导出于 {written(present())}"
    lines.append(f"{who}，共 {number:,} 条。")
    samples = _samples(kind, wanted) if number else 0
    if samples:
        lines.append(f"其中{Origin.SAMPLE.label} {samples:,} 条，为虚构，不得作为正式考核依据。")
    return lines


def _conditions(kind: Kind, wanted: Wanted, *, under: bool) -> list[str]:
    place = "" if under else current_app.extensions[_PLACE]()
    said = [f"范围：{place}"] if place else []
    if all(each.filter.year_of is None for each in wanted.asked):
        said.append(f"所看年度：{selected_year()} 年度")
    for each in wanted.asked:
        if each.chosen or each.filter.year_of is not None:
            word = next((word for value, word in each.choices if value == each.chosen), each.blank)
            said.append(f"{each.filter.label}：{word}")
    if wanted.text:
        said.append(f"{kind.search_label}含“{wanted.text}”")
    name = wanted.sort.removeprefix("-")
    column = next((column for column in kind.columns if column.name == name), None)
    if column is not None:
        way = "降序" if wanted.sort.startswith("-") else "升序"
        said.append(f"按{looks.label(kind, column)}{way}")
    return said


def _counted(kind: Kind, wanted: Wanted) -> Any:
    return wanted.statement.order_by(None).with_only_columns(
        func.count(kind.model.id), maintain_column_froms=True
    )


def _samples(kind: Kind, wanted: Wanted) -> int:
    origin = getattr(kind.model, "origin", None)
    if origin is None:
        return 0
    return db.session.scalar(_counted(kind, wanted).where(origin == Origin.SAMPLE)) or 0


def _says_no_origin(kind: Kind) -> bool:
    """Whether the records come from somewhere and no column of the list says so."""
    return hasattr(kind.model, "origin") and all(
        column.look is not looks.origin for column in kind.columns
    )


# -- what stands in a cell

Read = Callable[[Any], tuple[Value, str]]  # record → value, sign


@dataclass(frozen=True)
class FileColumn:
    """A column of the list in a file: `read` gives the value of a record and the sign before it."""

    column: Column
    label: str
    head: str
    unit: str
    read: Read
    bounded: bool = False
    plain: bool = False


def columns_of(kind: Kind) -> list[FileColumn]:
    """The columns of a kind's list, all of them."""
    return [_column(kind, column) for column in kind.columns]


def _column(kind: Kind, column: Column) -> FileColumn:
    read, kept = _reader(kind, column), looks.column_at(kind.model, column.name)
    unit = looks.unit(kind, column)
    found = FileColumn(
        column,
        looks.label(kind, column),
        looks.head(kind, column),
        unit,
        read,
        bounded=column.bounded,
    )
    of_type = kept.type if kept is not None and column.value is column.look is None else None
    if isinstance(of_type, Integer) and not looks.is_number(kind.model, column):
        found = replace(found, plain=True)
    return found if column.applies is None else replace(found, read=_where(column.applies, read))


def _where(applies: Callable[[Any], bool], read: Read) -> Read:
    return lambda record: read(record) if applies(record) else (NOT_APPLICABLE, EXACT)


def _reader(kind: Kind, column: Column) -> Read:
    """How the value of a record is found: by the type of its column where the list shows it by
    that, else from what stands on the page."""
    kept = looks.column_at(kind.model, column.name)
    typed = column.look in (None, looks.money, looks.percent, looks.day)
    if column.value is None and typed and not column.unit and kept is not None:
        name, of, number = column.name, kept.type, looks.is_number(kind.model, column)
        unit = looks.unit(kind, column)
        if number and isinstance(of, Scaled | Integer):
            return lambda record: (_number(value_at(record, name), unit, of), EXACT)
        if isinstance(of, UtcDateTime):
            return lambda record: (_moment(value_at(record, name)), EXACT)
        if isinstance(of, Date) or (isinstance(of, Integer) and not kept.foreign_keys):
            return lambda record: (value_at(record, name), EXACT)
        if isinstance(of, Boolean):
            return lambda record: (text_of(looks.yes_no(value_at(record, name))), EXACT)
        if isinstance(of, Coded):
            return lambda record: (_label(value_at(record, name)), EXACT)
        if isinstance(of, String):
            return lambda record: (value_at(record, name) or None, EXACT)
    if column.look is looks.origin:
        return lambda record: (record.origin.label, EXACT)
    look = column.look or looks.look_of(kind.model, column.name)
    if column.value is None and look is looks.link:
        return lambda record: (_called(value_at(record, column.name)), EXACT)
    if column.look is looks.badge and column.value is None:
        return lambda record: (_label(value_at(record, column.name)), EXACT)
    is_number = looks.is_number(kind.model, column)
    is_day = kept is not None and isinstance(kept.type, Date)
    of_head = looks.unit(kind, column)

    bare = looks.cell_of(kind, column)

    def read(record: Any) -> tuple[Value, str]:
        return _read(bare(record), is_number, is_day, of_head)

    return read


def _read(shown: Markup | str, is_number: bool, is_day: bool, unit: str) -> tuple[Value, str]:
    of = getattr(shown, "of", None)
    if of is not None and is_number:
        exact = of.to(WAN_YUAN) if (of.unit, unit) == (YUAN, WAN_YUAN) else of
        if exact.unit in ("", unit):  # else each cell says its own, and is read with it
            return _plain(exact.value), exact.precision
    text = text_of(shown)
    if text in ("", _DASH):
        return None, EXACT
    if is_number and _NUMBER.fullmatch(text):
        return Decimal(text.replace(",", "").replace("−", "-")), EXACT
    if is_day and _DAY.fullmatch(text):
        return date.fromisoformat(text), EXACT
    return text, EXACT


def text_of(shown: Markup | str) -> str:
    """What stands on the page, without its marks."""
    if not isinstance(shown, Markup):
        return shown.strip()
    return _unmarked(str(shown))


@lru_cache(4096)  # most are words of a list, and come again
def _unmarked(shown: str) -> str:
    parted = _NOTES.sub(lambda found: f" {found[0]}", _BREAKS.sub("\n", shown))
    return html.unescape(_TAGS.sub("", parted)).strip()


def _number(value: Decimal | int | None, unit: str, of: Any) -> Value:
    if value is None:
        return NOT_REPORTED
    if isinstance(value, int):
        return value
    if isinstance(of, Money):
        return _plain(in_wan(value))
    return _plain(value * 100 if unit == "%" else value)


def _plain(value: Decimal) -> Decimal:
    """Without decimals that say nothing."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole else value.normalize()


def _label(value: LabelledEnum | None) -> Value:
    return value.label if value is not None else None


def _called(record: Any) -> Value:
    return name_of(record) if record is not None else None


def _moment(value: datetime | None) -> Value:
    return local(value).replace(tzinfo=None) if value is not None else None
