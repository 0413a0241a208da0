"""Amounts with units, days and pasted blocks as hands and spreadsheets write them: each comes out
as exactly what was written, and what is no such text is refused. A few examples here, many in
`make soak`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.quantities.reading import LARGEST, parse_day, parse_money
from tracker.records.quarters.reading import BlockError, cells_of, laid

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
SIGNS = "0123456789０１２３４５，,.．-/年月日。 　\u00a0\t亿万元一二三十〇"


@st.composite
def amounts(draw: Callable[..., Any]) -> tuple[str, Decimal]:
    """A text and the 元 that it says."""
    form = draw(st.sampled_from(["yuan", "wan", "plain", "yi", "both"]))
    if form == "both":
        yi, wan = draw(st.integers(1, 9_999)), draw(st.integers(1, 9_999))
        gap = draw(st.sampled_from(["", " "]))
        text, value = f"{yi}亿{gap}{wan}万", Decimal(yi) * 10**8 + Decimal(wan) * 10**4
    else:
        scale, places = {"yuan": (0, 2), "wan": (4, 6), "plain": (4, 6), "yi": (8, 10)}[form]
        places = draw(st.integers(0, places))
        most = int(LARGEST) * 10**places // 10**scale
        digits = draw(st.integers(0, min(most, 10**14)))
        number = Decimal(digits).scaleb(-places)
        written = f"{number:,f}" if draw(st.booleans()) else f"{number:f}"
        text = written + {"yuan": "元", "wan": "万", "plain": "", "yi": "亿"}[form]
        value = number.scaleb(scale)
    if form in ("wan", "yi", "both") and draw(st.booleans()):
        text += "元"
    if draw(st.booleans()):
        text = text.translate(WIDE)
    around = draw(st.sampled_from(["", " ", "　", "\u00a0"]))
    return f"{around}{text}{around}", value


def an_amount(of: tuple[str, Decimal]) -> None:
    text, value = of
    if len(re.sub("[^0-9０-９.．,，]", "", text)) > 20:
        with pytest.raises(ValueError, match="过长"):
            parse_money(text)
        return
    assert parse_money(text) == value


def a_day(day: date, form: str, padded: bool, wide: bool, blank: str) -> None:
    month, number = (f"{each:02}" if padded else str(each) for each in (day.month, day.day))
    text = form.format(y=day.year, m=month, d=number, b=blank)
    assert parse_day(text.translate(WIDE) if wide else text) == day


def any_text(text: str) -> None:
    """What is read of any text is told by its own digits, in their order."""
    for read in (parse_day, parse_money):
        try:
            found: Any = read(text)
        except ValueError as error:
            assert str(error)  # noqa: PT017 - the sentence is what the field shows
            continue
        said = re.sub(r"\D", "", text.translate({v: k for k, v in WIDE.items()}))
        if isinstance(found, date) and said:
            assert (int(said[:4]), said[-1]) == (found.year, str(found.day)[-1])
        elif isinstance(found, Decimal) and said:
            assert set(said) >= set(f"{found.normalize():f}".replace(".", "")) - {"0"}


CELL = st.text("甲乙12.,万 元—/", max_size=6).map(str.strip)


def a_block(rows: list[list[str]], at: tuple[int, int], size: tuple[int, int]) -> None:
    """A block lies where it was laid, cell by cell, or not at all."""
    block = cells_of("\r\n".join("\t".join(row) for row in rows) + "\r\n")
    assert block == rows
    full = [(r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell]
    fits = full and all(at[0] + r < size[0] and at[1] + c < size[1] for r, c in full)
    try:
        found = laid(block, *at, *size)
    except BlockError as error:
        assert str(error)  # noqa: PT017
        assert not fits
    else:
        assert fits
        assert found == {(at[0] + r, at[1] + c): rows[r][c] for r, c in full}


FORMS = ["{y}-{m}-{d}", "{y}.{m}.{d}", "{y}/{m}/{d}", "{y}年{m}月{d}日", "{y}{b}年{b}{m}月{b}{d}日"]
PLACES = st.tuples(st.integers(0, 5), st.integers(0, 3))
TRIED: list[tuple[Callable[..., None], dict[str, Any]]] = [
    (an_amount, {"of": amounts()}),
    (
        a_day,
        {
            "day": st.dates(min_value=date(1978, 1, 1), max_value=date(2100, 12, 31)),
            "form": st.sampled_from(FORMS),
            "padded": st.booleans(),
            "wide": st.booleans(),
            "blank": st.sampled_from(["", " "]),
        },
    ),
    (any_text, {"text": st.text(SIGNS, max_size=14)}),
    (
        a_block,
        {
            "rows": st.integers(1, 4).flatmap(
                lambda width: st.lists(
                    st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=5
                )
            ),
            "at": PLACES,
            "size": st.tuples(st.integers(1, 8), st.integers(1, 6)),
        },
    ),
]


@pytest.mark.parametrize(
    "examples",
    [pytest.param(60, id="some"), pytest.param(20_000, id="many", marks=pytest.mark.soak)],
)
@pytest.mark.parametrize(("holds", "drawn"), TRIED, ids=[each.__name__ for each, _ in TRIED])
def test_what_is_typed(holds: Callable[..., None], drawn: dict[str, Any], examples: int) -> None:
    settings(max_examples=examples, deadline=None)(given(**drawn)(holds))()
