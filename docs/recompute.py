"""Points from a rulebook and facts by the format alone: python3 recompute.py RULEBOOK FACTS.

For whoever wants to check cards without our program: it imports nothing but Python's own library.
It takes sound files; `tracker score-file` names the faults of others.
"""

import ast
import json
import operator as op
import re
import sys
import tomllib
import unicodedata
from bisect import bisect_left, bisect_right
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

WORD = re.compile(r"[a-z][a-z0-9_]*(?:\.\w+)*|\d+(?:\.\d+)?")
PYTHON = {"if": "if_"} | {word: word for word in ("and", "or", "not", "min", "max", "abs", "count")}
CALLS = {"min": min, "max": max, "abs": abs, "count": lambda *met: sum(met)}
SIGNS = {ast.Add: op.add, ast.Sub: op.sub, ast.Mult: op.mul, ast.Div: op.truediv, ast.Lt: op.lt}
SIGNS |= {ast.LtE: op.le, ast.Gt: op.gt, ast.GtE: op.ge, ast.Eq: op.eq, ast.NotEq: op.ne}
SIGNS |= {ast.And: all, ast.Or: any, ast.Not: op.not_, ast.USub: op.neg}
REACHED = {"at_least": op.ge, "above": op.gt, "at_most": op.le, "below": op.lt}
USUAL = {
    "cap": 1,
    "floor": 0,
    "otherwise": 0,
    "per": 1,
    "flat": Fraction("0.8"),
    "step": Fraction("0.05"),
}
USUAL |= {
    "gain": 1,
    "loss": 1,
    "ceiling": 1,
    "base_share": Fraction("0.6"),
    "direction": "at_least",
}
LACKS, IMPOSSIBLE = "lacks a fact", "impossible"
SUMS = ("base", "bonus", "deduction", "total")
ASKED = ("value", "target", "when", "base", "low", "high")  # parameters that are expressions


@cache
def tree(text):
    """An expression as Python's own tree, in which names and numbers are strings."""
    words = WORD.sub(lambda found: PYTHON.get(found[0]) or repr(found[0]), str(text))
    return ast.parse(words.strip(), mode="eval").body


def names(*texts):
    """All facts that expressions read, also on the side of an `if` that is not taken."""
    nodes = [node for text in texts if isinstance(text, str) for node in ast.walk(tree(text))]
    found = {node.value for node in nodes if isinstance(node, ast.Constant)}
    return {name for name in found if not name[0].isdigit()}


def value(given, env):
    """What an expression or a part of its tree comes to. Nothing but the other side of an `if` is
    left out, so that a division by zero is one wherever it stands."""
    match given:
        case bool() | int() | Fraction():
            return given
        case str():
            return value(tree(given), env)
        case ast.Constant(text):
            return Fraction(text) if text[0].isdigit() else env[text]
        case ast.BoolOp(sign, parts):
            return SIGNS[type(sign)]([value(part, env) for part in parts])
        case ast.BinOp(left, sign, right) | ast.Compare(left, [sign], [right]):
            return SIGNS[type(sign)](value(left, env), value(right, env))
        case ast.UnaryOp(sign, one):
            return SIGNS[type(sign)](value(one, env))
        case ast.Call(ast.Name("if_"), [when, then, otherwise]):
            return value(then if value(when, env) else otherwise, env)
        case ast.Call(ast.Name(called), parts):
            return CALLS[called](*[value(part, env) for part in parts])


def ask(text, env):
    """The value of an expression; LACKS a fact or IMPOSSIBLE where it has none."""
    if not names(text) <= env.keys():
        return LACKS
    try:
        return value(text, env)
    except ZeroDivisionError:
        return IMPOSSIBLE


def need(met):
    if not met:
        raise ZeroDivisionError  # arithmetic without a result is one thing, whatever the reason


def clamp(award, top):
    return min(max(award, 0), top)


def rounded(points, places):
    units = (abs(points) * 10**places + Fraction(1, 2)) // 1  # half away from zero
    return Fraction(units if points >= 0 else -units, 10**places)


