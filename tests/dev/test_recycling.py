"""What applications of the tests have in common, and what they do not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import factories as make
from tests.conftest import settings_for
from tests.recycling import Applications
from tracker.core.db import db
from tracker.records.places.models import Region


def test_a_template_is_compiled_for_one_application_and_then_there_for_all(
    new_sqlite: Callable[[], str],
    applications: Applications,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with (
        applications.at(settings_for(new_sqlite(), tmp_path)) as one,
        applications.at(settings_for(new_sqlite(), tmp_path)) as other,
    ):
        made = one.jinja_env.get_template("layout/error.html")
        monkeypatch.setattr(other.jinja_env, "compile", None)
        found = other.jinja_env.get_template("layout/error.html")
        assert found is not made
        assert found.environment is other.jinja_env


def test_two_applications_share_statements_and_no_records(
    new_sqlite: Callable[[], str], applications: Applications, tmp_path: Path
) -> None:
    def names() -> list[str]:
        return list(db.session.scalars(select(Region.name)))

    with applications.at(settings_for(new_sqlite(), tmp_path)) as one:
        with one.app_context():
            make.region("330000", "浙江省")
            db.session.commit()
            assert names() == ["浙江省"]
            engine = db.engine
        with (
            applications.at(settings_for(new_sqlite(), tmp_path)) as other,
            other.app_context(),
        ):
            assert db.engine is not engine
            assert db.engine._compiled_cache is engine._compiled_cache
            before = len(engine._compiled_cache)
            assert names() == []
            assert len(engine._compiled_cache) == before
