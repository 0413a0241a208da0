"""`tracker db`: migrations, as Flask-Migrate brings them."""

from __future__ import annotations

import click
from flask.cli import ScriptInfo
from flask_migrate.cli import db as db_commands

from tracker.db import units

__all__ = ["db_commands", "with_app"]


def with_app(command: click.Command) -> click.Command:
    """Let `command` (decorated with Flask's `with_appcontext`), or those of a group, find the
    application; they only read, except in the units in which they say that they write."""
    # By name, because the database knows nothing of the application above it.
    command.context_settings["obj"] = ScriptInfo(app_import_path="tracker:create_app")
    for each in command.commands.values() if isinstance(command, click.Group) else (command,):
        each.callback = units.reading(each.callback)
    return command


with_app(db_commands)
db_commands.help = "数据库:升级、回退、查看版本。"
