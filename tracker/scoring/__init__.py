"""The scoring engine: rulebook format 1, exact and pure. Imports nothing of the application."""

from tracker.scoring.canonical import canonical_json, digest
from tracker.scoring.checks import check_measures
from tracker.scoring.diff import diff_rulebooks
from tracker.scoring.exact import Number, percent, plain, shown
from tracker.scoring.explain import explain, explain_caps, explain_spread
from tracker.scoring.facts import Facts, FactsError, Subject, parse_facts
from tracker.scoring.loading import load_rulebook
from tracker.scoring.names import SUBJECTS
from tracker.scoring.next_points import NextPoints, Reach, next_points
from tracker.scoring.next_words import next_words
from tracker.scoring.output import result_json
from tracker.scoring.result import Line, Result, Scorecard
from tracker.scoring.rulebook import Indicator, Rulebook, RulebookError
from tracker.scoring.score import ENGINE, score
from tracker.scoring.sets import (
    Prize,
    PrizeWon,
    RulebookSet,
    SetResult,
    check_set,
    load_set,
    score_set,
)

__all__ = [
    "ENGINE",
    "SUBJECTS",
    "Facts",
    "FactsError",
    "Indicator",
    "Line",
    "NextPoints",
    "Number",
    "Prize",
    "PrizeWon",
    "Reach",
    "Result",
    "Rulebook",
    "RulebookError",
    "RulebookSet",
    "Scorecard",
    "SetResult",
    "Subject",
    "canonical_json",
    "check_measures",
    "check_set",
    "diff_rulebooks",
    "digest",
    "explain",
    "explain_caps",
    "explain_spread",
    "load_rulebook",
    "load_set",
    "next_points",
    "next_words",
    "parse_facts",
    "percent",
    "plain",
    "result_json",
    "score",
    "score_set",
    "shown",
]
