"""Migrations: the schema that they make is the models', and each goes up and down with data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import (
    CheckConstraint,
    FromClause,
    Select,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table
from sqlalchemy.exc import IntegrityError

from tests import factories as make
from tests import factories_acts as acts
from tests import factories_papers as papers
from tracker.core.db import Base, Origin, db, units
from tracker.core.db.base import MIGRATIONS
from tracker.core.db.doubted import AnsweredDoubt
from tracker.core.db.guarded import LossError
from tracker.core.db.records import now
from tracker.core.db.searchable import key_of
from tracker.records.accounts.permissions import Role
from tracker.records.background.models import BackgroundJob, WorkState
from tracker.records.ledger.models import EntryKind
from tracker.records.submissions.models import FilingAct, FilingEvent, FilingState
from tracker.records.villages.models import Village
from tracker.web.transactions import constraint_of

SCRIPTS = ScriptDirectory(str(MIGRATIONS))
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]


@pytest.fixture(autouse=True)
def uncounted() -> Iterator[None]:
    """A database of before 0042 counts no units."""
    with units.mode(writes=True, shown=False):
        yield


def test_migrations_are_numbered_one_after_another() -> None:
    names = sorted(path.name for path in Path(MIGRATIONS, "versions").glob("*.py"))
    assert [name[:4] for name in names] == [f"{n:04}" for n in range(1, len(names) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.py", name) for name in names)
    assert [name[:4] for name in names] == REVISIONS


def test_the_migrations_make_the_models_schema(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_check_of_the_models_is_in_the_database(app: Flask) -> None:
    inspector = inspect(db.engine)
    for table in Base.metadata.sorted_tables:
        declared = {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
        found = {c["name"] for c in inspector.get_check_constraints(table.name)}
        assert found == declared, table.name


def test_every_constraint_has_a_name(app: Flask) -> None:
    for table in Base.metadata.sorted_tables:
        assert all(constraint.name for constraint in table.constraints), table.name
        assert all(index.name for index in table.indexes), table.name


def tried(database: str, place: int) -> bool:
    """Whether `make test` goes back to the revision at that place: the latest on both databases,
    the one before it and the first, which takes all of them back, on SQLite."""
    latest = len(REVISIONS) - 1
    return place in ((0, latest - 1, latest) if database == "sqlite" else (latest,))


@pytest.mark.parametrize(
    ("public_data", "revision"),
    [
        pytest.param(
            database,
            revision,
            id=f"{database}-{revision}",
            marks=() if tried(database, place) else pytest.mark.soak,
        )
        for database in ("sqlite", "postgresql")
        for place, revision in enumerate(REVISIONS)
    ],
    indirect=["public_data"],
)
def test_each_migration_goes_down_and_up_again_with_data(public_data, revision: str) -> None:
    # Only a database that holds sample data and nothing that was entered may be taken down.
    make.organisation(origin=Origin.SAMPLE)
    db.session.commit()
    counts = {t.name: _count(t) for t in Base.metadata.sorted_tables}
    db.session.remove()
    before = SCRIPTS.get_revision(revision).down_revision or "base"
    flask_migrate.downgrade(revision=before)
    left = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    flask_migrate.upgrade()
    for table in Base.metadata.sorted_tables:
        if table.name in left:
            assert _count(table) == counts[table.name], table.name
    db.session.remove()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []


def _count(table) -> int:
    return db.session.scalar(select(func.count()).select_from(table))


def _rows_of(table: FromClause) -> Select:
    """The rows of a table, with those of its columns that the database has at its revision."""
    there = {each["name"] for each in inspect(db.engine).get_columns(table.name)}
    return select(*(column for column in table.columns if column.name in there))


def test_classes_become_words_and_codes_again(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """0007: each code becomes its word, and a word that the codes do not know is not dropped."""
    places = make.zhejiang()
    listings = {
        name: make.listing(places[name], county_class).id
        for name, county_class in (
            ("缙云县", "跨越发展类"),
            ("庆元县", "生态发展类"),
            ("富阳区", ""),
        )
    }
    db.session.commit()
    db.session.remove()

    def classes() -> dict[int, str | None]:
        found = db.session.execute(text("SELECT id, county_class FROM county_listings"))
        rows = {row.id: row.county_class for row in found}
        db.session.remove()
        return rows

    words = dict(zip(listings.values(), ("跨越发展类", "生态发展类", ""), strict=True))
    assert classes() == words
    flask_migrate.downgrade(revision="0006")
    assert list(classes().values()) == ["leapfrog", "ecological", None]
    flask_migrate.upgrade(revision="0007")
    assert classes() == words
    db.session.execute(
        text("UPDATE county_listings SET county_class = '平原类' WHERE county_class = ''")
    )
    db.session.commit()
    db.session.remove()
    with pytest.raises(SystemExit):
        flask_migrate.downgrade(revision="0006")
    assert "“平原类”（1 条）" in caplog.text
    db.session.remove()
    assert list(classes().values()) == ["跨越发展类", "生态发展类", "平原类"]


def test_twins_of_before_are_listed_and_stay_and_no_further_one_comes_in(
    app: Flask, capfd: pytest.CaptureFixture[str]
) -> None:
    """0011 and 0014: names of one key in one parent are told, up and down and up again."""
    places = make.zhejiang()
    county, host, city = places["缙云县"], places["富阳区"], places["丽水市"]
    rows = {
        "villages": [make.village(county, name=f"双港村{n}") for n in range(4)],
        "enclaves": [make.enclave(county, host, name=f"科创园{n}") for n in range(3)],
        "organisations": [make.organisation(name=f"联合医院{n}") for n in range(2)],
        "regions": [
            make.region(f"33118{n}", f"江北县{n}", city, abolished_on=ended)
            for n, ended in enumerate((None, None, date(2021, 4, 9), date(2019, 1, 1)))
        ],
        "users": [make.user(Role.ADMINISTRATOR, username=f"wang{n}") for n in range(2)],
    }
    ids = {table: [row.id for row in made] for table, made in rows.items()}
    for table in ids:  # as a database of before 0011 holds them: nobody entered anything
        db.session.execute(text(f"UPDATE {table} SET origin = 'sample'"))
    db.session.commit()
    db.session.remove()
    flask_migrate.downgrade(revision="0010")
    spelled = {
        "villages": ("双港村", "双港 村", "双港村\u00a0", "双港村二"),
        "enclaves": ("科创园（A区）", "科创园(a区)", "科创园（Ａ 区）"),
        "organisations": ("联合医院（A）", "联合医院(A)"),
        "regions": ("江北县", "江北 县", "江北县", "江北县"),
        "users": ("Wang", "ｗａｎｇ"),
    }
    for table, names in spelled.items():
        column = "username" if table == "users" else "name"
        for number, name in zip(ids[table], names, strict=True):
            db.session.execute(
                text(f"UPDATE {table} SET {column} = :name WHERE id = :id"),
                {"name": name, "id": number},
            )
    db.session.commit()
    db.session.remove()
    flask_migrate.upgrade(revision="0013")
    said = capfd.readouterr().err
    flask_migrate.upgrade(revision="0014")
    again = capfd.readouterr().err
    flask_migrate.downgrade(revision="0013")
    flask_migrate.upgrade(revision="0014")
    anew = capfd.readouterr().err
    expected = {
        ("villages", 1, "双港 村", 0, "双港村"),
        ("villages", 2, "双港村\u00a0", 0, "双港村"),
        ("enclaves", 1, "科创园(a区)", 0, "科创园（A区）"),
        ("enclaves", 2, "科创园（Ａ 区）", 0, "科创园（A区）"),
        ("organisations", 1, "联合医院(A)", 0, "联合医院（A）"),
        ("regions", 1, "江北 县", 0, "江北县"),
        ("users", 1, "ｗａｎｇ", 0, "Wang"),
    }
    lines = {
        f"{table}：编号 {ids[table][n]}“{name}”与编号 {ids[table][m]}“{first}”同名，请核对"
        for table, n, name, m, first in expected
    }
    for told in (said, again, anew):
        assert {line for line in told.splitlines() if "同名，请核对" in line} == lines
    assert db.session.scalars(select(Village.name).order_by(Village.id)).all() == list(
        spelled["villages"]
    )
    for table, name, code in (
        ("villages", "双港\u3000村", "331122999999"),
        ("enclaves", "科创园(A 区)", "X"),
        ("regions", "江北\u2009县", "331199"),
    ):
        found = db.session.execute(
            text(f"SELECT * FROM {table} WHERE id = :id"), {"id": ids[table][0]}
        )
        twin = dict(found.one()._mapping) | {"id": 999_999, "code": code}
        twin |= {"name": name, "name_key": key_of(name)}
        plain = sql_table(table, *map(sql_column, twin))  # without what the models would add
        with pytest.raises(IntegrityError) as refused, db.session.begin_nested():
            db.session.execute(insert(plain).values(twin))
        assert constraint_of(refused.value).startswith(f"uq_{table}_name_key"), table


def test_answers_about_entries_move_to_the_list_of_all_for_good(app: Flask) -> None:
    """0015: with the place and the year of their entry."""
    place = make.zhejiang()["缙云县"]
    project = make.project(place, origin=Origin.SAMPLE)
    entry = make.entry(project, EntryKind.TAX, 5, date(2023, 5, 6), origin=Origin.SAMPLE)
    number, region = entry.id, place.id
    db.session.commit()
    db.session.remove()
    flask_migrate.downgrade(revision="0014")
    said = {"number": number, "words": "一\n二", "reason": "无误", "at": "2024-01-02 03:04:05"}
    db.session.execute(
        text(
            "INSERT INTO ledger_doubts (ledger_entry_id, rules, words, reason, answered_at) "
            "VALUES (:number, 'ahead,above_limit', :words, :reason, :at)"
        ),
        said,
    )
    db.session.commit()
    db.session.remove()
    flask_migrate.upgrade(revision="0015")
    found = db.session.execute(_rows_of(AnsweredDoubt.__table__)).one()
    assert (found.table_name, found.record_id) == ("ledger_entries", number)
    assert (found.region_id, found.year, found.name) == (region, 2023, f"台账 {number} 号")
    assert (found.rules, found.words, found.reason) == ("ahead,above_limit", "一\n二", "无误")
    assert found.answered_at.isoformat() == "2024-01-02T03:04:05+00:00"
    db.session.remove()
    with pytest.raises(LossError, match="存疑数据 1 条"):
        flask_migrate.downgrade(revision="0014")


def test_scorings_become_work_in_the_background_and_scorings_again(app: Flask) -> None:
    """0019: with who asked, their state and what came of them; what was cancelled failed."""
    place = make.zhejiang()["浙江省"]
    user_id = make.user(Role.ASSESSOR, place, origin=Origin.SAMPLE).id
    snapshot_id = acts.snapshot(2023).id
    papers.background_job(asked_by_id=user_id)
    papers.background_job(
        arguments="[2023]", title="2023 年度计分", state=WorkState.DONE, result_id=snapshot_id
    )
    papers.background_job(arguments="[2022]", state=WorkState.CANCELLED, ended_at=now())
    papers.background_job(kind="issuing.volume", arguments="[1]", title="合订本")
    db.session.commit()
    db.session.remove()
    flask_migrate.downgrade(revision="0018")
    columns = "year, state, reason, asked_by_id, snapshot_id"
    rows = db.session.execute(text(f"SELECT {columns} FROM scorings ORDER BY year")).all()
    assert [tuple(row) for row in rows] == [
        (2022, "failed", "已取消", None, None),
        (2023, "done", "", None, snapshot_id),
        (2024, "waiting", "", user_id, None),
    ]
    db.session.remove()
    flask_migrate.upgrade(revision="0019")
    found = db.session.execute(
        _rows_of(BackgroundJob.__table__).order_by(BackgroundJob.arguments)
    ).all()
    assert [(job.kind, job.arguments, job.title, job.state, job.result_id) for job in found] == [
        ("scoring", "[2022]", "2022 年度计分", WorkState.FAILED, None),
        ("scoring", "[2023]", "2023 年度计分", WorkState.DONE, snapshot_id),
        ("scoring", "[2024]", "2024 年度计分", WorkState.WAITING, None),
    ]
    assert (found[2].asked_by_id, found[2].owner, found[1].ended_at) == (user_id, 0, None)


def test_what_was_filed_stays_filed_with_an_event_and_all_else_has_not_begun(app: Flask) -> None:
    """0020: the moment of filing stays, and is that of the event that takes it over."""
    places = make.zhejiang()
    for place in places.values():
        place.origin = Origin.SAMPLE  # else nothing may be taken down that has events
    filed = acts.filing(places["缙云县"], origin=Origin.SAMPLE, filed_at=make.SUBMITTED).id
    open_ = acts.filing(places["庆元县"], origin=Origin.SAMPLE).id
    db.session.commit()
    db.session.remove()
    flask_migrate.downgrade(revision="0019")
    flask_migrate.upgrade(revision="0020")
    rows = {
        row.id: (row.state, row.state_at is not None and row.state_at == row.filed_at)
        for row in db.session.execute(text("SELECT id, state, state_at, filed_at FROM filings"))
    }
    assert rows == {filed: ("submitted", True), open_: ("not_started", False)}
    events = select(
        FilingEvent.filing_id, FilingEvent.act, FilingEvent.to_state, FilingEvent.at
    ).order_by(FilingEvent.id)
    assert [tuple(row) for row in db.session.execute(events)] == [
        (filed, FilingAct.TAKEN_OVER, FilingState.SUBMITTED, make.SUBMITTED)
    ]
