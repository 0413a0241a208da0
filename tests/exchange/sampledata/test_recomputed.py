"""Whoever has the files of a snapshot computes its cards again, by our command and by a program of
which nothing is ours: all sheets, all subjects, all three columns, each line."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.engine.scoring.test_recompute import RECOMPUTE, same
from tracker.engine.scoring import Scorecard, canonical_json
from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments.exporting import exported
from tracker.year.assessments.scored import ScoredSnapshot
from tracker.year.rulebooks.cli import score_file


def told_of(card: dict[str, Any]) -> tuple[object, ...]:
    """What the output of `tracker score-file` says of a card."""
    lines = [(line["code"], line["award"], line["state"]) for line in card["lines"]]
    sums = [card[key] for key in ("base", "bonus", "deduction", "total")]
    return card["code"], *sums, card["grade"], card["rank"], card["complete"], lines


def points_of(card: Scorecard) -> tuple[object, ...]:
    """The same of the card that the snapshot gives."""
    lines = [(line.code, str(line.award), line.state) for line in card.lines]
    sums = [str(each) for each in (card.base, card.bonus, card.deduction, card.total)]
    return card.subject.code, *sums, card.grade, card.rank, card.complete, lines


@pytest.mark.parametrize(
    "every", [pytest.param(False, id="some"), pytest.param(True, id="all", marks=pytest.mark.soak)]
)
def test_the_files_of_a_snapshot_give_its_cards(
    years: dict[int, ScoredSnapshot], tmp_path: Path, every: bool
) -> None:
    """Each sheet, of its columns the three in turn or all."""
    lines = 0
    for year, points in years.items():
        folder = tmp_path / str(year)
        folder.mkdir()
        for name, content in exported(points, canonical_json(points.document)):
            (folder / name).write_bytes(content)
        whole = folder / f"snapshot-{year}-{points.sha256[:12]}.json"
        assert hashlib.sha256(whole.read_bytes()).hexdigest() == points.sha256
        told = (folder / "说明.txt").read_text(encoding="utf-8")
        for number, (code, sheet) in enumerate(points.sheets.items(), 1):
            name = f"{number:02d}-{code}"
            assert f"{name}　{sheet.rulebook.title}" in told
            book = folder / f"{name}.toml"
            for column in RulingLevel if every else [list(RulingLevel)[number % 3]]:
                facts = folder / f"{name}-{column.value}.json"
                engine = ["--engine", points.document["engine"]]
                ours = CliRunner().invoke(score_file, [str(book), str(facts), *engine])
                given = json.loads(ours.stdout)["subjects"]
                assert [told_of(card) for card in given] == [
                    points_of(card) for card in sheet.results[column].scorecards
                ]
                lines += same(RECOMPUTE.scored(book.read_text(), facts.read_text()), given)
    assert lines > 1_500 * len(years) * (3 if every else 1)
