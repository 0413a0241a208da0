"""Run migrations against the application's database, one transaction for each."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy.types import TypeDecorator

from tracker.db import db, units


def plain_type(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types as what the database sees, so that old migrations never change."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run() -> None:
    """Upgrade or downgrade over the application's own engine."""
    if context.is_offline_mode():
        raise SystemExit("迁移须连接数据库运行")
    settings = current_app.extensions["migrate"].configure_args
    with units.mode(writes=True), db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transaction_per_migration=True,
            render_item=plain_type,
            **settings,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
