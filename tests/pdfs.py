"""PDF files that open, small and made on the spot."""

from __future__ import annotations

BEGINNING = b"%PDF-1.7\n"


def pdf(says: str | bytes = b"", pages: int = 1) -> bytes:
    """`pages` empty pages; of other words `says` another content."""
    told = says.encode() if isinstance(says, str) else says
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(pages))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>"
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R/Says<%s>>>" % told.hex().encode(),
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        *[page] * pages,
    ]
    out, places = BEGINNING, []
    for number, body in enumerate(bodies, 1):
        places.append(b"%010d 00000 n \n" % len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(bodies) + 1, b"".join(places))
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return out + table + end % (len(bodies) + 1, len(out))
