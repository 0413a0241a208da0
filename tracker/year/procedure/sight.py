"""What the present reader sees of a snapshot's cards: the table of `sights`, asked of the database.

Pages, papers and files take rows of cards from here, where what is not to be seen is not selected.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from flask import g, has_request_context
from sqlalchemy import ColumnElement, and_, case, false, func, null, select
from sqlalchemy.orm import aliased

from tracker.core.db import db
from tracker.core.quantities.clock import written
from tracker.core.quantities.printed import grade_words
from tracker.core.quantities.shown import points
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import of as owned_by
from tracker.records.accounts.owners import of_owner, sees
from tracker.records.accounts.permissions import Role
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.queries import regions_in_view, regions_of
from tracker.year.assessments.cards import Score, scores_of
from tracker.year.assessments.class_lines import LEAST_IN_RANGE
from tracker.year.assessments.graded import why_grade
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.queries import latest_snapshot, touching
from tracker.year.assessments.scored import scored_of
from tracker.year.procedure.models import STAGES, Act, Assessment, AssessmentEvent, Stage
from tracker.year.procedure.sights import (
    GRADE_LATER,
    RANK_LATER,
    RANK_NOT_OF_THIS,
    TABLE,
    Sight,
    Who,
)

_UNTIL, _SINCE = STAGES.index(Stage.PROVINCE), STAGES.index(Stage.FINAL)
# Sheets of places, whose points the notice and the circular tell of all; enclaves, parks, villages
# and pairs are of those who run them.
_TOLD_OF_ALL = ("county.", "city")


@dataclass(frozen=True)
class Course:
    """How far a year has come, and the snapshots that the notice and the circular told of."""

    stage: Stage
    noticed: int | None = None
    circulated: int | None = None

    @property
    def is_told(self) -> bool:
        """Whether points of the year are public, be it of another snapshot than the one seen."""
        return STAGES.index(self.stage) > _UNTIL

    def of(self, snapshot_id: int) -> Stage:
        """The stage whose row of the table a snapshot is seen by: what was not made public is
        seen as before the notice, however far the year is; what was circulated stays so."""
        at = STAGES.index(self.stage)
        if snapshot_id == self.circulated:
            return Stage.CIRCULAR
        if snapshot_id == self.noticed and self.is_told:
            return STAGES[min(at, _SINCE)]
        return STAGES[min(at, _UNTIL)]


def courses(years: Collection[int], owner: int | None = None) -> dict[int, Course]:
    """The courses of those of `years` whose assessment by `owner` was opened; one statement."""
    acts = (Act.NOTIFIED, Act.FINALISED, Act.CIRCULATED)
    event = AssessmentEvent
    rows = db.session.execute(
        select(Assessment.year, Assessment.stage, event.act, event.snapshot_id)
        .outerjoin(event, and_(event.assessment_id == Assessment.id, event.act.in_(acts)))
        .where(Assessment.year.in_(years), owned_by(Assessment.owner_region_id, owner))
        .order_by(event.id)
    )
    found: dict[int, Course] = {}
    final: dict[int, int | None] = {}
    for year, stage, act, snapshot_id in rows:
        course = found.get(year, Course(stage))
        if act is Act.NOTIFIED:
            course = Course(stage, snapshot_id, course.circulated)
        elif act is Act.FINALISED:
            final[year] = snapshot_id
        elif act is Act.CIRCULATED:
            course = Course(stage, course.noticed, final.get(year))
        found[year] = course
    return found


def who_is(user: User, owner: int | None = None) -> Who:
    """As whom `user` looks: by the level of the own place. At the assessment of a city (`owner`)
    its own people look as the province's do at theirs."""
    if user.role is Role.ADMINISTRATOR or user.region_id is None:
        return Who.ADMINISTRATOR
    region = db.session.get(Region, user.region_id)
    if owner is not None and not sees(user, owner):
        return Who.ELSEWHERE
    if owner is not None and user.region_id == owner:
        return Who.PROVINCE
    by_level = {RegionLevel.PROVINCE: Who.PROVINCE, RegionLevel.CITY: Who.CITY}
    return by_level.get(region.level, Who.COUNTY) if region else Who.ADMINISTRATOR


