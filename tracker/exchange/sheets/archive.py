"""The first stage: whether bytes are a workbook that may be opened, before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence

from tracker.core.strangers.archives import most_entries
from tracker.core.strangers.named import what_it_is

MOST_BYTES = 8 * 1024 * 1024
MOST_ENTRIES = 500
MOST_UNPACKED = 160 * 1024 * 1024
HARMLESS = 16 * 1024 * 1024  # bytes unpacked: rows of one look pack well, and so much costs nothing
MOST_RATIO = 100
_NO_WORKBOOK = "文件不是 .xlsx 工作簿"
_SAVE_AS = "请用 WPS 或 Excel 打开，另存为 .xlsx 再传"

# Parts that do something, or fetch something, by the beginning of their name in lower case.
_ACTIVE = (
    ("xl/vbaproject", "含有宏", "请另存为不带宏的 .xlsx"),
    ("xl/macrosheets/", "含有宏表", "请删去宏表后另存"),
    ("xl/dialogsheets/", "含有宏表", "请删去宏表后另存"),
    ("xl/activex/", "含有控件", "请删去控件后另存"),
    ("xl/ctrlprops/", "含有控件", "请删去控件后另存"),
    ("xl/embeddings/", "嵌有其他文件", "请删去嵌入的对象后另存"),
    ("xl/externallinks/", "链接到其他文件", "请在“数据—编辑链接”中断开链接后另存"),
    ("xl/connections", "连接到外部数据", "请删去数据连接后另存"),
    ("xl/querytables/", "连接到外部数据", "请删去数据连接后另存"),
)
_MACROS = b"macroEnabled"
_LOOKED_AT = 8192  # bytes of a text: its title, how it is filled in, and the names of its columns
# How the hidden row of names begins in a text, with what stands between its columns.
_NAMES = tuple(
    f"{first}{between}{second}"
    for first, second in (("_id", "_version"), ("_row", "_name"))
    for between in (",", ";", "\t", '","', '";"', '"\t"')
)


class RefusedWorkbookError(Exception):
    """The bytes are not taken; the message is a sentence for the user."""


def opened(data: bytes) -> zipfile.ZipFile:
    """The archive of a workbook. Raises RefusedWorkbookError."""
    if not data:
        raise RefusedWorkbookError("文件是空的，请重新选择。")
    if len(data) > MOST_BYTES:
        raise RefusedWorkbookError(
            f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请核对是否选错，或分几次导入。"
        )
    if most_entries(data) > MOST_ENTRIES:
        raise RefusedWorkbookError("文件内部的部件过多，不予打开；请从模板重新填写。")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
        _guard(entries, len(data))
        types = read_part(archive, "[Content_Types].xml")
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, zlib.error, KeyError):
        said = _of_text(data) or f"{what_it_is(data) or _SAVE_AS}。"
        raise RefusedWorkbookError(f"{_NO_WORKBOOK}：{said}") from None
    if _MACROS in types:
        raise RefusedWorkbookError("工作簿带有宏，不予打开；请另存为不带宏的 .xlsx。")
    return archive


def _of_text(data: bytes) -> str:
    """What to do with a text that holds a table, such as CSV; "" for anything else. It is not read:
    the version of the template and what is a day or a text are lost in it, numbers come as they
    were shown ("1.2E+11"), and a program that opened it once has taken leading noughts away. Saved
    as .xlsx it would still be no template."""
    if not (what_it_is(data) or "").startswith("文件是纯文本"):
        return ""
    code = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    begins = data[:_LOOKED_AT].decode(code, errors="ignore")
    if any(names in begins for names in _NAMES):
        return (
            "这是由模板另存的文本（CSV）。CSV 不带模板的版本、日期和文本格式，"
            "编号前面的 0 和长数字会丢失，所以不读取。"
            "请打开原来的 .xlsx 模板，把内容填好，按 .xlsx 保存后上传；"
            "只有 CSV 的，请重新下载模板，把各行复制、粘贴进去。"
        )
    return (
        "是纯文本（例如 CSV），另存为 .xlsx 也不是模板。请下载模板，"
        "把各行复制、粘贴到相应的列，按 .xlsx 保存后上传。"
    )


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of a part; KeyError where there is none."""
    return archive.read(name)


def _guard(entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise RefusedWorkbookError("文件已加密，请取消密码后另存再传。")
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES or len(set(names)) < len(names):
        raise RefusedWorkbookError("文件内部的部件过多或重名，不予打开；请从模板重新填写。")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED or (unpacked > HARMLESS and unpacked > MOST_RATIO * size):
        raise RefusedWorkbookError("文件展开后过大，不予打开；请删去无关的行和内容后另存。")
    for name in names:
        for beginning, what, advice in _ACTIVE:
            if name.lower().startswith(beginning):
                raise RefusedWorkbookError(f"工作簿{what}，不予打开；{advice}。")
