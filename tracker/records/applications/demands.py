"""What is demanded of an application, by its kind and step: said here once, with where it is from.

No office has published how applications are made: neither who may apply nor the papers, amounts or
terms stand in a public document. What is public (`PLAN_2020`, `GOAL_2025`) is named where it is
used; all else is designed, as the rulebooks are, and says so on the page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.applications.models import (
    Acceptance,
    Application,
    ApplicationAct,
    ApplicationKind,
    ApplicationState,
)
from tracker.records.evidence.models import EvidenceLink
from tracker.records.evidence.queries import is_unsound
from tracker.records.places.models import CountyListing
from tracker.records.places.queries import listed_on

A, K, S = ApplicationAct, ApplicationKind, ApplicationState


@dataclass(frozen=True)
class Source:
    """A public page that a rule follows from."""

    title: str
    url: str


PLAN_2020 = Source(
    "省发展改革委 2020 年山海协作工作安排",
    "https://qyhz.huzhou.gov.cn/art/2020/5/15/art_1229209688_54530877.html",
)


@dataclass(frozen=True)
class Rule:
    """One demand in words; without a source it is designed."""

    words: str
    source: Source | None = None


@dataclass(frozen=True)
class Paper:
    """A file that is demanded: `kind` is the word under which it is handed in."""

    kind: str
    what: str


@dataclass(frozen=True)
class Demands:
    """What one kind of application asks for. `papers`: before which act which files are handed in.
    `about`: the columns that may name what it is about; `must_name`: one of them has to.
    `needs_amount`: whether money has to be asked for."""

    rules: tuple[Rule, ...]
    papers: Mapping[ApplicationAct, tuple[Paper, ...]]
    about: tuple[str, ...]
    must_name: bool = False
    needs_amount: bool = False


_FILED = Paper("申报文件", "县（市、区）政府或山海协作领导小组办公室的申报请示")
_DONE = Paper("验收文件", "验收组的验收意见或验收文件")
_THROUGH_PLATFORM = Rule("项目申报、数据报送和考核材料通过数字化平台办理。", PLAN_2020)
_LISTED = "由山区海岛县名单上的县（市、区）申报，以申报当日的名单为准。"

DEMANDS: Mapping[ApplicationKind, Demands] = {
    K.DEMONSTRATION: Demands(
        rules=(
            Rule(_LISTED),
            Rule(
                "2020 年全省验收 26 个以上、2025 年 26 县建设 100 个左右；"
                "建成后按绩效评价办法评价。",
                PLAN_2020,
            ),
            _THROUGH_PLATFORM,
        ),
        papers={
            A.SUBMITTED: (
                _FILED,
                Paper("建设方案", "建设内容、期限、投资和预期成效"),
                Paper("结对援建协议", "与支援方签订的援建协议或备忘录"),
            ),
            A.ESTABLISHED: (Paper("立项文件", "公布示范点名单或批准立项的文件"),),
            A.ASKED: (
                Paper("建设总结", "建设完成情况和成效"),
                Paper("资金使用报告", "援建资金和自筹资金的使用情况"),
            ),
            A.INSPECTED: (_DONE,),
        },
        about=("demonstration_village_id",),
        must_name=True,
    ),
    K.FUND: Demands(
        rules=(Rule(_LISTED), _THROUGH_PLATFORM),
        papers={
            A.SUBMITTED: (
                _FILED,
                Paper("实施方案", "项目内容、进度、资金来源"),
                Paper("绩效目标表", "专项资金的绩效目标"),
            ),
            A.ESTABLISHED: (Paper("立项文件", "批准立项、列入年度计划的文件"),),
            A.ASKED: (
                Paper("竣工报告", "项目完成情况"),
                Paper("资金审计报告", "专项资金的审计或决算报告"),
            ),
            A.INSPECTED: (_DONE,),
        },
        about=("project_id", "park_id", "enclave_id", "demonstration_village_id"),
        needs_amount=True,
    ),
    K.PARK: Demands(
        rules=(
            Rule(f"{_LISTED}设区市与支援方合建的，由所辖县在名单上的设区市申报。"),
            Rule(
                "工业类产业园以“百亿级”为目标，亩均税收、亩均增加值逐年提高；"
                "生态旅游文化类产业园一区一品、各具特色。",
                PLAN_2020,
            ),
            _THROUGH_PLATFORM,
        ),
        papers={
            A.SUBMITTED: (
                _FILED,
                Paper("共建协议", "与支援方签订的共建协议"),
                Paper("建设规划", "规划范围、面积、产业和分期建设安排"),
            ),
            A.ESTABLISHED: (Paper("批复文件", "批准设立产业园的文件"),),
            A.ASKED: (
                Paper("建设总结", "规划实施情况"),
                Paper("绩效自评报告", "投资、产出、亩均效益的自评"),
            ),
            A.INSPECTED: (_DONE,),
        },
        about=("park_id",),
        must_name=True,
    ),
}
# The steps onward, each with what is asked for by then: the leader approves what is whole, and what
# one step rested on the next rests on too, whoever took a file back meanwhile.
_FILING = (A.SUBMITTED,)
_STANDING = (*_FILING, A.ESTABLISHED)
_ASKED = (*_STANDING, A.ASKED)
_BY_THEN = {
    A.APPROVED: _FILING,
    A.SUBMITTED: _FILING,
    A.CITY_REVIEWED: _FILING,
    A.GRANTED: _FILING,
    A.ESTABLISHED: _STANDING,
    A.ASKED: _ASKED,
    A.INSPECTED: (*_ASKED, A.INSPECTED),
}
# The last step onward that brought an application where it is; none of a draft, or of what is one
# again.
_REACHED_BY = {
    S.APPROVED: A.APPROVED,
    S.SUBMITTED: A.SUBMITTED,
    S.CITY_REVIEWED: A.CITY_REVIEWED,
    S.GRANTED: A.GRANTED,
    S.REJECTED: A.SUBMITTED,
    S.ESTABLISHED: A.ESTABLISHED,
    S.REVOKED: A.ESTABLISHED,
    S.AWAITING: A.ASKED,
    S.RECTIFYING: A.INSPECTED,
    S.ACCEPTED: A.INSPECTED,
    S.FAILED: A.INSPECTED,
}


def papers_for(kind: ApplicationKind, act: ApplicationAct) -> tuple[Paper, ...]:
    """The files that an application of `kind` needs before `act`, those of earlier steps first."""
    papers = DEMANDS[kind].papers
    return tuple(paper for step in _BY_THEN.get(act, ()) for paper in papers[step])


def rests_on(application: Application) -> tuple[str, ...]:
    """The kinds of files on which the steps that `application` took rest."""
    act = _REACHED_BY.get(application.state)
    return tuple(each.kind for each in papers_for(application.kind, act)) if act else ()


def not_to_withdraw(application: Application, link: EvidenceLink) -> str:
    """Why a file of `application` has to stay: a step was taken on it and no other of its kind
    stands; "" where it may be taken back."""
    if link.kind not in rests_on(application):
        return ""
    others = select(EvidenceLink.id).where(
        EvidenceLink.application_id == application.id,
        EvidenceLink.id != link.id,
        EvidenceLink.kind == link.kind,
        EvidenceLink.withdrawn_at.is_(None),
        ~is_unsound(),
    )
    if db.session.scalar(others.limit(1)) is not None:
        return ""
    return (
        f"申报现在是“{application.state.label}”，{link.kind}是已办步骤所依据的材料，不能没有。"
        f"传错的，先上传正确的{link.kind}，再撤回这一份。"
    )


def words_of_papers(kind: ApplicationKind) -> tuple[str, ...]:
    """What all files of an application of `kind` are called, in the order of its way."""
    found = (paper.kind for papers in DEMANDS[kind].papers.values() for paper in papers)
    return tuple(dict.fromkeys(found))


Files = Mapping[str, datetime]


def files_of(applications: Collection[Application]) -> dict[int, Files]:
    """The kinds of the standing files of each of `applications` that the last look found sound,
    each with the moment at which the latest was handed in. What was there before an acceptance
    that is asked for anew, after 限期整改, says nothing of it."""
    which = EvidenceLink.application_id
    statement = (
        select(which, EvidenceLink.kind, func.max(EvidenceLink.linked_at))
        .where(
            which.in_([each.id for each in applications]),
            EvidenceLink.withdrawn_at.is_(None),
            ~is_unsound(),
        )
        .group_by(which, EvidenceLink.kind)
    )
    there: dict[int, dict[str, datetime]] = defaultdict(dict)
    for number, kind, at in db.session.execute(statement):
        if number is not None:
            there[number][kind] = at
    return {each.id: _that_count(each, there[each.id]) for each in applications}


def handed_in(application: Application) -> Files:
    """Those of one application."""
    return files_of([application])[application.id]


def _that_count(application: Application, found: dict[str, datetime]) -> Files:
    since = asked_anew(application)
    if since is None:
        return found
    anew = {paper.kind for paper in DEMANDS[application.kind].papers[A.INSPECTED]}
    return {kind: at for kind, at in found.items() if kind not in anew or at >= since}


def asked_anew(application: Application) -> datetime | None:
    """When 验收 was asked for after 限期整改; None where it was not, or is over."""
    if application.acceptance is not Acceptance.RECTIFY or application.state is not S.AWAITING:
        return None
    return application.state_at


def missing(application: Application, act: ApplicationAct, there: Files | None = None) -> list[str]:
    """The kinds of files that `application` lacks for `act`; `there`: those that it has, where
    they are known."""
    wanted = [paper.kind for paper in papers_for(application.kind, act)]
    if there is None:
        there = handed_in(application) if wanted else {}
    return [kind for kind in wanted if kind not in there]


def may_apply(
    application: Application,
    on: date | None = None,
    listed: Sequence[CountyListing] | None = None,
) -> str:
    """Why the place may not apply `on` that day, without one today; "" if it may. `listed`: the
    list of that day, where it is known."""
    day = on or today()
    listed = listed_on(day) if listed is None else listed
    if any(each.region_id == application.county_id for each in listed):
        return ""
    below = any(each.region.parent_id == application.county_id for each in listed)
    if application.kind is K.PARK and below:
        return ""
    when = "今天" if day == today() else f" {day} "
    name = f"{application.county.name}{when}"
    return f"{name}不在山区海岛县名单上，不能申报{application.kind.label}。"


def incomplete(
    application: Application, listed: Sequence[CountyListing] | None = None
) -> list[str]:
    """What an application lacks before it may be approved or filed, in sentences; files aside."""
    demands = DEMANDS[application.kind]
    found = [may_apply(application, listed=listed)]
    if demands.needs_amount and application.amount_asked is None:
        found.append("请填写申请金额。")
    if demands.must_name and application.subject is None:
        found.append(
            "请先登记示范点，并在申报中选择。"
            if application.kind is K.DEMONSTRATION
            else "请先登记产业园，并在申报中选择。"
        )
    return [said for said in found if said]
