"""Invented applications: one for each invented 示范点, for parks that were approved, and each year
one of a county for money. They say of their records what these say of themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from tracker.core.db import Origin, db
from tracker.core.quantities.clock import day_of
from tracker.core.quantities.days import last_day
from tracker.exchange.sampledata.draw import chance, day, stream, wan, whole
from tracker.exchange.sampledata.proofs import Proofs
from tracker.exchange.sampledata.rows import moment
from tracker.exchange.sampledata.scene import YEARS, Scene
from tracker.records.accounts.takers import city_above
from tracker.records.applications import demands, steps
from tracker.records.applications.models import (
    Acceptance,
    Application,
    ApplicationAct,
    ApplicationEvent,
    ApplicationKind,
    ApplicationState,
)
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.records.villages.models import DemonstrationVillage

A, K, S = ApplicationAct, ApplicationKind, ApplicationState
_LEADS = {Acceptance.PASSED: S.ACCEPTED, Acceptance.RECTIFY: S.RECTIFYING}
_BACK = 8  # of a hundred are returned once
_BUILT_IN = 5  # years that a park takes
_EVERY = 3  # one county in so many asks for money in a year


@dataclass
class _Course:
    """One application while its acts are drawn: its events, and what they come to."""

    place: Region
    state: ApplicationState = S.DRAFT
    since: date | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def take(self, act: ApplicationAct, on: date, **given: Any) -> None:
        """One act; the order of acts is that of the program."""
        step = steps.STEPS[act]
        of = (*step.of, S.SUBMITTED) if city_above(self.place) is None else step.of
        assert self.state in of, (self.state, act)
        result = given.get("result")
        to = step.to or (_LEADS[result] if result else self.state)
        self.events.append(
            {"act": act, "from_state": self.state, "to_state": to, "at": moment(on), **given}
        )
        if to is not self.state:
            self.state, self.since = to, on
        kept = {
            A.GRANTED: {"amount_granted": given.get("amount")},
            A.ESTABLISHED: {
                "established_on": given.get("on_day"),
                "document": given.get("document", ""),
            },
            A.INSPECTED: {"inspected_on": given.get("on_day"), "acceptance": result},
        }
        self.values |= kept.get(act, {})
        if given.get("due_on"):
            self.values["acceptance_due_on"] = given["due_on"]


def years_of_applications(scene: Scene, year: int) -> None:
    """The applications of `year`, with their acts and papers: of the 示范点 to be accepted in it,
    of the parks approved by then, and for money. Those of the last of YEARS are on their way; later
    years have none."""
    if year not in YEARS:
        return
    files = Proofs(scene.seed, scene.rows)
    for spot in scene.demonstrations:
        if _nearest(spot.acceptance_year or year) == year:
            _of_demonstration(scene, files, spot)
    for park in scene.parks:
        approved = park.approved_on if park.origin is Origin.SAMPLE else None
        if approved is not None and _nearest(approved.year) == year:
            _of_park(scene, files, scene.regions[park.recipient_id], park)
    for number, county in enumerate(scene.counties(year)):
        if (number + year) % _EVERY == 0:
            _of_fund(scene, files, county, year)
    scene.rows.write()


def _nearest(year: int) -> int:
    """`year`, or the nearest of those that the sample has."""
    return min(max(year, YEARS[0]), YEARS[-1])


def _of_demonstration(scene: Scene, files: Proofs, spot: DemonstrationVillage) -> None:
    place = scene.regions[spot.county_id]
    assert spot.applied_on is not None, "the sample gives one"
    assert spot.approved_on is not None, "the sample gives one"
    assert spot.acceptance_year is not None, "the sample gives one"
    rng = stream(scene.seed, "application", spot.code)
    course = _Course(place)
    _until_granted(course, rng, spot.applied_on)
    due = last_day(spot.acceptance_year)
    _establish(course, spot.approved_on, due)
    if spot.accepted_on is not None:
        _accept(course, rng, spot.accepted_on)
    _write(
        scene,
        files,
        course,
        spot.applied_on,
        K.DEMONSTRATION,
        name=f"{spot.name}建设",
        pairing_id=spot.pairing_id,
        demonstration_village_id=spot.id,
        works="村容整治、特色产业和公共服务设施。",
        benefit="带动村集体和低收入农户增收。",
    )


def _of_park(scene: Scene, files: Proofs, place: Region, park: Any) -> None:
    rng = stream(scene.seed, "application", park.code)
    applied = park.approved_on - timedelta(days=rng.randint(90, 160))
    course = _Course(place)
    _until_granted(course, rng, applied)
    due = last_day(park.approved_on.year + _BUILT_IN)
    _establish(course, park.approved_on, due)
    if due.year <= YEARS[-1] and chance(rng, 85):
        _accept(course, rng, due - timedelta(days=rng.randint(30, 200)))
    _write(
        scene,
        files,
        course,
        applied,
        K.PARK,
        name=f"{park.name}设立",
        park_id=park.id,
        works="按规划分期建设基础设施和标准厂房。",
    )


def _of_fund(scene: Scene, files: Proofs, county: Region, year: int) -> None:
    rng = stream(scene.seed, "application", county.code, year)
    project = db.session.scalar(
        select(Project)
        .where(Project.region_id == county.id, Project.origin == Origin.SAMPLE)
        .order_by(Project.id)
        .offset(YEARS.index(year))
        .limit(1)
    )
    if project is None:
        return
    asked = wan(rng, 200, 1500)
    applied = day(rng, date(year, 2, 20), date(year, 4, 10))
    course = _Course(county)
    last = year == YEARS[-1]
    fate = rng.randint(1, 100) if last else 100
    if fate > 25:  # else the city has it in hand
        granted = whole(asked * rng.randint(60, 100) / 1_000_000) * 10_000
        _until_granted(course, rng, applied, granted)
        if fate > 50:  # else it waits for 立项
            on = applied + timedelta(days=rng.randint(70, 110))
            _establish(course, on, last_day(year + 1))
            allotted = on + timedelta(days=rng.randint(10, 40))
            course.take(
                A.ALLOTTED,
                allotted,
                on_day=allotted,
                amount=granted,
                document=f"示例财〔{year}〕{rng.randint(1, 90)}号",
            )
            if not last:
                _accept(course, rng, date(year + 1, 10, 1) + timedelta(days=rng.randint(0, 80)))
    else:
        _until_filed(course, rng, applied)
    pairs = scene.pairs_of(county, year)
    _write(
        scene,
        files,
        course,
        applied,
        K.FUND,
        name=f"{project.name}配套设施",
        year=year,
        pairing_id=pairs[0].id if pairs else None,
        project_id=project.id,
        amount_asked=asked,
        works="项目配套的道路、管网和标准厂房。",
        benefit="支持项目早开工、早投产。",
    )


def _until_filed(course: _Course, rng: Any, applied: date) -> None:
    course.take(A.APPROVED, applied - timedelta(days=rng.randint(0, 2)))
    course.take(A.SUBMITTED, applied)


def _until_granted(course: _Course, rng: Any, applied: date, amount: Any = None) -> None:
    _until_filed(course, rng, applied)
    on = applied + timedelta(days=rng.randint(4, 12))
    if chance(rng, _BACK):
        course.take(A.RETURNED, on, reason="示例：建设方案缺投资估算，请补充")
        course.take(A.APPROVED, on + timedelta(days=3))
        course.take(A.SUBMITTED, on + timedelta(days=4))
        on += timedelta(days=8)
    if city_above(course.place) is not None:
        course.take(A.CITY_REVIEWED, on, reason="示例：材料齐全，同意推荐")
    on += timedelta(days=rng.randint(8, 20))
    course.take(A.GRANTED, on, reason="示例：符合要求，同意", amount=amount)


def _establish(course: _Course, on: date, due: date) -> None:
    number = len(course.place.name) * 7 + on.day
    course.take(
        A.ESTABLISHED, on, on_day=on, due_on=due, document=f"示例山海办〔{on.year}〕{number}号"
    )


def _accept(course: _Course, rng: Any, on: date) -> None:
    asked = on - timedelta(days=rng.randint(12, 30))
    if chance(rng, _BACK):
        first = asked - timedelta(days=40)
        assert course.since is not None
        if first > course.since + timedelta(days=20):
            course.take(A.ASKED, first - timedelta(days=10))
            course.take(
                A.INSPECTED,
                first,
                on_day=first,
                result=Acceptance.RECTIFY,
                due_on=on + timedelta(days=20),
                reason="示例：资金台账不全，限期整改",
            )
    course.take(A.ASKED, asked)
    course.take(
        A.INSPECTED, on, on_day=on, result=Acceptance.PASSED, reason="示例：建成投用，通过验收"
    )


def _write(
    scene: Scene,
    files: Proofs,
    course: _Course,
    on: date,
    kind: ApplicationKind,
    **values: Any,
) -> None:
    values.setdefault("year", on.year)
    number = scene.rows.add(
        Application,
        on,
        kind=kind,
        county_id=course.place.id,
        state=course.state,
        state_at=moment(course.since or on),
        **{**values, **course.values},
    )
    for event in course.events:
        scene.rows.add(ApplicationEvent, on, application_id=number, **event)
    for word, handed_in in _papers(course, kind):
        files.link(f"applications:{number}", word, course.place.code or "", handed_in)


def _papers(course: _Course, kind: ApplicationKind) -> Iterator[tuple[str, date]]:
    """The papers that the acts asked for, each with the day of the act."""
    seen: set[str] = set()
    for event in course.events:
        for paper in demands.papers_for(kind, event["act"]):
            if paper.kind not in seen:
                seen.add(paper.kind)
                yield paper.kind, day_of(event["at"])
