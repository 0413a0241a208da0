"""`tracker reminders`: make and send reminders now, or say what would be."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from tracker.core.db.commands import with_app

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.records.reminders import service
    from tracker.records.reminders.channels import Sender
    from tracker.records.reminders.models import Channel


@click.group(help="提醒：生成并发送，或只看会生成什么。")
def reminders() -> None:
    """Commands about reminders."""


@reminders.command("send")
@click.option("--dry-run", is_flag=True, help="只列出会生成、会发送什么，不生成，不发送。")
@click.option(
    "--on", "day", metavar="日期", help="与 --dry-run 同用：按这一天列出，例如 2026-10-09。"
)
@with_appcontext
def send(dry_run: bool, day: str | None) -> None:
    """按现在的情况生成提醒，立即发送待发的（工作进程平时会自动做）。"""
    from tracker.core.db import units
    from tracker.core.quantities.clock import today
    from tracker.records.reminders import sending, service
    from tracker.records.reminders.channels import senders

    if day is not None and not dry_run:
        raise click.UsageError("--on 须与 --dry-run 同用")
    on = _day(day) if day else today()
    settings = current_app.config["TRACKER"]
    ways = senders(settings)
    found = service.standing(on)
    if dry_run:
        made = service.would_gather(found)
        for each in made.new:
            click.echo(f"{each.user.username}  {each.found.title}：{each.found.words}")
        for over in made.over:
            click.echo(f"会结束：{over.user.username}  {over.title}：{over.words}")
        click.echo(_counted(made, "会生成", "会结束"))
        _would_send(made, ways)
        return
    with units.writing():
        made = service.gather(found, list(ways))
        said = _counted(made, "生成", "结束")
    click.echo(said)
    if not ways:
        click.echo("没有设置邮件和消息接口，只在页面上提醒。")
        return
    sent = sending.send_waiting(ways, settings.public_address)
    click.echo(f"发送 {sent.taken} 条消息，未送达 {sent.refused} 条。")


def _would_send(made: service.Gathered, ways: Mapping[Channel, Sender]) -> None:
    """Say what a run would send now: one message a person and channel, of what waits and of what
    it would make."""
    from tracker.records.reminders import queries, service

    if not ways:
        click.echo("没有设置邮件和消息接口，只在页面上提醒。")
        return
    over = {each.id for each in made.over}
    titles: dict[tuple[str, Channel], list[str]] = {}
    for waiting in queries.due(list(ways)):
        if waiting.reminder_id not in over and waiting.reminder.over_at is None:
            to = waiting.reminder.user.username, waiting.channel
            titles.setdefault(to, []).append(waiting.reminder.title)
    for new in made.new:
        for channel in service.channels_to(new.user, list(ways)):
            titles.setdefault((new.user.username, channel), []).append(new.found.title)
    for (username, channel), named in titles.items():
        click.echo(f"会发送：{username}  {channel.label}  {'；'.join(named)}")
    click.echo(f"会发送 {len(titles)} 条消息。")


def _counted(made: service.Gathered, new: str, over: str) -> str:
    from tracker.records.reminders.occasions import OCCASIONS

    by_occasion = [
        f"{occasion.label} {number} 条"
        for key, occasion in OCCASIONS.items()
        if (number := sum(each.occasion == key for each in made.new))
    ]
    detail = f"（{'，'.join(by_occasion)}）" if by_occasion else ""
    return f"{new} {len(made.new)} 条{detail}，{over} {len(made.over)} 条。"


def _day(text: str) -> date:
    from tracker.core.quantities.reading import parse_day

    try:
        return parse_day(text)
    except ValueError as error:
        raise click.BadParameter(f"“{text}”应为日期，例如 2026-10-09", param_hint="--on") from error


with_app(reminders)
