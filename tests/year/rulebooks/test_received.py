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


def test_measures_that_nobody_supplies_are_told_beside_other_faults() -> None:
    toml = (RULEBOOKS / "2025" / "recipient-county.toml").read_text(encoding="utf-8")
    wrong = toml.replace("at_least = 0\n", "at_least = 5\n", 1)  # of the grades
    wrong = wrong.replace("points = 4\n", "", 1)  # of A1.1
    wrong = wrong.replace('"exchanges.visits"', '"no.visits"').replace(
        "projects.funds_in", "no.funds_in"
    )
    (found,) = read_books(wrong.encode(), names=["县"], supplied=sorted(known_measures()))
    told = [words for _, words in found["faults"]]
    assert any(words.startswith("等次") for words in told)
    assert any(words.startswith("指标 A1.1：缺少 points") for words in told)
    assert not any("no.visits" in words for words in told)  # the line is to be mended first
    unknown = [(place, words) for place, words in found["faults"] if "no.funds_in" in words]
    assert unknown
    assert all(place.startswith("第 ") and "指标库没有" in words for place, words in unknown)
    for nonsense in (b"indicator = [1, 2]", b"[indicator]\na = 1", b"[[indicator]]\ncode = 1"):
        assert read_books(nonsense, names=["乱"], supplied=[])[0]["faults"]


def test_files_of_another_type_are_told_by_it() -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le")
    for content, says in ((old, "旧式表格（.xls、.et）"), (b"%PDF-1.7\n", "文件是 PDF")):
        (found,) = read_books(content, names=["表"], supplied=[])
        ((place, words),) = found["faults"]
        assert place == ""
        assert says in words


def test_places_are_cells_and_lines() -> None:
    assert cell_of("「指标」第 3 行 H 列（分值）：应为数字，请改正") == (
        "「指标」H3",
        "分值：应为数字，请改正",
    )
    assert cell_of("「等次」：没有内容，请至少填写一行")[0] == ""
    assert line_of("TOML 语法有误(第 7 行第 3 列)，请检查", "")[0] == "第 7 行"
    assert line_of("指标 B2：缺少 unit，请补上", 'x = 1\n\ncode = "B2"\n')[0] == "第 3 行"
