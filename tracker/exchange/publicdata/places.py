"""Public regions, county lists and pairings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from tracker.core.db import Origin, db, key_of
from tracker.core.provenance.models import SourceKind
from tracker.core.quantities.days import first_day
from tracker.exchange.publicdata import reading
from tracker.exchange.publicdata.merge import grouped
from tracker.exchange.publicdata.reading import Row
from tracker.exchange.publicdata.store import Store
from tracker.records.pairings.models import Pairing, PairingCitation, PairingRound, Scheme
from tracker.records.places.classes import UnknownClassError, checked_class
from tracker.records.places.models import CountyListing, FormerCode, Region, RegionKind, RegionLevel
from tracker.records.places.queries import by_code

# Sorted by their sources' dates, not from an official list, so each begins with its year.
ROUNDS = {
    "pre-2018": ("2018年以前", Scheme.SHANHAI, date(2002, 1, 1)),
    "2018": ("2018年轮次", Scheme.SHANHAI, date(2018, 1, 1)),
    "2021": ("2021年轮次", Scheme.SHANHAI, date(2021, 1, 1)),
    "laoqu-2023": ("2023年革命老区对口合作", Scheme.OLD_BASE, date(2023, 1, 1)),
    "2025": ("2025年轮次", Scheme.SHANHAI, date(2025, 1, 1)),
}


def load_regions(store: Store) -> None:
    """Province, cities and counties; parents come before their children in the file or after."""
    rows = sorted(
        reading.rows("regions"), key=lambda row: list(RegionLevel).index(RegionLevel(row["level"]))
    )
    for row in rows:
        parent = by_code_or_none(row["parent_code"])
        store.put(
            "行政区划",
            Region,
            {"code": row["code"]},
            {
                "name": row["name"],
                "level": RegionLevel(row["level"]),
                "kind": RegionKind(row["kind"]) if row["kind"] else None,
                "parent_id": parent.id if parent else None,
                "note": row["note"],
                "abolished_on": reading.partial_date(row["abolished"])[0],
            },
            row.where,
        )
    _load_successors(store, rows)


def _load_successors(store: Store, rows: Sequence[dict[str, str]]) -> None:
    """Who took over the work of a place that was abolished; both are there by now."""
    regions = by_code()
    for row in rows:
        place, after = regions.get(row["code"]), regions.get(row["successor"])
        if place is None or after is None or place.origin is not Origin.PUBLIC:
            continue
        source = store.source(reading.citation(row))
        db.session.flush()
        place.successor_id = after.id
        place.succession_source_id = source.id
    db.session.flush()


def load_former_codes(store: Store) -> None:
    """The codes and names that places had before."""
    regions = by_code()
    for row in reading.rows("former_codes"):
        place = regions.get(row["code"])
        if place is None:
            continue
        store.put(
            "旧区划代码",
            FormerCode,
            {"code": row["former_code"]},
            {
                "region_id": place.id,
                "name": row["former_name"],
                "until": reading.partial_date(row["until"])[0],
            },
        )


def by_code_or_none(code: str) -> Region | None:
    """The region with `code`, None for an empty or unknown one."""
    return db.session.scalars(select(Region).where(Region.code == code)).one_or_none()


def place_outside(store: Store, name: str) -> Region:
    """A host outside the province, known by its name alone, however it is spelled."""
    known = db.session.scalars(
        select(Region)
        .where(Region.level == RegionLevel.OUTSIDE, Region.name_key == key_of(name))
        .order_by(Region.id)
    ).first()
    name = known.name if known is not None else name
    return store.put(
        "省外飞入地",
        Region,
        {"name": name, "level": RegionLevel.OUTSIDE},
        {"code": None, "kind": None, "note": ""},
    )


def load_listings(store: Store) -> None:
    """The dated list of counties that receive."""
    regions = by_code()
    for row in reading.rows("county_listings"):
        store.put(
            "山区海岛县名单",
            CountyListing,
            {
                "region_id": regions[row["code"]].id,
                "joined_on": reading.partial_date(row["joined"])[0],
            },
            {
                "county_class": _class_of(row),
                "left_on": reading.partial_date(row["left"])[0],
                "note": row["note"],
                "leaving_source": SourceKind(row["leaving_source_kind"])
                if row["leaving_source_kind"]
                else None,
            },
        )


def _class_of(row: dict[str, str]) -> str:
    try:
        return checked_class(row["class"])
    except UnknownClassError as error:
        raise UnknownClassError(
            f"county_listings.csv 中 {row['code']} {row['name']}：{error}"
        ) from None


def load_rounds(store: Store) -> None:
    """The rounds that pairings are cited under."""
    for code, (name, scheme, starts_on) in ROUNDS.items():
        values = {"name": name, "scheme": scheme, "starts_on": starts_on}
        store.put("结对轮次", PairingRound, {"code": code}, values)


def load_pairings(store: Store) -> None:
    """One pairing a pair; every citation kept, each with its round. The earliest year that a
    source names begins it. Two that were first paired for 山海协作 and later under another scheme
    stay one pairing, so that a pair is never counted twice."""
    regions = by_code()
    for (supporter, recipient), rows in grouped(
        reading.rows("pairings"), "support_code", "recipient_code"
    ).items():
        starts: list[Any] = [reading.whole(row["start_year"]) for row in rows if row["start_year"]]
        schemes = {ROUNDS[row["round"]][1] for row in rows if row["round"]} or {Scheme.SHANHAI}
        scheme = Scheme.SHANHAI if Scheme.SHANHAI in schemes else schemes.pop()
        pairing = store.put(
            "结对关系",
            Pairing,
            {
                "supporter_id": regions[supporter].id,
                "recipient_id": regions[recipient].id,
                "scheme": scheme,
            },
            {"since": first_day(min(starts)) if starts else None, "until": None},
        )
        _cite(store, pairing, rows)
        if len(rows) > 1:
            years = sorted({row["start_year"] for row in rows if row["start_year"]})
            differing = f"，起始年份不一：{'、'.join(years)}（取最早）" if len(years) > 1 else ""
            names = f"{regions[supporter].name}—{regions[recipient].name}"
            store.report.note(f"结对 {names}：{len(rows)} 处来源合并{differing}")


def _cite(store: Store, pairing: Pairing, rows: Sequence[Row]) -> None:
    rounds = {found.code: found.id for found in db.session.scalars(select(PairingRound))}
    known = {(c.round_id, c.note, c.start_year, c.end_year, c.source_id) for c in pairing.citations}
    for row in rows:
        source = store.source(reading.citation(row))
        db.session.flush()
        start, end = (reading.whole(row[name]) for name in ("start_year", "end_year"))
        values = (rounds.get(row["round"]), row["note"], start, end, source.id)
        if values in known:
            store.report.unchanged["结对出处"] += 1
            continue
        names = ("round_id", "note", "start_year", "end_year", "source_id")
        pairing.citations.append(PairingCitation(**dict(zip(names, values, strict=True))))
        store.report.added["结对出处"] += 1
    db.session.flush()
