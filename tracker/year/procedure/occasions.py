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
from tracker.records.accounts.permissions import Permission
from tracker.records.accounts.takers import city_above
from tracker.records.determinations.models import RulingLevel
from tracker.records.places.models import Region, RegionLevel
from tracker.records.reminders.occasions import (
    Found,
    Occasion,
    days_left,
    declare,
    late_stage,
    path_to,
    stage_before,
)
from tracker.year.assessments.awaited import subjects_to_rule
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.queries import latest_snapshot
from tracker.year.assessments.rosters import ROSTERS
from tracker.year.assessments.scored import scored
from tracker.year.procedure.models import Act, Assessment, Stage
from tracker.year.procedure.queries import stage_snapshots, standing_reviews
from tracker.year.procedure.steps import onward

BEFORE = (10, 3)  # days before the last day of a stage
NOTICE_BEFORE = (1,)
_MOVES = (Permission.ASSESSMENTS_ADVANCE,)
_LISTED = ("county.recipient", "county.supporter")


def _in(*stages: Stage) -> list[Assessment]:
    """The years of the province's assessments that are in one of `stages`."""
    own = Assessment.owner_region_id.is_(None)
    wanted = select(Assessment).where(own, Assessment.stage.in_(stages)).order_by(Assessment.year)
    return list(db.session.scalars(wanted.options(selectinload(Assessment.days))))


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


def _course(year: int) -> str:
    return path_to("procedure.index", year=year)


def _self(on: date) -> Iterator[Found]:
    """自评: each county on the lists of the year looks at what it reported."""
    for of in _in(Stage.SELF):
        due, stage, until = _by(of, on)
        listed = {
            subject.region_id for kind in _LISTED for subject in ROSTERS[kind].subjects(of.year)
        }
        yield from (
            Found(
                f"{of.year} {place}",
                stage,
                (place,),
                (Permission.SUBMISSIONS_SUBMIT, Permission.SUBMISSIONS_APPROVE),
                f"{of.year} 年度考核正在自评",
                f"{until}请核对本年度的上报数据和评分表，答复存疑数据；自评结束时冻结，转市级初审。",
                path_to("scorecards.index", year=of.year),
                due,
            )
            for place in sorted(listed)
        )


def _city(on: date) -> Iterator[Found]:
    """初审: each city that has facts of its counties to rule on, with how many cards."""
    for of in _in(Stage.CITY):
        snapshot = latest_snapshot(of.year)
        if snapshot is None:
            continue
        due, stage, until = _by(of, on)
        waiting: dict[int, int] = defaultdict(int)
        for each in subjects_to_rule(snapshot, _cards(snapshot)):
            city = _city_of(each.card)
            if city is not None and each.awaiting(RulingLevel.CITY):
                waiting[city] += 1
        for place, number in sorted(waiting.items()):
            yield Found(
                f"{of.year} {place}",
                stage,
                (place,),
                (Permission.DETERMINATIONS_RULE,),
                f"{of.year} 年度市级初审：{number} 份评分表有数据待核定",
                f"{until}初审结束后市级不再核定，没有核定的由省级复核。",
                path_to("determinations.index", year=of.year),
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
    """复核: the province, with how many cards are not reviewed."""
    province = _province()
    for of in _in(Stage.PROVINCE, Stage.OBJECTIONS):
        snapshot = latest_snapshot(of.year)
        if snapshot is None or province is None:
            continue
        points = scored(snapshot.sha256, snapshot.content)
        sheets = points.document["sheets"]
        cards = sum(len(sheet["subjects"]) for sheet in sheets.values())
        left = cards - len(standing_reviews(of.year, sheets))
        if not left:
            continue
        due, stage, until = _by(of, on)
        yield Found(
            str(of.year),
            f"{of.stage.value} {stage}",
            (province,),
            _MOVES,
            f"{of.year} 年度有 {left} 份评分表待复核",
            f"{until}全部复核以后才能{'开始公示' if of.stage is Stage.PROVINCE else '定稿'}。",
            path_to("card_reviews.index", year=of.year),
            due,
        )


def _steps(on: date) -> Iterator[Found]:
    """The province, once a stage is over its last day and the next one has not begun."""
    province = _province()
    for of in _in(*(stage for stage in Stage if stage is not Stage.CIRCULAR)):
        due = of.notice_until if of.stage is Stage.NOTICE else of.due_on(of.stage)
        step = onward(of)
        if due is None or due >= on or step is None or province is None:
            continue
        yield Found(
            f"{of.year} {of.stage.value}",
            late_stage(on, due),
            (province,),
            _MOVES,
            f"{of.year} 年度考核的{of.stage.label}已到期，待办理：{step.act.label}",
            f"截止日为 {due}，{days_left((due - on).days)}。不会自动转入下一阶段。",
            _course(of.year),
            due,
        )


def _notice(on: date) -> Iterator[Found]:
    """公示: each place that has cards in what is shown, until the last day of objecting."""
    for of in _in(Stage.NOTICE):
        snapshot, until = stage_snapshots(of.year).get(Act.NOTIFIED), of.notice_until
        if snapshot is None or until is None or until < on:
            continue
        shown = select(ScorecardRow.region_id).where(
            ScorecardRow.snapshot_id == snapshot.id, ScorecardRow.region_id.is_not(None)
        )
        stage = stage_before(on, until, NOTICE_BEFORE) or f"begun {day_of(of.stage_at)}"
        for place in sorted({each for each in db.session.scalars(shown) if each is not None}):
            yield Found(
                f"{of.year} {place}",
                stage,
                (place,),
                (Permission.OBJECTIONS_FILE, Permission.SUBMISSIONS_APPROVE),
                f"{of.year} 年度评分表正在公示",
                f"对本地评分表有异议的，可在 {until} 前（含当天）提出申诉，"
                f"{days_left((until - on).days)}。",
                path_to("scorecards.index", year=of.year),
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
