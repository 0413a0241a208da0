"""Briefs and the yearly summary, printed in the background."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from tracker.core.db import db
from tracker.papers.brief.period import period_of
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.background.declared import work
from tracker.records.background.running import Run
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.queries import is_province, regions_of
from tracker.site.brief.build import brief_of
from tracker.site.brief.yearly import summary_of

BRIEF, SUMMARY = "brief.print", "summary.print"


def _asked_brief(form: Mapping[str, str]) -> tuple[tuple[str, str], str]:
    period = period_of(form["period"])
    place = region_of(form["region"])
    if place is None:
        raise ValueError("no such region")
    return (form["region"], period.key), f"{place.name}{period.words}工作简报（{period.title}）"


def _asked_summary(form: Mapping[str, str]) -> tuple[tuple[int], str]:
    year = period_of(f"{form['year']}-1").year
    return (year,), f"{year}年年度总结"


def _sees(user: User, code: str, _period: str) -> bool:
    """Whether the region is among those that `user` sees."""
    seen = select(Region.id).where(Region.code == code, Region.id.in_(regions_of(user)))
    return db.session.scalar(seen) is not None


def _of_province(user: User, _year: int) -> bool:
    return is_province(user)


def region_of(code: str) -> Region | None:
    """The region with a code."""
    return db.session.scalar(select(Region).where(Region.code == code))


def province() -> Region | None:
    """The province."""
    return db.session.scalar(select(Region).where(Region.level == RegionLevel.PROVINCE))


@work(BRIEF, "工作简报", Permission.OVERVIEW_VIEW, sees=_sees, asked=_asked_brief)
def print_brief(run: Run, code: str, key: str) -> None:
    """The brief of a region for a month or a quarter."""
    from tracker.papers.brief.parts import file_name
    from tracker.papers.brief.pdf import brief_pdf

    run.tell("汇总")
    place = region_of(code)
    assert place is not None, "who asked sees it"
    made = brief_of(place, period_of(key))
    run.tell("排印")
    with run.file(file_name(made.head), "application/pdf") as out:
        out.write(brief_pdf(made))


@work(SUMMARY, "年度总结", Permission.OVERVIEW_VIEW, sees=_of_province, asked=_asked_summary)
def print_summary(run: Run, year: int) -> None:
    """The province's summary of a year."""
    from tracker.papers.brief.parts import file_name
    from tracker.papers.summary.pdf import summary_pdf

    run.tell("汇总")
    place = province()
    assert place is not None, "who asked is of it"
    made = summary_of(place, year)
    run.tell("排印")
    with run.file(file_name(made.head), "application/pdf") as out:
        out.write(summary_pdf(made))
