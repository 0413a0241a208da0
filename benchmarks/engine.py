"""Points with their explanations against a plain loop of Decimal and against simpleeval.

One sheet of a year (受援县) for invented counties, as a seed draws them. The engine scores them and
explains every line, with labels and units, as a card says it. The loop has the same rulebook
written by hand, line by line, in Decimal: points alone, nothing said of them, and it knows neither
facts that are not reported nor lines that do not apply; that it gives the same points is looked at
first. simpleeval evaluates the same arithmetic as texts, parsed once; rounding and sums are the
loop's. All by processor time, in turn, round after round; a ratio is one of two medians, with the
range between the rounds' quarters.

simpleeval is no dependency of ours and stands in no lock; where it is missing its lines are left
out. To have it beside the environment:

    pip install --target /tmp/simpleeval simpleeval==1.0.8
    PYTHONPATH=/tmp/simpleeval .venv/bin/python -m benchmarks engine
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import partial

from benchmarks.world import YEAR, seed
from tracker.engine.scoring import Facts, Rulebook, Subject, exact, explain, score
from tracker.year.measures.labels import labels_of, units_of
from tracker.year.rulebooks.shelf import year_set

try:
    import simpleeval
except ImportError:
    simpleeval = None

SUBJECTS, ROUNDS, WARM = 100, 15, 2
CLASSES = ("跨越发展类", "生态发展类")
Values = dict[str, Decimal]
CENT = Decimal("0.01")


def main() -> None:
    """Print a line for each ratio."""
    book = next(b for b in year_set(YEAR).rulebooks if b.subject == "county.recipient")
    drawn = _drawn(book)
    facts = _facts(book, drawn)
    totals = [str(card.total) for card in score(book, facts).scorecards]
    acts: dict[str, Callable[[], object]] = {
        "engine": partial(_engine, book, facts, labels_of(book.measures), units_of(book.measures)),
        "points": partial(score, book, facts),
        "loop": partial(_loop, drawn),
    }
    assert [str(total) for total in _loop(drawn)] == totals, "the loop gives other points"
    ratios = [("score with explanation ÷ Decimal loop", "engine", "loop")]
    ratios += [("score alone ÷ Decimal loop", "points", "loop")]
    if simpleeval is not None:
        names = [{name.replace(".", "_"): value for name, value in each.items()} for each in drawn]
        acts["simpleeval"] = partial(_simpleeval, _parsed(), names)
        assert [str(t) for t in acts["simpleeval"]()] == totals, "simpleeval gives other points"
        ratios += [("score with explanation ÷ simpleeval", "engine", "simpleeval")]
        ratios += [("simpleeval ÷ Decimal loop", "simpleeval", "loop")]
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for turn in range(WARM + ROUNDS):
        for name, act in acts.items():
            start = time.process_time()
            act()
            if turn >= WARM:
                taken[name].append(time.process_time() - start)
    print(f"\n{'seed ' + str(seed()):54}{'ratio':>8}   quarters of rounds")
    for what, one, other in ratios:
        each = [a / b for a, b in zip(taken[one], taken[other], strict=True)]
        low, _, high = statistics.quantiles(each, n=4)
        ratio = statistics.median(taken[one]) / statistics.median(taken[other])
        print(f"{what:54}{ratio:>8.2f}   {low:.2f}–{high:.2f}", flush=True)


def _drawn(book: Rulebook) -> list[Values]:
    """Every measure of so many counties: counts, shares below 1, sums of 万元 to the cent."""
    chance = random.Random(seed())
    units = units_of(book.measures)
    found = []
    for _ in range(SUBJECTS):
        values = {}
        for name in sorted(book.measures):
            if name.startswith(("score.", "sample.", "village_income.", "goal.")):
                values[name] = Decimal(chance.randint(40, 100)).scaleb(
                    0 if name.startswith("score.") else -2
                )
            elif name.startswith(("findings.", "practices.", "listing.")):
                values[name] = Decimal(chance.randint(0, 2) if "listing" not in name else 0)
            elif units.get(name) == "万元":
                values[name] = Decimal(chance.randint(20_000, 2_000_000)).scaleb(-2)
            elif units.get(name) == "是否":
                values[name] = Decimal(chance.randint(0, 1))
            else:
                values[name] = Decimal(chance.randint(1, 30))
        found.append(values)
    return found


def _facts(book: Rulebook, drawn: list[Values]) -> Facts:
    subjects = tuple(
        Subject(
            f"S{number:04}",
            f"示例县{number}",
            CLASSES[number % 2],
            {name: exact(Fraction(value)) for name, value in values.items()},
        )
        for number, values in enumerate(drawn)
    )
    return Facts(book.year, subjects, "0" * 64)


def _engine(book: Rulebook, facts: Facts, labels: dict[str, str], units: dict[str, str]) -> int:
    return sum(
        len(explain(line, labels, units))
        for card in score(book, facts).scorecards
        for line in card.lines
    )


def _rounded(points: Decimal) -> Decimal:
    return points.quantize(CENT, ROUND_HALF_UP)


def _ratio(points: int, value: Decimal, target: Decimal) -> Decimal:
    share = value / target
    return _rounded(points * share if share < 1 else Decimal(points))


def _loop(drawn: list[Values]) -> list[Decimal]:
    """The totals; each line is there with its points."""
    return [_total(_awards(values)) for values in drawn]


def _awards(v: Values) -> list[Decimal]:
    counted = v["projects.counted"]
    started = min(v["projects.started"] / counted / Decimal("0.85"), Decimal(1)) * 2
    produced = min(v["projects.in_production"] / counted / Decimal("0.66"), Decimal(1)) * 2
    income = v["goal.village_income_share"]
    inspections = v["findings.inspection_central"] * Decimal("0.3")
    inspections += v["findings.inspection_provincial"] * Decimal("0.2")
    inspections += v["findings.case_central"] * Decimal("1.5")
    inspections += v["findings.case_provincial"] * Decimal("0.5")
    reports = sum(v[name] > 0 for name in REPORTS)
    return [
        _rounded(min(v["exchanges.visits"] * 2, Decimal(4))),
        _rounded(reports * Decimal("0.8")),
        _ratio(8, counted, v["target.projects.counted"]),
        _ratio(10, v["projects.funds_in_place"], v["target.projects.funds_in_place"]),
        _rounded(Decimal(4) if v["projects.large"] >= 1 else Decimal(0)),
        _rounded(started + produced),
        _ratio(8, v["score.enclave.industrial"], Decimal(100)),
        _ratio(6, v["score.enclave.innovation"], Decimal(100)),
        _ratio(8, v["score.enclave.income"], Decimal(100)),
        _ratio(14, v["score.park"], Decimal(100)),
        _ratio(5, v["demonstrations.accepted"], v["demonstrations.planned"]),
        _ratio(5, v["aid.spent"], v["aid.received"]),
        _ratio(6, v["village_income.met_share"], income if income > 0 else Decimal("0.55")),
        _ratio(2, v["cadres.posted"], v["target.cadres.posted"]),
        _ratio(3, v["partners.schools_hospitals"], v["target.partners.schools_hospitals"]),
        _ratio(3, v["training.placed"] * v["sample.pass_rate"], v["target.training.placed"]),
        _ratio(6, v["consumption.sales"], v["target.consumption.sales"]),
        _rounded(Decimal(3) if v["enclaves.inbound_opened"] >= 1 else Decimal(0)),
        _rounded(Decimal(3) if v["parks.hundred_yi_first"] >= 1 else Decimal(0)),
        _rounded(min(v["practices.national"] * 2, Decimal(4))),
        _rounded(min(v["practices.provincial"] * 2, Decimal(4))),
        -_rounded(min(v["findings.false_data"] * 5, Decimal(55))),
        -_rounded(min(inspections, Decimal(10))),
        -_rounded(min(v["findings.accidents"], Decimal(10))),
    ]


def _total(awards: list[Decimal]) -> Decimal:
    """17 lines of score, 4 of bonus (the last two together 4 at most), 3 of deduction (the last two
    together 10 at most)."""
    bonus = awards[17] + awards[18] + min(awards[19] + awards[20], Decimal(4))
    deduction = awards[21] + max(awards[22] + awards[23], Decimal(-10))
    base = sum(awards[:17], Decimal(0))
    return max(Decimal(0), base + min(bonus, Decimal(10)) + max(deduction, Decimal(-65)))


REPORTS = ("reports.plan", "reports.q1", "reports.q2", "reports.q3", "reports.q4")
TEXTS = (
    "min(exchanges_visits * 2, 4)",
    "0.8 * ((reports_plan > 0) + (reports_q1 > 0) + (reports_q2 > 0) + (reports_q3 > 0)"
    " + (reports_q4 > 0))",
    "8 * min(projects_counted / target_projects_counted, 1)",
    "10 * min(projects_funds_in_place / target_projects_funds_in_place, 1)",
    "4 if projects_large >= 1 else 0",
    "2 * min(projects_started / projects_counted / 0.85, 1)"
    " + 2 * min(projects_in_production / projects_counted / 0.66, 1)",
    "8 * min(score_enclave_industrial / 100, 1)",
    "6 * min(score_enclave_innovation / 100, 1)",
    "8 * min(score_enclave_income / 100, 1)",
    "14 * min(score_park / 100, 1)",
    "5 * min(demonstrations_accepted / demonstrations_planned, 1)",
    "5 * min(aid_spent / aid_received, 1)",
    "6 * min(village_income_met_share / (goal_village_income_share"
    " if goal_village_income_share > 0 else 0.55), 1)",
    "2 * min(cadres_posted / target_cadres_posted, 1)",
    "3 * min(partners_schools_hospitals / target_partners_schools_hospitals, 1)",
    "3 * min(training_placed * sample_pass_rate / target_training_placed, 1)",
    "6 * min(consumption_sales / target_consumption_sales, 1)",
    "3 if enclaves_inbound_opened >= 1 else 0",
    "3 if parks_hundred_yi_first >= 1 else 0",
    "min(practices_national * 2, 4)",
    "min(practices_provincial * 2, 4)",
    "-min(findings_false_data * 5, 55)",
    "-min(findings_inspection_central * 0.3 + findings_inspection_provincial * 0.2"
    " + findings_case_central * 1.5 + findings_case_provincial * 0.5, 10)",
    "-min(findings_accidents, 10)",
)


def _parsed() -> tuple[object, list[tuple[str, object]]]:
    """An evaluator and the trees of the texts, whose constants are Decimal."""
    import ast

    class _Exact(simpleeval.SimpleEval):
        @staticmethod
        def _eval_constant(node):
            return node.value

    evaluator = _Exact(functions={"min": min})
    trees = []
    for text in TEXTS:
        tree = evaluator.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant):
                node.value = Decimal(str(node.value))
        trees.append((text, tree))
    return evaluator, trees


def _simpleeval(parsed: tuple[object, list[tuple[str, object]]], names: list[Values]) -> list:
    evaluator, trees = parsed
    totals = []
    for values in names:
        evaluator.names = values
        totals.append(
            _total([_rounded(Decimal(evaluator.eval(text, tree))) for text, tree in trees])
        )
    return totals
