"""After the year, only what is still possible; on a final card, nothing. Gains are the total's."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

from tests.papers.reports.documents import document, snapshot
from tracker.engine.scoring import NextPoints
from tracker.papers.common.head import DRAFT, PaperStatus
from tracker.papers.scorecard.build import card_of
from tracker.year.assessments.next_steps import Remedy, next_steps, step_words, year_is_over
from tracker.year.assessments.scored import ScoredSnapshot

SHEET, CODE = "demo-recipient", "331121"
OVER, RUNNING = "2025-01-20T01:30:00+00:00", "2024-10-08T01:30:00+00:00"
UNPROVEN = "缺少所要求的佐证材料"
CORRECTED = "省级更正：无纪要"
REPORTED = {"funds": "95", "visits": "4"}


def year(frozen_at: str, **counted: str) -> ScoredSnapshot:
    """The county reported 95 万元 and 4 visits; 0 and 1 count, for want of proof and by a ruling,
    unless `counted` says else; what was adopted is not reported at all."""
    # Through JSON, since the columns share their lists.
    found = json.loads(json.dumps(document(2024, frozen_at=frozen_at)))
    sheet = found["sheets"]["county.recipient"]
    for column in ("county", "city", "province"):
        values = REPORTED if column == "county" else {"funds": "0", "visits": "1"} | counted
        subjects = sheet["facts"][column]["subjects"]
        own = next(each for each in subjects if each["code"] == CODE)
        rest = {name: value for name, value in own["measures"].items() if name != "adopted"}
        own["measures"] = rest | {"island": "0", "fraud": "0"} | values
    found["annex"]["holdings"] = {"of": {}, "projects": {}}
    sheet["reasons"]["province"] = {CODE: {"funds": UNPROVEN, "visits": CORRECTED}}
    return snapshot(found)


def total(found: ScoredSnapshot) -> Decimal:
    return found.sheets[SHEET].card(CODE).total


def test_after_the_year_only_proof_objection_and_filing_are_left():
    found = year(OVER)
    steps = next_steps(found, found.sheets[SHEET], CODE)
    assert all(isinstance(step, Remedy) for step in steps)
    words = {step.measure: step_words(found, step) for step in steps}
    assert set(words) == {"funds", "visits", "adopted"}
    assert words["funds"].startswith("到位资金补交佐证材料，按上报的 95 万元计，总分可增加 ")
    assert CORRECTED in words["visits"]
    assert "异议成立、按上报的 4 次计" in words["visits"]
    assert words["adopted"].startswith("推广尚未报送，补报；如为 1 项，总分可增加 ")
    assert [step.gain for step in steps] == sorted((s.gain for s in steps), reverse=True)


def test_the_total_gains_what_proof_and_objection_promise():
    found = year(OVER)
    gains = {s.measure: s.gain for s in next_steps(found, found.sheets[SHEET], CODE)}
    for name, value in REPORTED.items():
        assert total(year(OVER, **{name: value})) - total(found) == gains[name] > 0


def test_while_the_year_runs_facts_can_change():
    found = year(RUNNING)
    steps = next_steps(found, found.sheets[SHEET], CODE)
    assert steps
    assert all(isinstance(step, NextPoints) and step.of_total for step in steps)


def with_facts(changes: dict[str, str], **facts: str | None) -> ScoredSnapshot:
    """The running year with other words in its document, and other facts of the county."""
    text = json.dumps(dict(year(RUNNING).document))
    for old, new in changes.items():
        text = text.replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1])
    found = json.loads(text)
    for column in found["sheets"]["county.recipient"]["facts"].values():
        own = next(each for each in column["subjects"] if each["code"] == CODE)["measures"]
        own |= facts
        for name in [name for name, value in facts.items() if value is None]:
            del own[name]
    return snapshot(found)


def named(found: ScoredSnapshot) -> set[str]:
    return {step.measure for step in next_steps(found, found.sheets[SHEET], CODE)}


def test_what_has_happened_is_not_undone():
    accidents = {
        "bonus_cap = 5": "deduction_cap = 5",
        'kind = "bonus"\nmethod = "count"\nvalue = "adopted"\nunit = 1\n': 'kind = "deduction"\n'
        'method = "deduct"\nitems = [{ name = "事故", value = "adopted", unit = 1 }]\n',
    }
    found = with_facts(accidents, adopted="2")
    assert found.sheets[SHEET].card(CODE).deduction == -2
    assert named(found) == {"funds", "visits"}


def test_a_day_that_was_missed_does_not_come_again():
    renamed = {"visits": "reports.q2"}
    assert "reports.q2" not in named(with_facts(renamed, **{"reports.q2": "0"}))
    assert "reports.q2" in named(with_facts(renamed, **{"reports.q2": None}))


def test_the_last_hours_of_the_year_are_those_of_china():
    assert not year_is_over(year("2024-12-31T15:59:00+00:00"))
    assert year_is_over(year("2024-12-31T16:00:00+00:00"))


def test_a_final_card_has_no_steps():
    found = year(RUNNING)
    sheet = found.sheets[SHEET]
    code = next(
        card.subject.code
        for card in sheet.result.scorecards
        if card.complete and next_steps(found, sheet, card.subject.code)
    )
    assert card_of(found, SHEET, code, DRAFT).next_steps
    final = replace(DRAFT, status=PaperStatus.FINAL)
    assert card_of(found, SHEET, code, final).next_steps == ()
