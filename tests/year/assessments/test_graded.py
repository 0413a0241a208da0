"""Lists say why a grade is another than the points give, as the card's paper does."""

from __future__ import annotations

import hashlib
import json
from types import SimpleNamespace

from tests.papers.reports.documents import document
from tracker.engine.scoring import explain_grade
from tracker.year.assessments.graded import why_grade
from tracker.year.assessments.scored import scored


def test_a_list_gives_the_reasons_of_the_paper() -> None:
    content = json.dumps(document(2024)).encode()
    snapshot = SimpleNamespace(sha256=hashlib.sha256(content).hexdigest(), content=content)
    points = scored(snapshot.sha256, snapshot.content)
    said = 0
    for code, sheet in points.sheets.items():
        for card in sheet.result.scorecards:
            row = SimpleNamespace(
                snapshot=snapshot,
                sheet=code,
                subject_code=card.subject.code,
                complete=card.complete,
                grade=card.grade,
            )
            expected = tuple(explain_grade(card)) if card.complete and card.grade else ()
            assert why_grade(row) == expected
            said += any("名额" in words for words in expected)
    assert said
