"""Records of one name are told apart on every page that shows two of them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from tests import factories as make
from tests.web.pages import text_of
from tracker.core.db import db, units
from tracker.papers.quarter.build import Quarter, quarter_form
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.ledger.models import EntryKind
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region, RegionLevel

NAME = "同名记录甲"
# Its name alone, with nothing behind it that tells which one it is.
BARE = re.compile(NAME + r"[Aa]?(?![（\w])")


@pytest.fixture
def twins(site) -> dict[str, int]:
    """Projects, enclaves, parks and villages that are all called alike, two of each in sight."""
    with site.app.app_context(), units.writing():
        jinyun = db.session.get_one(Region, site.world["jinyun"])
        qingyuan = db.session.get_one(Region, site.world["qingyuan"])
        fuyang = db.session.query(Region).filter_by(name="富阳区").one()
        hangzhou = fuyang.parent
        pairing = db.session.get_one(Pairing, site.world["pairing"])
        found = {"pairing": pairing.id, "jinyun": jinyun.id}
        for place in (jinyun, qingyuan):
            project = make.project(place, name=NAME, signed_on=date(2024, 2, 1))
            make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(10), date(2024, 3, 1))
            make.enclave(place, fuyang, EnclaveKind.INCOME, name=NAME)
        far = make.region("330199", "新置区", hangzhou)
        town = [
            make.region(f"33112210{n}", name, jinyun, level=RegionLevel.TOWN, kind=None)
            for n, name in enumerate(("五云街道", "壶镇镇"))
        ]
        second = make.enclave(jinyun, far, EnclaveKind.INCOME, name=NAME)
        make.park(fuyang, jinyun, name=f"{NAME}A")
        make.park(far, jinyun, name=f"{NAME}a", name_twin=1)  # of before names had a key
        villages = [make.village(jinyun, name=NAME, town=each) for each in town]
        first = next(e for e in enclaves_of(jinyun) if e.host_id == fuyang.id)
        for enclave in (first, second):
            make.entry(enclave, EntryKind.REBATE, make.wan(1), date(2024, 12, 1), submitted_at=None)
            for village in villages:
                make.stake(enclave, village)
        found |= {"village": villages[0].id, "enclave": first.id}
        db.session.commit()
    return found


def enclaves_of(place: Region) -> list[Enclave]:
    return list(db.session.query(Enclave).filter_by(origin_id=place.id, name=NAME))


@pytest.mark.parametrize(
    ("user", "address"),
    [
        ("reviewer", "/projects/"),
        ("reviewer", "/enclaves/"),
        ("reviewer", "/parks/"),
        ("reviewer", "/villages/"),
        ("reviewer", "/ledger/?year=2024"),
        ("staff", "/ledger/drafts"),
        ("staff", "/ledger/new"),
        ("staff", "/enclaves/{enclave}"),
        ("staff", "/villages/{village}"),
        ("staff", "/counties/331122?year=2024"),
    ],
)
def test_a_page_tells_those_of_one_name_apart(site, twins, user, address) -> None:
    page = site.browser(user).get(address.format(**twins))
    assert page.status_code == 200
    main = text_of(page).partition("退出")[2]
    assert main.count(NAME) > 1
    body = page.text[page.text.index("<main") :]
    # Not where only one is shown: the page's own record, its trail, a county's project.
    shown = re.sub(r"<h1.*?</h1>", "", body, flags=re.S)
    shown = re.sub(
        r"<section[^>]*(history-heading|\"projects\").*?</section>", "", shown, flags=re.S
    )
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", shown))
    assert [words[m.start() - 20 : m.end() + 10] for m in BARE.finditer(words)] == []


def test_the_quarter_form_tells_those_of_one_name_apart(site, twins) -> None:
    with site.app.app_context():
        county = db.session.get_one(Region, twins["jinyun"])
        form = quarter_form(county, Quarter(2024, 4), datetime(2025, 1, 5, 9, tzinfo=UTC))
        for rows in (form.enclaves, form.parks):
            names = [row.name for row in rows if row.name.startswith(NAME)]
            assert len(names) == len(set(names)) == 2
            assert all("富阳区" in name or "新置区" in name for name in names), names
