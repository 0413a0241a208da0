"""What a save meets while something long is under way: it goes through.

The long part is held in its middle until somebody else has saved, with real commits. Were it done
under the lock, the save would wait until it gave up.
"""

from __future__ import annotations

import io
import sqlite3
import threading
from collections.abc import Callable
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import argon2
import pytest

from tests import factories as make
from tests.pdfs import pdf
from tests.web.conftest import YEAR, Site
from tests.web.pages import FIELDS, checked, text_of
from tracker.core.db import connections, db, units
from tracker.papers.issuing import printing
from tracker.papers.issuing.cli import report
from tracker.records.accounts import service as accounts
from tracker.records.evidence import checks, contents
from tracker.records.evidence.cli import evidence
from tracker.records.evidence.service import hand_in, keep
from tracker.records.projects.models import Project
from tracker.year.assessments import service as assessments
from tracker.year.assessments.cli import score

PDF = pdf("slip")


class Held:
    """Holds whoever comes to one place of the program until it is let go."""

    def __init__(self) -> None:
        self.entered, self.free = threading.Event(), threading.Event()

    def around(self, original: Callable) -> Callable:
        def held(*args: Any, **kwargs: Any) -> Any:
            self.entered.set()
            assert self.free.wait(60)
            return original(*args, **kwargs)

        return held


@contextmanager
def under_way(monkeypatch, place: ModuleType | type, name: str, act: Callable[[], Any]):
    """Within the block `act` stands in the middle of `name`; gives the list of its result."""
    held, done = Held(), []
    monkeypatch.setattr(place, name, held.around(getattr(place, name)))
    thread = threading.Thread(target=lambda: done.append(act()))
    thread.start()
    try:
        assert held.entered.wait(60), done
        yield done
    finally:
        held.free.set()
        thread.join()
        monkeypatch.undo()


def save(site: Site) -> int:
    """Somebody enters money; the answer's status."""
    typed = {"kind": "completed_investment", "amount": "88", "occurred_on": "2024-11-08"}
    staff = site.browser("staff")
    return staff.post(f"/ledger/projects/{site.world['project']}/new", typed).status_code


def saves_while(monkeypatch, site: Site, place: Any, name: str, act: Callable[[], Any]) -> Any:
    """What `act` gives in the end, after somebody saved in its middle."""
    with under_way(monkeypatch, place, name, act) as done:
        assert save(site) == 302
    (result,) = done
    return result


@pytest.mark.parametrize("place", ["freeze", "scored", "look"])
def test_freezing_and_scoring_a_year(any_site, monkeypatch, place):
    assessor = any_site.browser("assessor")
    assessor.token()
    answer = saves_while(
        monkeypatch,
        any_site,
        assessments,
        place,
        lambda: assessor.confirm("/assessments/score", {"year": "2025"}),
    )
    assert answer.status_code == 302


def test_the_command_that_scores(any_site, monkeypatch):
    runner = any_site.app.test_cli_runner()
    answer = saves_while(
        monkeypatch,
        any_site,
        assessments,
        "freeze",
        lambda: runner.invoke(score, ["--year", "2025"]),
    )
    assert answer.exit_code == 0


def test_a_year_that_somebody_else_froze_meanwhile_is_not_overtaken(any_site, monkeypatch):
    """The slower one of two is told; its own facts are older than what was kept."""
    slow, quick = any_site.browser("assessor"), any_site.browser("assessor")
    slow.token()

    def freeze_slowly():
        return slow.confirm("/assessments/score", {"year": str(YEAR)})

    with any_site.app.app_context():
        db.session.get(Project, any_site.world["project"]).total_investment = make.wan(12_500)
        db.session.commit()
    held = Held()
    first = iter([held.around(assessments.scored)])
    real = assessments.scored
    # Only the slow one is held.
    monkeypatch.setattr(assessments, "scored", lambda *given: next(first, real)(*given))
    done: list[Any] = []
    thread = threading.Thread(target=lambda: done.append(freeze_slowly()))
    thread.start()
    assert held.entered.wait(60)
    with any_site.app.app_context():
        db.session.get(Project, any_site.world["project"]).total_investment = make.wan(13_000)
        db.session.commit()
    assert quick.confirm("/assessments/score", {"year": str(YEAR)}).status_code == 302
    held.free.set()
    thread.join()
    (answer,) = done
    assert answer.status_code == 422
    assert "另一人刚刚冻结了该年度的事实" in answer.text


