"""The precheck before each step: all that stands in its way, and what one should know, as a tree.

What of it depends on facts is asked of a snapshot's document, so that a page tells it of the latest
snapshot and the step itself of the one that it has just frozen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from tracker.core.db import db
from tracker.core.db.codes import LabelledEnum
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import last_day
from tracker.engine.scoring import Scorecard
from tracker.records.accounts.owners import of as owned_by
from tracker.records.accounts.owners import of_owner
from tracker.records.determinations.models import Determination, RulingLevel
from tracker.records.determinations.queries import about as of_places
from tracker.records.determinations.queries import counting_for, objected, objected_below
from tracker.records.evidence.queries import unsound_links
from tracker.records.places.models import Region
from tracker.records.places.queries import inside
from tracker.records.submissions.checking import Fault
from tracker.records.submissions.models import Filing
from tracker.records.submissions.queries import WITH_PLACE, awaited
from tracker.year.assessments.queries import is_whole, latest_snapshot
from tracker.year.assessments.rosters import unknown_classes
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot, scored_of
from tracker.year.assessments.state import books_of, year_state
from tracker.year.procedure.models import Act, Gap
from tracker.year.procedure.queries import Card, accepted_gaps, standing_reviews


class Weight(LabelledEnum):
    """What a finding does to a step."""

    ERROR = "error", "须先办理"
    WARNING = "warning", "提醒"


@dataclass(frozen=True)
class Branch:
    """The findings of one kind; `advice` says what to do about them."""

    label: str
    weight: Weight
    advice: str
    faults: tuple[Fault, ...]

    @property
    def listed(self) -> tuple[str, str, Mapping[str, Any]] | None:
        """The list in which all of them are mended, with its name; None where there is none."""
        first = self.faults[0]
        found = _LISTS.get(first.endpoint)
        return (*found, {"year": first.values["year"]}) if found else None


# The page of one card → the list of all cards.
_LISTS = {
    "card_reviews.card": ("card_reviews.index", "复核"),
    "determinations.subject": ("determinations.index", "核定"),
}


@dataclass(frozen=True)
class Rule:
    """A kind of finding before one of `acts`."""

    label: str
    weight: Weight
    advice: str
    acts: tuple[Act, ...]
    find: Callable[[Asked], Iterator[Fault]]


@dataclass(frozen=True)
class Asked:
    """What is checked: a year of the assessments of `owner` by the points that were just frozen,
    `frozen`, else by those of its latest scoring."""

    year: int
    frozen: ScoredSnapshot | None = None
    owner: int | None = None

    @cached_property
    def points(self) -> ScoredSnapshot | None:
        """The points that it is checked by, scored once a rule asks; None of a year without any."""
        return self.frozen or latest_points(self.year, self.owner)

    def gaps(self, sheet: ScoredSheet, code: str) -> Collection[str]:
        """The lines of a card that are accepted as gaps: as they were frozen, else as they are now,
        since they need no further scoring."""
        if self.frozen:
            return sheet.gaps(code)
        return self._gaps.get((sheet.rulebook.subject, code), {})

    def is_reviewed(self, sheet: ScoredSheet, code: str) -> bool:
        """Whether a card was reviewed, likewise."""
        if self.frozen:
            return sheet.review(code) is not None
        return (sheet.rulebook.subject, code) in self._reviews

    @cached_property
    def _gaps(self) -> dict[Card, dict[str, Gap]]:
        return accepted_gaps(self.year, self.owner)

    @cached_property
    def _reviews(self) -> Collection[Card]:
        if self.points is None:
            return ()
        return standing_reviews(self.year, self.points.document["sheets"], self.owner)


_rules: list[Rule] = []


def rule(label: str, weight: Weight, advice: str, *acts: Act) -> Callable:
    """Declare a kind of finding; a feature above may declare its own."""

    def declared(find: Callable[[Asked], Iterator[Fault]]) -> Callable:
        _rules.append(Rule(label, weight, advice, acts, find))
        return find

    return declared


def precheck(what: Act, about: Asked) -> tuple[Branch, ...]:
    """What is to be known before `what`, errors first."""
    found = (
        Branch(
            of_owner(each.label, about.owner),
            each.weight,
            of_owner(each.advice, about.owner),
            tuple(replace(f, words=of_owner(f.words, about.owner)) for f in each.find(about)),
        )
        for each in _rules
        if what in each.acts
    )
    return tuple(
        sorted((branch for branch in found if branch.faults), key=lambda b: b.weight is not ERROR)
    )


def latest_points(year: int, owner: int | None = None) -> ScoredSnapshot | None:
    """The points of the latest snapshot of `year` by `owner`."""
    snapshot = latest_snapshot(year, owner)
    return scored_of(snapshot) if snapshot else None


ERROR, WARNING = Weight.ERROR, Weight.WARNING
_BEFORE_NOTICE = (Act.NOTIFIED, Act.FINALISED)


@rule("评分细则", ERROR, "请先备齐本年度的评分细则。", Act.BEGUN, Act.SELF_CLOSED)
def _rulebooks(about: Asked) -> Iterator[Fault]:
    for fault in year_state(about.year, about.owner).blocked:
        yield Fault(f"{about.year} 年度", fault, "rulebooks.index", {"year": about.year})


@rule(
    "名单的类别",
    ERROR,
    "有不在细则中的类别，本年度不能计分；请改正名单，或发布列有这些类别的细则。",
    Act.BEGUN,
    Act.SELF_CLOSED,
    Act.CITY_CLOSED,
    *_BEFORE_NOTICE,
)
def _unknown_class(about: Asked) -> Iterator[Fault]:
    books, _ = books_of(about.year, about.owner)
    for county, fault in unknown_classes(about.year, books, about.owner):
        yield Fault(county.name, fault, "counties.detail", {"code": county.code})


@rule(
    "示例细则",
    WARNING,
    "细则没有正式印发的，评分表和文书都标明“示例细则”。",
    Act.BEGUN,
    Act.FINALISED,
)
def _designed(about: Asked) -> Iterator[Fault]:
    state = year_state(about.year, about.owner)
    if number := state.books - state.official:
        words = f"{state.books} 本细则中有 {number} 本是示例细则"
        yield Fault(f"{about.year} 年度", words, "rulebooks.index", {"year": about.year})


@rule("年度没有结束", ERROR, "年度结束以后才能截止自评。", Act.SELF_CLOSED)
def _year_runs(about: Asked) -> Iterator[Fault]:
    if today() <= last_day(about.year):
        yield Fault(f"{about.year} 年度", f"到 {last_day(about.year)} 才结束")


@rule(
    "没有报送",
    WARNING,
    "没有报送的，相应数据按未报计；现在仍可以报送，按迟报计。",
    Act.SELF_CLOSED,
    Act.CITY_CLOSED,
)
def _unfiled(about: Asked) -> Iterator[Fault]:
    wanted = select(Filing).where(Filing.year == about.year, awaited()).options(*WITH_PLACE)
    if (city := _city(about)) is not None:
        wanted = wanted.where(Filing.region_id.in_(inside(city)))
    for filing in db.session.scalars(wanted.order_by(Filing.kind, Filing.due_on, Filing.id)):
        of = filing.enclave.name if filing.enclave else filing.place.name
        words = f"{filing.kind.label}：{filing.state.label}"
        yield Fault(of, words, "submissions.detail", {"filing_id": filing.id})


@rule(
    "佐证文件与上传时不符",
    WARNING,
    "请从备份恢复；不恢复的，不作为证明。",
    Act.SELF_CLOSED,
    Act.CITY_CLOSED,
    *_BEFORE_NOTICE,
)
def _unsound(about: Asked) -> Iterator[Fault]:
    # Whose records they prove is not asked: a city is told of none, its snapshot says which count.
    for link, state in unsound_links() if about.owner is None else ():
        values = {"evidence_link_id": link.id}
        yield Fault(link.name, f"{link.kind}：{state.label}", "evidence.detail", values)


@rule(
    "市级没有核定",
    WARNING,
    "初审结束后市级不再核定，初审栏沿用自评，由省级直接核定。",
    Act.CITY_CLOSED,
)
def _not_by_city(about: Asked) -> Iterator[Fault]:
    yield from _with_mark(about, "from_county", "市级没有核定")


@rule("还没有计分", ERROR, "请先计分，再按计分的结果核定和复核。", *_BEFORE_NOTICE)
def _unscored(about: Asked) -> Iterator[Fault]:
    if about.points is None:
        yield Fault(f"{about.year} 年度", "还没有计过分", "assessments.index", {"year": about.year})


@rule("没有省级核定", ERROR, "公示和定稿的得分须经省级核定。", *_BEFORE_NOTICE)
def _no_column(about: Asked) -> Iterator[Fault]:
    if about.points is not None and about.points.document["column"] != RulingLevel.PROVINCE.value:
        yield Fault(
            f"{about.year} 年度", "省级还没有核定过", "determinations.index", {"year": about.year}
        )


@rule("计分以后又有核定", ERROR, "请再计一次分；下面的核对以最近一次计分为准。", *_BEFORE_NOTICE)
def _ruled_since(about: Asked) -> Iterator[Fault]:
    latest = latest_snapshot(about.year, about.owner)
    if about.frozen or latest is None:
        return
    # A snapshot says its second alone; the step itself freezes anew.
    after = latest.frozen_at + timedelta(seconds=1)
    since = [Determination.year == about.year, Determination.ruled_at >= after]
    since.append(counting_for(about.owner))
    if (city := _city(about)) is not None:
        since.append(of_places(inside(city)))
    number = db.session.scalar(select(func.count()).select_from(Determination).where(*since))
    if number:
        words = f"最近一次计分以后又有 {number} 条核定"
        yield Fault(f"{about.year} 年度", words, "assessments.index", {"year": about.year})


@rule("只有年内的数据", ERROR, "请在年度结束以后再计一次分。", *_BEFORE_NOTICE)
def _part_of_year(about: Asked) -> Iterator[Fault]:
    latest = latest_snapshot(about.year, about.owner)
    if not about.frozen and latest is not None and not is_whole(latest):
        words = "最近一次计分时年度还没有结束"
        yield Fault(f"{about.year} 年度", words, "assessments.index", {"year": about.year})


@rule("没有核定的事实", ERROR, "各级都没有核定，请逐项或成批核定后再计分。", *_BEFORE_NOTICE)
def _undetermined(about: Asked) -> Iterator[Fault]:
    yield from _with_mark(about, "undetermined", _MARKS["undetermined"])


@rule("核定以后记录有变", ERROR, "请按现在的记录重新核定后再计分。", *_BEFORE_NOTICE)
def _changed(about: Asked) -> Iterator[Fault]:
    yield from _with_mark(about, "changed", _MARKS["changed"])


@rule(
    "不可计分的指标",
    ERROR,
    "请补齐数据；确实没有的，作为缺口认可并写明理由，理由印在评分表上。",
    *_BEFORE_NOTICE,
)
def _unscorable(about: Asked) -> Iterator[Fault]:
    def words(sheet: ScoredSheet, card: Scorecard) -> str:
        lines = [
            f"{line.code} {line.indicator.name}"
            for line in card.lines
            if line.state == "unscorable" and line.code not in about.gaps(sheet, card.subject.code)
        ]
        return f"{'、'.join(lines)}不可计分" if lines else ""

    yield from _of_cards(about, words, "card_reviews.card")


@rule("未能判定的一票否决", ERROR, "请补齐否决条件所用的数据。", *_BEFORE_NOTICE)
def _undecided(about: Asked) -> Iterator[Fault]:
    yield from _of_cards(
        about,
        lambda _, card: f"{'、'.join(card.undecided)}未能判定" if card.undecided else "",
    )


@rule("没有复核的评分表", ERROR, "请逐份或成批复核。", *_BEFORE_NOTICE)
def _unreviewed(about: Asked) -> Iterator[Fault]:
    yield from _of_cards(
        about,
        lambda sheet, card: "" if about.is_reviewed(sheet, card.subject.code) else "省级还没有复核",
        "card_reviews.card",
    )


@rule("有异议的核定", WARNING, "请看异议的理由；重新核定的，以新的为准。", *_BEFORE_NOTICE)
def _objected(about: Asked) -> Iterator[Fault]:
    wanted = select(func.count()).select_from(Determination)
    for level, against in (
        (RulingLevel.PROVINCE, objected(RulingLevel.PROVINCE)),
        (RulingLevel.CITY, objected_below([about.year])),
    ):
        number = db.session.scalar(
            wanted.where(
                Determination.year == about.year,
                owned_by(Determination.owner_region_id, about.owner),
                *against,
            )
        )
        if number:
            words = f"{number} 条{level.label}的核定有填报单位的异议，没有重新核定"
            yield Fault(
                f"{about.year} 年度",
                words,
                "rulings.index",
                {"year": about.year, "answer": "objected"},
            )


def _city(about: Asked) -> Region | None:
    return db.session.get(Region, about.owner) if about.owner is not None else None


def _of_cards(
    about: Asked,
    words: Callable[[ScoredSheet, Scorecard], str],
    endpoint: str = "determinations.subject",
) -> Iterator[Fault]:
    """What `words` says of each card; nothing of those of which it says nothing."""
    for code, sheet in about.points.sheets.items() if about.points else ():
        for card in sheet.result.scorecards:
            if said := words(sheet, card):
                values = {"year": about.year, "sheet": code, "subject_code": card.subject.code}
                yield Fault(f"{card.subject.name}（{_kind(sheet, card)}）", said, endpoint, values)


def _with_mark(about: Asked, mark: str, words: str) -> Iterator[Fault]:
    yield from _of_cards(
        about, lambda sheet, card: _marked(sheet.frozen, card.subject.code, mark, words)
    )


def _kind(sheet: ScoredSheet, card: Scorecard) -> str:
    return str(sheet.frozen["subjects"][card.subject.code]["kind"])


# Facts that stand in the way of a decision, by their mark in a snapshot's sheet.
_MARKS = {"undetermined": "各级都没有核定", "changed": "核定以后记录有变"}


def _marked(frozen: Mapping[str, Any], code: str, mark: str, words: str) -> str:
    number = len(frozen.get(mark, {}).get(code, ()))
    return f"{number} 项事实{words}" if number else ""


def faults_of_card(frozen: Mapping[str, Any], code: str) -> list[str]:
    """Why the standing values of a card cannot be adopted; `frozen`: its sheet's part of the
    document."""
    return [said for mark, words in _MARKS.items() if (said := _marked(frozen, code, mark, words))]
