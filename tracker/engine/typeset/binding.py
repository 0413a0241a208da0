"""Many finished files bound into one: pages, structure trees and bookmarks under one roof.

The files are those that `Sheet.finish` makes. The volume is written as it grows: at any time only
the part at hand is in memory, however many parts there are. Font files and other streams that
parts have in common are written once. Equal parts give equal bytes.
"""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from array import array
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import IO

import pikepdf

_PER_STREAM = 200  # objects in one compressed object stream
_LINKS_FROM = 1 << 20  # numbers of links in the structure tree: above those of all pages
# Strings first, so that what looks like a reference inside one is left alone.
_REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f]*>|(\d+) \d+ R", re.DOTALL)
_LENGTH = re.compile(rb"/Length \d+ ?")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the volume; parts of one `group` that follow each other share a bookmark. Links
    to the place `name` lead to its first page."""

    pdf: bytes
    title: str
    group: str = ""
    name: str = ""


def bind(head: bytes, title: str, parts: Iterable[Part], out: IO[bytes]) -> None:
    """Write the volume to `out`: first `head` (cover, contents) under the bookmark `title`, then
    the parts. What the file says about itself (metadata, language, colour profile) is the head's.

    Pages keep their content, so also the page numbers printed on them. Links of any file lead to
    the named parts. Raises ValueError for a file that was not made here, and for a link to a part
    that is not there.
    """
    volume = _Volume(_Writer(out))
    volume.add(Part(head, title))
    for part in parts:
        volume.add(part)
    volume.finish()


class _Writer:
    """Objects on their way into a file: streams at once, all others in compressed bundles."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._at = 0
        # Entries of the cross-reference: (kind, offset or bundle, place in the bundle).
        self._kinds, self._where, self._places = array("B", [0]), array("Q", [0]), array("H", [0])
        self._bundle: list[tuple[int, bytes]] = []
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def reserve(self) -> int:
        self._kinds.append(0)
        self._where.append(0)
        self._places.append(0)
        return len(self._kinds) - 1

    def add(self, number: int, body: bytes) -> None:
        self._bundle.append((number, body))
        if len(self._bundle) == _PER_STREAM:
            self._flush()

    def add_stream(self, number: int, entries: bytes, data: bytes) -> None:
        """`entries` are those of the stream's dictionary but its length."""
        self._kinds[number], self._where[number] = 1, self._at
        head = b"%d 0 obj\n<< %s /Length %d >>\nstream\n" % (number, entries, len(data))
        self._write(head)
        self._write(data)
        self._write(b"\nendstream\nendobj\n")

    def finish(self, root: int, info: int, identifier: bytes) -> None:
        self._flush()
        number = self.reserve()
        self._kinds[number], self._where[number] = 1, self._at
        table = io.BytesIO()
        for kind, where, place in zip(self._kinds, self._where, self._places, strict=True):
            table.write(bytes((kind,)) + where.to_bytes(5, "big") + place.to_bytes(2, "big"))
        start = self._at
        name = identifier.hex().encode()
        self.add_stream(
            number,
            b"/Type /XRef /Size %d /W [1 5 2] /Root %d 0 R /Info %d 0 R /ID [<%s><%s>] "
            b"/Filter /FlateDecode" % (len(self._kinds), root, info, name, name),
            zlib.compress(table.getvalue(), 9),
        )
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _flush(self) -> None:
        if not self._bundle:
            return
        bundle, self._bundle = self._bundle, []
        number = self.reserve()
        places, bodies, at = [], [], 0
        for place, (of, body) in enumerate(bundle):
            self._kinds[of], self._where[of], self._places[of] = 2, number, place
            places.append(b"%d %d" % (of, at))
            bodies.append(body)
            at += len(body) + 1
        head = b" ".join(places) + b"\n"
        self.add_stream(
            number,
            b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(bundle), len(head)),
            zlib.compress(head + b"\n".join(bodies), 6),
        )

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._at += len(data)


@dataclass(slots=True)
class _Bookmark:
    """An entry of the outline. `inner`: the first and last bookmark of the part itself, and how
    many of them its opening shows."""

    number: int
    title: str
    page: int
    below: list[_Bookmark] = field(default_factory=list)
    inner: tuple[int, int, int] | None = None


