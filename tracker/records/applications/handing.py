"""Who hands in which paper of an application, and from when on: a paper belongs to those who give
it, since the step that it is demanded for rests on it."""

from __future__ import annotations

from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.accounts.takers import Whose, is_taker, taker_words
from tracker.records.applications.demands import DEMANDS, words_of_papers
from tracker.records.applications.models import Application, ApplicationAct, ApplicationState
from tracker.records.applications.steps import STEPS, WAY

A, S = ApplicationAct, ApplicationState
# Where a state that is not on the straight way stands on it, for what may be handed in by then.
_STANDS = {
    S.RETURNED: S.DRAFT,
    S.WITHDRAWN: S.DRAFT,
    S.REJECTED: S.SUBMITTED,
    S.REVOKED: S.ESTABLISHED,
    S.RECTIFYING: S.AWAITING,  # what 验收 said stands, and what was wrong of it is replaced
    S.FAILED: S.AWAITING,
}


def step_of(application: Application, word: str) -> ApplicationAct | None:
    """The act before which a paper called `word` is demanded; None where nobody demands it."""
    for act, papers in DEMANDS[application.kind].papers.items():
        if any(paper.kind == word for paper in papers):
            return act
    return None


def giver(application: Application, word: str) -> str:
    """Who hands in a paper that is demanded: 缙云县工作人员, 省级考核人员."""
    act = step_of(application, word)
    assert act is not None, "demanded"
    return taker_words(application.county, STEPS[act].whose, STEPS[act].permission)


def not_theirs(user: User, application: Application, word: str) -> str:
    """Why papers called `word` are not `user`'s to hand in or to take back; "" if they are, and for
    whatever nobody demands."""
    act = step_of(application, word)
    if act is None or is_taker(user, application.county, STEPS[act].whose, STEPS[act].permission):
        return ""
    return f"{word}由{giver(application, word)}上传和撤回，您的账户不能办理这一类。"


def why_not(user: User, application: Application, word: str = "") -> str:
    """Why `user`, who sees `application`, may not hand in a paper called `word` now, or without it
    any paper; "" if they may."""
    at = WAY.index(_STANDS.get(application.state, application.state))
    own = user.role is Role.STAFF and user.region_id == application.county_id
    if not own and at < WAY.index(S.SUBMITTED):
        who = taker_words(application.county, Whose.OWN, STEPS[A.SUBMITTED].permission)
        return f"申报现在是“{application.state.label}”，材料由{who}准备，申报以后再上传。"
    if said := not_theirs(user, application, word):
        return said
    act = step_of(application, word)
    if act is None or act is A.SUBMITTED:
        return ""
    since = STEPS[act].of[0]
    if at < WAY.index(since):
        return f"{word}在申报到“{since.label}”以后上传，现在是“{application.state.label}”。"
    return ""


def words_for(user: User, application: Application) -> tuple[str, ...]:
    """The papers that `user` may hand in now, in the order of their way."""
    words = words_of_papers(application.kind)
    return tuple(word for word in words if not why_not(user, application, word))
