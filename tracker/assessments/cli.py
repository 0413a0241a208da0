"""`tracker score`: freeze a year and score it."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import click
from flask.cli import with_appcontext

from tracker.assessments.scored import ScoredSheet, scored
from tracker.assessments.service import AssessmentError, freeze_and_score
from tracker.db import db
from tracker.db.cli import with_app


@click.command()
@click.option("--year", type=click.IntRange(2002, 2100), required=True, help="考核年度。")
@with_appcontext
def score(year: int) -> None:
    """冻结一个年度的事实，按评分细则计分。"""
    try:
        snapshot = freeze_and_score(year, None, lambda step: click.echo(f"{step} …", err=True))
    except AssessmentError as error:
        raise click.ClickException(str(error)) from None
    db.session.commit()
    click.echo(f"{year}年度快照 {snapshot.sha256}")
    points = scored(snapshot.sha256, snapshot.content)
    for sheet in points.sheets.values():
        cards = sheet.result.scorecards
        states = Counter(line.state for card in cards for line in card.lines)
        click.echo(
            f"{sheet.rulebook.title}：{len(cards)} 份，完整 {sum(c.complete for c in cards)} 份；"
            f"指标已计分 {states['scored']} 项，不可计分 {states['unscorable']} 项，"
            f"不适用 {states['not_applicable']} 项{_means(sheet)}"
        )


def _means(sheet: ScoredSheet) -> str:
    """The mean totals of the three columns: "；平均 自评 85.20、初审 84.10、复核 84.10"."""
    if not sheet.result.scorecards:
        return ""
    means = []
    for level, result in sheet.results.items():
        total = sum((card.total for card in result.scorecards), Decimal(0))
        means.append(f"{level.label} {total / len(result.scorecards):.2f}")
    return f"；平均 {'、'.join(means)}"


with_app(score)
