"""What the course of the year tells features below: when nobody scores or rules, and which snapshot
is a year's final one."""

from __future__ import annotations

from tracker.records.accounts.models import User
from tracker.records.accounts.owners import of_owner
from tracker.records.determinations.models import RulingLevel
from tracker.records.determinations.service import ruling_stands_against
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.priors import tells_final
from tracker.year.assessments.simulation_rights import Shown, tells_shown
from tracker.year.assessments.stopped import scoring_stands_against
from tracker.year.procedure.models import CLOSED, STAGES, Stage
from tracker.year.procedure.queries import final_snapshot, stage_of
from tracker.year.procedure.sight import sight_of
from tracker.year.procedure.sights import Sight

tells_final(final_snapshot)


@tells_shown
def _shown(snapshot: Snapshot, user: User) -> Shown:
    seen = sight_of(snapshot, user)
    return Shown(Sight.RANKS in seen, Sight.OWN_GRADE in seen)


_CITY_UNTIL = STAGES.index(Stage.CITY)


@scoring_stands_against
def _closed(year: int, owner: int | None) -> str:
    stage = stage_of(year, owner)
    if stage not in CLOSED:
        return ""
    assert stage is not None, "one of them"
    said = f"{year} 年度已在“{stage.label}”阶段，事实不再冻结。{_way_out(stage)}"
    return of_owner(said, owner)


@ruling_stands_against
def _late(year: int, level: RulingLevel, owner: int | None) -> str:
    stage = stage_of(year, owner)
    if stage is None:
        return ""
    if stage in CLOSED:
        said = f"{year} 年度已在“{stage.label}”阶段，不再核定。{_way_out(stage)}"
        return of_owner(said, owner)
    if level is RulingLevel.CITY and STAGES.index(stage) > _CITY_UNTIL:
        return f"{year} 年度的市级初审已经结束，现在由省级复核。"
    return ""


def _way_out(stage: Stage) -> str:
    if stage is Stage.NOTICE:
        return "公示期满后在申诉处理阶段办理，或由省级退回上一阶段。"
    return "要更正的，由省级写明理由后重新处理。"
