"""What people are reminded of about a year's assessment: what their part of its stage is, until it
is done or the stage is over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.db import db
from tracker.core.quantities.clock import day_of
from tracker.core.quantities.shown import days_left
from tracker.records.accounts.owners import of_owner
from tracker.records.accounts.permissions import Permission
from tracker.records.accounts.takers import city_above
from tracker.records.determinations.models import RulingLevel
from tracker.records.places.models import Region, RegionLevel
from tracker.records.reminders.occasions import (
    Found,
    Occasion,
    declare,
    late_stage,
    path_to,
    stage_before,
)
from tracker.year.assessments.awaited import subjects_to_rule
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.queries import latest_snapshot
from tracker.year.assessments.rosters import ROSTERS, subjects_of
from tracker.year.assessments.scored import scored_of
from tracker.year.procedure.models import Act, Assessment, Stage
from tracker.year.procedure.queries import stage_snapshots, standing_reviews
from tracker.year.procedure.steps import onward
from tracker.year.rulebooks.shelf import edition, year_set

BEFORE = (10, 3)  # days before the last day of a stage
NOTICE_BEFORE = (1,)
_MOVES = (Permission.ASSESSMENTS_ADVANCE,)
_LISTED = ("county.recipient", "county.supporter")


def _in(*stages: Stage) -> list[Assessment]:
    """The assessments, of the province and of cities, that are in one of `stages`."""
    wanted = select(Assessment).where(Assessment.stage.in_(stages))
    wanted = wanted.order_by(Assessment.year, Assessment.id)
    options = (selectinload(Assessment.days), joinedload(Assessment.owner_region))
    return list(db.session.scalars(wanted.options(*options)))


def subject_of(of: Assessment) -> str:
    """What tells the reminders of an assessment from those of any other."""
    return f"{of.year} of {of.owner_region_id}" if of.owner_region_id else str(of.year)


def at(of: Assessment) -> dict[str, str]:
    """What addresses of pages about an assessment say besides its year."""
    return {"owner": of.owner_region.code or ""} if of.owner_region else {}


def run_by(of: Assessment) -> int | None:
    """The place whose people run an assessment."""
    return of.owner_region_id or _province()


def _by(of: Assessment, on: date) -> tuple[date | None, str, str]:
    """The last day of the stage of a year, as which of its reminders it is told `on` a day, and how
    many days are left, in words: at once, some days before, on the day and each week after it."""
    due = of.due_on(of.stage)
    begun = f"begun {day_of(of.stage_at)}"
    if due is None:
        return None, begun, ""
    left = (due - on).days
    if left < 0:
        return due, late_stage(on, due), f"截止日为 {due}，{days_left(left)}。"
    told = f"截止日为 {due}，{days_left(left)}。"
    return due, stage_before(on, due, BEFORE) or begun, told


def _self(on: date) -> Iterator[Found]:
    """自评: each county on the lists of the year looks at what it reported."""
    for of in _in(Stage.SELF):
        due, stage, until = _by(of, on)
        listed = {
            subject.region_id
            for kind in _listed(of)
            for subject in subjects_of(ROSTERS[kind], of.year, of.owner_region_id)
        }
        words = f"{until}请核对本年度的上报数据和评分表，答复存疑数据；自评结束时冻结，转市级初审。"
        yield from (
            Found(
                f"{subject_of(of)} {place}",
                stage,
                (place,),
                (Permission.SUBMISSIONS_SUBMIT, Permission.SUBMISSIONS_APPROVE),
                f"{of.name}正在自评",
                of_owner(words, of.owner_region_id),
                path_to("scorecards.index", year=of.year, **at(of)),
                due,
            )
            for place in sorted(listed)
        )


def _listed(of: Assessment) -> tuple[str, ...]:
    """The lists whose counties assess themselves: of a city, those that its rulebooks are about."""
    owner = of.owner_region_id
    if owner is None:
        return _LISTED
    books = year_set(of.year, owner).rulebooks if edition(of.year, owner) else ()
    return tuple(kind for kind in _LISTED if kind in {book.subject for book in books})


def _city(on: date) -> Iterator[Found]:
    """初审: each city that has facts of its counties to rule on, with how many cards. In a city's
    own assessment what it decides stands at once."""
    for of in _in(Stage.CITY):
        snapshot = latest_snapshot(of.year, of.owner_region_id)
        if snapshot is None:
            continue
        due, stage, until = _by(of, on)
        waiting: dict[int, int] = defaultdict(int)
        own = of.owner_region_id
        level = RulingLevel.PROVINCE if own else RulingLevel.CITY
        for each in subjects_to_rule(snapshot, _cards(snapshot)):
            city = own or _city_of(each.card)
            if city is not None and each.awaiting(level):
                waiting[city] += 1
        late = (
            "没有核定的，复核阶段还须核定。"
            if own
            else "初审结束后市级不再核定，没有核定的由省级复核。"
        )
        for place, number in sorted(waiting.items()):
            yield Found(
                f"{subject_of(of)} {place}",
                stage,
                (place,),
                (Permission.DETERMINATIONS_RULE,),
                f"{of.of_year}{of.called(Stage.CITY)}：{number} 份评分表有数据待核定",
                f"{until}{late}",
                path_to("determinations.index", year=of.year, **at(of)),
                due,
            )


def _cards(snapshot: Snapshot) -> list[ScorecardRow]:
    wanted = select(ScorecardRow).where(ScorecardRow.snapshot_id == snapshot.id)
    return list(db.session.scalars(wanted.options(joinedload(ScorecardRow.region))))


def _city_of(card: ScorecardRow) -> int | None:
    """The city that rules on a card first; none on its own."""
    if card.region is None or card.region.level is not RegionLevel.COUNTY:
        return None
    city = city_above(card.region)
    return city.id if city else None


def _reviews(on: date) -> Iterator[Found]:
    """复核: those who run the assessment, with how many cards are not reviewed."""
    for of in _in(Stage.PROVINCE, Stage.OBJECTIONS):
        snapshot, runs = latest_snapshot(of.year, of.owner_region_id), run_by(of)
        if snapshot is None or runs is None:
            continue
        points = scored_of(snapshot)
        sheets = points.document["sheets"]
        cards = sum(len(sheet["subjects"]) for sheet in sheets.values())
        left = cards - len(standing_reviews(of.year, sheets, of.owner_region_id))
        if not left:
            continue
        due, stage, until = _by(of, on)
        yield Found(
            subject_of(of),
            f"{of.stage.value} {stage}",
            (runs,),
            _MOVES,
            f"{of.of_year}有 {left} 份评分表待复核",
            f"{until}全部复核以后才能{'开始公示' if of.stage is Stage.PROVINCE else '定稿'}。",
            path_to("card_reviews.index", year=of.year, **at(of)),
            due,
        )


def _steps(on: date) -> Iterator[Found]:
    """Those who run the assessment, once a stage is over its last day and the next one has not
    begun."""
    for of in _in(*(stage for stage in Stage if stage is not Stage.CIRCULAR)):
        due = of.notice_until if of.stage is Stage.NOTICE else of.due_on(of.stage)
        step, runs = onward(of), run_by(of)
        if due is None or due >= on or step is None or runs is None:
            continue
        yield Found(
            f"{subject_of(of)} {of.stage.value}",
            late_stage(on, due),
            (runs,),
            _MOVES,
            f"{of.name}的{of.called(of.stage)}已到期，待办理：{step.act.label}",
            f"截止日为 {due}，{days_left((due - on).days)}。不会自动转入下一阶段。",
            path_to("procedure.index", year=of.year, **at(of)),
            due,
        )


def _notice(on: date) -> Iterator[Found]:
    """公示: each place that has cards in what is shown, until the last day of objecting."""
    for of in _in(Stage.NOTICE):
        owner, until = of.owner_region_id, of.notice_until
        snapshot = stage_snapshots(of.year, owner).get(Act.NOTIFIED)
        if snapshot is None or until is None or until < on:
            continue
        shown = select(ScorecardRow.region_id).where(
            ScorecardRow.snapshot_id == snapshot.id, ScorecardRow.region_id.is_not(None)
        )
        stage = stage_before(on, until, NOTICE_BEFORE) or f"begun {day_of(of.stage_at)}"
        for place in sorted({each for each in db.session.scalars(shown) if each is not None}):
            yield Found(
                f"{subject_of(of)} {place}",
                stage,
                (place,),
                (Permission.OBJECTIONS_FILE, Permission.SUBMISSIONS_APPROVE),
                f"{of.of_year}评分表正在公示",
                f"对本地评分表有异议的，可在 {until} 前（含当天）提出申诉，"
                f"{days_left((until - on).days)}。",
                path_to("scorecards.index", year=of.year, **at(of)),
                until,
            )


def _province() -> int | None:
    return db.session.scalar(select(Region.id).where(Region.level == RegionLevel.PROVINCE))


def _declared(key: str, label: str, find: Callable[[date], Iterator[Found]]) -> Occasion:
    return Occasion(key, label, "开始时，截止日前 10 天、3 天，当天，逾期后每周一次", find)


declare(
    _declared("self_assessment", "自评", _self),
    _declared("city_ruling", "市级初审", _city),
    _declared("card_reviews", "评分表复核", _reviews),
    Occasion("stage_over", "考核阶段到期", "截止日以后，每周一次", _steps),
    Occasion("notice", "公示和申诉期限", "公示开始时，最后一天的前 1 天，当天", _notice),
)
