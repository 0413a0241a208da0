"""`tracker users`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo

from tests import factories as make
from tracker.core.db import db
from tracker.records.accounts import demo, queries
from tracker.records.accounts.cli import users
from tracker.records.accounts.permissions import Role


@pytest.fixture
def run(site):
    def call(*arguments: str, typed: str = ""):
        info = ScriptInfo(create_app=lambda: site.app)
        return CliRunner().invoke(users, arguments, obj=info, input=typed)

    return call


@pytest.fixture
def info_of(site, monkeypatch):
    for command in users.commands.values():
        info = ScriptInfo(create_app=lambda: site.app)
        monkeypatch.setitem(command.context_settings, "obj", info)


def test_making_an_account_from_a_pipe(site, run, info_of):
    arguments = ["--username", "zhang", "--name", "张三", "--role", "staff", "--region", "331122"]
    result = run("create", *arguments, "--password-stdin", typed="a-good-password\n")
    assert result.exit_code == 0, result.output
    assert "已新建账户 zhang" in result.output
    with site.app.app_context():
        user = queries.by_username("zhang")
        assert user.role is Role.STAFF
        assert user.region_id == site.world["jinyun"]
        assert "a-good-password" not in user.password_hash


def test_making_an_account_with_prompts(run, info_of):
    typed = "li\n李四\nadministrator\na-good-password\na-good-password\n"
    result = run("create", typed=typed)
    assert result.exit_code == 0, result.output
    assert "a-good-password" not in result.output


@pytest.mark.parametrize(
    ("arguments", "password", "says"),
    [
        (["--username", "a", "--role", "staff", "--region", "331122"], "short", "10 至 200"),
        (["--username", "a", "--role", "staff"], "a-good-password", "须指定所在地区"),
        (["--username", "a", "--role", "staff", "--region", "1"], "a-good-password", "没有编码"),
        (["--username", "staff", "--role", "administrator"], "a-good-password", "已被使用"),
    ],
)
def test_refusals_in_chinese(run, info_of, arguments, password, says):
    result = run("create", *arguments, "--name", "某", "--password-stdin", typed=password + "\n")
    assert result.exit_code == 1
    assert says in f"{result.output}{result.exception}"


def test_a_password_is_not_taken_as_an_argument(run, info_of):
    assert run("create", "--password", "a-good-password").exit_code == 2


def test_a_new_password(site, run, info_of):
    result = run("password", "--username", "staff", "--password-stdin", typed="another-good-1\n")
    assert result.exit_code == 0, result.output
    assert "没有账户" in run("password", "--username", "none", "--password-stdin").output
    short = run("password", "--username", "staff", "--password-stdin", typed="short\n")
    assert (short.exit_code, "10 至 200" in str(short.exception)) == (1, True)


def test_demo_accounts_only_on_a_demonstration(run, info_of):
    result = run("demo")
    assert result.exit_code == 1
    assert "公开" in result.output


def test_demo_accounts_twice(site, run, info_of, monkeypatch):
    with site.app.app_context():
        make.region("330825", "龙游县")
        db.session.commit()
    first = run("demo", "--yes")
    assert first.exit_code == 0, first.output
    for account in demo.ACCOUNTS:
        assert account.password in first.output
    site.app.config["TRACKER"] = replace(site.app.config["TRACKER"], demo=True)
    again = run("demo")
    assert "新建演示账户 0 个" in again.output


def test_demo_accounts_need_their_regions(run, info_of):
    result = run("demo", "--yes")
    assert result.exit_code == 1
    assert "public-data load" in str(result.exception)
