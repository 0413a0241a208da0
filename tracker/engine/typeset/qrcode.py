"""The modules of a QR code, encoded by the library qrcode."""

from __future__ import annotations

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, QRData, lost_point


def qr_modules(text: str) -> list[list[bool]]:
    """Rows of modules, dark ones True, error correction M; without the quiet zone."""
    code = _Code(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(QRData(text.encode(), MODE_8BIT_BYTE), optimize=0)
    code.make()
    return code.get_matrix()


class _Code(QRCode):
    """Chooses the mask as every issued paper has it: the library's points, but a share of dark
    modules is cut to whole percents before it is compared with a half (45.9 % is 5 points off)."""

    def best_mask_pattern(self) -> int:
        return min(range(8), key=self._lost_points)

    def _lost_points(self, mask: int) -> int:
        self.makeImpl(True, mask)
        every = self.modules_count**2
        dark = sum(map(sum, self.modules))
        cut, whole = abs(100 * dark // every - 50) // 5, int(abs(100 * dark / every - 50) / 5)
        return lost_point(self.modules) + 10 * (cut - whole)
