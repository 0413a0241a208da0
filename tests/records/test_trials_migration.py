"""The migration by which trials have owners, with one of before and those of cities."""

from __future__ import annotations

import flask_migrate
from flask import Flask
from sqlalchemy import inspect, text

from tests import factories as make
from tests import factories_trials as trials
from tracker.core.db import db

ROWS = "SELECT trials.id, count(*) FROM trials JOIN trial_cards ON trial_id = trials.id GROUP BY 1"


def test_trials_of_cities_go_with_their_owner_and_those_of_before_are_the_provinces(
    app: Flask,
) -> None:
    places = make.zhejiang()
    of_province = trials.trial(2024)
    owned = [trials.trial(2024, owner_region_id=places[of].id) for of in ("丽水市", "杭州市")]
    for trial in (of_province, *owned):
        trials.trial_card(trial, places["缙云县"])
    own, city = of_province.id, places["丽水市"].id
    db.session.commit()
    db.session.remove()
    flask_migrate.downgrade(revision="0045")
    assert "owner_region_id" not in {
        each["name"] for each in inspect(db.engine).get_columns("trials")
    }
    assert db.session.execute(text(ROWS)).all() == [(own, 1)]
    db.session.remove()
    flask_migrate.upgrade(revision="0046")
    assert db.session.scalar(text("SELECT count(owner_region_id) FROM trials")) == 0
    trials.trial(2024, owner_region_id=city)
    assert db.session.execute(text(ROWS)).all() == [(own, 1)]
