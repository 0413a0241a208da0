"""What every command needs that reads the database."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import click
from flask.cli import ScriptInfo, with_appcontext

from tracker.core.db import units
from tracker.core.db.versions import require_schema


def with_app(command: click.Command) -> click.Command:
    """Let `command` (decorated with Flask's `with_appcontext`), or those of a group, find the
    application; they only read, except in the units in which they say that they write, and are
    refused on a database whose schema is not the program's."""
    find_app(command)
    for each in command.commands.values() if isinstance(command, click.Group) else (command,):
        assert each.callback is not None
        each.callback = units.reading(_on_right_schema(each.callback))
    return command


def find_app(command: click.Command) -> None:
    """Let `command` find the application."""
    # By name, because the database knows nothing of the application above it.
    command.context_settings["obj"] = ScriptInfo(app_import_path="tracker:create_app")


def _on_right_schema(act: Callable[..., object]) -> Callable[..., object]:
    @with_appcontext
    @wraps(act)
    def look_first(*arguments: object, **options: object) -> object:
        require_schema()
        return act(*arguments, **options)

    return look_first
