"""Signing later what was issued without a signature: no certificate was set, or it did not do."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import update

from tracker.core.db import db, units
from tracker.papers.issuing import queries
from tracker.papers.issuing.models import IssuedPaper, PaperTask
from tracker.papers.issuing.signing import Signer, SigningError, sign


@units.reading
def sign_papers(paper_ids: list[int], signer: Signer) -> Iterator[tuple[str, str]]:
    """Sign papers one by one, each in a unit of its own: (its number, why it was not signed or "").
    One that somebody else signed meanwhile is left as it is."""
    for paper_id in paper_ids:
        paper = db.session.get_one(IssuedPaper, paper_id)
        number, content = paper.number, queries.content_of(paper)
        where = PaperTask.issue_id == paper.issue_id, PaperTask.position == paper.position
        units.afresh()
        fault, signed = "", None
        try:
            signed = sign(content, signer)
        except SigningError as error:
            fault = str(error)
        with units.writing():
            kept = db.session.get_one(IssuedPaper, paper_id)
            if kept.signed is None:
                kept.signed = signed
                task = update(PaperTask).where(*where)
                db.session.execute(task.values(sign_fault=fault or None))
        yield number, fault
