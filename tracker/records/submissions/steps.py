"""The way of a filing: who may take which step from where, and why a step cannot be taken.

Pure of acts: `service` takes the steps, the page shows them, and both ask here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.accounts.takers import Whose, city_above, is_taker, taker_words
from tracker.records.places.scopes import is_province
from tracker.records.submissions.models import Filing, FilingAct, FilingState

S, A = FilingState, FilingAct


@dataclass(frozen=True)
class Step:
    """A step from one of the states `of` to `to`, taken by people of `whose` with `permission`."""

    act: FilingAct
    of: tuple[FilingState, ...]
    to: FilingState
    whose: Whose
    permission: Permission
    by: str  # who that is, for a sentence
    icon: str = "send"
    reason: bool = False
    # Whether it makes sense at all for a filing, whatever its state.
    fits: Callable[[Filing], bool] = lambda filing: True


STEPS = {
    step.act: step
    for step in (
        Step(
            A.STARTED,
            (S.NOT_STARTED, S.RETURNED),
            S.ENTERING,
            Whose.OWN,
            Permission.SUBMISSIONS_SUBMIT,
            "填报单位工作人员",
            icon="pencil",
        ),
        Step(
            A.APPROVED,
            (S.ENTERING,),
            S.APPROVED,
            Whose.OWN,
            Permission.SUBMISSIONS_APPROVE,
            "填报单位领导",
            icon="clipboard-check",
        ),
        Step(
            A.SENT_BACK,
            (S.APPROVED,),
            S.ENTERING,
            Whose.OWN,
            Permission.SUBMISSIONS_APPROVE,
            "填报单位领导",
            reason=True,
            icon="arrow-back-up",
        ),
        Step(
            A.WITHDRAWN,
            (S.APPROVED,),
            S.ENTERING,
            Whose.OWN,
            Permission.SUBMISSIONS_SUBMIT,
            "填报单位工作人员",
            reason=True,
            icon="arrow-back-up",
        ),
        Step(
            A.SUBMITTED,
            (S.APPROVED,),
            S.SUBMITTED,
            Whose.OWN,
            Permission.SUBMISSIONS_SUBMIT,
            "填报单位工作人员",
        ),
        Step(
            A.CITY_REVIEWED,
            (S.SUBMITTED,),
            S.CITY_REVIEWED,
            Whose.CITY,
            Permission.SUBMISSIONS_VERIFY,
            "市级审核人员",
            icon="gavel",
        ),
        Step(
            A.REVIEWED,
            (S.CITY_REVIEWED,),
            S.REVIEWED,
            Whose.PROVINCE,
            Permission.SUBMISSIONS_EDIT,
            "省级考核人员",
            icon="gavel",
        ),
        Step(
            A.RETURNED,
            (S.SUBMITTED, S.CITY_REVIEWED, S.REVIEWED),
            S.RETURNED,
            Whose.ABOVE,
            Permission.SUBMISSIONS_RETURN,
            "市级审核人员或省级考核人员",
            reason=True,
            icon="arrow-back-up",
        ),
        Step(
            A.LOCKED,
            (S.REVIEWED,),
            S.LOCKED,
            Whose.PROVINCE,
            Permission.SUBMISSIONS_EDIT,
            "省级考核人员",
            icon="clipboard-check",
        ),
        Step(
            A.REOPENED,
            (S.LOCKED,),
            S.LOCKED,
            Whose.PROVINCE,
            Permission.SUBMISSIONS_EDIT,
            "省级考核人员",
            reason=True,
            icon="pencil",
        ),
        Step(
            A.CLOSED,
            (S.LOCKED,),
            S.LOCKED,
            Whose.PROVINCE,
            Permission.SUBMISSIONS_EDIT,
            "省级考核人员",
            icon="clipboard-check",
            fits=lambda filing: filing.is_open_again,
        ),
    )
}
# The states in the order of a filing that nobody gives back.
WAY = (
    S.NOT_STARTED,
    S.ENTERING,
    S.APPROVED,
    S.SUBMITTED,
    S.CITY_REVIEWED,
    S.REVIEWED,
    S.LOCKED,
)
# What brings a filing on from a state.
ONWARD = {
    S.NOT_STARTED: A.STARTED,
    S.RETURNED: A.STARTED,
    S.ENTERING: A.APPROVED,
    S.APPROVED: A.SUBMITTED,
    S.SUBMITTED: A.CITY_REVIEWED,
    S.CITY_REVIEWED: A.REVIEWED,
    S.REVIEWED: A.LOCKED,
}


def states_before(step: Step, filing: Filing) -> tuple[FilingState, ...]:
    """From which states the step can be taken: where no city is above, the province reviews what
    was filed."""
    if step.act is A.REVIEWED and city_above(filing.place) is None:
        return (S.SUBMITTED, *step.of)
    return step.of


def onward(filing: Filing) -> Step | None:
    """The step that brings `filing` on; None of one that is locked."""
    act = ONWARD.get(filing.state)
    if act is A.CITY_REVIEWED and city_above(filing.place) is None:
        act = A.REVIEWED
    return STEPS[act] if act else None


def waits_for(filing: Filing) -> str:
    """Who has to take the step onward: 缙云县领导; "" where nobody."""
    step = onward(filing)
    return taker_words(filing.place, step.whose, step.permission) if step else ""


def is_one_of(user: User, filing: Filing, step: Step) -> bool:
    """Whether `user` is of those who ever take the step, by role and place."""
    return is_taker(user, filing.place, step.whose, step.permission)


def why_not(user: User, filing: Filing, step: Step) -> str:
    """Why `user` cannot take the step now; "" where nothing stands against it."""
    if said := _not_theirs(user, filing, step) or out_of_order(filing, step):
        return said
    reviewed = step.act is A.RETURNED and filing.state is S.REVIEWED
    return "省级已审核通过，只能由省级退回。" if reviewed and not is_province(user) else ""


def out_of_order(filing: Filing, step: Step) -> str:
    """Why nobody can take the step as things stand."""
    before = states_before(step, filing)
    if filing.state not in before:
        states = "、".join(f"“{state.label}”" for state in before)
        said = f"现在是“{filing.state.label}”，{step.act.label}须在{states}时进行。"
        return f"{said}下一步由{waits_for(filing)}办理。" if onward(filing) else said
    if step.act is A.CLOSED and not filing.is_open_again:
        return "没有开锁，不必恢复锁定。"
    if step.act is A.REOPENED and filing.is_open_again:
        return f"已经开锁，至 {filing.reopened_until} 止；要改截止日的，请先恢复锁定。"
    return ""


def _not_theirs(user: User, filing: Filing, step: Step) -> str:
    if is_one_of(user, filing, step):
        return ""
    above = city_above(filing.place)
    if step.whose is Whose.CITY and above is None:
        return f"{filing.place.name}之上没有设区市，报送后由省级直接审核。"
    named = {
        Whose.OWN: filing.place.name,
        Whose.CITY: above.name if above else "",
        Whose.ABOVE: f"{above.name if above else ''}或省级",
        Whose.PROVINCE: "省级",
    }[step.whose]
    return f"{step.act.label}由{named}的人员办理（{step.by}），您的账户不能办理。"
