"""Texts that came past the gate, everywhere at once: all papers are printed, and say where."""

from __future__ import annotations

from sqlalchemy import String, cast, func, text, update

from tests.audits.world import YEAR, build_world
from tests.papers.texts import page_texts
from tracker.core.db import db
from tracker.core.db.printable import gated, paper_tables
from tracker.core.db.records import now
from tracker.engine.scoring import canonical_json
from tracker.papers.catalogue import papers_of
from tracker.papers.issuing.printing import Order, printed
from tracker.year.assessments.freeze import freeze
from tracker.year.assessments.scored import score_document
from tracker.year.rulebooks.shelf import year_set

# What is compared with a list of the program or of a rulebook; a strange one is no text.
LISTED = frozenset(
    {
        "code",
        "credit_code",
        "county_class",
        "field",
        "indicator",
        "media_type",
        "measure",
        "rule",
        "rules",
        "sha256",
        "table_name",
    }
)


def test_a_batch_with_every_text_poisoned_prints_every_paper(sqlite_app):
    build_world()
    triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    for name in db.session.scalars(text(triggers)).all():  # what never changes, poisoned too
        db.session.execute(text(f"DROP TRIGGER {name}"))
    for table in paper_tables():
        for column in gated(table):
            if column.name in LISTED or column.foreign_keys:
                continue
            room = (column.type.length or 400) - 1
            poisoned = func.substr(cast(column, String), 1, room) + "☑"
            values = {column: poisoned}
            db.session.execute(update(table).where(column != "").values(values))
    db.session.expire_all()
    document = freeze(year_set(YEAR), now(), lambda step: None)
    snapshot = score_document("0" * 64, document)
    orders = [Order(n, ref) for n, ref in enumerate(papers_of(snapshot), 1)]
    texts = {}
    for made in printed(snapshot, canonical_json(document), orders, 1):
        assert not made.fault, f"{made.order.name}: {made.fault}"
        texts[made.order.name] = "".join(page_texts(made.pdf))
    assert len(texts) == len(orders) > 5
    for name, said in texts.items():
        assert "☑" not in said, name
        body, _, note = "".join(said.split()).partition("无法印出的字")
        assert "〓" in body, name
        assert "U+2611" in note, name
        assert "（第1页" in note, name
