"""Pages of a city's assessment say whose it is, and open to those whom it concerns alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import settings_for
from tests.papers.issuing.conftest import YEAR, records
from tests.web.pages import Browser, text_of
from tests.year.procedure.cities import COUNTY, SHEET, City, elsewhere
from tests.year.procedure.conftest import Year
from tracker import create_app
from tracker.core.db import db, units
from tracker.records.accounts.models import User
from tracker.year.assessments.queries import latest_snapshot

OWNED = "owner=331100"
PAGES = (
    f"/assessments/course/?{OWNED}&year={YEAR}",
    f"/assessments/reviews/?{OWNED}&year={YEAR}",
    f"/scorecards/?{OWNED}&year={YEAR}",
    f"/determinations/?{OWNED}&year={YEAR}",
    f"/determinations/review/?{OWNED}&year={YEAR}",
    f"/objections/?{OWNED}&year={YEAR}",
    f"/papers/?{OWNED}&year={YEAR}",
    f"/rulebooks/?{OWNED}&year={YEAR}",
    f"/rulebooks/{YEAR}/{SHEET}?{OWNED}",
)
RUN = (
    f"/assessments/?{OWNED}&year={YEAR}",
    f"/rulebooks/sets/?{OWNED}",
    f"/papers/issue?{OWNED}&year={YEAR}",
    f"/assessments/course/{YEAR}/days?{OWNED}",
    f"/assessments/course/{YEAR}/step/notice_ended?{OWNED}",
)


@dataclass
class Site:
    """An application with a city's notice; ids of users by name, and of the snapshot."""

    app: Flask
    users: dict[str, int]
    snapshot: int

    def browser(self, name: str) -> Browser:
        return Browser(self.app, self.users[name])

    @property
    def card(self) -> str:
        return f"/scorecards/{self.snapshot}/{SHEET}/{COUNTY}"


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("city")
    database = folder / "tracker.db"
    shutil.copy(sqlite_template, database)
    app = create_app(settings_for(f"sqlite:///{database}", folder))
    with app.app_context(), units.mode(writes=True):
        city = City(Year(records()))
        elsewhere()
        city.to_notice()
        users = {user.username: user.id for user in db.session.scalars(select(User))}
        snapshot = latest_snapshot(YEAR, city.owner)
        assert snapshot is not None
        found = Site(app, users, snapshot.id)
        db.session.commit()
        db.session.remove()
    yield found
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("name", ["staff", "reviewer", "assessor"])
def test_pages_say_whose_it_is_to_those_whom_it_concerns(site: Site, name: str) -> None:
    browser = site.browser(name)
    for address in PAGES:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert "市考县 · 丽水市" in text_of(answer), address
    answer = browser.get(site.card)
    assert answer.status_code == 200
    assert "市考县：丽水市" in text_of(answer)
    for address in RUN:
        expected = 200 if name == "reviewer" else 403
        assert browser.get(address).status_code == expected, address
    # Without the owner in the address nothing of it shows.
    for address in PAGES[:8]:
        text = text_of(browser.get(address.replace(OWNED, "")))
        assert "市考县 · 丽水市" not in text, address
        assert "city-recipient-county" not in text, address


@pytest.mark.parametrize("name", ["longyou", "quzhou"])
def test_other_cities_see_nothing(site: Site, name: str) -> None:
    browser = site.browser(name)
    hidden = (*PAGES, site.card, f"{site.card}.pdf", f"/scorecards/?snapshot={site.snapshot}")
    for address in (*hidden, *(RUN if name == "quzhou" else ())):
        assert browser.get(address).status_code == 404, address
    cities = text_of(browser.get(f"/assessments/course/cities?year={YEAR}"))
    assert "衢州市" in cities
    assert "丽水市" not in cities
