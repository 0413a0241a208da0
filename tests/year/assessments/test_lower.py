"""Which lower sheets a sheet takes the points of, as its own lines say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.papers.reports.documents import document, snapshot
from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments.changes import Vocabulary
from tracker.year.assessments.scored import ScoredSheet
from tracker.year.rulebooks.shelf import year_set

BELOW = {
    "enclave.industrial": "", "enclave.innovation": "", "enclave.income": "",
    "enclave.development": "inbound", "park.industrial": "", "park.tourism": "",
    "village.demonstration": "",
}  # fmt: skip


def sheet(year: int, subject: str) -> ScoredSheet:
    (book,) = (book for book in year_set(year).rulebooks if book.subject == subject)
    results: Any = {RulingLevel.COUNTY: SimpleNamespace(rulebook=book)}
    return ScoredSheet(RulingLevel.COUNTY, results, cast(Any, {}))


@pytest.mark.parametrize(
    ("year", "subject", "taken"),
    [
        (2023, "county.recipient", ["industrial", "innovation", "income", "parks"]),
        (2024, "county.recipient", ["industrial", "innovation", "income", "parks"]),
        (2025, "county.recipient", ["development", "income", "parks"]),
        (2025, "county.supporter", []),
        (2025, "enclave.income", []),
    ],
)
def test_a_sheet_takes_the_points_of_those_that_its_lines_read(year, subject, taken) -> None:
    wanted = {f"enclave.{kind}" for kind in taken if kind != "parks"}
    wanted |= {"park.industrial", "park.tourism"} if "parks" in taken else set()
    found = sheet(year, subject)
    assert {kind for kind in BELOW if found.takes(kind)} == wanted
    assert {kind for kind, part in BELOW.items() if found.takes(kind, part)} == wanted


def test_a_sheet_that_reads_a_part_takes_that_part_alone() -> None:
    found = sheet(2025, "county.recipient")
    assert found.takes("enclave.development", "outbound")
    assert not found.takes("enclave.development", "elsewhere")
    assert sheet(2025, "city").takes("county.recipient")
    assert sheet(2025, "pair").takes("county.supporter")


def test_the_mean_of_lower_sheets_has_a_name_and_a_unit() -> None:
    words = Vocabulary.of(snapshot(document(2024)))
    name = "score.county.recipient"
    assert (words.labels[name], words.units[name]) == ("受援县得分均值", "分")
