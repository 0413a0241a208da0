"""A second evaluator, written from the words of the format and nothing of the engine: slow, plain,
on the parsed file as it stands. It gives what the engine's JSON must say, explanations aside."""

from __future__ import annotations

import ast
import operator
import re
import tomllib
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

KINDS = ("score", "bonus", "deduction")


class UnscorableError(Exception):
    """Arithmetic without a result."""


class LacksError(Exception):
    """A fact is not reported."""


def second(book_text: str, facts: dict[str, Any]) -> list[dict[str, Any]]:
    """The scorecards of `facts` by a sound rulebook, in the order of the facts."""
    book = tomllib.loads(book_text, parse_float=Decimal)
    classes: dict[str, list[dict[str, Any]]] = {}
    for row in facts["subjects"]:
        classes.setdefault(same(row.get("class") or ""), []).append(row)
    cards = {}
    for name, rows in classes.items():
        found = of_class(book, name, rows)
        cards.update({row["code"]: card for row, card in zip(rows, found, strict=True)})
    return [cards[row["code"]] for row in facts["subjects"]]


def same(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()


def rounded(value: Fraction, decimals: int) -> Fraction:
    scaled = abs(value) * 10**decimals
    whole = scaled.numerator // scaled.denominator
    whole += scaled - whole >= Fraction(1, 2)
    return Fraction(whole if value > 0 else -whole, 10**decimals)


def written(value: Fraction, decimals: int) -> str:
    return f"{Decimal(value.numerator) / Decimal(value.denominator):.{decimals}f}"


# Expressions: the language reads like Python's, so Python's own parser stands in for the engine's.

COMPARE = {ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
           ast.Eq: operator.eq, ast.NotEq: operator.ne}  # fmt: skip
ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
              ast.Div: operator.truediv}  # fmt: skip


def value_of(text: Any, env: dict[str, Fraction]) -> Any:
    """The value; raises LacksError before any arithmetic, UnscorableError for x ÷ 0."""
    text = re.sub(r"\b(line|share)\.", r"\1.of_", str(text).strip())
    tree = ast.parse(text, mode="eval").body
    names = {dotted(node) for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute)}
    functions = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call)}
    heads = {name for name in names if not any(other.startswith(f"{name}.") for other in names)}
    if not heads - functions <= env.keys():
        raise LacksError
    try:
        return walk(tree, text, env)
    except ZeroDivisionError:
        raise UnscorableError from None


