"""A place's table of key indicators: each with its figures, its goals, the gap, and whether it is
reached, by the rule that `RULE` says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum

from tracker.core.quantities.figure import Figure, UnitsDifferError
from tracker.core.quantities.precision import ABOUT, AT_LEAST, AT_MOST
from tracker.overview.key.names import LESS, key_of
from tracker.overview.key.values import Told, Values, values_of
from tracker.records.indicators.goals import goals_of
from tracker.records.indicators.models import GoalKind, PlanGoal
from tracker.records.places.models import Region, RegionLevel

GOAL_YEARS = (2025, 2027)
RULE = (
    "有本年目标的与本年目标比；没有的，与以后最近一年的目标比；以后没有的，与以前最近一年的比。"
    "目标写 ≥、≤ 的照写的比；只写一个数的，越低越好的指标不高于它、其余不低于它为达到。"
    "目标是文字的、约数的，不判断；别处的目标（市的、山区海岛县整体的）只列出，不判断。"
)


class State(Enum):
    """How an indicator stands: (key of the address, words, light)."""

    REACHED = "reached", "已达到", "green"
    AHEAD = "ahead", "未到期，还差", "yellow"
    MISSED = "missed", "未达到", "red"
    UNJUDGED = "unjudged", "不能判断", "unknown"
    UNTOLD = "untold", "本年未报", "unknown"
    WITHOUT = "without", "没有本地目标", "unknown"

    def __init__(self, key: str, words: str, light: str) -> None:
        self.key, self.words, self.light = key, words, light


JUDGED = (State.REACHED, State.AHEAD, State.MISSED)


@dataclass
class Row:
    """An indicator of a place. `goals` are its own by year, `others` those that the city or the
    counties of the list together have."""

    name: str
    unit: str
    number: str = ""
    group: str = ""
    kind: GoalKind | None = None
    now: Told | None = None
    before: Told | None = None
    goals: dict[int, PlanGoal] = field(default_factory=dict)
    others: dict[int, list[PlanGoal]] = field(default_factory=lambda: defaultdict(list))
    against: PlanGoal | None = None
    lacks: Figure | None = None  # until the goal; below 0 what it is beyond
    state: State = State.WITHOUT
    why: str = ""

    @property
    def title(self) -> str:
        """Its name without the unit, which stands beside it."""
        return self.name.removesuffix(f"({self.unit})").removesuffix(f"（{self.unit}）")


@dataclass(frozen=True)
class Table:
    """The indicators of one place in a year."""

    place: Region
    year: int
    rows: Sequence[Row]

    def of(self, *states: State) -> int:
        """How many stand so."""
        return sum(row.state in states for row in self.rows)

    @property
    def with_goal(self) -> int:
        """How many have a goal of the place's own."""
        return len(self.rows) - self.of(State.WITHOUT)

    @property
    def told(self) -> int:
        """How many of those with a goal have a figure of the year."""
        return self.with_goal - self.of(State.UNTOLD)

    @property
    def judged(self) -> int:
        """How many of those with goal and figure can be judged."""
        return self.of(*JUDGED)

    def loaded(self, plan: str) -> int:
        """How many numbered indicators of a plan are on record, of this place or its city."""
        return len(
            {
                row.number
                for row in self.rows
                for goal in (*row.goals.values(), *(g for of in row.others.values() for g in of))
                if goal.plan == plan
            }
        )

    @property
    def plans(self) -> Sequence[PlanGoal]:
        """One goal of each document that the table is made of, in the order of the rows."""
        found: dict[str, PlanGoal] = {}
        for row in self.rows:
            for goal in (*row.goals.values(), *(g for of in row.others.values() for g in of)):
                found.setdefault(goal.plan, goal)
        return list(found.values())


def tables(places: Sequence[Region], year: int) -> list[Table]:
    """The table of each place, in their order; those with neither goals of their own nor of their
    city have the rows of the counties of the list, or none. Three statements."""
    cities = {place.parent_id for place in places if place.level is RegionLevel.COUNTY}
    goals = goals_of({place.id for place in places} | {each for each in cities if each})
    values = values_of(places, (year, year - 1))
    return [_table(place, year, goals, values) for place in places]


