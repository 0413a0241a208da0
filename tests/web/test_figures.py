"""How figures look."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from markupsafe import Markup

from tracker.web.figures import (
    NOT_APPLICABLE,
    NOT_REPORTED,
    UNSCORABLE,
    figure,
    look,
    money,
    money_exactly,
)


def plain(markup: Markup) -> str:
    return re.sub("<[^>]+>", "", str(markup))


@pytest.mark.parametrize(
    ("yuan", "shown"),
    [
        ("0", "0万元"),
        ("10000", "1万元"),
        ("10008000", "1,000.8万元"),
        ("99999999.99", "9,999.999999万元"),
        ("100000000", "1.00亿元"),
        ("123456789", "1.23亿元"),
        ("125500000", "1.26亿元"),
        ("75200000000", "752.00亿元"),
        ("123456789000000", "1,234,567.89亿元"),
        ("-30000000", "-3,000万元"),
        ("-120000000", "-1.20亿元"),
    ],
)
def test_money(yuan, shown):
    assert plain(money(Decimal(yuan))) == shown


def test_a_short_figure_keeps_its_exact_one_at_hand():
    assert 'title="12,345.6789万元"' in money(Decimal("123456789"))


@pytest.mark.parametrize(
    ("yuan", "shown"),
    [
        ("99999999", "9,999.9999万元"),
        ("120000000", "1.20亿元"),
        ("123456000", "1.23亿元12,345.6万元"),
        ("-123456000", "-1.23亿元-12,345.6万元"),
    ],
)
def test_the_ledger_hides_nothing(yuan, shown):
    assert plain(money_exactly(Decimal(yuan))) == shown


@pytest.mark.parametrize(("mark", "shown"), [("≥", "≥1.25亿元"), ("≤", "≤1.26亿元")])
def test_a_bound_stays_true_when_shortened(mark, shown):
    assert plain(money(Decimal("125500000"), mark)) == shown


def test_nothing_reported_zero_and_the_others_look_different():
    looks = {str(money(None)), str(money(Decimal(0))), str(look(NOT_APPLICABLE))}
    assert len(looks | {str(look(UNSCORABLE))}) == 4
    assert plain(money(None)) == NOT_REPORTED


def test_units_are_escaped():
    assert "<b>" not in figure(1, "<b>")
