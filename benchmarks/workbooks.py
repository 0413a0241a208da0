"""A workbook of 50,000 rows by 20 columns, from its bytes to typed cells in the present process, as
an import reads it, beside openpyxl's quickest reader in this process; to both is added one bulk
insert of the same rows. Ours happens in a process of its own, whose start and whatever is sent
between the two is counted.

The ratio counts; also what is held at most, here beside the bytes and in the process that reads,
for a fifth of the rows and for all of them.
"""

from __future__ import annotations

import io
import resource
import sqlite3
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import openpyxl

from tracker.core.strangers import lines_apart
from tracker.exchange.sheets.reading import read
from tracker.exchange.sheets.table import BOUNDS

ROWS, COLUMNS = 50_000, 20


def main() -> None:
    """Print a line for a fifth of the rows and one for all of them."""
    print(
        f"{'rows':>8}{'openpyxl':>10}{'insert':>9}{'ours':>9}{'ratio':>8}{'here':>10}{'there':>10}"
    )
    for rows in (ROWS // 5, ROWS):
        data = workbook(rows)
        plain = timed(partial(openpyxl_reads, data))
        insert = timed(partial(inserted, rows))
        ours = timed(partial(we_read, data))
        tracemalloc.start()
        we_read(data)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        ratio = (ours + insert) / (plain + insert)
        there = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        times = f"{rows:8,}{plain:10.2f}{insert:9.2f}{ours:9.2f}{ratio:8.2f}"
        print(f"{times}{held / 1e6:7.1f} MB{there:7.0f} MB")


def workbook(rows: int) -> bytes:
    """Texts, days and numbers."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("项目")
    for row in cells(rows):
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(rows: int) -> Iterator[list[object]]:
    for number in range(rows):
        texts = [f"示例项目{number}号", "产业合作", "是", f"甲公司{number % 97}"]
        days = [date(2024, 1 + number % 12, 1 + number % 28)] * 4
        yield [*texts, *days, *(number * 1.25 + each for each in range(COLUMNS - 8))]


def openpyxl_reads(data: bytes) -> None:
    """What openpyxl reads of it where nobody is careful."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    for _row in book.worksheets[0].iter_rows(values_only=True):
        pass


def we_read(data: bytes) -> None:
    """What an import reads of it."""
    count = 0
    with lines_apart(read, data, bounds=BOUNDS, most_rows=10**6, most_columns=100) as found:
        for told in found:
            count += len(told.get("rows", ()))
    assert count


def inserted(rows: int) -> None:
    """One bulk insert of the rows into a table of SQLite in memory."""
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE TABLE t ({','.join(f'c{n}' for n in range(COLUMNS))})")
    marks = ",".join("?" * COLUMNS)
    values = ([str(v) for v in row] for row in cells(rows))
    base.executemany(f"INSERT INTO t VALUES ({marks})", values)
    base.commit()


def timed(act: Callable[[], None]) -> float:
    """Seconds of the processor, those of the process that reads among them."""
    begin = spent()
    act()
    return spent() - begin


def spent() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
