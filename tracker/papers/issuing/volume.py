"""The papers of an issue together: a bound volume (合订本) and an archive, streamed to disk."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import pikepdf

from tracker.core.quantities.clock import day_of
from tracker.engine.typeset.binding import Part, bind
from tracker.engine.typeset.boxes import Box, Paragraph, TextStyle
from tracker.engine.typeset.information import DocumentInfo
from tracker.engine.typeset.sheet import Frame
from tracker.engine.typeset.table import Cell, Row, Table
from tracker.papers.common.head import SAMPLE, PaperKind, PaperStatus, RulebookStatus
from tracker.papers.common.identity import VOLUME_KEY
from tracker.papers.common.looks import (
    CELL,
    FIGURE,
    GAP,
    HEADING,
    SMALL,
    SOURCE,
    SUBJECT,
    TITLE,
    UNDER_TITLE,
    cell,
    header,
)
from tracker.papers.common.printing import Furniture, print_boxes
from tracker.papers.issuing import queries
from tracker.papers.issuing.models import IssuedPaper, PaperIssue
from tracker.papers.issuing.numbers import beginning_of
from tracker.year.assessments.scored import scored_of

CONTENTS = "目录"
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the only moment in an archive: its bytes stay the same
_NUMBER = replace(SMALL, align="center")
_NOTE = (
    "各份文书保留原有页码；目录所列为在本册中的页序，点按即到。"
    "合订本不另编号，核验以各份文书的原件为准。"
)

Tell = Callable[[int, int], None]


def _nobody(_done: int, _total: int) -> None:
    """Nobody is told."""


def volume_name(issue: PaperIssue, papers: Iterable[IssuedPaper]) -> str:
    """What the volume's file is called, without its ending."""
    sample = f"-{SAMPLE}" if _any_sample(papers) else ""
    return f"{_of(issue)}考核文书合订本-S{issue.ordinal:02d}{sample}"


def _of(issue: PaperIssue) -> str:
    """Of which year's assessment; of a city's by which city."""
    year, city = f"{issue.year}年度", issue.owner_region
    return f"{year}{city.name}市考县" if city is not None else year


def write_volume(issue: PaperIssue, out: IO[bytes], tell: Tell = _nobody) -> None:
    """Bind the issued papers of `issue`, with contents and bookmarks; equal papers, equal bytes.
    `tell` is told how many papers of how many have been read."""
    papers = queries.list_of(issue.id)
    entries = _entries(issue, papers)
    bind(_contents(issue, entries), CONTENTS, _parts(entries, tell), out)


def write_archive(issue: PaperIssue, out: IO[bytes], tell: Tell = _nobody) -> None:
    """The papers of `issue` as they were issued, under names that sort as the volume does."""
    papers = queries.list_of(issue.id)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number, (paper, content) in enumerate(queries.with_content(papers)):
            tell(number, len(papers))
            entry = zipfile.ZipInfo(f"{paper.position:04d}-{paper.download_name}", _MOMENT)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)


def write_whole(target: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Let `write` fill a file that appears at `target` whole or not at all. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".part")
    with unfinished.open("wb") as out:
        write(out)
    unfinished.replace(target)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A paper in the volume: under which heading, whose, and what it is."""

    paper: IssuedPaper
    group: str
    subject: str

    @property
    def title(self) -> str:
        """What its bookmark is called."""
        return f"{self.subject} {self.paper.kind.label}（{self.paper.number}）"


def _parts(entries: list[_Entry], tell: Tell) -> Iterator[Part]:
    by_id = {entry.paper.id: entry for entry in entries}
    papers = [entry.paper for entry in entries]
    for number, (paper, content) in enumerate(queries.with_content(papers)):
        tell(number, len(papers))
        entry = by_id[paper.id]
        yield Part(content, entry.title, entry.group, _place(paper))


def _place(paper: IssuedPaper) -> str:
    """The name of a paper's first page in the volume."""
    return f"p{paper.position:05d}"


def _entries(issue: PaperIssue, papers: list[IssuedPaper]) -> list[_Entry]:
    """The papers in their order. A heading holds a sheet's scorecards with the yearly sheets that
    follow them, so that it stands once; no two papers under it are called alike."""
    points = scored_of(issue.snapshot)
    titles = {code: _sheet_title(sheet.rulebook.title) for code, sheet in points.sheets.items()}
    pairs = next((c for c, sheet in points.sheets.items() if sheet.rulebook.subject == "pair"), "")

    def heading(paper: IssuedPaper) -> str:
        sheet = pairs if paper.kind is PaperKind.PAIR else paper.sheet
        return sheet if sheet in titles else paper.kind.value

    kinds: dict[str, list[str]] = {}
    named: Counter[tuple[str, str, PaperKind]] = Counter()
    for paper in papers:
        found = kinds.setdefault(heading(paper), [])
        label = titles.get(paper.sheet, "") if paper.kind is PaperKind.SCORECARD else ""
        if (label or paper.kind.label) not in found:
            found.append(label or paper.kind.label)
        named[heading(paper), paper.subject_name, paper.kind] += 1

    def subject(paper: IssuedPaper) -> str:
        alone = named[heading(paper), paper.subject_name, paper.kind] == 1
        return paper.subject_name if alone else f"{paper.subject_name}（{paper.subject_code}）"

    return [_Entry(p, "、".join(kinds[heading(p)]), subject(p)) for p in papers]


