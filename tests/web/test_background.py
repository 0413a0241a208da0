"""Work in the background: asked for once, done once, seen by whom it is for, stopped, tried again,
its file kept for its time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from tests.web.conftest import Site
from tests.web.pages import text_of
from tracker.core import jobs
from tracker.core.db import db, units
from tracker.core.db.events import Event, EventKind
from tracker.core.db.records import now
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission, Role
from tracker.records.background import declared, running, service
from tracker.records.background.declared import work
from tracker.records.background.models import BackgroundChunk, BackgroundJob, WorkState
from tracker.records.background.running import Run, StoppedError, run
from tracker.records.places.models import Region

KIND = "test.work"
BIG = bytes(range(256)) * 10_000  # in three pieces
Does = Callable[[Run], None]


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int | str]]:
    """Declares the work of the tests: `does` what it does, and gives back what it was called
    with; what is put on the queue is forgotten."""
    monkeypatch.setattr(declared, "WORKS", {**declared.WORKS})
    for module in (running, service, running.queries):
        monkeypatch.setattr(module, "WORKS", declared.WORKS)
    for name in ("asking", "views"):
        monkeypatch.setattr(f"tracker.records.background.{name}.WORKS", declared.WORKS)
    monkeypatch.setattr(jobs, "send", lambda *_given: True)

    def declare(does: Does, **options) -> list[int | str]:
        called: list[int | str] = []

        @work(KIND, "导出", Permission.VILLAGES_VIEW, **options)
        def function(run: Run, *arguments: int | str) -> None:
            called.extend(arguments)
            does(run)

        return called

    return declare


def export(run: Run) -> None:
    run.tell("汇总", 1, 2)
    with run.file("清单.csv", "text/csv; charset=utf-8") as out:
        out.write(BIG)


def ask(site: Site, user: str = "staff", *arguments: int | str, given: bytes | None = None) -> int:
    with site.app.app_context(), units.mode(writes=False), units.writing():
        asks = db.session.get_one(User, site.world[user])
        return service.ask(KIND, asks, *arguments, title="2024 年度清单", given=given).id


def do(site: Site, job_id: int) -> None:
    with site.app.app_context(), units.mode(writes=False):
        run(job_id)


def row(site: Site, job_id: int) -> BackgroundJob:
    with site.app.app_context():
        found = db.session.get_one(BackgroundJob, job_id)
        db.session.expunge(found)
        return found


def pieces(site: Site) -> int:
    with site.app.app_context():
        return db.session.scalar(select(func.count()).select_from(BackgroundChunk))


def change(site: Site, record: type, number: int, **values) -> None:
    with site.app.app_context(), units.mode(writes=False), units.writing():
        found = db.session.get_one(record, number)
        for name, value in values.items():
            setattr(found, name, value)


def test_it_is_asked_for_done_and_taken_away_by_who_asked(any_site: Site, works):
    called = works(export)
    job_id = ask(any_site, "staff", 2024, "331122")
    assert ask(any_site, "staff", 2024, "331122") == job_id  # waits once
    assert ask(any_site, "neighbour", 2024, "331122") != job_id  # of each the own
    staff, address = any_site.browser("staff"), f"/background/{job_id}"
    assert "没有工作进程在运行" in text_of(staff.get(address))
    assert "没有可下载的文件" in text_of(staff.get(staff.get(f"{address}/file").location))
    do(any_site, job_id)
    do(any_site, job_id)
    assert called == [2024, "331122"]
    done = row(any_site, job_id)
    assert (done.state, done.tries, done.holder) == (WorkState.DONE, 1, None)
    assert (done.file_size, pieces(any_site)) == (len(BIG), 3)
    page = staff.get(address)
    assert "已完成" in text_of(page)
    assert "every 2s" not in page.text
    file = staff.get(f"{address}/file")
    assert hashlib.sha256(file.data).digest() == hashlib.sha256(BIG).digest()
    assert file.content_type == "text/csv; charset=utf-8"
    assert "%E6%B8%85%E5%8D%95.csv" in file.headers["Content-Disposition"]
    file.close()
    with any_site.app.app_context():
        taken = db.session.scalars(select(Event).where(Event.kind == EventKind.DOWNLOADED)).all()
    assert [(e.table_name, e.record_id) for e in taken] == [("background_jobs", job_id)]
    assert "2024 年度清单" in text_of(staff.get("/background/"))


@pytest.mark.parametrize("user", ["neighbour", "reviewer", "assessor", "leader", "administrator"])
def test_it_is_for_nobody_else(any_site: Site, works, user: str):
    works(export)
    job_id = ask(any_site)
    do(any_site, job_id)
    other = any_site.browser(user)
    for act in ("", "/file"):
        assert other.get(f"/background/{job_id}{act}").status_code == 404
    for act in ("/cancel", "/again"):
        assert other.post(f"/background/{job_id}{act}").status_code == 404
    assert "2024 年度清单" not in text_of(other.get("/background/"))


def test_what_is_shared_is_for_all_who_may_ask_for_it(any_site: Site, works):
    works(export, shared=True, sees=lambda user, *_: user.role is Role.STAFF)
    job_id = ask(any_site)
    assert ask(any_site, "neighbour") == job_id
    with pytest.raises(service.WorkError, match="您不能办理导出"):
        ask(any_site, "reviewer")
    do(any_site, job_id)
    file = any_site.browser("neighbour").get(f"/background/{job_id}/file")
    assert file.status_code == 200
    file.close()
    assert any_site.browser("reviewer").get(f"/background/{job_id}/file").status_code == 404


@pytest.mark.parametrize("changed", ["region", "role", "active"])
def test_who_is_no_longer_who_asked_gets_nothing(any_site: Site, works, changed: str):
    called = works(export)
    before, after = ask(any_site, "staff", 1), ask(any_site, "staff", 2)
    do(any_site, before)
    with any_site.app.app_context():
        other = db.session.scalars(select(Region.id).where(Region.code == "331126")).one()
    values = {"region": {"region_id": other}, "role": {"role": Role.LEADER}}
    user_id = any_site.world["staff"]
    change(any_site, User, user_id, **values.get(changed, {"active": False}))
    do(any_site, after)
    assert called == [1]
    refused = row(any_site, after)
    assert refused.state is WorkState.FAILED
    assert "角色或地区有变" in refused.reason
    if changed != "active":
        staff = any_site.browser("staff")
        assert staff.get(f"/background/{before}/file").status_code == 404
        assert "2024 年度清单" not in text_of(staff.get("/background/"))


def test_it_is_cancelled_while_it_is_done_and_asked_for_again(any_site: Site, works):
    staff = any_site.browser("staff")
    kept: list[str] = []

    def stopped(run: Run) -> None:
        run.tell("汇总")
        staff.post(f"/background/{first}/cancel").close()
        with run.file("清单.csv", "text/csv") as out:
            out.write(b"x")
        kept.append("x")

    works(stopped)
    first = ask(any_site, "staff", 7)
    do(any_site, first)
    assert (row(any_site, first).state, kept, pieces(any_site)) == (WorkState.CANCELLED, [], 0)
    page = staff.get(f"/background/{first}")
    assert "已取消：没有办理" in text_of(page)
    assert row(any_site, first).cancelled_by_id == any_site.world["staff"]
    with any_site.app.app_context():
        by = db.session.get_one(User, any_site.world["staff"]).display_name
    assert f"由{by}取消" in text_of(page)
    assert "无须取消" in text_of(staff.get(staff.post(f"/background/{first}/cancel").location))
    answer = staff.post(f"/background/{first}/again")
    answer.close()
    second = first + 1
    assert answer.location.startswith(f"/background/{second}")
    assert (row(any_site, second).given, row(any_site, second).state) == ((7,), WorkState.WAITING)
    assert row(any_site, first).state is WorkState.CANCELLED


def test_telling_stops_what_is_no_longer_wanted(any_site: Site, works):
    def stopped(run: Run) -> None:
        with units.writing():
            service.cancel(db.session.get_one(BackgroundJob, job_id), None)
        with pytest.raises(StoppedError):
            run.tell("汇总")
        with pytest.raises(StoppedError):
            run.finish(lambda: pytest.fail("written though it was cancelled"))

    works(stopped)
    job_id = ask(any_site)
    do(any_site, job_id)
    assert row(any_site, job_id).state is WorkState.CANCELLED


def test_one_that_is_killed_again_and_again_waits_for_a_person(any_site: Site, works):
    killed = KeyboardInterrupt()

    def dies(run: Run) -> None:
        with run.file("清单.csv", "text/csv") as out:
            out.write(b"half")
        raise killed

    called = works(dies)
    job_id = ask(any_site, "staff", 1)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            do(any_site, job_id)
        do(any_site, job_id)  # held: nobody else begins it
        assert pieces(any_site) == 1
        change(any_site, BackgroundJob, job_id, lease_until=now() - timedelta(seconds=1))
    do(any_site, job_id)
    ended = row(any_site, job_id)
    assert (called, ended.state, ended.tries) == ([1, 1, 1], WorkState.FAILED, 3)
    assert "3 次被打断" in ended.reason


@pytest.mark.parametrize("cause", ["told to end", "busy"])
def test_one_that_is_let_go_is_taken_up_at_once(any_site: Site, works, monkeypatch, cause: str):
    def ends(run: Run) -> None:
        if cause == "busy":
            raise OperationalError("UPDATE", {}, Exception("database is locked"))
        with monkeypatch.context() as patch:
            patch.setattr(jobs, "told_to_end", lambda: True)
            run.tell("汇总")

    works(ends)
    job_id = ask(any_site)
    if cause == "busy":
        with pytest.raises(OperationalError):
            do(any_site, job_id)
    else:
        do(any_site, job_id)
    free = row(any_site, job_id)
    assert (free.state, free.holder, free.tries) == (WorkState.WAITING, None, int(cause == "busy"))


def test_what_stands_against_it_is_told_and_a_fault_is_for_the_log(any_site: Site, works):
    errors = iter([ToldError("表中没有列“名称”。"), ValueError("secret")])

    def fails(_run: Run) -> None:
        raise next(errors)

    works(fails)
    told = ask(any_site)
    do(any_site, told)
    staff = any_site.browser("staff")
    assert "未完成：表中没有列“名称”。" in text_of(staff.get(f"/background/{told}"))
    fault = ask(any_site)
    with pytest.raises(ValueError, match="secret"):
        do(any_site, fault)
    page = text_of(staff.get(f"/background/{fault}"))
    assert "原因已记入工作进程的日志" in page
    assert "secret" not in page


def test_what_it_writes_is_written_with_its_end_or_not_at_all(any_site: Site, works):
    def imports(run: Run) -> None:
        with run.given() as file:
            name = file.read().decode()

        def write() -> int:
            region = db.session.scalars(select(Region).where(Region.code == "331122")).one()
            region.name = name
            if name == "坏":
                raise ToldError("有误。")
            return region.id

        run.finish(write)

    works(imports)
    bad = ask(any_site, given="坏".encode())
    with pytest.raises(service.WorkError, match="正在办理"):
        ask(any_site, given=b"another")
    do(any_site, bad)
    with any_site.app.app_context():
        region = db.session.scalars(select(Region).where(Region.code == "331122")).one()
        region_id, before = region.id, region.name
    assert (row(any_site, bad).state, before) == (WorkState.FAILED, "缙云县")
    answer = any_site.browser("staff").post(f"/background/{bad}/again")  # with the same file
    answer.close()
    do(any_site, bad + 1)
    assert row(any_site, bad + 1).reason == "有误。"
    good = ask(any_site, given="缙云".encode())
    do(any_site, good)
    assert row(any_site, good).result_id == region_id
    with any_site.app.app_context():
        assert db.session.get_one(Region, region_id).name == "缙云"


def test_files_go_after_their_time_and_the_rows_stay(any_site: Site, works):
    works(export, days=3)
    job_id = ask(any_site, given=b"x")
    do(any_site, job_id)
    ended = row(any_site, job_id)
    assert ended.kept_until - ended.ended_at == timedelta(days=3)
    assert pieces(any_site) == 4
    waiting = ask(any_site, "staff", 2, given=b"y")
    with any_site.app.app_context(), units.mode(writes=False):
        service.tidy()
    assert pieces(any_site) == 5
    change(any_site, BackgroundJob, job_id, kept_until=now() - timedelta(seconds=1))
    staff = any_site.browser("staff")
    assert staff.get(f"/background/{job_id}/file").status_code == 302  # before it is removed, too
    with any_site.app.app_context(), units.mode(writes=False):
        service.tidy()
    assert pieces(any_site) == 1  # what was given to the one that waits
    page = staff.get(f"/background/{job_id}")
    assert "到期删除" in text_of(page)
    assert "再办一次" in page.text
    assert row(any_site, waiting).state is WorkState.WAITING


def test_one_account_cannot_fill_the_queue(any_site: Site, works):
    works(export)
    for number in range(service.MOST):
        ask(any_site, "staff", number)
    with pytest.raises(service.WorkError, match="20 件在等候"):
        ask(any_site, "staff", service.MOST)
    ask(any_site, "neighbour", service.MOST)


def test_work_of_a_kind_that_is_no_more_is_not_there(any_site: Site, works):
    works(export)
    job_id = ask(any_site)
    declared.WORKS.pop(KIND)
    do(any_site, job_id)
    assert any_site.browser("staff").get(f"/background/{job_id}").status_code == 404
    assert "2024 年度清单" not in text_of(any_site.browser("staff").get("/background/"))


def test_a_button_asks_for_what_it_may(any_site: Site, works):
    called = works(export, asked=lambda form: ((int(form["year"]),), f"{form['year']} 年度清单"))
    staff = any_site.browser("staff")
    answer = staff.post("/background/ask", {"kind": KIND, "year": "2024"})
    assert answer.status_code == 302
    answer.close()
    do(any_site, int(answer.location.partition("?")[0].rpartition("/")[2]))
    assert called == [2024]
    assert staff.post("/background/ask", {"kind": KIND, "year": "now"}).status_code == 400
    assert staff.post("/background/ask", {"kind": KIND}).status_code == 400
    # Scoring is not asked for by a button, and what one may not see neither.
    for kind in ("scoring", "no.such"):
        led = staff.post("/background/ask", {"kind": kind, "year": "2024"})
        assert "请在要办的那一页上提出" in text_of(staff.get(led.location))
    administrator = any_site.browser("administrator")
    refused = administrator.post("/background/ask", {"kind": KIND, "year": "2024"})
    assert refused.status_code == 403


def test_two_kinds_have_two_names(works):
    works(export)
    with pytest.raises(ValueError, match=KIND):
        works(export)
