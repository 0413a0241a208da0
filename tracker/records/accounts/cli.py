"""`tracker users`: making accounts from the command line."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from tracker.core.db.commands import with_app
from tracker.records.accounts.permissions import Role

_ROLES = click.Choice([role.value for role in Role])


@click.group(help="账户:新建、改密码、演示账户。")
def users() -> None:
    """Commands about accounts."""


@users.command(help="新建账户。密码逐字输入，或用 --password-stdin 从标准输入读取。")
@click.option("--username", prompt="用户名", help="登录用的名字")
@click.option("--name", "display_name", prompt="姓名", help="页面上显示的姓名")
@click.option("--role", type=_ROLES, prompt="角色", help="角色")
@click.option("--region", "code", default="", help="所在地区的行政区划代码，如 331122")
@click.option("--password-stdin", is_flag=True, help="从标准输入的第一行读取密码")
@with_appcontext
def create(username: str, display_name: str, role: str, code: str, password_stdin: bool) -> None:
    """Make one account."""
    from tracker.core.db import units
    from tracker.records.accounts import service

    region_id = _region_id(code)
    kept = service.hashed(_password(password_stdin), username)
    with units.writing():
        user = service.create(username, display_name, kept, Role(role), region_id)
    click.echo(f"已新建账户 {user.username}({user.role.label})")


@users.command(help="为账户设置新密码，并使其在各处退出登录。")
@click.option("--username", prompt="用户名", help="登录用的名字")
@click.option("--password-stdin", is_flag=True, help="从标准输入的第一行读取密码")
@with_appcontext
def password(username: str, password_stdin: bool) -> None:
    """Give one account a new password."""
    from tracker.core.db import units
    from tracker.records.accounts import queries, service

    user = queries.by_username(username)
    if user is None:
        raise click.ClickException(f"没有账户 {username}")
    kept = service.hashed(_password(password_stdin), user.username)
    with units.writing():
        service.set_password(user, kept)
    click.echo(f"已为 {user.username} 设置新密码")


@users.command(name="demo", help="新建演示账户(公开的密码，仅供演示)。")
@click.option("--yes", is_flag=True, help="确认这是演示系统")
@with_appcontext
def make_demo(yes: bool) -> None:
    """Make the accounts of a demonstration and print them."""
    from tracker.records.accounts import demo

    if not (yes or current_app.config["TRACKER"].demo):
        raise click.ClickException(
            "演示账户的密码是公开的。确为演示系统的，请加 --yes,或设置 TRACKER_DEMO=1"
        )
    made = demo.create_missing()
    click.echo(
        f"新建演示账户 {len(made)} 个，共 {len(demo.ACCOUNTS)} 个。密码公开，不得用于正式系统。"
    )
    if not current_app.config["TRACKER"].demo:
        click.echo("设置 TRACKER_DEMO=1 后，这些账户才能登录。")
    for account in demo.ACCOUNTS:
        click.echo(f"  {account.username}\t{account.password}\t{account.display_name}")


def _region_id(code: str) -> int | None:
    from tracker.core.db import db
    from tracker.records.places.models import Region

    if not code:
        return None
    region_id = db.session.scalar(select(Region.id).where(Region.code == code))
    if region_id is None:
        raise click.ClickException(f"没有编码为 {code} 的地区")
    return region_id


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return click.prompt("密码", hide_input=True, confirmation_prompt="再输入一次密码")


with_app(users)
