"""No migration loses what cannot be had again, whichever way it is run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import func, inspect, select, text

from tests import factories as make
from tests import factories_acts as acts
from tests import factories_papers as papers
from tests.processes import forked
from tests.records.constraint_cases import world
from tests.records.test_append_only import KEPT as APPEND_ONLY
from tracker.cli import main
from tracker.core.db import Base, Origin, db
from tracker.core.db.base import MIGRATIONS
from tracker.core.db.guarded import KEPT, LossError, holdings, only_sample
from tracker.core.db.versions import present_schema
from tracker.records.accounts.permissions import Role

# Before there were key works, and what was said of them.
EARLIER = "0040"


@pytest.fixture
def office(app: Flask) -> dict[str, int]:
    """A database with a record of each kind that people entered: table → rows."""
    found = world()
    acts.determination(found.county)
    acts.audit_entry(reason="更正")
    papers.paper_task(found.issue)
    return kept()


def kept() -> dict[str, int]:
    """What is there, committed; connections are given back, so that a migration may begin."""
    db.session.commit()
    tables = Base.metadata.tables
    counts = {name: count(tables[name]) for name in tables}
    db.session.remove()
    return counts


def count(table) -> int:
    return db.session.scalar(select(func.count()).select_from(table))


def refused(act: Callable[[], None], before: dict[str, int]) -> LossError:
    """The refusal of `act`, which has left everything as it was."""
    schema = inspect(db.engine).get_table_names()
    with pytest.raises(LossError) as caught:
        act()
    assert present_schema().found == present_schema().wanted
    assert inspect(db.engine).get_table_names() == schema
    assert kept() == before
    with db.engine.connect() as connection:
        assert set(holdings(connection)) == {*KEPT, *APPEND_ONLY}  # the triggers are there too
    return caught.value


def test_a_downgrade_names_and_counts_what_it_would_lose(office: dict[str, int]) -> None:
    told = refused(lambda: flask_migrate.downgrade(revision="base"), office)
    for table, label in {
        "issued_papers": "已签发文书",
        "paper_issues": "签发批次",
        "snapshots": "快照",
        "determinations": "核定",
        "ledger_entries": "台账",
        "audit_entries": "留痕",
    }.items():
        assert office[table] > 0
        assert f"{label} {office[table]} 条" in told.message
    assert {loss.table for loss in told.losses} == {t for t in {*KEPT, *APPEND_ONLY} if office[t]}
    assert all(loss.column == "" for loss in told.losses)


def test_a_downgrade_of_several_steps_is_made_whole_or_not_at_all(office: dict[str, int]) -> None:
    # One of the first steps on the way drops the objections, the last the rulebooks.
    told = refused(lambda: flask_migrate.downgrade(revision="0031"), office)
    assert {loss.table for loss in told.losses} == {
        "objection_claims",
        "objection_events",
        "objection_rulings",
        "rulebook_sets",
    }


def test_a_downgrade_of_several_steps_that_loses_nothing_is_made(app: Flask) -> None:
    make.user(Role.ADMINISTRATOR)
    acts.audit_entry(reason="更正")
    before = kept()
    flask_migrate.downgrade(revision=EARLIER)
    assert present_schema().found == EARLIER
    flask_migrate.upgrade()
    assert kept() == before


_CARELESS = '''"""Careless."""

from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    {upgrade}
'''


def upgrade(folder: Path, act: str) -> None:
    """Upgrade by one migration more, which does `act`."""
    copied = folder / "migrations"
    shutil.copytree(MIGRATIONS, copied)
    script = _CARELESS.format(head=present_schema().wanted, upgrade=act)
    (copied / "versions" / "9999_careless.py").write_text(script)
    flask_migrate.upgrade(directory=str(copied))


def unsigned(fault: str | None) -> dict[str, int]:
    """A paper that was not signed for a reason that 0030 has no place for: table → rows."""
    make.user(Role.ADMINISTRATOR)
    papers.paper_task(papers.paper_issue(acts.snapshot()), sign_fault=fault)
    return kept()


def test_values_of_a_kept_table_are_kept_as_rows_are(app: Flask) -> None:
    before = unsigned("没有证书")
    told = refused(lambda: flask_migrate.downgrade(revision="0030"), before)
    assert [(loss.table, loss.column, loss.number) for loss in told.losses] == [
        ("paper_tasks", "sign_fault", 1)
    ]
    assert "的“未签名原因” 1 条" in told.message


def test_nothing_is_refused_that_loses_nothing(app: Flask, tmp_path: Path) -> None:
    before = unsigned(None)
    upgrade(tmp_path, 'op.drop_column("paper_tasks", "sign_fault")')
    assert present_schema().found == "9999"
    assert kept() == before


_SAMPLE = {"origin": Origin.SAMPLE}


def said_of_a_work(**of: Origin) -> None:
    """What an upgrade from EARLIER makes room for, and a downgrade would lose."""
    place = make.region("331122", "缙云县", **of)
    acts.work_event(acts.key_work(place, **of))


def sample() -> None:
    """What a demonstration holds: invented records, its accounts, and what was made of them."""
    make.organisation(**_SAMPLE)
    make.organisation(origin=Origin.PUBLIC, name="公开的企业")
    make.user(Role.ADMINISTRATOR, **_SAMPLE)
    said_of_a_work(**_SAMPLE)


def test_sample_data_may_be_lost(app: Flask) -> None:
    sample()
    assert kept()["key_work_events"] == 1
    flask_migrate.downgrade(revision=EARLIER)
    flask_migrate.upgrade()
    assert kept()["key_work_events"] == 0
    with db.engine.connect() as connection:
        assert only_sample(connection)


@pytest.mark.parametrize(
    "more",
    [
        lambda: make.organisation(name="某企业"),
        lambda: make.user(Role.ADMINISTRATOR, username="office"),
        lambda: acts.audit_entry(actor_id=make.user(Role.ADMINISTRATOR, **_SAMPLE).id),
    ],
    ids=["a record that was entered", "an account that is no demonstration", "somebody's act"],
)
def test_anything_but_sample_data_is_kept(app: Flask, more: Callable[[], object]) -> None:
    sample()
    more()
    refused(lambda: flask_migrate.downgrade(revision=EARLIER), kept())


def test_public_data_is_not_sample_data(app: Flask) -> None:
    make.organisation(origin=Origin.PUBLIC)
    make.user(Role.ADMINISTRATOR, **_SAMPLE)
    said_of_a_work(origin=Origin.PUBLIC)
    refused(lambda: flask_migrate.downgrade(revision=EARLIER), kept())


@pytest.mark.parametrize(
    ("act", "lost"),
    [
        ('op.drop_table("paper_tasks")', ("paper_tasks", "")),
        ('op.drop_column("issued_papers", "engine")', ("issued_papers", "engine")),
        (
            "op.execute(\"UPDATE paper_tasks SET subject_name = ''\")",
            ("paper_tasks", "subject_name"),
        ),
        ('op.execute("DELETE FROM paper_tasks")', ("paper_tasks", "")),
    ],
)
def test_a_careless_upgrade_is_undone(
    office: dict[str, int], tmp_path: Path, act: str, lost: tuple[str, str]
) -> None:
    told = refused(lambda: upgrade(tmp_path, act), office)
    assert lost in {(loss.table, loss.column) for loss in told.losses}


_REFUSING = {
    "sqlite": [
        "CREATE TRIGGER later_no_delete BEFORE DELETE ON later "
        "BEGIN SELECT RAISE(ABORT, 'never'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION later_kept() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'never'; END $$",
        "CREATE TRIGGER later_kept BEFORE UPDATE OR DELETE ON later "
        "FOR EACH ROW EXECUTE FUNCTION later_kept()",
    ],
}


def test_a_later_table_is_guarded_by_refusing_deletion(app: Flask) -> None:
    db.session.execute(text("CREATE TABLE later (id INTEGER PRIMARY KEY, word VARCHAR(9))"))
    db.session.execute(text("INSERT INTO later VALUES (1, ''), (2, 'said'), (3, NULL)"))
    db.session.commit()
    with db.engine.connect() as connection:
        assert "later" not in holdings(connection)
    for statement in _REFUSING[db.engine.dialect.name]:
        db.session.execute(text(statement))
    db.session.commit()
    with db.engine.connect() as connection:
        assert holdings(connection)["later"] == (3, {"id": 3, "word": 1})


def test_flask_db_refuses_as_well(app: Flask) -> None:
    said_of_a_work()
    before = kept()
    done = app.test_cli_runner().invoke(args=["db", "downgrade", EARLIER])
    assert done.exit_code == 1
    assert "重点工作报告 1 条" in done.output
    assert kept() == before


def test_the_command_refuses_in_one_line(app: Flask) -> None:
    said_of_a_work()
    before = kept()
    settings = app.config["TRACKER"]
    where = {"DATABASE_URL": settings.database_url, "TRACKER_INSTANCE": str(settings.instance)}
    db.engine.dispose()
    done = forked(main, "db", "downgrade", EARLIER, environment=where)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("错误：将丢失重点工作报告 1 条")
    assert kept() == before