def test_the_command_that_prints(any_site, monkeypatch, tmp_path):
    runner = any_site.app.test_cli_runner()
    asked = ["--year", str(YEAR), "--workers", "1", "--out", str(tmp_path / "papers")]
    answer = saves_while(
        monkeypatch, any_site, printing, "paper_pdf", lambda: runner.invoke(report, asked)
    )
    assert answer.exit_code == 0, answer.output


@pytest.mark.parametrize("password", ["wrong-password-1", "right-password-1"])
def test_a_password_that_is_looked_at(any_site, monkeypatch, password):
    with any_site.app.app_context():
        kept = accounts.hashed("right-password-1", "leader")
        accounts.set_password(db.session.get(accounts.User, any_site.world["leader"]), kept)
        db.session.commit()
    stranger = any_site.browser()
    stranger.token()
    answer = saves_while(
        monkeypatch,
        any_site,
        argon2.PasswordHasher,
        "verify",
        lambda: stranger.post("/login", {"username": "leader", "password": password}),
    )
    assert answer.status_code == (302 if password.startswith("right") else 422)


def test_a_password_that_is_given(any_site, monkeypatch):
    administrator = any_site.browser("administrator")
    administrator.token()
    new = {"password": "four-plain-words-1", "again": "four-plain-words-1", "confirmed": "y"}
    leader = f"/users/{any_site.world['leader']}/password"
    answer = saves_while(
        monkeypatch,
        any_site,
        argon2.PasswordHasher,
        "hash",
        lambda: administrator.post(leader, new),
    )
    assert answer.status_code == 302


@pytest.mark.parametrize("place", ["media_type", "keep"])
def test_a_file_that_is_handed_in(any_site, monkeypatch, place):
    sender = any_site.browser("staff")
    sender.token()
    typed = {"kind": "银行回单", "files": (io.BytesIO(PDF), "回单.pdf")}
    address = f"/evidence/projects/{any_site.world['project']}/new"
    answer = saves_while(
        monkeypatch, any_site, contents, place, lambda: sender.post(address, typed)
    )
    assert answer.status_code == 302


def test_the_command_that_checks_files(any_site, monkeypatch):
    with any_site.app.app_context():
        project = db.session.get(Project, any_site.world["project"])
        hand_in(project, keep(PDF), "回单.pdf", "银行回单", None)
        db.session.commit()
    runner = any_site.app.test_cli_runner()
    answer = saves_while(
        monkeypatch, any_site, checks, "_digest", lambda: runner.invoke(evidence, ["check"])
    )
    assert answer.exit_code == 0, answer.output


def test_a_lock_that_is_held_too_long_is_told_once_and_what_was_typed_is_kept(site, monkeypatch):
    """After one wait, not three, and by a page that asks the database nothing."""
    monkeypatch.setattr(units.writing.__wrapped__, "__defaults__", (0.2,))
    staff = site.browser("staff")
    address = f"/ledger/projects/{site.world['project']}/new"
    typed = {"kind": "completed_investment", "amount": "88", "occurred_on": "2024-11-08"}
    token = staff.token()
    begun: list[bool] = []  # whether each transaction that was tried would write

    def noted() -> bool:
        begun.append(units.is_writing())
        return begun[-1]

    monkeypatch.setattr(connections, "is_writing", noted)
    with site.app.app_context():
        engine = db.engine
        path = engine.url.database
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    begun.clear()
    try:
        answer = staff.client.post(
            address,
            data={**typed, "csrf_token": token, "once": "0" * 32},
            headers={"Origin": "http://localhost"},
        )
    finally:
        tried = list(begun)
        holder.execute("ROLLBACK")
        holder.close()
    assert answer.status_code == 503
    assert "系统正忙" in text_of(checked(answer))
    again = dict(FIELDS.findall(answer.text))
    assert again["amount"] == "88"
    # One unit found no lock; after it the page asked the database nothing.
    assert tried.count(True) == 1
    assert tried[-1]
    assert staff.client.post(address, data=again).status_code == 302
