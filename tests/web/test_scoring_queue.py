"""Scoring a year where a worker runs: the page does not wait, says how far it is, leads on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.web.conftest import Site
from tests.web.pages import text_of
from tracker.core import jobs
from tracker.core.db import db, units
from tracker.core.db.records import now
from tracker.core.jobs.queue import beat, opened
from tracker.year.assessments import scorings, service
from tracker.year.assessments.jobs import SCORE
from tracker.year.assessments.models import Scoring, ScoringState, Snapshot

YEAR = 2024
HX = {"HX-Request": "true", "Tracker-Background": "1"}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """The jobs that are put on the queue, on which a worker is seen."""
    found: list[tuple[object, ...]] = []
    monkeypatch.setattr(jobs, "send", lambda _settings, *given: found.append(given))
    monkeypatch.setattr(jobs, "worker_seen", lambda _settings: True)
    return found


def ask(site: Site) -> str:
    """The assessor asks for the year to be scored; the address of the page that waits."""
    answer = site.browser("assessor").confirm("/assessments/score", {"year": str(YEAR)})
    assert answer.status_code == 302
    answer.close()
    return answer.location


def rows(site: Site) -> list[Scoring]:
    with site.app.app_context():
        return list(db.session.scalars(select(Scoring).order_by(Scoring.id)))


def test_the_page_leaves_it_to_a_worker_and_leads_to_what_came_of_it(any_site, sent, monkeypatch):
    address = ask(any_site)
    assessor = any_site.browser("assessor")
    (row,) = rows(any_site)
    assert sent == [(SCORE, row.id)]
    assert f"scoring={row.id}" in address
    page = assessor.get(address)
    assert "排队等候" in text_of(page)
    assert 'data-hx-trigger="every 2s"' in page.text
    assert ask(any_site) == address  # asked for once
    seen: list[str] = []
    freeze = service.freeze

    def freezing(*given):
        seen.append(text_of(assessor.get(f"/assessments/?year={YEAR}")))
        return freeze(*given)

    monkeypatch.setattr(service, "freeze", freezing)
    with any_site.app.app_context(), units.mode(writes=False):
        scorings.run_scoring(row.id)
    assert "正在计分 2024 年度：核对佐证文件" in seen[0]
    (row,) = rows(any_site)
    assert (row.state, row.step, row.holder) == (ScoringState.DONE, "", None)
    led = assessor.get(address)
    assert led.status_code == 302
    assert "沿用上次的结果" in text_of(assessor.get(led.location))
    part = assessor.client.get(address, headers=HX)
    assert (part.status_code, part.headers["HX-Redirect"]) == (204, led.location)
    assert "正在计分" not in text_of(assessor.get(f"/assessments/?year={YEAR}"))


def test_what_stands_against_it_is_said(any_site, sent, monkeypatch):
    address = ask(any_site)
    assessor = any_site.browser("assessor")

    def refused(*_given):
        raise service.AssessmentError("没有可用的细则。")

    monkeypatch.setattr(service, "frozen_year", refused)
    (row,) = rows(any_site)
    with any_site.app.app_context(), units.mode(writes=False):
        scorings.run_scoring(row.id)
    page = assessor.get(address)
    assert "2024 年度没有计分：没有可用的细则。" in text_of(page)
    assert "every 2s" not in page.text.split('id="scoring"')[1].split(">")[0]


def test_a_worker_that_was_killed_is_followed_by_another_and_one_snapshot_is_kept(
    any_site, sent, monkeypatch
):
    ask(any_site)
    (row,) = rows(any_site)
    killed = KeyboardInterrupt()

    def interrupted(*_given):
        raise killed

    with any_site.app.app_context(), units.mode(writes=False):
        before = db.session.scalar(select(func.count()).select_from(Snapshot))
        with monkeypatch.context() as patch:
            patch.setattr(service, "frozen_year", interrupted)
            with pytest.raises(KeyboardInterrupt):
                scorings.run_scoring(row.id)
        assert scorings.free_scorings() == []  # held, as far as anybody can tell
        scorings.run_scoring(row.id)
        assert db.session.get_one(Scoring, row.id).state is ScoringState.WAITING
        with units.writing():
            db.session.get_one(Scoring, row.id).lease_until = now() - timedelta(seconds=1)
        assert scorings.free_scorings() == [row.id]
        scorings.run_scoring(row.id)
        scorings.run_scoring(row.id)
        assert db.session.get_one(Scoring, row.id).state is ScoringState.DONE
        assert db.session.scalar(select(func.count()).select_from(Snapshot)) == before


def test_without_a_worker_the_page_does_it_itself(any_site):
    answer = any_site.browser("assessor").confirm("/assessments/score", {"year": str(YEAR)})
    assert "scoring=" not in answer.location
    assert rows(any_site) == []


def test_a_worker_is_seen_by_its_sign(any_site):
    settings = any_site.app.config["TRACKER"]
    with opened(settings) as queue:
        beat(queue)
    answer = any_site.browser("assessor").confirm("/assessments/score", {"year": str(YEAR)})
    assert "scoring=" in answer.location
    answer.close()
    with opened(settings) as queue:
        assert queue.storage.queue_size() == 1
