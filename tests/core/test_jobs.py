"""The queue itself: what is written on it, where it is kept, and what a worker does with it."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask

from tests.conftest import settings_for
from tests.postgres import Server
from tracker.core import jobs
from tracker.core.config import Settings, SettingsError
from tracker.core.jobs import Lane, declared, worker
from tracker.core.jobs.ending import Ending
from tracker.core.jobs.queue import address_of, beat, opened, register, shown_address

Done = list[tuple[object, ...]]


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Done:
    """What two jobs, the only ones there are, were called with."""
    found: Done = []
    monkeypatch.setattr(declared, "JOBS", {})
    monkeypatch.setattr("tracker.core.jobs.queue.JOBS", declared.JOBS)

    @jobs.job("test.sent")
    def sent(*arguments: object) -> None:
        found.append(arguments)

    @jobs.every_minutes(1, "test.every")
    def every() -> None:
        found.append(("every",))

    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings whose queue is new."""
    if request.param == "sqlite":
        yield settings_for("sqlite://", tmp_path)
        return
    server: Server = request.getfixturevalue("postgres")
    yield settings_for(server.create("queue"), tmp_path)
    server.drop("queue")


def test_what_is_sent_is_done_once_and_holds_no_code(settings: Settings, done: Done) -> None:
    assert jobs.send(settings, "test.sent", 7, "七")
    with opened(settings) as queue:
        register(queue, lambda job: job.function)
        (message,) = queue.storage.enqueued_items()
        assert json.loads(message)["args"] == [7, "七"]
        queue.execute(queue.dequeue())
        assert queue.dequeue() is None
        assert done == [(7, "七")]
        # Pickle would run what anybody wrote who reaches the queue.
        queue.storage.enqueue(pickle.dumps({"name": "test.sent"}))
        with pytest.raises(ValueError, match=r"codec|Expecting"):
            queue.dequeue()


def test_what_comes_by_itself_comes_each_minute_and_is_not_made_up_for(
    settings: Settings, done: Done
) -> None:
    with opened(settings) as queue:
        register(queue, lambda job: job.function)
        (task,) = queue.read_periodic(None)
        queue.enqueue(task)
        found = queue.dequeue()
        assert found.expires_resolved is not None
        queue.execute(found)
        assert done == [("every",)]
        found.expires_resolved = found.expires_resolved.replace(year=2000)
        queue.execute(found)
        assert done == [("every",)]


def test_a_worker_is_seen_while_it_shows_itself(settings: Settings) -> None:
    assert not jobs.worker_seen(settings)  # nor does looking make a queue
    assert not list(settings.instance.iterdir())
    with opened(settings) as queue:
        assert not jobs.worker_seen(settings)
        beat(queue)
    assert jobs.worker_seen(settings)


def test_several_may_make_the_queue_at_once(settings: Settings, done: Done) -> None:
    sent: list[bool] = []
    threads = [
        Thread(target=lambda n=n: sent.append(jobs.send(settings, "test.sent", n)))
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sent == [True] * 6
    with opened(settings) as queue:
        assert queue.storage.queue_size() == 6


def test_a_queue_that_cannot_be_reached_keeps_nobody(tmp_path: Path, done: Done) -> None:
    away = replace(settings_for("sqlite://", tmp_path), queue=f"sqlite:///{tmp_path}/no/queue.db")
    assert not jobs.send(away, "test.sent", 1)
    assert not jobs.worker_seen(away)


def test_the_queue_lies_with_the_records_unless_it_is_set(tmp_path: Path) -> None:
    sqlite = settings_for("sqlite:////data/tracker.db", tmp_path)
    assert address_of(sqlite) == f"sqlite:///{tmp_path / 'queue.db'}"
    server = settings_for("postgresql+psycopg://me:secret@db/tracker", tmp_path)
    assert address_of(server) == server.database_url
    assert shown_address(server) == "postgresql+psycopg://me:***@db/tracker"
    redis = replace(server, queue="redis://queue:6379/0")
    assert address_of(redis) == redis.queue


@pytest.mark.parametrize("address", ["amqp://host", "queue.db", "file:///queue"])
def test_what_is_no_queue_is_one_line(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path))
    monkeypatch.setenv("TRACKER_QUEUE", address)
    with pytest.raises(SettingsError, match="TRACKER_QUEUE 应为"):
        Settings.from_environment()


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("https://hook.example/a", True),
        ("http://127.0.0.1:8080/a", True),
        ("http://localhost/a", True),
        ("http://hook.example/a", False),
        ("http://127.0.0.1.example/a", False),
        ("http://[", False),
    ],
)
def test_messages_leave_the_machine_encrypted(
    address: str, taken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path))
    monkeypatch.setenv("TRACKER_WEBHOOK", address)
    if taken:
        assert Settings.from_environment().webhook == address
    else:
        with pytest.raises(SettingsError, match="TRACKER_WEBHOOK 应为 https://主机"):
            Settings.from_environment()


@pytest.mark.parametrize(
    ("sender", "taken"),
    [("a@b.cn", True), ("山海 <a@b.cn>", True), ("", False), ("山海", False), ("a@b c", False)],
)
def test_mails_are_from_an_address(
    sender: str, taken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path))
    monkeypatch.setenv("TRACKER_SMTP", "smtp://127.0.0.1")
    monkeypatch.setenv("TRACKER_MAIL_FROM", sender)
    if taken:
        assert Settings.from_environment().mail_from == sender
    else:
        with pytest.raises(SettingsError, match="TRACKER_MAIL_FROM"):
            Settings.from_environment()


def test_a_short_job_does_not_wait_for_a_long_one(
    tmp_path: Path, done: Done, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch that ends only when the short one sent after it has been done: with one lane, it
    would wait to its limit."""
    settings = settings_for("sqlite://", tmp_path)
    short_done, ending = Event(), Ending()
    monkeypatch.setattr(worker, "_ending", ending)
    monkeypatch.setattr(ending, "heed", lambda: None)

    @jobs.job("test.batch", lane=Lane.LONG)
    def batch() -> None:
        assert jobs.send(settings, "test.brief")
        done.append(("batch", short_done.wait(20)))
        ending.tell()

    @jobs.job("test.brief")
    def brief() -> None:
        done.append(("brief",))
        short_done.set()

    @jobs.job("test.second", lane=Lane.LONG)
    def second() -> None:
        done.append(("second",))

    app = Flask("lanes")
    app.config["TRACKER"] = settings
    assert jobs.send(settings, "test.batch")
    assert jobs.send(settings, "test.second")
    worker.work(app, 1)
    said = [each for each in done if each != ("every",)]
    # Of the long ones, one at a time; what was not begun waits for the next worker.
    assert said == [("brief",), ("batch", True)]
    with opened(settings, Lane.LONG) as queue:
        assert queue.storage.queue_size() == 1


def test_two_jobs_have_two_names(done: Done) -> None:
    with pytest.raises(ValueError, match=r"test\.sent"):
        jobs.job("test.sent")(print)
    with pytest.raises(ValueError, match="divide"):
        jobs.every_minutes(7, "test.other")
