"""The worked example of docs/rulebook.md is sound and comes to the figures printed there."""

from __future__ import annotations

import re
from pathlib import Path

from tracker.engine.scoring import load_rulebook, parse_facts, score

PAGE = (Path(__file__).parents[3] / "docs" / "rulebook.md").read_text(encoding="utf-8")


def block(language):
    return re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[1]


def test_the_worked_example():
    result = score(load_rulebook(block("toml")), parse_facts(block("json")))
    first, second = result.scorecards
    assert [str(line.award) for line in first.lines] == ["59.35", "32.00", "2.00", "-2.00"]
    assert (str(first.total), first.grade, first.rank) == ("91.35", "优秀", 1)
    assert [str(line.award) for line in second.lines] == ["55.00", "0.00", "0.00", "0.00"]
    assert (str(second.total), second.grade, second.rank) == ("55.00", "不合格", 2)
    assert second.vetoes == ("返利不足六成",)
    for figure in ("59.35", "32.00", "91.35", "55.00"):
        assert figure in PAGE
