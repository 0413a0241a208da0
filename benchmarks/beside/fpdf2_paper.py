"""Cards by fpdf2: the argument is the file of their texts and tables (see papers.py)."""

import json
import logging
import sys
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import FontFace
from serving import serve

logging.disable(logging.WARNING)  # what its subsetting leaves out of a font
given = json.loads(Path(sys.argv[1]).read_text("utf-8"))
FILES = {("Sans" in file, "-400-" not in file): file for file in given["fonts"]}


def family(of: dict) -> str:
    return f"{'sans' if of['sans'] else 'serif'}{'b' if of['bold'] else ''}"


def draw(document: dict) -> bytes:
    pdf = FPDF(unit="pt", format="A4")
    pdf.set_margins(72, 90)
    for (sans, bold), file in FILES.items():
        pdf.add_font(family({"sans": sans, "bold": bold}), fname=file)
    pdf.add_page()
    for item in document["items"]:
        if "p" in item:
            of = item["p"]
            pdf.set_font(family(of), size=of["size"])
            pdf.multi_cell(0, of["size"] * 1.6, of["text"], align=of["align"][0].upper(),
                           new_x="LMARGIN", new_y="NEXT")  # fmt: skip
        elif "t" in item:
            _table(pdf, item["t"])
        else:
            pdf.add_page()
    return bytes(pdf.output())


def _table(pdf: FPDF, of: dict) -> None:
    pdf.set_font("sans", size=9)
    with pdf.table(
        col_widths=tuple(of["shares"]),
        first_row_as_headings=of["header"],
        headings_style=FontFace(emphasis=""),
        line_height=13,
    ) as table:
        for cells in of["rows"]:
            row = table.row()
            for cell in cells:
                text = "\n".join(part["text"] for part in cell["p"])
                first = cell["p"][0] if cell["p"] else None
                style = FontFace(family=family(first), size_pt=first["size"]) if first else None
                row.cell(text, colspan=cell["span"], style=style)


documents = iter(given["documents"])


def paper() -> None:
    assert draw(next(documents))[:5] == b"%PDF-"


serve(paper)