def award(rule, points, scale, env, pool):
    """What a method gives, not rounded. Raises ZeroDivisionError where it has no result."""
    own, target, when, base, low, high = (value(rule.get(key, 0), env) for key in ASKED)
    let = USUAL | rule
    falling, floor = rule.get("lower_is_better"), 0 if rule.get("proportional") else 1
    match rule["method"]:
        case "ratio":
            need(target >= 0)
            above, below = (target, own) if falling else (own, target)
            share = let["cap"] if falling and own <= 0 else Fraction(above) / below
            return 0 if share <= 0 or share < let["floor"] else points * min(share, let["cap"])
        case "gate":
            return points if when else let["otherwise"] * scale
        case "count":
            number = Fraction(own) / let["per"]
            return clamp((number // 1 if floor else number) * let["unit"] * scale, points)
        case "steps":
            rows, reached = rule["steps"], REACHED[let["direction"]]
            at = next((at for at, (limit, _) in enumerate(rows) if reached(own, limit)), None)
            if at is None:
                return 0
            limit, given = rows[at]
            if rule.get("interpolate") and at:
                before, more = rows[at - 1]
                given += (more - given) * Fraction(own - limit) / (before - limit)
            return clamp(given * scale, points)
        case "growth":
            need(base > 0 or rule.get("absolute"))
            grown = own - base if rule.get("absolute") else Fraction(own - base) / base
            number = Fraction(abs(grown)) / let["step"]
            each = (let["gain"] if grown >= 0 else -let["loss"]) * scale
            found = points * let["flat"] + (number // 1 if floor else number) * each
            return clamp(found, points * let["ceiling"])
        case "efficacy":
            need("low" not in rule or low != high)
            if "low" not in rule:
                low, high = (pool[-1], pool[0]) if falling else (pool[0], pool[-1])
            share = 1 if low == high else clamp(Fraction(own - low) / (high - low), 1)
            return points * (let["base_share"] + (1 - let["base_share"]) * share)
        case "rank":
            better = bisect_left(pool, own) if falling else len(pool) - bisect_right(pool, own)
            place = Fraction(better + 1, len(pool) if "share_table" in rule else 1)
            rows = rule.get("share_table") or rule["table"]
            given = next((given for limit, given in rows if place <= limit), let["otherwise"])
            return clamp(given * scale, points)
        case "checklist":
            met = [item["award"] for item in rule["items"] if value(item["value"], env) > 0]
            return clamp(sum(met) * scale, points)
        case "deduct":
            counts = [value(item["value"], env) for item in rule["items"]]
            need(all(count >= 0 for count in counts))
            off = [count * item["unit"] for count, item in zip(counts, rule["items"], strict=True)]
            most = [item.get("max", one) for one, item in zip(off, rule["items"], strict=True)]
            gone = max(0, sum(map(min, off, most)) * scale)
            return (
                -min(points, gone)
                if let.get("kind") == "deduction"
                else clamp(points - gone, points)
            )


def same(name):
    return unicodedata.normalize("NFKC", name or "").strip()


def parts_of(line):
    return line.get("part") or [line]


def reads(line):
    """The facts that the method of a line, or those of its parts, read."""
    given = [part.get(key) for part in parts_of(line) for key in ASKED]
    items = [item["value"] for part in parts_of(line) for item in part.get("items", ())]
    return names(*given, *items)


def applies(line, env):
    return ask(line["applies"], env) if "applies" in line else True


def points_in(line, class_name):
    by_class = {same(name): points for name, points in line.get("points_by_class", {}).items()}
    return by_class.get(class_name, line["points"])


def spread(book, points, away):
    """The points of the score lines once those of the lines `away` are spread over the others."""
    places, full = book.get("line_decimals", 2), book["full_marks"]
    rest = full - sum(points[code] for code in away)
    if not away or not 0 < rest < full:
        return points
    kept = [line["code"] for line in book["indicator"] if kind(line) == "score"]
    exact = {code: points[code] * Fraction(full) / rest for code in kept if code not in away}
    found = {code: Fraction(share * 10**places // 1, 10**places) for code, share in exact.items()}
    left = (full - sum(found.values())) * 10**places
    for code in sorted(exact, key=lambda code: found[code] - exact[code])[: int(left)]:
        found[code] += Fraction(1, 10**places)
    return points | found


def kind(line):
    return line.get("kind", "score")


def line_of(book, line, points, scale, env, pools):
    """(state, award): a fact that is missing, what cannot be computed and what does not apply are
    three things."""
    applied = applies(line, env)
    if applied is False:
        return "not_applicable", Fraction(points if line.get("absent") == "full" else 0)
    if applied is LACKS or (applied is not IMPOSSIBLE and not reads(line) <= env.keys()):
        return "scored" if line.get("missing") == "zero" else "unscorable", Fraction(0)
    try:
        need(applied is not IMPOSSIBLE)
        if "combine" not in line:
            found = award(line, points, scale, env, pools[line["code"], 0])
        else:
            each = [
                award(part, part["points"] * scale, scale, env, pools[line["code"], at])
                for at, part in enumerate(line["part"])
            ]
            found = clamp({"sum": sum, "max": max, "min": min}[line["combine"]](each), points)
    except ZeroDivisionError:
        return "unscorable", Fraction(0)
    return "scored", rounded(found, book.get("line_decimals", 2))


def tied(found):
    """A tie-break for comparing; one without a value is the lowest."""
    return (False, 0) if found in (LACKS, IMPOSSIBLE) else (True, found)


def card_of(book, class_name, env, pools):
    """The card of one subject, without rank and quota."""
    printed = {line["code"]: Fraction(points_in(line, class_name)) for line in book["indicator"]}
    away = [
        line["code"]
        for line in book["indicator"]
        if line.get("absent") == "spread" and applies(line, env) is False
    ]
    points, found, sums = spread(book, printed, away), {}, {"score": 0, "bonus": 0, "deduction": 0}
    for line in book["indicator"]:
        code = line["code"]
        scale = points[code] / line["points"] if line["points"] else Fraction(1)
        found[code] = line_of(book, line, points[code], scale, env, pools)
        sums[kind(line)] += found[code][1]
    for cap in book.get("cap", ()):
        whole = sum(found[code][1] for code in cap["lines"])
        of = next(kind(line) for line in book["indicator"] if line["code"] in cap["lines"])
        sums[of] += min(max(whole, -cap["at_most"]), cap["at_most"]) - whole
    base, bonus = sums["score"], min(sums["bonus"], book.get("bonus_cap", 0))
    deduction = max(sums["deduction"], -book.get("deduction_cap", book["full_marks"]))
    env = env | {"base": Fraction(base), "total": Fraction(max(0, base + bonus + deduction))}
    for code, (_, given) in found.items():
        env[f"line.{code}"] = given
        env[f"share.{code}"] = (
            Fraction(1) if code in away else given / points[code] if points[code] else Fraction(0)
        )
    vetoes = book.get("veto", ())
    met = {veto["name"]: ask(veto["when"], env) for veto in vetoes}
    fired = [veto for veto in vetoes if met[veto["name"]] is True]
    bonus = 0 if any(veto.get("no_bonus") for veto in fired) else bonus
    most = [veto["total_at_most"] for veto in fired if "total_at_most" in veto]
    total = min([max(0, base + bonus + deduction), *most])
    grades = [grade["name"] for grade in book["grade"]]
    place = next(at for at, grade in enumerate(book["grade"]) if total >= grade["at_least"])
    worst = max([place, *(grades.index(veto["grade"]) for veto in fired if "grade" in veto)])
    ties = [ask(text, env | {"total": Fraction(total)}) for text in book.get("tie_break", ())]
    undecided = [name for name, how in met.items() if how in (LACKS, IMPOSSIBLE)]
    assessed = sum(printed[code] for code in away) < book["full_marks"]
    return {
        "complete": not undecided and all(state != "unscorable" for state, _ in found.values()),
        "base": base, "bonus": bonus, "deduction": deduction, "total": total,
        "grade": grades[worst] if assessed else None, "rank": None,
        "vetoes": [veto["name"] for veto in fired], "undecided": undecided,
        "lines": [{"code": code, "award": a, "state": state} for code, (state, a) in found.items()],
        "ranked": assessed and not any(veto.get("unranked") for veto in fired),
        "key": [total, *map(tied, ties)],
    }  # fmt: skip


def rank(book, cards):
    """Give the cards of a class their ranks, and move down what a quota leaves no room for."""
    ranked = sorted(
        (card for card in cards if card["ranked"]), key=lambda c: c["key"], reverse=True
    )
    for card in ranked:
        card["rank"] = 1 + next(at for at, each in enumerate(ranked) if each["key"] == card["key"])
    for grade, below in zip(book["grade"], book["grade"][1:], strict=False):
        limit = max(1, len(ranked) * grade.get("quota", 1) // 1)
        holders = [card for card in ranked if card["grade"] == grade["name"]]
        places = [card["rank"] for card in holders]
        for card in holders:
            if bisect_right(places, card["rank"]) > limit and "quota" in grade:
                card["grade"] = below["name"]


def scored(rulebook, facts):
    """The cards of all subjects, in the order of the facts; points are exact."""
    book, found = tomllib.loads(rulebook, parse_float=Fraction), {}
    subjects = json.loads(facts)["subjects"]
    classes = [same(subject.get("class")) for subject in subjects]
    for class_name in set(classes):
        own = [at for at, its in enumerate(classes) if its == class_name]
        envs = [
            {
                name: Fraction(fact)
                for name, fact in subjects[at]["measures"].items()
                if fact is not None
            }
            for at in own
        ]
        shared = {}
        for name in {name for env in envs for name in env}:
            values = [env[name] for env in envs if name in env]
            shared |= {f"sum.{name}": sum(values), f"best.{name}": max(values)}
            shared[f"mean.{name}"] = sum(values) / len(values)
        envs = [env | shared for env in envs]
        pools = {}
        for line in book["indicator"]:
            there = [env for env in envs if applies(line, env) is True]
            for at, part in enumerate(parts_of(line)):
                values = [ask(part.get("value", 0), env) for env in there]
                pools[line["code"], at] = sorted(v for v in values if v not in (LACKS, IMPOSSIBLE))
        cards = [card_of(book, class_name, env, pools) for env in envs]
        rank(book, cards)
        found |= dict(zip(own, cards, strict=True))
    places = book.get("line_decimals", 2)
    return [written(subjects[at], classes[at], found[at], places) for at in range(len(subjects))]


def written(subject, class_name, card, places):
    """A card as `tracker score-file` writes it, without its words."""
    del card["ranked"], card["key"]
    for each, key in [(card, key) for key in SUMS] + [(line, "award") for line in card["lines"]]:
        exact = Fraction(each[key])
        each[key] = f"{Decimal(exact.numerator) / exact.denominator:.{places}f}"
    return {"code": subject["code"], "name": subject["name"], "class": class_name} | card


if __name__ == "__main__":
    texts = [Path(name).read_text(encoding="utf-8") for name in sys.argv[1:3]]
    json.dump({"subjects": scored(*texts)}, sys.stdout, ensure_ascii=False)
