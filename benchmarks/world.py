"""Invented counties, enclaves, projects and money, as many times Zhejiang's as asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import flask_migrate
from flask import Flask
from sqlalchemy import insert

from tracker import create_app
from tracker.core.config import Settings
from tracker.core.db import Base, Origin, db, units
from tracker.records.enclaves.models import Enclave, EnclaveKind, ReturnTerm, TermKind
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.places.models import CountyListing, Region, RegionLevel
from tracker.records.projects.models import Project, ProjectCategory
from tracker.records.targets.models import Target

YEAR = 2024
COUNTIES, ENCLAVES, PROJECTS, ENTRIES = 28, 40, 10, 4  # Zhejiang's own; projects are a county's
FILED = datetime(2025, 1, 5, tzinfo=UTC)
KINDS = (EnclaveKind.INCOME, EnclaveKind.INDUSTRIAL, EnclaveKind.INNOVATION)
_seed = [20_030_710]


def seed() -> int:
    """What the invented data are drawn with."""
    return _seed[0]


def draw_with(number: int) -> None:
    """Draw them with another seed from now on."""
    _seed[0] = number


@contextmanager
def empty(url: str = "") -> Iterator[Flask]:
    """An application on the empty database `url`, or on a new SQLite one, with its context."""
    with TemporaryDirectory(prefix="tracker-bench-") as name:
        folder = Path(name)
        url = url or f"sqlite:///{folder / 'bench.db'}"
        app = create_app(Settings(url, folder, "bench", False, False))
        with app.app_context():
            flask_migrate.upgrade()
            yield app
            db.session.remove()
            db.engine.dispose()


@contextmanager
def world(times: int) -> Iterator[None]:
    """An application on a new SQLite database with `times` Zhejiangs of sample records."""
    with empty():
        with units.writing():
            _fill(times)
        yield


def _fill(times: int) -> None:
    counties = COUNTIES * times
    add_rows(
        Region,
        [{"code": "330000", "name": "浙江省", "level": RegionLevel.PROVINCE, "note": ""}]
        + [
            {"code": f"{n:06}", "name": f"示例县{n}", "level": RegionLevel.COUNTY, "note": ""}
            for n in range(counties)
        ],
    )
    ids = range(2, counties + 2)
    add_rows(CountyListing, [{"region_id": n, "note": ""} for n in ids])
    enclaves = [
        {
            "code": f"FD-{n}",
            "name": f"示例飞地{n}",
            "kind": KINDS[n % len(KINDS)],
            "origin_id": 2 + n % counties,
            "host_id": 1,
            "platform": "",
            "total_capital": Decimal(100_000_000),
            "villages": 100,
            "in_use_on": date(2020, 1, 1),
            "note": "",
        }
        for n in range(ENCLAVES * times)
    ]
    add_rows(Enclave, enclaves)
    numbers = range(1, len(enclaves) + 1)
    terms = {"kind": TermKind.FIXED_SUM, "amount": Decimal(10_000_000), "note": ""}
    add_rows(ReturnTerm, [{"enclave_id": n, **terms} for n in numbers])
    add_rows(
        LedgerEntry,
        [_entry("enclave_id", n, EntryKind.REBATE, q) for n in numbers for q in QUARTERS],
    )
    add_rows(
        Project,
        [
            {
                "name": f"示例项目{k}",
                "region_id": n,
                "category": ProjectCategory.INDUSTRY,
                "in_scope": True,
                "investor": "",
                "industry": "",
                "partner_note": "",
                "signed_on": date(YEAR, 1, 1 + k),
                "total_investment": Decimal(50_000_000 * (k + 1)),
                "note": "",
            }
            for n in ids
            for k in range(PROJECTS)
        ],
    )
    projects = range(1, counties * PROJECTS + 1)
    kind = EntryKind.FUNDS_IN_PLACE
    add_rows(LedgerEntry, [_entry("project_id", n, kind, q) for n in projects for q in QUARTERS])
    add_rows(
        Target,
        [
            {"year": YEAR, "region_id": n, "measure": measure, "value": Decimal(value)}
            for n in ids
            for measure, value in (("projects.counted", 10), ("projects.funds_in_place", 8_000))
        ],
    )


QUARTERS = range(1, ENTRIES + 1)


def _entry(subject: str, number: int, kind: EntryKind, quarter: int) -> dict:
    return {
        subject: number,
        "kind": kind,
        "amount": Decimal(2_000_000 + number),
        "occurred_on": date(YEAR, 3 * quarter, 15),
        "voucher": "",
        "note": "",
        "submitted_at": FILED,
    }


def add_rows(model: type[Base], rows: list[dict]) -> None:
    for start in range(0, len(rows), 20_000):
        chunk = [{"origin": Origin.SAMPLE, **row} for row in rows[start : start + 20_000]]
        db.session.execute(insert(model), chunk)
