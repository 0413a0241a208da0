"""What a form brought, read and looked at: files one by one, and a zip of many."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app
from werkzeug.datastructures import FileStorage

from tracker.core.db import units
from tracker.core.quantities.clock import present, stamped
from tracker.core.strangers import BusyError, Reason, Slots, UnreadableError, read_apart
from tracker.engine.typeset.gate import refusal
from tracker.records.evidence import contents, service
from tracker.records.evidence.contents import PDF
from tracker.records.evidence.forms import MOST_TOGETHER, ProofForm, kept_name
from tracker.web.tables import visible

# Each holds what it unpacks in memory.
UNPACKING = Slots("unpack", 2)
_BUSY = "正在处理其他压缩包，请稍后再试。"
# Looking at PDFs is short, so that it is waited for.
OPENING = Slots("open", 4)
_PATIENCE, _STEP = 8.0, 0.05  # seconds
_SHOWN = 100  # characters of a name in an archive
_RENAME = "请给文件改名后再上传，文件内容不必改动。"


@dataclass(frozen=True)
class Given:
    """A file as it will be kept, under its name; `packed`: it came in a zip with others;
    `place`: which of those that came together it is (第 2 个文件“回单.pdf”)."""

    name: str
    file: contents.Received
    packed: bool = False
    place: str = ""


@dataclass(frozen=True)
class Taken:
    """The same when it is on the disk."""

    name: str
    kept: service.KeptFile
    packed: bool = False
    place: str = ""


def received(form: ProofForm) -> list[Taken] | None:
    """The files that `form` brought, on the disk now; None where one cannot be taken, which the
    form then says, all at once. Raises OSError."""
    given: list[Given] = []
    bundle: tuple[str, bytes] | None = None
    for name, place, upload in _named(form):
        content = upload.read(MOST_TOGETHER + 1)
        if not contents.is_bundle(content):
            given += _one(form, name, place, content)
        elif bundle is None:
            bundle = (place, content)
        else:
            form.add_error("files", f"{place}：一次只能上传一个压缩包，请分次上传。")
    _need_open(form, [each for each in given if each.file.media_type == PDF])
    if bundle is not None:
        given += _unpacked(form, *bundle)
    if form.errors:
        return None
    return [
        Taken(each.name, service.keep_received(each.file), each.packed, each.place)
        for each in given
    ]


def _named(form: ProofForm) -> Iterator[tuple[str, str, FileStorage]]:
    """Each upload with its name, and which of several it is: names may be cut, alike or unlike what
    the person saw. What a phone's camera hands over is called image.jpg each time, and nobody can
    rename it there: it is called by the moment."""
    files, photos = form.chosen(form.files), form.chosen(form.photos)
    for number, upload in enumerate(files, 1):
        name = upload.filename or ""
        yield name, _place("个文件", number, len(files), name), upload
    moment = stamped(present())
    for number, upload in enumerate(photos, 1):
        name = f"现场照片-{moment}-{number}"
        yield name, _place("张照片", number, len(photos), name), upload


def _place(of: str, number: int, among: int, name: str) -> str:
    shown = f"“{visible(name)[:_SHOWN]}”"
    return f"第 {number} {of}{shown}" if among > 1 else shown


def _one(form: ProofForm, name: str, place: str, content: bytes) -> list[Given]:
    if fault := refusal(f"{place}的文件名", name):
        form.add_error("files", f"{fault}{_RENAME}")
    try:
        file = contents.received(content)
    except contents.RefusedFileError as error:
        form.add_error("files", f"{place}：{error}")
        return []
    return [Given(kept_name(name, file.media_type), file, place=place)]


def _need_open(form: ProofForm, pdfs: list[Given]) -> None:
    """Let the form say which of `pdfs` cannot be opened; those of a zip are looked at with it."""
    if not pdfs:
        return
    units.afresh()
    from tracker.records.evidence import documents

    folder = current_app.config["TRACKER"].instance / "slots"
    try:
        with OPENING.waited_for(folder, _PATIENCE, _STEP):
            reasons = _reasons([each.file.content for each in pdfs])
    except BusyError:
        reasons = [Reason.NO_TIME] * len(pdfs)
    for each, reason in zip(pdfs, reasons, strict=True):
        if reason is not None:
            form.add_error("files", f"{each.place}：{documents.words_of(reason)}")


def _reasons(pdfs: list[bytes]) -> list[Reason | None]:
    """Of each the reason for which it cannot be opened; where one of several ends the process that
    looks at them, each is looked at by itself."""
    from tracker.records.evidence import documents

    try:
        found = read_apart(documents.faults, *pdfs, bounds=documents.BOUNDS)
    except UnreadableError as error:
        if len(pdfs) == 1:
            return [error.reason]
        return [reason for pdf in pdfs for reason in _reasons([pdf])]
    return [Reason(reason) if reason else None for reason in found]


def _unpacked(form: ProofForm, archive: str, content: bytes) -> list[Given]:
    from tracker.records.evidence import bundles

    units.afresh()
    try:
        with UNPACKING.taken(current_app.config["TRACKER"].instance / "slots"):
            found = read_apart(bundles.unpack, content, bounds=bundles.BOUNDS)
    except BusyError:
        form.add_error("files", f"{archive}：{_BUSY}")
        return []
    except UnreadableError as error:
        form.add_error("files", f"{archive}：{error}")
        return []
    for name, words in found["faults"]:
        of = f"中的“{visible(name)[:_SHOWN]}”" if name else ""
        form.add_error("files", f"{archive}{of}：{words}")
    given = []
    for name, kind, packed in found["files"]:
        if fault := refusal(f"{archive}中的文件名“{name}”", name):
            form.add_error("files", f"{fault}请给文件改名并重新压缩后再传，文件内容不必改动。")
        file = contents.Received(b64decode(packed), kind)
        given.append(
            Given(kept_name(name, kind), file, packed=True, place=f"{archive}中的“{name}”")
        )
    return given
