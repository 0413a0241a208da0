"""Rulebooks in workbooks: every fault with its place, hostile files refused before reading."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.worksheet.worksheet import Worksheet

from tracker.cli import cli
from tracker.engine.scoring import load_rulebook
from tracker.year.measures.names import known_measures
from tracker.year.rulebooks.sheet import INDICATORS, SheetError, read_sheet, write_template
from tracker.year.rulebooks.toml_text import toml_text
from tracker.year.rulebooks.workbook import MAX_BYTES, MAX_ENTRIES

TEMPLATE = write_template()
LETTER = {
    column.heading: openpyxl.utils.get_column_letter(number)
    for number, column in enumerate(INDICATORS, 1)
}


def edited(edit: Callable[[openpyxl.Workbook], object]) -> bytes:
    """The template with something changed."""
    book = openpyxl.load_workbook(io.BytesIO(TEMPLATE))
    edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_cell(sheet: str, cell: str, value: object) -> bytes:
    def edit(book: openpyxl.Workbook) -> None:
        book[sheet][cell] = value

    return edited(edit)


def with_line(row: int, heading: str, value: object) -> bytes:
    return with_cell("指标", f"{LETTER[heading]}{row}", value)


def faults(data: bytes, *, supplied: bool = False) -> list[str]:
    with pytest.raises(SheetError) as caught:
        read_sheet(data, known_measures() if supplied else None)
    return caught.value.faults


def place(row: int, heading: str) -> str:
    return f"「指标」第 {row} 行 {LETTER[heading]} 列（{heading}）"


# What a cell may hold


@pytest.mark.parametrize(
    ("heading", "value", "what"),
    [
        ("分值", "四十", "应为数字"),
        ("分值", "40%", "应为数字"),
        ("分值", True, "应为数字"),
        ("分值", None, "没有填写"),
        ("编号", None, "没有填写"),
        ("计分方法", "打分法", "应为 完成率法、"),
        ("类型", "附加", "应为 计分、加分、扣分 之一"),
        ("越低越好", "对", "应填“是”或“否”"),
        ("每满", 5, "所选的计分方法不用这一列"),
        ("明细", "甲 | 乙", "所选的计分方法不用这一列"),
        ("分类分值", "生态发展类", "应写成“类别 | 分值”"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(heading: str, value: object, what: str) -> None:
    found = faults(with_line(2, heading, value))
    assert len(found) == 1
    assert found[0].startswith(f"{place(2, heading)}：")
    assert what in found[0]


@pytest.mark.parametrize(
    ("row", "value", "what"),
    [
        (4, "1 | 20 | 3", "第 1 小行应写成“界值 | 得分”"),
        (4, "1 | 20\n九成 | 15", "第 2 小行：应为数字"),
        (5, "只有名称", "第 1 小行应写成“名称 | 算式 | 得分”"),
        (8, "甲 | findings.accidents", "第 1 小行应写成“名称 | 算式 | 每个扣分 | 限额（可不写）”"),
    ],
)
def test_a_bad_line_inside_a_cell(row: int, value: str, what: str) -> None:
    found = faults(with_line(row, "明细", value))
    assert found[0].startswith(f"{place(row, '明细')}：")
    assert what in found[0]


def test_all_faults_come_at_once() -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["指标"]["F2"] = "四十"
        book["指标"]["F3"] = "十"
        book["等次"]["B2"] = "九十"
        book["基本信息"]["B3"] = "今年"

    assert [fault.partition("：")[0] for fault in faults(edited(edit))] == [
        "「基本信息」第 3 行 B 列（考核年度）",
        "「等次」第 2 行 B 列（最低分）",
        "「指标」第 2 行 F 列（分值）",
        "「指标」第 3 行 F 列（分值）",
    ]


def test_what_only_the_rulebook_or_the_catalogue_knows_comes_with_the_cells() -> None:
    def edit(book: openpyxl.Workbook) -> None:
        lines = book["指标"]
        lines["F2"] = "四十"
        lines["O3"] = "returns.paid +"
        lines["O4"] = "villages.payed / villages.listed"
        book["一票否决"]["B2"] = "returns.paid / ("
        book["等次"]["B3"] = 95

    found = faults(edited(edit), supplied=True)
    assert {fault.partition("：")[0] for fault in found} == {
        place(2, "分值"),
        "「等次」第 3 行 B 列（最低分）",
        place(3, "实际值"),
        "「一票否决」第 2 行 B 列（条件）",
        place(4, "实际值"),
    }
    assert "指标库没有 villages.payed" in found[-1]


def test_faults_of_the_rulebook_itself_say_where_too() -> None:
    assert faults(with_line(2, "实际值", "returns.paid +"))[0].startswith(place(2, "实际值"))
    assert faults(with_line(3, "编号", "1.1"))[0].startswith("「指标」第 ")
    assert faults(with_line(3, "编号", "甲"))[0].startswith(place(3, "编号"))
    assert faults(with_cell("一票否决", "C2", "优异"))[0].startswith(
        "「一票否决」第 2 行 C 列（最高等次）：「优异」"
    )
    assert faults(with_cell("基本信息", "B7", None)) == [
        "「基本信息」第 7 行 B 列（制定单位）：没有填写，“性质”为“正式”时须填写"
    ]
    assert "合计 110" in faults(with_line(2, "分值", 50))[0]


def test_a_code_that_is_a_number_is_never_shortened() -> None:
    def shown(column: str, places: str) -> Callable[[openpyxl.Workbook], None]:
        def edit(book: openpyxl.Workbook) -> None:
            book["指标"][column].number_format = places

        return edit

    def coded(number: float, places: str) -> Callable[[openpyxl.Workbook], None]:
        def edit(book: openpyxl.Workbook) -> None:
            book["指标"]["A2"] = number
            shown("A2", places)(book)

        return edit

    said = "显示为 1.10，存的却是数字 1.1，请把单元格格式改为文本后重新输入"
    assert faults(edited(coded(1.1, "0.00"))) == [f"{place(2, '编号')}：{said}"]
    assert "显示为 2.0，" in faults(edited(coded(2, "0.0")))[0]
    assert read_sheet(edited(coded(1.1, "0.0"))) == read_sheet(write_template())
    # Of a figure the zeros say nothing.
    assert read_sheet(edited(shown("F2", "0.00"))) == read_sheet(write_template())


def test_a_measure_that_the_catalogue_lacks() -> None:
    data = with_line(2, "实际值", "returns.payed")
    assert load_rulebook(read_sheet(data)).code == "example-official-income"
    found = faults(data, supplied=True)
    assert found == [f"{place(2, '实际值')}：指标库没有 returns.payed，请核对名称或先登记"]


# Sheets and headings


def test_strange_and_missing_sheets() -> None:
    assert faults(edited(lambda book: book.create_sheet("打分"))) == [
        "「打分」：不认识的工作表，请改名或删去"
    ]
    assert faults(edited(lambda book: book.remove(book["指标"]))) == [
        "「指标」：没有内容，请至少填写一行"
    ]
    assert faults(edited(lambda book: book.remove(book["基本信息"])))[0] == (
        "「基本信息」第 1 行：表头应为 项目、内容"
    )
    book = load_rulebook(read_sheet(edited(lambda book: book.remove(book["填写说明"]))))
    assert book.vetoes[0].name == "返利不足六成"
    book = load_rulebook(read_sheet(edited(lambda book: book.remove(book["一票否决"]))))
    assert book.vetoes == ()


def test_strange_repeated_and_missing_headings() -> None:
    assert faults(with_cell("等次", "D1", "备注")) == [
        "「等次」第 1 行 D 列：不认识的表头，请改回模板的表头"
    ]
    assert "重复" in faults(with_cell("等次", "C1", "等次*"))[0]
    assert faults(with_cell("等次", "B1", None))[0] == "「等次」第 1 行：缺少表头 最低分"
    assert faults(with_cell("等次", "F3", "x")) == [
        "「等次」第 3 行 F 列：这一列没有表头，请删去内容"
    ]
    assert "不认识的项目" in faults(with_cell("基本信息", "A4", "题目"))[0]
    assert "缺少“考核年度”" in faults(with_cell("基本信息", "B3", None))[0]


# What only workbooks have


def test_formulas_are_refused_wherever_they_stand() -> None:
    assert faults(with_line(2, "分值", "=20+20")) == [
        "「指标」第 2 行 F 列：是公式，请改为数值或文字（复制后选择性粘贴为数值）"
    ]
    assert "是公式" in faults(with_cell("依据", "A2", '=HYPERLINK("http://example.org")'))[0]


def test_numbers_are_what_the_sheet_shows() -> None:
    def edit(sheet: Worksheet) -> None:
        sheet[f"{LETTER['分值']}2"] = "40.0"
        sheet[f"{LETTER['最低完成率']}2"] = 0.1
        sheet[f"{LETTER['每档幅度']}3"] = 0.07

    text = read_sheet(edited(lambda book: edit(book["指标"])))
    assert "points = 40\n" in text
    assert "floor = 0.1\n" in text
    assert "step = 0.07\n" in text


def test_an_invisible_character_is_refused() -> None:
    assert "不可见" in faults(with_line(2, "二级指标", "返利\u200b到账率"))[0]


def test_rows_beyond_the_limit_are_refused_not_dropped() -> None:
    assert "最多 1000 行" in faults(with_cell("指标", "A1048576", "x"))[0]


# Hostile files


def patched(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The template with one part of the archive changed."""
    source = zipfile.ZipFile(io.BytesIO(TEMPLATE))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.namelist():
            content = source.read(part)
            archive.writestr(part, change(content) if part == name else content)
    return stream.getvalue()


