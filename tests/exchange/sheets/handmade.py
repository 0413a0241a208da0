"""Workbooks as the parts that other programs write, and as nobody's program does."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DEFAULT = '<Default Extension="xml" ContentType="text/xml"/>'
TYPES = f'<Types xmlns="{PACKAGE}/content-types">{_DEFAULT}</Types>'
ROOT = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)


def book(sheet: str, **parts: str | bytes) -> bytes:
    """A workbook of one sheet whose `<sheetData>` and what follows it is `sheet`; `parts` replace
    or add others: `strings`, `styles`, `workbook`, `rels`, or by path."""
    named: Mapping[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT,
        "xl/workbook.xml": parts.get("workbook", workbook()),
        "xl/_rels/workbook.xml.rels": parts.get("rels", rels()),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
    }
    found = dict(named)
    if "strings" in parts:
        found["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{parts["strings"]}</sst>'
    if "styles" in parts:
        found["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{parts["styles"]}</styleSheet>'
    found |= {name: content for name, content in parts.items() if "/" in name}
    return packed(found)


def workbook(more: str = "", sheets: str = '<sheet name="表" sheetId="1" r:id="rId1"/>') -> str:
    return f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{more}<sheets>{sheets}</sheets></workbook>'


def rels(more: str = "", target: str = "worksheets/sheet1.xml") -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="{target}"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/styles" Target="styles.xml"/>{more}'
        "</Relationships>"
    )


def styles(*formats: str | int) -> str:
    """Cell styles of formats, by their number or their code."""
    codes, cells = "", '<xf numFmtId="0"/>'
    for number, of in enumerate(formats, 164):
        if isinstance(of, str):
            code = of.replace("&", "&amp;").replace('"', "&quot;")
            codes += f'<numFmt numFmtId="{number}" formatCode="{code}"/>'
        cells += f'<xf numFmtId="{of if isinstance(of, int) else number}"/>'
    return f"<numFmts>{codes}</numFmts><cellStyleXfs><xf/></cellStyleXfs><cellXfs>{cells}</cellXfs>"


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
