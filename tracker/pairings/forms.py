"""The form of a pairing."""

from __future__ import annotations

from tracker.pairings.models import Pairing
from tracker.web.kit import form_of

CONSTRAINTS = {
    "uq_pairings_sides": ("recipient_id", "已有这两地在同一机制下的结对关系。请核对是否重复登记。"),
    "ck_pairings_two_sides": ("recipient_id", "支援方和受援方不能是同一地。"),
}

PairingForm = form_of(
    Pairing,
    (
        ("结对双方", ("supporter_id", "recipient_id", "scheme")),
        ("期限", ("since", "until")),
    ),
    future=("until",),
    help={"until": "没有约定截止的不填。"},
)
