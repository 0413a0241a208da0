"""Whatever is entered after a ruling, it stands until somebody rules anew, and is marked: one 元
does not bring back what was corrected away, nor one unproven entry take away what was accepted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.core.quantities.shown import told
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.year.measures.collect import Fact
from tracker.year.measures.columns import CHANGED, UNPROVEN, _column_fact

COUNTY, CITY, PROVINCE = RulingLevel
BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)

cents = st.integers(min_value=0, max_value=10**10).map(lambda n: Decimal(n).scaleb(-6))
reported = st.none() | cents
records = st.tuples(st.just("records"), reported, st.booleans())
rulings = st.tuples(st.sampled_from([CITY, PROVINCE]), st.sampled_from(list(Ruling)), cents)
histories = st.lists(records | rulings, max_size=12)


def ruled(number: int, level: RulingLevel, ruling: Ruling, on: Decimal | None, value: Decimal):
    return Determination(
        id=number,
        level=level,
        ruling=ruling,
        reported=on,
        value=value if ruling is Ruling.CORRECTED else None,
        reason="核对回单",
        ruled_at=BEGINNING + timedelta(days=number),
    )


def plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize() if value else Decimal(0), "f")


@given(start=reported, history=histories)
def test_a_ruling_stands_whatever_is_entered_after_it(start, history) -> None:
    now, unproven, made = start, False, []
    decided: dict[RulingLevel, tuple[Decimal | None, Decimal | None]] = {}
    for number, event in enumerate(history, 1):
        if event[0] == "records":
            now, unproven = event[1], event[2]
        else:
            level, ruling, value = event
            if ruling is Ruling.ACCEPTED and now is None:
                continue  # nobody accepts what was not reported
            made.append(ruled(number, level, ruling, now, value))
            counts = {Ruling.ACCEPTED: now, Ruling.CORRECTED: value}.get(ruling, Decimal(0))
            decided[level] = (counts, now)
        for column in RulingLevel:
            fact = Fact(plain(now))
            found = _column_fact(column, fact, made, UNPROVEN if unproven else None)
            below = [level for level in (PROVINCE, CITY) if level in decided]
            below = (
                [] if column is COUNTY else [x for x in below if x is CITY or column is PROVINCE]
            )
            if not below:
                nought = column is not COUNTY and unproven and now is not None
                assert found.value == ("0" if nought else plain(now))
                assert (found.by, found.changed) == (None, False)
                continue
            counts, on = decided[below[0]]
            assert found.value == plain(counts)
            assert found.by is below[0]
            assert found.changed == (on != now)
            assert (CHANGED in found.reason) == found.changed


@given(before=cents, value=cents, paid=st.integers(min_value=1, max_value=100))
def test_one_cent_more_brings_nothing_back(before: Decimal, value: Decimal, paid: int) -> None:
    correction = ruled(1, PROVINCE, Ruling.CORRECTED, before, value)
    after = before + Decimal(paid).scaleb(-6)
    found = _column_fact(PROVINCE, Fact(plain(after)), [correction], UNPROVEN)
    assert (found.value, found.changed) == (plain(value), True)
    assert f"{CHANGED}（现上报 {told(after)}）" in found.reason


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [("1203.4515", "万元", "≈1,203.45 万元"), ("0.75", "比例", "75%"), ("1", "是否", "是")],
)
def test_what_the_records_say_since_has_its_unit(value, unit, words):
    correction = ruled(1, PROVINCE, Ruling.CORRECTED, Decimal(3), Decimal(2))
    found = _column_fact(PROVINCE, Fact(value), [correction], None, unit)
    assert f"{CHANGED}（现上报 {words}）" in found.reason
