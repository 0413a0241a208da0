"""The list of applications, the page of one, and its form."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from flask import url_for
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, case, func

from tracker.core.db import db
from tracker.core.quantities.clock import day_of, today
from tracker.core.quantities.shown import money
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.applications import handing, queries, service
from tracker.records.applications.demands import (
    DEMANDS,
    handed_in,
    not_to_withdraw,
)
from tracker.records.applications.forms import CONSTRAINTS, ApplicationForm
from tracker.records.applications.models import (
    BUILDING,
    IN_HAND,
    Application,
    ApplicationAct,
    ApplicationKind,
    ApplicationState,
)
from tracker.records.applications.steps import STEPS, Step, is_one_of, still_ahead, waits_for
from tracker.records.evidence.kinds import asked_for, given_by, held_by, may_not_prove
from tracker.records.places.models import Region
from tracker.records.places.scopes import own_places, within
from tracker.web.kit import (
    Action,
    Blocked,
    Column,
    Field,
    Filter,
    Kind,
    Section,
    Show,
    in_year,
    looks,
    one_of,
    through,
)
from tracker.web.kit.declared import Total
from tracker.web.period import selected_year

S = ApplicationState


def _not_to_change(user: User, application: Application) -> Blocked | None:
    if application.state in IN_HAND:
        return None
    said = f"这项申报现在是“{application.state.label}”，内容不再修改。"
    if application.state in STEPS[ApplicationAct.WITHDRAWN].of:
        said += "需要修改的，由本单位撤回后重新申报，或由本级领导发回、上级退回。"
    return Blocked(said)


def _is_of_use(application: Application, act: ApplicationAct) -> bool:
    """Whether there is anything to do it with: money to come back, a draft that is not deleted."""
    if act is ApplicationAct.RECOVERED:
        return bool(service.paid(application))
    if act is ApplicationAct.WITHDRAWN and application.state is S.DRAFT:
        return bool(service.stays(application))
    return True


def _action(step: Step) -> Action:
    """The button of a step for those who ever take it: grey with the reason while they cannot."""

    def blocked(user: User, application: Application) -> Blocked | None:
        said = service.why_not(user, application, step.act)
        return Blocked(said) if said else None

    def address(application: Application) -> str:
        return url_for(f"applications.{step.act.value}", application_id=application.id)

    def fits(user: User, application: Application) -> bool:
        return (
            is_one_of(user, application, step)
            and step.fits(application)
            and still_ahead(application, step)
            and _is_of_use(application, step.act)
        )

    return Action(step.act.label, step.icon, step.permission, address, blocked, fits=fits)


def _due(application: Application) -> Markup | None:
    """How the day by which 验收 is due stands, while it has not been asked for or held."""
    due = application.acceptance_due_on
    if due is None or application.state not in (*BUILDING, S.AWAITING):
        return None
    left = (due - today()).days
    word, said = (
        ("overdue", f"验收逾期 {-left:,} 天") if left < 0 else ("due", f"距验收期限 {left} 天")
    )
    return Markup('<span class="badge-word filing-{}">{}</span>').format(word, said)


def _of_due(value: str) -> ColumnElement[bool] | None:
    open_still = Application.state.in_((*BUILDING, S.AWAITING))
    return {
        "overdue": open_still & (Application.acceptance_due_on < today()),
        "open": open_still,
    }.get(value)


def _demands(application: Application) -> Mapping[str, object]:
    """What is demanded of the application, step by step, with what is there and what is not."""
    demands = DEMANDS[application.kind]
    there = handed_in(application)
    user: Any = current_user
    blocked = may_not_prove(user, APPLICATIONS, application)
    return {
        "rules": demands.rules,
        "papers": [
            (
                act.label,
                [
                    (
                        paper,
                        handing.giver(application, paper.kind),
                        day_of(there[paper.kind]) if paper.kind in there else None,
                        not blocked and not handing.why_not(user, application, paper.kind),
                    )
                    for paper in papers
                ],
            )
            for act, papers in demands.papers.items()
        ],
        "application": application,
    }


def _allotted(application: Application) -> Mapping[str, object] | None:
    if not _may_be_allotted(application):
        return None
    return {
        "allotted": queries.allotted(application),
        "subject": application.subject,
        "may_correct": is_one_of(current_user, application, STEPS[ApplicationAct.ALLOTTED]),
    }


def _for_money(application: Application) -> bool:
    """Whether it asks for money, or has to and does not yet."""
    return DEMANDS[application.kind].needs_amount or application.amount_asked is not None


def _granted(amount: Decimal | None, application: Application) -> Markup:
    """A sum in a column of 万元; what nobody has decided yet is not unreported."""
    return looks.NOTHING if amount is None else looks.in_wan(amount)


def _granted_in_words(amount: Decimal | None, application: Application) -> Markup:
    return looks.NOTHING if amount is None else looks.money(amount)


def _may_be_allotted(application: Application) -> bool:
    return application.kind is ApplicationKind.FUND and application.established_on is not None


def _allotted_in_words(found: queries.Allotted, application: Application) -> Markup:
    """What was allotted in all, and what of it came back."""
    if found.total is None:
        return looks.NOTHING
    said = money(found.total)
    if found.came_back is None:
        return said
    return Markup("{}，已收回 {}").format(said, money(found.came_back))


def _sums(statement: Select, number: int) -> Mapping[str, Total]:
    """What was asked for and granted in all; unknown is what has to ask for money and does not."""
    sums = (Application.amount_asked, Application.amount_granted)
    needing = [kind for kind, demands in DEMANDS.items() if demands.needs_amount]
    lacking = case((Application.kind.in_(needing) & sums[0].is_(None), 1), else_=0)
    row = db.session.execute(
        statement.order_by(None).with_only_columns(
            *(func.sum(each, type_=each.type) for each in sums),
            func.sum(lacking),
            maintain_column_froms=True,
        )
    ).one()
    return {
        "amount_asked": Total(row[0], int(row[2] or 0)),
        "amount_granted": Total(row[1]),
    }


_STATE = partial(looks.badge, family="application")

APPLICATIONS = Kind(
    "applications",
    Application,
    "项目申报",
    view=Permission.APPLICATIONS_VIEW,
    edit=Permission.APPLICATIONS_EDIT,
    scope=within(queries.touching, "county_id", blocked=_not_to_change),
    load=queries.WITH_PLACES,
    actions=tuple(_action(step) for step in STEPS.values()),
    columns=(
        Column("name", sort=True),
        Column("county", sort=through(Application.county_id, Region.code), phone=True),
        Column("kind", sort=True, look=lambda kind, application: kind.short, phone=True),
        Column("year", sort=True, phone=False),
        Column("state", sort=True, look=_STATE, phone=True),
        Column("waiting", "待谁办理", value=waits_for, show=Show.WIDE),
        Column("amount_asked", sort=True, total=True, applies=_for_money, show=Show.WIDE),
        Column(
            "amount_granted",
            sort=True,
            total=True,
            applies=_for_money,
            look=_granted,
            unit="万元",
            phone=True,
        ),
        Column("established_on", sort=True, show=Show.WIDE),
        Column("acceptance_due_on", sort=True, phone=True),
        Column("acceptance", show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        in_year(Application.year, "申报年度", "applied"),
        one_of(Application.kind),
        one_of(Application.state, "进度"),
        Filter(
            "due",
            "验收期限",
            [("open", "未验收"), ("overdue", "逾期未验收")],
            _of_due,
        ),
    ),
    search=(Application.name, through(Application.county_id, Region.name)),
    search_label="项目或申报单位",
    order="-year",
    subline=(
        Field("state", look=_STATE),
        Field("due", value=_due, look=lambda said, application: said or looks.NOTHING),
        Field("origin", look=looks.origin),
        Field("kind"),
    ),
    groups=(
        (
            "申报",
            (
                "county",
                "year",
                "pairing",
                Field(
                    "subject",
                    "申报对象",
                    value=lambda application: application.subject,
                    look=looks.link,
                ),
                Field("amount_asked", applies=_for_money),
                Field("amount_granted", applies=_for_money, look=_granted_in_words),
                Field(
                    "allotted",
                    "下达金额",
                    value=queries.allotted,
                    applies=_may_be_allotted,
                    look=_allotted_in_words,
                ),
                "works",
                "benefit",
            ),
        ),
        (
            "立项和验收",
            ("established_on", "document", "acceptance_due_on", "inspected_on", "acceptance"),
        ),
    ),
    sections=(
        Section("申报要求和材料", "applications/demands.html", _demands, "demands"),
        Section("资金下达", "applications/allotted.html", _allotted, "allotted"),
    ),
    form=ApplicationForm,
    constraints=CONSTRAINTS,
    choices={
        "county_id": own_places,
        "pairing_id": queries.pairing_choices,
        "demonstration_village_id": queries.demonstration_choices,
        "park_id": queries.park_choices,
        "project_id": queries.project_choices,
        "enclave_id": queries.enclave_choices,
    },
    defaults=lambda user, parent: {"year": selected_year()},
    verb="新建",
    sums=_sums,
    changeable=lambda application: application.established_on is None,
    stays=service.stays,
    empty="这里将列出示范点、专项资金项目和产业园的申报。从“新建项目申报”开始，"
    "填写后由县领导审核，再报市、报省。",
    detail_template="applications/detail.html",
)

asked_for(Application, handing.words_for)
given_by(Application, handing.why_not, handing.not_theirs)
held_by(Application, not_to_withdraw)
