"""All records that are unusual by the rules as they stand, of every kind, and nobody answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal_column, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from tracker.core.db import db
from tracker.core.db.doubted import AnsweredDoubt
from tracker.core.quantities.reading import may_be_negative
from tracker.core.quantities.units import WAN
from tracker.records.accounts.models import User
from tracker.records.indicators.kinds import COUNTY_INDICATORS
from tracker.records.indicators.models import CountyIndicator
from tracker.records.ledger import outliers as ledger
from tracker.records.ledger.kinds import LEDGER
from tracker.records.operations.items import MEANINGS, Item
from tracker.records.operations.kinds import OPERATIONS
from tracker.records.operations.models import OperatingFigure
from tracker.records.targets.kinds import TARGETS
from tracker.records.targets.models import SUBJECT_COLUMNS, Target
from tracker.records.villages.kinds import VILLAGE_INCOMES
from tracker.records.villages.models import VillageIncome
from tracker.web.kit import outliers as kit
from tracker.web.kit.doubted import year_of
from tracker.web.kit.kinds import Kind, all_kinds, place_of
from tracker.web.plausibility import TIMES, Doubt, FigureFacts, figure_doubts
from tracker.web.usual import USUAL_IN, usual_in
from tracker.year.measures.fields import unit_of

Answers = dict[tuple[str, int], set[str]]
# A plain number, not one in the columns' own scale.
_TIMES: ColumnElement[Any] = literal_column(str(TIMES))


@dataclass(frozen=True)
class Outlier:
    """A record with what is unusual of it and not answered. `about`: what it belongs to, where that
    is not in its name."""

    kind: Kind
    record: Any
    doubts: tuple[Doubt, ...]
    about: Any | None = None

    @property
    def words(self) -> str:
        """All that is unusual, a sentence a line."""
        return "\n".join(doubt.words for doubt in self.doubts)


@dataclass(frozen=True)
class Wanted:
    """What a list of outliers is narrowed to; "" or None for everything. `whole`: the switch at the
    top of the page narrows nothing."""

    year: int | None
    table: str = ""
    region_id: int | None = None
    rule: str = ""
    whole: bool = False


def outliers(user: User, wanted: Wanted) -> list[Outlier]:
    """The records in the view of `user` that are unusual and unanswered, kind by kind."""
    answered = _answered()
    found: list[Outlier] = []
    for kind in doubted_kinds():
        if not user.may(kind.view) or wanted.table not in ("", kind.model.__tablename__):
            continue
        of_kind = {
            number: left
            for number, doubts in _of_kind(kind, user, wanted, answered).items()
            if (left := _left(doubts, answered.get((kind.model.__tablename__, number)), wanted))
        }
        found += _records(kind, user, of_kind, wanted)
    return found


def doubted_kinds() -> Iterator[Kind]:
    """The kinds whose records people enter, each table once."""
    seen = set()
    for kind in all_kinds():
        if kind.form is not None and kind.model.__tablename__ not in seen:
            seen.add(kind.model.__tablename__)
            yield kind


def _of_kind(kind: Kind, user: User, wanted: Wanted, answered: Answers) -> dict[int, list[Doubt]]:
    year = wanted.year
    seen = kind.scope.seen(user) if wanted.whole else kind.scope.in_view(user)
    if kind is LEDGER:
        return ledger.outliers(seen, year)
    among = kind.seen_by(user) if wanted.whole else kind.in_view_of(user)
    if year is not None and hasattr(kind.model, "year"):
        among = among.where(kind.model.year == year)
    found = kit.outliers(kind, among)
    table = kind.model.__tablename__
    beside = kit.beside_others(kind, among, lambda number: answered.get((table, number), ()))
    for number, doubts in beside.items():
        found.setdefault(number, []).extend(doubts)
    for leap in _LEAPS:
        if leap.kind is kind:
            for number, doubts in leap.found(seen, year):
                found.setdefault(number, []).extend(doubts)
    return found


def _left(doubts: Sequence[Doubt], answered: set[str] | None, wanted: Wanted) -> list[Doubt]:
    return [
        doubt
        for doubt in doubts
        if doubt.rule.key not in (answered or ()) and wanted.rule in ("", doubt.rule.key)
    ]


def _answered() -> Answers:
    """Which rules somebody has answered, by record."""
    found: Answers = {}
    columns = (AnsweredDoubt.table_name, AnsweredDoubt.record_id, AnsweredDoubt.rules)
    for table, number, rules in db.session.execute(select(*columns)):
        found.setdefault((table, number), set()).update(rules.split(","))
    return found


def _records(
    kind: Kind, user: User, found: dict[int, list[Doubt]], wanted: Wanted
) -> Iterator[Outlier]:
    if not found:
        return
    statement = kind.seen_by(user).where(kind.model.id.in_(found)).options(*kind.load)
    records = list(db.session.scalars(statement.order_by(kind.model.id)).unique())
    parents = _parents(kind, records)
    for record in records:
        if wanted.region_id is not None and place_of(kind, record) != wanted.region_id:
            continue
        if wanted.year is not None and _other_year(record, wanted.year):
            continue
        about = record.subject if kind is LEDGER else parents.get(_parent_id(kind, record))
        yield Outlier(kind, record, tuple(found[record.id]), about)


def _parent_id(kind: Kind, record: Any) -> int | None:
    return getattr(record, kind.parent.column) if kind.parent else None


def _parents(kind: Kind, records: Sequence[Any]) -> dict[int | None, Any]:
    """What the records were entered under, by number; one statement."""
    if kind.parent is None:
        return {}
    above = kind.parent.kind
    wanted = select(above.model).where(above.model.id.in_({_parent_id(kind, r) for r in records}))
    found = db.session.scalars(wanted.options(*above.load)).unique()
    return {parent.id: parent for parent in found}


def _other_year(record: Any, year: int) -> bool:
    return hasattr(record, "year") and year_of(record) != year


@dataclass(frozen=True)
class Leap:
    """Figures that are ten times, or less than a tenth of, the year before: records of `model` that
    agree in `keys`. `facts(record, value before)` puts one to the rules."""

    kind: Kind
    value: InstrumentedAttribute
    keys: Sequence[str]
    facts: Callable[[Any, Decimal | None], FigureFacts | None]
    above: ColumnElement[bool] | None = None  # more than is usual in its unit

    def found(
        self, seen: ColumnElement[bool], year: int | None
    ) -> Iterator[tuple[int, list[Doubt]]]:
        """Record (id) → what is unusual of it beside the year before, or by its unit, of those that
        `seen` lets through."""
        model, name = self.kind.model, self.value.key
        before = aliased(model)
        now_value, then = self.value, getattr(before, name)
        same: list[ColumnElement[bool]] = [
            getattr(model, key) == getattr(before, key) for key in self.keys
        ]
        leaps = or_(
            and_(then > 0, now_value >= then * _TIMES),
            and_(now_value > 0, now_value * _TIMES <= then),
        )
        statement = (
            select(model, then)
            .join(before, and_(*same, before.year == model.year - 1))
            .where(seen, leaps)
        )
        rows: list[Any] = list(db.session.execute(self._of(statement, year)))
        if self.above is not None:
            large = select(model).where(seen, self.above)
            leapt = {record.id for record, _ in rows}
            of_all = db.session.scalars(self._of(large, year))
            rows += [(record, None) for record in of_all if record.id not in leapt]
        for record, value in rows:
            facts = self.facts(record, value)
            if facts is not None and (doubts := figure_doubts(facts)):
                yield record.id, doubts

    def _of(self, statement: Select, year: int | None) -> Select:
        if year is not None:
            statement = statement.where(self.kind.model.year == year)
        return statement.limit(kit.MOST)


def _operating(record: OperatingFigure, before: Decimal | None) -> FigureFacts:
    unit, when = MEANINGS[record.item].unit, f"{record.year - 1} 年同季"
    return FigureFacts(record.item.label, record.value, unit, before, when, usual_in(unit))


def _indicator(record: CountyIndicator, before: Decimal | None) -> FigureFacts | None:
    if may_be_negative(record.unit, record.indicator):
        return None
    usual, when = usual_in(record.unit), f"{record.year - 1} 年"
    return FigureFacts(record.indicator, record.value, record.unit, before, when, usual)


def _target(record: Target, before: Decimal | None) -> FigureFacts:
    unit = unit_of(record.measure)
    times = 100 if unit == "比例" else 1
    return FigureFacts(
        "任务数",
        record.value * times,
        "%" if unit == "比例" else unit,
        None if before is None else before * times,
        f"{record.year - 1} 年任务",
        usual_in(unit),
    )


def _income(label: str, name: str) -> Callable[[VillageIncome, Decimal | None], FigureFacts]:
    def facts(record: VillageIncome, before: Decimal | None) -> FigureFacts:
        then = None if before is None else before / WAN
        return FigureFacts(
            label, getattr(record, name) / WAN, "万元", then, f"{record.year - 1} 年"
        )

    return facts


def _items_in(unit: str) -> list[Item]:
    return [item for item, meaning in MEANINGS.items() if meaning.unit == unit]


_MUCH_OPERATED = or_(
    *(
        and_(OperatingFigure.item.in_(_items_in(unit)), OperatingFigure.value > usual_in(unit))
        for unit in USUAL_IN
        if _items_in(unit)
    )
)
_MUCH_INDICATED = or_(
    *(
        and_(CountyIndicator.unit == unit, CountyIndicator.value > usual_in(unit))
        for unit in USUAL_IN
    )
)
_LEAPS = (
    *(
        Leap(OPERATIONS, OperatingFigure.value, (site, "quarter", "item"), _operating, much)
        for site, much in (("enclave_id", _MUCH_OPERATED), ("park_id", None))
    ),
    Leap(
        COUNTY_INDICATORS,
        CountyIndicator.value,
        ("region_id", "indicator", "unit"),
        _indicator,
        _MUCH_INDICATED,
    ),
    *(Leap(TARGETS, Target.value, (subject, "measure"), _target) for subject in SUBJECT_COLUMNS),
    Leap(
        VILLAGE_INCOMES,
        VillageIncome.operating,
        ("village_id",),
        _income("经营性收入", "operating"),
    ),
    Leap(VILLAGE_INCOMES, VillageIncome.total, ("village_id",), _income("总收入", "total")),
)
