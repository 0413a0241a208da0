"""`tracker trial`: the running year as it would be scored today."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from tracker.core.db.commands import with_app
from tracker.core.options import YEAR


@click.command("trial")
@click.option("--year", type=YEAR, help="进行中的年度；默认为今年。")
@with_appcontext
def trial_command(year: int | None) -> None:
    """试算进行中的年度：取代当月以前的试算，不作为考核结果，不能签发。"""
    from tracker.core.db import units
    from tracker.core.quantities.clock import today, written
    from tracker.year.trials import service
    from tracker.year.trials.freezing import tried
    from tracker.year.trials.rules import rules_words

    trial = tried(year or today().year, lambda step: click.echo(f"{step} …", err=True))
    with units.writing():
        kept = service.keep(trial, None)
        said = f"{kept.year}年度试算于 {written(kept.frozen_at)}，{len(kept.cards)} 份；"
        said += rules_words(kept)
    click.echo(said)


with_app(trial_command)