def _sheet_title(book: str) -> str:
    return book.replace("评分细则", "评分表")


def _contents(
    issue: PaperIssue,
    entries: list[_Entry],
) -> bytes:
    """The contents, which name the pages that they themselves move on: printed until they fit."""
    papers = [entry.paper for entry in entries]
    title, marks = f"{_of(issue)}考核文书合订本", _marks(issue, papers)
    info = DocumentInfo(
        title=title,
        author="山海协作考核",
        subject=f"合订本（{marks}）",
        date=day_of(issue.snapshot.frozen_at),
        extra={VOLUME_KEY: beginning_of(issue.year, issue.ordinal, issue.city)[2:-1]},
    )
    furniture = Furniture((f"{title} · 目录",), marks, sample=SAMPLE in marks)
    own = 1
    while True:
        boxes = _boxes(title, issue, entries, own)
        made = print_boxes(info, furniture, Frame(), boxes)
        with pikepdf.open(io.BytesIO(made)) as file:
            pages = len(file.pages)
        if pages <= own:
            return made
        own = pages


def _marks(issue: PaperIssue, papers: list[IssuedPaper]) -> str:
    points = scored_of(issue.snapshot)
    official = all(sheet.rulebook.status == "official" for sheet in points.sheets.values())
    words = [RulebookStatus.OFFICIAL if official else RulebookStatus.DESIGNED, PaperStatus.FINAL]
    return " · ".join([*words, SAMPLE] if _any_sample(papers) else words)


def _any_sample(papers: Iterable[IssuedPaper]) -> bool:
    return any(SAMPLE in paper.file_name for paper in papers)


def _boxes(
    title: str,
    issue: PaperIssue,
    entries: list[_Entry],
    own_pages: int,
) -> Iterator[Box]:
    yield Paragraph(title, TITLE)
    yield Paragraph(f"第 {issue.ordinal} 次签发", SUBJECT)
    pages = own_pages + sum(entry.paper.pages for entry in entries)
    yield Paragraph(f"{len(entries):,} 份文书，共 {pages:,} 页", UNDER_TITLE)
    yield Paragraph(_NOTE, SOURCE)
    at = own_pages + 1
    for group, found in itertools.groupby(entries, lambda entry: entry.group):
        papers = list(found)
        rows: dict[str, list[tuple[_Entry, int]]] = {}
        for entry in papers:
            rows.setdefault(entry.subject, []).append((entry, at))
            at += entry.paper.pages
        yield Paragraph(f"{group}（{len(papers)} 份）", HEADING)
        yield _contents_table(list(rows.values()))


def _contents_table(rows: list[list[tuple[_Entry, int]]]) -> Table:
    """One row a subject with all its papers of the group, each cell a link to its paper's page."""
    kinds = list(dict.fromkeys(entry.paper.kind.label for row in rows for entry, _ in row))
    alone = len(kinds) == 1
    titles = ["序号", "对象"]
    for kind in kinds:
        titles += ["编号", "页序"] if alone else [f"{kind}\n编号", "页序"]
    papers = [(112.0, 50.0)] if alone else [(98.0, 42.0)] * len(kinds)
    shares = [30.0, 442.0 - 30 - sum(map(sum, papers)), *itertools.chain(*papers)]
    lines = []
    for number, row in enumerate(rows, 1):
        by_kind = {entry.paper.kind.label: (entry, at) for entry, at in row}
        first = row[0][0]
        cells = [cell(str(number), _NUMBER), _leading(first, first.subject, CELL, "Row")]
        for kind in kinds:
            entry, at = by_kind.get(kind, (None, 0))
            cells += (
                [_leading(entry, entry.paper.number, CELL), _leading(entry, str(at), FIGURE)]
                if entry
                else [cell(""), cell("")]
            )
        lines.append(Row(cells))
    return Table(shares, header(*titles), lines, before=GAP)


def _leading(entry: _Entry, words: str, style: TextStyle, heads: str = "") -> Cell:
    """A cell that leads to the first page of a paper."""
    return Cell([Paragraph(words, style)], heads=heads, link=(_place(entry.paper), entry.title))
