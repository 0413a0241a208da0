"""What a file is by its content, in words, and what to do with one that is not taken.

The name of the file is not asked: `.et`, `.wps` and `.xls` may hold any of these.
"""

from __future__ import annotations

from dataclasses import dataclass

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PHONES = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif")
_OTHER_FILE = "不是表格；请选择表格文件"
_AS_TABLE = "请用 WPS 或 Excel 打开，另存为 .xlsx"


@dataclass(frozen=True)
class Named:
    """`what` a file is, and what to do where a table, or where a proof is asked for."""

    what: str
    for_table: str
    for_proof: str


def what_it_is(data: bytes) -> str:
    """What `data` is and how to make a table of it that is taken: a sentence without its full
    stop; "" for what is not known here."""
    found = _named(data)
    if found is None:
        return ""
    return f"{found.what}{'，' if found.for_table == _OTHER_FILE else '；'}{found.for_table}"


def no_proof(data: bytes) -> str:
    """As `what_it_is`, how to make a proof of it that is taken."""
    found = _named(data)
    return f"{found.what}；{found.for_proof}" if found else ""


def _named(data: bytes) -> Named | None:
    if data.startswith(_OLE):
        return _of_ole(data)
    if data.startswith(b"PK\x03\x04"):
        return _of_archive(data)
    if data[4:8] == b"ftyp":
        return _of_media(data[8:12])
    for beginning, found in _BEGINNINGS:
        if data.startswith(beginning):
            return found
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _picture("WebP")
    return _of_text(data)


def _picture(kind: str) -> Named:
    return Named(f"文件是 {kind} 图片", _OTHER_FILE, "请另存为 JPG 或 PNG")


def _packed(kind: str) -> Named:
    return Named(f"文件是压缩包（{kind}）", "请解压后选择其中的表格", "请解压后上传其中的文件")


_BEGINNINGS = (
    (b"%PDF-", Named("文件是 PDF", _OTHER_FILE, "请直接上传")),
    (b"{\\rtf", Named("文件是 RTF 文档", *["请用 WPS 或 Word 打开，另存为 .docx"] * 2)),
    (b"GIF8", _picture("GIF")),
    (b"BM", _picture("BMP")),
    (b"II*\0", _picture("TIFF")),
    (b"MM\0*", _picture("TIFF")),
    (b"Rar!\x1a\x07", _packed(".rar")),
    (b"7z\xbc\xaf\x27\x1c", _packed(".7z")),
    (b"\x1f\x8b", _packed(".gz")),
)


def _of_media(brand: bytes) -> Named:
    if brand in _PHONES:
        return Named("文件是手机照片（HEIC）", _OTHER_FILE, "请另存为 JPG，或在手机上改用 JPG 拍摄")
    return Named("文件是音频或视频", _OTHER_FILE, "请改交文件、照片或截图")


def _of_archive(data: bytes) -> Named | None:
    if b"word/document.xml" in data:
        return Named("文件是 Word 文档（.docx）", _OTHER_FILE, "请重新导出后再传")
    if b"ppt/presentation.xml" in data:
        return Named("文件是演示文稿（.pptx）", _OTHER_FILE, "请打开后另存为 PDF")
    if b"mimetypeapplication/vnd.oasis.opendocument." in data[:200]:
        return Named(
            "文件是开放文档（.odt、.ods、.odp）", _AS_TABLE, "请打开后另存为 .docx、.xlsx 或 PDF"
        )
    return None


def _of_text(data: bytes) -> Named | None:
    head = data[:512].lower()
    begins = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if begins.startswith((b"<!doctype html", b"<html")) or b"<html" in head:
        what = "文件是网页，只是改了扩展名"
        return Named(what, _AS_TABLE, "请打开后另存为 PDF；是表格的，另存为 .xlsx")
    if b"<?mso-application" in head:
        what = "文件是旧式 XML 文档，只是改了扩展名"
        return Named(what, _AS_TABLE, "请打开后另存为 .docx、.xlsx 或 PDF")
    plain = data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in data[:4096]
    if data and plain and not data.startswith(b"MZ"):
        return Named("文件是纯文本（例如 .csv）", _AS_TABLE, "请打开后另存为 .xlsx 或 PDF")
    return None


def _of_ole(data: bytes) -> Named:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    def same(what: str, advice: str) -> Named:
        return Named(what, advice, advice)

    if holds("EncryptedPackage"):
        return same("文件已加密", "请取消打开密码后另存")
    if holds("WordDocument"):
        return same(
            "文件是旧式文字文档（.doc、.wps）", "请用 WPS 或 Word 打开，另存为 .docx 或 PDF"
        )
    if holds("Workbook") or holds("Book"):
        return same("文件是旧式表格（.xls、.et）", _AS_TABLE)
    if holds("PowerPoint Document"):
        return same("文件是旧式演示文稿（.ppt、.dps）", "请打开后另存为 PDF")
    return same("文件是旧式办公文档", "请用 WPS 或 Office 打开，另存为 .docx、.xlsx 或 PDF")
