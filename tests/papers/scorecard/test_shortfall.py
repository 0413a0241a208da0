"""Why a line has not its full marks, in one sentence."""

from __future__ import annotations

import pytest

from tracker.papers.scorecard.card import CardLine, LineKind, LinePoints, LineState
from tracker.papers.scorecard.shortfall import why_not_full

EXPLAIN = "9 ÷ 10 = 90%，8 分 × 90% = 7.20 分。「项目数」上报 10 个，省核定 9 个：重复"


def line(**given) -> CardLine:
    return CardLine(
        **{
            "code": "A2.1",
            "group": "产业合作",
            "name": "产业合作项目数",
            "clause": "",
            "words": "",
            "points": "8",
            "award": "7.20",
            "state": LineState.SCORED,
            "explain": EXPLAIN,
            "lost": "0.80",
            **given,
        }
    )


ARITHMETIC = "9 ÷ 10 = 90%，8 分 × 90% = 7.20 分。"
MISSING = "缺少「项目数」，不可计分。市县未报"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, f"失 0.80 分：{ARITHMETIC}"),
        (
            {
                "columns": (
                    LinePoints("8.00", LineState.SCORED),
                    LinePoints("7.20", LineState.SCORED),
                )
            },
            f"失 0.80 分（其中核定后减少 0.80 分）：{ARITHMETIC}",
        ),
        ({"lost": None, "award": "8.00"}, f"没有失分：{ARITHMETIC}"),
        ({"lost": None, "above": "0.40"}, f"得满分，高出 0.40 分：{ARITHMETIC}"),
        (
            {"state": LineState.UNSCORABLE, "award": None, "lost": None, "explain": MISSING},
            "未计分：缺少「项目数」，不可计分（市县未报）。",
        ),
        (
            {"unreported": True, "award": "0.00", "lost": "8.00", "explain": MISSING},
            "失 8.00 分：缺少「项目数」，不可计分（市县未报）。",
        ),
        ({"kind": LineKind.BONUS, "award": "1.50", "lost": None}, f"加 1.50 分：{ARITHMETIC}"),
        ({"kind": LineKind.BONUS, "award": "0.00", "lost": None}, f"没有加分：{ARITHMETIC}"),
        ({"kind": LineKind.DEDUCTION, "award": "-2.00", "lost": None}, f"扣 2.00 分：{ARITHMETIC}"),
    ],
)
def test_one_sentence_says_what_is_lost_and_why(given, says):
    assert why_not_full(line(**given)) == says
