"""What of the yearly task list waits for one's own place: to be done, and to be divided."""

from __future__ import annotations

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.accounts.models import User
from tracker.records.annual import reporting
from tracker.records.annual.issuing import is_as_issued
from tracker.records.annual.models import TaskPart
from tracker.records.annual.progress_rules import find_progress, progress_part, waits
from tracker.records.annual.queries import list_of, parts_of, received_by, tasks_of
from tracker.records.annual.sheet_rules import sheet_of
from tracker.records.annual.shown import View
from tracker.records.places.models import Region, RegionLevel
from tracker.site.work_lists import Row, Todo, most
from tracker.web.kit.kinds import name_of
from tracker.web.ways import way


def tasks_waiting(user: User, year: int) -> Todo:
    """The tasks of one's own place and its bureaus that are late, behind or soon due. Of a year
    that is over, those alone that can still be stated to be done."""
    place = db.session.get(Region, user.region_id) if user.region_id else None
    own: list[TaskPart] = received_by(place, year) if place else []
    of = list_of(place, year) if place and place.level is RegionLevel.COUNTY else None
    # A bureau's part of a figure waits with the place's own.
    bureaus = [part for part in parts_of(of) if part.given and part.task.is_milestone]
    open_ = [part for part in (*own, *bureaus) if part.done_on is None]
    if year < today().year:
        open_ = [part for part in open_ if part.task.is_milestone]
    find_progress(open_)
    waiting = sorted((part for part in open_ if waits(part)), key=lambda part: part.due)

    def row(part: TaskPart) -> Row:
        page = way("task_parts.detail", task_part_id=part.id)
        by_hand = reporting.stated_by_hand(part)
        step = way("annual.report", part_id=part.id) if by_hand else None
        return Row(
            name_of(part), page, progress_part(part).words, "去报告完成" if by_hand else "", step
        )

    return Todo(
        "tasks",
        f"{year} 年度到期、落后和即将到期的任务",
        [row(part) for part in waiting[: most("tasks")]],
        len(waiting),
        "30 天内到期、已到期和低于序时进度的任务会列在这里。目前没有。",
        way("annual.mine", year=year),
        "" if own else f"{year} 年度没有下达给本地的任务。",
    )


def to_divide(user: User, year: int) -> Todo:
    """What one's own place has to divide: parts that do not fit, and drafts not issued."""
    place = db.session.get(Region, user.region_id) if user.region_id else None
    title = f"{year} 年度待分解、待下达的任务"
    href = way("annual.page", year=year, code=place.code) if place and place.code else None
    none = "上级下达、尚未分解下达的任务会列在这里。目前没有。"
    if place is None or not _tasks(place, year):
        return Todo("divide", title, [], 0, none, href, f"{year} 年度还没有任务。")
    sheet = sheet_of(place, year)
    # What was issued though it does not fit waits no more, until the level above changes it.
    if sheet.is_issued and not sheet.drafts and not sheet.fresh_tasks and is_as_issued(sheet):
        return Todo("divide", title, [], 0, none, href)
    state = View(sheet).left()
    row = Row(f"{place.name} {year} 年度任务清单", href, state, "去分解", href)
    return Todo("divide", title, [row], 1, none, href)


def _tasks(place: Region, year: int) -> bool:
    """Whether `place` has anything to divide."""
    own = tasks_of(year) if place.level is RegionLevel.PROVINCE else received_by(place, year)
    return bool(own)
