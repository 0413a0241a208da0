"""The electronic signatures in a file that somebody sends in: who signed, and what of it holds.

Whether the certificate is to be trusted is not asked here: that needs a list of authorities, which
offices keep themselves. The reader compares its digest with those that it knows.
"""

from __future__ import annotations

import io
from importlib.util import find_spec
from typing import Any, TypedDict

MOST = 20  # signatures of a file that are looked at
LONGEST = 120  # characters of a name
_WEAK = ("md2", "md5", "sha1")
_DETACHED = ("/adbe.pkcs7.detached", "/ETSI.CAdES.detached")


class Signed(TypedDict):
    """One signature. `signer`: the certificate's subject, `issuer` who gave it, `certificate` its
    sha256; `since`, `until`: its days, `at`: when it says that it was made (ISO, "" unknown).

    `state`: it "holds" if what it covers is what was signed, by the key of that certificate;
    "broken" if not; "unknown" with a `fault` where that cannot be told. `covers`: the whole "file",
    the whole of its "revision" with more behind it, or a "part".
    """

    signer: str
    issuer: str
    certificate: str
    since: str
    until: str
    at: str
    state: str
    covers: str
    fault: str


def can_read() -> bool:
    """Whether this machine has what looks at signatures (the extra `sign`)."""
    return find_spec("pyhanko") is not None


def read_signatures(pdf: bytes) -> list[Signed] | None:
    """The signatures of a file in the order in which they were made; None where this machine cannot
    look at them. For `strangers.read_apart`: a hostile file may make it raise anything."""
    if not can_read():
        return None
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    return [_read(each) for each in reader.embedded_signatures[:MOST]]


def name_of(name: Any) -> str:
    """A name in a certificate (of asn1crypto) as people read it: 办公室（机关）."""
    parts = name.native
    said = [_text(parts.get(key)) for key in ("common_name", "organization_name")]
    common, office = said
    if common and office and office != common:
        return f"{common}（{office}）"
    return common or office or "没有写明名称"


def _text(value: object) -> str:
    """A value of a name, which strangers write, in one line."""
    text = "、".join(map(str, value)) if isinstance(value, list) else str(value or "")
    shown = "".join(char if char.isprintable() else " " for char in text[: LONGEST + 1]).strip()
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"


def _read(embedded: Any) -> Signed:
    found = Signed(
        signer="",
        issuer="",
        certificate="",
        since="",
        until="",
        at="",
        state="broken",
        covers="part",
        fault="",
    )
    try:
        _fill(found, embedded)
    except Exception:  # whatever a crafted signature makes a library raise
        found["state"] = "broken"
    return found


def _fill(found: Signed, embedded: Any) -> None:
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    certificate = embedded.signer_cert
    found["signer"] = name_of(certificate.subject)
    found["issuer"] = name_of(certificate.issuer)
    found["certificate"] = certificate.sha256.hex()
    found["since"] = certificate.not_valid_before.isoformat()
    found["until"] = certificate.not_valid_after.isoformat()
    at = embedded.self_reported_timestamp
    found["at"] = at.isoformat() if at is not None and at.tzinfo is not None else ""
    covers = embedded.evaluate_signature_coverage()
    found["covers"] = {
        SignatureCoverageLevel.ENTIRE_FILE: "file",
        SignatureCoverageLevel.ENTIRE_REVISION: "revision",
    }.get(covers, "part")
    algorithm = embedded.signer_info["digest_algorithm"]["algorithm"].native
    if embedded.sig_object.get("/SubFilter") not in _DETACHED:
        found["state"], found["fault"] = "unknown", "签名的格式不在可核对之列"
    elif algorithm in _WEAK:
        found["state"], found["fault"] = "unknown", "签名所用的散列算法过弱，不足为凭"
    else:
        digest = embedded.compute_digest()
        same, valid = validate_sig_integrity(embedded.signer_info, certificate, "data", digest)
        found["state"] = "holds" if same and valid else "broken"
