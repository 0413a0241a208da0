"""What brings a subject its next points, in words, from the frozen facts and the rulebook."""

from __future__ import annotations

from decimal import Decimal

from tracker.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.scoring import Facts, NextPoints, next_points, next_words

ONE = Decimal(1)
WHOLE_UNITS = frozenset("个次家户项件起对人村名") | {"人次", "是否"}
SHARES = frozenset({"比例", "是否"})


def next_steps(snapshot: ScoredSnapshot, sheet: ScoredSheet, code: str) -> list[NextPoints]:
    """Every change of one fact that gains the subject points in a line, the cheapest first.

    Counts move by whole units, money by 0.01 万元; shares stop at 100 %. Cheapest: the least part
    of what the fact is now for the points that it gains.
    """
    measures = snapshot.document["measures"]
    units = {name: about["unit"] for name, about in measures.items()}
    facts = Facts(
        sheet.rulebook.year,
        tuple(card.subject for card in sheet.result.scorecards),
        sheet.result.facts_sha256,
    )
    found = next_points(
        sheet.rulebook,
        facts,
        granularity={name: ONE for name, unit in units.items() if unit in WHOLE_UNITS},
        highest={name: ONE for name, unit in units.items() if unit in SHARES},
        subjects=[code],
    )
    # The mean of other sheets is no fact of this subject: those sheets say what would raise it.
    return sorted((step for step in found if not step.measure.startswith("score.")), key=_price)


def step_words(snapshot: ScoredSnapshot, step: NextPoints) -> str:
    """A step as a sentence: 项目到位资金再增加 320 万元（至 1,320 万元），可再得 1.20 分."""
    about = snapshot.document["measures"][step.measure]
    return next_words(step, about["label"], about["unit"])


def _price(step: NextPoints) -> tuple[Decimal, str]:
    change, now = abs(Decimal(step.full.change)), abs(Decimal(step.now or 0))
    return change / max(now, ONE) / step.full.gain, step.line
