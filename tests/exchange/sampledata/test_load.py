"""The sample: repeatable, marked, apart from public rows, and harmless when loaded again."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from flask import Flask, current_app
from sqlalchemy import Table, func, select
from sqlalchemy.orm import joinedload

from tests.exchange.sampledata.conftest import (
    OF_ALL_YEARS,
    WITHOUT_ORIGIN,
    Sampled,
    drawn,
    rows_of,
)
from tests.factories import project, region, zhejiang
from tracker.core.db import Base, Origin, UtcDateTime, db
from tracker.exchange.sampledata import load, proofs
from tracker.exchange.sampledata.cli import SEED, sample_data
from tracker.exchange.sampledata.draw import stream
from tracker.exchange.sampledata.load import (
    SampleDataError,
    load_sample_data,
    loaded,
    remove_sample_data,
)
from tracker.exchange.sampledata.orders import years_of_orders
from tracker.exchange.sampledata.places import NoPublicDataError
from tracker.records.evidence import contents
from tracker.records.evidence.models import EvidenceLink
from tracker.records.evidence.service import folder, hand_in, keep, prove
from tracker.records.ledger.models import EntryKind, LedgerEntry, VillagePayment
from tracker.records.projects.models import Project
from tracker.year.assessments.freeze import evidence_asked
from tracker.year.rulebooks.shelf import year_set

NO_RECORDS = {*WITHOUT_ORIGIN, "data_states"}  # it counts the units that wrote


def the_database_counts_on() -> bool:
    """Whether it goes on counting after the ids that the sample took."""
    last = db.session.scalar(select(func.max(Project.id)))
    return project(region("999999", "新县")).id == last + 1


def timeless(table: Table, rows: set[tuple]) -> set[tuple]:
    """The rows without the moments at which they were entered."""
    kept = [
        place for place, column in enumerate(table.c) if not isinstance(column.type, UtcDateTime)
    ]
    return {tuple(row[place] for place in kept) for row in rows}


@pytest.fixture
def of_orders_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a year the orders alone, and what it is measured against."""
    monkeypatch.setattr(load, "YEARLY", (years_of_orders,))
    monkeypatch.setattr(load, "judge", lambda *_: None)
    monkeypatch.setattr(load, "issue_lists", lambda *_: None)


@pytest.mark.parametrize(
    "whole", [pytest.param(False, id="some"), pytest.param(True, id="all", marks=pytest.mark.soak)]
)
@pytest.mark.parametrize("public_data", ["postgresql"], indirect=True)
def test_the_same_seed_gives_the_same_rows_on_every_database(
    request: pytest.FixtureRequest, sampled: Sampled, public_data, whole: bool
) -> None:
    """By the command, on PostgreSQL those that the sample of the other tests has on SQLite; and so
    are those of the public data that were there before."""
    for table in Base.metadata.sorted_tables:
        if table.name not in {*NO_RECORDS, "audit_entries"}:  # whose words have moments in them
            before = timeless(table, sampled.before[table.name])
            assert timeless(table, rows_of(table)) == before, table.name
    if not whole:
        request.getfixturevalue("of_orders_alone")
    runner, year = current_app.test_cli_runner(), str(sampled.years[0])
    result = runner.invoke(sample_data, ["--year", year, "--seed", str(SEED)])
    assert result.exit_code == 0
    assert "projects：新增" in result.output
    again = runner.invoke(sample_data, ["--year", f"{year}..{year}", "--seed", str(SEED)])
    # What was left out of a year is what a later load adds to it.
    assert ("没有变化" if whole else f"载入{year}年以前没有的") in again.output
    assert "projects：" not in again.output
    assert len(sampled.first["ledger_entries"]) > 5000
    found = drawn()
    for table, rows in found.items():
        assert rows == sampled.first[table] if whole else rows <= sampled.first[table], table
    for table in ("enclaves", "projects", "supervision_orders", "village_incomes", "villages"):
        assert found[table], table
    assert the_database_counts_on()


