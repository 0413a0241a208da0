"""Sample files: for each kind of proof that a rulebook asks for one page that says 示例, linked to
some of the records that facts rest on.

What is kept by its content never changes, so that removing the sample takes the links and leaves
these files, which prove nothing any more.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date

from reportlab.lib.pagesizes import A5
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from tracker.core.db import Origin, db
from tracker.core.quantities.days import last_day
from tracker.engine.scoring import Rulebook
from tracker.exchange.sampledata.draw import chance, stream
from tracker.exchange.sampledata.rows import Rows, moment
from tracker.records.evidence import contents, service
from tracker.records.evidence.models import PROVABLE, EvidenceFile, EvidenceLink
from tracker.records.evidence.queries import fact_table
from tracker.year.assessments.freeze import evidence_asked
from tracker.year.measures.collect import Fact

PROVEN_OF_HUNDRED = 30  # facts that somebody has proven
RECORDS = 2  # of a fact with many of them
TASKS = "年度任务书"  # proves what was asked for, not what was done
_COLUMNS = {fact_table(name): f"{name}_id" for name in PROVABLE}
_FONT = "STSong-Light"


class Proofs:
    """The files of a load and what is linked to them."""

    def __init__(self, seed: int, rows: Rows) -> None:
        self._seed, self._rows = seed, rows
        self._files: dict[str, int] = {}
        statement = select(EvidenceLink).where(EvidenceLink.origin == Origin.SAMPLE)
        self._linked = {
            (column, getattr(link, column), link.kind)
            for link in db.session.scalars(statement)
            for column in _COLUMNS.values()
            if getattr(link, column)
        }

    def prove(self, rulebook: Rulebook, year: int, code: str, facts: Mapping[str, Fact]) -> None:
        """Link files to some of the `facts` of one subject for which `rulebook` asks them."""
        for name, kinds in sorted(evidence_asked(rulebook).items()):
            records = facts[name].records if name in facts else ()
            rng = stream(self._seed, "proof", code, name, year)
            kind = rng.choice([kind for kind in kinds if kind != TASKS] or kinds)
            if chance(rng, PROVEN_OF_HUNDRED):
                for reference in records[:RECORDS]:
                    self.link(reference, kind, code, last_day(year))

    def link(self, reference: str, kind: str, code: str, on: date) -> None:
        """Link the file of `kind` to a record, as "applications:12", handed in by `code` on a day;
        once, and to nothing that files cannot prove."""
        table, _, record_id = reference.partition(":")
        column = _COLUMNS.get(table)
        if column is None:
            return
        key = (column, int(record_id), kind)
        if key in self._linked:
            return
        self._linked.add(key)
        self._rows.add(
            EvidenceLink,
            on,
            file_id=self._file(kind, on),
            kind=kind,
            name=f"示例-{kind}-{code}.pdf",
            linked_at=moment(on),
            **{column: int(record_id)},
        )

    def _file(self, kind: str, on: date) -> int:
        if kind not in self._files:
            content = page(kind)
            sha256 = contents.keep(service.folder(), content)
            known = select(EvidenceFile.id).where(EvidenceFile.sha256 == sha256)
            self._files[kind] = db.session.scalar(known) or self._rows.add(
                EvidenceFile,
                on,
                sha256=sha256,
                size=len(content),
                media_type=contents.media_type(content),
                stored_at=moment(on),
            )
        return self._files[kind]


def page(kind: str) -> bytes:
    """A page that says that it is a sample of `kind`; the same bytes each time."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A5, invariant=1, lang="zh-CN")
    canvas.setTitle(f"示例：{kind}")
    width, height = A5
    for size, up, words in ((40, 0.62, "示例"), (20, 0.5, kind), (11, 0.42, "虚构，不得作为依据")):
        canvas.setFont(_FONT, size)
        canvas.drawCentredString(width / 2, height * up, words)
    canvas.showPage()
    canvas.save()
    return file.getvalue()