class _Volume:
    """The roof: what belongs to no part. The document's pages, sections and bookmarks by number."""

    def __init__(self, writer: _Writer) -> None:
        self._writer = writer
        self._pages, self._tree = writer.reserve(), writer.reserve()
        self._document, self._outline = writer.reserve(), writer.reserve()
        self._page_nodes: list[int] = []
        self._page_count = 0
        self._sections: list[int] = []
        self._leaves: list[int] = []
        self._link_owners: list[bytes] = []
        self._named: dict[str, int] = {}  # name of a part → its first page
        self._wanted: set[str] = set()
        self._bookmarks: list[_Bookmark] = []
        self._group = ""
        self._known: dict[bytes, int] = {}  # digest of a stream → its number
        self._identity = hashlib.sha256()
        self._catalog = b""
        self._info = 0

    def add(self, part: Part) -> None:
        self._identity.update(hashlib.sha256(part.pdf).digest())
        with pikepdf.open(io.BytesIO(part.pdf)) as pdf:
            copy = _Copy(pdf, self._writer, self._known)
            pages = [page.obj for page in pdf.pages]
            self._add_sections(pdf, copy, pages, part.title)
            self._add_pages(pdf, copy, pages)
            self._add_bookmarks(pdf, copy, copy.number_of(pages[0]), part)
            if part.name:
                self._named[part.name] = copy.number_of(pages[0])
            if not self._catalog:
                keys = ("Metadata", "OutputIntents", "Lang", "MarkInfo", "ViewerPreferences")
                self._catalog = b" ".join(
                    b"/%s %s" % (key.encode(), copy.value(pdf.Root[f"/{key}"])) for key in keys
                )
                self._info = copy.number_of(pdf.trailer.Info)
            copy.run()

    def finish(self) -> None:
        add = self._writer.add
        add(
            self._pages,
            b"<< /Type /Pages /Kids [%s] /Count %d >>"
            % (_references(self._page_nodes), self._page_count),
        )
        add(
            self._document,
            b"<< /Type /StructElem /S /Document /P %d 0 R /K [%s] >>"
            % (self._tree, _references(self._sections)),
        )
        parents = self._writer.reserve()
        following = self._page_count
        if self._link_owners:
            following = _LINKS_FROM + len(self._link_owners)
            self._leaves.append(self._leaf(_LINKS_FROM, self._link_owners))
        add(parents, b"<< /Kids [%s] >>" % _references(self._leaves))
        add(
            self._tree,
            b"<< /Type /StructTreeRoot /K [%d 0 R] /ParentTree %d 0 R /ParentTreeNextKey %d >>"
            % (self._document, parents, following),
        )
        self._write_bookmarks(self._bookmarks, self._outline)
        first, last = self._bookmarks[0].number, self._bookmarks[-1].number
        add(
            self._outline,
            b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>"
            % (first, last, len(self._bookmarks)),
        )
        root = self._writer.reserve()
        add(
            root,
            b"<< /Type /Catalog /Pages %d 0 R /StructTreeRoot %d 0 R /Outlines %d 0 R "
            b"/PageMode /UseOutlines %s%s >>"
            % (self._pages, self._tree, self._outline, self._names(), self._catalog),
        )
        self._writer.finish(root, self._info, self._identity.digest()[:16])

    def _names(self) -> bytes:
        """The places that links lead to, for the catalog."""
        if missing := self._wanted - self._named.keys():
            raise ValueError(
                f"links lead to parts that are not there: {', '.join(sorted(missing))}"
            )
        if not self._wanted:
            return b""
        number = self._writer.reserve()
        places = b" ".join(
            b"%s [%d 0 R /Fit]" % (pikepdf.String(name).unparse(), self._named[name])
            for name in sorted(self._wanted, key=str.encode)
        )
        self._writer.add(number, b"<< /Names [%s] >>" % places)
        return b"/Names << /Dests %d 0 R >> " % number

    def _leaf(self, first: int, owners: list[bytes]) -> int:
        """A leaf of the parent tree: who owns the numbers from `first` on."""
        number = self._writer.reserve()
        pairs = b" ".join(b"%d %s" % (at, owner) for at, owner in enumerate(owners, first))
        limits = first, first + len(owners) - 1
        self._writer.add(number, b"<< /Limits [%d %d] /Nums [%s] >>" % (*limits, pairs))
        return number

    def _add_links(
        self, copy: _Copy, pages: Sequence[pikepdf.Object], owners: dict[int, pikepdf.Object]
    ) -> None:
        for page in pages:
            for spot in page.get("/Annots", ()):
                owner = owners[int(spot.StructParent)]
                spot.StructParent = _LINKS_FROM + len(self._link_owners)
                self._link_owners.append(copy.value(owner))
                self._wanted.add(str(spot.Dest))

    def _add_sections(
        self, pdf: pikepdf.Pdf, copy: _Copy, pages: Sequence[pikepdf.Object], title: str
    ) -> None:
        tree = pdf.Root.get("/StructTreeRoot")
        if tree is None:
            raise ValueError("the file was not made by this layer")
        copy.put(tree, self._document)
        (section,) = tree.K
        section.S, section.T = pikepdf.Name.Part, pikepdf.String(title)
        numbers = list(tree.ParentTree.Nums)
        owners = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        found = []
        for index, page in enumerate(pages):
            if page.Parent.objgen != pdf.Root.Pages.objgen or page.StructParents != index:
                raise ValueError("the file was not made by this layer")
            page.StructParents = self._page_count + index
            found.append(copy.value(owners[index]))
        self._leaves.append(self._leaf(self._page_count, found))
        self._sections.append(copy.number_of(section))
        self._add_links(copy, pages, owners)

    def _add_pages(self, pdf: pikepdf.Pdf, copy: _Copy, pages: Sequence[pikepdf.Object]) -> None:
        node = self._writer.reserve()
        copy.put(pdf.Root.Pages, node)
        kids = _references([copy.number_of(page) for page in pages])
        body = b"<< /Type /Pages /Parent %d 0 R /Kids [%s] /Count %d >>"
        self._writer.add(node, body % (self._pages, kids, len(pages)))
        self._page_nodes.append(node)
        self._page_count += len(pages)

    def _add_bookmarks(self, pdf: pikepdf.Pdf, copy: _Copy, page: int, part: Part) -> None:
        entry = _Bookmark(self._writer.reserve(), part.title, page)
        if part.group and part.group == self._group:
            self._bookmarks[-1].below.append(entry)
        elif part.group:
            self._bookmarks.append(_Bookmark(self._writer.reserve(), part.group, page, [entry]))
        else:
            self._bookmarks.append(entry)
        self._group = part.group
        above = pdf.Root.get("/Outlines")
        if above is None or "/First" not in above:
            return
        # A file whose title is its only entry: the part's own bookmark stands for it.
        if above.First.objgen == above.Last.objgen:
            above = above.First
        copy.put(above, entry.number)
        if "/First" in above:
            ends = copy.number_of(above.First), copy.number_of(above.Last)
            entry.inner = (*ends, abs(int(above.get("/Count", 1))))

    def _write_bookmarks(self, entries: list[_Bookmark], parent: int) -> None:
        for at, entry in enumerate(entries):
            body = [b"<< /Title %s" % pikepdf.String(entry.title).unparse()]
            body.append(b"/Parent %d 0 R /Dest [%d 0 R /Fit]" % (parent, entry.page))
            if at:
                body.append(b"/Prev %d 0 R" % entries[at - 1].number)
            if at + 1 < len(entries):
                body.append(b"/Next %d 0 R" % entries[at + 1].number)
            inner = entry.inner
            if entry.below:
                inner = entry.below[0].number, entry.below[-1].number, len(entry.below)
                self._write_bookmarks(entry.below, entry.number)
            if inner:  # a count below nought: closed
                body.append(b"/First %d 0 R /Last %d 0 R /Count -%d" % inner)
            self._writer.add(entry.number, b" ".join((*body, b">>")))


