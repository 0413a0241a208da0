"""Chinese line breaking at many widths."""

import re
from itertools import pairwise

import pytest
from hypothesis import strategies as st

from tests.drawing import drawn
from tracker.engine.typeset.faces import Role, face
from tracker.engine.typeset.linebreak import NO_END, NO_START, break_text

SIZE = 9.0
TEXT = (
    "产业合作项目（含《2024年度任务清单》所列 12 个）到位资金 2,345.6 万元，完成率 98.92%，"
    "“优秀”——良好……；截至 2024-07-03，村均增收 5.6 万元；见 https://example.gov.cn/a/b?c=1。"
    "第 3 名 / 11：“返利”到账率【核定】为 98.92%！是否含税（%）？含。"
)
KEPT = ["2,345.6 万元", "98.92%", "2024-07-03", "5.6 万元", "2024年", "第 3 名", "——", "……"]


def widths():
    return face(Role.SANS).widths


def set_lines(text, width):
    return [line.text for line in break_text(text, width, widths(), SIZE)]


@pytest.mark.parametrize("width", range(80, 500, 7))
def test_chinese_rules_hold_at_every_width(width):
    lines = set_lines(TEXT, width)
    assert all(line[0] not in NO_START for line in lines)
    assert all(line[-1] not in NO_END for line in lines)
    assert "".join(lines).replace(" ", "") == TEXT.replace(" ", "")
    joined = "\n".join(lines)
    for unit in KEPT:
        assert joined.count(unit) == TEXT.count(unit), unit


@pytest.mark.parametrize("width", range(24, 300, 5))
def test_no_line_is_too_wide(width):
    sans = face(Role.SANS)
    for line in break_text(TEXT, width, sans.widths, SIZE):
        assert sans.measure(line.text, SIZE) <= width + 1e-3
        assert line.width == pytest.approx(sans.measure(line.text, SIZE))


@pytest.mark.parametrize("width", range(52, 100, 3))
def test_a_number_is_whole_where_it_fits_though_its_unit_does_not(width):
    lines = set_lines("到位资金 2,345.6 万元，完成率 98.92%，止于 2024-07-03。", width)
    joined = "\n".join(lines)
    assert all(number in joined for number in ("2,345.6", "98.92%", "2024-07-03"))


def test_a_long_address_is_cut_after_its_separators():
    url = "https://www.example.gov.cn/art/2020/4/15/art_1229_583.html?id=12&year=2024"
    lines = set_lines(url, 120)
    assert "".join(lines) == url
    assert all(line[-1] in "/?&=_" for line in lines[:-1])


def test_a_run_longer_than_the_line_is_cut_and_nothing_is_lost():
    for run in ("A" * 200, "9" * 200, "）" * 80, "（" * 80, "，" * 80):
        lines = set_lines(run, 50)
        assert "".join(lines) == run
        assert len(lines) > 5


def test_a_character_wider_than_the_line_stands_alone():
    assert set_lines("山海", 4) == ["山", "海"]


def test_line_breaks_of_the_text_are_kept_and_empty_text_is_one_line():
    assert set_lines("一\r\n二\n\n三", 100) == ["一", "二", "", "三"]
    assert set_lines("", 100) == [""]
    assert [line.last for line in break_text("一\n二", 100, widths(), SIZE)] == [True, True]


def test_no_character_is_left_alone_on_the_last_line():
    text = "均摊后的满分见满分一栏所列的数字说明。"
    for width in range(75, 175):
        lines = set_lines(text, width)
        assert len(lines) == 1 or len(lines[-1].strip("。")) > 1


def test_the_first_line_is_indented():
    plain, indented = (
        break_text("山海协作" * 10, 100, widths(), SIZE, indent) for indent in (0, 18)
    )
    assert len(indented[0].text) == len(plain[0].text) - 2


ALPHABET = "山海协作飞地，。、；：（）《》“”—…·%0123456789.,-/abcXYZ ()[]￥≥万元亿亩分项第\n"


@drawn(st.text(ALPHABET, max_size=120), st.floats(15, 200), some=100, every=1_000)
def test_any_text_keeps_every_character_and_fits(text, width):
    sans = face(Role.SANS)
    lines = break_text(text, width, sans.widths, SIZE)
    assert re.sub(r"\s", "", "".join(line.text for line in lines)) == re.sub(r"\s", "", text)
    assert all(sans.measure(line.text, SIZE) <= width + 1e-3 for line in lines)


@drawn(st.text("山海协作，。；：（）《》“”%12.5 万元", max_size=80), some=100, every=1_000)
def test_marks_stand_right_unless_a_run_of_them_fills_the_line(text):
    lines = set_lines(text, 110)
    for before, line in pairwise(lines):
        if re.search(r"[，。；：（）《》“”%.\d]{4}", text):
            continue  # piled-up marks may be longer than a line, and are then cut
        assert line[:1] not in NO_START
        assert before[-1:] not in NO_END
