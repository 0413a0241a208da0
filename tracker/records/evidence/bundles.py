"""A zip of many files, each of which is a proof with a name of its own.

`unpack` is for `strangers.read_apart`: nothing here knows the web or the database, and nothing is
written anywhere, so that no name in an archive can lead out of a folder.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from base64 import b64encode
from typing import Any

from tracker.core.strangers import Bounds, Reason
from tracker.records.evidence import contents, documents
from tracker.records.evidence.contents import MOST_PACKED, MOST_UNPACKED

BOUNDS = Bounds(processor=15, clock=40, memory=640 * 1024 * 1024)

_ENCRYPTED, _UTF8 = 0x1, 0x800
_UNICODE_NAME = 0x7075
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OUTSIDE = re.compile(r"^/|^[A-Za-z]:|(^|/)\.\.(/|$)")
# Folders, and what systems put into archives by themselves.
_NO_FILE = re.compile(r"/$|(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.I)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    OverflowError,
    NotImplementedError,
)
_AGAIN = "请重新压缩后再传。"


def unpack(archive: bytes) -> dict[str, Any]:
    """`files`: (name without folders, media type, content in base64) of each file in `archive`, the
    content as `contents.received` gives it, the same content once; `faults`: (name, sentence)
    of what cannot be taken, the name "" for what is wrong with the whole. Nothing is taken where
    there are faults. What zipfile cannot open at all raises its errors."""
    try:
        opened = zipfile.ZipFile(io.BytesIO(archive))
    except UnicodeDecodeError:
        return _refused("", f"压缩包内有文件名的编码无法识别，{_AGAIN}")
    with opened:
        named = [(name_of(info), info) for info in opened.infolist()]
        entries = [each for each in named if not _NO_FILE.search(each[0] or "")]
        if not entries:
            return _refused("", "压缩包内没有文件。")
        if len(entries) > MOST_PACKED:
            words = f"压缩包内有 {len(entries)} 个文件，最多 {MOST_PACKED} 个，请分成几个压缩包。"
            return _refused("", words)
        files: dict[str, tuple[str, contents.Received]] = {}
        faults, room = [], MOST_UNPACKED
        for number, (name, info) in enumerate(entries, 1):
            try:
                content = _content(opened, name, info)
                room -= len(content)
                if room < 0:
                    most = MOST_UNPACKED // 1024 // 1024
                    faults.append(("", f"展开后合计超过 {most} MB，请分成几个压缩包。"))
                    break
                found = contents.received(content)
                if found.media_type == contents.PDF and (why := documents.fault(content)):
                    raise contents.RefusedFileError(documents.words_of(Reason(why)))
            except contents.RefusedFileError as error:
                faults.append((name or f"第 {number} 个文件", str(error)))
            else:
                base = (name or "").rpartition("/")[2]
                files.setdefault(contents.digest_of(found.content), (base, found))
    if faults:
        return {"files": [], "faults": faults}
    packed = [
        (name, file.media_type, b64encode(file.content).decode()) for name, file in files.values()
    ]
    return {"files": packed, "faults": []}


def _refused(name: str, words: str) -> dict[str, Any]:
    return {"files": [], "faults": [(name, words)]}


def _content(opened: zipfile.ZipFile, name: str | None, info: zipfile.ZipInfo) -> bytes:
    """What `info` holds, a byte more than the largest file at most. Raises RefusedFileError."""
    if name is None:
        raise contents.RefusedFileError(f"文件名的编码无法识别，请改名并{_AGAIN}")
    if _OUTSIDE.search(name):
        raise contents.RefusedFileError(f"名称指向压缩包之外，{_AGAIN}")
    if info.flag_bits & _ENCRYPTED:
        raise contents.RefusedFileError(f"文件已加密，请取消密码并{_AGAIN}")
    if info.compress_type not in _METHODS:
        raise contents.RefusedFileError("压缩方式无法读取，请改用普通的 ZIP 格式压缩后再传。")
    try:
        with opened.open(info) as file:
            return file.read(contents.LARGEST + 1)
    except _BROKEN:
        raise contents.RefusedFileError(f"文件已损坏，{_AGAIN}") from None


def name_of(info: zipfile.ZipInfo) -> str | None:
    """The name in an archive with "/" between its folders: as the archive says where it says that
    it is UTF-8, else UTF-8 where it is that, else GBK, as Windows writes it in China; None where
    it is none of them."""
    if info.flag_bits & _UTF8:
        return info.orig_filename.replace("\\", "/")
    raw = info.orig_filename.encode("cp437")  # which is how zipfile read it
    told = _unicode_name(info.extra, raw) or raw
    for name, encoding in ((told, "utf-8"), (raw, "utf-8"), (raw, "gb18030")):
        try:
            return name.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return None


def _unicode_name(extra: bytes, raw: bytes) -> bytes:
    """The name that an extra field gives beside one in another encoding; b"" without one."""
    while len(extra) >= 4:
        kind, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_NAME and field[:1] == b"\1":
            of = int.from_bytes(field[1:5], "little")
            return field[5:] if of == zlib.crc32(raw) else b""
    return b""
