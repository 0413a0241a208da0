"""A trial of the running year: what it says, what it replaces, and what never takes it for more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from tests import factories as make
from tests import factories_trials as trials
from tests.factories import wan
from tests.year.procedure.cities import SHEET as CITY_SHEET
from tracker.core.db import db, units
from tracker.core.jobs.declared import JOBS
from tracker.core.quantities.clock import today
from tracker.records.ledger.models import EntryKind
from tracker.records.places.models import Region, RegionLevel
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.queries import (
    comparable_before,
    latest_snapshot,
    years_with_snapshots,
)
from tracker.year.rulebooks import service as rulebooks
from tracker.year.rulebooks.models import SetStatus
from tracker.year.rulebooks.shelf import SET_FILE, city_example
from tracker.year.trials import freezing, jobs, queries
from tracker.year.trials.cli import trial_command
from tracker.year.trials.freezing import TrialError, owners_of, rulebooks_for, tried
from tracker.year.trials.models import Trial, TrialCard
from tracker.year.trials.service import keep

NOON = datetime(2026, 5, 20, 4, tzinfo=UTC)
SHEET = "zj-recipient-county"


@pytest.fixture(autouse=True)
def in_may() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def county_of(places: dict[str, Region]) -> Region:
    make.listing(places["缙云县"])
    pairing = make.pairing(places["富阳区"], places["缙云县"], since=date(2021, 1, 1))
    project = make.project(
        places["缙云县"], pairing=pairing, total_investment=wan(12_000), signed_on=date(2026, 2, 1)
    )
    make.entry(project, EntryKind.FUNDS_IN_PLACE, wan(500), date(2026, 3, 1))
    db.session.commit()
    return places["缙云县"]


def test_it_goes_by_last_years_rulebooks_and_is_no_snapshot(app: Flask):
    county = county_of(make.zhejiang())
    kept = keep(tried(2026), None)
    db.session.commit()
    assert (kept.year, kept.rulebook_year, kept.borrowed) == (2026, 2025, True)
    assert kept.month == date(2026, 5, 1)
    own = next(card for card in kept.cards if card.subject_code == county.code)
    assert own.sheet == SHEET
    assert (own.best_grade, own.best_at, own.best_quota) == ("优秀", Decimal(90), True)
    scored = [Decimal(line["award"]) for line in own.lines if line["state"] == "scored"]
    assert own.total == sum(scored)
    assert own.unscorable == sum(line["state"] == "unscorable" for line in own.lines)
    # Sheets of enclaves, parks and villages are no part of it.
    assert {card.subject for card in kept.cards} <= {"county.recipient", "county.supporter", "city"}
    # Nothing that asks for the snapshots of a year meets it, and no year rests on it.
    assert db.session.scalar(select(func.count()).select_from(Snapshot)) == 0
    assert db.session.scalar(select(func.count()).select_from(ScorecardRow)) == 0
    assert latest_snapshot(2026) is None
    assert years_with_snapshots() == []
    assert (
        comparable_before(Snapshot(year=2027, frozen_at=datetime(2028, 1, 5, tzinfo=UTC))) is None
    )


def made(month: int, day: int, owner: int | None = None) -> Trial:
    """A trial that is not kept yet."""
    return Trial(
        year=2026,
        owner_region_id=owner,
        month=date(2026, month, 1),
        frozen_at=datetime(2026, month, day, 4, tzinfo=UTC),
        rulebook_year=2025,
        engine="1.4",
        facts_sha256="0" * 64,
        cards=[],
    )


def test_a_later_one_of_the_month_replaces_it_and_an_older_one_never_does(app: Flask):
    place = make.zhejiang()["缙云县"]
    first, second = made(5, 20), made(5, 21)
    keep(first, None)
    trials.trial_card(first, place)
    db.session.commit()
    assert keep(second, None) is second
    assert keep(made(5, 20), None) is second
    keep(made(6, 1), None)
    last = keep(made(6, 2), None)
    trials.trial_card(last, place)
    db.session.commit()
    assert db.session.scalars(select(Trial).order_by(Trial.month)).all() == [second, last]
    assert queries.latest(2026) is last
    assert queries.before_month(last) is second
    assert queries.before_month(second) is None
    assert [card.trial_id for card in db.session.scalars(select(TrialCard))] == [last.id]


@pytest.mark.parametrize("year", [2025, 2027])
def test_only_the_running_year_is_tried(year: int):
    with pytest.raises(TrialError, match="只试算进行中的年度"):
        tried(year)


def test_a_year_without_rulebooks_and_after_one_without_is_refused(sqlite_app: Flask):
    with sqlite_app.app_context(), pytest.raises(TrialError, match="都没有评分细则，不能试算"):
        rulebooks_for(2027)


def test_a_city_without_rulebooks_of_its_own_is_refused(sqlite_app: Flask):
    with sqlite_app.app_context():
        city = make.zhejiang()["丽水市"].id
        with pytest.raises(TrialError, match="2026 年和 2025 年都没有市考县评分细则，不能试算"):
            rulebooks_for(2026, city)


def as_a_worker(app: Flask) -> None:
    with app.app_context(), units.mode(writes=False):
        jobs.daily()


def test_it_comes_by_itself_once_a_day(sqlite_app: Flask, monkeypatch):
    job = JOBS["trials.freeze"]
    assert (job.minutes, job.lane.value) == (60, "long")
    asked = []

    def trying(year: int, owner: int | None) -> Trial:
        asked.append(year)
        return made(5, today().day, owner)

    monkeypatch.setattr(jobs, "tried", trying)
    for day, hour in ((20, 4), (20, 15), (20, 17), (21, 3)):  # 17:00 is the next day in China
        with time_machine.travel(datetime(2026, 5, day, hour, tzinfo=UTC)):
            as_a_worker(sqlite_app)
    assert asked == [2026, 2026]

    def refusing(year: int, owner: int | None) -> Trial:
        raise TrialError("没有细则")

    monkeypatch.setattr(jobs, "tried", refusing)
    with time_machine.travel(datetime(2026, 5, 22, 9, tzinfo=UTC)):
        as_a_worker(sqlite_app)
    assert queries.latest(2026).frozen_at.day == 21


def test_the_command_says_by_which_rulebooks(sqlite_app: Flask):
    with sqlite_app.app_context():
        make.listing(make.zhejiang()["缙云县"])
        db.session.commit()
    answer = sqlite_app.test_cli_runner().invoke(trial_command, ["--year", "2026"])
    assert answer.exit_code == 0, answer.output
    assert "2026年度试算于 2026-05-20 12:00" in answer.output
    assert "2026 年细则尚未发布，按 2025 年示例细则试算" in answer.output


def publish(city: Region, year: int) -> None:
    """Let a city have rulebooks of its own for a year."""
    example = city_example()
    texts = {SET_FILE: example.text, **example.texts}
    of = rulebooks.make(None, year, "市考县细则", SetStatus.DESIGNED, "", texts, city.id)
    rulebooks.publish(of, "", None)


@pytest.fixture
def cities(sqlite_app: Flask) -> dict[str, int]:
    """Cities by name: with rulebooks of the running year, of the year before, and of years ago."""
    with sqlite_app.app_context():
        places = make.zhejiang()
        county_of(places)
        old = make.region("330800", "衢州市", places["浙江省"], level=RegionLevel.CITY)
        for city, year in ((places["丽水市"], 2026), (places["杭州市"], 2025), (old, 2024)):
            publish(city, year)
        db.session.commit()
        return {name: places[name].id for name in ("丽水市", "杭州市")}


def test_each_owner_has_a_trial_of_its_own(sqlite_app: Flask, cities: dict[str, int]) -> None:
    lishui, hangzhou = cities["丽水市"], cities["杭州市"]
    with sqlite_app.app_context():
        assert owners_of(2026) == [None, hangzhou, lishui]
        assert [rulebooks_for(2026, each)[1] for each in owners_of(2026)] == [2025, 2025, 2026]
    as_a_worker(sqlite_app)
    with sqlite_app.app_context():
        assert set(queries.latest_of_cities(2026)) == {lishui, hangzhou}
        province, city = queries.latest(2026), queries.latest(2026, lishui)
        assert {card.sheet for card in city.cards} == {CITY_SHEET}
        assert {card.region.parent_id for card in city.cards} == {lishui}
        assert CITY_SHEET not in {card.sheet for card in province.cards}
        assert (city.rulebook_year, city.whose) == (2026, "市考县 · 丽水市 ")
        assert queries.latest(2026, hangzhou).borrowed
        before = {each.id for each in db.session.scalars(select(Trial))}
    as_a_worker(sqlite_app)  # once a day, each
    with time_machine.travel(datetime(2026, 5, 21, 4, tzinfo=UTC)):
        as_a_worker(sqlite_app)
    with sqlite_app.app_context():
        after = list(db.session.scalars(select(Trial)))
        assert {each.frozen_at.day for each in after} == {21}
        assert {each.owner_region_id for each in after} == {None, lishui, hangzhou}
        assert len(after) == len(before) == 3


def test_months_of_owners_stand_apart(app: Flask) -> None:
    city = make.zhejiang()["丽水市"].id
    of = {owner: [keep(made(month, 2, owner), None) for month in (4, 5)] for owner in (None, city)}
    keep(made(5, 3, city), None)
    db.session.commit()
    april, may = of[None]
    assert queries.latest(2026) is may
    assert queries.before_month(may) is april
    assert queries.of_month(2026, date(2026, 5, 1), city).frozen_at.day == 3
    assert queries.before_month(queries.latest(2026, city)) is of[city][0]


@pytest.mark.parametrize("fault", [TrialError("细则有误"), RuntimeError("unforeseen")])
def test_what_stops_one_owner_stops_no_other(
    sqlite_app: Flask,
    cities: dict[str, int],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
) -> None:
    broken = cities["杭州市"]

    def trying(year: int, owner: int | None) -> Trial:
        if owner == broken:
            raise fault
        return made(5, 20, owner)

    monkeypatch.setattr(jobs, "tried", trying)
    as_a_worker(sqlite_app)
    with sqlite_app.app_context():
        kept = {each.owner_region_id for each in db.session.scalars(select(Trial))}
    assert kept == {None, cities["丽水市"]}
    assert [record.levelname for record in caplog.records if record.name == jobs.__name__] == [
        "WARNING" if isinstance(fault, TrialError) else "ERROR"
    ]
    assert f"no trial of 2026 by {broken}" in caplog.text


def test_the_command_tries_all_owners_or_the_one_that_is_named(
    sqlite_app: Flask, cities: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = sqlite_app.test_cli_runner()
    one = runner.invoke(trial_command, ["--owner", "331100"])
    assert one.exit_code == 0, one.output
    assert "市考县 · 丽水市 2026年度试算于 2026-05-20 12:00" in one.stdout
    assert "按 2026 年示例细则试算" in one.stdout
    with sqlite_app.app_context():
        assert queries.latest(2026) is None
        assert queries.latest(2026, cities["丽水市"]).whose

    def refusing(year: int, progress: object, owner: int | None) -> Trial:
        if owner == cities["杭州市"]:
            raise TrialError("评分细则有误：没有指标")
        return made(5, 20, owner)

    monkeypatch.setattr(freezing, "tried", refusing)
    every = runner.invoke(trial_command, ["--year", "2026"])
    assert every.exit_code == 1
    assert str(every.exception) == "市考县 · 杭州市 评分细则有误：没有指标"
    assert [line.partition("年度")[0] for line in every.stdout.splitlines()] == [
        "2026",
        "市考县 · 丽水市 2026",
    ]
    unknown = runner.invoke(trial_command, ["--owner", "331122"])
    assert "没有代码为 331122 的设区市" in unknown.output
