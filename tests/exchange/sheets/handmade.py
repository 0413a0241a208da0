"""Workbooks as the parts that other programs write, and as nobody's program does."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

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


def as_wps(data: bytes) -> bytes:
    """The workbook `data` written anew as WPS writes one: runs of text with how they sound, texts
    in cells, absolute targets, numbers as binary fractions, shared formulas where a number stands,
    days from 1904, cells that only have a look, parts that are WPS's own."""
    given = openpyxl.load_workbook(io.BytesIO(data))
    texts: list[str] = []
    parts: dict[str, str | bytes] = {"[Content_Types].xml": TYPES, "_rels/.rels": ROOT}
    sheets, links = "", ""
    for number, page in enumerate(given.worksheets, 1):
        state = "" if page.sheet_state == "visible" else f' state="{page.sheet_state}"'
        sheets += f'<sheet name="{page.title}" sheetId="{number}"{state} r:id="rId{number}"/>'
        links += (
            f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet"'
            f' Target="/xl/worksheets/sheet{number}.xml"/>'
        )
        rows = "".join(_wps_row(page, row, texts) for row in range(1, page.max_row + 5))
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetPr/><sheetData>{rows}</sheetData></worksheet>'
        )
    strings = "".join(
        f'<si><r><rPr><sz val="11"/></rPr><t xml:space="preserve">{escape(text[:1])}</t></r>'
        f'<r><t xml:space="preserve">{escape(text[1:])}</t></r>'
        '<rPh sb="0" eb="1"><t>YIN</t></rPh></si>'
        for text in texts
    )
    for name in ("sharedStrings", "styles"):
        links += f'<Relationship Id="{name}" Type="{OFFICE}/{name}" Target="/xl/{name}.xml"/>'
    parts |= {
        "xl/workbook.xml": workbook('<workbookPr date1904="1"/>', sheets),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles(31)}</styleSheet>',
        "customXml/item1.xml": "<x/>",
        "docProps/custom.xml": "<x/>",
    }
    return packed(parts)


def _wps_row(page: Worksheet, row: int, texts: list[str]) -> str:
    found = ""
    for column in range(1, page.max_column + 3):
        cell = page.cell(row, column)
        value = cell.value
        at = f'<c r="{cell.coordinate}"'
        if value is None:
            found += f'{at} s="0"/>'
        elif isinstance(value, date):
            day = value.date() if isinstance(value, datetime) else value
            found += f'{at} s="1"><v>{(day - date(1904, 1, 1)).days}</v></c>'
        elif isinstance(value, int | float) and column > 2:
            shared = '<f t="shared" si="0"/>' if column % 2 else ""
            found += f"{at}>{shared}<v>{float(value):.17g}</v></c>"
        elif isinstance(value, int | float):
            found += f"{at}><v>{value}</v></c>"
        elif column % 3:
            texts.append(str(value))
            found += f'{at} t="s"><v>{len(texts) - 1}</v></c>'
        else:
            text = escape(str(value)).replace("\n", "_x000D_\n")
            found += f'{at} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    return f'<row r="{row}" spans="1:9" customFormat="1" s="1">{found}</row>'
