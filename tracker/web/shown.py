"""What a page of ours shows: its title, what its tables were narrowed to, the tables cell by cell
as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset(("area", "br", "col", "hr", "img", "input", "link", "meta", "path", "use", "wbr"))
_UNREAD = frozenset(("script", "style", "svg", "template", "button"))
_BROKEN = frozenset(("br", "li", "p", "div", "dd", "dt", "summary", "ul", "dl", "details"))
_SPACE = re.compile(r"\s+")
_BLANK = re.compile(r"[ \t\r\f\v]+")
_LINES = re.compile(r" ?\n\s*")
_NOTES = frozenset(("note", "note-inline", "count", "exact"))
_TITLED = ("h1", "h2", "h3", "caption", "label", "option", "p")


@dataclass
class Cell:
    """What stands in a cell; `note`: beside its figure; `figure`: that it is set as one."""

    text: str
    note: str
    figure: bool


@dataclass
class Table:
    """A table: its name, its heads, its rows and those below them. A cell over several columns
    stands in the first of them, one over several rows in each."""

    name: str
    heads: list[str] = field(default_factory=list)
    rows: list[list[Cell | None]] = field(default_factory=list)


@dataclass
class Shown:
    """What a page shows; `more`: that there is a page behind it; `samples`: the notice of records
    that are invented; `rules`: what the rulebooks of the points are."""

    title: str = ""
    tables: list[Table] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    samples: str = ""
    rules: str = ""
    more: bool = False


def shown_in(page: str) -> Shown:
    """What the HTML of a page shows."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found


@dataclass
class _Open:
    """A cell that is being read."""

    attributes: dict[str, str]
    head: bool
    words: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def figure(self) -> bool:
        return "num" in self.attributes.get("class", "").split()

    def span(self, name: str) -> int:
        said = self.attributes.get(name, "1")
        return min(max(int(said), 1), 100) if said.isdecimal() else 1


