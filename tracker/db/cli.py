"""`tracker db`: migrations, as Flask-Migrate brings them; and what every command needs of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import click
from flask.cli import ScriptInfo, with_appcontext
from flask_migrate.cli import db as db_commands

from tracker.db import units
from tracker.db.versions import require_schema

__all__ = ["db_commands", "with_app"]


def with_app(command: click.Command) -> click.Command:
    """Let `command` (decorated with Flask's `with_appcontext`), or each command of a group, find
    the application; it only reads, except in the units in which it says that it writes, and it is
    refused on a database whose schema is not the program's."""
    _find_app(command)
    if isinstance(command, click.Group):
        for each in command.commands.values():
            with_app(each)
    elif command.callback is not None:
        command.callback = units.reading(_on_right_schema(command.callback))
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


_find_app(db_commands)
db_commands.help = "数据库:升级、回退、查看版本。"
