"""`tracker ledger`: what the ledger takes from contracts that were confirmed before it did so."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from tracker.core.db.commands import with_app


@click.group(help="资金台账：补上由合同得出的应付日期。")
def ledger() -> None:
    """Commands about the ledger."""


@ledger.command("due-days")
@with_appcontext
def due_days() -> None:
    """为合同确认之前已提交的返利、分成补上应付日期；已有日期的不变，可以重复执行。"""
    from tracker.core.db import db, units
    from tracker.records.ledger import due

    with units.writing():
        filled = due.fill_all()
        db.session.commit()
    click.echo(f"补上应付日期 {filled} 笔。" if filled else "没有可补的应付日期。")


with_app(ledger)
