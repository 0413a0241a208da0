"""What a card says beside its figures is what made them: grades, losses, corrections, columns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.cards import seen_card
from tests.papers.reports.documents import document, snapshot
from tests.papers.scorecard.pdf_samples import full_card, trial_card
from tests.papers.scorecard.reading import structure
from tracker.engine.scoring import Scorecard
from tracker.papers.scorecard.build import card_of
from tracker.papers.scorecard.card import Card, GroupScore, LineState
from tracker.papers.scorecard.corrections import decided_note
from tracker.papers.scorecard.pdf import scorecard_pdf
from tracker.papers.scorecard.pdf_text import award_words, columns_words
from tracker.papers.scorecard.rankings import Wanted, rankings
from tracker.papers.scorecard.remarks import remarks
from tracker.year.assessments.comparing import Between
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.year.procedure.sight import SeenCard

SHEET, CODE = "demo-recipient", "331121"


def ruling(**changes: Any) -> dict[str, Any]:
    return {
        "reference": "determinations:1", "measure": "visits", "level": "province",
        "ruling": "corrected", "reported": "4", "value": "1", "reason": "无纪要。",
        "on": "2025-01-10", "stands": True, "origin": "entered",
    } | changes  # fmt: skip


def card(
    taken_over: Sequence[str] = (),
    rulings: list[dict[str, Any]] | None = None,
    city_visits: str = "4",
    unit: str = "次",
    owner: dict[str, Any] | None = None,
    **changes: Any,
) -> Card:
    found = json.loads(json.dumps(document(2024)))
    found["measures"]["visits"]["unit"] = unit
    found["annex"]["holdings"] = {"of": {}, "projects": {}}
    found["annex"] |= {"owner": owner} if owner else {}
    found["annex"]["rulings"] = {"county.recipient": {CODE: rulings or []}}
    sheet = found["sheets"]["county.recipient"]
    for column, visits in (("county", "4"), ("city", city_visits), ("province", "1")):
        own = next(s for s in sheet["facts"][column]["subjects"] if s["code"] == CODE)
        own["measures"] |= {"visits": visits, "island": "0", "fraud": "0", "funds": "95"}
    sheet |= {"taken_over": {CODE: list(taken_over)}} if taken_over else {}
    sheet |= changes
    return card_of(snapshot(found), SHEET, CODE)


def explained(found: Card) -> str:
    return next(line.explain for line in found.lines if "每次" in line.words)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "「互访」上报 4 次，省核定 1 次：无纪要"),
        ({"level": "city"}, "「互访」上报 4 次，市核定 1 次：无纪要"),
        ({"ruling": "refused", "value": "0"}, "「互访」上报 4 次，省核定不予认定：无纪要"),
        ({"reported": None}, "「互访」未上报，省核定 1 次：无纪要"),
        (
            {"changed": True, "now": "5"},
            "「互访」上报 4 次，省核定 1 次：无纪要。（核定后记录有变，现为 5 次，待重新核定）",
        ),
    ],
)
def test_a_correction_is_named_where_the_points_are_lost(changes, words):
    assert explained(card(rulings=[ruling(**changes)])).endswith(words)


@pytest.mark.parametrize(
    ("unit", "reported", "value", "words"),
    [
        ("万元", "91842", "87250.125", "上报 91,842 万元，省核定 ≈87,250.13 万元"),
        ("比例", "0.96125", "0.9", "上报 ≈96.13%，省核定 90.0%"),
        ("是否", "1", "0", "上报 “是”，省核定 “否”"),
    ],
)
def test_a_correction_is_told_in_the_unit_of_the_arithmetic(unit, reported, value, words):
    found = card(rulings=[ruling(reported=reported, value=value)], unit=unit)
    assert explained(found).endswith(f"「互访」{words}：无纪要")


def test_a_ruling_that_no_longer_stands_is_not_named():
    assert "核定" not in explained(card(rulings=[ruling(stands=False)]))


def test_a_correction_that_the_province_did_not_share_is_told_with_what_counts():
    # The city put 2 in place of 4; the province counts 1 (as it accepts or corrects itself).
    found = card(rulings=[ruling(level="city", value="2")])
    assert explained(found).endswith("「互访」上报 4 次，市核定 2 次：无纪要；省核定 1 次")
    assert [row.stands for row in found.rulings] == [False]
    old = ruling(level="city", value="2", changed=True, now="5")
    assert explained(card(rulings=[old])).endswith("；省核定 1 次")
    marked = card(rulings=[old], changed={CODE: {"visits": "province"}})
    assert explained(marked).endswith("省核定 1 次（核定后记录有变，现为 5 次，待重新核定）")
    own = card(rulings=[ruling(level="city", value="2")], owner={"name": "丽水市"})
    assert explained(own).endswith("「互访」上报 4 次，初审核定 2 次：无纪要；市核定 1 次")
    agreed = card(rulings=[ruling(level="city")])
    assert [row.stands for row in agreed.rulings] == [True]
    assert "；" not in explained(agreed).partition("市核定")[2]


@pytest.mark.parametrize(
    ("awards", "words"),
    [
        (("10", "9", "8"), ("最高的是甲（100.0%）", "最低的是丙（80.0%）")),
        (("10", "10", "8"), ("最高的是甲、乙（100.0%）", "最低的是丙（80.0%）")),
        (("9.995", "9", "9"), ("最高的是甲（99.9%）", "最低的是乙、丙（90.0%）")),
        (("9", "9", "9", "9", "8"), ("最高的是甲、乙等 4 组（90.0%）", "最低的是戊（80.0%）")),
        (("9", "9"), ()),
    ],
)
def test_all_groups_that_share_a_place_are_named(awards, words):
    groups = tuple(
        GroupScore(name, "10", award) for name, award in zip("甲乙丙丁戊", awards, strict=False)
    )
    assert remarks(groups, (), []) == tuple(f"得分率{each}。" for each in words)


def test_what_was_taken_over_is_no_decision_of_the_province():
    found = document(2024)
    found["sheets"]["county.recipient"]["taken_over"] = {CODE: ["funds"]}
    scored = snapshot(found).sheets[SHEET]
    notes = {line.code: line.columns[-1].note for line in card(taken_over=["funds"]).lines}
    assert "沿用初审" in notes.values()
    assert set(notes.values()) <= {"", "沿用初审"}
    # Of two facts of a line the province decided one itself.
    lines = [SimpleNamespace(inputs=dict.fromkeys(n)) for n in (["funds"], ["funds", "visits"])]
    assert [decided_note(each, scored, CODE) for each in lines] == ["沿用初审", "部分沿用初审"]
    marked = card(taken_over=["funds"], changed={CODE: {"funds": "city"}})
    assert "核定后记录有变" in {line.columns[-1].note for line in marked.lines}
    waiting = card(taken_over=["funds"], undetermined={CODE: ["funds"]})
    assert "△未核定" in {line.columns[-1].note for line in waiting.lines}
    assert {line.columns[-1].note for line in card().lines} == {""}


def test_what_the_city_took_over_is_said_in_its_column():
    found = {
        line.code: [each.note for each in line.columns]
        for line in card(from_county={CODE: ["funds"]}).lines
    }
    assert "沿用自评" in {notes[1] for notes in found.values()}
    assert {notes[0] for notes in found.values()} == {""}
    assert {each.note for line in card().lines for each in line.columns} == {""}
    pdf = scorecard_pdf(card(from_county={CODE: ["funds"]}))
    assert "沿用自评" in structure(pdf).whole.replace("\n", "")


def test_what_counts_as_nothing_without_proof_was_not_taken_over():
    reasons = {level: {} for level in ("county", "city", "province")}
    reasons["city"] = {CODE: {"visits": "缺少所要求的佐证材料"}}
    of = {"from_county": {CODE: ["visits", "funds"]}, "reasons": reasons}
    found = {line.code: line.columns[1] for line in card(**of, city_visits="0").lines}
    assert (found["2"].note, found["2"].award) == ("缺佐证", "0.00")
    assert found["1"].note == "沿用自评"
    # What was reported as 0 stays what it is.
    found = {line.code: line.columns[1] for line in card(**of).lines}
    assert found["2"].note == "沿用自评"


def test_a_quota_is_said_on_the_first_page():
    words = "按得分可评优秀，因名额限制评为良好（第 7 名，优秀 6 名）。"
    pdf = scorecard_pdf(replace(full_card(), grade="良好", rank=7, grade_notes=(words,)))
    assert words.replace(" ", "") in structure(pdf).whole.replace(" ", "").replace("\n", "")


def rows_of(points: ScoredSnapshot) -> tuple[list[Scorecard], list[SeenCard]]:
    cards = sorted(points.sheets[SHEET].result.scorecards, key=lambda c: c.subject.class_name)
    rows = [
        seen_card(
            sheet=SHEET, subject_code=c.subject.code, subject_name=c.subject.name,
            county_class=c.subject.class_name, complete=c.complete, rank=c.rank, grade=c.grade,
            assessed=c.assessed,
            total=c.total, self_total=c.total, city_total=c.total, province_total=c.total,
        )
        for c in cards
    ]  # fmt: skip
    return cards, rows


class Without(Between):
    """As if last year one subject, or the whole sheet, had not been there."""

    whole = False

    def sheet(self, subject: str) -> ScoredSheet | None:
        return None if self.whole else super().sheet(subject)

    def card(self, subject: str, code: str) -> Scorecard | None:
        return None if self.whole or code == CODE else super().card(subject, code)


@pytest.mark.parametrize(("whole", "new"), [(False, {CODE, "331122"}), (True, set())])
def test_who_was_not_on_last_years_sheet_is_new_where_there_was_one(whole, new):
    points = snapshot(document(2024))
    between = Without(points, snapshot(document(2023)))
    between.whole = whole
    (sheet,) = rankings(rows_of(points)[1], points, between, Wanted(sheet=SHEET))
    rows = [each for of_class in sheet.classes for each in of_class.rows]
    assert {each.row.subject_code for each in rows if each.is_new} == new


def test_the_list_gives_the_words_of_the_first_page():
    found = json.loads(json.dumps(document(2024)))
    found["annex"]["holdings"] = {"of": {}, "projects": {}}
    points = snapshot(found)
    cards, rows = rows_of(points)
    (sheet,) = rankings(rows, points, {}, Wanted(sheet=SHEET))
    listed = {each.row.subject_code: each.grade_notes for c in sheet.classes for each in c.rows}
    said = 0
    for c in cards:
        on_card = card_of(points, SHEET, c.subject.code).grade_notes
        assert [f"{words}。" for words in listed[c.subject.code]] == [
            words for words in on_card if "按得分可评" in words
        ]
        said += bool(listed[c.subject.code])
    assert said
    template = Path("templates/scorecard/index.html").read_text(encoding="utf-8")
    assert "each.grade_notes" in template


def test_limits_and_the_way_stand_on_the_paper():
    more = {
        "bonus_limit": "10",
        "deduction_limit": "65",
        "way": ("满分 100 − 失分 1 = 基础分 99 分。",),
    }
    text = structure(scorecard_pdf(replace(full_card(), **more))).whole.replace(" ", "")
    for words in ("上限10分", "上限65分", "满分100−失分1=基础分99分。"):
        assert words in text.replace("\n", "")


def test_0_by_rule_is_a_plain_0():
    assert award_words("0.00", LineState.NOT_APPLICABLE, zero_by_rule=True) == "0"
    assert award_words("0.00", LineState.NOT_APPLICABLE) == "／不适用"


def test_a_total_that_nobody_knows_is_not_0():
    found = trial_card()
    columns = tuple(
        replace(column, complete=False, total="0.00") if column.ruled else column
        for column in found.columns or full_card().columns
    )
    words = columns_words(replace(found, columns=columns))
    assert "尚不能得出（数据不齐）" in words
    assert " 0 分" not in words


def test_losses_lead_from_full_marks_to_the_base():
    found = card()
    lost = sum(Decimal(line.lost) for line in found.lines if line.lost)
    above = sum(Decimal(line.above) for line in found.lines if line.above)
    assert found.complete
    assert Decimal(found.full_marks) - lost + above == Decimal(found.base)
    assert found.way[0].endswith(f"= 基础分 {found.base} 分。")
    assert found.way[1].endswith(f"= 总分 {found.total} 分。")
