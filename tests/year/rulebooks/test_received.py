"""Files of an office: all faults at once, each with the cell or the line."""

from __future__ import annotations

import io

import openpyxl

from tracker.core.config import RULEBOOKS
from tracker.core.strangers import read_apart
from tracker.year.measures.names import known_measures
from tracker.year.rulebooks.received import BOUNDS, cell_of, line_of, read_books
from tracker.year.rulebooks.sheet import write_template


def test_two_files_in_a_process_of_their_own_tell_all_that_is_wrong() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_template()))
    lines = book["指标"]
    heads = {cell.value: cell.column_letter for cell in lines[1]}
    points, method = heads["分值*"], heads["计分方法*"]
    lines[f"{points}2"], lines[f"{method}3"] = "十", "猜测法"
    out = io.BytesIO()
    book.save(out)
    toml = (RULEBOOKS / "2025" / "pair.toml").read_text(encoding="utf-8")
    wrong = toml.replace("points = 50", "points = 40").replace("clause = ", "clawse = ", 1)
    names = ["表.xlsx", "对.toml", "好.toml"]
    found = read_apart(
        read_books,
        out.getvalue(),
        wrong.encode(),
        toml.encode(),
        bounds=BOUNDS,
        names=names,
        supplied=sorted(known_measures()),
    )
    sheet, text, good = found
    assert [place for place, _ in sheet["faults"]] == [f"「指标」{points}2", f"「指标」{method}3"]
    assert "应为数字" in sheet["faults"][0][1]
    assert (good["faults"], good["text"]) == ([], toml)
    line = 1 + toml[: toml.index("code = ", toml.index("[[indicator]]"))].count("\n")
    assert (f"第 {line} 行", True) in [
        (place, "clawse" in words) for place, words in text["faults"]
    ]
    assert any("合计" in words for _, words in text["faults"])


def test_places_are_cells_and_lines() -> None:
    assert cell_of("「指标」第 3 行 H 列（分值）：应为数字，请改正") == (
        "「指标」H3",
        "分值：应为数字，请改正",
    )
    assert cell_of("「等次」：没有内容，请至少填写一行")[0] == ""
    assert line_of("TOML 语法有误(第 7 行第 3 列)，请检查", "")[0] == "第 7 行"
    assert line_of("指标 B2：缺少 unit，请补上", 'x = 1\n\ncode = "B2"\n')[0] == "第 3 行"
