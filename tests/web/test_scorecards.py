"""Scoring a year and reading its scorecards."""

from __future__ import annotations

import io
import re
from urllib.parse import unquote

import pypdf
import pytest

from tests.web.pages import text_of
from tracker.assessments import queries, service
from tracker.assessments.models import Snapshot
from tracker.db import db
from tracker.scorecards.build import build_card

CARD = "/scorecards/{snapshot}/zj-recipient-county/331122"


def test_scoring_a_year_again_after_a_change(any_site):
    staff, assessor = any_site.browser("staff"), any_site.browser("assessor")
    unchanged = assessor.post("/assessments/score", {"year": "2024"})
    assert unchanged.status_code == 302
    assert f"snapshot={any_site.world['snapshot']}&" in unchanged.location
    assert "沿用上次的结果" in text_of(assessor.get(unchanged.location))
    staff.post(
        f"/ledger/projects/{any_site.world['project']}/new",
        {"kind": "funds_in_place", "amount": "5000", "occurred_on": "2024-11-01"},
    )
    changed = assessor.post("/assessments/score", {"year": "2024"})
    assert f"snapshot={any_site.world['snapshot']}&" not in changed.location
    assert "已冻结事实并计分" in text_of(assessor.get(changed.location))
    old = assessor.get(f"/scorecards/?snapshot={any_site.world['snapshot']}&year=2024")
    assert "较早的一次计分" in old.text


@pytest.mark.parametrize(
    ("year", "says"), [("", "请选择"), ("1066", "不在列表"), ("x", "不在列表")]
)
def test_a_year_has_to_be_chosen(site, year, says):
    answer = site.browser("assessor").post("/assessments/score", {"year": year})
    assert answer.status_code == 422
    assert says in answer.text


def test_a_year_that_cannot_be_scored_says_why(site, monkeypatch):
    def refuse(year, actor):
        raise service.AssessmentError("2024 年度还没有评分细则。")

    monkeypatch.setattr(service, "freeze_and_score", refuse)
    answer = site.browser("assessor").post("/assessments/score", {"year": "2024"})
    assert answer.status_code == 422
    assert "还没有评分细则" in answer.text


def test_a_year_without_points_leads_to_those_with(site):
    page = site.browser("leader").get("/scorecards/?year=2023")
    assert "2023 年度尚未计分" in text_of(page)
    assert 'href="/scorecards/?year=2024"' in page.text


def test_an_unknown_snapshot_is_not_found(site):
    assert site.browser("leader").get("/scorecards/?snapshot=999999").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/scorecards/{snapshot}/zj-recipient-county/999999",
        "/scorecards/{snapshot}/nonsense/331122",
        "/scorecards/999999/zj-recipient-county/331122",
        "/scorecards/{snapshot}/nonsense/331122.pdf",
    ],
)
def test_an_unknown_card_is_not_found(site, address):
    assert site.browser("leader").get(address.format(**site.world.ids)).status_code == 404


def test_the_page_says_what_the_card_says(site):
    page = text_of(site.browser("staff").get(CARD.format(**site.world.ids)))
    with site.app.app_context():
        snapshot = db.session.get(Snapshot, site.world["snapshot"])
        card = build_card(snapshot, "zj-recipient-county", "331122")
    folded = page.replace(" ", "")
    for line in card.lines:
        assert f"{line.code} {line.name}" in page
        assert re.sub(r"\s", "", line.explain) in folded
    for fact in card.facts:
        assert fact.label in page
    assert card.snapshot_sha256 in folded
    assert card.rulebook_sha256 in folded
    assert card.facts_sha256 in folded
    assert "智能装备项目" in page


def test_the_paper_says_what_the_card_says(site):
    answer = site.browser("staff").get(CARD.format(**site.world.ids) + ".pdf")
    assert answer.mimetype == "application/pdf"
    name = unquote(answer.headers["Content-Disposition"])
    assert "缙云县" in name
    assert name.endswith(".pdf")
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    words = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    assert "缙云县" in words
    assert "智能装备项目" in words


def test_points_and_states_of_the_list(site):
    with site.app.app_context():
        snapshot = queries.latest_snapshot(2024)
        rows = [(row.subject_name, row.complete) for row in snapshot.cards]
    page = text_of(site.browser("leader").get("/scorecards/?year=2024"))
    for name, _ in rows:
        assert name in page
    assert ("不全" in page) == any(not complete for _, complete in rows)


def test_first_pages_sum_up_the_year(site):
    for role in ("assessor", "leader"):
        assert "2024 年度已计分" in text_of(site.browser(role).get("/?year=2024"))
        assert "2023 年度尚未计分" in text_of(site.browser(role).get("/?year=2023"))