def dotted(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else f"{dotted(node.value)}.{node.attr}"


def walk(node: ast.AST, text: str, env: dict[str, Fraction]) -> Any:
    def again(inner: ast.AST) -> Any:
        return walk(inner, text, env)

    if isinstance(node, ast.Name | ast.Attribute):
        return env[dotted(node)]
    if isinstance(node, ast.Constant):
        return Fraction(text[node.col_offset : node.end_col_offset])
    if isinstance(node, ast.BinOp):
        return ARITHMETIC[type(node.op)](again(node.left), again(node.right))
    if isinstance(node, ast.UnaryOp):
        return not again(node.operand) if isinstance(node.op, ast.Not) else -again(node.operand)
    if isinstance(node, ast.Compare):
        return COMPARE[type(node.ops[0])](again(node.left), again(node.comparators[0]))
    values = [again(item) for item in (node.values if isinstance(node, ast.BoolOp) else node.args)]
    if isinstance(node, ast.BoolOp):
        return all(values) if isinstance(node.op, ast.And) else any(values)
    call: Callable = {
        "min": min,
        "max": max,
        "abs": abs,
        "count": lambda *all_: Fraction(sum(all_)),
    }[node.func.id]
    return call(*values)


# Methods: the award before rounding, clamped.


def award_of(
    m: dict[str, Any],
    p: Fraction,
    k: Fraction,
    env: dict[str, Fraction],
    pool: Callable[[Any], list[Fraction]],
) -> Fraction:
    """What a method gives of `p` points; all that is fixed in points is multiplied by `k`."""

    def number(key: str, default: Any = 0) -> Fraction:
        return Fraction(m.get(key, default))

    def within(award: Fraction) -> Fraction:
        return min(max(award, Fraction(0)), p)

    name = m["method"]
    if name == "gate":
        return p if value_of(m["when"], env) else number("otherwise") * k
    if name == "deduct":
        values = [value_of(item["value"], env) for item in m["items"]]
        if min(values) < 0:
            raise UnscorableError
        lost = Fraction(0)
        for item, value in zip(m["items"], values, strict=True):
            one = value * Fraction(item["unit"]) * k
            lost += min(one, Fraction(item["max"]) * k) if "max" in item else one
        return max(lost, Fraction(0))
    if name == "checklist":
        met = (item for item in m["items"] if value_of(item["value"], env) > 0)
        return within(sum((Fraction(item["award"]) * k for item in met), Fraction(0)))
    value = value_of(m["value"], env)
    if name == "ratio":
        target, cap = value_of(m["target"], env), number("cap", 1)
        if target < 0:
            raise UnscorableError
        if m.get("lower_is_better"):
            ratio = cap if value <= 0 else target / value
        elif target == 0:
            raise UnscorableError
        else:
            ratio = value / target
        return Fraction(0) if ratio < number("floor") else p * max(min(ratio, cap), Fraction(0))
    if name == "count":
        counted = value / number("per", 1)
        if not m.get("proportional"):
            counted = Fraction(counted.numerator // counted.denominator)
        return within(counted * number("unit") * k)
    if name == "steps":
        return within(stepped(m, value) * k)
    if name == "growth":
        base = value_of(m["base"], env)
        if base <= 0 and not m.get("absolute"):
            raise UnscorableError
        change = value - base if m.get("absolute") else (value - base) / base
        times = abs(change) / number("step", "0.05")
        if not m.get("proportional"):
            times = Fraction(times.numerator // times.denominator)
        each = number("gain", 1) if change >= 0 else -number("loss", 1)
        raw = p * number("flat", "0.8") + times * each * k
        return min(max(raw, Fraction(0)), p * number("ceiling", 1))
    if name == "efficacy":
        if "low" in m:
            low, high = value_of(m["low"], env), value_of(m["high"], env)
            if low == high:
                raise UnscorableError
            x = min(max((value - low) / (high - low), Fraction(0)), Fraction(1))
        else:
            low, high = min(pool(m["value"])), max(pool(m["value"]))
            x = Fraction(1) if low == high else (value - low) / (high - low)
            if m.get("lower_is_better") and low != high:
                x = 1 - x
        share = number("base_share", "0.6")
        return p * (share + (1 - share) * x)
    if name == "rank":
        others = pool(m["value"])
        better = operator.lt if m.get("lower_is_better") else operator.gt
        place = Fraction(1 + sum(better(other, value) for other in others))
        rows = m.get("table") or m["share_table"]
        own = place if "table" in m else place / len(others)
        return within(
            next((Fraction(a) for at, a in rows if own <= Fraction(at)), number("otherwise")) * k
        )
    raise AssertionError(name)


def stepped(m: dict[str, Any], value: Fraction) -> Fraction:
    steps = [(Fraction(threshold), Fraction(award)) for threshold, award in m["steps"]]
    direction = m.get("direction", "at_least")
    reached = {"at_least": operator.ge, "above": operator.gt, "at_most": operator.le,
               "below": operator.lt}[direction]  # fmt: skip
    before = None
    for threshold, award in steps:
        if reached(value, threshold):
            if m.get("interpolate") and before is not None:
                upper, more = before
                return award + (more - award) * (value - threshold) / (upper - threshold)
            return award
        before = threshold, award
    return Fraction(0)


# Lines, spreads, totals, ranks.


def of_class(book: dict[str, Any], name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cards of one class."""
    decimals = book.get("line_decimals", 2)
    own = [
        {k: Fraction(str(v)) for k, v in row["measures"].items() if v is not None} for row in rows
    ]
    shared: dict[str, Fraction] = {}
    for measure in {measure for env in own for measure in env}:
        values = [env[measure] for env in own if measure in env]
        shared[f"mean.{measure}"] = sum(values, Fraction(0)) / len(values)
        shared[f"best.{measure}"] = max(values)
        shared[f"sum.{measure}"] = sum(values, Fraction(0))
    envs = [env | shared for env in own]
    lines = [dict(line, at=class_points(line, name)) for line in book["indicator"]]
    applies = [[applying(line, env) for line in lines] for env in envs]

    def pool(at: int) -> Callable[[Any], list[Fraction]]:
        def values(text: Any) -> list[Fraction]:
            found = []
            for env, answers in zip(envs, applies, strict=True):
                if answers[at] is True:
                    try:
                        found.append(value_of(text, env))
                    except (LacksError, UnscorableError):
                        continue
            return found

        return values

    cards = [
        card_of(book, lines, env, answers, pool, decimals)
        for env, answers in zip(envs, applies, strict=True)
    ]
    rank(book, cards)
    for card, row in zip(cards, rows, strict=True):
        card["code"], card["class"] = row["code"], name
        for key in ("base", "bonus", "deduction", "total"):
            card[key] = written(card[key], decimals)
        causes = ["veto"] * (card["after_vetoes"] != card["grade_by_points"])
        causes += ["quota"] * bool(card["quotas"])
        card["grade_causes"] = ["nothing_applies"] if card["grade"] is None else causes
        del card["after_vetoes"]
        del card["unranked"], card["ties"]
    return cards


def class_points(line: dict[str, Any], name: str) -> Fraction:
    by_class = {same(key): value for key, value in line.get("points_by_class", {}).items()}
    return Fraction(by_class.get(name, line["points"]))


def applying(line: dict[str, Any], env: dict[str, Fraction]) -> Any:
    if "applies" not in line:
        return True
    try:
        return value_of(line["applies"], env)
    except (LacksError, UnscorableError) as error:
        return type(error)


def spread(
    lines: list[dict], answers: list[Any], full: Fraction, decimals: int
) -> tuple[list[Fraction], bool]:
    """The points of all lines after a spread, and whether there is nothing left to be scored."""
    points = [line["at"] for line in lines]
    away = [
        line.get("absent") == "spread" and answer is False
        for line, answer in zip(lines, answers, strict=True)
    ]
    gone = sum((value for value, is_away in zip(points, away, strict=True) if is_away), Fraction(0))
    if gone in (0, full):
        return points, gone == full
    keeps = [
        at for at, line in enumerate(lines) if line.get("kind", "score") == "score" and not away[at]
    ]
    unit = Fraction(1, 10**decimals)
    exact = {at: points[at] * full / (full - gone) for at in keeps}
    for at in keeps:
        points[at] = exact[at] // unit * unit
    missing = (full - sum((points[at] for at in keeps), Fraction(0))) / unit
    for at in sorted(keeps, key=lambda at: (points[at] - exact[at], at))[: int(missing)]:
        points[at] += unit
    return points, False


def card_of(book, lines, env, answers, pool, decimals) -> dict[str, Any]:
    full = Fraction(book["full_marks"])
    points, nothing = spread(lines, answers, full, decimals)
    found, shares = [], {}
    for at, line in enumerate(lines):
        factor = line["at"] / Fraction(line["points"]) if Fraction(line["points"]) else Fraction(1)
        if points[at] != line["at"]:
            factor *= points[at] / line["at"]
        state, raw = scored(line, points[at], factor, env, answers[at], pool(at))
        award = rounded(raw, decimals)
        away = state == "not_applicable" and line.get("absent") == "spread"
        shares[f"line.of_{line['code']}"] = award
        shares[f"share.of_{line['code']}"] = (
            Fraction(1) if away else award / points[at] if points[at] else Fraction(0)
        )
        found.append((line, state, award, points[at]))
    sums = {
        kind: sum(
            (award for line, _, award, _ in found if line.get("kind", "score") == kind), Fraction(0)
        )
        for kind in KINDS
    }
    for cap in book.get("cap", ()):
        kind = next(x.get("kind", "score") for x in lines if x["code"] in cap["lines"])
        both = sum(
            (award for line, _, award, _ in found if line["code"] in cap["lines"]), Fraction(0)
        )
        most = Fraction(cap["at_most"])
        sums[kind] += min(max(both, -most), most) - both
    bonus = min(sums["bonus"], Fraction(book.get("bonus_cap", 0)))
    deduction = max(sums["deduction"], -Fraction(book.get("deduction_cap", book["full_marks"])))
    total = before = max(Fraction(0), sums["score"] + bonus + deduction)
    env = env | shares
    fired, undecided = [], []
    for veto in book.get("veto", ()):
        try:
            if value_of(veto["when"], env | {"base": sums["score"], "total": total}):
                fired.append(veto)
        except (LacksError, UnscorableError):
            undecided.append(veto["name"])
    if any(veto.get("no_bonus") for veto in fired):
        bonus = Fraction(0)
    total = max(Fraction(0), sums["score"] + bonus + deduction)
    total = min(
        [total, *(Fraction(veto["total_at_most"]) for veto in fired if "total_at_most" in veto)]
    )
    names = [grade["name"] for grade in book["grade"]]

    def reached(points: Fraction) -> int:
        return next(
            at for at, grade in enumerate(book["grade"]) if points >= Fraction(grade["at_least"])
        )

    place = reached(total)
    place = max([place, *(names.index(veto["grade"]) for veto in fired if "grade" in veto)])
    return {
        "base": sums["score"],
        "bonus": bonus,
        "deduction": deduction,
        "total": total,
        "grade": None if nothing else names[place],
        "after_vetoes": None if nothing else names[place],
        "grade_by_points": None if nothing else names[reached(before)],
        "quotas": [],
        "rank": None,
        "unranked": nothing or any(veto.get("unranked") for veto in fired),
        "vetoes": [veto["name"] for veto in fired],
        "undecided": undecided,
        "complete": not undecided and all(state != "unscorable" for _, state, _, _ in found),
        "ties": [
            tie(text, env | {"base": sums["score"], "total": total})
            for text in book.get("tie_break", ())
        ],
        "lines": [
            (line["code"], state, written(award, decimals), spread_points, loss(*row))
            for row in found
            for line, state, award, spread_points in [row]
        ],
    }


def loss(line: dict[str, Any], state: str, award: Fraction, points: Fraction) -> Fraction:
    """What a score line fell short of its points; nothing where it has none or nobody knows."""
    away = state == "not_applicable" and line.get("absent") == "spread"
    if line.get("kind", "score") != "score" or state == "unscorable" or away:
        return Fraction(0)
    return max(Fraction(0), points - award)


def tie(text: Any, env: dict[str, Fraction]) -> tuple[bool, Fraction]:
    try:
        return True, value_of(text, env)
    except (LacksError, UnscorableError):
        return False, Fraction(0)


def scored(line, points, factor, env, answer, pool) -> tuple[str, Fraction]:
    lacking = ("scored" if line.get("missing") == "zero" else "unscorable", Fraction(0))
    if answer is False:
        return "not_applicable", points if line.get("absent") == "full" else Fraction(0)
    if answer is LacksError:
        return lacking
    if answer is UnscorableError:
        return "unscorable", Fraction(0)
    parts = line.get("part") or [dict(line)]
    results: list[Fraction] = []
    failed: list[type] = []
    for part in parts:
        whole = points if "combine" not in line else Fraction(part["points"]) * factor
        try:
            award = award_of(part, whole, factor, env, pool)
            if part["method"] == "deduct":
                off = line.get("kind") == "deduction"
                award = -min(whole, award) if off else max(whole - award, Fraction(0))
            results.append(award)
        except (LacksError, UnscorableError) as error:
            failed.append(type(error))
    # What is missing is looked at before any arithmetic.
    if LacksError in failed or lacks_any(parts, env):
        return lacking
    if failed:
        return "unscorable", Fraction(0)
    if "combine" not in line:
        return "scored", results[0]
    both = {"sum": lambda found: sum(found, Fraction(0)), "max": max, "min": min}[line["combine"]](
        results
    )
    return "scored", min(max(both, Fraction(0)), points)


def lacks_any(parts: list[dict[str, Any]], env: dict[str, Fraction]) -> bool:
    for part in parts:
        texts = [part[key] for key in ("value", "target", "when", "base", "low", "high")
                 if key in part]  # fmt: skip
        texts += [item["value"] for item in part.get("items", ())]
        for text in texts:
            try:
                value_of(text, env)
            except LacksError:
                return True
            except UnscorableError:
                continue
    return False


def rank(book: dict[str, Any], cards: list[dict[str, Any]]) -> None:
    ranked = [card for card in cards if not card["unranked"]]
    for card in ranked:
        ahead = [o for o in ranked if (o["total"], o["ties"]) > (card["total"], card["ties"])]
        card["rank"] = 1 + len(ahead)
    names = [grade["name"] for grade in book["grade"]]
    for at, grade in enumerate(book["grade"][:-1]):
        if "quota" in grade:
            share = len(ranked) * Fraction(grade["quota"])
            most = max(1, share.numerator // share.denominator)
            holders = [card for card in ranked if card["grade"] == grade["name"]]
            down = [
                card for card in holders
                if sum(other["rank"] <= card["rank"] for other in holders) > most
            ]  # fmt: skip
            for card in down:
                card["grade"] = names[at + 1]
                card["quotas"].append({"grade": names[at], "limit": most, "ranked": len(ranked)})