def sight_of(snapshot: Snapshot, user: User) -> Sight:
    """What `user` sees of a snapshot beyond the points of the own places."""
    who = who_is(user, snapshot.owner_region_id)
    return _sight(_course_of(snapshot), snapshot.id, who)


def _course_of(snapshot: Snapshot) -> Course | None:
    return courses([snapshot.year], snapshot.owner_region_id).get(snapshot.year)


def _sight(course: Course | None, snapshot_id: int, who: Who) -> Sight:
    return TABLE[course.of(snapshot_id) if course else None][who]


def words(snapshot: Snapshot, user: User) -> str:
    """Why a list of a snapshot's cards shows `user` no more; "" where nothing is withheld, and of
    years without stages."""
    course, who = _course_of(snapshot), who_is(user, snapshot.owner_region_id)
    seen = _sight(course, snapshot.id, who)
    if course is None or who is Who.PROVINCE:
        return ""
    if Sight.GRADES in seen:
        return "已通报：各县（市、区）和设区市的得分、名次和等次都可以看到。"
    if Sight.POINTS in seen:
        return "已公示：各县（市、区）和设区市的得分和名次都可以看到，等次通报后公布。"
    stage = of_owner(course.stage.label, snapshot.owner_region_id)
    early = f"现在是“{stage}”阶段，还没有公示"
    why = "这次计分没有公示" if course.is_told else early
    return f"{why}：只显示本地区的得分和同类的范围，名次公示后、等次通报后公布。"


def public_sight(snapshot: Snapshot) -> Sight:
    """What anybody may be told of whom a paper of `snapshot` is about."""
    return _sight(_course_of(snapshot), snapshot.id, Who.PUBLIC)


def published_snapshot(year: int, owner: int | None = None) -> Snapshot | None:
    """The snapshot of `owner` that was circulated or, before that, put to notice; None before the
    notice."""
    course = courses([year], owner).get(year)
    if course is None:
        return None
    for found in (course.circulated, course.noticed):
        if found is not None and Sight.POINTS in _sight(course, found, Who.COUNTY):
            return db.session.get(Snapshot, found)
    return None


def begun_with(year: int, user: User, owner: int | None = None) -> Snapshot | None:
    """The scoring of `owner` that `user` is shown first: the latest one; whoever does not run the
    assessment is shown the one that was made public, once one was."""
    published = None if who_is(user, owner) is Who.PROVINCE else published_snapshot(year, owner)
    return published or latest_snapshot(year, owner)


def public_instead(snapshot: Snapshot, user: User) -> Snapshot | None:
    """The scoring of the year whose ranks `user` is told, where `snapshot` is another one whose
    ranks are withheld; None where there is no such."""
    if Sight.RANKS in sight_of(snapshot, user):
        return None
    return published_snapshot(snapshot.year, snapshot.owner_region_id)


def public_words(of: Snapshot) -> str:
    """Which scoring is the public one, on page and paper."""
    return f"{written(of.frozen_at)} 冻结的那次计分（快照 {of.sha256[:12]}）"


def ever_public(year: int, owner: int | None = None) -> list[Snapshot]:
    """Each scoring by `owner` that was put to notice or made final, the earliest first."""
    wanted = (
        select(Snapshot)
        .join(AssessmentEvent, AssessmentEvent.snapshot_id == Snapshot.id)
        .where(
            Snapshot.year == year,
            owned_by(Snapshot.owner_region_id, owner),
            AssessmentEvent.act.in_((Act.NOTIFIED, Act.FINALISED)),
        )
        .order_by(Snapshot.id)
    )
    return list(db.session.scalars(wanted).unique())


