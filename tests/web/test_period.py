"""The year at the top of the page: what is shown before anybody chose one, and who keeps it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import time_machine

from tests import factories as make
from tests.web.pages import value_of
from tracker.db import db
from tracker.ledger.models import EntryKind
from tracker.projects.models import Project


def test_the_latest_scored_year_until_the_present_one_has_entries(site, in_database):
    def enter():
        project = db.session.get(Project, site.world["project"])
        make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(1), date(2026, 1, 1), note="新年")
        db.session.commit()

    with time_machine.travel(datetime(2026, 3, 1, 4, tzinfo=UTC)):
        staff = site.browser("staff")
        assert value_of(staff.get("/"), "year") == "2024"
        in_database(enter)
        assert value_of(staff.get("/"), "year") == "2026"


def test_the_chosen_year_stays(site):
    staff = site.browser("staff")
    staff.get("/projects/?year=2023")
    assert value_of(staff.get("/enclaves/"), "year") == "2023"
    assert value_of(site.browser("neighbour").get("/enclaves/"), "year") == "2024"
