"""Whether a project counts for a year, and why not: asked of the very measures that count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.records.places.models import Region
from tracker.records.projects.models import Project, ProjectCategory
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.catalogue.paired import pairings_of
from tracker.year.measures.collect import Fact, collect
from tracker.year.measures.declare import SubjectKind

OWN = ("projects.counted", "projects.large")
OF_SUPPORTER = ("support.projects", "support.projects_large")


@dataclass(frozen=True)
class Counting:
    """What one measure makes of a project: `label` of the measure, the county that it counts for
    (None: for nobody), and why it does not count ("" where it does)."""

    measure: str
    label: str
    region: Region | None
    reason: str

    @property
    def counts(self) -> bool:
        """Whether the project is one of the records that made the value."""
        return not self.reason


def counting_of(project: Project, year: int) -> list[Counting]:
    """How `project`, as it is kept, counts for `year`: for its county, then for its supporter."""
    supporter = _supporter(project, year)
    own = collect(year, SubjectKind.COUNTY, OWN, [project.region_id])[project.region_id]
    theirs = {}
    if supporter is not None:
        theirs = collect(year, SubjectKind.COUNTY, OF_SUPPORTER, [supporter.id])[supporter.id]
    found = [_said(name, own[name], project.region, project, year) for name in OWN]
    return found + [
        _said(name, theirs.get(name), supporter, project, year) for name in OF_SUPPORTER
    ]


@dataclass(frozen=True)
class LeftOut:
    """A project at which the count of a side does not even look: whose count that is, and why."""

    project: Project
    label: str
    reason: str


def left_out_of(region_id: int, year: int) -> list[LeftOut]:
    """The industrial projects of a county that are left out of its own count of `year`, else of
    that of its supporters; but those of which it is said that they are none of the cooperation.
    The number of statements does not depend on the projects."""
    own = _looked_at(OWN[0], [region_id], year)
    theirs = _looked_at(OF_SUPPORTER[0], _supporters(region_id, year), year)
    statement = (
        select(Project)
        .where(
            Project.region_id == region_id,
            Project.category == ProjectCategory.INDUSTRY,
            Project.in_scope.is_not(False),
        )
        .options(joinedload(Project.pairing), joinedload(Project.partner))
        .order_by(Project.name, Project.id)
    )
    found = []
    for project in db.session.scalars(statement):
        reference = f"projects:{project.id}"
        missing = OWN[0] if reference not in own else OF_SUPPORTER[0]
        if missing == OWN[0] or reference not in theirs:
            whose = "" if missing == OWN[0] else "支援县的"
            label = f"{whose}{CATALOGUE.measures[missing].label}"
            found.append(LeftOut(project, label, _left_out(project, year)))
    return found


def _looked_at(measure: str, counties: Sequence[int], year: int) -> set[str]:
    """The records of which the counts of some counties say that they count, or why not."""
    facts = collect(year, SubjectKind.COUNTY, [measure], counties)
    return {
        reference
        for of_county in facts.values()
        for fact in of_county.values()
        for reference in (*fact.records, *(each for each, _ in fact.uncounted))
    }


def _supporters(region_id: int, year: int) -> list[int]:
    pairings = pairings_of(year)
    sides = or_(pairings.c.supporter_id == region_id, pairings.c.recipient_id == region_id)
    return list(db.session.scalars(select(pairings.c.supporter_id).where(sides).distinct()))


def _said(
    name: str, fact: Fact | None, region: Region | None, project: Project, year: int
) -> Counting:
    reference = f"projects:{project.id}"
    label = CATALOGUE.measures[name].label
    if fact is not None and reference in fact.records:
        return Counting(name, label, region, "")
    reason = dict(fact.uncounted).get(reference, "") if fact is not None else ""
    return Counting(name, label, region, reason or _left_out(project, year))


def _left_out(project: Project, year: int) -> str:
    """Why no measure looks at the project at all."""
    if project.category is not ProjectCategory.INDUSTRY:
        return f"类别是{project.category.label}，只计产业合作项目"
    if project.in_scope is None:
        return "尚未认定为山海协作项目"
    if not project.in_scope:
        return "没有认定为山海协作项目"
    if project.pairing is not None:
        return f"所选的结对关系{year}年初和年末都不存续"
    if project.partner is not None:
        return f"{project.partner.name}与{project.region.name}在{year}年没有结对关系"
    return "没有选结对关系，也没有与结对县共同推进"


def _supporter(project: Project, year: int) -> Region | None:
    """The side that the pairing of the year gives the project to; None where there is none."""
    pairings = pairings_of(year)
    supporter = select(pairings.c.supporter_id)
    if project.pairing_id is not None:
        supporter = supporter.where(pairings.c.id == project.pairing_id)
    elif project.partner_id is not None:
        sides = (project.region_id, project.partner_id)
        supporter = supporter.where(
            pairings.c.supporter_id.in_(sides), pairings.c.recipient_id.in_(sides)
        )
    else:
        return None
    number = db.session.scalar(supporter.order_by(pairings.c.id).limit(1))
    return db.session.get(Region, number) if number is not None else None


def uncounted_words(found: Sequence[Counting], year: int) -> list[str]:
    """What a person who enters the project is warned of, in sentences: each reason once."""
    words: dict[str, list[str]] = {}
    for each in found:
        # A project that does not count at all is no large one either: that needs no second word.
        if each.reason and not (each.measure.endswith("large") and _first(found, each).reason):
            who = f"{each.region.name}的" if each.region else "支援县的"
            words.setdefault(each.reason, []).append(f"{who}{each.label}")
    return [f"不计入 {year} 年度{'、'.join(of)}：{reason}。" for reason, of in words.items()]


def _first(found: Sequence[Counting], large: Counting) -> Counting:
    """The count that a count of large projects is part of."""
    name = dict(zip((OWN[1], OF_SUPPORTER[1]), (OWN[0], OF_SUPPORTER[0]), strict=True))
    return next(each for each in found if each.measure == name[large.measure])
