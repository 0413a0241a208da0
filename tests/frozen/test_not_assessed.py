"""A county to whom nothing applies, on every page and paper: 不予评定, no rank, in no mean."""

from __future__ import annotations

import hashlib
import json

import pytest
from flask import Flask

from tests import factories as make
from tests.frozen import world
from tests.frozen.test_engine_1_0 import CONTENT, as_now
from tests.papers.texts import page_texts
from tests.web.pages import Browser
from tracker.core.db import db
from tracker.engine.scoring import ENGINE, canonical_json
from tracker.papers.catalogue import paper_pdf, papers_of
from tracker.papers.common.head import PaperKind
from tracker.papers.province.build import province_report
from tracker.records.accounts.permissions import Role
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.scored import ScoredSnapshot, scored
from tracker.year.assessments.service import index_of

GONE, WORD = "339905", "不予评定"


@pytest.fixture(scope="module")
def points() -> ScoredSnapshot:
    return as_now()


def words(pdf: bytes) -> str:
    return "".join("".join(page.split()) for page in page_texts(pdf))


def test_its_card_says_so_and_why(points: ScoredSnapshot) -> None:
    ref = next(r for r in papers_of(points) if r.subject_code == GONE)
    text = words(paper_pdf(points, ref))
    assert WORD in text
    assert "没有一项指标适用" in text
    assert "不合格" not in text.replace("弄虚作假", "")
    assert "None" not in text


def test_all_papers_can_be_printed(points: ScoredSnapshot) -> None:
    for ref in papers_of(points):
        if ref.kind in (PaperKind.CITY, PaperKind.PAIR):
            assert "None" not in words(paper_pdf(points, ref))


def test_the_province_counts_it_apart(points: ScoredSnapshot) -> None:
    report = province_report(points, None)
    sheet = next(s for s in report.sheets if s.subject == "county.recipient")
    ranking = next(r for r in sheet.classes if r.label == "生态发展类")
    gone = next(s for s in ranking.standings if s.code == GONE)
    assert (gone.grade, gone.rank, gone.assessed) == (None, None, False)
    assert gone.reason == f"没有一项指标适用，{WORD}"
    assert ranking.standings[-1].rank is None
    others = [s for s in ranking.standings if s.complete and s.assessed]
    assert GONE not in [s.code for s in others]
    total = sum(float(s.total) for s in others) / len(others)
    assert float(ranking.mean) == pytest.approx(total, abs=0.01)
    ref = next(r for r in papers_of(points) if r.kind is PaperKind.PROVINCE)
    assert WORD in words(paper_pdf(points, ref))


@pytest.fixture
def snapshot(app: Flask) -> Snapshot:
    """The year as the engine of today freezes it, in a database with its records."""
    places = world.records()
    for code in list(world.OWN)[3:6]:
        make.listing(places[code], "生态发展类")
    document = json.loads(CONTENT) | {"engine": ENGINE}
    document["set"] = as_now().document["set"]
    content = canonical_json(document)
    kept = world.keep(content, document)
    kept.cards.extend(index_of(scored(hashlib.sha256(content).hexdigest(), content)))
    make.user(Role.ASSESSOR, places["330000"], username="assessor", id=951)
    db.session.commit()
    return kept


def test_pages(app: Flask, snapshot: Snapshot) -> None:
    row = db.session.query(ScorecardRow).filter_by(subject_code=GONE).one()
    assert (row.grade, row.rank, row.assessed, row.grade_words) == (None, None, False, WORD)
    at = snapshot.id
    db.session.remove()
    browser = Browser(app, 951)
    db.session.remove()
    card = browser.get(f"/scorecards/{at}/old-counties/{GONE}").text
    assert WORD in card
    assert "没有一项指标适用" in card
    for address in ("/scorecards/?year=2024", f"/regions/{GONE}?year=2024", "/?year=2024"):
        answer = browser.get(address)
        if answer.status_code == 200:
            assert "None" not in answer.text
    listed = browser.get("/scorecards/?year=2024&sheet=old-counties").text
    assert WORD in listed
    county = browser.get(f"/counties/{GONE}?year=2024").text
    assert WORD in county
    assert "暂不评定" not in county
