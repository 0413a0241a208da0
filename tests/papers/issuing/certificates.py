"""Certificates with keys as offices get them, and as they should not be used; and what people do to
a file behind its bytes."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pypdf import PdfWriter
from pypdf.annotations import FreeText

from tracker.core.quantities.clock import present

OFFICE = "浙江省示例办公室"
PASSPHRASE = b"hush-hush"
SERVER = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
MAIL = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
CA = x509.BasicConstraints(ca=True, path_length=None)


@cache
def key_of(kind: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    """One key of a kind ("rsa2048", "ec", …) for all tests of a process."""
    if kind.startswith("rsa"):
        size = int(kind[3:].partition("-")[0])
        return rsa.generate_private_key(public_exponent=65537, key_size=size)
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP256R1())


def usage(*, signs: bool) -> x509.KeyUsage:
    """What a key is for: to sign, or to encrypt alone."""
    return x509.KeyUsage(signs, signs, not signs, False, False, False, False, False, False)


def pkcs12_of(
    name: str = OFFICE,
    key: str = "rsa2048",
    days: tuple[int, int] = (-1, 365),
    *more: x509.ExtensionType,
    passphrase: bytes = PASSPHRASE,
) -> bytes:
    """A PKCS#12 file; `days`: from when to when it is valid, counted from today."""
    own = key_of(key)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "示例机关"),
        ]
    )
    since, until = (present() + timedelta(days=number) for number in days)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )
    for extension in more or (usage(signs=True),):
        made = made.add_extension(extension, critical=True)
    signed = made.sign(own, None if key == "ed25519" else hashes.SHA256())
    encryption = BestAvailableEncryption(passphrase)
    return pkcs12.serialize_key_and_certificates(b"office", own, signed, None, encryption)


def files_of(folder: Path, content: bytes) -> dict[str, str]:
    """The settings by which papers are signed with a PKCS#12 file, written into `folder`."""
    (folder / "office.p12").write_bytes(content)
    (folder / "passphrase").write_bytes(PASSPHRASE + b"\n")
    return {
        "sign_pkcs12": str(folder / "office.p12"),
        "sign_passphrase_file": str(folder / "passphrase"),
    }


def signed_by(
    pdf: bytes, content: bytes, field: str, box: tuple[int, int, int, int] | None = None
) -> bytes:
    """The file signed by whoever has the PKCS#12 file `content`, in a new field; `box`: where the
    signature shows on the first page."""
    signer = SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=PASSPHRASE)
    meta = PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
    )
    spec = SigFieldSpec(field, box=box)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    return sign_pdf(writer, meta, signer=signer, new_field_spec=spec).getvalue()


def annotated(pdf: bytes) -> bytes:
    """The file with a note on its first page, as a viewer appends one."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.find_page_for_modification(0)[0].get_object()
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/Text"),
            generic.pdf_name("/Rect"): generic.ArrayObject(
                [generic.NumberObject(each) for each in (50, 50, 70, 70)]
            ),
            generic.pdf_name("/Contents"): generic.pdf_string("已阅"),
        }
    )
    notes = list(page.get("/Annots", ()))
    page["/Annots"] = generic.ArrayObject([*notes, writer.add_object(note)])
    writer.update_container(page)
    return _written(writer)


def annotated_elsewhere(pdf: bytes) -> bytes:
    """The file with a text on its first page, as a program appends one that leaves out what the
    file says of itself."""
    writer, out = PdfWriter(io.BytesIO(pdf), incremental=True), io.BytesIO()
    writer.add_annotation(0, FreeText(text="同意", rect=(50, 550, 200, 650)))
    writer.write(out)
    return out.getvalue()


def repainted(pdf: bytes) -> bytes:
    """The file with an update that paints something else over its first page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    over = generic.StreamObject(stream_data=b"1 0 0 rg 0 0 600 400 re f")
    writer.add_stream_to_page(0, writer.add_object(over))
    return _written(writer)


def renamed(pdf: bytes) -> bytes:
    """The file with a note, and an update that gives it another title."""
    writer = IncrementalPdfFileWriter(io.BytesIO(annotated(pdf)))
    info = writer.trailer["/Info"]
    info["/Title"] = generic.pdf_string("another")
    writer.update_container(info)
    return _written(writer)


def acting(pdf: bytes) -> bytes:
    """The file with an update that makes it do something when it is opened."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    act = generic.DictionaryObject(
        {
            generic.pdf_name("/S"): generic.pdf_name("/URI"),
            generic.pdf_name("/URI"): generic.pdf_string("https://example.invalid/"),
        }
    )
    writer.root["/OpenAction"] = act
    writer.update_root()
    return _written(writer)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
