"""The cells of workbooks as WPS, LibreOffice, Excel and openpyxl write them; of hostile ones."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.sheets import handmade
from tests.exchange.sheets.handmade import MAIN, book, rels, styles, workbook
from tracker.core.strangers import Reason, UnreadableError, lines_apart
from tracker.exchange.sheets import archive, formats
from tracker.exchange.sheets.reading import LAST_ROW, letters, number_of, read, shown_number
from tracker.exchange.sheets.table import BOUNDS as SHEETS

BOUNDS = {"most_rows": 100, "most_columns": 50}
DAY = "yyyy\\-mm\\-dd"


def cells(data: bytes) -> list[list]:
    """All cells of the first sheet, without their rows."""
    told = list(read(data, **BOUNDS))
    assert "refused" not in told[0], told
    return [cell for each in told for _, row in each.get("rows", ()) for cell in row]


def refusal(data: bytes) -> str:
    return next(iter(read(data, **BOUNDS)))["refused"]


def one(cell: str, *looks: str | int, **parts: str) -> list:
    """What is read of the one cell A1; `s="1"` is the first of `looks`."""
    (found,) = cells(
        book(f"<sheetData><row>{cell}</row></sheetData>", styles=styles(*looks), **parts)
    )
    return found


def test_what_openpyxl_writes():
    wb = openpyxl.Workbook()
    page = wb.active
    page.append(["名", 12, 1.1, date(2024, 7, 3), True, "=1+1", None, " 甲\n乙 "])
    page["B2"] = 0.125
    page["B2"].number_format = "0.0%"
    page.merge_cells("A4:B5")
    page["A4"] = "并"
    out = io.BytesIO()
    wb.save(out)
    told = list(read(out.getvalue(), **BOUNDS))
    assert told == [
        {"sheet": "Sheet", "hidden": False},
        {
            "rows": [
                (
                    1,
                    [
                        [1, "s", "名"],
                        [2, "n", "12"],
                        [3, "n", "1.1"],
                        [4, "d", "2024-07-03"],
                        [5, "b", "1"],
                        [6, "formula", "", True],
                        [8, "s", " 甲\n乙 "],
                    ],
                ),
                (2, [[2, "p", "12.5"]]),
                (4, [[1, "s", "并"]]),
            ]
        },
        {"merged": [[1, 4, 2, 5]]},
    ]
    with lines_apart(read, out.getvalue(), **BOUNDS) as found:
        assert [list(each) for each in found] == [list(each) for each in told]


def test_what_wps_writes():
    """Absolute targets, rows and cells without references, runs of text with their sound, empty
    values, a part of its own."""
    data = book(
        '<sheetPr/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>'
        '<c r="B1" s="1"><v>45476</v></c>'
        '<c r="C1" t="str"><f>A1</f><v>甲乙</v></c><c r="D1"><f>1+1</f></c><c r="E1" s="1"/></row>'
        '<row><c t="inlineStr"><is><t>丙</t></is></c><c><v></v></c>'
        "<c><f>0.1+0.2</f><v>0.30000000000000004</v></c></row></sheetData>"
        '<mergeCells count="1"><mergeCell ref="A1:A2"/></mergeCells>',
        strings='<si><r><t>甲</t></r><r><rPr><b/></rPr><t xml:space="preserve"> _x000D_\n乙</t></r>'
        '<rPh sb="0" eb="1"><t>JIA</t></rPh></si>',
        styles=styles('yyyy"年"m"月"d"日";@'),
        rels=rels(target="/xl/worksheets/sheet1.xml"),
        **{"xl/wpsExtra.bin": b"x"},
    )
    assert cells(data) == [
        [1, "s", "甲 \n乙"],
        [2, "d", "2024-07-03"],
        [3, "s", "甲乙", True],
        [4, "formula", "", True],
        [1, "s", "丙"],
        [3, "n", "0.3", True],
    ]


def test_what_libreoffice_writes():
    """Prefixed names, the strict namespace, an ISO day, a sheet that it hides."""
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    data = book(
        "",
        workbook=workbook(sheets='<sheet name="表" sheetId="1" state="hidden" r:id="rId1"/>'),
        **{
            "xl/worksheets/sheet1.xml": f'<x:worksheet xmlns:x="{strict}"><x:sheetData>'
            '<x:row r="3" hidden="1"><x:c r="B3" t="d"><x:v>2024-07-03</x:v></x:c>'
            '<x:c r="C3" t="d"><x:v>2024-07-03T08:00:00</x:v></x:c></x:row>'
            "</x:sheetData></x:worksheet>"
        },
    )
    told = list(read(data, **BOUNDS))
    assert told[0] == {"sheet": "表", "hidden": True}
    assert told[1]["rows"] == [(3, [[2, "d", "2024-07-03"], [3, "moment", "2024-07-03T08:00:00"]])]


@pytest.mark.parametrize(
    ("look", "value", "read_as"),
    [
        (14, "45476", ["d", "2024-07-03"]),
        (58, "45476", ["d", "2024-07-03"]),
        (DAY, "45476.0", ["d", "2024-07-03"]),
        (DAY, "45476.5", ["moment", "带有时刻，应只有日期"]),
        (DAY, "60", ["moment", "是 1900年2月29日，没有这一天"]),
        (DAY, "59", ["d", "1900-02-28"]),
        (DAY, "61", ["d", "1900-03-01"]),
        (DAY, "9" * 9, ["moment", "不是日期"]),
        (DAY, "-1", ["moment", "不是日期"]),
        ("[$-804]yyyy/m/d;@", "45476", ["d", "2024-07-03"]),
        ("yyyy年m月", "45476", ["d", "2024-07-03"]),
        ("mmm\\-yy", "45476", ["d", "2024-07-03"]),
        ("h:mm", "0.5", ["moment", "带有时刻，应只有日期"]),
        ("0.00%", "0.125", ["p", "12.5"]),
        (10, "0.07", ["p", "7"]),
        ("0.00", "1.1000000000000001", ["n", "1.1"]),
        ("#,##0.00_ ", "1234.5599999999999", ["n", "1234.56"]),
        ("￥#,##0", "12", ["n", "12"]),
        ("#,##0,", "12000", ["strange", "12000"]),
        ('0.00"亿元"', "1.2", ["strange", "1.2"]),
        ("0!.0,", "120000", ["strange", "120000"]),
        ("0万元", "12", ["strange", "12"]),
        ("@", "331122000900", ["n", "331122000900"]),
        (0, "331122198001011234", ["inexact", "331122198001011234"]),
        (0, "1E+20", ["inexact", "1E+20"]),
        (0, "nan", ["inexact", "nan"]),
        (0, "1.5E-3", ["n", "0.0015"]),
        (0, "-0", ["n", "0"]),
    ],
)
def test_a_number_is_what_its_format_shows(look: str | int, value: str, read_as: list):
    assert one(f'<c s="1"><v>{value}</v></c>', look)[1:] == read_as


@pytest.mark.parametrize("told", ["1", "true"])
def test_days_are_counted_from_1904_where_the_workbook_says_so(told: str):
    data = book(
        '<sheetData><row><c s="1"><v>44014</v></c></row></sheetData>',
        styles=styles(DAY),
        workbook=workbook(f'<workbookPr date1904="{told}"/>'),
    )
    assert cells(data) == [[1, "d", "2024-07-03"]]


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=5, allow_nan=False))
def test_a_number_of_up_to_15_digits_is_read_as_it_was_typed(number: Decimal):
    typed = Decimal(f"{number:f}")
    assert shown_number(repr(float(typed))) == typed
    assert shown_number(f"{float(typed):.17g}") == typed


@given(st.integers(1, 16_384))
def test_columns_have_one_name(column: int):
    assert number_of(letters(column)) == column


@given(st.dates(date(1904, 1, 2), date(2100, 12, 31)))
def test_a_serial_is_one_day(day: date):
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel

    assert formats.day_of(Decimal(to_excel(day)), from_1904=False) == day
    assert formats.day_of(Decimal(to_excel(day, CALENDAR_MAC_1904)), from_1904=True) == day


def test_a_cell_at_the_far_end_costs_nothing():
    data = book('<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    assert cells(data) == [[16_384, "n", "1"]]
    many = "".join(f'<c r="{letters(n)}1"><v>{n}</v></c>' for n in range(48, 300))
    found = cells(book(f'<sheetData><row r="1">{many}</row></sheetData>'))
    assert [cell[0] for cell in found] == [48, 49, 50, 51]


def test_formulas_that_are_shared_or_of_many_cells_are_formulas():
    data = book(
        '<sheetData><row><c><f t="shared" ref="A1:A2" si="0">B1*2</f><v>4</v></c></row>'
        '<row><c><f t="shared" si="0"/><v>6</v></c><c><f t="array" ref="B2">SUM(A1:A2)</f>'
        '<v>10</v></c><c t="str"><f t="shared" si="1"/><v></v></c></row></sheetData>'
    )
    assert cells(data) == [[1, "n", "4", True], [1, "n", "6", True], [2, "n", "10", True]]


@pytest.mark.parametrize("every", [50, pytest.param(1, marks=pytest.mark.soak)])
def test_rows_to_the_end_that_only_have_a_look_are_no_rows(every: int):
    """What a program writes where somebody gave whole columns a colour."""
    first = '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c></row>'
    rows = range(1 + every, LAST_ROW + 1, every)
    looks = "".join(f'<row r="{n}" s="1"><c r="B{n}" s="1"/></row>' for n in rows)
    data = book(f"<sheetData>{first}{looks}</sheetData>", styles=styles(DAY))
    assert len(data) < archive.MOST_BYTES
    with lines_apart(read, data, bounds=SHEETS, **BOUNDS) as found:
        assert list(found)[1:] == [{"rows": [[1, [[1, "s", "甲"]]]]}, {"merged": []}]


def test_too_many_rows_end_the_reading():
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 200_000))
    *_, last = read(book(f"<sheetData>{rows}</sheetData>"), **BOUNDS)
    assert "too_many" in last


DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ({"xl/vbaProject.bin": b"x"}, "宏"),
        ({"xl/externalLinks/externalLink1.xml": "<x/>"}, "链接到其他文件"),
        ({"xl/ActiveX/activeX1.xml": "<x/>"}, "控件"),
        ({"xl/embeddings/oleObject1.bin": b"x"}, "嵌有"),
        ({"xl/connections.xml": "<x/>"}, "外部数据"),
        ({"[Content_Types].xml/": "", "xl/macrosheets/sheet1.xml": "<x/>"}, "宏表"),
        ({"xl/_rels/workbook.xml.rels": DOCTYPE + rels()}, "文档类型声明"),
        ({"xl/sharedStrings.xml": f"{DOCTYPE}<sst/>"}, "文档类型声明"),
        (
            {
                "xl/_rels/workbook.xml.rels": rels(
                    '<Relationship Id="rId9" Type="x/externalLinkPath" Target="file:///x"'
                    ' TargetMode="External"/>'
                )
            },
            "链接到其他文件",
        ),
        ({"xl/media/image1.bin": b"\0" * (archive.HARMLESS + 1)}, "展开后过大"),
        ({f"xl/x{n}": "x" for n in range(archive.MOST_ENTRIES)}, "部件过多"),
    ],
)
def test_what_is_refused_before_it_is_opened(part: dict, says: str):
    assert says in refusal(book("<sheetData/>", **part))


def test_macros_are_told_by_what_the_workbook_says_it_is():
    types = handmade.TYPES.replace(
        "text/xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )
    data = handmade.packed({"[Content_Types].xml": types, "_rels/.rels": handmade.ROOT})
    assert "宏" in refusal(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "空的"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "已加密"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "旧式表格"),
        ("名称,金额\n".encode(), "是纯文本（例如 CSV），另存为 .xlsx 也不是模板"),
        ("名称,金额\n".encode("gb18030"), "请下载模板，把各行复制、粘贴到相应的列"),
        (b"\xff\xfe" + "名称\t金额\n".encode("utf-16-le"), "是纯文本"),
        ("\ufeff,,项目\n_id,_version,name\n".encode(), "这是由模板另存的文本（CSV）"),
        (',,项目\n"_id";"_version"\n'.encode("gb18030"), "这是由模板另存的文本（CSV）"),
        (b"\xff\xfe" + "项目\n_row\t_name\t".encode("utf-16-le"), "这是由模板另存的文本（CSV）"),
        (b"PK\x03\x04 and nothing more", "不是 .xlsx"),
        (handmade.packed({"word/document.xml": "<x/>"}), "不是 .xlsx"),
        (b"x" * (archive.MOST_BYTES + 1), "8 MB"),
    ],
)
def test_what_is_no_workbook_is_told_by_its_content(data: bytes, says: str):
    assert says in refusal(data)


def test_an_encrypted_part_is_told():
    data = bytearray(book("<sheetData/>"))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "已加密" in refusal(bytes(data))


@pytest.mark.parametrize(
    "sheet",
    [
        '<sheetData><row r="2"/><row r="1"/></sheetData>',
        '<sheetData><row r="1"><c r="B1"/><c r="A1"/></row></sheetData>',
        '<sheetData><row r="1"><c r="A2"/></row></sheetData>',
        '<sheetData><row r="1"><c r="ZZZ1"/></row></sheetData>',
        '<sheetData><row r="9999999"/></sheetData>',
        '<sheetData><row r="1"><c t="s"><v>7</v></c></row></sheetData>',
        "<sheetData><row><c>",
        '<sheetData/><mergeCells><mergeCell ref="A1:B"/></mergeCells>',
        '<sheetData><row r="x"/></sheetData>',
    ],
)
def test_what_makes_no_sense_is_damaged(sheet: str):
    with pytest.raises(UnreadableError) as caught:
        list(read(book(sheet), **BOUNDS))
    assert caught.value.reason is Reason.DAMAGED


def test_entities_never_expand():
    sheet = (
        f'<?xml version="1.0"?>{DOCTYPE}<worksheet xmlns="{MAIN}"><sheetData><row>'
        '<c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )
    *_, last = read(book("", **{"xl/worksheets/sheet1.xml": sheet}), **BOUNDS)
    assert "文档类型声明" in last["refused"]


def test_a_bomb_ends_with_its_process():
    """What it packs is looked at before it is unpacked, and what is unpacked is bounded."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in {
            "[Content_Types].xml": handmade.TYPES,
            "_rels/.rels": handmade.ROOT,
            "xl/workbook.xml": workbook(),
            "xl/_rels/workbook.xml.rels": rels(),
        }.items():
            target.writestr(name, content)
        with target.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(200):
                part.write(b" " * (1 << 20))
    assert len(out.getvalue()) < 1_000_000
    assert "展开后过大" in refusal(out.getvalue())
