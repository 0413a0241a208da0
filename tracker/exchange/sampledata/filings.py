"""How sample filings went their way: each step in its order, some given back and filed anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from tracker.exchange.sampledata.draw import chance, stream
from tracker.exchange.sampledata.rows import Rows, moment
from tracker.records.accounts.takers import city_above
from tracker.records.places.models import Region
from tracker.records.submissions import service, steps
from tracker.records.submissions.models import (
    Filing,
    FilingAct,
    FilingEvent,
    FilingKind,
    FilingState,
)

_RETURNED = 6  # of a hundred
_FILED = (FilingAct.STARTED, FilingAct.APPROVED, FilingAct.SUBMITTED)


def add_filing(
    rows: Rows,
    seed: int,
    place: Region,
    *,
    year: int,
    kind: FilingKind,
    due: date,
    filed: date | None,
    **subject: int,
) -> None:
    """A filing of `place` that was filed on `filed` (None: never), with its events up to the day
    that the load is of; the order of its steps is that of the program."""
    way = list(_way(seed, place, year, kind, filed, subject)) if filed else []
    if filed is not None and not rows.has_come(filed):
        filed, way = None, []
    way = [each for each in way if rows.has_come(each[1])]
    state, since, events = FilingState.NOT_STARTED, None, []
    for act, day, reason in way:
        step = steps.STEPS[act]
        assert state in step.of or city_above(place) is None, (state, act)
        events.append(
            {
                "act": act,
                "from_state": state,
                "to_state": step.to,
                "at": moment(day),
                "reason": reason,
            }
        )
        state, since = step.to, moment(day)
    number = rows.add(
        Filing,
        filed or due,
        year=year,
        kind=kind,
        due_on=due,
        state=state,
        state_at=since,
        filed_at=moment(filed) if filed else None,
        **subject,
    )
    if number is not None:
        for event in events:
            rows.add(FilingEvent, filed or due, filing_id=number, **event)


def file_on_its_last_day(filing: Filing) -> None:
    """File what has fallen due, by the acts of the program itself."""
    for act in _FILED:
        if filing.state in steps.STEPS[act].of:
            service.act(None, filing, act, at=moment(filing.due_on))


def _way(
    seed: int,
    place: Region,
    year: int,
    kind: FilingKind,
    filed: date,
    subject: dict[str, int],
) -> Iterator[tuple[FilingAct, date, str]]:
    rng = stream(seed, "way of a filing", str(sorted(subject.items())), str(year), kind.value)

    def after(days: int) -> date:
        return filed + timedelta(days=days)

    yield FilingAct.STARTED, after(-rng.randint(2, 6)), ""
    yield FilingAct.APPROVED, after(-rng.randint(0, 1)), ""
    yield FilingAct.SUBMITTED, filed, ""
    back = 0
    if chance(rng, _RETURNED):
        back = 4
        yield FilingAct.RETURNED, after(1), "示例：到位资金缺少凭证，请补充"
        yield FilingAct.STARTED, after(2), ""
        yield FilingAct.APPROVED, after(3), ""
        yield FilingAct.SUBMITTED, after(4), ""
    looked = back + rng.randint(1, 5)
    if city_above(place) is not None:
        yield FilingAct.CITY_REVIEWED, after(looked), ""
    yield FilingAct.REVIEWED, after(looked + rng.randint(3, 12)), ""
