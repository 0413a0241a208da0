"""`tracker db`: migrations, as Flask-Migrate brings them."""

from __future__ import annotations

import click
from flask.cli import ScriptInfo
from flask_migrate.cli import db as db_commands

__all__ = ["db_commands", "with_app"]


def with_app(command: click.Command) -> click.Command:
    """Let `command` (decorated with Flask's `with_appcontext`) find the application."""
    # By name, because the database knows nothing of the application above it.
    command.context_settings["obj"] = ScriptInfo(app_import_path="tracker:create_app")
    return command


with_app(db_commands)
db_commands.help = "数据库:升级、回退、查看版本。"
