"""What people hand in as a workbook: old formats, escapes, hidden sheets, unseen characters."""

import io
import zipfile

import openpyxl
import pytest

from tracker.records.evidence.contents import RefusedFileError, media_type
from tracker.year.rulebooks.workbook import WorkbookError, read_workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def ole(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + b"\0" * 64


def workbook(change) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "指标"
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (ole("Workbook"), "旧式表格（.xls、.et）；请用 WPS 或 Excel 打开，另存为 .xlsx"),
        (ole("WordDocument"), "旧式文字文档（.doc、.wps）"),
        (ole("EncryptedPackage"), "已加密；请取消打开密码"),
        ("编号,名称\n".encode(), "纯文本（例如 .csv）"),
        (b"<html><table></table></html>", "网页，只是改了扩展名"),
        (b"%PDF-1.7\n", "PDF，不是表格"),
    ],
)
def test_what_is_no_workbook_is_called_what_it_is(content, says):
    with pytest.raises(WorkbookError) as caught:
        read_workbook(content, ["指标"], [])
    assert says in caught.value.faults[0]


@pytest.mark.parametrize(
    ("stream", "says"), [("WordDocument", "另存为 .docx 或 PDF"), ("Workbook", "另存为 .xlsx")]
)
def test_old_documents_as_proof_are_told_how_to_be_saved(stream, says):
    with pytest.raises(RefusedFileError, match=says):
        media_type(ole(stream))


def packed(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (ole("PowerPoint Document"), "旧式演示文稿（.ppt、.dps）；请打开后另存为 PDF"),
        (packed(**{"ppt/presentation.xml": ""}), "演示文稿（.pptx）.*另存为 PDF"),
        (
            packed(mimetype="application/vnd.oasis.opendocument.text"),
            "开放文档（.odt、.ods、.odp）",
        ),
        (packed(**{"回单.pdf": ""}), "压缩包不能作为佐证"),
        (b"Rar!\x1a\x07\0" + b"\0" * 9, "压缩包（.rar）；请解压后上传其中的文件"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 9, "手机照片（HEIC）；请另存为 JPG"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 9, "音频或视频"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WebP 图片.*另存为 JPG"),
        (b"II*\0" + b"\0" * 9, "TIFF 图片"),
        (b"<html><table></table></html>", "网页，只是改了扩展名.*是表格的，另存为 .xlsx"),
        (b"<?xml version='1.0'?><?mso-application progid='Word.Document'?>", "旧式 XML 文档"),
        ("年,数".encode("gbk"), "纯文本（例如 .csv）；请打开后另存为 .xlsx 或 PDF"),
        ("年,数".encode("utf-16"), "纯文本（例如 .csv）"),
        (b"MZ\x90", "只收 PDF"),
    ],
)
def test_what_is_no_proof_is_called_what_it_is(content, says):
    with pytest.raises(RefusedFileError, match=says) as caught:
        media_type(content)
    assert "不是表格" not in str(caught.value)


def test_escapes_are_read_as_excel_means_them():
    def change(book):
        book.active["A1"] = "一行_x000D_\n二行"
        book.active["B1"] = "字面的_x005F_x000D_"

    assert read_workbook(workbook(change), ["指标"], []) == {
        "指标": {1: {"A": "一行\n二行", "B": "字面的_x000D_"}}
    }


def test_an_unseen_character_is_named_with_its_place():
    def change(book):
        book.active["C2"] = "指标\u200b名"

    with pytest.raises(WorkbookError) as caught:
        read_workbook(workbook(change), ["指标"], [])
    assert caught.value.faults == [
        "「指标」第 2 行 C 列：第 3 字是不可见的字符 U+200B(零宽空格)，请删去后重新输入"
    ]


@pytest.mark.parametrize(("state", "taken"), [("veryHidden", True), ("hidden", False)])
def test_sheets_that_only_wps_sees_are_not_the_persons(state, taken):
    def change(book):
        book.active["A1"] = "甲"
        book.create_sheet("WpsReserved_CellImgList").sheet_state = state

    if taken:
        assert read_workbook(workbook(change), ["指标"], []) == {"指标": {1: {"A": "甲"}}}
    else:
        with pytest.raises(WorkbookError, match="WpsReserved"):
            read_workbook(workbook(change), ["指标"], [])


def test_a_merged_cell_of_a_group_column_holds_for_all_its_rows():
    def change(book):
        sheet = book.active
        for row in (("一级指标*", "编号"), ("合作", "1"), (None, "2"), (None, "3"), ("成效", "4")):
            sheet.append(row)
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("B5:C5")  # within one row: nobody's loss

    found = read_workbook(workbook(change), ["指标"], [], ["一级指标"])["指标"]
    assert [found[n]["A"] for n in range(2, 6)] == ["合作", "合作", "合作", "成效"]


def test_a_merged_cell_of_any_other_column_is_refused_with_its_place():
    def change(book):
        for row in (("一级指标", "分值"), ("合作", 5), ("成效", None)):
            book.active.append(row)
        book.active.merge_cells("B2:B3")

    with pytest.raises(WorkbookError) as caught:
        read_workbook(workbook(change), ["指标"], [], ["一级指标"])
    assert caught.value.faults == [
        "「指标」第 2 行 B 列：是合并到第 3 行的单元格，请取消合并，逐行填写"
    ]


def test_a_character_without_a_glyph_is_named_with_its_place():
    def change(book):
        book.active["B3"] = "返利☑"

    with pytest.raises(WorkbookError) as caught:
        read_workbook(workbook(change), ["指标"], [])
    assert caught.value.faults == [
        "「指标」第 3 行 B 列：第 3 字“☑”(U+2611)无法打印，请改用通用规范汉字"
    ]


def test_a_blank_of_any_width_is_no_fault_of_a_text():
    def change(book):
        book.active["A1"] = "返利\u3000到账\u00a0率"

    assert read_workbook(workbook(change), ["指标"], []) == {
        "指标": {1: {"A": "返利\u3000到账\u00a0率"}}
    }
