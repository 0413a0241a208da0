"""The modules of a QR code, as two encoders have them and as issued papers have them."""

import hashlib

import pytest
from reportlab.graphics.barcode import qrencoder

from tracker.engine.typeset.qrcode import qr_modules

ISSUED = {  # modules of papers printed before; of the last three the library takes another mask
    "a": "971b17392ce8b6c5",
    "https://example.gov.cn/verify/ZJ-SH-2024-0003": "71c2955f6b062b5f",
    "核" * 80: "a7ba611af7bfb9ad",
    "oG5/C7WLWKPto": "5805fcf273ee2a57",
    "江甲甲69核作1": "6b7e53071e9032b9",
    "LN.GYe15YJTUF4/0:tXr3ee4QMPS970ZpB?95JhHGhss3peR=pMWMWo/h4Y?y.1d90X4/73LoL7=vC6d5W": (
        "6b292123663eb0a5"
    ),
}


@pytest.mark.parametrize("text", ISSUED)
def test_a_code_is_drawn_as_on_the_papers_that_are_issued(text):
    rows = ("".join(" █"[dark] for dark in row) for row in qr_modules(text))
    assert hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16] == ISSUED[text]


@pytest.mark.parametrize("text", ISSUED)
def test_another_encoder_has_the_same_code_under_one_of_the_eight_masks(text):
    codes = []
    for mask in range(8):
        code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
        code.addData(qrencoder.QR8bitByte(text))
        code.version = code.calculate_version()
        code.makeImpl(False, mask)
        codes.append(code.modules)
    assert codes.count(qr_modules(text)) == 1
