"""The audit trail: every change of every record, with who, old and new, and nothing secret."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories as make
from tests.factories import wan
from tracker.core.db import Base, db
from tracker.core.db.audit import AuditEntry, act_as
from tracker.records.accounts.permissions import Role
from tracker.records.ledger.models import EntryKind
from tracker.records.projects.models import Project
from tracker.tables import AUDITED, UNAUDITED


@pytest.fixture
def county(app: Flask):
    return make.zhejiang()["缙云县"]


def trail(table: str, record_id: int) -> list[AuditEntry]:
    statement = select(AuditEntry).where(
        AuditEntry.table_name == table, AuditEntry.record_id == record_id
    )
    return list(db.session.scalars(statement.order_by(AuditEntry.id)))


def test_every_table_is_audited_or_left_out_by_name(app: Flask) -> None:
    assert set(Base.metadata.tables) == AUDITED | UNAUDITED


def test_a_change_says_who_and_what_from_what_to(county) -> None:
    staff = make.user(Role.STAFF, county)
    act_as(db.session, staff.id)
    project = make.project(county, name="竹材加工", total_investment=wan(9_000))
    project.total_investment = wan("10000.5")
    project.signed_on = date(2024, 3, 1)
    db.session.flush()
    created, changed = trail("projects", project.id)
    assert (created.action, created.actor_id) == ("created", staff.id)
    assert json.loads(created.changes)["name"] == [None, "竹材加工"]
    assert changed.action == "changed"
    assert json.loads(changed.changes) == {
        "signed_on": [None, "2024-03-01"],
        "total_investment": ["90000000", "100005000"],
    }


def test_setting_what_is_there_already_is_no_change(county) -> None:
    project = make.project(county, total_investment=wan(9_000))
    project.total_investment = Decimal("90000000.00")
    project.name = str(project.name)
    db.session.flush()
    assert [entry.action for entry in trail("projects", project.id)] == ["created"]


def test_a_deleted_draft_leaves_what_it_was(county) -> None:
    project = make.project(county)
    entry = make.entry(
        project, EntryKind.FUNDS_IN_PLACE, wan(5), date(2024, 1, 1), submitted_at=None
    )
    number = entry.id
    db.session.delete(entry)
    db.session.flush()
    last = trail("ledger_entries", number)[-1]
    assert last.action == "deleted"
    assert json.loads(last.changes)["kind"] == ["funds_in_place", None]


def test_secrets_are_not_written_down(county) -> None:
    staff = make.user(Role.STAFF, county, password_hash="$argon2id$first")
    staff.password_hash = "$argon2id$second"
    db.session.flush()
    written = " ".join(entry.changes for entry in trail("users", staff.id))
    assert "argon2id" not in written
    assert "password_hash" in written


def test_what_is_rolled_back_leaves_no_trace(county) -> None:
    db.session.commit()
    before = len(list(db.session.scalars(select(AuditEntry))))
    make.project(county)
    db.session.rollback()
    assert len(list(db.session.scalars(select(AuditEntry)))) == before
    assert db.session.scalars(select(Project)).all() == []
