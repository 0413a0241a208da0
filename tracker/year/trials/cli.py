"""`tracker trial`: the running year as it would be scored today."""

from __future__ import annotations

from collections.abc import Callable

import click
from flask.cli import with_appcontext

from tracker.core.db.commands import with_app
from tracker.core.options import YEAR


@click.command("trial")
@click.option("--year", type=YEAR, help="进行中的年度；默认为今年。")
@click.option(
    "--owner",
    metavar="代码",
    help="只试算这个设区市的市考县（GB/T 2260，如 331100）；默认为省和每个有自己细则的设区市。",
)
@with_appcontext
def trial_command(year: int | None, owner: str | None) -> None:
    """试算进行中的年度：取代当月以前的试算，不作为考核结果，不能签发。"""
    from tracker.core.db import units
    from tracker.core.quantities.clock import today, written
    from tracker.core.told import ToldError
    from tracker.year.assessments.owner_option import owner_of
    from tracker.year.trials import service
    from tracker.year.trials.freezing import TrialError, owners_of, tried, whose
    from tracker.year.trials.rules import rules_words

    year = year or today().year
    failed: list[str] = []
    for each in [owner_of(owner)] if owner else owners_of(year):
        of = whose(each)
        try:
            trial = tried(year, _telling(of), each)
        except ToldError as error:
            failed.append(f"{of}{error}".rstrip("。"))
            continue
        with units.writing():
            kept = service.keep(trial, None)
            said = f"{of}{kept.year}年度试算于 {written(kept.frozen_at)}，{len(kept.cards)} 份；"
            said += rules_words(kept)
        click.echo(said)
    if failed:
        raise TrialError("；".join(failed))


def _telling(whose: str) -> Callable[[str], None]:
    return lambda step: click.echo(f"{whose}{step} …", err=True)


with_app(trial_command)
