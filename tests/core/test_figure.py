"""What a figure is, and what is reckoned with it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tracker.core.quantities.figure import PART, Figure, UnitsDifferError, added, wan_yuan, yuan
from tracker.core.quantities.printed import percent

SIGNS = ["", "≥", "≤", "≈"]


def figure(text: str, unit: str = "万元") -> Figure:
    """The figure that "≥3" is."""
    sign = text[0] if text[0] in SIGNS else ""
    return Figure(Decimal(text.removeprefix(sign)), unit, sign)


@pytest.mark.parametrize(
    ("one", "other", "whole"),
    [
        ("1.5", "2", "3.5"),
        ("≥1", "2", "≥3"),
        ("≥1", "≥2", "≥3"),
        ("≤1", "2", "≤3"),
        ("≥1", "≤2", "≈3"),
        ("≈1", "≥2", "≈3"),
    ],
)
def test_a_sum_claims_no_more_than_its_parts(one: str, other: str, whole: str) -> None:
    assert figure(one) + figure(other) == figure(other) + figure(one) == figure(whole)


@pytest.mark.parametrize(
    ("one", "other", "left"),
    [
        ("5", "2", "3"),
        ("5", "≥2", "≤3"),
        ("5", "≤2", "≥3"),
        ("≥5", "≤2", "≥3"),
        ("≥5", "≥2", "≈3"),
        ("≈5", "2", "≈3"),
    ],
)
def test_what_is_taken_away_turns_its_bound(one: str, other: str, left: str) -> None:
    assert figure(one) - figure(other) == figure(left)


@pytest.mark.parametrize("sign", SIGNS)
def test_the_bounds_of_a_sum_are_true_of_all_that_its_parts_may_be(sign: str) -> None:
    """Each sign stands for some numbers: every sum and difference of such is among those that the
    sign of the sum or the difference stands for."""
    may_be = {
        "": [Decimal(4)],
        "≥": [Decimal(4), Decimal(7)],
        "≤": [Decimal(1), Decimal(4)],
        "≈": [Decimal(1), Decimal(4), Decimal(7)],
    }

    def holds(found: Figure, real: Decimal) -> bool:
        return {
            "": real == found.value,
            "≥": real >= found.value,
            "≤": real <= found.value,
            "≈": True,
        }[found.precision]

    one = Figure(Decimal(4), "亩", sign)
    for other_sign in SIGNS:
        other = Figure(Decimal(4), "亩", other_sign)
        for a in may_be[sign]:
            for b in may_be[other_sign]:
                assert holds(one + other, a + b)
                assert holds(one - other, a - b)
        assert all(holds(one * 3, 3 * a) and holds(-one, -a) for a in may_be[sign])
    assert one * 0 == Figure(Decimal(0), "亩")


def test_units_are_never_mixed() -> None:
    with pytest.raises(UnitsDifferError):
        yuan(Decimal(1)) + wan_yuan("1")
    with pytest.raises(UnitsDifferError):
        figure("1", "亩") - figure("1", "个")
    with pytest.raises(UnitsDifferError):
        figure("1", "亩").to("万元")
    with pytest.raises(UnitsDifferError):
        added([figure("1", "亩"), None, figure("1", "m²")])


@pytest.mark.parametrize(
    ("value", "unit", "to", "then"),
    [
        ("123456789.01", "元", "万元", "12345.678901"),
        ("12345.678901", "万元", "元", "123456789.01"),
        ("125000000", "元", "亿元", "1.25"),
        ("1.25", "亿元", "万元", "12500"),
        ("0.1234", "比例", "%", "12.34"),
        ("3", "亩", "亩", "3"),
    ],
)
def test_units_of_one_kind_are_exchanged_exactly(value: str, unit: str, to: str, then: str) -> None:
    there = Figure(Decimal(value), unit, "≥").to(to)
    assert there == Figure(Decimal(then), to, "≥")
    assert there.to(unit) == Figure(Decimal(value), unit, "≥")


def test_a_sum_is_of_those_that_are_known() -> None:
    assert added([None, wan_yuan("1"), None, wan_yuan("2", "≥")]) == wan_yuan("3", "≥")
    assert added([None, None]) is None
    assert added([]) is None


def test_zero_is_not_none() -> None:
    with pytest.raises(TypeError):
        bool(wan_yuan("0"))


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="不是数"):
        Figure(Decimal(value), "万元")


@pytest.mark.parametrize("sign", [">", "约", "="])
def test_what_is_no_sign_is_refused(sign: str) -> None:
    with pytest.raises(ValueError, match="精度符号"):
        Figure(Decimal(1), "万元", sign)


def test_a_head_says_the_unit_of_what_stands_below_it() -> None:
    assert Figure(Decimal("0.5"), "比例", "≤").bare() == Figure(Decimal(50), "", "≤")
    assert Figure(Decimal(5), "亩").bare() == Figure(Decimal(5), "")


@pytest.mark.parametrize(
    ("value", "sign", "above"),
    [
        ("5", "", "5"),
        ("5", "≤", "≤5"),
        ("5", "≥", "≥5"),
        ("0", "≈", "≈0"),
        ("-5", "", "0"),
        ("-5", "≤", "0"),  # at most so much below: nothing
        ("-5", "≥", "≥0"),  # at least so much below: nothing is known of it
        ("-5", "≈", "≈0"),
    ],
)
def test_what_lies_above_nought_claims_no_more_than_the_whole(value, sign, above) -> None:
    found = yuan(Decimal(value), sign).above_nought()
    assert f"{found.precision}{found.value}" == above


@pytest.mark.parametrize(
    ("share", "words"),
    [
        ("0.75471", "75.5%"),
        ("≥0.75471", "≥75.4%"),
        ("≤0.75449", "≤75.5%"),
        ("≈0.75471", "≈75.5%"),
        ("≥0.0004", "≥0.0%"),
        ("0.0004", "<0.1%"),
        ("0.9999", "99.9%"),
    ],
)
def test_a_share_that_is_a_bound_stays_true_when_it_is_shortened(share: str, words: str) -> None:
    assert percent(figure(share, PART)) == words


@pytest.mark.parametrize(
    ("now", "before", "part", "change"),
    [
        ("30", "40", "75.0%", "−25.0%"),
        ("≥30", "40", "≥75.0%", "≥−25.0%"),
        ("≤30", "40", "≤75.0%", "≤−25.0%"),
        ("30", "≥40", "≤75.0%", "≤−25.0%"),
        ("≥50", "≤40", "≥125.0%", "≥25.0%"),
        ("≥50", "≥40", "≈125.0%", "≈25.0%"),
    ],
)
def test_a_part_and_a_change_claim_no_more_than_what_they_are_of(now, before, part, change) -> None:
    one, other = figure(now), figure(before)
    assert percent(one.over(other)) == part
    assert percent(one.change_from(other)) == change
    assert one.over(figure("0")) is None
    assert one.change_from(figure("0")) is None


def test_a_loss_is_told_as_how_much_it_is_at_most_or_at_least() -> None:
    """At least 25 % less than nothing lost is at most 25 % lost."""
    lost = figure("≥30").change_from(figure("40"))
    assert percent(abs(lost)) == "≤25.0%"
