"""What was due and what was filed: the list of filings and their entry."""

from __future__ import annotations

from markupsafe import Markup
from sqlalchemy import ColumnElement, select

from tracker.core.db import db
from tracker.core.quantities.clock import day_of
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves.models import Enclave
from tracker.records.places.models import Region
from tracker.records.places.scopes import own_regions, set_above
from tracker.records.places.subjects import (
    OneSubject,
    load_subject,
    subject_column,
    subject_filter,
    subject_of,
    subject_scope,
)
from tracker.records.submissions.models import Filing
from tracker.records.submissions.queries import awaited, overdue, past_due
from tracker.web.kit import (
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
)
from tracker.web.kit.declared import Choices
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


def _state(filing: Filing) -> Markup:
    late = filing.days_late
    if filing.filed_at:
        word, text = ("late", f"迟报 {late} 天") if late > 0 else ("on-time", "按时报送")
    else:
        word, text = ("overdue", f"逾期 {late} 天") if late > 0 else ("due", f"还有 {-late} 天")
    return Markup('<span class="badge-word filing-{}">{}</span>').format(word, text)


def _in_state(value: str) -> ColumnElement[bool] | None:
    return {
        "filed": ~awaited(),
        "due": awaited() & ~past_due(),
        "overdue": overdue(),
    }.get(value)


def _not_to_change(user: User, filing: Filing) -> Blocked | None:
    if (blocked := set_above(user, filing)) is not None or filing.filed_at is None:
        return blocked
    return Blocked(f"已于 {day_of(filing.filed_at)} 报送，期限和材料不再修改。")


def _own_enclaves(user: User, record: Filing | None) -> Choices:
    """(id, name) of the enclaves that the user's own regions flew out."""
    own = [number for number, _ in own_regions(user)]
    found = select(Enclave.id, Enclave.name).where(Enclave.origin_id.in_(own))
    return [(number, name) for number, name in db.session.execute(found.order_by(Enclave.code))]


def _name(filing: Filing) -> str:
    return f"{name_of(subject_of(filing))} {filing.year} 年{filing.kind.label}"


SUBMISSIONS = Kind(
    "submissions",
    Filing,
    "报送",
    view=Permission.SUBMISSIONS_VIEW,
    edit=Permission.SUBMISSIONS_EDIT,
    scope=subject_scope(Filing, _not_to_change),
    name=_name,
    load=load_subject(Filing),
    columns=(
        Column("kind", sort=True),
        subject_column(phone=True),
        Column("year", sort=True, phone=False),
        Column("due_on", sort=True, phone=True),
        Column("filed_at", sort=True, phone=False),
        Column("state", "状态", value=_state, look=lambda state, filing: state, phone=True),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        this_year(Filing.year),
        one_of(Filing.kind),
        Filter(
            "state",
            "状态",
            [("due", "待报送"), ("overdue", "逾期未报"), ("filed", "已报送")],
            _in_state,
        ),
        subject_filter(Filing),
    ),
    search=(through(Filing.region_id, Region.name), through(Filing.enclave_id, Enclave.name)),
    search_label="地方或飞地",
    order="-due_on",
    subline=(
        Field("state", value=_state, look=lambda state, filing: state),
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
            ),
        ),
    ),
    form=FilingForm,
    choices={"region_id": lambda user, record: own_regions(user), "enclave_id": _own_enclaves},
    defaults=lambda user, parent: {"year": selected_year()},
    empty="这里将列出应报送的年度计划、季报和年报，以及各自的期限和报送时刻。",
)
