"""The world of the frozen snapshots: records with ids of their own, which the documents name."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import Any

from tests import factories as make
from tracker.core.db import db
from tracker.records.enclaves.models import EnclaveKind
from tracker.records.places.models import Region, RegionKind, RegionLevel
from tracker.year.assessments.models import Snapshot

YEAR = 2024
FROZEN = datetime(2025, 1, 20, 1, 30, tzinfo=UTC)
NAMES = "甲乙丙丁戊己庚辛壬"
OWN = {f"3399{n:02}": f"示例{name}县" for n, name in enumerate(NAMES, 1)}


def regions() -> dict[str, Region]:
    """A province, a city, a strong county and the nine counties, by code."""
    province = make.region("330000", "浙江省", id=901, level=RegionLevel.PROVINCE)
    city = make.region("339900", "示例市", province, id=902, level=RegionLevel.CITY)
    strong = make.region("339950", "示例区", city, id=903, kind=RegionKind.COASTAL_STRONG)
    found = {"330000": province, "339900": city, "339950": strong}
    for number, (code, name) in enumerate(OWN.items(), 911):
        found[code] = make.region(code, name, city, id=number)
    return found


def records() -> dict[str, Region]:
    """The records that a freeze of the year reads, but for the counties' list."""
    found = regions()
    strong = found["339950"]
    for number, code in enumerate(list(OWN)[:4]):
        make.enclave(
            found[code],
            strong,
            EnclaveKind.INCOME,
            id=931 + number,
            code=f"JF-{number + 1}",
            name=f"旧飞地{number + 1}号",
            signed_on=date(2020, 1, 1),
        )
    make.pairing(strong, found["339901"], id=941, since=date(2021, 1, 1))
    return found


def keep(content: bytes, document: dict[str, Any], frozen_at: datetime = FROZEN) -> Snapshot:
    """The snapshot that holds `content`, committed."""
    sha256 = hashlib.sha256(content).hexdigest()
    snapshot = Snapshot(
        year=YEAR,
        sha256=sha256,
        facts_sha256=sha256,
        engine=document["engine"],
        frozen_at=frozen_at,
        content=content,
    )
    db.session.add(snapshot)
    db.session.commit()
    return snapshot
