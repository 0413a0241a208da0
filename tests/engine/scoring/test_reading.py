"""What is just allowed in a rulebook, and which row of a table a fault is in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.engine.scoring.build import faults, line

D = Decimal
STEPS = {"method": "steps", "value": "a"}


@pytest.mark.parametrize(
    "fields",
    [
        {**STEPS, "steps": [[2, 100], [1, 0]]},
        {**STEPS, "steps": [[2, 1], [1, D("0.5")]]},
    ],
)
def test_what_is_just_allowed(fields):
    assert faults(line("1", 100, **fields)) == []


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([[9, 50], [5, 40], [7, 30]], "steps 第 3 行的界值应从大到小排列且不重复，请调整"),
        ([[9, 50], [5, 40], [5, 30]], "steps 第 3 行的界值应从大到小排列且不重复，请调整"),
        ([[9, 50], [5, 50], [3, 30]], "steps 第 2 行的得分应低于上一行，请调整"),
        ([[9, 50], [5, 40], [3, -1]], "steps 第 3 行的得分为负数，请改为 0 或正数"),
        ([[9, 50], [5, "x"]], "steps 第 2 行的得分 应为数字，请改正"),
    ],
)
def test_a_fault_names_its_row(steps, fault):
    (found,) = faults(line("1", 100, **STEPS, steps=steps))
    assert found.endswith(fault)


def test_both_faults_of_one_bound_are_said():
    found = faults(line("1", 100, method="efficacy", value="a", low=1, lower_is_better=True))
    assert [
        any(word in each for each in found) for word in ("同时给出", "lower_is_better 不能")
    ] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("fields", "faults_found"),
    [
        (
            {**STEPS, "direction": "above", "steps": [[2, 5]], "interpolate": "yes"},
            ["指标 1：interpolate 应为 true 或 false，请改正"],
        ),
        (
            {**STEPS, "direction": " ", "steps": [[2, 5]]},
            ["指标 1：direction 不能是「 」，请改为 at_least、above、at_most、below 之一"],
        ),
        (
            {"method": "checklist", "items": [{"name": "x", "value": "a", "award": 100}, 3]},
            ["指标 1：第 2 个要件：应为一张表，请写成 [[items]]"],
        ),
    ],
)
def test_a_fault_is_said_once_and_in_its_place(fields, faults_found):
    assert faults(line("1", 100, **fields)) == faults_found
