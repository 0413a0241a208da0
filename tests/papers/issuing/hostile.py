"""Files that somebody who means harm could send in, made small and on the spot."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping
from functools import cache

import pikepdf

CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
_EVERYTHING = (
    b"begincmap 1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange\n"
    b"1 beginbfrange <00000000> <FFFFFFFF> <0000> endbfrange endcmap"
)


def file_of(objects: Mapping[int, bytes], trailer: bytes = b"/Info 3 0 R") -> bytes:
    """A PDF file of `objects` (number → body), whose catalogue is 1, with a sound xref table."""
    out, places = _written(objects)
    start, size = out.tell(), max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        kind = b"n" if number in places else b"f"
        out.write(b"%010d 00000 %s \n" % (places.get(number, 0), kind))
    out.write(b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (size, trailer))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def file_in_a_stream(info: bytes, padding: int) -> bytes:
    """A file whose document information lies packed, with `padding` blanks behind it."""
    entries = b"/Type/ObjStm/N 1/First 4"
    bodies = {1: CATALOGUE, 2: b"<</Type/Pages/Count 0/Kids[]>>"}
    out, places = _written(bodies | {4: _stream(_packed(b"3 0 " + info, b" ", padding), entries)})
    start = out.tell()
    table = [(0, 0, 0), (1, places[1], 0), (1, places[2], 0), (2, 4, 0), (1, places[4], 0)]
    table.append((1, start, 0))
    data = b"".join(bytes([a]) + b.to_bytes(4, "big") + bytes([c]) for a, b, c in table)
    said = b"/Type/XRef/Size 6/W[1 4 1]/Root 1 0 R/Info 3 0 R/Length %d" % len(data)
    out.write(b"5 0 obj\n<<%s>>stream\n%s\nendstream\nendobj\n" % (said, data))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def info_of(entries: Mapping[str, str | bytes]) -> bytes:
    """A document information that says `entries`; bytes are taken as they are."""
    said = [
        b"/%s<%s>" % (name.encode(), _text(value).hex().encode()) for name, value in entries.items()
    ]
    return b"<<%s>>" % b"".join(said)


def pages_of(info: bytes, pages: int, content: bytes, more: Mapping[int, bytes] = {}) -> bytes:
    """`pages` pages that share the one body `content`; their font F is the object 5."""
    kids = b" ".join(b"%d 0 R" % (number + 9) for number in range(pages))
    page = (
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 9 9]/Resources<</Font<</F 5 0 R>>>>"
        b">>"
    )
    objects = {
        1: CATALOGUE,
        2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        3: info,
        4: content,
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }
    return file_of(objects | dict(more) | {number + 9: page for number in range(pages)})


def shared_content(info: bytes, pages: int = 20, letters: int = 120_000) -> bytes:
    """Pages that share one stream with very many words to be set: some 8 KB, or more."""
    return pages_of(info, pages, _stream(_packed(b"BT /F 1 Tf ", b"(a) Tj 1 0 Td ", letters)))


def steering(info: bytes) -> bytes:
    """A page whose words would steer the terminal that shows them."""
    names = b"<0001> <001B> <0002> <202E> <0003> <0000>"
    table = (
        b"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        b"3 beginbfchar %s endbfchar 1 beginbfrange <0020> <007E> <0020> endbfrange endcmap" % names
    )
    word = "".join(f"{ord(char):04X}" for char in "steer").encode()
    words = _packed(b"BT /F 1 Tf <000100020003%s0001> Tj ET" % word, b"", 0)
    fonts = {
        5: b"<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 6 0 R>>",
        6: b"<</Length %d>>stream\n%s\nendstream" % (len(table), table),
    }
    return pages_of(info, 1, _stream(words), fonts)


def costly(info: bytes) -> dict[str, Callable[[], bytes]]:
    """Makers of files that say of themselves what `info` says, each costly to read in its own
    way."""
    wide = {
        5: b"<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 6 0 R>>",
        6: b"<</Length %d>>stream\n%s\nendstream" % (len(_EVERYTHING), _EVERYTHING),
    }
    words = _stream(_packed(b"BT /F 1 Tf <00000041> Tj ET", b"", 0))
    brackets = b"[" * 500_000 + b"]" * 500_000
    circle = b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"
    endless = b"<</Type/Pages/Count 2000000000/Kids[]>>"

    def twice(pages: int, repeated: bytes, times: int) -> bytes:
        return pages_of(info, pages, _stream(_packed(b"", repeated, times), times=1))

    return {
        "one stream, some pages": lambda: shared_content(info),
        "one stream, very many pages": lambda: shared_content(info, 2_000, 4_000),
        "blanks packed twice": lambda: twice(3, b" ", 300_000_000),
        "words packed twice": lambda: twice(1, b"(a)Tj ", 8_000_000),
        "a font of everything": lambda: pages_of(info, 1, words, wide),
        "pages in a circle": lambda: file_of({1: CATALOGUE, 2: circle, 3: info}),
        "pages without number": lambda: file_of({1: CATALOGUE, 2: endless, 3: info}),
        "brackets": lambda: file_of({1: CATALOGUE, 2: brackets, 3: info}),
        "objects packed": lambda: file_in_a_stream(info, 400_000_000),
    }


def encrypted(pdf: bytes, **passwords: str) -> bytes:
    """The file encrypted (`owner`, `user`: passwords)."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        file.save(out, encryption=pikepdf.Encryption(**passwords))
    return out.getvalue()


def updated(pdf: bytes, info: bytes) -> bytes:
    """The file with an incremental update behind it that gives it another document information."""
    size = pdf.rindex(b"startxref")
    before = int(pdf[size:].split()[1])
    with pikepdf.open(io.BytesIO(pdf)) as file:
        number, root = len(file.objects) + 9, file.Root.objgen[0]
    place = len(pdf)
    body = b"%d 0 obj\n%s\nendobj\n" % (number, info)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, place)
    said = b"/Size %d/Root %d 0 R/Info %d 0 R/Prev %d" % (number + 1, root, number, before)
    end = b"trailer\n<<%s>>\nstartxref\n%d\n%%%%EOF\n" % (said, place + len(body))
    return pdf + body + table + end


def _written(objects: Mapping[int, bytes]) -> tuple[io.BytesIO, dict[int, int]]:
    out, places = io.BytesIO(b"%PDF-1.7\n"), {}
    out.seek(0, io.SEEK_END)
    for number, body in objects.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    return out, places


def _stream(packed: bytes, entries: bytes = b"", times: int = 0) -> bytes:
    """A stream object of deflated data, deflated `times` times more."""
    for _ in range(times):
        packed = zlib.compress(packed, 9)
    filters = b"/FlateDecode" * (times + 1)
    head = b"<</Length %d/Filter[%s]%s>>" % (len(packed), filters, entries)
    return b"%sstream\n%s\nendstream" % (head, packed)


@cache
def _packed(beginning: bytes, repeated: bytes, times: int) -> bytes:
    """`beginning` and `times` times `repeated`, deflated; never whole in memory."""
    packer = zlib.compressobj(9)
    whole, rest = divmod(times, 100_000)
    found = [packer.compress(beginning)]
    found += [packer.compress(repeated * 100_000) for _ in range(whole)]
    return b"".join((*found, packer.compress(repeated * rest), packer.flush()))


def _text(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else b"\xfe\xff" + value.encode("utf-16-be")
