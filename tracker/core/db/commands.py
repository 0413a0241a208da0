"""`tracker db`: migrations, as Flask-Migrate brings them; and what every command needs of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import click
from flask.cli import ScriptInfo, with_appcontext
from flask_migrate.cli import db as db_commands

from tracker.core.db import statistics, units
from tracker.core.db.versions import require_schema

__all__ = ["db_commands", "with_app"]


def with_app(command: click.Command) -> click.Command:
    """Let `command` (decorated with Flask's `with_appcontext`), or those of a group, find the
    application; they only read, except in the units in which they say that they write, and are
    refused on a database whose schema is not the program's."""
    _find_app(command)
    for each in command.commands.values() if isinstance(command, click.Group) else (command,):
        assert each.callback is not None
        each.callback = units.reading(_on_right_schema(each.callback))
    return command


def _find_app(command: click.Command) -> None:
    # By name, because the database knows nothing of the application above it.
    command.context_settings["obj"] = ScriptInfo(app_import_path="tracker:create_app")


def _on_right_schema(act: Callable[..., object]) -> Callable[..., object]:
    @with_appcontext
    @wraps(act)
    def look_first(*arguments: object, **options: object) -> object:
        require_schema()
        return act(*arguments, **options)

    return look_first


def _then_statistics(command: click.Command) -> None:
    """Let what the planner knows be renewed when `command` has changed the tables."""
    act = command.callback
    assert act is not None

    @wraps(act)
    def changed(*args: object, **options: object) -> None:
        act(*args, **options)
        statistics.refresh()

    command.callback = changed


_find_app(db_commands)
_then_statistics(db_commands.commands["upgrade"])
db_commands.help = "数据库:升级、回退、查看版本。"
