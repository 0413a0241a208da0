"""The modules of a QR code.

ReportLab encodes the text; which of the eight masks reads best is worked out here on rows of bits,
because its own search takes longer than setting the whole page.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from functools import cache

from reportlab.graphics.barcode import qrencoder

_RUN = re.compile("0{5,}|1{5,}")
_FINDER = re.compile("(?=10111010000|00001011101)")  # what looks like a corner of the code


def qr_modules(text: str) -> list[list[bool]]:
    """Rows of modules, dark ones True, error correction M; without the quiet zone."""
    code = _Code(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(qrencoder.QR8bitByte(text))
    code.make()
    return code.modules


class _Code(qrencoder.QRCode):
    def getBestMaskPattern(self) -> int:  # noqa: N802 - ReportLab's name
        self.makeImpl(True, 0)
        size = self.moduleCount
        plain = [_number(row) for row in self.modules]
        masks = [_mask(self.version, number) for number in range(8)]
        scores = []
        for mask in masks:
            rows = [
                row ^ first ^ own for row, first, own in zip(plain, masks[0], mask, strict=True)
            ]
            scores.append(_lost_points(rows, size))
        return scores.index(min(scores))


def _number(bits: Iterable[bool]) -> int:
    return int("".join("1" if bit else "0" for bit in bits), 2)


@cache
def _mask(version: int, number: int) -> tuple[int, ...]:
    """The mask's rows, dark only where data stands."""
    code = qrencoder.QRCode(version, qrencoder.QRErrorCorrectLevel.M)
    code.moduleCount = size = version * 4 + 17
    dark = qrencoder.QRUtil.getMask(number)
    rows = [[False] * size for _ in range(size)]
    for column, row in code.dataPosIterator():
        rows[row][column] = dark(row, column)
    return tuple(_number(row) for row in rows)


def _lost_points(rows: Sequence[int], size: int) -> int:
    """The four penalties of ISO/IEC 18004: runs, blocks, false corners, uneven darkness."""
    across = [f"{row:0{size}b}" for row in rows]
    lines = " ".join([*across, *map("".join, zip(*across, strict=True))])
    runs = sum(len(run) - 2 for run in _RUN.findall(lines))
    corners = 40 * len(_FINDER.findall(lines))
    every = (1 << size - 1) - 1
    blocks = 0
    for above, row in itertools.pairwise(rows):
        differs = above ^ row
        blocks += (~(differs | differs >> 1 | (row ^ row >> 1)) & every).bit_count()
    dark = sum(row.bit_count() for row in rows)
    return runs + corners + 3 * blocks + 10 * (abs(100 * dark // size**2 - 50) // 5)
