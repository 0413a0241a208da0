"""The way of an application: who may take which step from where, and why a step cannot be taken.

Pure of acts: `service` takes the steps, the page shows them, and both ask here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.accounts.takers import Whose, city_above, is_taker, taker_words
from tracker.records.applications.models import (
    ESTABLISHED,
    IN_HAND,
    REASONED,
    Application,
    ApplicationAct,
    ApplicationKind,
    ApplicationState,
)
from tracker.records.places.scopes import is_province

S, A, P = ApplicationState, ApplicationAct, Permission
NOT_YET_ESTABLISHED = (S.APPROVED, S.SUBMITTED, S.CITY_REVIEWED, S.GRANTED)


@dataclass(frozen=True)
class Step:
    """A step from one of the states `of` to `to` (None: where it is, or where its result leads),
    taken by people of `whose` with `permission`."""

    act: ApplicationAct
    of: tuple[ApplicationState, ...]
    to: ApplicationState | None
    whose: Whose
    permission: Permission
    by: str  # who that is, for a sentence
    icon: str = "gavel"
    # Whether it makes sense at all for an application, whatever its state.
    fits: Callable[[Application], bool] = lambda application: True

    @property
    def reason(self) -> bool:
        """Whether it says why."""
        return self.act in REASONED


_STAFF, _LEADER = "申报单位工作人员", "申报单位领导"
_CITY, _PROVINCE = "市级审核人员", "省级考核人员"
_BACK = "arrow-back-up"


def has_ledger(application: Application) -> bool:
    """Whether what it is about has 省级奖补 in the ledger, where money that came is entered."""
    return application.subject is not None and application.project_id is None


STEPS = {
    step.act: step
    for step in (
        Step(
            A.APPROVED, (S.DRAFT, S.RETURNED), S.APPROVED, Whose.OWN, P.APPLICATIONS_APPROVE,
            _LEADER, "clipboard-check",
        ),
        Step(
            A.SENT_BACK, (S.APPROVED,), S.DRAFT, Whose.OWN, P.APPLICATIONS_APPROVE, _LEADER, _BACK
        ),
        Step(
            A.SUBMITTED, (S.APPROVED,), S.SUBMITTED, Whose.OWN, P.APPLICATIONS_EDIT, _STAFF, "send"
        ),
        Step(
            A.WITHDRAWN, (S.DRAFT, *NOT_YET_ESTABLISHED, S.RETURNED), S.WITHDRAWN, Whose.OWN,
            P.APPLICATIONS_EDIT, _STAFF, _BACK,
        ),
        Step(
            A.RESUMED, (S.WITHDRAWN,), S.DRAFT, Whose.OWN, P.APPLICATIONS_EDIT, _STAFF, "pencil",
            fits=lambda application: application.state is S.WITHDRAWN,
        ),
        Step(
            A.CITY_REVIEWED, (S.SUBMITTED,), S.CITY_REVIEWED, Whose.CITY, P.APPLICATIONS_VERIFY,
            _CITY,
        ),
        Step(
            A.GRANTED, (S.CITY_REVIEWED,), S.GRANTED, Whose.PROVINCE, P.APPLICATIONS_DECIDE,
            _PROVINCE,
        ),
        Step(
            A.RETURNED, (S.SUBMITTED, S.CITY_REVIEWED, S.GRANTED), S.RETURNED, Whose.ABOVE,
            P.APPLICATIONS_RETURN, f"{_CITY}或{_PROVINCE}", _BACK,
        ),
        Step(
            A.REJECTED, (S.SUBMITTED, S.CITY_REVIEWED), S.REJECTED, Whose.ABOVE,
            P.APPLICATIONS_RETURN, f"{_CITY}或{_PROVINCE}", "alert-circle",
        ),
        Step(
            A.ESTABLISHED, (S.GRANTED,), S.ESTABLISHED, Whose.PROVINCE, P.APPLICATIONS_DECIDE,
            _PROVINCE, "clipboard-check",
        ),
        Step(
            A.ALLOTTED, (S.ESTABLISHED, S.AWAITING, S.RECTIFYING, S.ACCEPTED), None,
            Whose.PROVINCE, P.APPLICATIONS_DECIDE, _PROVINCE, "book-2",
            fits=lambda each: each.kind is ApplicationKind.FUND and not has_ledger(each),
        ),
        Step(
            A.ASKED, (S.ESTABLISHED, S.RECTIFYING), S.AWAITING, Whose.OWN, P.APPLICATIONS_EDIT,
            _STAFF, "send",
        ),
        Step(
            A.INSPECTED, (S.AWAITING,), None, Whose.PROVINCE, P.APPLICATIONS_DECIDE, _PROVINCE
        ),
        Step(
            A.REVOKED, (S.ESTABLISHED, S.AWAITING, S.RECTIFYING), S.REVOKED, Whose.PROVINCE,
            P.APPLICATIONS_DECIDE, _PROVINCE, "alert-circle",
        ),
        Step(
            A.RECOVERED, (*ESTABLISHED, S.REVOKED), None,
            Whose.PROVINCE, P.APPLICATIONS_DECIDE, _PROVINCE, _BACK,
            fits=lambda each: each.kind is ApplicationKind.FUND and not has_ledger(each),
        ),
    )
}  # fmt: skip
# The states in the order of an application that nobody gives back.
WAY = (
    S.DRAFT,
    S.APPROVED,
    S.SUBMITTED,
    S.CITY_REVIEWED,
    S.GRANTED,
    S.ESTABLISHED,
    S.AWAITING,
    S.ACCEPTED,
)
# What brings an application on from a state.
ONWARD = {
    S.DRAFT: A.APPROVED,
    S.RETURNED: A.APPROVED,
    S.APPROVED: A.SUBMITTED,
    S.SUBMITTED: A.CITY_REVIEWED,
    S.CITY_REVIEWED: A.GRANTED,
    S.GRANTED: A.ESTABLISHED,
    S.ESTABLISHED: A.ASKED,
    S.RECTIFYING: A.ASKED,
    S.AWAITING: A.INSPECTED,
}


def states_before(step: Step, application: Application) -> tuple[ApplicationState, ...]:
    """From which states the step can be taken: where no city is above, the province looks at what
    was filed."""
    if step.act is A.GRANTED and city_above(application.county) is None:
        return (S.SUBMITTED, *step.of)
    return step.of


def onward(application: Application) -> Step | None:
    """The step that brings `application` on; None where it has come to its end."""
    act = ONWARD.get(application.state)
    if act is A.CITY_REVIEWED and city_above(application.county) is None:
        act = A.GRANTED
    return STEPS[act] if act else None


def still_ahead(application: Application, step: Step) -> bool:
    """Whether the step can be taken now, or will be on the straight way; what is over, and ways
    back that are not open now, are not."""
    if application.state in states_before(step, application):
        return True
    at = {S.RETURNED: S.DRAFT, S.RECTIFYING: S.ESTABLISHED}.get(
        application.state, application.state
    )
    if step.act not in ONWARD.values() or at not in WAY:
        return False
    return WAY.index(at) < max(WAY.index(state) for state in step.of if state in WAY)


def waits_for(application: Application) -> str:
    """Who has to take the step onward: 缙云县领导; "" where nobody. What is in hand is first made
    whole by those who fill it in."""
    step = onward(application)
    if application.state in IN_HAND:
        return f"{application.county.name}工作人员、领导"
    return taker_words(application.county, step.whose, step.permission) if step else ""


def is_one_of(user: User, application: Application, step: Step) -> bool:
    """Whether `user` is of those who ever take the step, by role and place."""
    return is_taker(user, application.county, step.whose, step.permission)


def why_not(user: User, application: Application, step: Step) -> str:
    """Why `user` cannot take the step now; "" where nothing stands against it but what is
    demanded."""
    if said := _not_theirs(user, application, step) or out_of_order(application, step):
        return said
    if step.whose is Whose.ABOVE and not is_province(user) and application.state is not S.SUBMITTED:
        return f"现在是“{application.state.label}”，{step.act.label}由省级办理。"
    return ""


def out_of_order(application: Application, step: Step) -> str:
    """Why nobody can take the step as things stand."""
    before = states_before(step, application)
    if application.state not in before:
        states = "、".join(f"“{state.label}”" for state in before)
        said = f"现在是“{application.state.label}”，{step.act.label}须在{states}时进行。"
        who = waits_for(application)
        return f"{said}下一步由{who}办理。" if who else said
    return ""


def _not_theirs(user: User, application: Application, step: Step) -> str:
    if is_one_of(user, application, step):
        return ""
    above = city_above(application.county)
    if step.whose is Whose.CITY and above is None:
        return f"{application.county.name}之上没有设区市，申报后由省级直接审批。"
    named = {
        Whose.OWN: application.county.name,
        Whose.CITY: above.name if above else "",
        Whose.ABOVE: f"{above.name}或省级" if above else "省级",
        Whose.PROVINCE: "省级",
    }[step.whose]
    return f"{step.act.label}由{named}的人员办理（{step.by}），您的账户不能办理。"
