"""What is still owed of what was paid only as a bound: no more is said than that allows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from tests import factories as make
from tests.factories import wan
from tracker.core.db import Precision
from tracker.core.quantities.figure import yuan
from tracker.overview.enclaves import settled
from tracker.records.enclaves.models import TermKind
from tracker.records.ledger.due import awaited
from tracker.records.ledger.models import EntryKind
from tracker.records.ledger.queries import Sum
from tracker.records.ledger.returns import ReturnYear, owing
from tracker.records.ledger.yearly_returns import ReturnOfYear

P = Precision
# Of 100 due: what was paid, how exactly; what is owed; the words of the year's page, of a reminder.
CASES = [
    (None, P.EXACT, "100", "未见返利", "尚欠 100 万元"),
    (40, P.EXACT, "60", "未足额", "尚欠 60 万元"),
    (40, P.AT_LEAST, "≤60", "可能未足额", "尚欠不超过 60 万元"),
    (40, P.AT_MOST, "≥60", "未足额", "至少尚欠 60 万元"),
    (40, P.ABOUT, "≈60", "未足额", "约尚欠 60 万元"),
    (100, P.EXACT, "0", "足额", None),
    (120, P.AT_LEAST, "0", "足额", None),
    (120, P.AT_MOST, "≥0", "是否足额不能确定", "是否付足尚不能确定"),
    (120, P.ABOUT, "≈0", "大致足额", None),
]


@pytest.mark.parametrize(("paid", "how", "left", "state", "told"), CASES)
def test_what_is_owed_turns_the_bound_of_what_was_paid(
    sqlite_app: Flask, paid, how, left, state, told
) -> None:
    places = make.zhejiang()
    enclave = make.enclave(places["缙云县"], places["富阳区"])
    make.term(enclave, TermKind.FIXED_SUM, amount=wan(100), starts_on=date(2024, 1, 1), pay_by=1231)
    if paid is not None:
        day = date(2024, 12, 31)
        make.entry(enclave, EntryKind.REBATE, wan(paid), day, due_on=day, precision=how)
    year = ReturnYear(2024, wan(100), _sum(paid, how))
    assert f"{year.owing.precision}{year.owing.value / 10_000:f}" == left
    assert year.state == state
    words = [each.words for each in awaited(enclave, date(2024, 12, 31)) if each.year == 2024]
    assert words == ([told] if told else [])


def test_of_what_is_not_known_to_be_due_nothing_is_said() -> None:
    year = ReturnYear(2024, None, None, "未填报出资")
    assert (year.state, year.owing) == ("", yuan(Decimal(0)))
    assert ReturnYear(2024, Decimal(0), None).state == "无应返"


def test_enclaves_together_owe_no_more_than_is_known(sqlite_app: Flask) -> None:
    places = make.zhejiang()
    enclave = make.enclave(places["缙云县"], places["富阳区"])
    years = [
        ReturnOfYear(enclave, True, wan(100), _sum(paid, how))
        for paid, how in ((40, P.AT_LEAST), (90, P.EXACT), (130, P.EXACT))
    ]
    found = settled(years)
    assert found is not None
    assert found.owing == yuan(wan(70), "≤")
    assert found.met == yuan(wan(230), "≥")
    assert found.over == yuan(wan(30), "≥")  # of at least 40 paid, more than 100 may have been
    assert (found.short, [one.owes for one in years]) == (1, [False, True, False])


@pytest.mark.parametrize("how", P)
@pytest.mark.parametrize("paid", [40, 100, 130])
def test_what_is_owed_holds_for_all_that_may_have_been_paid(how: P, paid: int) -> None:
    """Each amount that the ledger's words allow leaves an amount that the page's words allow."""
    told = owing(wan(100), yuan(wan(paid), how.label))
    may = {P.EXACT: [0], P.AT_LEAST: [0, 20, 200], P.AT_MOST: [-40, -20, 0], P.ABOUT: [0]}[how]
    for more in may:
        left = max(wan(100) - wan(paid + more), Decimal(0))
        holds = {
            "": left == told.value,
            "≤": left <= told.value,
            "≥": left >= told.value,
            "≈": True,
        }
        assert holds[told.precision], (how, paid, more)


def _sum(paid: int | None, how: P) -> Sum | None:
    return None if paid is None else Sum(yuan(wan(paid), how.label), 1)
