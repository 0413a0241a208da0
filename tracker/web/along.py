"""Whatever a page shows as a table, as a file: the page itself with `?tables=xlsx` or `csv`.

The file is read from the page that the same view makes for the same address: whose records are in
it, what they were narrowed to and how each is shown follows from that, and a page that is added has
it at once. Lists of records have a file of their own (`kit/files`), whatever their length.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from flask import Flask, Response, current_app, request
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from tracker.core.quantities.clock import present, today, written
from tracker.web.downloads import attachment
from tracker.web.period import need_year
from tracker.web.sheets import Form, Row, Sheet, Value, file_name, write_all
from tracker.web.shown import Shown, Table, shown_in
from tracker.web.tables import AS_FILE, MOST_ALONG, along, here
from tracker.web.whose import titled

_TABLE = re.compile(r"<table\b[^>]*>")
_OWN_FILE = "/export.xlsx"
_OF_RECORDS = re.compile(r'class="[^"]*\brecords\b')
_NUMBER = re.compile(r"[-−]?[0-9][0-9,]*(?:\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FILES = (("导出 Excel", Form.XLSX), ("导出 CSV", Form.CSV))
_LONGEST_NAME = 31  # of a sheet


def init_app(app: Flask) -> None:
    """Answer with the tables of a page where its address asks for them."""
    app.jinja_env.globals.update(files_along=files_along)
    app.after_request(_as_file)


def files_along(content: str, acts: str) -> list[tuple[str, str]]:
    """(label, address) of the files of the tables in `content`; none where it has no table but the
    list whose own file is among the `acts` of the page."""
    tables = _TABLE.findall(content)
    if _OWN_FILE in acts:
        tables = [each for each in tables if not _OF_RECORDS.search(each)]
    if not tables or request.method != "GET":
        return []
    return [(label, here(**{AS_FILE: form.value})) for label, form in _FILES]


def _as_file(answer: Response) -> Response:
    form = along()
    if form is None or answer.status_code != 200 or answer.mimetype != "text/html":
        return answer
    page = shown_in(answer.get_data(as_text=True))
    if not page.tables:
        return answer
    try:
        return _file_of(page, Form(form))
    except HTTPException as error:
        return current_app.make_response(current_app.handle_user_exception(error))


def _file_of(page: Shown, form: Form) -> Response:
    need_year()
    title = titled(page.title or "表格")
    sheets = sheets_of(page, title)
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        write_all(sheets, form, out)
        size = out.tell()
        out.seek(0)
        name = file_name(title, today(), form)
        answer = attachment(out, name, form.content_type, about=f"{title}，页上的表格")
        answer.content_length = size
        return answer
    except BaseException:
        out.close()
        raise


def sheets_of(page: Shown, title: str = "") -> list[Sheet]:
    """The tables of a page, the lines that say what it is above each: first `title`, else that of
    the page."""
    said = [title or page.title]
    if page.conditions:
        said.append("；".join(page.conditions))
    said.append(f"山海协作考核，{current_user.display_name}导出于 {written(present())}。")
    said += [words for words in (page.samples, page.rules) if words]
    if page.more:
        said.append(f"页上还有更多：本文件只含其中 {MOST_ALONG:,} 条，请筛选后再导出。")
    found: list[Sheet] = []
    for name, table in zip(_names(page), page.tables, strict=True):
        about = [said[0] if name == page.title else f"{said[0]}：{table.name}", *said[1:]]
        heads, rows = _typed(table)
        found.append(Sheet(name, about, heads, rows, list))
    return found


def _names(page: Shown) -> Iterator[str]:
    seen: set[str] = set()
    for table in page.tables:
        name = (table.name or page.title or "表")[:_LONGEST_NAME]
        number = 1
        while name.casefold() in seen:
            number += 1
            end = f"（{number}）"
            name = f"{name[: _LONGEST_NAME - len(end)]}{end}"
        seen.add(name.casefold())
        yield name


def _typed(table: Table) -> tuple[list[str], list[Row]]:
    """Heads and rows: figures as numbers, days as days. A note beside a figure is in a column
    behind it; columns in which nothing stands (what can be done with a row) are left out."""
    width = max(len(table.heads), *(len(row) for row in table.rows), 0)
    heads = [table.heads[at] if at < len(table.heads) else "" for at in range(width)]
    columns: list[list[Value]] = []
    found: list[str] = []
    for at, head in enumerate(heads):
        cells = [row[at] if at < len(row) else None for row in table.rows]
        if table.rows and not any(cell and (cell.text or cell.note) for cell in cells):
            continue
        columns.append([_value(cell.text, figure=cell.figure) if cell else None for cell in cells])
        found.append(head)
        notes = [cell.note if cell else "" for cell in cells]
        if any(notes):
            columns.append([note or None for note in notes])
            found.append(f"{head}（注）")
    return found, [list(row) for row in zip(*columns, strict=True)]


def _value(text: str, *, figure: bool) -> Value:
    if figure and _NUMBER.fullmatch(text):
        return Decimal(text.replace(",", "").replace("−", "-"))
    if _DAY.fullmatch(text):
        return date.fromisoformat(text)
    return text or None
