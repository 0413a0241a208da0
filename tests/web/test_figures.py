"""How figures look."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from pathlib import Path

import pytest
from markupsafe import Markup

from tracker.core.quantities.figure import wan_yuan
from tracker.core.quantities.figure import yuan as of_yuan
from tracker.core.quantities.printed import amount_words, trimmed
from tracker.core.quantities.reading import parse_number
from tracker.core.quantities.shown import (
    NOT_APPLICABLE,
    NOT_REPORTED,
    UNSCORABLE,
    bare,
    figure,
    headed,
    in_unit,
    in_wan,
    in_words,
    look,
    money,
    money_exactly,
    percent,
    points,
)
from tracker.papers.reports.words import percent as percent_on_paper
from tracker.papers.reports.words import points as points_on_paper

TRACKER = Path(__file__).parents[2] / "tracker"


def plain(markup: Markup) -> str:
    return html.unescape(re.sub("<[^>]+>", "", str(markup)))


@pytest.mark.parametrize(
    ("yuan", "shown"),
    [
        ("0", "0万元"),
        ("10000", "1万元"),
        ("10008000", "1,000.8万元"),
        ("99999999.99", "10,000万元"),
        ("3978822", "397.88万元"),
        ("40", "<0.01万元"),
        ("-40", ">−0.01万元"),
        ("100000000", "1.00亿元"),
        ("123456789", "1.23亿元"),
        ("125500000", "1.26亿元"),
        ("75200000000", "752.00亿元"),
        ("123456789000000", "1,234,567.89亿元"),
        ("-30000000", "−3,000万元"),
        ("-120000000", "−1.20亿元"),
    ],
)
def test_money(yuan, shown):
    assert plain(money(Decimal(yuan))) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        ("0.8914", "89.1%"),
        ("0.99999", "99.9%"),
        ("1", "100.0%"),
        ("1.0001", "100.1%"),
        ("8.96", "896.0%"),
        ("12.5", "1,250.0%"),
        ("0", "0.0%"),
        ("0.0001", "<0.1%"),
        ("-0.125", "−12.5%"),
    ],
)
def test_what_is_not_all_never_looks_like_it(share, shown):
    assert percent(Decimal(share)) == shown
    if shown != "<0.1%" and Decimal(share):
        assert percent_on_paper(share) == shown


def test_a_short_figure_keeps_its_exact_one_at_hand():
    assert 'title="123,456,789元"' in money(Decimal("123456789"))
    assert 'title="3,978,822元"' in in_wan(Decimal("3978822"))
    assert 'title="0.3333个"' in figure(Decimal("0.3333"), "个")
    assert "title" not in money(Decimal("120000000"))


@pytest.mark.parametrize(
    ("yuan", "mark", "shown"),
    [
        ("4570000", "", "457.00"),
        ("3978822", "", "397.88"),
        ("125500001", "≥", "≥12,550.00"),
        ("0", "", "0.00"),
        ("1", "", "<0.01"),
    ],
)
def test_a_column_has_two_decimals_and_no_unit(yuan, mark, shown):
    assert plain(in_wan(of_yuan(Decimal(yuan), mark))) == shown


def test_two_amounts_that_are_compared_have_one_unit():
    one, other = Decimal("90000000"), Decimal("120000000")
    assert plain(money(one, like=other)) == "0.90亿元"
    assert plain(money(other, like=one)) == "1.20亿元"


@pytest.mark.parametrize(
    ("value", "unit", "shown", "alone", "head"),
    [
        ("0.8765", "比例", "87.65%", "87.65", "完成率（%）"),
        ("12.345", "亩", "12.35亩", "12.35", "完成率（亩）"),
        ("1", "是否", "是", "是", "完成率"),
    ],
)
def test_a_measure_in_its_unit(value, unit, shown, alone, head):
    assert plain(in_unit(Decimal(value), unit)) == shown
    assert plain(bare(Decimal(value), unit)) == alone
    assert headed("完成率", unit) == headed(head, unit) == head
    assert headed("完成率(%)", "%") == "完成率(%)"


@pytest.mark.parametrize(
    ("yuan", "shown"),
    [
        ("99999999", "10,000万元99,999,999元"),
        ("120000000", "1.20亿元"),
        ("123456000", "1.23亿元123,456,000元"),
        ("-123456000", "−1.23亿元−123,456,000元"),
    ],
)
def test_the_ledger_hides_nothing(yuan, shown):
    assert plain(money_exactly(Decimal(yuan))) == shown


@pytest.mark.parametrize(("mark", "shown"), [("≥", "≥1.25亿元"), ("≤", "≤1.26亿元")])
def test_a_bound_stays_true_when_shortened(mark, shown):
    assert plain(money(of_yuan(Decimal("125500000"), mark))) == shown


def test_nothing_reported_zero_and_the_others_look_different():
    looks = {str(money(None)), str(money(Decimal(0))), str(look(NOT_APPLICABLE))}
    assert len(looks | {str(look(UNSCORABLE))}) == 4
    assert plain(money(None)) == NOT_REPORTED


def test_units_are_escaped():
    assert "<b>" not in figure(1, "<b>")


@pytest.mark.parametrize("value", ["-1234.5", "-0.001", "-98765432.1"])
def test_pages_and_papers_write_one_minus_that_can_be_read_again(value):
    number = Decimal(value)
    shown = [
        *map(plain, (money(number), in_wan(number), figure(number, "个"), bare(number, "比例"))),
        percent(number),
        points(value),
        *amount_words(wan_yuan(value)),
        points_on_paper(value),
    ]
    assert [words for words in shown if "-" in words] == []
    assert all("−" in words for words in shown)
    assert parse_number(trimmed(number), signed=True) == number


def test_nobody_else_writes_a_minus():
    """But the engine, which reads nothing of ours."""
    writers = {
        str(path.relative_to(TRACKER))
        for path in TRACKER.rglob("*.py")
        if 'replace("-", "−")' in path.read_text(encoding="utf-8")
    }
    assert writers == {"core/quantities/printed.py", "engine/scoring/exact.py"}


def test_a_figure_in_a_sentence_without_markup_keeps_its_unit_apart() -> None:
    assert in_words(money(Decimal(5_000_000))) == "500 万元"
    assert in_words(in_unit(7, "次")) == "7 次"
    assert in_words(in_unit(Decimal("0.955"), "比例")) == "95.5%"
    assert in_words(in_unit(None)) == "未报"
