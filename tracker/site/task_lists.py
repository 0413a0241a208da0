"""What of the yearly task list waits for one's own place: to be done, and to be divided."""

from __future__ import annotations

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.accounts.models import User
from tracker.records.annual import reporting
from tracker.records.annual.grid import Sheet
from tracker.records.annual.issuing import is_as_issued
from tracker.records.annual.models import TaskPart
from tracker.records.annual.progress_rules import find_progress, progress_part, waits
from tracker.records.annual.queries import list_of, open_years, parts_of, received_by
from tracker.records.annual.sheet_rules import sheet_of
from tracker.records.annual.shown import View
from tracker.records.places.models import Region, RegionLevel
from tracker.site.work_lists import Row, Todo, most
from tracker.web.kit.kinds import name_of
from tracker.web.ways import way


def tasks_waiting(user: User, year: int) -> Todo:
    """The tasks of one's own place and its bureaus that are late, behind or soon due, of `year` and
    of each other year that is open. Of a year that is over, those alone that can still be stated to
    be done."""
    place = _place_of(user)
    years = _years(place, year)
    own: list[TaskPart] = []
    waiting: list[TaskPart] = []
    for each in years:
        given = received_by(place, each) if place else []
        waiting += _waiting(place, each, given) if place else []
        own += given
    waiting.sort(key=lambda part: part.due)

    def row(part: TaskPart) -> Row:
        page = way("task_parts.detail", task_part_id=part.id)
        by_hand = reporting.stated_by_hand(part)
        step = way("annual.report", part_id=part.id) if by_hand else None
        name = name_of(part) if part.task.year == year else f"{part.task.year} 年度 {name_of(part)}"
        return Row(name, page, progress_part(part).words, "去报告完成" if by_hand else "", step)

    return Todo(
        "tasks",
        f"{_said(years)}年度到期、落后和即将到期的任务",
        [row(part) for part in waiting[: most("tasks")]],
        len(waiting),
        "30 天内到期、已到期和低于序时进度的任务会列在这里。目前没有。",
        way("annual.mine", year=year),
        "" if own else f"{_said(years)}年度没有下达给本地的任务。",
    )


def _waiting(place: Region, year: int, own: list[TaskPart]) -> list[TaskPart]:
    """Those of one year."""
    of = list_of(place, year) if place.level is RegionLevel.COUNTY else None
    # A bureau's part of a figure waits with the place's own.
    bureaus = [part for part in parts_of(of) if part.given and part.task.is_milestone]
    open_ = [part for part in (*own, *bureaus) if part.done_on is None]
    if year < today().year:
        open_ = [part for part in open_ if part.task.is_milestone]
    find_progress(open_)
    return [part for part in open_ if waits(part)]


def to_divide(user: User, year: int) -> Todo:
    """What one's own place has to divide, of `year` and of each other year that is open: parts that
    do not fit, and drafts not issued. The list of the next year is issued in this one."""
    place = _place_of(user)
    years = _years(place, year)
    sheets = [sheet_of(place, each) for each in years] if place else []
    own = [sheet for sheet in sheets if sheet.columns]
    rows = [_row(sheet) for sheet in own if _is_left(sheet)]
    return Todo(
        "divide",
        f"{_said(years)}年度待分解、待下达的任务",
        rows,
        len(rows),
        "上级下达、尚未分解下达的任务会列在这里。目前没有。",
        _page(place, year) if place else None,
        "" if own else f"{_said(years)}年度还没有任务。",
    )


def _is_left(sheet: Sheet) -> bool:
    """What was issued though it does not fit waits no more, until the level above changes it."""
    done = sheet.is_issued and not sheet.drafts and not sheet.fresh_tasks
    return not (done and is_as_issued(sheet))


def _row(sheet: Sheet) -> Row:
    href = _page(sheet.region, sheet.year)
    name = f"{sheet.region.name} {sheet.year} 年度任务清单"
    return Row(name, href, View(sheet).left(), "去分解", href)


def _page(place: Region, year: int) -> str | None:
    return way("annual.page", year=year, code=place.code) if place.code else None


def _place_of(user: User) -> Region | None:
    return db.session.get(Region, user.region_id) if user.region_id else None


def _years(place: Region | None, year: int) -> list[int]:
    """The year in view, and those that are open: the running one and the next, of which the list
    is issued ahead."""
    running = today().year
    found = open_years(place, running) if place else []
    return sorted({year, *(each for each in found if each <= running + 1)})


def _said(years: list[int]) -> str:
    """2026、2027 , as it stands before 年度."""
    return "、".join(map(str, years)) + " "
