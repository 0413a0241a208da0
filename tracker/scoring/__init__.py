"""The scoring engine: rulebook format 1, exact and pure. Imports nothing of the application."""

from tracker.scoring.canonical import canonical_json, digest
from tracker.scoring.change_words import line_words, sheet_words
from tracker.scoring.changes import Changes, FactChange, LineChange, SheetChange, changes
from tracker.scoring.checks import check_measures
from tracker.scoring.diff import diff_rulebooks, method_words, veto_effects
from tracker.scoring.exact import Number, percent, plain, shown
from tracker.scoring.explain import explain, explain_caps, explain_spread
from tracker.scoring.facts import Facts, FactsError, Subject, parse_facts
from tracker.scoring.loading import load_rulebook
from tracker.scoring.names import SUBJECTS
from tracker.scoring.next_points import NextPoints, Reach, next_points, sheet_after
from tracker.scoring.next_words import next_words
from tracker.scoring.output import result_json
from tracker.scoring.rendering import formula
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
    "Changes",
    "FactChange",
    "Facts",
    "FactsError",
    "Indicator",
    "Line",
    "LineChange",
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
    "SheetChange",
    "Subject",
    "canonical_json",
    "changes",
    "check_measures",
    "check_set",
    "diff_rulebooks",
    "digest",
    "explain",
    "explain_caps",
    "explain_spread",
    "formula",
    "line_words",
    "load_rulebook",
    "load_set",
    "method_words",
    "next_points",
    "next_words",
    "parse_facts",
    "percent",
    "plain",
    "result_json",
    "score",
    "score_set",
    "sheet_after",
    "sheet_words",
    "shown",
    "veto_effects",
]