class _Reader(HTMLParser):
    """Follows the elements by a stack of (tag, what it is): unread, a note, or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.found = Shown()
        self._stack: list[tuple[str, str]] = []
        self._cell: _Open | None = None
        self._table: Table | None = None
        self._within = ""  # thead, tbody, tfoot
        self._row: list[_Open] = []
        self._heads: list[list[_Open]] = []
        self._body: list[list[_Open]] = []
        self._text: list[str] | None = None  # of a heading, a caption, a label
        self._heading = ""
        self._filters = False
        self._labels: dict[str, str] = {}
        self._for = self._of_select = ""

    # -- elements

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        classes = values.get("class", "").split()
        in_body = self._cell is not None and not self._cell.head
        unseen = "hidden" in values or values.get("aria-hidden") == "true"
        if tag in _UNREAD or unseen or (in_body and "visually-hidden" in classes):
            what = "unread"
        else:
            what = "note" if _NOTES & set(classes) else ""
        if tag not in _VOID:
            self._stack.append((tag, what))
        if tag in _BROKEN or what == "note":
            self._say("\n")
        elif tag == "span" and self._cell is not None:
            self._say(" ")
        match tag:
            case "h1" | "h2" | "h3" | "caption" | "label" if self._cell is None:
                self._text, self._for = [], values.get("for", "")
            case "table" if self._table is None:
                self._table = Table("")
                self._heads, self._body = [], []
            case "thead" | "tbody" | "tfoot":
                self._within = tag
            case "tr":
                self._row = []
            case "td" | "th":
                self._end_cell()
                self._cell = _Open(values, tag == "th")
            case "form":
                self._filters = "filters" in classes
            case "input":
                self._of_input(values)
            case "select":
                self._of_select = values.get("id", "")
            case "option" if "selected" in values and values.get("value"):
                self._text = []
            case "a" if values.get("rel") == "next":
                self.found.more = True
            case "p" if classes and {"sample-notice", "rules-note"} & set(classes):
                self._text, self._for = [], "rules" if "rules-note" in classes else ""

    def _of_input(self, values: dict[str, str]) -> None:
        kind = values.get("type", "text")
        if self._cell is not None and kind == "text":
            self._say(values.get("value", ""))
        elif self._filters and kind == "search" and values.get("value"):
            label = self._labels.get(values.get("id", ""), "")
            self.found.conditions.append(f"{label}含“{values['value']}”")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or not any(open_tag == tag for open_tag, _ in self._stack):
            return
        while self._stack and self._stack.pop()[0] != tag:
            pass
        match tag:
            case "td" | "th":
                self._end_cell()
            case "tr" if self._table is not None:
                self._end_cell()
                if self._within == "thead":
                    self._heads.append(self._row)
                elif self._row:
                    self._body.append(self._row)
            case "table" if self._table is not None:
                self._end_table()
            case "form":
                self._filters = False
        if self._text is not None and tag in _TITLED:
            self._end_text(tag, _joined(self._text))

    def _end_text(self, tag: str, text: str) -> None:
        self._text = None
        match tag:
            case "h1":
                self.found.title = text
            case "h2" | "h3":
                self._heading = text
            case "caption" if self._table is not None:
                self._table.name = text
            case "label":
                self._labels[self._for] = text
            case "option" if self._filters and self._cell is None:
                label = self._labels.get(self._of_select, "")
                self.found.conditions.append(f"{label}：{text}" if label else text)
            case "option" if self._cell is not None:
                self._cell.words.append(text)
            case "p" if self._for == "rules":
                self.found.rules = text
            case "p":
                self.found.samples = text

    def handle_data(self, data: str) -> None:
        self._say(_SPACE.sub(" ", data))

    def _say(self, text: str) -> None:
        kinds = {what for _, what in self._stack}
        if "unread" in kinds:
            return
        if self._text is not None:
            if "note" not in kinds:
                self._text.append(text)
        elif self._cell is not None and all(tag != "select" for tag, _ in self._stack):
            (self._cell.notes if "note" in kinds else self._cell.words).append(text)

    # -- what they come to

    def _end_cell(self) -> None:
        if self._cell is not None:
            self._row.append(self._cell)
            self._cell = None

    def _end_table(self) -> None:
        table = self._table
        assert table is not None
        table.name = table.name or self._heading
        if not self._heads and self._body and all(cell.head for cell in self._body[0]):
            self._heads = [self._body.pop(0)]
        table.heads = _heads(self._heads)
        table.rows = _spread(self._body)
        if table.heads or table.rows:
            self.found.tables.append(table)
        self._table, self._within = None, ""


def _joined(words: Sequence[str]) -> str:
    text = _BLANK.sub(" ", "".join(words).replace("\xa0", " "))
    return _LINES.sub("\n", text).strip()


def _read(cell: _Open) -> Cell:
    text, note = _joined(cell.words), _joined(cell.notes)
    if cell.head or not cell.figure:
        both = "\n".join(part for part in (text, note) if part)
        return Cell(both, "", cell.figure)
    return Cell(text, note, cell.figure)


def _spread(rows: Sequence[Sequence[_Open]]) -> list[list[Cell | None]]:
    taken: dict[tuple[int, int], Cell] = {}  # (row, column) that a cell from above stands in
    found: list[list[Cell | None]] = []
    for number, row in enumerate(rows):
        line: list[Cell | None] = []
        for each in row:
            while (number, len(line)) in taken:
                line.append(taken[number, len(line)])
            cell = _read(each)
            for below in range(1, each.span("rowspan")):
                taken[number + below, len(line)] = cell
            line += [cell, *[None] * (each.span("colspan") - 1)]
        while (number, len(line)) in taken:
            line.append(taken[number, len(line)])
        found.append(line)
    return found


def _heads(rows: Sequence[Sequence[_Open]]) -> list[str]:
    """The heads of the columns, those of several rows one after another; a note in a head is what
    its figures are in."""
    lines: list[list[str]] = []
    below: dict[int, int] = {}
    for row in rows:
        line: list[str] = []
        for each in row:
            while below.get(len(line), 0):
                below[len(line)] -= 1
                line.append("")
            text, note = (_joined(part).replace("\n", "，") for part in (each.words, each.notes))
            head = f"{text}（{note}）" if note else text
            for _ in range(each.span("colspan")):
                below[len(line)] = each.span("rowspan") - 1
                line.append(head)
        lines.append(line)
    width = max(map(len, lines), default=0)
    parts = [[line[at] for line in lines if at < len(line) and line[at]] for at in range(width)]
    return ["：".join(dict.fromkeys(each)) for each in parts]
