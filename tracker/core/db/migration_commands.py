"""`tracker db`: migrations, as Flask-Migrate brings them."""

from __future__ import annotations

from functools import wraps

import click
from flask_migrate.cli import db as db_commands

from tracker.core.db import statistics
from tracker.core.db.commands import find_app

__all__ = ["db_commands"]


def _then_statistics(command: click.Command) -> None:
    """Let what the planner knows be renewed when `command` has changed the tables."""
    act = command.callback
    assert act is not None

    @wraps(act)
    def changed(*args: object, **options: object) -> None:
        act(*args, **options)
        statistics.refresh()

    command.callback = changed


find_app(db_commands)
_then_statistics(db_commands.commands["upgrade"])
db_commands.help = "数据库:升级、回退、查看版本。"
