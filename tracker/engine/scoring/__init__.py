"""The scoring engine: rulebook format 1, exact and pure. Imports nothing of the application."""

from tracker.engine.scoring.canonical import canonical_json, digest
from tracker.engine.scoring.change_words import line_words, reason_words, sheet_words
from tracker.engine.scoring.changes import (
    Changes,
    FactChange,
    LineChange,
    SheetChange,
    SheetSide,
    changes,
)
from tracker.engine.scoring.checks import check_measures, scored_subjects
from tracker.engine.scoring.depending import (
    Dependence,
    Dependences,
    Dependent,
    Through,
    dependence,
)
from tracker.engine.scoring.diff import diff_rulebooks, method_words, veto_effects
from tracker.engine.scoring.exact import Number, exact, percent, plain, shown
from tracker.engine.scoring.explain import explain, explain_caps, explain_spread
from tracker.engine.scoring.facts import Facts, FactsError, Subject, class_fault, parse_facts
from tracker.engine.scoring.loading import MAX_CLASS, load_rulebook, parse_toml, rulebook_of
from tracker.engine.scoring.meaning import (
    CURRENT,
    ENGINE,
    Meaning,
    UnknownEngineError,
    engines,
    folded,
    meaning_of,
)
from tracker.engine.scoring.names import SUBJECTS, score_label, whole_of
from tracker.engine.scoring.next_points import NextPoints, Reach, next_points, sheet_after
from tracker.engine.scoring.next_totals import WORTH, gains_with, next_totals
from tracker.engine.scoring.next_words import (
    figure,
    next_words,
    points_words,
    reach_words,
    reached_figure,
)
from tracker.engine.scoring.output import result_json
from tracker.engine.scoring.rendering import formula
from tracker.engine.scoring.result import NOT_ASSESSED, UNCLASSED, Line, Result, Scorecard
from tracker.engine.scoring.rulebook import Indicator, Rulebook, RulebookError
from tracker.engine.scoring.score import fact_faults, score
from tracker.engine.scoring.sets import (
    Prize,
    PrizeWon,
    RulebookSet,
    SetResult,
    check_set,
    load_set,
    members_read,
    prize_words,
    score_set,
)
from tracker.engine.scoring.standing import (
    BY_QUOTA,
    BY_VETO,
    explain_grade,
    grade_causes,
    leaving,
    lowering,
    vetoes_proper,
)
from tracker.engine.scoring.way import (
    Way,
    above,
    counts_zero,
    effective_limit,
    lost,
    way,
    way_words,
)

__all__ = [
    "BY_QUOTA",
    "BY_VETO",
    "CURRENT",
    "ENGINE",
    "MAX_CLASS",
    "NOT_ASSESSED",
    "SUBJECTS",
    "UNCLASSED",
    "WORTH",
    "Changes",
    "Dependence",
    "Dependences",
    "Dependent",
    "FactChange",
    "Facts",
    "FactsError",
    "Indicator",
    "Line",
    "LineChange",
    "Meaning",
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
    "SheetSide",
    "Subject",
    "Through",
    "UnknownEngineError",
    "Way",
    "above",
    "canonical_json",
    "changes",
    "check_measures",
    "check_set",
    "class_fault",
    "counts_zero",
    "dependence",
    "diff_rulebooks",
    "digest",
    "effective_limit",
    "engines",
    "exact",
    "explain",
    "explain_caps",
    "explain_grade",
    "explain_spread",
    "fact_faults",
    "figure",
    "folded",
    "formula",
    "gains_with",
    "grade_causes",
    "leaving",
    "line_words",
    "load_rulebook",
    "load_set",
    "lost",
    "lowering",
    "meaning_of",
    "members_read",
    "method_words",
    "next_points",
    "next_totals",
    "next_words",
    "parse_facts",
    "parse_toml",
    "percent",
    "plain",
    "points_words",
    "prize_words",
    "reach_words",
    "reached_figure",
    "reason_words",
    "result_json",
    "rulebook_of",
    "score",
    "score_label",
    "score_set",
    "scored_subjects",
    "sheet_after",
    "sheet_words",
    "shown",
    "veto_effects",
    "vetoes_proper",
    "way",
    "way_words",
    "whole_of",
]
