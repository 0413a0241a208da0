"""Signing issued papers electronically (PAdES) with the office's certificate, without a mark.

The certificate with its key is a PKCS#12 file that the settings name; its passphrase stands in a
file or in the environment. Neither gets into the database or a log. The signature is appended: the
bytes that were issued stay as they are, and the file stays PDF/A-2a and PDF/UA-1.
"""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tracker.core.config import Settings
from tracker.core.options import fault_of
from tracker.core.quantities.clock import day_of, present
from tracker.core.told import ToldError
from tracker.papers.common.signatures import can_read, name_of
from tracker.papers.issuing.models import SignedPaper

PASSPHRASE = "TRACKER_SIGN_PASSPHRASE"  # noqa: S105 - the name of the variable that holds it
FIELD = "ShanhaiSignature"
_SHORTEST_RSA = 2048
# What a certificate that says what it is for must be for: signing documents, mail or anything.
_USES = (
    "1.3.6.1.5.5.7.3.36",
    "1.3.6.1.5.5.7.3.4",
    "1.2.840.113583.1.1.5",
    "1.3.6.1.4.1.311.10.3.12",
    "2.5.29.37.0",
)


class SigningError(ToldError):
    """A paper cannot be signed; the message is for the user."""

    status = 409


@dataclass(frozen=True)
class Signer:
    """The office's certificate with its key. `name`: its subject in words; `certificate`: its
    sha256; `since`, `until`: from when to when it is valid."""

    name: str
    certificate: str
    since: datetime
    until: datetime
    key: Any

    def check_time(self, at: datetime) -> None:
        """Raises SigningError where the certificate is not valid at a moment."""
        if at < self.since:
            raise SigningError(f"签名证书自 {day_of(self.since)} 起才有效，现在不能签名。")
        if at > self.until:
            raise SigningError(f"签名证书已于 {day_of(self.until)} 过期，请更换。")


def is_set(settings: Settings) -> bool:
    """Whether papers are to be signed."""
    return bool(settings.sign_pkcs12)


def signer_of(settings: Settings) -> Signer | None:
    """The office's signer; None where no certificate is set. Raises SigningError."""
    if not is_set(settings):
        return None
    if not can_read():
        raise SigningError("本机没有安装签名组件，请安装 shanhai-tracker[sign]。")
    from cryptography.hazmat.primitives.serialization import pkcs12

    content, passphrase = _read(settings.sign_pkcs12), _passphrase(settings)
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(content, passphrase)
    except Exception:  # a file of any shape makes it raise anything; what it says may hold secrets
        raise SigningError(
            "签名证书文件打不开：口令不对，或者不是 PKCS#12 文件（.p12、.pfx），"
            "或者是国密（SM2）证书。国密证书请用机关自己的签章系统。"
        ) from None
    if key is None or certificate is None:
        raise SigningError("签名证书文件中没有私钥或证书，请导出带私钥的证书。")
    _check_use(certificate)
    _check_key(key)
    found = _signer(content, passphrase)
    signer = Signer(
        name=name_of(found.signing_cert.subject),
        certificate=found.signing_cert.sha256.hex(),
        since=certificate.not_valid_before_utc,
        until=certificate.not_valid_after_utc,
        key=found,
    )
    signer.check_time(present())
    return signer


def sign(pdf: bytes, signer: Signer) -> SignedPaper:
    """The signature of a paper's bytes; whose it is remains to be said. Raises SigningError."""
    signer.check_time(present())
    try:
        signed = _appended(pdf, signer)
    except Exception as error:  # one paper that cannot be signed must not keep others from it
        raise SigningError(f"签名未能完成（{type(error).__name__}）。") from error
    if not signed.startswith(pdf):
        raise SigningError("签名改动了原件的字节，没有采用。")
    return SignedPaper(
        sha256=hashlib.sha256(signed).hexdigest(),
        size=len(signed),
        signer=signer.name,
        certificate=signer.certificate,
        addition=signed[len(pdf) :],
    )


def _appended(pdf: bytes, signer: Signer) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        # Viewers warn of any later change but further signatures.
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    return PdfSigner(meta, signer=signer.key).sign_pdf(writer).getvalue()


def _signer(content: bytes, passphrase: bytes | None) -> Any:
    from pyhanko.sign.signers import SimpleSigner

    return SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=passphrase)


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise SigningError(f"签名证书文件 {path} 无法读取：{fault_of(error)}。") from None


def _passphrase(settings: Settings) -> bytes | None:
    if settings.sign_passphrase_file:
        try:
            return Path(settings.sign_passphrase_file).read_bytes().rstrip(b"\r\n")
        except OSError as error:
            path = settings.sign_passphrase_file
            raise SigningError(f"签名口令文件 {path} 无法读取：{fault_of(error)}。") from None
    said = os.environ.get(PASSPHRASE)
    return said.encode() if said else None


def _check_use(certificate: Any) -> None:
    """Raises SigningError for a certificate that is for something else."""
    from cryptography import x509

    def extension(kind: Any) -> Any:
        try:
            return certificate.extensions.get_extension_for_class(kind).value
        except x509.ExtensionNotFound:
            return None

    usage = extension(x509.KeyUsage)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise SigningError("签名证书的密钥用途不含数字签名，不能用来签文书。")
    uses = extension(x509.ExtendedKeyUsage)
    if uses is not None and not {use.dotted_string for use in uses} & set(_USES):
        raise SigningError("签名证书的用途不含文件签名（例如是网站服务器的证书），不能用来签文书。")
    basic = extension(x509.BasicConstraints)
    if basic is not None and basic.ca:
        raise SigningError("签名证书是颁发证书用的（CA 证书），不能用来签文书。")


def _check_key(key: Any) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < _SHORTEST_RSA:
            raise SigningError(f"签名证书的 RSA 密钥只有 {key.key_size} 位，至少应为 2048 位。")
    elif not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SigningError("签名证书的密钥不是 RSA 或 ECDSA，不能用来签文书。")
