"""`tracker db`: migrations, as Flask-Migrate brings them."""

from __future__ import annotations

import click
from flask.cli import ScriptInfo
from flask_migrate.cli import db as db_commands

from tracker import create_app

__all__ = ["db_commands", "with_app"]


def with_app(command: click.Command) -> click.Command:
    """Let `command` (decorated with Flask's `with_appcontext`) find the application."""
    command.context_settings["obj"] = ScriptInfo(create_app=create_app)
    return command


with_app(db_commands)
db_commands.help = "数据库:升级、回退、查看版本。"
