"""Cards by WeasyPrint: the argument is the file of their texts and tables (see papers.py)."""

import html
import json
import sys
from pathlib import Path

from serving import serve
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

given = json.loads(Path(sys.argv[1]).read_text("utf-8"))
FACES = "".join(
    f"@font-face {{ font-family: {'sans' if 'Sans' in file else 'serif'}c;"
    f" font-weight: {Path(file).stem.split('-')[1]}; src: url('file://{file}') }}"
    for file in given["fonts"]
)
STYLE = f"""<style>{FACES} @page {{ size: A4; margin: 90pt 72pt }} body {{ font-size: 10pt }}
table {{ border-collapse: collapse; width: 100%; table-layout: fixed }}
td, th {{ border: .35pt solid #777; padding: 3pt; font-weight: 400 }} p {{ margin: 0 }}</style>"""


def paragraph(of: dict) -> str:
    family = "sansc" if of["sans"] else "serifc"
    weight = (700 if of["sans"] else 900) if of["bold"] else 400
    look = f"font: {weight} {of['size']}pt {family}; text-align: {of['align']}"
    return f'<p style="{look}">{html.escape(of["text"])}</p>'


def table(of: dict) -> str:
    total = sum(of["shares"])
    columns = "".join(f'<col style="width: {100 * each / total:.3f}%">' for each in of["shares"])
    rows = []
    for number, row in enumerate(of["rows"]):
        tag = "th" if of["header"] and number == 0 else "td"
        cells = "".join(
            f'<{tag} colspan="{cell["span"]}">{"".join(map(paragraph, cell["p"]))}</{tag}>'
            for cell in row
        )
        line = f"<tr>{cells}</tr>"
        rows.append(f"<thead>{line}</thead>" if tag == "th" else line)
    return f"<table><colgroup>{columns}</colgroup>{''.join(rows)}</table>"


def page(document: dict) -> str:
    body = "".join(
        paragraph(item["p"])
        if "p" in item
        else table(item["t"])
        if "t" in item
        else '<div style="break-after: page"></div>'
        for item in document["items"]
    )
    title = html.escape(document["title"])
    return f'<html lang="zh-CN"><title>{title}</title>{STYLE}<body>{body}</body></html>'


pages = iter([page(document) for document in given["documents"]])
fonts = FontConfiguration()


def paper() -> None:
    found = HTML(string=next(pages)).write_pdf(font_config=fonts, pdf_variant="pdf/ua-1")
    assert found[:5] == b"%PDF-"


serve(paper)
