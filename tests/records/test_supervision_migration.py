"""The migration that brings supervision orders, with files for one and for another record."""

from __future__ import annotations

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import inspect, text

from tests import factories_acts as acts
from tests.records.constraint_cases import world
from tracker.core.db import db, guarded
from tracker.records.evidence.service import prove

KINDS = "SELECT kind FROM evidence_links ORDER BY id"


def test_orders_go_with_their_files_and_come_empty(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where all that is there is a demonstration's, it may be lost."""
    monkeypatch.setattr(guarded, "only_sample", lambda connection: True)
    found = world()
    acts.supervision_event(found.order)
    acts.evidence_link(found.file, found.project, kind="合同")
    prove(found.order, found.file, "照片.pdf", "办理情况佐证", None)
    db.session.commit()
    db.session.remove()
    flask_migrate.downgrade(revision="0033")
    assert list(db.session.scalars(text(KINDS))) == ["合同"]
    assert "supervision_orders" not in inspect(db.session.connection()).get_table_names()
    db.session.remove()
    flask_migrate.upgrade(revision="0035")
    assert list(db.session.scalars(text(KINDS))) == ["合同"]
    for table in ("supervision_orders", "supervision_events"):
        assert db.session.scalar(text(f"SELECT COUNT(*) FROM {table}")) == 0
