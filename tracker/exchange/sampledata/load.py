"""The whole load, in the order in which records rest on each other, and its undoing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from tracker.core.db import Base, Origin, db, units
from tracker.core.quantities.days import first_day, last_day, last_quarter_end
from tracker.core.told import ToldError
from tracker.exchange.sampledata.adverse import year_of_adversity
from tracker.exchange.sampledata.annual import issue_lists
from tracker.exchange.sampledata.applications import years_of_applications
from tracker.exchange.sampledata.contracts import invent_contracts
from tracker.exchange.sampledata.counties import incomes_of_villages, years_of_counties
from tracker.exchange.sampledata.enclave_years import background_of_enclaves, years_of_enclaves
from tracker.exchange.sampledata.exchanges import invent_institutions, years_of_pairs
from tracker.exchange.sampledata.filings import file_on_its_last_day
from tracker.exchange.sampledata.goals import years_of_goals
from tracker.exchange.sampledata.judge import carry_targets_on, judge
from tracker.exchange.sampledata.later import fill
from tracker.exchange.sampledata.orders import years_of_orders
from tracker.exchange.sampledata.park_years import background_of_parks, years_of_parks
from tracker.exchange.sampledata.places import invent_pairings, invent_places
from tracker.exchange.sampledata.plans_of_projects import plan_projects
from tracker.exchange.sampledata.projects import invent_projects, pay_projects, sign_projects
from tracker.exchange.sampledata.rows import Rows
from tracker.exchange.sampledata.scene import INVENTED, INVENTED_CITY, YEARS, Scene
from tracker.exchange.sampledata.sites import invent_enclaves, invent_parks
from tracker.exchange.sampledata.villages import (
    invent_demonstrations,
    invent_stakes,
    invent_villages,
)
from tracker.exchange.sampledata.works import years_of_works
from tracker.records.accounts.models import User
from tracker.records.determinations.models import Determination
from tracker.records.ledger.models import LedgerEntry
from tracker.records.parks.models import BASE_YEAR
from tracker.records.places.models import Region
from tracker.records.submissions.models import Filing
from tracker.records.submissions.queries import never_filed

_MARK = re.compile(
    r"示例数据：种子 (?P<seed>\d+)；年度(?P<years>[\d ]*)；参照年度(?P<before>[\d ]*)"
    r"(?:；截至 (?P<until>\d{4}-\d\d-\d\d))?"
)

# What stands for all years. Each step sees what those before it wrote.
LASTING: tuple[Callable[[Scene], None], ...] = (
    invent_pairings,
    invent_enclaves,
    invent_parks,
    invent_contracts,
    invent_villages,
    invent_stakes,
    invent_demonstrations,
    invent_projects,
    invent_institutions,
)
# What a year is measured against: also of the year before the first, and of 2019.
BEFORE: tuple[Callable[[Scene, int], None], ...] = (
    background_of_enclaves,
    background_of_parks,
    incomes_of_villages,
)
YEARLY: tuple[Callable[[Scene, int], None], ...] = (
    pay_projects,
    years_of_enclaves,
    years_of_parks,
    years_of_pairs,
    years_of_counties,
    year_of_adversity,
    years_of_applications,
    plan_projects,
    years_of_works,
    years_of_orders,
    years_of_goals,
)


class SampleDataError(ToldError, ValueError):
    """A load or a removal that is not possible; the message is for the user."""

    status = 500


@dataclass(frozen=True)
class Mark:
    """What is loaded: the seed, the years, those that they are measured against, and the day up to
    which what came after YEARS is there."""

    seed: int
    years: tuple[int, ...] = ()
    before: tuple[int, ...] = ()
    until: date | None = None

    def __str__(self) -> str:
        years, before = (
            "".join(f" {year}" for year in sorted(of)) for of in (self.years, self.before)
        )
        until = f"；截至 {self.until}" if self.until else ""
        return f"示例数据：种子 {self.seed}；年度{years}；参照年度{before}{until}"


def loaded() -> Mark | None:
    """The mark of the sample data in the database, kept in the note of 示例市; None without any."""
    note = db.session.scalar(
        select(Region.note).where(Region.code == INVENTED_CITY, Region.origin == Origin.SAMPLE)
    )
    found = _MARK.fullmatch(note or "")
    if found is None:
        return None
    years, before = (tuple(map(int, found[name].split())) for name in ("years", "before"))
    until = date.fromisoformat(found["until"]) if found["until"] else None
    return Mark(int(found["seed"]), years, before, until)


def load_sample_data(
    years: Iterable[int], seed: int, progress: Callable[[str], None] = lambda step: None
) -> Counter[str]:
    """Add the sample data of `years`, a unit for what lasts and one for each year, so that nobody
    else waits for all of it. Interrupted, it goes on with the next year when it is run again.

    Returns the number of rows by table; years that are there already add none but of what a sample
    of before did not have (see `later`). `progress` is told
    what is being done, in Chinese. Raises SampleDataError for a year without sample data and for
    another seed than the one loaded, NoPublicDataError without the real places.
    """
    wanted = sorted(set(years))
    beyond = [year for year in wanted if year not in YEARS]
    if beyond:
        raise SampleDataError(f"示例数据只有{YEARS[0]}年至{YEARS[-1]}年，没有{beyond[0]}年。")
    with units.writing():
        counts = _load_lasting(seed, progress)
    for year in wanted:
        units.give_way()
        with units.writing():
            counts += _load_year(year, seed, progress)
    return counts


def _load_lasting(seed: int, progress: Callable[[str], None]) -> Counter[str]:
    mark = loaded()
    if mark is not None and mark.seed != seed:
        raise SampleDataError(
            f"已有种子为 {mark.seed} 的示例数据，不能再载入种子 {seed}；"
            "请先用 tracker sample-data --remove 清除，或换用新的数据库。"
        )
    rows = Rows()
    if mark is None:
        progress("虚构地区、飞地、产业园、村和项目")
        invent_places(rows, str(Mark(seed)))
        for lasting in LASTING:
            lasting(Scene(seed, rows))
    return rows.counts


def _load_year(year: int, seed: int, progress: Callable[[str], None]) -> Counter[str]:
    mark = loaded()
    if mark is None or mark.seed != seed:
        raise SampleDataError("另有人刚刚清除或更换了示例数据，请重新运行。")
    scene, before = Scene(seed, Rows()), set(mark.before)
    if year in mark.years:
        fill(scene, year, progress)
        return scene.rows.counts
    progress(f"{year}年")
    for other in (BASE_YEAR, year - 1, year):
        if other not in before:
            for step in BEFORE:
                step(scene, other)
            before.add(other)
    for step in YEARLY:
        step(scene, year)
    judge(scene, year)
    issue_lists(scene, year)
    _keep(replace(mark, years=(*mark.years, year), before=tuple(before)))
    return scene.rows.counts


def load_to_date(
    seed: int, day: date, progress: Callable[[str], None] = lambda step: None
) -> Counter[str]:
    """Add what came after YEARS, up to the last quarter that is over on `day`; YEARS are there.

    The same for a given day. Run again after a further quarter, it adds that quarter and the
    filings since. Returns the number of rows by table; raises SampleDataError without YEARS.
    """
    counts: Counter[str] = Counter()
    until = last_quarter_end(day)
    for year in range(YEARS[-1] + 1, until.year + 1):
        units.give_way()
        with units.writing():
            counts += _load_part(year, min(until, last_day(year)), day, seed, progress)
    return counts


def _load_part(
    year: int, until: date, day: date, seed: int, progress: Callable[[str], None]
) -> Counter[str]:
    mark = loaded()
    if mark is None or mark.seed != seed or set(YEARS) - set(mark.years):
        raise SampleDataError(f"请先载入{YEARS[0]}年至{YEARS[-1]}年的示例数据（同一种子）。")
    begins = first_day(year)
    first = max(begins, mark.until + timedelta(days=1)) if mark.until else begins
    _file_since(year, day)
    counts: Counter[str] = Counter()
    if mark.until and mark.until >= begins:
        there = Scene(seed, Rows((begins, min(mark.until, last_day(year))), day))
        fill(there, year, progress)
        counts += there.rows.counts
    if first > until:
        return counts
    progress(f"{year}年至 {until}")
    scene = Scene(seed, Rows((first, until), day))
    for step in (sign_projects, *BEFORE, *YEARLY, carry_targets_on, issue_lists):
        step(scene, year)
    _keep(replace(mark, until=until))
    return counts + scene.rows.counts


def _file_since(year: int, day: date) -> None:
    """File on its last day what has fallen due since the load before."""
    waiting = db.session.scalars(
        select(Filing).where(
            Filing.origin == Origin.SAMPLE,
            Filing.year == year,
            never_filed(),
            Filing.due_on <= day,
        )
    )
    for filing in waiting:
        of: Any = filing.region or filing.enclave
        place = filing.region or of.origin_region
        if not (place.code or "").startswith(INVENTED):
            file_on_its_last_day(filing)
    db.session.flush()


def _keep(mark: Mark) -> None:
    db.session.execute(
        update(Region)
        .where(Region.code == INVENTED_CITY)
        .values(note=str(mark), updated_at=Region.updated_at)
    )
    db.session.flush()


def remove_sample_data() -> int:
    """Delete all sample rows, in one transaction, which the caller commits; returns how many.

    Accounts of the demonstration stay. Raises SampleDataError where rows are append-only (the
    ledger, rulings), or where people's own records hang on sample rows.
    """
    for model in (LedgerEntry, Determination):
        kept = db.session.scalar(
            select(func.count()).select_from(model).where(model.origin == Origin.SAMPLE)
        )
        if kept:
            raise SampleDataError(
                f"示例数据中有 {kept} 条台账或核定记录，按规定只增不删，不能清除；"
                "请另建数据库，重新运行 tracker db upgrade 和 tracker public-data load。"
            )
    removed = 0
    try:
        for table in reversed(Base.metadata.sorted_tables):
            if "origin" in table.c and table is not User.__table__:
                sample = table.c.origin == Origin.SAMPLE
                deleted: Any = db.session.execute(delete(table).where(sample))
                removed += deleted.rowcount
    except IntegrityError:
        db.session.rollback()
        raise SampleDataError("已有填报的数据引用示例数据，不能清除；请另建数据库。") from None
    return removed
