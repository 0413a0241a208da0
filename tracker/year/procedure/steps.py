"""The course of an assessment: which act is taken from where, and why one cannot be taken.

Pure of acts: `service` takes them, the page shows them, and both ask here.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.core.quantities.clock import today
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import of_owner, runs
from tracker.records.accounts.permissions import Permission
from tracker.year.procedure.models import FINISHED, STAGES, Act, Assessment, Stage

NOTICE_DAYS = 5  # working days


@dataclass(frozen=True)
class Step:
    """An act from one of the stages `of` to `to`, None where that is the stage before.

    `freezes`: it ends a stage whose facts are frozen with it. `reason`: it needs one. `words`:
    what it does, for the page that asks.
    """

    act: Act
    of: tuple[Stage, ...]
    to: Stage | None
    words: str
    freezes: bool = False
    reason: bool = False


S, A = Stage, Act

STEPS = {
    step.act: step
    for step in (
        Step(
            A.BEGUN,
            (S.PREPARING,),
            S.SELF,
            "各县（市、区）开始自评：核对本年度的上报数据，答复存疑数据。",
        ),
        Step(
            A.SELF_CLOSED,
            (S.SELF,),
            S.CITY,
            "冻结自评阶段的事实并计分；此后由各市初审。",
            freezes=True,
        ),
        Step(
            A.CITY_CLOSED,
            (S.CITY,),
            S.PROVINCE,
            "冻结初审阶段的事实并计分；此后市级不再核定，由省级复核。",
            freezes=True,
        ),
        Step(
            A.NOTIFIED,
            (S.PROVINCE,),
            S.NOTICE,
            "冻结复核阶段的事实并计分；公示期内不再核定和计分，各县可以申诉。",
            freezes=True,
        ),
        Step(
            A.NOTICE_ENDED,
            (S.NOTICE,),
            S.OBJECTIONS,
            "公示期满，不再受理申诉；已受理的逐件处理，可以更正核定。",
        ),
        Step(
            A.FINALISED,
            (S.OBJECTIONS,),
            S.FINAL,
            "冻结最后的事实并计分；此后文书由这一份签发，下一年度的上年值取自这一份。",
            freezes=True,
        ),
        Step(
            A.CIRCULATED,
            (S.FINAL,),
            S.CIRCULAR,
            "印发通报；各县的得分和等次此后按通报公开。",
        ),
        Step(
            A.TAKEN_BACK,
            (S.SELF, S.CITY, S.PROVINCE, S.NOTICE, S.OBJECTIONS),
            None,
            "退回上一阶段；已冻结的快照、已有的核定和复核都保留。",
            reason=True,
        ),
        Step(
            A.REOPENED,
            FINISHED,
            S.OBJECTIONS,
            "回到申诉处理：可以更正核定，再次定稿；已签发的文书照旧有效，到重新签发为止。",
            reason=True,
        ),
    )
}
# What brings an assessment on from a stage.
ONWARD = {step.of[0]: step.act for step in STEPS.values() if len(step.of) == 1}
BACK = (A.TAKEN_BACK, A.REOPENED)


def target(assessment: Assessment, step: Step) -> Stage:
    """The stage that a step leads to from where the assessment is."""
    return step.to or STAGES[STAGES.index(assessment.stage) - 1]


def onward(assessment: Assessment) -> Step | None:
    """The step that brings it on; None once it is circulated."""
    act = ONWARD.get(assessment.stage)
    return STEPS[act] if act else None


def back(assessment: Assessment) -> Step | None:
    """The step that brings it back; None at its beginning."""
    return next((STEPS[act] for act in BACK if assessment.stage in STEPS[act].of), None)


def moves(user: User, owner: int | None = None) -> bool:
    """Whether `user` is of those who move the assessments of `owner` on."""
    return user.may(Permission.ASSESSMENTS_ADVANCE) and runs(user, owner)


def why_not(user: User, assessment: Assessment, step: Step) -> str:
    """Why `user` cannot take the step now; "" where nothing stands against it."""
    owner = assessment.owner_region_id
    if not moves(user, owner):
        return of_owner(f"{step.act.label}由省级考核人员办理，您的账户不能办理。", owner)
    return out_of_order(assessment, step)


def out_of_order(assessment: Assessment, step: Step) -> str:
    """Why nobody can take the step as things stand."""
    if assessment.stage not in step.of:
        stages = "、".join(f"“{assessment.called(stage)}”" for stage in step.of)
        at = assessment.called(assessment.stage)
        return f"现在是“{at}”阶段，{step.act.label}须在{stages}阶段办理。"
    until = assessment.notice_until
    if step.act is A.NOTICE_ENDED and until is not None and until >= today():
        return f"公示到 {until} 为止，期满后才能办理。"
    return ""
