"""A face inside one document: which code each character has, and the PDF objects of the font."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFDocument, PDFStream, PDFZCompress
from reportlab.pdfbase.ttfonts import TTFont

from tracker.engine.typeset.faces import is_space
from tracker.engine.typeset.subset import Outlines

_SYMBOLIC = 4  # FontDescriptor flag: the codes are the document's own
_BLOCK = 100  # entries that a mapping may have at a time


class EmbeddedFont:
    """Codes are given in the order of first use, so that equal drawing gives equal bytes.

    `name` is the font's name among the resources of the pages.
    """

    def __init__(self, font: TTFont, name: str) -> None:
        self.font, self.name = font, name
        self.codes = _Codes(font)

    def add_objects(self, document: PDFDocument) -> None:
        """Register the font, cut to the characters in use, under its name."""
        face, chars = self.font.face, list(self.codes)
        glyphs = [0, *(face.charToGlyph[ord(char)] for char in chars)]
        base = f"{_tag(chars)}+{face.name.decode('latin-1')}"
        widths = " ".join(f"{face.getCharWidth(ord(char)):g}" for char in chars)
        descriptor = PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": f"/{base}",
                "Flags": _SYMBOLIC,
                "FontBBox": PDFArray(face.bbox),
                "ItalicAngle": face.italicAngle,
                "Ascent": face.ascent,
                "Descent": face.descent,
                "CapHeight": face.capHeight,
                "StemV": face.stemV,
                "FontFile2": document.Reference(_stream(_outlines(self.font).cut(glyphs), True)),
            }
        )
        inner = PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": f"/{base}",
                "CIDSystemInfo": "<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>",
                "CIDToGIDMap": "/Identity",
                "FontDescriptor": document.Reference(descriptor),
                "W": f"[1 [{widths}]]",
            }
        )
        outer = PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": f"/{base}",
                "Encoding": "/Identity-H",
                "DescendantFonts": PDFArray([document.Reference(inner)]),
                "ToUnicode": document.Reference(_stream(_to_unicode(chars).encode())),
            }
        )
        document.idToObject["BasicFonts"].dict[self.name] = document.Reference(outer)


class _Codes(dict[str, str]):
    """Each character's code in hexadecimal; KeyError for one that the face lacks, and for a
    space that is drawn as the plain one."""

    def __init__(self, font: TTFont) -> None:
        super().__init__()
        self._glyphs = font.face.charToGlyph

    def __missing__(self, char: str) -> str:
        if ord(char) not in self._glyphs or (is_space(char) and char != " "):
            raise KeyError(char)
        self[char] = code = f"{len(self) + 1:04X}"
        return code


@cache
def _outlines(font: TTFont) -> Outlines:
    return Outlines(font.face)


def _tag(chars: list[str]) -> str:
    """Six letters that differ where the characters do, so that papers bound into one volume keep
    their fonts apart."""
    number = int.from_bytes(hashlib.sha256("".join(chars).encode()).digest()[:8], "big")
    letters = []
    for _ in range(6):
        number, letter = divmod(number, 26)
        letters.append(chr(ord("A") + letter))
    return "".join(letters)


def _stream(content: bytes, program: bool = False) -> PDFStream:
    stream = PDFStream(content=content, filters=[PDFZCompress])
    if program:
        stream.dictionary["Length1"] = len(content)
    return stream


def _to_unicode(chars: list[str]) -> str:
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
            *_mappings(chars),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        )
    )


def _mappings(chars: list[str]) -> Iterator[str]:
    pairs = [
        f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>"
        for code, char in enumerate(chars, 1)
    ]
    for start in range(0, len(pairs), _BLOCK):
        block = pairs[start : start + _BLOCK]
        yield f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar"
