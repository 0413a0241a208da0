"""What was due and what was filed: the list of filings and their entry; the days off that move
last days."""

from __future__ import annotations

from flask import url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.clock import day_of
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves.models import Enclave
from tracker.records.places.models import Region
from tracker.records.places.scopes import own_places, own_regions, set_above
from tracker.records.places.subjects import (
    OneSubject,
    load_subject,
    subject_column,
    subject_filter,
    subject_of,
    subject_scope,
)
from tracker.records.submissions import service
from tracker.records.submissions.models import Filing, FilingState, Holiday
from tracker.records.submissions.queries import awaited, not_in_time, overdue, past_due
from tracker.records.submissions.steps import STEPS, Step, is_one_of
from tracker.web.kit import (
    Action,
    Blocked,
    Column,
    Field,
    Filter,
    Kind,
    Show,
    form_of,
    looks,
    one_of,
    this_year,
    through,
    yes_no,
)
from tracker.web.kit.declared import Choices, SameForAll, Scope
from tracker.web.kit.kinds import name_of
from tracker.web.period import selected_year


class FilingForm(
    OneSubject,
    form_of(  # type: ignore[misc]  # a base that is made from the model
        Filing,
        (("对象", ("region_id", "enclave_id")), ("材料", ("year", "kind", "due_on"))),
        future=("due_on",),
        help={
            "region_id": "报送的是地方的选地方，是飞地的选飞地，只选一项。",
            "due_on": "应当报送的最后一日，例如 2024-04-10。",
        },
    ),
):
    """What is to be filed by whom and by when; the platform itself notes when it was."""

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Each field, then that a report is due after its period."""
        if not super().validate(extra_validators):
            return False
        told = (self.year.data, self.kind.data, self.due_on.data)
        if None not in told and (said := service.why_not_due(*told)):
            self.add_error("due_on", said)
            return False
        return True


def _in_time(filing: Filing) -> Markup:
    late = filing.days_late
    if filing.filed_at:
        word, text = ("late", f"迟报 {late} 天") if late > 0 else ("on-time", "按时报送")
    else:
        word, text = ("overdue", f"逾期 {late:,} 天") if late > 0 else ("due", f"还有 {-late} 天")
    return Markup('<span class="badge-word filing-{}">{}</span>').format(word, text)


def _in_state(value: str) -> ColumnElement[bool] | None:
    return {
        "filed": ~awaited(),
        "due": awaited() & ~past_due(),
        "overdue": overdue(),
        "late": not_in_time(),
    }.get(value)


def _not_to_change(user: User, filing: Filing) -> Blocked | None:
    if (blocked := set_above(user, filing)) is not None or filing.filed_at is None:
        return blocked
    return Blocked(f"已于 {day_of(filing.filed_at)} 报送，期限和材料不再修改。")


@SameForAll
def _own_enclaves(user: User) -> Choices:
    """(id, name) of the enclaves that the user's own regions flew out."""
    own = [number for number, _ in own_regions(user)]
    found = select(Enclave.id, Enclave.name).where(Enclave.origin_id.in_(own))
    return [(number, name) for number, name in db.session.execute(found.order_by(Enclave.code))]


def _name(filing: Filing) -> str:
    return f"{name_of(subject_of(filing))} {filing.year} 年{filing.kind.label}"


def _action(step: Step) -> Action:
    """The button of a step for those who ever take it: grey with the reason while they cannot."""

    def blocked(user: User, filing: Filing) -> Blocked | None:
        said = service.why_not(user, filing, step.act)
        return Blocked(said) if said else None

    def address(filing: Filing) -> str:
        return url_for(f"submissions.{step.act.value}", filing_id=filing.id)

    def fits(user: User, filing: Filing) -> bool:
        return is_one_of(user, filing, step) and bool(step.fits(filing))

    return Action(step.act.label, step.icon, step.permission, address, blocked, fits=fits)


SUBMISSIONS = Kind(
    "submissions",
    Filing,
    "报送",
    view=Permission.SUBMISSIONS_VIEW,
    edit=Permission.SUBMISSIONS_EDIT,
    scope=subject_scope(Filing, _not_to_change),
    name=_name,
    load=load_subject(Filing),
    load_detail=(joinedload(Filing.enclave).joinedload(Enclave.origin_region),),
    actions=tuple(_action(step) for step in STEPS.values()),
    columns=(
        Column("kind", sort=True),
        subject_column(phone=True),
        Column("year", sort=True, phone=False),
        Column("due_on", sort=True, phone=True),
        Column("filed_at", sort=True, phone=False),
        Column("state", "进度", look=looks.badge, phone=True),
        Column("in_time", "是否按时", value=_in_time, look=lambda said, filing: said, phone=True),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        this_year(Filing.year),
        one_of(Filing.kind),
        Filter(
            "state",
            "状态",
            [
                ("due", "待报送"),
                ("overdue", "逾期未报"),
                ("late", "没有按期报送"),
                ("filed", "已报送"),
            ],
            _in_state,
        ),
        Filter(
            "progress",
            "进度",
            FilingState.choices(),
            lambda value: Filing.state == FilingState(value) if value else None,
        ),
        subject_filter(Filing),
    ),
    search=(through(Filing.region_id, Region.name), through(Filing.enclave_id, Enclave.name)),
    search_label="地方或飞地",
    order="-due_on",
    subline=(
        Field("state", look=looks.badge),
        Field("in_time", value=_in_time, look=lambda said, filing: said),
        Field("origin", look=looks.origin),
    ),
    groups=(
        (
            "报送",
            (
                Field("subject", "对象", value=subject_of, look=looks.link),
                "year",
                "kind",
                "due_on",
                "filed_at",
                "state",
                "state_at",
                Field("reopened_until", applies=lambda filing: bool(filing.reopened_until)),
            ),
        ),
    ),
    form=FilingForm,
    choices={"region_id": own_places, "enclave_id": _own_enclaves},
    defaults=lambda user, parent: {"year": selected_year()},
    empty="这里将列出应报送的年度计划、季报和年报，以及各自的期限和报送时刻。",
    list_template="submissions/list.html",
    detail_template="submissions/detail.html",
)

HOLIDAYS = Kind(
    "holidays",
    Holiday,
    "节假日",
    view=Permission.SUBMISSIONS_VIEW,
    edit=Permission.SUBMISSIONS_EDIT,
    scope=Scope(lambda user: true(), lambda user: true(), set_above),
    name=lambda holiday: f"{holiday.day} {holiday.name}",
    columns=(
        Column("day", sort=True),
        Column("works", "上班或放假", value=lambda day: "上班" if day.works else "放假"),
        Column("name", sort=True),
        Column("document", phone=False),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(this_year(Holiday.day), yes_no(Holiday.works)),
    search=(Holiday.name, Holiday.document),
    search_label="节日或文号",
    order="-day",
    groups=(("节假日", ("day", "works", "name", "document", "address")),),
    form=form_of(
        Holiday,
        (("节假日", ("day", "works", "name")), ("依据", ("document", "address"))),
        future=("day",),
        help={
            "day": "与星期不符的一天：放假的工作日，或者调休上班的周末。平常的日子不必登记。",
            "document": "公布的文件，例如 国办发明电〔2025〕7号。",
            "address": "文件在政府网站上的网址。",
        },
    ),
    empty="这里将列出法定节假日和调休上班的日子。没有登记的年度，期限只按周末顺延。",
    menu="submissions.index",
)
