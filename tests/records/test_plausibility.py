"""What is asked about a sum of money: each rule at its edge, on plain facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tracker.web.plausibility import (
    AGAIN_RULES,
    DAY_RULES,
    FIGURE_RULES,
    OVERLAP_RULES,
    POSTED_RULES,
    RULES,
    Doubt,
    End,
    Limit,
    MoneyFacts,
    asked_of,
    doubts_about,
)

WAN = 10_000
SOUND = MoneyFacts(
    "到位资金",
    Decimal(3_000 * WAN),
    date(2024, 10, 8),
    date(2024, 12, 1),
    limit=Limit("项目总投资", Decimal(12_000 * WAN)),
    earlier=Decimal(4_000 * WAN),
    year_before=Decimal(1_000 * WAN),
    year_so_far=Decimal(2_000 * WAN),
    begun=End("签约日期", date(2023, 1, 1)),
    ended=End("终止日期", date(2025, 1, 1)),
)
BARE = {"limit": None, "earlier": Decimal(0), "year_before": Decimal(0), "year_so_far": Decimal(0)}
WHOLE = Limit("项目总投资", Decimal(120_000 * WAN))


def test_what_is_sound_is_not_asked_about():
    assert doubts_about(SOUND) == []


@pytest.mark.parametrize(
    ("changes", "rule", "says"),
    [
        # 元 by habit in a field of 万元.
        (
            {"amount": Decimal(30_000_000 * WAN)},
            "above_limit",
            "到位资金 30,000,000 万元，超过项目总投资 12,000 万元",
        ),
        ({"amount": Decimal(12_000 * WAN + 1)}, "above_limit", "超过项目总投资"),
        (
            {"amount": Decimal(8_000 * WAN + 1)},
            "sum_above_limit",
            "连同已登记的 4,000 万元，到位资金累计 12,000.0001 万元",
        ),
        ({"year_so_far": Decimal(7_000 * WAN)}, "many_times", "2024 年到位资金将达 10,000 万元"),
        ({"year_so_far": Decimal("70000001.23")}, "many_times", "将达 10,000 万元"),
        ({"limit": None, "amount": Decimal(1_000_000 * WAN)}, "very_large", "特别大"),
        # 50 亿元, where nothing is known of the project but much of the others.
        (
            {**BARE, "amount": Decimal(500_000 * WAN), "largest": Decimal(20_000 * WAN)},
            "very_large",
            "单笔到位资金 500,000 万元，为已登记的单笔最大额 20,000 万元的 25 倍",
        ),
        (
            {**BARE, "amount": Decimal(120_000 * WAN + 1), "largest_whole": WHOLE},
            "very_large",
            "超过已登记的最大项目总投资 120,000 万元",
        ),
        (
            {**BARE, "amount": Decimal(1_000_001 * WAN), "largest": Decimal(900_000 * WAN)},
            "very_large",
            "特别大",
        ),
        ({"on": date(2025, 1, 2), "today": date(2025, 2, 1)}, "after_end", "晚于终止日期 2025-01"),
        ({"on": date(2022, 12, 31)}, "before_beginning", "早于签约日期 2023-01-01"),
        ({"on": date(2024, 12, 2)}, "ahead", "还没有到"),
    ],
)
def test_each_rule_says_what_is_unusual(changes, rule, says):
    found = {doubt.rule.key: doubt.words for doubt in doubts_about(replace(SOUND, **changes))}
    assert says in found[rule]


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Decimal(8_000 * WAN), "year_before": Decimal(0)},  # exactly the whole
        {"year_so_far": Decimal(6_999 * WAN)},
        {"year_before": Decimal(0), "year_so_far": Decimal(7_000 * WAN)},
        {"limit": None, "amount": Decimal(999_999 * WAN), "year_before": Decimal(0)},
        {**BARE, "amount": Decimal(100_000 * WAN), "largest": Decimal(20_000 * WAN)},
        {**BARE, "amount": Decimal(120_000 * WAN), "largest_whole": WHOLE},
        # The larger of the two bounds counts.
        {**BARE, "amount": WHOLE.amount, "largest": Decimal(WAN), "largest_whole": WHOLE},
        {**BARE, "amount": Decimal(1_000 * WAN), "largest": Decimal(WAN)},  # no large sum at all
        {"on": date(2023, 1, 1)},
        {"on": date(2024, 12, 1)},
        {"cumulative": True, "amount": Decimal(12_000 * WAN)},
    ],
)
def test_the_edge_itself_is_sound(changes):
    assert doubts_about(replace(SOUND, **changes)) == []


def test_a_total_that_is_reported_as_such_is_only_held_against_the_whole():
    facts = replace(SOUND, cumulative=True, amount=Decimal(13_000 * WAN))
    assert [doubt.rule.key for doubt in doubts_about(facts)] == ["above_limit"]


def test_keys_fit_their_column_all_together():
    keys = [rule.key for rule in RULES]
    assert len(set(keys)) == len(keys)
    assert len(",".join(keys)) <= 200


def test_the_answer_says_what_is_in_doubt():
    every = (*RULES, *FIGURE_RULES, *DAY_RULES, *POSTED_RULES, *AGAIN_RULES, *OVERLAP_RULES)
    by_key = {rule.key: Doubt(rule, "") for rule in every}
    days = ["after_end", "before_beginning", "ahead", "far_ahead", "long_ago"]
    assert asked_of(by_key[key] for key in days) == "说明日期为什么无误"
    others = {"said_again": "说明为什么不是重复登记", "overlaps": "说明为什么会同时有两段"}
    for key, doubt in by_key.items():
        if key not in days:
            assert asked_of([doubt]) == others.get(key, "说明数字为什么无误"), key
    both = asked_of([by_key["above_limit"], by_key["ahead"], by_key["very_large"]])
    assert both == "说明数字为什么无误、日期为什么无误"
