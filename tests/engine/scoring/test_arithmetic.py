"""What an explanation prints is true of what it prints: each equation comes to its result, or says
that it is rounded and is then within the rounding; each comparison holds as it is written."""

from __future__ import annotations

import operator
import re
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.scoring.build import one
from tests.engine.scoring.test_properties import METHODS
from tests.engine.scoring.test_second import MORE, facts_of, rulebooks, subjects
from tracker.engine.scoring import explain, load_rulebook, parse_facts, score

QUICK = settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
NUMBER = r"[-−]?\d[\d,]*(?:\.\d+)?(?:×10\^\d+)?%?"
TOKEN = re.compile(rf"\s*({NUMBER[5:]}|[()+−×÷])")
UNIT = re.compile(r"(?<=[\d)%]) (?:[一-鿿]|m²)(?:[一-鿿/²]*)(?= [+−×÷=≈]|\)|$)")
COMPARED = re.compile(rf"({NUMBER}) (小于|不小于|大于|不大于|等于|不等于) ≈?({NUMBER})")
HOLDS = {
    "小于": operator.lt,
    "不小于": operator.ge,
    "大于": operator.gt,
    "不大于": operator.le,
    "等于": operator.eq,
    "不等于": operator.ne,
}
Span = tuple[Fraction, Fraction]


def value(text: str) -> Fraction:
    plain = text.replace(",", "").replace("−", "-").removesuffix("%").replace("×10^", "e")
    return Fraction(plain) / (100 if text.endswith("%") else 1)


def span(text: str, rounded: bool) -> Span:
    """What a printed figure may stand for: half a unit of its last place either way."""
    number = value(text)
    if not rounded:
        return number, number
    mantissa, _, power = text.removesuffix("%").partition("×10^")
    places = len(mantissa.partition(".")[2]) - int(power or 0) + (2 if text.endswith("%") else 0)
    # Trailing zeros are not printed, so a figure of fewer than two places may have been rounded.
    half = Fraction(1, 2) / Fraction(10) ** max(places, 0 if power else 2)
    return number - half, number + half


class Reader:
    """Evaluates a printed expression over spans; + − × ÷ and parentheses."""

    def __init__(self, text: str, rounded: bool) -> None:
        self.tokens = TOKEN.findall(text)
        assert "".join(self.tokens) == re.sub(r"\s", "", text), text
        self.rounded = rounded

    def whole(self) -> Span:
        found = self.sum()
        assert not self.tokens
        return found

    def sum(self) -> Span:
        low, high = self.product()
        while self.tokens[:1] in (["+"], ["−"]):
            sign = self.tokens.pop(0)
            first, second = self.product()
            low, high = (
                (low + first, high + second) if sign == "+" else (low - second, high - first)
            )
        return low, high

    def product(self) -> Span:
        found = self.factor()
        while self.tokens[:1] in (["×"], ["÷"]):
            sign = self.tokens.pop(0)
            other = self.factor()
            if sign == "÷":
                if other[0] <= 0 <= other[1]:
                    raise ZeroDivisionError
                other = 1 / other[1], 1 / other[0]
            ends = [a * b for a in found for b in other]
            found = min(ends), max(ends)
        return found

    def factor(self) -> Span:
        token = self.tokens.pop(0)
        if token == "−":
            low, high = self.factor()
            return -high, -low
        if token != "(":
            return span(token, self.rounded)
        found = self.sum()
        assert self.tokens.pop(0) == ")"
        return found


