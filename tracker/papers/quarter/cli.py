"""`tracker form`: the forms on paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from tracker.core.db.commands import with_app
from tracker.core.options import YEAR, Whole, write_made

if TYPE_CHECKING:
    from tracker.records.places.models import Region

_OUT = "写到哪个文件；默认在当前文件夹，按表名命名。"


@click.group()
def form() -> None:
    """由现有记录打印季度报送表、年度任务清单（PDF），供签字盖章。"""


@form.command()
@click.option("--county", required=True, help="县（市、区）代码，如 331122。")
@click.option("--year", type=YEAR, required=True, help="年度。")
@click.option("--quarter", type=Whole(1, 4), required=True, help="季度，1 至 4。")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=_OUT)
@with_appcontext
def quarter(county: str, year: int, quarter: int, out: Path | None) -> None:
    """季度报送表。"""
    from tracker.core.quantities.clock import present
    from tracker.papers.common.form import form_name
    from tracker.papers.quarter.build import Quarter, quarter_form
    from tracker.papers.quarter.pdf import quarter_pdf
    from tracker.records.places.models import RegionLevel

    region = _region(county)
    if region.level is not RegionLevel.COUNTY:
        raise click.ClickException(f"{region.name}不是县（市、区），季度报送表由县（市、区）填报")
    made = quarter_form(region, Quarter(year, quarter), present())
    write_made(lambda: quarter_pdf(made), out or Path(form_name(made.head)))


@form.command()
@click.option("--county", required=True, help="县（市、区）、设区市或省的代码，如 331122。")
@click.option("--year", type=YEAR, required=True, help="年度。")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=_OUT)
@with_appcontext
def tasks(county: str, year: int, out: Path | None) -> None:
    """年度任务清单。"""
    from tracker.core.quantities.clock import present
    from tracker.papers.common.form import form_name
    from tracker.papers.quarter.pdf import task_pdf
    from tracker.papers.tasks.build import task_form

    made = task_form(_region(county), year, present())
    write_made(lambda: task_pdf(made), out or Path(form_name(made.head)))


def _region(code: str) -> Region:
    from tracker.core.db import db
    from tracker.records.places.models import Region

    found = db.session.scalar(select(Region).where(Region.code == code))
    if found is None:
        raise click.ClickException(f"没有代码为 {code} 的地区")
    return found


with_app(form)
