"""Public enclaves, their contracts, and the returns that sources report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from tracker.core.db import Origin, db
from tracker.core.db.records import now
from tracker.core.provenance.labels import FIELD_LABELS
from tracker.core.quantities.days import first_day, last_day
from tracker.exchange.publicdata import reading
from tracker.exchange.publicdata.merge import Field, Merged, day, grouped, merge, yuan_of_wan
from tracker.exchange.publicdata.places import place_outside
from tracker.exchange.publicdata.reading import Row
from tracker.exchange.publicdata.store import Statement, Store
from tracker.records.enclaves.models import (
    CapitalBase,
    Direction,
    Enclave,
    EnclaveKind,
    ReturnTerm,
    TermKind,
)
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.places.models import Region
from tracker.records.places.queries import by_code

KINDS = {member.label[:2]: member for member in EnclaveKind}
INBOUND = "正向飞地"

FIELDS = (
    Field("name", "name"),
    Field("type", "kind", KINDS.get),
    Field("platform", "platform"),
    Field("sign_date", "signed_on", day),
    Field("start_date", "started_on", day),
    Field("operate_date", "in_use_on", day),
    Field("area_mu", "area_mu", reading.number, "亩"),
    Field("floor_m2", "floor_m2", reading.number, "m²"),
    Field("villages", "villages", int, "个"),
    Field("promised_return_wan", None, unit="万元"),
    Field("share", None),
    Field("projects", None, unit="个"),
    Field("companies", None, unit="家"),
    Field("note", None),
)
# What villages and others put in is a capital; what an industrial park costs is not.
CAPITAL = Field("invest_wan", "total_capital", yuan_of_wan, "万元")
INVESTMENT = Field("invest_wan", None, unit="万元")

ENTRY_KINDS = {"返利": EntryKind.REBATE, "税收": EntryKind.TAX}
FIGURES = {"财政收入": "fiscal_revenue", "产值": "output", "营业收入": "revenue"}


def load_enclaves(store: Store) -> None:
    """One enclave an id, merged from all rows that speak of it, with the figures of returns.csv
    that are no sums of money of one year."""
    regions = by_code()
    figures = _figures(store)
    for (code,), rows in grouped(reading.rows("enclaves"), "enclave_id").items():
        is_income = any(row["type"] == "消薄" for row in rows)
        merged = merge(rows, [*FIELDS, CAPITAL if is_income else INVESTMENT], FIELD_LABELS)
        values = merged.values
        values["platform"] = values["platform"] or ""
        values["direction"] = (
            Direction.INBOUND if any(INBOUND in row["note"] for row in rows) else Direction.OUTBOUND
        )
        enclave = store.put(
            "飞地",
            Enclave,
            {"code": code},
            values
            | {
                "origin_id": regions[rows[0]["from_code"]].id,
                "host_id": _host(store, rows[0], regions).id,
            },
            rows[0].where,
        )
        if enclave.origin is Origin.PUBLIC:
            store.state(enclave, [*merged.statements, *figures.get(code, [])])
        _note(store, code, rows, merged)


def _host(store: Store, row: dict[str, str], regions: dict[str, Region]) -> Region:
    return regions[row["to_code"]] if row["to_code"] else place_outside(store, row["to_name"])


def _note(store: Store, code: str, rows: Sequence[Row], merged: Merged) -> None:
    if len(rows) > 1:
        differing = f"；各说不一：{'；'.join(merged.differing)}" if merged.differing else ""
        store.report.note(
            f"飞地 {code} {merged.values['name']}：{len(rows)} 处来源合并，"
            f"取{reading.citation(rows[0]).kind.label}{differing}"
        )


def load_terms(store: Store) -> None:
    """What contracts promise."""
    enclaves = store.by_code(Enclave)
    for row in reading.rows("return_terms"):
        source = store.source(reading.citation(row))
        db.session.flush()
        term = store.put(
            "返利约定",
            ReturnTerm,
            {"enclave_id": enclaves[row["enclave_id"]].id, "kind": TermKind(row["kind"])},
            {
                "rate": reading.number(row["rate"]),
                "capital_base": CapitalBase(row["capital_base"]) if row["capital_base"] else None,
                "amount": yuan_of_wan(row["amount_wan"]),
                "starts_on": reading.partial_date(row["starts_on"])[0],
                "ends_on": reading.partial_date(row["ends_on"])[0],
                "note": row["note"],
                "source_id": source.id,
            },
        )
        if term.confirmed_at is None and term.origin is Origin.PUBLIC:
            term.confirmed_at = now()  # what is published binds


def load_returns(store: Store) -> None:
    """Returns and taxes of one enclave become ledger entries, cumulative ones marked as such.
    Those of a group of enclaves, or of a village in one, are totals (see `figures`).

    The ledger is append-only: an entry that is there already is left alone.
    """
    enclaves = store.by_code(Enclave)
    standing = {
        (e.enclave_id, e.kind, e.amount, e.occurred_on, e.cumulative)
        for e in db.session.scalars(select(LedgerEntry).where(LedgerEntry.origin == Origin.PUBLIC))
    }
    for row in reading.rows("returns"):
        if row["subject_type"] != "enclave" or row["kind"] not in ENTRY_KINDS:
            continue
        source = reading.citation(row)
        happened, since, cumulative = _when(row, source.published_on)
        entry = LedgerEntry(
            enclave_id=enclaves[row["subject"]].id,
            kind=ENTRY_KINDS[row["kind"]],
            amount=yuan_of_wan(row["amount_wan"]),
            precision=reading.precision(row["precision"]),
            occurred_on=happened,
            period_from=since,
            cumulative=cumulative,
            villages=reading.whole(row["villages"]),
            note=row["note"],
            origin=Origin.PUBLIC,
            submitted_at=now(),
            source_id=_source_id(store, source),
        )
        key = (entry.enclave_id, entry.kind, entry.amount, entry.occurred_on, entry.cumulative)
        if key in standing:
            store.report.unchanged["台账"] += 1
        else:
            db.session.add(entry)
            store.report.added["台账"] += 1
    db.session.flush()


def _when(row: dict[str, str], published_on: date | None) -> tuple[date, date | None, bool]:
    """The day that a figure is dated, the first day of its span, and whether it is cumulative."""
    years: list[Any] = (
        [reading.whole(year) for year in row["year"].split("-")] if row["year"] else []
    )
    cumulative = row["cumulative"] == "是" or len(years) != 1
    if years and not (published_on and published_on.year == years[-1]):
        happened = last_day(years[-1])
        happened = min(happened, published_on) if published_on else happened
    else:
        assert published_on is not None, "a figure has a year or was published"
        happened = published_on
    return happened, first_day(years[0]) if years else None, cumulative


def _figures(store: Store) -> dict[str, list[Statement]]:
    figures: dict[str, list[Statement]] = {}
    for row in reading.rows("returns"):
        if row["subject_type"] == "enclave" and row["kind"] in FIGURES:
            span = f"{row['year'] or '年份不详'}{'累计' if row['cumulative'] == '是' else ''}"
            figures.setdefault(row["subject"], []).append(
                Statement(
                    FIGURES[row["kind"]],
                    f"{row['amount_wan']} 万元（{span}）",
                    reading.citation(row),
                    precision=reading.precision(row["precision"]),
                )
            )
    return figures


def _source_id(store: Store, citation: reading.Citation) -> int:
    source = store.source(citation)
    db.session.flush()
    return source.id