def check(sentence: str) -> Counter:
    """Check all that a sentence claims; how many equations, rounded ones and comparisons."""
    found: Counter = Counter()
    if any(word in sentence for word in ("取小", "取大", "绝对值", "成立项数")):
        return found
    assert not re.search(r"条件不?成立\(", sentence)
    assert not re.search(r"-\d", sentence), sentence
    sentence = re.sub(r"(^|；)\(\d+\) ", r"\1", sentence)
    for clause in re.split("[，；：、]", sentence):
        sides = re.fullmatch(
            rf"(?:.*?[^\d\s()+−×÷.,%≈=-])?\s*([-\d.,%()+−×÷≈\s^]+) ([=≈]) ({NUMBER})[^\d=]*.*",
            UNIT.sub("", clause),
        )
        if sides:
            left, sign, right = sides.groups()
            rounded = sign == "≈"
            if left.startswith("(") and left.count("(") < left.count(")"):
                left = left[1:]
            try:
                low, high = Reader(re.sub(r"≈(?=[\d(−-])", "", left.strip()), rounded).whole()
            except ZeroDivisionError:
                continue
            least, most = span(right, rounded)
            assert max(low, least) <= min(high, most), (sentence, clause)
            found[sign] += 1
            assert re.search(r"≈(?=[\d(−-])", left) is None or rounded, clause
        for first, word, second in COMPARED.findall(UNIT.sub("", clause)):
            assert HOLDS[word](value(first), value(second)), (sentence, clause)
            found["compared"] += 1
    for given_text, whole in re.findall(rf"({NUMBER})，取整为 ({NUMBER})", sentence):
        assert value(given_text) // 1 == value(whole), sentence
    for ratio, floor in re.findall(rf"({NUMBER})，低于 ({NUMBER})", sentence):
        assert value(ratio) < value(floor), sentence
    for ratio, cap in re.findall(rf"[=≈] ({NUMBER})，按 ({NUMBER}) 计", sentence):
        assert value(ratio) > value(cap) or value(ratio) < 0 == value(cap), sentence
    return found


def check_book(book_text: str, rows) -> Counter:
    found: Counter = Counter()
    book = load_rulebook(book_text)
    for card in score(book, parse_facts(facts_of(rows))).scorecards:
        for each in card.lines:
            found += check(explain(each))
    return found


@QUICK
@given(rulebooks(), subjects)
def test_what_is_printed_comes_to_what_is_said(book_text, rows):
    check_book(book_text, rows)


@pytest.mark.soak
@settings(QUICK, max_examples=3000)
@given(rulebooks(), subjects)
def test_what_is_printed_comes_to_what_is_said_soak(book_text, rows):
    check_book(book_text, rows)


# Held against nothing, so that nothing asks for more decimals.
ALONE = [
    {"method": "count", "value": "a * b", "unit": 2, "proportional": True},
    {"method": "deduct", "items": [{"name": "逾期", "value": "a + b", "unit": 1}]},
]


@pytest.mark.parametrize("fields", ALONE, ids=lambda each: each["method"])
def test_no_figure_has_more_than_two_decimals(fields):
    amounts = st.decimals("0.1", 20000, places=4, allow_nan=False).map(str)

    @settings(QUICK, max_examples=40)
    @given(st.fixed_dictionaries(dict.fromkeys("ab", amounts)))
    def look(measures):
        sentence = explain(one(measures, 10, **fields))
        check(sentence)
        assert not re.search(r"\.\d{3}", sentence), sentence

    look()


figures = st.one_of(
    st.integers(-3, 12).map(str),
    st.decimals(0, 20000, places=4, allow_nan=False).map(str),
    st.sampled_from(["59.9999", "60", "0.59999", "0.000012", "4.9999999", "999999.9999"]),
)


@pytest.mark.parametrize(
    "fields", [*METHODS, *MORE], ids=lambda each: each.get("method", "combine")
)
def test_every_method_prints_true_arithmetic(fields):
    seen: Counter = Counter()

    @settings(QUICK, max_examples=40)
    @given(st.fixed_dictionaries(dict.fromkeys("abcknv", figures)))
    def look(measures):
        found = one(measures, 10, **fields)
        seen.update(check(explain(found)), sentences=1)

    look()
    assert seen["sentences"]


def test_there_is_something_to_check():
    seen: Counter = Counter()

    @settings(QUICK, max_examples=60)
    @given(rulebooks(), subjects)
    def look(book_text, rows):
        seen.update(check_book(book_text, rows))

    look()
    assert min(seen["="], seen["≈"], seen["compared"]) > 20


@pytest.mark.parametrize(
    "wrong",
    [
        "5 分 × 96.30% = 4.81 分",
        "1 ÷ 3 ≈ 0.4，得 1.00 分",
        "条件成立：0 大于 0，得 5.00 分",
        "2 ÷ 1 = 2，取整为 3，3 × 1 分 = 3.00 分",
        "1 ÷ 1 = 100%，低于 60%，得 0.00 分",
    ],
)
def test_a_wrong_sentence_is_noticed(wrong):
    with pytest.raises(AssertionError):
        check(wrong)
