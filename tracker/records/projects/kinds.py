"""The pages of projects."""

from __future__ import annotations

from functools import partial

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.provenance.models import SourcedValue
from tracker.records.accounts.permissions import Permission
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region
from tracker.records.places.scopes import places, provinces_alone, within
from tracker.records.projects import queries, service
from tracker.records.projects.forms import CONSTRAINTS, ProjectForm
from tracker.records.projects.models import PartnerView, Project, ProjectStage
from tracker.web.kit import (
    Action,
    Column,
    Field,
    Filter,
    Kind,
    Show,
    flag,
    in_year,
    looks,
    one_of,
    through,
    yes_no,
)
from tracker.web.kit.kinds import link_to

_STAGE = partial(looks.badge, family="stage")


def _in_scope(value: bool | None, project: Project) -> str:
    return "尚未认定" if value is None else ("是" if value else "否")


def counterparts_of(project: Project) -> list[Region]:
    """The counties on the other side (合作方): of the pairing, and one that is named besides."""
    found = [project.partner] if project.partner is not None else []
    if project.pairing is not None:
        own = project.pairing.recipient_id == project.region_id
        side = project.pairing.supporter if own else project.pairing.recipient
        found = [side, *(each for each in found if each is not side)]
    return found


def _has_partner(project: Project) -> bool:
    return project.partner_id is not None


def _counterparts(found: list[Region], project: Project) -> Markup | str:
    return Markup("、").join(link_to(each) for each in found) if found else looks.NOTHING


PROJECTS = Kind(
    "projects",
    Project,
    "项目",
    view=Permission.PROJECTS_VIEW,
    edit=Permission.PROJECTS_EDIT,
    scope=within(queries.touching, "region_id"),
    load=(
        joinedload(Project.region),
        joinedload(Project.partner),
        joinedload(Project.pairing).joinedload(Pairing.supporter),
        joinedload(Project.pairing).joinedload(Pairing.recipient),
    ),
    load_detail=(
        joinedload(Project.enclave),
        selectinload(Project.sourced_values).joinedload(SourcedValue.source),
    ),
    columns=(
        Column("name", sort=True),
        Column("region", "所在县", sort=through(Project.region_id, Region.code)),
        Column("category", show=Show.WIDE),
        Column("stage", "阶段", look=_STAGE, phone=True),
        Column("total_investment", sort=True, phone=True, total=True),
        Column("signed_on", sort=True, phone=False),
        Column("counterparts", "合作方", value=counterparts_of, look=_counterparts, show=Show.WIDE),
        Column("investor", show=Show.WIDE),
        Column("industry", show=Show.WIDE),
        Column("started_on", sort=True, show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        one_of(Project.category),
        Filter(
            "stage",
            "阶段",
            ProjectStage.choices(),
            lambda value: queries.at_stage(ProjectStage(value)) if value else None,
        ),
        in_year(Project.signed_on, "签约年度", "signed"),
        flag("large", "规模", "亿元以上", Project.is_large),
        yes_no(Project.is_chain, "产业链项目", empty="尚未认定"),
        yes_no(Project.in_scope, "山海协作项目", empty="尚未认定"),
    ),
    search=(Project.name, Project.investor),
    search_label="项目或投资方",
    order="-signed_on",
    subline=(
        Field("stage", look=_STAGE),
        Field("origin", look=looks.origin),
        Field("region"),
        Field("is_large", value=lambda project: "亿元以上项目" if project.is_large else None),
    ),
    groups=(
        (
            "基本情况",
            (
                "total_investment",
                "category",
                Field("in_scope", "山海协作项目", look=_in_scope),
                "enclave",
                "park",
                "demonstration_village",
                "investor",
                "source_side",
                "industry",
                "is_leading_industry",
                "is_chain",
                "is_provincial_major",
            ),
        ),
        (
            "合作方",
            (
                Field("counterparts", "合作方", value=counterparts_of, look=_counterparts),
                "pairing",
                Field(
                    "partner_view",
                    "合作方意见",
                    applies=_has_partner,
                ),
                Field(
                    "partner_note",
                    "合作方说明",
                    applies=_has_partner,
                ),
                Field(
                    "owner_answer",
                    "登记县答复",
                    applies=lambda project: project.partner_view is PartnerView.DISPUTED,
                ),
            ),
        ),
        ("其他", ("incubated_in", "continued_from", "note")),
    ),
    form=ProjectForm,
    constraints=CONSTRAINTS,
    choices={
        "pairing_id": queries.pairing_choices,
        "enclave_id": queries.enclave_choices,
        "park_id": queries.park_choices,
        "demonstration_village_id": queries.demonstration_choices,
        "incubated_in_id": queries.enclave_choices,
        "partner_id": places,
    },
    reserved=provinces_alone(settled=("in_scope",)),
    defaults=lambda user, parent: {"in_scope": True},
    create=lambda user, parent, values: service.create(user, values),
    update=lambda user, project, values, version: service.update(project, values, version),
    ending="terminated_on",
    actions=(
        Action(
            "确认或提出异议",
            "gavel",
            Permission.PROJECTS_EDIT,
            lambda project: url_for("projects.answer", project_id=project.id),
            fits=lambda user, project: service.not_partner(user, project) is None,
        ),
        Action(
            "答复异议",
            "gavel",
            Permission.PROJECTS_EDIT,
            lambda project: url_for("projects.reply", project_id=project.id),
            fits=lambda user, project: service.not_owner(user, project) is None,
        ),
    ),
    detail_template="projects/detail.html",
    empty="这里将列出本地区的合作项目。从“登记项目”开始，先填名称和类别，其余可以后补。",
)
