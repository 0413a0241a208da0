"""Projects of two counties: the owner enters one and has it counted, once; the partner confirms or
disputes it, and both see that in what they file."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.days import first_day
from tracker.records.projects.models import PartnerView, Project


def shared_in(region_id: int, first: date, last: date) -> list[Project]:
    """The projects that a county owns with a partner or is the partner of, which had been signed
    by `last` (or have no such day), and had neither ended before `first` nor been in production
    before its year: what is not agreed on first, then its own."""
    statement = (
        select(Project)
        .where(
            Project.partner_id.is_not(None),
            or_(Project.region_id == region_id, Project.partner_id == region_id),
            or_(Project.signed_on.is_(None), Project.signed_on <= last),
            or_(Project.terminated_on.is_(None), Project.terminated_on >= first),
            or_(
                Project.in_production_on.is_(None),
                Project.in_production_on >= first_day(first.year),
            ),
        )
        .options(joinedload(Project.region), joinedload(Project.partner))
        .order_by(
            Project.partner_view == PartnerView.CONFIRMED,
            (Project.region_id == region_id).desc(),
            Project.name,
            Project.id,
        )
    )
    return list(db.session.scalars(statement))


def view_words(project: Project) -> str:
    """What the partner says of a project, and what the owner answers: 待富阳区确认,
    富阳区有异议（重复登记）；缙云县答复：不是同一个项目."""
    if project.partner is None:
        return ""
    partner = project.partner.name
    if project.partner_view is PartnerView.PENDING:
        return f"待{partner}确认"
    if project.partner_view is PartnerView.CONFIRMED:
        return f"{partner}已确认"
    said = f"{partner}有异议（{project.partner_note}）"
    if not project.owner_answer:
        return f"{said}，待{project.region.name}答复"
    return f"{said}；{project.region.name}答复：{project.owner_answer}"
