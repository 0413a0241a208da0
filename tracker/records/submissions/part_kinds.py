"""分办: the pages of the parts of a filing that bureaus see to, under the filing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from tracker.core.quantities.clock import today
from tracker.core.quantities.days import first_day
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.submissions.bureaus import BUREAUS
from tracker.records.submissions.kinds import SUBMISSIONS
from tracker.records.submissions.models import IN_HAND, Filing, FilingKind, FilingPart
from tracker.records.submissions.workdays import days_covered
from tracker.web.forms import Suggesting, text
from tracker.web.kit import Blocked, Column, Kind, Parent, Show, form_of


def not_given_out(user: User, filing: Filing) -> Blocked | None:
    """Why `user` notes no part of `filing` now; None where they may."""
    if user.region_id != filing.place.id:
        return Blocked(f"分办由{filing.place.name}的工作人员登记。")
    if filing.state not in IN_HAND:
        return Blocked(f"这份材料现在是“{filing.state.label}”，不再分办。")
    return None


def begin_of(filing: Filing) -> date:
    """The first day of what is filed; nothing of it is given out before. A plan is made in the year
    before its own."""
    if filing.kind is FilingKind.PLAN:
        return first_day(filing.year - 1)
    return days_covered(filing.year, filing.kind)[0]


def _no_such_day(
    user: User, part: FilingPart | None, filing: Filing, values: Mapping[str, Any]
) -> tuple[str, str] | None:
    """A bureau cannot be asked for something by a day that is over: a slip of the month would stand
    as overdue at once, and be told to everybody as the bureau's. Nor does anything come back
    before its time has begun."""
    begins = begin_of(filing)
    for name, words in (("due_on", "要求办回的日期"), ("back_on", "办回日期")):
        day = values.get(name)
        if day is not None and day < begins and (part is None or getattr(part, name) != day):
            return name, f"{words} {day} 早于这份材料所报时期的第一天（{begins}）。"
    due_on = values.get("due_on")
    if due_on is None or due_on >= today() or values.get("back_on") is not None:
        return None
    if part is not None and part.due_on == due_on:
        return None
    return "due_on", (
        f"要求办回的日期 {due_on} 已经过了（今天是 {today()}）。请填今天或以后的日期；"
        "已经办回的，把办回日期一起填上。"
    )


def _by_the_filing(user: User, filing: Filing | None) -> dict[str, object]:
    """By the last day of the filing, unless that is over."""
    if filing is None or filing.due_on < today():
        return {}
    return {"due_on": filing.due_on}


def progress_of(part: FilingPart) -> Markup:
    """Whether it came back, and whether it did or is in time."""
    if part.back_on is not None:
        late = (part.back_on - part.due_on).days
        word, said = ("late", f"迟 {late} 天办回") if late > 0 else ("on-time", "已办回")
    else:
        late = (today() - part.due_on).days
        word, said = ("overdue", f"逾期 {late:,} 天") if late > 0 else ("due", f"还有 {-late} 天")
    return Markup('<span class="badge-word filing-{}">{}</span>').format(word, said)


FILING_PARTS = Kind(
    "filing_parts",
    FilingPart,
    "分办",
    view=Permission.SUBMISSIONS_VIEW,
    edit=Permission.SUBMISSIONS_SUBMIT,
    parent=Parent(SUBMISSIONS, "filing_id", blocked=not_given_out),
    name=lambda part: f"{part.bureau}：{part.part.label}",
    columns=(
        Column("bureau", sort=True),
        Column("part", phone=True),
        Column("person", show=Show.DESK),
        Column("due_on", sort=True, phone=True),
        Column("back_on", sort=True, show=Show.DESK),
        Column("state", "进度", value=progress_of, look=lambda said, part: said, phone=True),
    ),
    order="due_on",
    groups=(
        ("分办", ("part", "bureau", "person", "due_on", "note")),
        ("办回", ("back_on", "answer")),
    ),
    form=form_of(
        FilingPart,
        (
            ("分办", ("part", "bureau", "person", "due_on", "note")),
            ("办回", ("back_on", "answer")),
        ),
        future=("due_on",),
        help={"back_on": "部门办回以后填写；还没有办回的留空。"},
        bureau=text(
            "部门",
            60,
            required=True,
            widget=Suggesting(lambda: BUREAUS),
            description="可以选，也可以写。",
        ),
    ),
    constraints={"uq_filing_parts_bureau": ("bureau", "这一部分已分办给该部门。")},
    defaults=_by_the_filing,
    closed=_no_such_day,
    verb="新增",
    empty="没有分办。需要部门填报、核对的，登记分给哪个部门、何时办回；全部办回后由领导审核。",
)