def test_sqlite_counts_on_after_the_ids_of_the_sample(here) -> None:
    assert the_database_counts_on()


def test_public_rows_stay_as_they_were(here) -> None:
    for table in Base.metadata.sorted_tables:
        if table.name not in NO_RECORDS:
            assert rows_of(table, sample=False) == here[table.name], table.name


def test_every_new_row_says_that_it_is_a_sample(here) -> None:
    for table in Base.metadata.sorted_tables:
        new = rows_of(table) - here[table.name]
        if new and table.name not in NO_RECORDS:
            assert new == rows_of(table, sample=True), table.name
    entries = select(LedgerEntry.origin).join(
        VillagePayment, VillagePayment.entry_id == LedgerEntry.id
    )
    assert set(db.session.scalars(entries)) == {Origin.SAMPLE}


def test_names_that_people_see_say_so_too(here) -> None:
    for name in ("enclaves", "parks", "projects", "villages", "demonstration_villages", "tenants"):
        table = Base.metadata.tables[name]
        shown = db.session.scalars(select(table.c.name).where(table.c.origin == Origin.SAMPLE))
        assert all("示例" in text for text in shown), name


def test_no_audit_entry_is_written_for_samples(here) -> None:
    table = Base.metadata.tables["audit_entries"]
    assert rows_of(table) == here["audit_entries"]


def test_loading_again_adds_nothing(here, sampled: Sampled) -> None:
    assert not load_sample_data(sampled.years, SEED)
    assert not load_sample_data(sampled.years[-1:], SEED)


@OF_ALL_YEARS
def test_a_later_year_is_added_to_what_is_there(here, sampled: Sampled) -> None:
    """The sample of these tests was loaded in two steps."""
    assert sampled.added["ledger_entries"] > 1000
    # Projects are drawn with the first year; a later one has its own adverse cases, at most two.
    assert sampled.added.get("projects", 0) <= 2 * (len(sampled.years) - 1)
    assert loaded().years == tuple(sampled.years)


