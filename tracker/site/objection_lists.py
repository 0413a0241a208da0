"""Objections that wait for the province's answer, and the answers to those of a place."""

from __future__ import annotations

from sqlalchemy import Select, select

from tracker.core.db import db
from tracker.records.accounts.owners import NAME
from tracker.records.accounts.owners import of as owned_by
from tracker.records.places.models import Region
from tracker.site.work_lists import Row, Todo, todo_of
from tracker.web.ways import way
from tracker.year.objections.kinds import days_waiting
from tracker.year.objections.models import ANSWERS, Objection, ObjectionState
from tracker.year.objections.queries import WITH_ALL, is_open, touching
from tracker.year.procedure.models import Assessment, Stage

# While an answer is news: then the circular has it.
_RECENT = (Stage.NOTICE, Stage.OBJECTIONS, Stage.FINAL)


def to_answer(owner: Region | None = None) -> list[Todo]:
    """What waits for an answer in the assessments of `owner`, the oldest first; nothing to be said
    while no year is that far."""
    of_owner = select(Assessment.id).where(
        owned_by(Assessment.owner_region_id, owner.id if owner else None)
    )
    if not _any(of_owner.where(Assessment.stage.in_(_RECENT[:2]))):
        return []
    open_ones = (is_open(), Objection.assessment_id.in_(of_owner))

    def row(each: Objection) -> Row:
        page = way("objections.detail", objection_id=each.id)
        step = way("objections.answer", objection_id=each.id)
        about = "" if each.subject_name == each.region.name else f"{each.subject_name}，"
        state = f"{about}{each.region.name}提出，已等 {days_waiting(each)} 天"
        return Row(f"第 {each.id} 号申诉 {each.line_words}", page, state, "去答复", step)

    return [
        todo_of(
            "city-line-objections" if owner else "line-objections",
            f"{NAME}：待答复的申诉" if owner else "待答复的申诉",
            select(Objection).where(*open_ones).options(*WITH_ALL).order_by(Objection.id),
            open_ones,
            row,
            "公示期内各地对评分表提出的申诉会列在这里。目前没有。",
            way(
                "objections.index",
                state="open",
                span="all",
                owner=owner.code if owner else None,
            ),
        )
    ]


def answered(regions: Select[int]) -> list[Todo]:
    """The objections of `regions` that were answered, until the year's circular."""
    recent = select(Assessment.id).where(Assessment.stage.in_(_RECENT))
    over = Objection.state.in_([ObjectionState(act.value) for act in ANSWERS])
    own = (touching(regions), Objection.assessment_id.in_(recent))
    if not _any(select(Objection.id).where(*own)):
        return []

    def row(each: Objection) -> Row:
        page = way("objections.detail", objection_id=each.id)
        said = each.answer
        state = f"{each.state.label}：{said.reason}" if said else each.state.label
        return Row(f"第 {each.id} 号申诉 {each.line_words}", page, state, "看答复", page)

    statement = select(Objection).where(*own, over).options(*WITH_ALL)
    return [
        todo_of(
            "line-objections",
            "已答复的申诉",
            statement.order_by(Objection.state_at.desc(), Objection.id.desc()),
            (*own, over),
            row,
            "对本地申诉的答复会列在这里。目前还没有答复。",
            way("objections.index", span="all"),
        )
    ]


def _any(wanted: Select) -> bool:
    return bool(db.session.scalar(select(wanted.exists())))
