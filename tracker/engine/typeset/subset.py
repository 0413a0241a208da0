"""Cutting a TrueType face down to the glyphs of one document.

ReportLab cuts a program for each 256 characters and copies tables that a reader of PDF never looks
at. Here a document has one program a face, numbered by its own codes, joined from slices of
the open file: a card's fonts cost less than a millisecond each.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator, Sequence
from struct import pack, unpack_from

from reportlab.pdfbase.ttfonts import TTFontFace

_COPIED = ("cvt ", "fpgm", "prep")  # programs that glyphs may call
_MAGIC = 0xB1B0AFBA

# Flags of a composite glyph's component.
_WORDS, _SCALE, _MORE, _TWO_SCALES, _MATRIX = 0x0001, 0x0008, 0x0020, 0x0040, 0x0080


class Outlines:
    """A face's tables, read once from the open file."""

    def __init__(self, face: TTFontFace) -> None:
        self._glyf = face.get_table("glyf")
        self._places = face.glyphPos
        self._metrics = face.hmetrics
        self._heads = {tag: face.get_table(tag) for tag in ("head", "hhea", "maxp")}
        self._programs = {tag: face.get_table(tag) for tag in _COPIED if tag in face.table}

    def cut(self, glyphs: Sequence[int]) -> bytes:
        """A font file in which glyph n is `glyphs[n]` of the face; parts of composite glyphs
        follow them. `glyphs` begins with 0, the missing glyph, and may name one several times."""
        numbers = {glyph: number for number, glyph in enumerate(glyphs)}
        wanted = list(glyphs)
        pieces, places, length = [], [0], 0
        for glyph in wanted:  # grows while it is read
            piece = self._glyph(glyph)
            if piece[:1] >= b"\x80":
                piece = self._renumbered(piece, numbers, wanted)
            piece += b"\0" * (-len(piece) % 4)
            pieces.append(piece)
            length += len(piece)
            places.append(length)
        count = len(wanted)
        head, hhea, maxp = (bytearray(self._heads[tag]) for tag in ("head", "hhea", "maxp"))
        head[8:12] = bytes(4)  # its checksum is that of the file without it
        head[50:52] = pack(">h", 1)  # long offsets
        hhea[34:36] = pack(">H", count)
        maxp[4:6] = pack(">H", count)
        widths = b"".join(pack(">HH", *map(int, self._metrics[glyph])) for glyph in wanted)
        return _file(
            {
                **self._programs,
                "glyf": b"".join(pieces),
                "head": bytes(head),
                "hhea": bytes(hhea),
                "hmtx": widths,
                "loca": pack(f">{len(places)}L", *places),
                "maxp": bytes(maxp),
            }
        )

    def _glyph(self, glyph: int) -> bytes:
        return self._glyf[self._places[glyph] : self._places[glyph + 1]]

    @staticmethod
    def _renumbered(piece: bytes, numbers: dict[int, int], wanted: list[int]) -> bytes:
        """A composite glyph with its parts under their new numbers, which they get here."""
        changed = bytearray(piece)
        for at, part in _parts(piece):
            if part not in numbers:
                numbers[part] = len(wanted)
                wanted.append(part)
            changed[at : at + 2] = pack(">H", numbers[part])
        return bytes(changed)


def _parts(piece: bytes) -> Iterator[tuple[int, int]]:
    """The place and glyph of each component of a composite glyph."""
    at, flags = 10, _MORE
    while flags & _MORE:
        flags, part = unpack_from(">HH", piece, at)
        yield at + 2, part
        at += 8 if flags & _WORDS else 6
        at += 2 * bool(flags & _SCALE) + 4 * bool(flags & _TWO_SCALES) + 8 * bool(flags & _MATRIX)


def _file(tables: dict[str, bytes]) -> bytes:
    """Tables as a TrueType file, with its checksums."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    head = pack(
        ">LHHHH", 0x00010000, count, power * 16, power.bit_length() - 1, 16 * (count - power)
    )
    directory, body, offset = [], [], 12 + 16 * count
    for tag in sorted(tables):
        content = tables[tag]
        directory.append(pack(">4sLLL", tag.encode(), _checksum(content), offset, len(content)))
        body.append(content + b"\0" * (-len(content) % 4))
        offset += len(body[-1])
    file = bytearray(b"".join([head, *directory, *body]))
    place = unpack_from(">L", file, 12 + 16 * sorted(tables).index("head") + 8)[0] + 8
    file[place : place + 4] = pack(">L", (_MAGIC - _checksum(file)) & 0xFFFFFFFF)
    return bytes(file)


def _checksum(content: bytes | bytearray) -> int:
    words = array("I", bytes(content) + b"\0" * (-len(content) % 4))
    if sys.byteorder == "little":
        words.byteswap()
    return sum(words) & 0xFFFFFFFF
