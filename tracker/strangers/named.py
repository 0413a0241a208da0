"""What a file is by its content, in words, and what to do with one that is not taken."""

from __future__ import annotations

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def what_it_is(data: bytes) -> str:
    """What `data` is and how to make of it what is taken: a sentence without its full stop; "" for
    what is not known here. The name of the file is not asked: `.et`, `.wps` and `.xls` may hold
    any of these."""
    if data.startswith(_OLE):
        return _of_ole(data)
    if data.startswith(b"PK\x03\x04"):
        if b"word/document.xml" in data:
            return "文件是 Word 文档（.docx），不是表格；请选择表格文件"
        if b"ppt/presentation.xml" in data:
            return "文件是演示文稿（.pptx），不是表格；请选择表格文件"
        return ""
    if data.startswith(b"%PDF-"):
        return "文件是 PDF，不是表格；请选择表格文件"
    if data.startswith(b"{\\rtf"):
        return "文件是 RTF 文档；请用 WPS 或 Word 打开，另存为 .docx"
    if data[:512].lstrip(b"\xef\xbb\xbf \r\n\t")[:9].lower() in (b"<!doctype", b"<html") or (
        b"<html" in data[:512].lower()
    ):
        return "文件是网页，只是改了扩展名；请用 WPS 或 Excel 打开，另存为 .xlsx"
    if data and b"\0" not in data[:4096]:
        return "文件是纯文本（例如 .csv）；请用 WPS 或 Excel 打开，另存为 .xlsx"
    return ""


def _of_ole(data: bytes) -> str:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return "文件已加密；请取消打开密码后另存"
    if holds("WordDocument"):
        return "文件是旧式文字文档（.doc、.wps）；请用 WPS 或 Word 打开，另存为 .docx 或 PDF"
    if holds("Workbook") or holds("Book"):
        return "文件是旧式表格（.xls、.et）；请用 WPS 或 Excel 打开，另存为 .xlsx"
    if holds("PowerPoint Document"):
        return "文件是旧式演示文稿（.ppt、.dps）；请打开后另存为 PDF"
    return "文件是旧式办公文档；请用 WPS 或 Office 打开，另存为 .docx、.xlsx 或 PDF"
