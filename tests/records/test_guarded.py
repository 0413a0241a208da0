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
    # The first step on the way drops what was drawn, one of the last the papers.
    told = refused(lambda: flask_migrate.downgrade(revision="0003"), office)
    assert {loss.table for loss in told.losses} == {
        "application_events",
        "issued_papers",
        "issued_paper_regions",
        "objection_claims",
        "objection_events",
        "objection_rulings",
        "paper_issues",
        "paper_tasks",
        "rulebook_sets",
        "sampled_facts",
        "samplings",
    }


def test_a_downgrade_of_several_steps_that_loses_nothing_is_made(app: Flask) -> None:
    user = make.user(Role.ADMINISTRATOR)
    acts.audit_entry(reason="更正")
    papers.background_job(asked_by_id=user.id)
    before = kept()
    flask_migrate.downgrade(revision="0004")
    assert present_schema().found == "0004"
    flask_migrate.upgrade()
    # What was asked of the workers can be asked again.
    assert kept() == before | {"background_jobs": 0}


def test_values_of_a_kept_table_are_kept_as_rows_are(app: Flask) -> None:
    make.user(Role.ADMINISTRATOR)
    acts.audit_entry(reason="更正")
    before = kept()
    told = refused(lambda: flask_migrate.downgrade(revision="0002"), before)
    assert [(loss.table, loss.column, loss.number) for loss in told.losses] == [
        ("audit_entries", "reason", 1)
    ]
    assert "留痕的“理由” 1 条" in told.message


def test_nothing_is_refused_that_loses_nothing(app: Flask) -> None:
    make.user(Role.ADMINISTRATOR)
    acts.audit_entry(reason=None)
    before = kept()
    flask_migrate.downgrade(revision="0002")
    flask_migrate.upgrade()
    assert kept() == before


_SAMPLE = {"origin": Origin.SAMPLE}


def sample() -> None:
    """What a demonstration holds: invented records, its accounts, and what was made of them."""
    make.organisation(**_SAMPLE)
    make.organisation(origin=Origin.PUBLIC, name="公开的企业")
    make.user(Role.ADMINISTRATOR, **_SAMPLE)
    papers.issued_paper(papers.paper_issue(acts.snapshot()))


def test_sample_data_may_be_lost(app: Flask) -> None:
    sample()
    assert kept()["issued_papers"] == 1
    flask_migrate.downgrade(revision="0003")
    flask_migrate.upgrade()
    assert kept()["issued_papers"] == 0
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
    refused(lambda: flask_migrate.downgrade(revision="0003"), kept())


def test_public_data_is_not_sample_data(app: Flask) -> None:
    make.organisation(origin=Origin.PUBLIC)
    make.user(Role.ADMINISTRATOR, **_SAMPLE)
    papers.issued_paper(papers.paper_issue(acts.snapshot()))
    refused(lambda: flask_migrate.downgrade(revision="0003"), kept())


_CARELESS = '''"""Careless."""

from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    {upgrade}
'''


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
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    script = _CARELESS.format(head=present_schema().wanted, upgrade=act)
    (folder / "versions" / "9999_careless.py").write_text(script)
    told = refused(lambda: flask_migrate.upgrade(directory=str(folder)), office)
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


def test_flask_db_refuses_as_well(app: Flask, office: dict[str, int]) -> None:
    done = app.test_cli_runner().invoke(args=["db", "downgrade", "0003"])
    assert done.exit_code == 1
    assert f"已签发文书 {office['issued_papers']} 条" in done.output
    assert kept() == office


def test_the_command_refuses_in_one_line(app: Flask, office: dict[str, int]) -> None:
    settings = app.config["TRACKER"]
    where = {"DATABASE_URL": settings.database_url, "TRACKER_INSTANCE": str(settings.instance)}
    db.engine.dispose()
    done = forked(main, "db", "downgrade", "0003", environment=where)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("错误：将丢失已签发文书")
    assert kept() == office
