"""试算: who gains and who loses, against two scorings compared by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import tomlkit

from tests import factories as make
from tests.conftest import settings_for
from tests.recycling import Applications, Databases
from tracker.core.db import db
from tracker.core.db.records import now
from tracker.engine.scoring import canonical_json, parse_facts, score
from tracker.year.assessments.freeze import freeze
from tracker.year.assessments.scored import ScoredSnapshot, scored
from tracker.year.assessments.snapshots import facts_file
from tracker.year.measures.names import known_measures
from tracker.year.rulebooks import editing
from tracker.year.rulebooks.shelf import checked, shipped
from tracker.year.rulemaking.trying import TrialError, Tried, tried, unpacked

BOOK = "recipient-county.toml"
READ_AT = datetime(2025, 3, 1, 2, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def frozen(
    databases: Databases,
    applications: Applications,
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[ScoredSnapshot]:
    """A year that was frozen once: nothing that is tried on it changes it."""
    folder = tmp_path_factory.mktemp("trying")
    with (
        databases.sqlite(sqlite_template) as url,
        applications.at(settings_for(url, folder)) as app,
        app.app_context(),
    ):
        places = make.zhejiang()
        for name in ("缙云县", "庆元县"):
            make.listing(places[name])
        for day in (date(2024, 3, 1), date(2024, 5, 1)):
            make.project(places["缙云县"], signed_on=day, started_on=day)
        yield scored("trial", canonical_json(freeze(shipped(2024), now())))
        db.session.remove()


def with_nought(text: str) -> str:
    """The rulebook `text` where each line is given no points for what is missing."""
    document = tomlkit.parse(text)
    for line in document["indicator"]:
        if line.get("kind", "score") == "score":
            line["missing"] = "zero"
    return tomlkit.dumps(document)


def trial(frozen: ScoredSnapshot, changes: dict[str, dict]) -> Tried:
    """The set of 2024 with some lines of the receiving counties changed."""
    base = shipped(2024)
    texts = dict(base.texts)
    for code, change in changes.items():
        rows = editing.rows_of(texts[BOOK])
        row = next(each for each in rows if each["code"] == code)
        texts[BOOK] = editing.with_line(texts[BOOK], code, {**row, **change})
    return tried(checked(base.text, texts.__getitem__).rulebook_set, READ_AT, frozen)


def test_gains_and_losses_are_those_of_two_scorings(frozen: ScoredSnapshot) -> None:
    # What is missing counts 0 in every line, so that the cards can be compared.
    base = shipped(2024)
    text = with_nought(base.texts[BOOK])
    before = dict(base.texts) | {BOOK: text}
    rows = {row["code"]: row for row in editing.rows_of(text)}
    after = editing.with_line(text, "A1.1", {**rows["A1.1"], "points": 2})
    after = editing.with_line(after, "A2.3", {**rows["A2.3"], "points": 6})
    first = tried(checked(base.text, before.__getitem__).rulebook_set, READ_AT, frozen)
    second = tried(
        checked(base.text, (before | {BOOK: after}).__getitem__).rulebook_set, READ_AT, frozen
    )
    sheet = frozen.sheets["zj-recipient-county"]
    facts = parse_facts(facts_file(sheet, sheet.column))
    for outcome, book_text in ((first, text), (second, after)):
        book = checked(base.text, (before | {BOOK: book_text}).__getitem__)
        rulebook = next(b for b in book.rulebooks if b.subject == "county.recipient")
        alone = {c.subject.code: c for c in score(replace(rulebook, year=2024), facts).scorecards}
        (found,) = (s for s in outcome.sheets if s.subject == "county.recipient")
        assert len(found.cards) == len(alone) == 2
        own = {c.subject.code: c for c in sheet.result.scorecards}
        for card in found.cards:
            then, now_ = own[card.code], alone[card.code]
            known = then.complete and now_.complete
            assert card.after == (str(now_.total) if now_.complete else "")
            assert card.difference == (str(now_.total - then.total) if known else "")
            moved = [line.code for line in now_.lines if line.award != then.line(line.code).award]
            told = [words.split("「")[0].removeprefix("指标 ") for words in card.lines]
            assert set(moved) <= set(told)
            # The facts are the same: there is nothing to tell apart from what the rules changed.
            assert not any("数据变化" in words for words in card.lines)


def test_every_difference_is_a_move_and_unchanged_rules_change_nothing(
    frozen: ScoredSnapshot,
) -> None:
    same = trial(frozen, {})
    assert {card.difference for sheet in same.sheets for card in sheet.cards} <= {"", "0.00"}
    assert not any(card.lines for sheet in same.sheets for card in sheet.cards)
    assert unpacked(same.packed()) == same
    for sheet in same.sheets:
        for card in sheet.cards:
            assert (card.move == "unknown") == (card.difference == "")
            assert card.difference == "" or Decimal(card.difference) == 0


def test_formulas_within_quotes_have_the_inner_marks(frozen: ScoredSnapshot) -> None:
    found = trial(frozen, {"A2.1": {"missing": "zero"}, "A2.3": {"when": "1 > 0"}})
    (sheet,) = (s for s in found.sheets if s.subject == "county.recipient")
    lines = [words for card in sheet.cards for words in card.lines if "指标 A2.3" in words]
    assert lines
    for words in lines:
        assert "达标条件由「『" in words
        assert "「「" not in words


def test_what_the_year_did_not_freeze_is_said_to_be_lacking(frozen: ScoredSnapshot) -> None:
    there = {n for s in frozen.sheets.values() for n in s.rulebook.measures}
    name = min(n for n in known_measures() if n not in there)
    found = trial(frozen, {"A1.1": {"value": name}})
    (sheet,) = (s for s in found.sheets if s.subject == "county.recipient")
    (words,) = sheet.lacking
    assert words.startswith("指标 A1.1：要用「")
    assert "快照里没有，算不出" in words


def test_classes_that_the_draft_lacks_are_refused_in_words(frozen: ScoredSnapshot) -> None:
    base = shipped(2024)
    texts = dict(base.texts)
    texts[BOOK] = texts[BOOK].replace("跨越发展类", "甲类").replace("生态发展类", "乙类")
    text = base.text.replace("跨越发展类", "甲类").replace("生态发展类", "乙类")
    with pytest.raises(TrialError, match="类别"):
        tried(checked(text, texts.__getitem__).rulebook_set, READ_AT, frozen)
