"""Money and days as people type them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.core.quantities.reading import (
    LARGEST,
    may_be_negative,
    parse_day,
    parse_money,
    parse_number,
)
from tracker.core.quantities.shown import wan
from tracker.web.forms import CountField, Form
from tracker.web.kit.fields import NumberField

# What hands, spreadsheets and PDFs put between and around digits.
SIGNS = "0123456789,.， 　\u00a0\u2009\u202f\t\n、-−–－—+%％亿万元年月日²①½٣１２３eE_'"


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("12000", "120000000"),
        ("12000万", "120000000"),
        ("12,000 万元", "120000000"),
        ("1.2亿", "120000000"),
        ("1.2亿元", "120000000"),
        ("1亿2000万", "120000000"),
        ("１２０００", "120000000"),
        ("１２，０００万元", "120000000"),
        ("１．２亿", "120000000"),
        ("0.0001", "1"),
        ("0.000001", "0.01"),
        ("35元", "35"),
        ("35.67元", "35.67"),
        (" 8 ", "80000"),
        ("0", "0"),
        ("1000000000000元", "1000000000000"),
        ("1 200", "12000000"),
        ("1\u00a0200\u00a0350", "12003500000"),
        ("1,200.50 万元", "12005000"),
        ("1亿 2000万", "120000000"),
        ("12000\t", "120000000"),
        ("一百万", "1000000"),
        ("一千二百万", "12000000"),
        ("壹仟贰佰万元整", "12000000"),
        ("三亿五千万元", "350000000"),
        ("3.5亿", "350000000"),
        ("壹仟元", "1000"),
        ("两千万元", "20000000"),
        ("三元五角二分", "3.52"),
        ("1千万元", "10000000"),
        ("１ 千万", "10000000"),
        ("3百万元", "3000000"),
        ("15十万", "1500000"),
        ("1.5仟万元", "15000000"),
        ("2千5百万元", "25000000"),
        ("2千5百3十6万", "25360000"),
        ("1亿2千万元", "120000000"),
        ("1百亿", "10000000000"),
        ("5千元", "5000"),
    ],
)
def test_money_that_is_understood(typed, yuan):
    assert parse_money(typed) == Decimal(yuan)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("-5", "负数"),
        ("－5", "负数"),
        ("−5万", "负数"),
        ("0.0000001", "精确到分"),
        ("1.234元", "精确到分"),
        ("1,2", "每三位"),
        ("12,00", "每三位"),
        ("10001亿", "1 万亿元"),
        ("5千", "看不出是元还是万元"),  # 千元, or 千万元
        ("1千5百", "看不出是元还是万元"),
        ("2千5万", "请填写金额"),  # said for 2,500, read as 2,005
        ("3百5万元", "请填写金额"),
        ("1.2千5百万", "请填写金额"),
        ("5百2千万", "请填写金额"),
        ("千万元", "请填写金额"),
        ("1亿12千万", "亿和万合写"),
        ("9" * 60, "过长"),
        ("1200\t350", "两个单元格"),
        ("1200\n350", "两个单元格"),
        ("12 5", "每三位"),
        ("1,5", "每三位"),
        ("1,200 350", "每三位"),
        ("1,,200", "每三位"),
        ("1、200", "例如"),
        ("0012", "多余的 0"),
        ("10²", "例如"),
        ("1①", "例如"),
        ("1 200\u200b350", "例如"),
        ("1.5亿2000万", "亿为整数"),
        ("1亿20000万", "小于 1 万"),
        ("一百二", "写全"),
        ("壹仟", "没有写明单位"),
        ("一千2百万", "例如"),
        ("一万〇一亿元", "1 万亿元"),
        ("12000美元", "例如"),
        ("1e5", "例如"),
        ("万元", "例如"),
        ("元", "例如"),
        ("1.2.3", "例如"),
        ("1亿2000", "例如"),
        ("NaN", "例如"),
        ("٣", "例如"),
    ],
)
def test_money_that_is_refused(typed, says):
    with pytest.raises(ValueError, match=says):
        parse_money(typed)


@given(st.decimals(min_value=0, max_value=LARGEST, places=2))
def test_what_is_shown_can_be_typed_again(amount):
    assert parse_money(wan(amount)) == amount


def plainly(typed: str) -> str | None:
    """What a text says, found in another way than by the reader: the digits of a number whose
    thousands, if they are parted at all, are all parted by one sign. None for all else."""
    table = {
        ord(wide): narrow
        for wide, narrow in zip("０１２３４５６７８９，．－　", "0123456789,.- ", strict=True)
    }
    table |= dict.fromkeys(map(ord, "\u00a0\u2009\u202f"), " ") | dict.fromkeys(
        map(ord, "−–‐‑‒"), "-"
    )
    text = typed.translate(table).strip()
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, decimals = text.partition(".")
    if not (whole and whole.isascii() and whole[0].isdigit() and whole[-1].isdigit()):
        return None
    if point and not (decimals.isascii() and decimals.isdigit()):
        return None
    for separator in (",", " "):
        digits = whole.replace(separator, "")
        if digits.isdigit() and f"{int(digits):,}".replace(",", separator) == whole:
            return sign + digits + point + decimals
    return (
        sign + whole + point + decimals
        if str(int(whole) if whole.isdigit() else "") == whole
        else None
    )


@given(st.text(SIGNS, max_size=14) | st.text(max_size=8))
def test_a_number_is_what_stands_there_or_is_refused(typed):
    try:
        value = parse_number(typed, signed=True)
    except ValueError:
        assert plainly(typed) is None
    else:
        assert value == Decimal(plainly(typed))


@given(st.text(SIGNS, max_size=14))
def test_an_amount_without_a_unit_is_the_number_in_wan_or_is_refused(typed):
    if any(unit in typed for unit in "亿万元"):
        return
    try:
        amount = parse_money(typed)
    except ValueError:
        return
    assert amount == Decimal(plainly(typed)) * 10_000


@given(
    st.decimals(min_value=0, max_value=99_999_999, places=2),
    st.sampled_from(",， \u00a0\u202f　"),
    st.booleans(),
)
def test_each_way_to_group_the_thousands_is_read(value, separator, wide):
    typed = f"{value:,}".replace(",", separator)
    if wide:
        typed = typed.translate({ord(d): chr(ord(d) + 0xFEE0) for d in "0123456789."})
    assert parse_number(typed) == value
    assert parse_money(f"{typed}元") == value


@given(st.text("0123456789", min_size=1, max_size=9), st.text("0123456789", min_size=1, max_size=9))
def test_two_cells_are_never_one_number(first, second):
    for between in ("\t", "\n", "\r\n"):
        for read in (parse_number, parse_money, parse_day):
            with pytest.raises(ValueError, match="两个单元格"):
                read(first + between + second)


class Fields(Form):
    persons = CountField("人数", most=30_000)
    area = NumberField("面积", places=4)
    share = NumberField("份额", places=4, percent=True)
    growth = NumberField("增速", places=6, signed=True)
    rate = NumberField("增长率", places=6, signed=True, unit="％")
    points = NumberField("变化", places=6, signed=True, unit="个百分点")


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("persons", "1,200", 1200),
        ("persons", "１２", 12),
        ("persons", "1 200", 1200),
        ("persons", "1200\t350", None),
        ("persons", "12 5", None),
        ("persons", "1,5", None),
        ("persons", "2.5", None),
        ("persons", "2.0", None),
        ("persons", "-3", None),
        ("persons", "1²", None),
        ("persons", "3万", None),
        ("area", "1,200.5", Decimal("1200.5")),
        ("area", "12 5", None),
        ("area", "−3", None),
        ("share", "96.3%", Decimal("0.963")),
        ("share", "９６．３％", Decimal("0.963")),
        ("share", "96.3 %", Decimal("0.963")),
        ("share", "9,63", None),
        ("growth", "-1.2", Decimal("-1.2")),
        ("growth", "−1.2", Decimal("-1.2")),
        ("growth", "－1.2", Decimal("-1.2")),
        ("growth", "–1.2", Decimal("-1.2")),
        ("growth", "‑1.2", Decimal("-1.2")),
        ("growth", "-1.2%", None),
        ("growth", "—1.2", None),
        ("rate", "-1.2%", Decimal("-1.2")),
        ("rate", "–1.2％", Decimal("-1.2")),
        ("rate", "−1.2 %\t", Decimal("-1.2")),
        ("rate", "5%%", None),
        ("rate", "%", None),
        ("rate", "5‰", None),
        ("rate", "5 个百分点", None),
        ("points", "−0.3个百分点", Decimal("-0.3")),
        ("points", "0.3百分点", Decimal("0.3")),
        ("points", "0.3%", None),
        ("share", "–5%", None),
        ("growth", "--1.2", None),
    ],
)
def test_every_kind_of_field_reads_by_one_rule(app, field, typed, value):
    with app.test_request_context(method="POST", data={field: typed}):
        form = Fields(meta={"csrf": False})
        form.validate()
        assert form[field].data == value
        assert bool(form[field].errors) == (value is None)


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [("４人", "人", 4), ("1,200 亩", "亩", 1200), ("3 m²", "m²", 3), ("2 个", "个", 2)],
)
def test_its_own_unit_may_stand_behind_a_number(typed, unit, value):
    assert parse_number(typed, unit=unit) == value
    for other in ("", "户"):
        with pytest.raises(ValueError, match="请填写数字"):
            parse_number(typed, unit=other)


@pytest.mark.parametrize(
    ("typed", "unit", "signed", "says"),
    [
        ("5%", "亿元", True, "这一项单位是亿元，不能写“%”"),
        ("5‰", "%", True, "这一项单位是%，不能写“‰”"),
        ("5 个百分点", "%", True, "不能写“个百分点”"),
        ("5%", "", True, "没有这样的单位"),
        ("–5%", "%", False, "不能为负数"),
        ("——5", "%", True, "“—”是破折号，不是负号"),
        ("——5", "%", False, "不能为负数"),
    ],
)
def test_why_a_rate_is_refused(typed, unit, signed, says):
    with pytest.raises(ValueError, match=says):
        parse_number(typed, unit=unit, signed=signed)


@pytest.mark.parametrize(
    ("unit", "name", "may"),
    [
        ("%", "GDP增速", True),
        ("个百分点", "占比变化", True),
        ("亿元", "GDP", False),
        ("人", "常住人口", False),
        ("个", "项目", False),
        ("万人", "人口净流入", True),
        ("亿元", "企业利润", True),
    ],
)
def test_what_may_be_below_nothing(unit, name, may):
    assert may_be_negative(unit, name) == may


@pytest.mark.parametrize(
    "typed",
    [
        "2024-07-03",
        "2024-7-3",
        "2024.7.3",
        "2024/7/3",
        "2024年7月3日",
        "2024年7月3",
        "２０２４－０７－０３",
        "２０２４年７月３日",
        " 2024 - 07 - 03 ",
        "20240703",
        "2024。7。3",
    ],
)
def test_days_that_are_understood(typed):
    assert parse_day(typed) == date(2024, 7, 3)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("2024-07", "样式"),
        ("2024年7月", "样式"),
        ("2024-7/3", "样式"),
        ("03-07-2024", "样式"),
        ("今天", "样式"),
        ("2024-07-03\t2024-08-01", "两个单元格"),
        ("2024年7月①日", "样式"),
        ("2 0240703", "样式"),
        ("2024-1 2-03", "样式"),
        ("2023-02-29", "2023年2月没有29日"),
        ("2024-13-01", "没有"),
        ("0024-07-03", "不合情理"),
        ("9999-07-03", "不合情理"),
    ],
)
def test_days_that_are_refused(typed, says):
    with pytest.raises(ValueError, match=says):
        parse_day(typed)


def test_a_leap_day_is_a_day():
    assert parse_day("2024-2-29") == date(2024, 2, 29)
