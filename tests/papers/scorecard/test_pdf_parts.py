"""The parts of a printed card: its first page, its three columns, what stands behind its facts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.papers.scorecard.pdf_samples import CARDS, SHA, crowded_card, full_card
from tests.papers.scorecard.reading import body, pages, squeezed, structure, tables
from tracker.core.quantities.printed import grouped
from tracker.engine.typeset.faces import face
from tracker.papers.common.looks import FIGURE
from tracker.papers.scorecard.card import LinePoints, LineState
from tracker.papers.scorecard.pdf import scorecard_pdf
from tracker.papers.scorecard.pdf_tables import pointed

LINES = "指标 满分 自评 初审 复核 失分 计分过程 数据来源"


def test_a_numbered_card_names_itself_and_what_it_replaces_on_every_page(printed):
    card, read = full_card(), pages(printed["full"])
    assert all(squeezed(card.head.marks) in squeezed(page) for page in read)
    assert all(card.number in squeezed(page) for page in read)
    assert f"编号{card.number}，取代{card.supersedes}" in squeezed(read[0])
    assert f"本件取代{card.supersedes}" in squeezed(read[-1])


@pytest.mark.parametrize("name", [name for name in CARDS if name != "strange"])
def test_what_a_leader_needs_is_on_one_page(printed, name):
    assert squeezed(pages(printed[name])[1]).partition("—2—")[2].startswith("指标得分")


def test_a_name_of_two_hundred_characters_stands_whole_on_the_first_page(printed):
    name = crowded_card().subject_name
    assert len(name) == 200
    assert name in squeezed(pages(printed["crowded"])[0])


def test_files_are_listed_or_counted_but_never_left_out(printed):
    listed, counted = structure(printed["crowded"]), structure(printed["strange"])
    files = tables(listed)["类别 文件 日期 摘要 所证明的记录"]
    assert [row[1] for row in files] == [file.name for file in crowded_card().evidence]
    assert {squeezed(row[3]) for row in files} == {SHA[:12]}
    counts = tables(counted)["类别 件数"]
    assert counts == [["类别0", "104"], ["类别1", "104"], ["类别2", "104"], ["合计", "312"]]


def test_projects_and_sums_keep_one_unit_a_column_and_their_bounds(printed):
    found = tables(structure(printed["full"]))
    titles = "项目 阶段 总投资（万元） 当年到位资金（万元） 当年完成投资（万元）"
    first, second, third = found[titles]
    assert first[1:] == ["投产", "123,450.00", "≥ 23,456.00", "45,678.90"]
    assert second[2:4] == ["10,000.00", "980.50"]
    assert third[3:] == ["无", "无"]
    assert found["科目 当年合计（万元） 笔数"][0] == ["到位资金", "≥ 24,436.50", "7"]


def test_points_of_a_column_stand_under_each_other():
    figures = ["8", "4.35", "0", "−1.5", "1,234.5", "12.345", "—", "○未报", "原 20"]
    ends = [pointed(text, FIGURE).tail for text in figures]
    assert ends == [".00", "", ".00", "0", "0", "", "", "", ""]
    place = face(FIGURE.role)
    behind = {
        round(place.measure(text.partition(".")[1] + text.partition(".")[2] + tail, FIGURE.size), 3)
        for text, tail in zip(figures[:5], ends, strict=False)
    }
    assert behind == {round(place.measure(".00", FIGURE.size), 3)}


def test_a_correction_shows_both_values_and_an_overtaken_one_says_so(printed):
    first, second = tables(structure(printed["full"]))["事实 上报值 核定值 核定 理由"]
    assert first == [
        "培训就业",
        "500 人次",
        "480 人次",
        "市级初审更正2025-01-20",
        "名单重复 20 人次",
    ]
    assert (second[1], second[2]) == ("○未报", "50.0%")
    assert "不再适用" in second[4]


def test_a_lower_card_with_gaps_has_no_grade(printed):
    rows = tables(structure(printed["full"]))["名称 类别 代码 得分 等次"]
    assert [row[4] for row in rows] == ["良好", "暂不评定"]


def test_an_old_snapshot_says_what_it_did_not_freeze(printed):
    text = body(printed["empty"])
    assert "本快照未冻结1亿元以上项目、台账合计、更正与不予认定、佐证材料，本表不列。" in text
    assert "未冻结" not in body(printed["full"])
    assert "本表所依据的记录没有佐证材料。" in body(printed["trial"])


def test_where_no_line_applies_no_group_is_called_unscorable(printed):
    chart = next(structure(printed["empty"]).all("Figure")).text
    assert "不适用 / 8" in chart
    assert "不可计分" not in chart


def test_bonus_and_deduction_have_bars_with_their_sign(printed):
    chart = next(structure(printed["full"]).all("Figure")).text
    assert "加分 · 创新做法+2.00 / +4" in chart
    assert "扣分 · 安全生态−0.30 / −10平均 −0.12" in chart


def test_nought_for_want_of_a_report_is_not_a_reported_nought():
    points = (LinePoints("0.00", LineState.SCORED, unreported=True),) * 3
    line = replace(full_card().lines[0], award="0.00", unreported=True, columns=points)
    row = tables(structure(scorecard_pdf(replace(full_card(), lines=(line,)))))[LINES][1]
    assert row[2:5] == ["0○未报"] * 3
    reported = full_card().lines[11]
    assert reported.award == "0.00"
    row = tables(structure(scorecard_pdf(replace(full_card(), lines=(reported,)))))[LINES][1]
    assert row[2:5] == ["0"] * 3


def test_every_line_is_told_in_three_columns(printed):
    for name in ("full", "trial", "crowded"):
        rows = {squeezed(row[0]): row for row in tables(structure(printed[name]))[LINES]}
        card = CARDS[name]()
        for line in card.lines:
            row = rows[squeezed(f"{line.code} {line.name}")]
            shown = {LineState.UNSCORABLE: "□不可计分", LineState.NOT_APPLICABLE: "／不适用"}
            counting = next(at for at, column in enumerate(card.columns) if column.counts)
            expected = shown.get(line.state) or grouped(line.award)
            assert squeezed(row[2 + counting]).endswith(expected)
            assert len(row) == 8
