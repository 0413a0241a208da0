"""Scoring a year where a worker runs: the page does not wait, says how far it is, leads on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.web.conftest import Site
from tests.web.pages import text_of
from tracker.core import jobs
from tracker.core.db import db, units
from tracker.core.db.records import now
from tracker.core.jobs import Lane
from tracker.core.jobs.queue import beat, opened
from tracker.records.background.models import BackgroundJob, WorkState
from tracker.records.background.queries import free_jobs
from tracker.records.background.running import run
from tracker.year.assessments import service
from tracker.year.assessments.models import Snapshot

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


def rows(site: Site) -> list[BackgroundJob]:
    with site.app.app_context():
        return list(db.session.scalars(select(BackgroundJob).order_by(BackgroundJob.id)))


def work(site: Site, job_id: int) -> None:
    with site.app.app_context(), units.mode(writes=False):
        run(job_id)


def test_the_page_leaves_it_to_a_worker_and_leads_to_what_came_of_it(any_site, sent, monkeypatch):
    address = ask(any_site)
    assessor = any_site.browser("assessor")
    (row,) = rows(any_site)
    assert sent == [("background.short", row.id)]
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
    work(any_site, row.id)
    assert "2024 年度计分：正在核对佐证文件" in seen[0]
    (row,) = rows(any_site)
    assert (row.state, row.step, row.holder) == (WorkState.DONE, "", None)
    led = assessor.get(address)
    assert led.status_code == 302
    assert "沿用上次的结果" in text_of(assessor.get(led.location))
    part = assessor.client.get(address, headers=HX)
    assert (part.status_code, part.headers["HX-Redirect"]) == (204, led.location)
    assert "正在核对" not in text_of(assessor.get(f"/assessments/?year={YEAR}"))


def test_what_stands_against_it_is_said_and_it_is_tried_again(any_site, sent, monkeypatch):
    address = ask(any_site)
    assessor = any_site.browser("assessor")

    def refused(*_given):
        raise service.AssessmentError("没有可用的细则。")

    (row,) = rows(any_site)
    with monkeypatch.context() as patch:
        patch.setattr(service, "frozen_year", refused)
        work(any_site, row.id)
    page = assessor.get(address)
    assert "2024 年度没有计分：没有可用的细则。" in text_of(page)
    assert "every 2s" not in page.text.split('id="scoring"')[1].split(">")[0]
    assert "重新计分" in page.text
    # What will be frozen is confirmed anew: not by one press.
    refusal = assessor.post(f"/background/{row.id}/again")
    assert "到原来的页面重新办理" in text_of(assessor.get(refusal.location))
    assert ask(any_site) != address
    again = rows(any_site)[-1]
    work(any_site, again.id)
    assert [each.state for each in rows(any_site)] == [WorkState.FAILED, WorkState.DONE]


def test_what_is_cancelled_is_not_kept_though_it_was_under_way(any_site, sent, monkeypatch):
    address = ask(any_site)
    assessor = any_site.browser("assessor")
    (row,) = rows(any_site)
    assert f"/background/{row.id}/cancel" in assessor.get(address).text
    keep, kept = service.keep, []

    def frozen_year(year, tell, owner):
        assessor.post(f"/background/{row.id}/cancel").close()
        return service.Frozen(year, None, None)

    monkeypatch.setattr(service, "frozen_year", frozen_year)
    monkeypatch.setattr(service, "keep", lambda *given: kept.append(given) or keep(*given))
    work(any_site, row.id)
    assert kept == []
    (row,) = rows(any_site)
    assert (row.state, row.result_id) == (WorkState.CANCELLED, None)
    said = re.sub(r"（[^）]*）", "", text_of(assessor.get(address)))
    assert "计分已取消，没有冻结事实" in said
    assert any_site.browser("leader").post(f"/background/{row.id}/cancel").status_code == 404


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
                run(row.id)
        assert free_jobs(Lane.SHORT) == []  # held, as far as anybody can tell
        run(row.id)
        assert db.session.get_one(BackgroundJob, row.id).state is WorkState.WAITING
        with units.writing():
            db.session.get_one(BackgroundJob, row.id).lease_until = now() - timedelta(seconds=1)
        assert free_jobs(Lane.SHORT) == [row.id]
        run(row.id)
        run(row.id)
        done = db.session.get_one(BackgroundJob, row.id)
        assert (done.state, done.tries) == (WorkState.DONE, 2)
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
