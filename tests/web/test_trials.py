"""试算 as pages: what each reader sees of others, and who may ask for one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine

from tests import factories as make
from tests import factories_trials as trials
from tests.web.conftest import Site
from tests.web.pages import Browser, text_of
from tests.year.procedure.cities import SHEET as CITY_SHEET
from tracker.core import jobs as queue
from tracker.core.db import db, units
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.background.running import run
from tracker.records.places.models import Region
from tracker.year.rulebooks import service as rulebooks
from tracker.year.rulebooks.models import SetStatus
from tracker.year.rulebooks.shelf import SET_FILE, shipped
from tracker.year.trials import jobs, queries
from tracker.year.trials.models import Trial, TrialCard

NOON = datetime(2026, 5, 20, 4, tzinfo=UTC)
SHEET = "zj-recipient-county"
OWNED = "owner=331100"


@pytest.fixture(autouse=True)
def in_may() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def people(site: Site) -> dict[str, Browser]:
    """Three counties of a class with a trial, and who looks."""
    with site.app.app_context(), units.mode(writes=True):
        places = {place.name: place for place in db.session.scalars(db.select(Region))}
        of, before = trials.trial(2026, 5), trials.trial(2026, 4)
        for name, total, rank in (("缙云县", "81.25", 2), ("庆元县", "92.5", 1), ("富阳区", 70, 3)):
            trials.trial_card(of, places[name], total, rank=rank)
        trials.trial_card(before, places["缙云县"], 80)
        ids = {
            name: make.user(Role.LEADER, places[of_place], username=name).id
            for name, of_place in (("county", "缙云县"), ("city", "丽水市"))
        }
        db.session.commit()
    ids |= {"province": site.world["leader"], "assessor": site.world["assessor"]}
    ids["administrator"] = site.world["administrator"]
    return {name: Browser(site.app, number) for name, number in ids.items()}


def test_a_card_that_waits_for_data_has_no_rank_yet(site: Site, people) -> None:
    """As on the index of scorecards: a rank is told of what is whole."""
    with site.app.app_context(), units.mode(writes=True):
        card = db.session.scalars(db.select(TrialCard).where(TrialCard.rank == 3)).one()
        card.complete, card.unscorable = False, 2
        db.session.commit()
    page = text_of(people["province"].get("/trials/?year=2026"))
    assert "第 1 名" in page
    assert "暂不排名" in page
    assert "第 3 名" not in page
    of_it = text_of(people["province"].get("/?year=2026&region=330111"))
    assert "暂不排名" in of_it
    assert "第 3 名" not in of_it


def test_pages_tell_of_others_what_the_table_of_stages_tells_before_the_notice(people):
    own = text_of(people["county"].get("/trials/?year=2026"))
    assert "81.25" in own
    assert "1.25" in own  # since April
    assert "8.75" in own  # to 90
    assert "92.50" not in own
    assert "名次公示后公布" in own
    city = text_of(people["city"].get("/trials/?year=2026"))
    assert "92.50" in city
    assert "70.00" not in city
    assert "名次公示后公布" in city
    all_of_them = text_of(people["province"].get("/trials/?year=2026"))
    assert "70.00" in all_of_them
    assert "公示后公布" not in all_of_them
    assert people["administrator"].client.get("/trials/?year=2026").status_code == 403
    card = text_of(people["county"].get(f"/trials/2026/{SHEET}/331122"))
    assert "高层互访与联席会议" in card
    assert "试算于 2026-05-20 09:00，按 2026 年细则试算，不作为考核结果。" in card
    for address in (f"/trials/2026/{SHEET}/331126", f"/trials/2025/{SHEET}/331122"):
        assert people["county"].client.get(address).status_code == 404
    assert "2025 年度没有试算" in text_of(people["county"].get("/trials/?year=2025"))


def made(owner: int | None) -> Trial:
    """A trial of the next day that is not kept yet."""
    return Trial(
        year=2026,
        owner_region_id=owner,
        month=date(2026, 5, 1),
        frozen_at=datetime(2026, 5, 21, 4, tzinfo=UTC),
        rulebook_year=2025,
        engine="1.4",
        facts_sha256="0" * 64,
        cards=[],
    )


def test_the_button_is_for_those_who_score(people, site: Site, monkeypatch):
    sent: list[int] = []
    monkeypatch.setattr(queue, "send", lambda _settings, _name, job_id: sent.append(job_id))
    asked = {"kind": "trial", "year": "2026"}
    assert "现在试算" not in text_of(people["county"].get("/trials/?year=2026"))
    assert people["county"].post("/background/ask", asked).status_code == 403
    assert "现在试算" in text_of(people["assessor"].get("/trials/?year=2026"))
    people["assessor"].post("/background/ask", asked).close()
    monkeypatch.setattr(jobs, "tried", lambda _year, _tell, owner: made(owner))
    with site.app.app_context(), units.mode(writes=False):
        run(sent[0])
        kept = queries.latest(2026)
        assert db.session.get_one(User, kept.frozen_by_id).role is Role.ASSESSOR
        assert kept.frozen_at == datetime(2026, 5, 21, 4, tzinfo=UTC)
    assert people["assessor"].post("/background/ask", asked | {"year": "2025"}).status_code >= 400


@pytest.fixture
def of_city(site: Site, people: dict[str, Browser]) -> dict[str, Browser]:
    """丽水市 tried its own counties too; people of it, and of another city."""
    with site.app.app_context(), units.mode(writes=True):
        places = {place.name: place for place in db.session.scalars(db.select(Region))}
        city = places["丽水市"]
        of = trials.trial(2026, 5, owner_region_id=city.id)
        before = trials.trial(2026, 4, owner_region_id=city.id)
        for name, total, rank in (("缙云县", "61.5", 2), ("庆元县", "63.75", 1)):
            trials.trial_card(of, places[name], total, rank=rank, sheet=CITY_SHEET, title="本市")
        trials.trial_card(before, places["缙云县"], "58.25", sheet=CITY_SHEET)
        ids = {
            "reviewer": make.user(Role.REVIEWER, city, username="of_city").id,
            "elsewhere": make.user(Role.LEADER, places["杭州市"], username="of_hangzhou").id,
            "supporter": make.user(Role.LEADER, places["富阳区"], username="of_fuyang").id,
        }
        db.session.commit()
    return {**people, **{name: Browser(site.app, number) for name, number in ids.items()}}


def test_a_citys_trial_is_seen_by_the_table_of_its_own_assessment(of_city) -> None:
    index, card = f"/trials/?year=2026&{OWNED}", f"/trials/2026/{CITY_SHEET}/331122?{OWNED}"
    county = text_of(of_city["county"].get(index))
    assert "市考县 · 丽水市 试算于 2026-05-20 09:00" in county
    assert "61.50" in county
    assert "3.25" in county  # since April
    assert "63.75" not in county
    assert "名次公示后公布" in county
    for name in ("city", "reviewer", "province", "assessor"):
        page = text_of(of_city[name].get(index))
        assert "63.75" in page, name
        assert "第 2 名" in page, name
        assert "81.25" not in page, name
    for name in ("county", "city", "province"):
        answer = of_city[name].get(card)
        assert "市考县 · 丽水市" in text_of(answer)
        assert "61.50" in text_of(answer)
    other = card.replace("331122", "331126")
    assert of_city["county"].client.get(other).status_code == 404
    for name in ("elsewhere", "supporter"):
        for address in (index, card):
            assert of_city[name].client.get(address).status_code == 404, (name, address)
        assert "丽水市" not in text_of(of_city[name].get("/trials/?year=2026"))


def test_owners_do_not_mix(of_city) -> None:
    for name in ("county", "city", "province", "reviewer"):
        page = text_of(of_city[name].get("/trials/?year=2026"))
        assert "市考县的试算" in page
        assert "61.50" not in page, name
        assert "63.75" not in page, name
        assert "81.25" in page, name
        for address in (f"{CITY_SHEET}/331122", f"{SHEET}/331122?{OWNED}"):
            assert of_city[name].client.get(f"/trials/2026/{address}").status_code == 404
    for address in ("/overview/ranking/?year=2026", "/?year=2026"):
        assert "63.75" not in text_of(of_city["province"].get(address))
    assert "没有试算" in text_of(of_city["city"].get(f"/trials/?year=2025&{OWNED}"))


def test_each_owner_is_tried_by_those_who_run_its_assessment(of_city, site, monkeypatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(queue, "send", lambda _settings, _name, job_id: sent.append(job_id))
    monkeypatch.setattr(jobs, "tried", lambda _year, _tell, owner: made(owner))
    asked = {"kind": "trial", "year": "2026"}
    for name, of, expected in (
        ("reviewer", {}, 403),
        ("assessor", {"owner": "331100"}, 403),
        ("county", {"owner": "331100"}, 403),
        ("reviewer", {"owner": "331122"}, 400),
        ("reviewer", {"owner": "331100"}, 302),
    ):
        assert of_city[name].post("/background/ask", {**asked, **of}).status_code == expected
        page = text_of(of_city[name].get(f"/trials/?year=2026{'&' + OWNED if of else ''}"))
        assert ("现在试算" in page) is (expected in (400, 302))
    with site.app.app_context(), units.mode(writes=False):
        before = queries.latest(2026).id
        run(sent[0])
        (kept,) = queries.latest_of_cities(2026).values()
        assert db.session.get_one(User, kept.frozen_by_id).username == "of_city"
        assert (kept.frozen_at.day, queries.latest(2026).id) == (21, before)


def test_points_of_a_trial_say_what_their_rulebooks_were_when_it_was_tried(
    site: Site, people
) -> None:
    of_2025 = shipped(2025)
    book = of_2025.texts["recipient-county.toml"]
    with site.app.app_context(), units.mode(writes=True):
        for day, document in ((10, "示例〔2026〕1号"), (25, "示例〔2026〕2号")):
            head = f'status = "official"\nissuer = "示例办"\ndocument = "{document}"'
            counties = book.replace('status = "designed"', head)
            texts = {SET_FILE: of_2025.text, **of_2025.texts, "recipient-county.toml": counties}
            made = rulebooks.make(None, 2026, "细则", SetStatus.OFFICIAL, document, texts)
            rulebooks.publish(made, "更正" if day == 25 else "", None)
            made.published_at = datetime(2026, 5, day, tzinfo=UTC)
            db.session.commit()
    said = "试算于 2026-05-20 09:00，按 2026 年正式细则（示例〔2026〕1号）试算，不作为考核结果。"
    assert said in text_of(people["county"].get(f"/trials/2026/{SHEET}/331122"))
    index = text_of(people["county"].get("/trials/?year=2026"))
    assert said in index
    assert "受援县评分表正式细则（示例〔2026〕1号）" in index