def sheet_with(extra: bytes) -> bytes:
    return patched(
        "xl/worksheets/sheet2.xml",
        lambda content: content.replace(b"</sheetData>", extra + b"</sheetData>"),
    )


def test_an_archive_that_unpacks_to_too_much() -> None:
    bomb = sheet_with(b" " * 40_000_000)
    assert len(bomb) < 100_000
    assert faults(bomb) == ["文件展开后过大，不予打开；请删去无关内容后另存"]
    # Under the limit in all, and still far more than such a small file may hold.
    assert faults(sheet_with(b" " * 10_000_000)) == faults(bomb)


def test_an_archive_of_too_many_or_repeated_parts() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(MAX_ENTRIES + 1):
            archive.writestr(f"{number}.xml", b"<a/>")
    assert "部件过多" in faults(stream.getvalue())[0]
    stream = io.BytesIO(TEMPLATE)
    with (
        zipfile.ZipFile(stream, "a") as archive,
        pytest.warns(UserWarning, match="Duplicate"),
    ):
        archive.writestr("xl/workbook.xml", b"<a/>")
    assert "重名" in faults(stream.getvalue())[0]


def test_files_that_are_no_workbook() -> None:
    assert "不是 .xlsx" in faults(b"")[0]
    assert "不是 .xlsx" in faults("编号,名称\n".encode())[0]
    assert "超过 2 MB" in faults(b"x" * (MAX_BYTES + 1))[0]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", b"a")
    assert "不是可以读取的" in faults(stream.getvalue())[0]
    assert "不是可以读取的" in faults(sheet_with(b"<row"))[0]


