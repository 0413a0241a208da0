"""Workbooks that are damaged in every way: never a fault of ours, never half an import."""

from __future__ import annotations

import io
import random
import re
import zipfile
from datetime import date

import pytest
from sqlalchemy import func, select

from tests.exchange.sheets.books import SHEET
from tests.web.conftest import Site
from tests.web.pages import text_of
from tests.web.test_imports import NEW, do, hand_in, sent, taken_along
from tracker.core.db import Base, db
from tracker.records.background.models import BackgroundJob, WorkState
from tracker.records.projects.models import Project

__all__ = ["sent"]
SOME, MANY = 10, 1_000
_PARTS = (SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels")
_HOSTILE = (
    *("=1+1", "\ud7ff", "&#xFFFE;", "&#0;", "_x0000_", "_xD800_", "9" * 400, "-", "—", "NaN"),
    *("1e999", "&lol;", "<!DOCTYPE x>", "]]>", "<x/>", "\u202e", "\ufeff", "0x10", "2024-02-30"),
)


def damaged(data: bytes, seed: int) -> bytes:
    """`data` damaged by chance, from a byte to a whole part; some of it may still be sound."""
    chance = random.Random(seed)
    way = chance.choice(
        [_bytes, _cut, _part_bytes, _part_lost, _value, _value, _value, _tag, _tag, _row]
    )
    return way(data, chance)


def _bytes(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.randint(1, 40)):
        found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def _cut(data: bytes, chance: random.Random) -> bytes:
    begin = chance.randrange(len(data))
    return data[:begin] + data[begin + chance.randint(1, 4_000) :]


def _repacked(data: bytes, part: str, content: bytes | None) -> bytes:
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            kept = source.read(name) if name != part else content
            if kept is not None:
                target.writestr(name, kept)
    return out.getvalue()


def _content(data: bytes, part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(part)


def _part_bytes(data: bytes, chance: random.Random) -> bytes:
    part = chance.choice(_PARTS)
    return _repacked(data, part, _bytes(_content(data, part), chance))


def _part_lost(data: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = chance.choice(archive.namelist())
    return _repacked(data, part, None if chance.random() < 0.7 else b"")


def _value(data: bytes, chance: random.Random) -> bytes:
    part = chance.choice([SHEET, SHEET, SHEET, "xl/worksheets/sheet3.xml"])
    content = _content(data, part).decode()
    values = list(re.finditer(r"<(v|t)( [^>]*)?>([^<]*)</\1>", content))
    for found in sorted(chance.sample(values, min(len(values), 3)), key=lambda f: -f.start()):
        word = chance.choice(_HOSTILE)
        content = content[: found.start(3)] + word + content[found.end(3) :]
    return _repacked(data, part, content.encode("utf-8", "surrogatepass"))


def _tag(data: bytes, chance: random.Random) -> bytes:
    content = _content(data, SHEET).decode()
    tags = list(re.finditer(r' (r|s|t)="([^"]*)"', content))
    found = chance.choice(tags)
    value = chance.choice(
        ["", "-1", "99999999", "A1", "XFD1048576", "s", "e", "b", "d", "str", "ZZZZ9"]
    )
    return _repacked(
        data, SHEET, (content[: found.start(2)] + value + content[found.end(2) :]).encode()
    )


def _row(data: bytes, chance: random.Random) -> bytes:
    content = _content(data, SHEET).decode()
    rows = re.findall(r"<row .*?</row>", content, re.S)
    row = chance.choice(rows)
    other = chance.choice([row + row, "", row.replace("</row>", ""), row + "<row r='9'/>"])
    return _repacked(data, SHEET, content.replace(row, other, 1).encode())


@pytest.mark.parametrize(
    "seeds",
    [
        pytest.param(range(SOME), id="some"),
        pytest.param(range(SOME, MANY), id="many", marks=pytest.mark.soak),
    ],
)
def test_a_damaged_workbook_is_refused_or_taken_whole(site: Site, seeds: range):
    staff = site.browser("staff")
    book = taken_along(staff)
    book.set(book.rows()[0], investor="新投资方", note="注")
    for number in range(6):
        book.set(
            book.free, **{**NEW, "name": f"损坏{number}", "signed_on": date(2024, 7, 1 + number)}
        )
    sound = book.saved()
    counts = rows(site)
    refused = passed = 0
    for seed in seeds:
        number = hand_in(site, staff, damaged(sound, seed))
        page = staff.get(f"/sheets/imports/{number}")
        assert page.status_code == 200, seed
        with site.app.app_context():
            job = db.session.get(BackgroundJob, number)
            assert (job.state, job.reason) == (WorkState.DONE, ""), seed
        if "没有导入任何一行" in text_of(page):
            refused += 1
            assert staff.get(f"/sheets/imports/{number}/workbook").status_code in (200, 302), seed
        else:
            passed += 1
        assert rows(site) == counts, f"{seed}: looking at it writes nothing"
    assert refused > passed
    number = hand_in(site, staff, sound)
    staff.confirm(f"/sheets/imports/{number}/take")
    do(site, number + 1)
    with site.app.app_context():
        found = select(func.count(Project.id)).where(Project.name.startswith("损坏"))
        assert db.session.scalar(found) == 6


def rows(site: Site) -> dict[str, int]:
    """How many rows each table of records has, and the versions of the projects."""
    aside = ("background_jobs", "background_chunks", "events", "user_sessions", "sent_forms")
    with site.app.app_context():
        found = {
            name: db.session.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
            if name not in aside
        }
        found["versions"] = db.session.scalar(select(func.sum(Project.version)))
    return found