def _table(place: Region, year: int, goals: Iterable[PlanGoal], values: Values) -> Table:
    county = place.level is RegionLevel.COUNTY
    rows: dict[str, Row] = {}
    for goal in goals:
        own = goal.region_id == place.id
        above = county and goal.region_id in (None, place.parent_id)
        if goal.year is None or not (own or above):
            continue
        key = key_of(goal.indicator)
        row = rows.setdefault(key, Row(goal.indicator, goal.unit))
        if own or not row.number:
            row.number, row.group = row.number or goal.number, row.group or goal.group
            row.kind = row.kind or goal.kind
        if own:
            row.name, row.unit = goal.indicator, goal.unit
            row.goals[goal.year] = goal  # of two documents, the one that came last
        else:
            row.others[goal.year].append(goal)
    for key, row in rows.items():
        row.now = _in_unit(values.of(place, key, year), row.unit)
        row.before = _in_unit(values.of(place, key, year - 1), row.unit)
        _judge(row, key, year)
    return Table(place, year, sorted(rows.values(), key=_order))


def _in_unit(told: Told | None, unit: str) -> Told | None:
    """In the unit of its row; as it is where that is of another kind, which its page says."""
    if told is None:
        return None
    try:
        return replace(told, figure=told.figure.to(unit))
    except UnitsDifferError:
        return told


def _order(row: Row) -> tuple[int, str]:
    return (int(row.number) if row.number.isdigit() else 10_000, row.group)


def compared(goals: Mapping[int, PlanGoal], year: int) -> PlanGoal | None:
    """The goal that a year's figure is held against, by `RULE`."""
    if not goals:
        return None
    later = [each for each in goals if each >= year]
    return goals[min(later) if later else max(goals)]


def _judge(row: Row, key: str, year: int) -> None:
    goal = row.against = compared(row.goals, year)
    if goal is None or goal.year is None:
        return
    if row.now is None:
        row.state = State.UNTOLD
        return
    row.state = State.UNJUDGED
    if goal.value is None or goal.operator is None:
        row.why = "目标是文字"
        return
    if goal.operator == "≈":
        row.why = "目标是约数"
        return
    try:
        figure = row.now.figure.to(goal.unit)
    except UnitsDifferError:
        row.why = f"数值的单位是{row.now.figure.unit or '空的'}"
        return
    less = goal.operator in ("<", "<=") or (goal.operator == "=" and key in LESS)
    limit = Figure(goal.value, goal.unit)
    row.lacks = figure - limit if less else limit - figure
    reached = _reaches(figure, goal.value, less, goal.operator in ("<", ">"))
    if reached is None:
        row.why = f"数值是“{figure.precision}”"
    elif reached:
        row.state = State.REACHED
    else:
        row.state = State.AHEAD if goal.year > year else State.MISSED


def _reaches(figure: Figure, limit: Decimal, less: bool, strict: bool) -> bool | None:
    """Whether a figure is on the good side of `limit`, as far as its sign tells."""
    if figure.precision == ABOUT:
        return None
    good = figure.value < limit if less else figure.value > limit
    if figure.value == limit:
        good = not strict
    # A bound tells for certain only on the side to which it is open.
    away = AT_MOST if less else AT_LEAST
    toward = AT_LEAST if less else AT_MOST
    if good:
        return None if figure.precision == toward else True
    return None if figure.precision == away else False


STATES: Mapping[str, tuple[str, Callable[[Row], bool]]] = {
    "goal": ("有本地目标", lambda row: row.state is not State.WITHOUT),
    "told": ("有目标、有本年数", lambda row: row.state not in (State.WITHOUT, State.UNTOLD)),
    "judged": ("能判断", lambda row: row.state in JUDGED),
    **{
        state.key: (state.words, lambda row, state=state: row.state is state)  # type: ignore[misc]
        for state in State
    },
}
