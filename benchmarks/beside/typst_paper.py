"""Cards by Typst: the argument is the file of their texts and tables (see papers.py)."""

import json
import sys
import tempfile
from pathlib import Path

import typst
from serving import serve

given = json.loads(Path(sys.argv[1]).read_text("utf-8"))
folder = Path(tempfile.mkdtemp())
HEAD = """#set document(title: [%s])
#set page(paper: "a4", margin: (x: 72pt, y: 90pt))
#set text(lang: "zh", region: "cn", font: "Noto Serif SC", size: 10pt)
"""


def literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def paragraph(of: dict) -> str:
    font = "Noto Sans SC" if of["sans"] else "Noto Serif SC"
    weight = (700 if of["sans"] else 900) if of["bold"] else 400
    text = f'#text(font: "{font}", weight: {weight}, size: {of["size"]}pt, {literal(of["text"])})'
    return text if of["align"] == "left" else f"#align({of['align']})[{text}]"


def in_cell(of: dict) -> str:
    return f"table.cell(colspan: {of['span']})[{' #parbreak() '.join(map(paragraph, of['p']))}]"


def table(of: dict) -> str:
    rows = [", ".join(map(in_cell, row)) for row in of["rows"]]
    if of["header"]:
        rows[0] = f"table.header({rows[0]})"
    shares = ", ".join(f"{share}fr" for share in of["shares"])
    return f"#table(columns: ({shares},), stroke: 0.35pt, {', '.join(rows)})"


def source(document: dict) -> str:
    parts = [HEAD % document["title"]]
    for item in document["items"]:
        if "p" in item:
            parts.append(paragraph(item["p"]) + "\n")
        elif "t" in item:
            parts.append(table(item["t"]))
        else:
            parts.append("#pagebreak(weak: true)")
    return "\n".join(parts)


paths = []
for number, document in enumerate(given["documents"]):
    paths.append(folder / f"{number}.typ")
    paths[-1].write_text(source(document), "utf-8")
compiler = typst.Compiler(
    root=str(folder), font_paths=sorted({str(Path(f).parent) for f in given["fonts"]})
)
left = iter(paths)


def paper() -> None:
    found = compiler.compile(input=str(next(left)), format="pdf", pdf_standards=["a-2a", "ua-1"])
    assert found[:5] == b"%PDF-"


serve(paper)