def test_entities_are_refused() -> None:
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'

    def add(content: bytes) -> bytes:
        head, mark, rest = content.rpartition(b"?>")
        return head + mark + entities + rest

    for part in ("xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/styles.xml"):
        assert faults(patched(part, add)) == ["文件内部含有文档类型声明，不予打开"], part
    wide = (
        '<?xml version="1.0" encoding="utf-16"?>'
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>'
        "</worksheet>"
    ).encode("utf-16")
    assert faults(patched("xl/worksheets/sheet2.xml", lambda content: wide)) == [
        "文件不是可以读取的 .xlsx 工作簿，请用表格软件另存后再试"
    ]


def test_a_row_number_that_no_workbook_has() -> None:
    found = faults(sheet_with(b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'))
    assert "最多 1000 行" in found[0]


# Text and commands


def test_toml_text_is_read_back_as_it_was() -> None:
    values = {
        "text": '引号 " 反斜杠 \\ 换行\n制表\t删除\x7f',
        "分段\u2028、. #": "",
        "flag": True,
        "day": date(2024, 1, 31),
        "share": Decimal("0.4000000000000000000000001"),
        "none": [],
        "numbers": [1, [2, 3]],
        "by": {"生态发展类": 20, "plain": 1},
        "row": [{"name": "甲", "items": [{"value": "a", "award": 1}]}, {"name": "乙"}],
    }
    assert tomllib.loads(toml_text(values), parse_float=Decimal) == values


def test_toml_text_writes_numbers_plainly_and_a_line_for_each_table_within() -> None:
    rows = [{"name": "甲", "items": [{"at": Decimal("1E+3"), "award": Decimal("4.50")}]}]
    assert toml_text({"row": rows, "after": 2}) == (
        'after = 2\n\n[[row]]\nname = "甲"\nitems = [\n    {at = 1000, award = 4.5},\n]\n'
    )


def test_the_commands(tmp_path: Path) -> None:
    run = CliRunner().invoke
    file, out = tmp_path / "表.xlsx", tmp_path / "细则.toml"
    assert run(cli, ["rulebook", "template", str(file)]).output == f"已写入 {file}\n"
    again = run(cli, ["rulebook", "template", str(file)])
    assert (again.exit_code, again.stderr) == (2, f"文件 {file} 已存在，请换一个文件名\n")
    done = run(cli, ["rulebook", "from-sheet", str(file), "--out", str(out)])
    assert (done.exit_code, done.output) == (0, f"已写入 {out}\n")
    assert run(cli, ["rulebook", "from-sheet", str(file)]).output == out.read_text("utf-8")
    assert run(cli, ["rulebook", "check", str(out)]).output == "没有发现问题\n"
    file.write_bytes(with_line(2, "分值", "四十"))
    bad = run(cli, ["rulebook", "from-sheet", str(file)])
    assert (bad.exit_code, bad.stdout) == (2, "")
    assert bad.stderr.startswith(f"{file}：{place(2, '分值')}：应为数字")
