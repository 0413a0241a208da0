"""A database whose schema is not the program's: one clear line from the server and each command."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import click
import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import text

from tests.processes import forked, until
from tracker.cli import cli, main
from tracker.core.config import ROOT
from tracker.core.db import db
from tracker.core.db.versions import SchemaError, SchemaState, present_schema
from tracker.web import schema as web_schema

NEWEST = sorted((ROOT / "migrations" / "versions").glob("0*.py"))[-1].name[:4]
OLDER = f"{int(NEWEST) - 1:04}"

# state → (what makes it so, title, what to do)
STATES = {
    SchemaState.NONE: (
        "DROP TABLE alembic_version; ALTER TABLE users RENAME TO people",
        "数据库尚未建表",
        "请先运行 tracker db upgrade",
    ),
    SchemaState.OLD: (
        f"UPDATE alembic_version SET version_num = '{OLDER}'",
        f"数据库的版本（{OLDER}）旧于程序（{NEWEST}）",
        "请先运行 tracker db upgrade",
    ),
    SchemaState.NEW: (
        "UPDATE alembic_version SET version_num = '9999'",
        f"数据库的版本（9999）新于程序（{NEWEST}）",
        "请改用新版本的程序",
    ),
    SchemaState.LOST: (
        "DELETE FROM alembic_version",
        "数据库有表而没有版本记录",
        "请从备份恢复数据库",
    ),
}
WRONG = pytest.mark.parametrize("state", STATES)


def make(state: SchemaState) -> None:
    for statement in STATES[state][0].split(";"):
        db.session.execute(text(statement))
    db.session.commit()
    db.session.remove()


@WRONG
def test_no_page_on_a_schema_that_does_not_fit(app: Flask, state: SchemaState) -> None:
    make(state)
    _, title, advice = STATES[state]
    client = app.test_client()
    for address in ("/", "/login", "/verify", "/no-such-page"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert title in answer.text
        assert advice in answer.text
        assert answer.headers["Retry-After"]
        assert "Content-Security-Policy" in answer.headers
    assert client.post("/login", data={"username": "x"}).status_code == 503
    with client.get("/static/css/tracker.css") as styles:
        assert styles.status_code == 200
    answer = client.get("/healthz")
    assert answer.status_code == 503
    found = {SchemaState.OLD: OLDER, SchemaState.NEW: "9999"}.get(state, "")
    assert answer.json == {"status": state.value, "schema": found, "wanted": NEWEST}


def test_tables_without_a_version_are_not_made_anew(app: Flask) -> None:
    make(SchemaState.LOST)
    with pytest.raises(SchemaError, match="没有版本记录"):
        flask_migrate.upgrade()


def test_pages_come_without_a_restart_once_the_database_is_upgraded(app: Flask) -> None:
    flask_migrate.downgrade(revision=OLDER)
    client = app.test_client()
    assert client.get("/login").status_code == 503
    assert client.get("/healthz").json["status"] == "schema too old"
    flask_migrate.upgrade()
    assert client.get("/login").status_code == 200
    assert client.get("/healthz").json == {"status": "ok"}


def test_what_is_right_is_looked_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    monkeypatch.setattr(web_schema, "present_schema", lambda: looks.append(1) or present_schema())
    client = app.test_client()
    for address in ("/login", "/healthz", "/login"):
        assert client.get(address).status_code == 200
    assert len(looks) == 1


@pytest.fixture
def run(app: Flask) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `tracker` on the test's database."""
    settings = app.config["TRACKER"]
    where = {"DATABASE_URL": settings.database_url, "TRACKER_INSTANCE": str(settings.instance)}

    def tracker(*arguments: str) -> subprocess.CompletedProcess[str]:
        db.session.remove()
        db.engine.dispose()
        return forked(main, *arguments, environment=where)

    return tracker


@WRONG
def test_a_command_says_so_in_one_line(app: Flask, run, state: SchemaState) -> None:
    make(state)
    done = run("users", "demo", "--yes")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"错误：{STATES[state][1]}，{STATES[state][2]}\n"


def test_db_commands_name_a_newer_database_and_mend_an_older(app: Flask, run) -> None:
    make(SchemaState.NEW)
    for command in ("upgrade", "downgrade"):
        done = run("db", command)
        assert (done.returncode, done.stdout) == (1, ""), done
        assert done.stderr == f"错误：{STATES[SchemaState.NEW][1]}，请改用新版本的程序\n"
    db.session.execute(text(f"UPDATE alembic_version SET version_num = '{NEWEST}'"))
    db.session.commit()
    db.session.remove()
    flask_migrate.downgrade(revision=OLDER)
    assert run("db", "upgrade").returncode == 0
    assert present_schema().state is SchemaState.RIGHT


# These need no database, or mend it; `serve` starts, and its pages say what is wrong.
WITHOUT = frozenset({"db", "score-file", "rulebook", "measures", "dictionary", "serve"})


def commands(group: click.Group = cli, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words that call each command that needs a database."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command, words = group.get_command(context, name), (*above, name)
        if isinstance(command, click.Group):
            yield from commands(command, words)
        elif words[0] not in WITHOUT:
            years = {parameter.name for parameter in command.params} & {"year", "years"}
            yield (*words, *ASKED.get(name, ()), *(("--year", "2024") if years else ()))


# What a command cannot do without.
ASKED = {
    "verify": (__file__,),
    "create": ("--username", "a", "--name", "b", "--role", "staff", "--password-stdin"),
    "password": ("--username", "a", "--password-stdin"),
    "quarter": ("--county", "331122", "--quarter", "1"),
    "tasks": ("--county", "331122"),
}


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_every_command_that_needs_a_database_looks_first(
    sqlite_app: Flask, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = sqlite_app.config["TRACKER"]  # a worker makes an application of its own
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("TRACKER_INSTANCE", str(settings.instance))
    make(SchemaState.OLD)
    with pytest.raises(SchemaError, match="旧于程序"):
        cli.main([*command], standalone_mode=False)


def test_the_server_starts_and_says_what_is_wrong(tmp_path: Path, sqlite_template: Path) -> None:
    """Real gunicorn on an empty folder: it serves 503, and pages once the database is upgraded."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "TRACKER_INSTANCE": str(tmp_path),
        "DATABASE_URL": "",
        "PYTHONPATH": str(ROOT),
    }
    log = tmp_path / "log"
    bound = ["--bind", f"127.0.0.1:{port}"]
    with log.open("wb") as written:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                *bound,
                "--workers",
                "1",
                "--threads",
                "2",
                "wsgi:app",
            ],
            cwd=ROOT,
            env=environment,
            stderr=written,
            start_new_session=True,
        )
    try:
        until(lambda: _answer(port, "/healthz") is not None)
        code, words = _answer(port, "/healthz")
        assert code == 503
        assert '"no schema"' in words
        code, words = _answer(port, "/")
        assert code == 503
        assert "请先运行 tracker db upgrade" in words
        lines = [line for line in log.read_text().splitlines() if "数据库" in line]
        assert len(lines) == 1
        assert re.search("数据库尚未建表，请先运行 tracker db upgrade$", lines[0])
        with (
            closing(sqlite3.connect(sqlite_template)) as upgraded,
            closing(sqlite3.connect(tmp_path / "tracker.db")) as database,
        ):
            upgraded.backup(database)
        assert _answer(port, "/healthz")[0] == 200
        assert _answer(port, "/login")[0] == 200
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        assert server.wait(30) == 0


def _answer(port: int, path: str) -> tuple[int, str] | None:
    """The code and words of an answer; None where nobody answers yet."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return None
