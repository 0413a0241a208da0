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


def made() -> Trial:
    """A trial of the next day that is not kept yet."""
    return Trial(
        year=2026,
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
    monkeypatch.setattr(jobs, "tried", lambda _year, _tell: made())
    with site.app.app_context(), units.mode(writes=False):
        run(sent[0])
        kept = queries.latest(2026)
        assert db.session.get_one(User, kept.frozen_by_id).role is Role.ASSESSOR
        assert kept.frozen_at == datetime(2026, 5, 21, 4, tzinfo=UTC)
    assert people["assessor"].post("/background/ask", asked | {"year": "2025"}).status_code >= 400


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
