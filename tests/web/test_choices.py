"""A choice list always offers what is chosen now, and what was valid on the record's day."""

from __future__ import annotations

import dis
import inspect
from datetime import date

import pytest
from sqlalchemy import select

from tests import factories as make
from tests.web.pages import text_of, value_of
from tracker.core.db import db, units
from tracker.records.places.models import Region, RegionKind
from tracker.records.places.scopes import places
from tracker.records.projects.models import Project
from tracker.web.forms import Form
from tracker.web.kit.declared import SameForAll
from tracker.web.kit.kinds import all_kinds
from tracker.web.kit.links import LinkField


def test_what_is_offered_whatever_the_record_is_is_looked_up_once_for_many(sqlite_app):
    """Else a template asks for all of it again with each of its rows."""
    asked_again = []
    assert len(all_kinds()) > 20
    for kind in all_kinds():
        for name, choose in kind.choices.items():
            if isinstance(choose, SameForAll):
                continue
            _, record = inspect.signature(choose).parameters
            if not any(step.argval == record for step in dis.get_instructions(choose)):
                asked_again.append(f"{kind.key}.{name}")
    assert not asked_again


@pytest.fixture
def gone(site) -> int:
    """A partner county that was abolished after the project had named it."""
    with site.app.app_context(), units.mode(writes=True):
        city = db.session.scalar(select(Region).where(Region.code == "330100"))
        county = make.region("330104", "江干区", city, kind=RegionKind.COASTAL_STRONG)
        county.abolished_on = date(2021, 4, 9)
        project = db.session.get_one(Project, site.world["project"])
        project.partner_id = county.id
        db.session.commit()
        return county.id


def project_form(site, **changes: str) -> dict[str, str]:
    page = site.browser("staff").get(f"/projects/{site.world['project']}/edit")
    form = {"name": "智能装备项目", "category": "industry", "in_scope": "True"}
    version = page.text.split('name="version"')[1].split('value="')[1].split('"')[0]
    return {**form, "version": version, "signed_on": "2024-03-01", **changes}


def partner_of(site) -> int | None:
    with site.app.app_context():
        return db.session.get_one(Project, site.world["project"]).partner_id


def test_saving_keeps_a_partner_that_was_abolished_meanwhile(site, gone) -> None:
    address = f"/projects/{site.world['project']}/edit"
    page = site.browser("staff").get(address).text
    assert f'<option selected value="{gone}">' in page
    assert "江干区（2021-04-09 撤销）" in page
    sent = site.browser("staff").post(address, project_form(site, partner_id=str(gone)))
    assert sent.status_code == 302, text_of(sent)
    assert partner_of(site) == gone
    cleared = site.browser("staff").post(address, project_form(site, partner_id=""))
    assert cleared.status_code == 302, text_of(cleared)
    assert partner_of(site) is None


@pytest.mark.parametrize(
    ("signed_on", "status"),
    [("2021-04-08", 302), ("2021-04-09", 422), ("2024-03-01", 422), ("", 422)],
)
def test_what_is_abolished_is_chosen_for_records_of_the_time_before(
    site, gone, signed_on: str, status: int
) -> None:
    form = {
        "name": "江干旧项目",
        "category": "industry",
        "in_scope": "True",
        "signed_on": signed_on,
        "partner_id": str(gone),
    }
    sent = site.browser("staff").post("/projects/new", form)
    assert sent.status_code == status, text_of(sent)
    assert status == 302 or "江干区已于 2021-04-09 撤销" in text_of(sent)


def test_places_that_are_abolished_stand_last_and_marked(site, gone) -> None:
    with site.app.app_context():
        *_, last = places(None)
    assert last == (gone, "江干区（2021-04-09 撤销）")


class _Links(Form):
    link = LinkField("链接")


@pytest.mark.parametrize("lookup", [False, True])
def test_every_link_offers_and_takes_its_present_value(site, lookup: bool) -> None:
    """Whatever the kind's choices leave out: a village, a park, a person, an organisation."""
    for typed in ("7", "旧值"):
        with site.app.test_request_context(method="POST", data={"link": typed}):
            form = _Links(meta={"csrf": False})
            form.link.present = (7, "旧值")
            form.link.offer([(1, "新值")], (lambda text: []) if lookup else None)
            assert (7, "旧值") in form.link.offered
            assert form.link.validate(form)
            assert form.link.data == 7


def test_a_re_coded_county_keeps_its_records_and_its_old_address(site) -> None:
    assessor, staff = site.browser("assessor"), site.browser("staff")
    address = f"/regions/{site.world['jinyun']}/edit"
    page = assessor.get(address)
    form = {name: value_of(page, name) for name in ("version", "seen")}
    with site.app.app_context():
        parent = db.session.get_one(Region, site.world["jinyun"]).parent_id
    form |= {"name": "缙云县", "level": "county", "kind": "mountain", "parent_id": str(parent)}
    sent = assessor.post(address, {**form, "code": "331198"})
    assert sent.status_code == 302, text_of(sent)
    moved = staff.get("/counties/331122?year=2024&code=x&_scheme=y")
    assert moved.status_code == 302
    assert moved.location.startswith("/counties/331198")
    now = staff.get(moved.location)
    assert "智能装备项目" in text_of(now)
    assert "/331122" in now.text  # the scorecard of the year that was frozen under the old code
    assert staff.get("/counties/331197").status_code == 404
    assert site.browser("neighbour").get("/counties/331122").status_code == 404
