"""Files on disk, named by their sha256: written whole or not at all, checked when read."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tracker.core.strangers.archives import most_entries
from tracker.core.strangers.named import no_proof
from tracker.core.told import ToldError
from tracker.records.evidence.pictures import BrokenPictureError, without_place

LARGEST = 20 * 1024 * 1024  # bytes
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 5_000
MOST_PACKED = 100  # files of an archive
MOST_UNPACKED = 60 * 1024 * 1024  # bytes of all of them
_UNPACKS_TO_TOO_MUCH = "文件展开后过大，请拆分后再传。"

PDF = "application/pdf"
_BEGINNINGS = {
    b"%PDF-": PDF,
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OFD = "application/ofd"
_OF_DOCUMENTS = {"OFD.xml", "[Content_Types].xml", "mimetype"}
ENDINGS = {
    PDF: (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    _OFFICE["word/"]: (".docx", ".docm"),
    _OFFICE["xl/"]: (".xlsx", ".xlsm"),
    OFD: (".ofd",),
}
TYPE_WORDS = dict(
    zip(ENDINGS, ("PDF", "PNG 图片", "JPG 图片", "Word", "Excel", "OFD"), strict=True)
)


class RefusedFileError(ToldError, ValueError):
    """A file that is not taken; the message is for the user."""


class DamagedFileError(Exception):
    """The content on disk is not the one that was stored."""


@dataclass(frozen=True)
class Received:
    """A file as it will be kept, and what it is."""

    content: bytes
    media_type: str


def received(content: bytes) -> Received:
    """`content` as it is kept, before anything is computed of it: a photograph without the place
    where it was taken, everything else as it came. Raises RefusedFileError."""
    kind = media_type(content)
    try:
        return Received(without_place(content, kind), kind)
    except BrokenPictureError:
        raise RefusedFileError(
            "图片已损坏或不完整，无法去除其中的拍摄位置；请重新取得原图再传。"
        ) from None


def media_type(content: bytes) -> str:
    """What `content` is, by its own bytes: PDF, PNG, JPEG, Word, Excel or OFD.

    Raises RefusedFileError for anything else, for empty and for too large files, and for archives
    that would unpack to too much.
    """
    if not content:
        raise RefusedFileError("文件是空的，请重新选择。")
    if len(content) > LARGEST:
        raise RefusedFileError(f"文件超过 {LARGEST // 1024 // 1024} MB，请压缩或拆分后再传。")
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _archive_type(content)
    told = no_proof(content)
    what = f"{told}。" if told else ""
    raise RefusedFileError(f"{what}只收 PDF、PNG、JPG、Word、Excel、OFD 文件，请转换后再传。")


def is_bundle(content: bytes) -> bool:
    """Whether `content` is a zip of files, and no document that is a zip by its format."""
    if not content.startswith(b"PK\x03\x04") or most_entries(content) > MOST_PARTS:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return not _OF_DOCUMENTS & set(archive.namelist())
    except UnicodeDecodeError:  # which the one who unpacks it says
        return True
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def _archive_type(content: bytes) -> str:
    if most_entries(content) > MOST_PARTS:
        raise RefusedFileError(_UNPACKS_TO_TOO_MUCH)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise RefusedFileError("文件已损坏，无法打开，请重新导出后再传。") from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise RefusedFileError(_UNPACKS_TO_TOO_MUCH)
    names = {part.filename for part in parts}
    if "OFD.xml" in names:
        return OFD
    if "[Content_Types].xml" in names:
        for folder, kind in _OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return kind
    if told := no_proof(content):
        raise RefusedFileError(f"{told}。")
    raise RefusedFileError("压缩包不能作为佐证，请上传其中的文件。")


def digest_of(content: bytes) -> str:
    """The sha256 of `content`, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def keep(folder: Path, content: bytes) -> str:
    """Keep `content` below `folder` and give its sha256; nothing happens if it is there already.

    The name appears only after the bytes are on the disk, so a crash leaves no half file behind a
    name. Raises OSError.
    """
    sha256 = digest_of(content)
    target = path_of(folder, sha256)
    if target.exists():
        return sha256
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(dir=target.parent, prefix=".unfinished-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(target)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    return sha256


def read(folder: Path, sha256: str) -> bytes:
    """The content named `sha256`. Raises FileNotFoundError, or DamagedFileError if it changed."""
    content = path_of(folder, sha256).read_bytes()
    if digest_of(content) != sha256:
        raise DamagedFileError(sha256)
    return content


def path_of(folder: Path, sha256: str) -> Path:
    """Where the content named `sha256` lies."""
    return folder / sha256[:2] / sha256
