"""Finishing a file: structure tree, metadata, colour profile.

ReportLab writes neither tags nor XMP. The sheet marks its content while drawing; here the tree
over those marks is added, with what PDF/UA-1 and PDF/A-2a ask for, and the file is saved again
with object streams and an identifier computed from its content.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tracker.engine.typeset.information import DocumentInfo

PRODUCER = "Shanhai Tracker"

Mark = tuple[int, int]  # page from 0, marked-content identifier


@dataclass(slots=True)
class Element:
    """A node of the structure tree; `kids` are elements and marks in reading order."""

    role: str
    attributes: dict[str, str | int] = field(default_factory=dict)
    kids: list[Element | Mark | Link] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Link:
    """A place on `page` (from 0) that leads to the named place `to`; `words` say where that is.
    `box` is left, bottom, right, top."""

    page: int
    box: tuple[float, float, float, float]
    to: str
    words: str


def finish(drawn: bytes, root: Element, info: DocumentInfo) -> bytes:
    """Add structure, metadata and colour profile to a drawn file; equal input, equal bytes."""
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        _add_structure(pdf, root)
        _add_metadata(pdf, info)
        _add_profile(pdf)
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            min_version="1.7",
        )
    return out.getvalue()


def _add_structure(pdf: pikepdf.Pdf, root: Element) -> None:
    pages = [page.obj for page in pdf.pages]
    owners: list[dict[int, pikepdf.Object]] = [{} for _ in pages]
    of_links: list[pikepdf.Object] = []
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))

    def build(element: Element, parent: pikepdf.Object) -> pikepdf.Object:
        entries: dict[str, pikepdf.Object] = {
            "/Type": Name.StructElem,
            "/S": _name(element.role),
            "/P": parent,
        }
        entries.update(_attributes(element))
        home = next((kid[0] for kid in element.kids if isinstance(kid, tuple)), None)
        if home is not None:
            entries["/Pg"] = pages[home]
        made = pdf.make_indirect(Dictionary(entries))
        kids: list[object] = []
        for kid in element.kids:
            if isinstance(kid, Element):
                kids.append(build(kid, made))
                continue
            if isinstance(kid, Link):
                spot = _spot(pdf, pages[kid.page], kid, len(pages) + len(of_links))
                kids.append(Dictionary(Type=Name.OBJR, Obj=spot, Pg=pages[kid.page]))
                of_links.append(made)
                continue
            page, mark = kid
            owners[page][mark] = made
            kids.append(
                mark if page == home else Dictionary(Type=Name.MCR, Pg=pages[page], MCID=mark)
            )
        made.K = kids[0] if len(kids) == 1 else Array(kids)
        return made

    tree.K = Array([build(root, tree)])
    numbers = Array()
    for index, page in enumerate(pages):
        page.StructParents = index
        page.Tabs = Name.S
        numbers.append(index)
        numbers.append(pdf.make_indirect(Array([owners[index][m] for m in sorted(owners[index])])))
    for index, owner in enumerate(of_links, len(pages)):
        numbers.append(index)
        numbers.append(owner)
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    tree.ParentTreeNextKey = len(pages) + len(of_links)
    pdf.Root.StructTreeRoot = tree
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.Lang = String("zh-CN")


def _spot(pdf: pikepdf.Pdf, page: pikepdf.Object, link: Link, number: int) -> pikepdf.Object:
    """The annotation of a link on its page; printed pages show nothing of it."""
    spot = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=Array([round(edge, 2) for edge in link.box]),
            Border=Array([0, 0, 0]),
            F=4,
            Dest=String(link.to),
            Contents=String(link.words),
            StructParent=number,
        )
    )
    if "/Annots" not in page:
        page.Annots = Array()
    page.Annots.append(spot)
    return spot


def _attributes(element: Element) -> Iterator[tuple[str, pikepdf.Object]]:
    attributes = element.attributes
    if "alt" in attributes:
        yield "/Alt", String(str(attributes["alt"]))
    table: dict[str, pikepdf.Object | int] = {}
    if "scope" in attributes:
        table["/Scope"] = _name(str(attributes["scope"]))
    if attributes.get("colspan", 1) != 1:
        table["/ColSpan"] = int(attributes["colspan"])
    if table:
        yield "/A", Dictionary({"/O": Name.Table, **table})


@cache
def _name(word: str) -> Name:
    return Name(f"/{word}")


def _add_metadata(pdf: pikepdf.Pdf, info: DocumentInfo) -> None:
    stamp = f"D:{info.date:%Y%m%d}000000+08'00'"
    entries = {
        "Title": info.title,
        "Author": info.author,
        "Subject": info.subject,
        "Creator": PRODUCER,
        "Producer": PRODUCER,
        "CreationDate": stamp,
        "ModDate": stamp,
        **info.extra,
    }
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    for key, value in entries.items():
        pdf.docinfo[f"/{key}"] = String(value)
    stream = pdf.make_stream(_xmp(info))
    stream.Type, stream.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = stream


_NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}


def _xmp(info: DocumentInfo) -> bytes:
    moment = f"{info.date:%Y-%m-%d}T00:00:00+08:00"

    def alternatives(text: str) -> str:
        return f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt>'

    resource = 'rdf:parseType="Resource"'
    # PDF/A wants every schema beyond its own described in the file: here PDF/UA's single entry.
    part = (
        f"<rdf:li {resource}><pdfaProperty:name>part</pdfaProperty:name>"
        "<pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
        "<pdfaProperty:category>internal</pdfaProperty:category>"
        "<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li>"
    )
    schema = (
        f"<rdf:li {resource}><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{_NAMESPACES['pdfuaid']}</pdfaSchema:namespaceURI>"
        "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{part}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
    body = "".join(
        (
            f"<dc:title>{alternatives(info.title)}</dc:title>",
            f"<dc:description>{alternatives(info.subject)}</dc:description>",
            f"<dc:creator><rdf:Seq><rdf:li>{escape(info.author)}</rdf:li></rdf:Seq></dc:creator>",
            "<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>",
            f"<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>",
            f"<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>",
            f"<pdf:Producer>{PRODUCER}</pdf:Producer>",
            "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>",
            "<pdfuaid:part>1</pdfuaid:part>",
            f"<pdfaExtension:schemas><rdf:Bag>{schema}</rdf:Bag></pdfaExtension:schemas>",
        )
    )
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {spaces}>'
        f'<rdf:Description rdf:about="">{body}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def _add_profile(pdf: pikepdf.Pdf) -> None:
    profile = pdf.make_stream(_srgb())
    profile.N = 3
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=profile,
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])


@cache
def _srgb() -> bytes:
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # Bytes 24-35 hold the moment of making; a fixed day keeps the file reproducible.
    profile[24:36] = b"".join(part.to_bytes(2, "big") for part in (2024, 1, 1, 0, 0, 0))
    return bytes(profile)