@dataclass(frozen=True)
class SeenCard:
    """A row of the index of scorecards, as the reader may see it: what is withheld is None, and
    `rank_later` says until when, "" where nothing is. `own`: it is of the reader's places. `told`:
    points of its year are public, see `Course`. Points in 分, see `ScorecardRow`."""

    snapshot: Snapshot
    own: bool
    sight: Sight
    told: bool
    sheet: str
    subject_code: str
    subject_name: str
    county_class: str
    total: Decimal
    self_total: Decimal | None
    city_total: Decimal | None
    province_total: Decimal | None
    grade: str | None
    assessed: bool
    rank: int | None
    complete: bool
    unscorable: int
    undetermined: int
    ranks: bool  # whether it takes part in the ranking, whatever its rank
    gaps: int = 0
    by_gaps: bool = False  # see ScorecardRow

    @property
    def snapshot_id(self) -> int:
        return self.snapshot.id

    @property
    def shows_grade(self) -> bool:
        """Whether the reader sees the grade."""
        return (Sight.OWN_GRADE if self.own else Sight.GRADES) in self.sight

    @property
    def rank_later(self) -> str:
        """When the rank is told of a card that has one."""
        ranks = self.ranks and not self.by_gaps
        return self.withheld_rank if ranks and Sight.RANKS not in self.sight else ""

    @property
    def unranked(self) -> str:
        """What stands for the rank of a card that has none that is told."""
        return "暂不排名" if self.ranks and not self.by_gaps else "不排名"

    @property
    def rank_words(self) -> str:
        """The rank as lists show it."""
        if self.rank_later:
            return self.rank_later
        return f"第 {self.rank} 名" if self.rank and self.complete else self.unranked

    @property
    def lacking(self) -> str:
        """What it lacks, in words; "" where nothing of it can be said."""
        if self.complete or not self.unscorable:
            return ""
        said = f"{self.unscorable} 项不可计分"
        if not self.gaps:
            return said
        return f"{said}，{'均' if self.by_gaps else f'其中 {self.gaps} 项'}已作为缺口认可"

    @property
    def withheld_rank(self) -> str:
        """What stands for ranks of its snapshot that are not told."""
        return RANK_NOT_OF_THIS if self.told else RANK_LATER

    @property
    def grade_words(self) -> str:
        """The grade as lists show it."""
        later = self.assessed and not self.shows_grade
        grade = GRADE_LATER if later else self.grade
        return grade_words(grade, self.complete, by_gaps=self.by_gaps)

    @property
    def grade_notes(self) -> tuple[str, ...]:
        """Why the grade is another than the points give."""
        return why_grade(self) if self.shows_grade else ()


_SHOWN = ("sheet", "subject_code", "subject_name", "county_class", "total", "complete")
_OWN_ALONE = ("self_total", "city_total", "province_total")
_COUNTS = ("unscorable", "undetermined", "gaps")


def _columns(sight: Sight, own: ColumnElement[bool]) -> list[ColumnElement]:
    """What is selected of a card that `sight` lets one see: the rest is null in the statement."""
    card = ScorecardRow
    ranked = card.rank if Sight.RANKS in sight else null()
    grades = (card.grade if flag in sight else null() for flag in (Sight.OWN_GRADE, Sight.GRADES))
    mine, others = grades
    by_gaps = and_(~card.complete, card.gaps > 0, card.gaps == card.unscorable)
    return [
        *(getattr(card, name) for name in _SHOWN),
        own.label("own"),
        card.grade.is_not(None).label("assessed"),
        card.rank.is_not(None).label("ranks"),
        case((own, by_gaps), else_=by_gaps if Sight.GRADES in sight else false()).label("by_gaps"),
        case((own, ranked), else_=ranked if Sight.POINTS in sight else null()).label("rank"),
        case((own, mine), else_=others).label("grade"),
        *(case((own, getattr(card, name)), else_=null()).label(name) for name in _OWN_ALONE),
        *(case((own, getattr(card, name)), else_=0).label(name) for name in _COUNTS),
    ]


def cards(snapshot: Snapshot, user: User, *, of_all: bool = False) -> list[SeenCard]:
    """The scorecards of a snapshot that `user` has in view, by sheet, class and rank; `of_all`: and
    those of all counties and cities, where their points are to be seen."""
    course, who = _course_of(snapshot), who_is(user, snapshot.owner_region_id)
    if who is Who.ELSEWHERE:
        return []
    sight = _sight(course, snapshot.id, who)
    own = touching(regions_of(user))
    wanted = touching(regions_in_view(user))
    if of_all and Sight.POINTS in sight and not _is_narrowed():
        wanted = wanted | ScorecardRow.sheet.in_(_sheets_of_places(snapshot))
    place = ScorecardRow.rank if Sight.RANKS in sight else ScorecardRow.total.desc()
    rows = db.session.execute(
        select(*_columns(sight, own))
        .where(wanted, ScorecardRow.snapshot_id == snapshot.id)
        .order_by(
            ScorecardRow.sheet,
            ScorecardRow.county_class,
            ScorecardRow.rank.is_(None),
            place,
            ScorecardRow.subject_code,
        )
    )
    told = course is not None and course.is_told
    found = rows.mappings()
    return [SeenCard(snapshot=snapshot, sight=sight, told=told, **row) for row in found]