@pytest.mark.usefixtures("of_orders_alone")
def test_a_year_is_added_to_those_that_are_there(
    here, sampled: Sampled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is invented twice."""
    monkeypatch.setattr(load, "YEARS", range(2022, 2026))
    added = load_sample_data([2022, *sampled.years], SEED)
    assert added["supervision_orders"] == 4
    assert added["village_incomes"] > 0
    assert not added.keys() & {"projects", "enclaves", "regions", "villages"}
    assert loaded().years == (2022, *sampled.years)


def test_another_seed_is_refused_while_a_sample_is_there(here) -> None:
    with pytest.raises(SampleDataError, match=rf"种子为 {SEED} .*--remove"):
        load_sample_data([2024], SEED + 1)


def test_a_year_without_sample_data_is_refused(here) -> None:
    with pytest.raises(SampleDataError, match="没有2022年"):
        load_sample_data([2022, 2023], SEED)


def test_the_real_places_have_to_be_there(sqlite_app: Flask) -> None:
    with pytest.raises(NoPublicDataError, match="public-data load"):
        load_sample_data([2024], SEED)


def test_what_is_append_only_is_not_removed(here, sampled: Sampled) -> None:
    refused = sampled.app.test_cli_runner().invoke(sample_data, ["--remove"])
    assert refused.exit_code == 1
    assert isinstance(refused.exception, SampleDataError)
    assert re.search("只增不删.*请另建数据库", str(refused.exception))


def test_samples_without_a_ledger_can_be_removed(sqlite_app: Flask) -> None:
    places = zhejiang()
    project(places["缙云县"], origin=Origin.SAMPLE)
    kept = project(places["缙云县"])
    assert remove_sample_data() == 1
    assert list(db.session.scalars(select(Project.id))) == [kept.id]


def test_some_records_carry_files_that_say_sample(here) -> None:
    links = list(db.session.scalars(select(EvidenceLink).options(joinedload(EvidenceLink.file))))
    assert 300 < len(links) < 10_000
    assert all(link.name.startswith(f"示例-{link.kind}-") for link in links)
    asked = {
        kind
        for rulebook in year_set(2024).rulebooks
        for kinds in evidence_asked(rulebook).values()
        for kind in kinds
    }
    assert len({link.kind for link in links} & asked) > len(asked) / 2
    for kind, file in {link.kind: link.file for link in links}.items():
        content = contents.read(folder(), file.sha256)
        assert len(content) == file.size < 5000
        assert contents.media_type(content) == file.media_type
        assert content == proofs.page(kind)
        assert {"示例", kind} <= set(
            pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split()
        )
    # Some cards have proofs to show, and some facts still want them.
    linked = {link.ledger_entry_id for link in links} - {None}
    assert 0 < len(linked) < db.session.scalar(select(func.count()).select_from(LedgerEntry))


def test_removing_the_sample_takes_its_proofs_and_leaves_others(sqlite_app: Flask) -> None:
    places = zhejiang()
    invented = project(places["缙云县"], origin=Origin.SAMPLE)
    real = hand_in(
        project(places["庆元县"]), keep(proofs.page("返利合同")), "合同.pdf", "返利合同", None
    )
    link = prove(invented, real.file, "示例.pdf", "返利合同", None)
    link.origin = Origin.SAMPLE
    db.session.commit()
    kept = real.id
    assert remove_sample_data() == 2
    assert list(db.session.scalars(select(EvidenceLink.id))) == [kept]


def test_what_people_hang_on_a_sample_keeps_it(sqlite_app: Flask) -> None:
    places = zhejiang()
    first = project(places["缙云县"], origin=Origin.SAMPLE)
    project(places["缙云县"], continued_from=first)
    db.session.commit()
    with pytest.raises(SampleDataError, match="引用示例数据"):
        remove_sample_data()


def test_returns_are_submitted_with_their_shares(here) -> None:
    """The shares of a payment never exceed it, and no sample return is left a draft."""
    shares = (
        select(VillagePayment.entry_id, func.sum(VillagePayment.amount).label("shared"))
        .group_by(VillagePayment.entry_id)
        .subquery()
    )
    beyond = (
        select(func.count())
        .select_from(LedgerEntry)
        .join(shares, shares.c.entry_id == LedgerEntry.id)
    )
    assert db.session.scalar(beyond) > 100
    assert not db.session.scalar(beyond.where(shares.c.shared > LedgerEntry.amount))
    drafts = select(LedgerEntry.kind).where(LedgerEntry.submitted_at.is_(None))
    assert EntryKind.REBATE not in set(db.session.scalars(drafts))


def test_another_seed_draws_otherwise() -> None:
    one, same, other = (stream(seed, "projects", 331122).random() for seed in (5, 5, 6))
    assert one == same != other


@pytest.mark.soak
@pytest.mark.parametrize("public_data", ["sqlite"], indirect=True)
def test_the_command_loads_a_span_of_years_and_says_what_it_added(sampled, public_data) -> None:
    runner = current_app.test_cli_runner()
    result = runner.invoke(sample_data, ["--year", "2023", "--seed", "5"])
    assert result.exit_code == 0
    assert "projects：新增" in result.output
    again = runner.invoke(sample_data, ["--year", "2023..2023", "--seed", "5"])
    assert "没有变化" in again.output
    refused = runner.invoke(sample_data, ["--remove"])
    assert refused.exit_code == 1
    assert "请另建数据库" in str(refused.exception)
    # Another seed gives other rows.
    invested = set(db.session.scalars(select(Project.total_investment)))
    with sampled.app.app_context():
        assert set(db.session.scalars(select(Project.total_investment))) != invested


@pytest.mark.parametrize("years", ["2025..2023", "23", "2023-2024"])
def test_a_span_that_is_none_is_a_usage_error(sqlite_app: Flask, years: str) -> None:
    assert sqlite_app.test_cli_runner().invoke(sample_data, ["--year", years]).exit_code == 2
