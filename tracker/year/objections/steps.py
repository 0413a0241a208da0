"""Who objects, who answers, and why either cannot be done now.

Pure of acts: `service` takes the steps, the pages show them, and both ask here.
"""

from __future__ import annotations

from tracker.core.quantities.clock import today
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import of_owner, runs
from tracker.records.accounts.permissions import Permission
from tracker.year.objections.models import CORRECTING, Objection, ObjectionAct, ObjectionState
from tracker.year.procedure.models import Assessment, Stage

ANSWERING = (Stage.NOTICE, Stage.OBJECTIONS)


def files(user: User, region_id: int | None) -> bool:
    """Whether `user` objects for the place `region_id`: of its own staff."""
    own = region_id is not None and user.region_id == region_id
    return own and user.may(Permission.OBJECTIONS_FILE)


def answers(user: User, owner: int | None = None) -> bool:
    """Whether `user` is of those who answer in the assessments of `owner`."""
    return user.may(Permission.OBJECTIONS_ANSWER) and runs(user, owner)


def is_open_for_filing(assessment: Assessment | None) -> bool:
    """Whether the notice runs, its last day in China included."""
    if assessment is None or assessment.stage is not Stage.NOTICE:
        return False
    return assessment.notice_until is None or today() <= assessment.notice_until


def why_no_filing(year: int, assessment: Assessment | None) -> str:
    """Why nobody can object to cards of `year` today, and when they could; "" while they can."""
    if is_open_for_filing(assessment):
        return ""
    until = assessment.notice_until if assessment else None
    if assessment is None or until is None:
        return f"{year} 年度的评分表还没有公示；申诉在公示期内提出。"
    if assessment.stage is Stage.NOTICE or until < today():
        return f"{year} 年度的公示到 {until} 为止，申诉只在公示期内受理。"
    stage = assessment.called(assessment.stage)
    return f"{year} 年度现在是“{stage}”阶段，申诉在公示期内提出。"


def why_no_withdrawal(user: User, objection: Objection) -> str:
    """Why `user` cannot withdraw it; "" if they can."""
    if not files(user, objection.region_id):
        return f"撤回申诉由{objection.region.name}的工作人员办理，您的账户不能办理。"
    return _over(objection)


def why_no_answer(user: User | None, objection: Objection, how: ObjectionAct | None = None) -> str:
    """Why `user` cannot answer it, or not by `how`; "" if they can."""
    owner = objection.assessment.owner_region_id
    if user is not None and not answers(user, owner):
        return of_owner("申诉由省级考核人员答复，您的账户不能办理。", owner)
    if said := _over(objection):
        return said
    stage = objection.assessment.stage
    if stage not in ANSWERING:
        return f"现在是“{objection.assessment.called(stage)}”阶段，申诉在“公示”“申诉处理”阶段答复。"
    if how in CORRECTING and stage is not Stage.OBJECTIONS:
        return (
            "公示期内核定不变，只能答复不予支持；支持、部分支持的，"
            "在公示期满后的“申诉处理”阶段答复。"
        )
    return ""


def _over(objection: Objection) -> str:
    if objection.state is ObjectionState.OPEN:
        return ""
    return f"这件申诉已办结（{objection.state.label}），不再变动。"