def _is_narrowed() -> bool:
    """Whether the reader chose a place at the top: lists are then of that place alone."""
    return has_request_context() and g.get("region_id") is not None


def _sheets_of_places(snapshot: Snapshot) -> list[str]:
    sheets = scored_of(snapshot).sheets.values()
    books = (sheet.rulebook for sheet in sheets)
    return [book.code for book in books if book.subject.startswith(_TOLD_OF_ALL)]


@dataclass(frozen=True)
class Range:
    """How many of a class are whole and assessed, with the lowest and the highest total (分); None
    where so few would tell one of them."""

    count: int
    lowest: Decimal | None
    highest: Decimal | None

    @property
    def words(self) -> str:
        """In words, for a class of others."""
        if self.lowest is None or self.highest is None:
            return ""
        low, high = points(self.lowest), points(self.highest)
        return f"同类 {self.count} 个，最低 {low} 分，最高 {high} 分"


def range_of(totals: Collection[Decimal]) -> Range:
    """The range of the totals (分) of a class."""
    few = len(totals) < LEAST_IN_RANGE
    return Range(len(totals), *((None, None) if few else (min(totals), max(totals))))


def ranges(snapshot: Snapshot, user: User) -> dict[tuple[str, str], Range]:
    """By sheet and class, those in which `user` has a card: the range of the whole class."""
    if Sight.RANGE not in sight_of(snapshot, user):
        return {}
    peer, card = aliased(ScorecardRow), ScorecardRow
    own = select(card.id).where(
        card.snapshot_id == peer.snapshot_id,
        card.sheet == peer.sheet,
        card.county_class == peer.county_class,
        touching(regions_of(user)),
    )
    enough = func.count() >= LEAST_IN_RANGE
    rows = db.session.execute(
        select(
            peer.sheet,
            peer.county_class,
            func.count(),
            case((enough, func.min(peer.total))),
            case((enough, func.max(peer.total))),
        )
        .where(
            peer.snapshot_id == snapshot.id,
            peer.complete,
            peer.grade.is_not(None),
            own.exists(),
        )
        .group_by(peer.sheet, peer.county_class)
    )
    return {(sheet, name): Range(*found) for sheet, name, *found in rows}


@dataclass(frozen=True)
class SeenScore:
    """One card of one year, as the reader may see it, with how many were ranked beside it."""

    year: int
    card: SeenCard
    title: str
    ranked: int

    @property
    def grade_notes(self) -> tuple[str, ...]:
        return self.card.grade_notes


def scores(user: User, *subject_codes: str) -> list[SeenScore]:
    """The cards of the subjects that `user` may see in the latest snapshot of each year, the
    latest year first."""
    found = scores_of(user, *subject_codes)
    of_years, who = courses({each.year for each in found}), who_is(user)
    return [_seen(each, of_years.get(each.year), who) for each in found]


def _seen(score: Score, course: Course | None, who: Who) -> SeenScore:
    row = score.card
    sight = _sight(course, row.snapshot_id, who)
    card = SeenCard(
        snapshot=row.snapshot,
        own=True,
        sight=sight,
        told=course is not None and course.is_told,
        sheet=row.sheet,
        subject_code=row.subject_code,
        subject_name=row.subject_name,
        county_class=row.county_class,
        total=row.total,
        self_total=row.self_total,
        city_total=row.city_total,
        province_total=row.province_total,
        grade=row.grade if Sight.OWN_GRADE in sight else None,
        assessed=row.assessed,
        rank=row.rank if Sight.RANKS in sight else None,
        complete=row.complete,
        unscorable=row.unscorable,
        undetermined=row.undetermined,
        ranks=row.rank is not None,
        gaps=row.gaps,
        by_gaps=row.by_gaps,
    )
    return SeenScore(score.year, card, score.title, score.ranked)