class _Copy:
    """The objects of one part, under new numbers."""

    def __init__(self, pdf: pikepdf.Pdf, writer: _Writer, known: dict[bytes, int]) -> None:
        self._pdf, self._writer, self._known = pdf, writer, known
        self._numbers: dict[int, int] = {}
        self._wanted: deque[int] = deque()
        self._share_streams()

    def put(self, found: pikepdf.Object, number: int) -> None:
        """Let `number`, which is written elsewhere, stand for an object of the part."""
        self._numbers[found.objgen[0]] = number

    def number_of(self, found: pikepdf.Object) -> int:
        """The new number of an object, which is then going to be copied."""
        return self._number(found.objgen[0])

    def value(self, found: pikepdf.Object) -> bytes:
        """An object as it is written inside another."""
        return self._renumbered(found.unparse())

    def run(self) -> None:
        """Copy all that is wanted, and what that refers to."""
        while self._wanted:
            old = self._wanted.popleft()
            found = self._pdf.get_object((old, 0))
            number = self._numbers[old]
            if isinstance(found, pikepdf.Stream):
                self._writer.add_stream(number, *self._stream(found))
            else:
                self._writer.add(number, self._renumbered(found.unparse(resolved=True)))

    def _share_streams(self) -> None:
        """Find the streams that an earlier part has brought along; keep the others in mind."""
        for found in self._pdf.objects:
            if not isinstance(found, pikepdf.Stream) or "/Length1" not in found:
                continue
            entries, data = self._stream(found)
            key = hashlib.sha256(entries + data).digest()
            if key not in self._known:
                self._known[key] = self.number_of(found)
            self.put(found, self._known[key])

    def _stream(self, found: pikepdf.Stream) -> tuple[bytes, bytes]:
        entries = found.stream_dict.unparse(resolved=True)
        body = self._renumbered(_LENGTH.sub(b"", entries, count=1)[2:-2].strip())
        return body, found.read_raw_bytes()

    def _number(self, old: int) -> int:
        if old not in self._numbers:
            self._numbers[old] = self._writer.reserve()
            self._wanted.append(old)
        return self._numbers[old]

    def _renumbered(self, body: bytes) -> bytes:
        return _REFERENCE.sub(lambda m: b"%d 0 R" % self._number(int(m[1])) if m[1] else m[0], body)


def _references(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)
