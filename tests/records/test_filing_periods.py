"""The last days of a year: set by the province, moved to working days, with all filings at once."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import factories as make
from tests import factories_acts as acts
from tracker.core.db import db
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves.models import EnclaveKind
from tracker.records.submissions import service, workdays
from tracker.records.submissions.models import Filing, FilingKind, FilingPeriod, Holiday

K = FilingKind


def due(year: int) -> dict[FilingKind, date]:
    return {each.kind: each.due_on for each in service.last_days(year)}


def test_last_days_move_to_the_next_working_day(app: Flask) -> None:
    # 2026-10-10 is a Saturday on which one works; 2026-01-10 is a plain one.
    assert due(2026)[K.Q3] == date(2026, 10, 10)
    assert due(2025)[K.Q4] == due(2025)[K.ANNUAL] == date(2026, 1, 12)
    # 10 April 2027 is a Saturday of a year of which nothing is known but its weekends.
    assert due(2027)[K.Q1] == date(2027, 4, 12)
    assert due(2026)[K.Q4] == date(2027, 1, 11)
    assert workdays.years_known() == {2022, 2023, 2024, 2025, 2026}


def test_a_holiday_that_is_entered_moves_them(app: Flask) -> None:
    acts.holiday(date(2027, 4, 12), name="示例假日")
    acts.holiday(date(2027, 7, 10), works=True)
    assert due(2027)[K.Q1] == date(2027, 4, 13)
    assert due(2027)[K.Q2] == date(2027, 7, 10)


WORKED = (
    ("2023-01-02", False),
    ("2023-01-28", True),
    ("2023-06-25", True),
    ("2023-10-06", False),
    ("2023-10-08", True),
    ("2024-02-09", True),
    ("2024-02-18", True),
    ("2024-06-10", False),
    ("2024-09-16", False),
    ("2025-01-26", True),
    ("2025-02-04", False),
    ("2025-02-05", True),
    ("2025-10-08", False),
    ("2026-01-04", True),
    ("2026-02-23", False),
    ("2026-02-24", True),
    ("2026-09-25", False),
    ("2026-10-08", True),
)


def test_the_days_off_are_as_published(sqlite_app: Flask) -> None:
    for day, works in WORKED:
        on = date.fromisoformat(day)
        assert workdays.is_working(on, workdays.moved_days(on, on)) is works, day


def test_each_day_names_its_notice_and_is_what_its_weekday_is_not_or_a_day_off(
    sqlite_app: Flask,
) -> None:
    days = db.session.scalars(select(Holiday)).all()
    # 27 + 7 of 2023, 28 + 8, 28 + 5, 33 + 6 of 2026
    assert len(days) == 142
    for each in days:
        assert each.address.startswith("https://www.gov.cn/zhengce/content"), each.day
        assert each.document.startswith("国办发明电"), each.day
        if each.works:
            assert each.day.weekday() >= 5, each.day


def test_working_days_are_counted_both_ways(sqlite_app: Flask) -> None:
    moved = workdays.moved_days(date(2026, 9, 1), date(2026, 10, 31))
    assert workdays.days_on(date(2026, 10, 10), -2, moved) == date(2026, 10, 8)
    assert workdays.days_on(date(2026, 10, 10), -3, moved) == date(2026, 9, 30)
    assert workdays.days_on(date(2026, 9, 30), 1, moved) == date(2026, 10, 8)


@pytest.fixture
def places(app: Flask):
    found = make.zhejiang()
    make.listing(found["缙云县"])
    make.listing(found["庆元县"], left_on=date(2024, 5, 1))
    make.pairing(found["富阳区"], found["缙云县"], since=date(2021, 1, 1))
    make.enclave(found["缙云县"], found["富阳区"], EnclaveKind.INCOME, signed_on=date(2024, 8, 1))
    make.enclave(
        found["缙云县"],
        found["富阳区"],
        EnclaveKind.INCOME,
        signed_on=date(2020, 8, 1),
        closed_on=date(2024, 3, 1),
    )
    return found


def test_a_year_is_made_at_once_for_those_who_are_obliged_and_again_makes_nothing(places) -> None:
    province = make.user(Role.ASSESSOR, places["浙江省"])
    expected = {
        "缙云县": set(K),
        "富阳区": set(K),
        "庆元县": {K.Q1},
    }
    lacking = service.lacking(2024)
    done = service.open_year(province, 2024)
    assert (done.made, done.moved) == (lacking, 0) == (6 + 6 + 1 + 3, 0)
    filings = db.session.scalars(select(Filing)).all()
    for name, kinds in expected.items():
        own = {each.kind for each in filings if each.region_id == places[name].id}
        assert own == kinds, name
    assert {each.kind for each in filings if each.enclave_id} == {K.Q3, K.Q4, K.ANNUAL}
    assert {each.due_on for each in filings if each.kind is K.Q1} == {date(2024, 4, 10)}
    assert service.open_year(province, 2024) == service.Opened(0, 0)
    make.listing(places["丽水市"])
    assert service.open_year(None, 2024).made == 6


def test_last_days_that_change_move_what_is_not_filed_and_stay_set(places) -> None:
    service.open_year(None, 2024)
    filed = db.session.scalars(select(Filing).where(Filing.kind == K.Q1)).first()
    filed.state, filed.filed_at = service.steps.S.SUBMITTED, make.SUBMITTED
    db.session.flush()
    later = date(2024, 4, 13)  # a Saturday
    done = service.open_year(None, 2024, {K.Q1: later})
    assert done == service.Opened(0, 2)
    assert filed.due_on == date(2024, 4, 10)
    kept = db.session.scalar(select(FilingPeriod).where(FilingPeriod.kind == K.Q1))
    assert (kept.stated_on, kept.due_on) == (later, date(2024, 4, 15))
    assert due(2024)[K.Q1] == date(2024, 4, 15)
    assert service.open_year(None, 2024) == service.Opened(0, 0)


def test_nobody_but_the_province_sets_them(places) -> None:
    for role in Role:
        for name in ("缙云县", "丽水市", "浙江省"):
            user = make.user(role, None if role is Role.ADMINISTRATOR else places[name])
            if (role, name) == (Role.ASSESSOR, "浙江省"):
                continue
            with pytest.raises(service.StepError):
                service.open_year(user, 2024)
    assert db.session.scalar(select(func.count()).select_from(Filing)) == 0


def test_a_last_day_out_of_reason_is_refused(sqlite_app: Flask) -> None:
    wrong = {K.Q1: ("2024-03-15", "2024-03-31", "2026-01-01"), K.ANNUAL: ("2024-12-31",)}
    for kind, days in {**wrong, K.PLAN: ("2023-12-31",)}.items():
        for day in days:
            with pytest.raises(service.PeriodError):
                service.open_year(None, 2024, {kind: date.fromisoformat(day)})
    assert service.why_not_due(2024, K.Q1, date(2024, 4, 1)) == ""
    assert service.why_not_due(2024, K.PLAN, date(2024, 1, 1)) == ""
