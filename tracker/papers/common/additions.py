"""What was added behind a paper's bytes, and whether the paper is still what a reader sees.

An incremental update may add a signature or a note; it may also put another page in the place of
one. What is looked at is what the file now says of each page, not how it came to say it.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import TypedDict

import pikepdf

from tracker.core.strangers.bounds import Reason, UnreadableError
from tracker.papers.common.signatures import Signed, read_signatures

SHOWN = 12
# Keys that lead back, and the notes of a page, which are looked at by themselves.
_WITHOUT = frozenset({"/Parent", "/P", "/Pg", "/Popup", "/IRT", "/Annots"})
# What signing and annotating say of a file as a whole, and what a program says of itself.
_FREE = frozenset({"/Pages", "/AcroForm", "/Perms", "/DSS", "/Extensions", "/Metadata", "/Version"})
_FREE_INFO = frozenset({"/ModDate", "/Producer"})
# Without one of these words no object, table or trailer begins.
_BEGINS = re.compile(rb"obj|xref|trailer")
_KINDS = {
    "/Text": "便笺",
    "/FreeText": "文字批注",
    "/Highlight": "高亮",
    "/Underline": "下划线",
    "/StrikeOut": "删除线",
    "/Squiggly": "波浪线",
    "/Ink": "手写笔迹",
    "/Stamp": "图章",
    "/Square": "方框",
    "/Circle": "圆框",
    "/Line": "线条",
    "/Polygon": "多边形",
    "/PolyLine": "折线",
    "/Link": "链接",
    "/FileAttachment": "附件",
    "/Redact": "涂黑标记",
    "/Popup": "批注窗口",
    "/Widget": "表单域",
}


class Added(TypedDict):
    """What a file has besides the paper that it begins with: its signatures (None where this
    machine cannot look at them), how many it has, the notes on its pages in words, and what of the
    paper is no longer shown as it was. `whole`: it ends as a file does."""

    signatures: list[Signed] | None
    signed: int
    notes: list[str]
    changed: list[str]
    whole: bool


def may_add(behind: bytes) -> bool:
    """Whether bytes behind a paper may hold an update, and so a signature or a note: told without
    opening the file."""
    return _BEGINS.search(behind) is not None


def read_added(original: bytes, found: bytes) -> Added:
    """What the file `found` has besides `original`, with which it begins. For
    `strangers.read_apart`: a hostile file may make it raise anything."""
    try:
        before, after = (pikepdf.open(io.BytesIO(each)) for each in (original, found))
    except pikepdf.PasswordError:
        raise UnreadableError(Reason.ENCRYPTED) from None
    with before, after:
        notes, changed = _pages(before, after)
        changed += _rest(before, after)
        signed = sum(_is_signature(field) for field in _fields(after))
    return Added(
        signatures=read_signatures(found) if signed else [],
        signed=signed,
        notes=_some(notes),
        changed=_some(changed),
        whole=found.rstrip(b"\r\n").endswith(b"%%EOF"),
    )


def _some(words: list[str]) -> list[str]:
    more = len(words) - SHOWN
    return [*words[:SHOWN], *([f"另有 {more} 处"] if more > 0 else [])]


def _pages(before: pikepdf.Pdf, after: pikepdf.Pdf) -> tuple[list[str], list[str]]:
    ours, theirs = len(before.pages), len(after.pages)
    if ours != theirs:
        return [], [f"原件 {ours} 页，文件现为 {theirs} 页"]
    notes, changed = [], []
    old, new = _Digests(), _Digests()
    for number, (own, other) in enumerate(zip(before.pages, after.pages, strict=True), 1):
        if old.page(own) != new.page(other):
            changed.append(f"第 {number} 页的内容被改动")
        had = Counter(old.of(note) for note in _annotations(own))
        kinds: Counter[str] = Counter()
        for note in _annotations(other):
            shape = new.of(note)
            if had[shape]:
                had[shape] -= 1
            elif not _is_signature(note):
                kinds[_KINDS.get(str(note.get("/Subtype")), "其他批注")] += 1
            elif _is_seen(note):
                kinds["签名图样"] += 1
        if had.total():
            changed.append(f"第 {number} 页原有的链接或表单域被改动")
        notes += [f"第 {number} 页{kind} {count} 处" for kind, count in kinds.items()]
    return notes, changed


def _rest(before: pikepdf.Pdf, after: pikepdf.Pdf) -> list[str]:
    """What of the file as a whole is another: an action, an attachment, layers, the structure; and
    its title or what else it says of itself. One that says nothing of itself any more says nothing
    else: some programs leave all of that out where they add a note."""
    old, new = _Digests(), _Digests()
    changed = []
    told = [("文件整体的设置", before.Root, after.Root, _FREE)]
    if "/Info" in after.trailer:
        told.append(("文件属性", before.docinfo, after.docinfo, _FREE_INFO))
    for what, had, has, free in told:
        for key in sorted({*had.keys(), *has.keys()} - free):
            own, other = had.get(key), has.get(key)
            if own is None or other is None or old.of(own) != new.of(other):
                name = "".join(char for char in key[1:40] if char.isprintable())
                changed.append(f"{what}（{name}）被改动")
    return changed


def _annotations(page: pikepdf.Page) -> Iterator[pikepdf.Object]:
    notes = page.obj.get("/Annots")
    if isinstance(notes, pikepdf.Array):
        yield from (note for note in notes if isinstance(note, pikepdf.Dictionary))


def _fields(file: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    form = file.Root.get("/AcroForm")
    fields = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
    waiting = list(fields) if isinstance(fields, pikepdf.Array) else []
    seen = 0
    while waiting:
        field = waiting.pop()
        seen += 1
        if seen > 10_000:
            raise UnreadableError(Reason.TOO_MUCH)
        if isinstance(field, pikepdf.Dictionary):
            yield field
            kids = field.get("/Kids")
            waiting += list(kids) if isinstance(kids, pikepdf.Array) else []


def _is_signature(field: pikepdf.Object) -> bool:
    return field.get("/FT") == "/Sig" and "/V" in field


def _is_seen(note: pikepdf.Object) -> bool:
    """Whether a note takes room on its page."""
    left, bottom, right, top = (float(each) for each in note["/Rect"])
    return left != right and bottom != top


class _Digests:
    """Digests of objects with all that they lead to, whatever their numbers; streams as they are
    packed. Kept, since pages share fonts and pictures. A page that something leads to is named
    alone: it is looked at by itself."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bytes] = {}

    def page(self, page: pikepdf.Page) -> bytes:
        """The digest of what a page shows."""
        return self._digest(self._entries(page.obj))

    def of(self, thing: object) -> bytes:
        """The digest of anything but a page."""
        number = thing.objgen if isinstance(thing, pikepdf.Object) else (0, 0)
        if number == (0, 0):
            return self._digest(self._pieces(thing))
        if number not in self._known:
            self._known[number] = b"again"  # of what leads back to itself
            self._known[number] = self._digest(self._pieces(thing))
        return self._known[number]

    def _digest(self, pieces: Iterator[bytes]) -> bytes:
        found = hashlib.sha256()
        for piece in pieces:
            found.update(len(piece).to_bytes(8, "big"))
            found.update(piece)
        return found.digest()

    def _pieces(self, thing: object) -> Iterator[bytes]:
        if isinstance(thing, pikepdf.Stream):
            yield from self._entries(thing)
            yield thing.read_raw_bytes()
        elif isinstance(thing, pikepdf.Dictionary):
            if thing.get("/Type") == "/Page":
                yield b"page"
            else:
                yield from self._entries(thing)
        elif isinstance(thing, pikepdf.Array):
            for each in thing:
                yield self.of(each)
        else:
            yield repr(thing).encode("utf-8", "surrogateescape")

    def _entries(self, thing: pikepdf.Object) -> Iterator[bytes]:
        for key in sorted(set(thing.keys()) - _WITHOUT):
            yield key.encode("utf-8", "surrogateescape")
            yield self.of(thing[key])
