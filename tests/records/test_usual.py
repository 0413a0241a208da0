"""Every figure and day that people type is held against what is usual, or it is said why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import Date, Integer
from wtforms.fields.core import UnboundField

from tracker.core.db.types import Scaled
from tracker.web import usual
from tracker.web.kit.kinds import all_kinds
from tracker.web.kit.words import column_of
from tracker.web.plausibility import (
    AGAIN_RULES,
    DAY_RULES,
    FIGURE_RULES,
    LABELS,
    OVERLAP_RULES,
    POSTED_RULES,
    RULES,
    DayFacts,
    FigureFacts,
    PostedFacts,
    day_doubts,
    figure_doubts,
    posted_doubts,
)
from tracker.web.usual import USUAL_IN, usual_in

TODAY = date(2024, 12, 1)


def typed_columns() -> dict[str, object]:
    """ "table.column" → the type of the column, of each figure, year and day of a form."""
    found = {}
    for kind in all_kinds():
        if kind.form is None:
            continue
        for name in dir(kind.form):
            if not isinstance(getattr(kind.form, name), UnboundField):
                continue
            column = column_of(kind.model, name)
            if column is None or column.foreign_keys or name == "version":
                continue
            if isinstance(column.type, Scaled | Integer | Date):
                found[f"{column.table.name}.{column.name}"] = column.type
    return found


def is_year(of: str) -> bool:
    return of.rpartition(".")[2] == "year" or of.endswith("_year")


def test_every_figure_has_what_is_usual_or_a_reason_why_not(app: Flask):
    typed = typed_columns()
    figures = {of for of, kind in typed.items() if not isinstance(kind, Date) and not is_year(of)}
    declared = [usual.USUAL.keys(), usual.OF_A_ROW, usual.NOT_ASKED.keys()]
    assert figures == set().union(*declared)
    assert len(figures) == sum(map(len, declared))  # none is declared twice
    assert len(figures) > 30
    assert all(reason for reason in usual.NOT_ASKED.values())


def test_what_is_said_of_days_names_fields_that_there_are(app: Flask):
    typed = typed_columns()
    days = {of for of, kind in typed.items() if isinstance(kind, Date) or is_year(of)}
    assert len(days) > 50
    assert usual.AHEAD_OF.keys() | usual.EARLIER <= days


def test_the_units_of_rows_are_read_as_they_are_written():
    assert usual_in("万元") == USUAL_IN["万元"]
    assert usual_in("%") is None


SOUND = FigureFacts("总出资", Decimal(2_000), "万元", Decimal(1_900), "修改前", Decimal(500_000))


@pytest.mark.parametrize(
    ("changes", "rule", "says"),
    [
        ({"value": Decimal(500_001)}, "above_usual", "超过通常的上限 500,000 万元"),
        ({"value": Decimal(19_000)}, "many_times_before", "修改前为 1,900 万元，达到 10 倍以上"),
        ({"value": Decimal(190)}, "fraction_of_before", "不到十分之一"),
        ({"value": Decimal(1_000_000)}, "very_large_sum", "数额特别大"),
        ({"before": None, "peer": Decimal(200)}, "above_peers", "最大的 200 万元的 10 倍以上"),
    ],
)
def test_each_rule_of_figures_at_its_edge(changes, rule, says):
    assert figure_doubts(SOUND) == []
    found = {d.rule.key: d.words for d in figure_doubts(replace(SOUND, **changes))}
    assert says in found[rule]


@pytest.mark.parametrize(
    ("of", "on", "rule"),
    [
        ("projects.planned_on", date(2029, 12, 31), None),
        ("projects.planned_on", date(2030, 1, 1), "far_ahead"),
        ("enclave_agreements.ends_on", date(2074, 1, 1), None),
        ("enclave_agreements.ends_on", date(2075, 1, 1), "far_ahead"),
        ("enclaves.signed_on", date(2001, 12, 31), "long_ago"),
        ("enclaves.signed_on", date(2002, 1, 1), None),
        ("sources.published_on", date(1999, 1, 1), None),
    ],
)
def test_days_far_away_are_asked_about(of, on, rule):
    found = [d.rule.key for d in day_doubts(DayFacts("日期", of, on, TODAY))]
    assert found == ([rule] if rule else [])


def test_a_whole_below_what_is_posted_is_asked_about():
    posted = PostedFacts("总投资", Decimal(1_200), "到位资金", Decimal(12_000_000))
    assert "总投资 0.12 万元，低于已登记的到位资金累计 1,200 万元" in posted_doubts(posted)[0].words
    assert posted_doubts(PostedFacts("总投资", Decimal(5), "到位资金", Decimal(5))) == []


def test_the_keys_of_all_rules_differ_and_fit_their_column():
    every = [*RULES, *FIGURE_RULES, *DAY_RULES, *POSTED_RULES, *AGAIN_RULES, *OVERLAP_RULES]
    assert len(LABELS) == len(every)
    assert len(",".join(LABELS)) <= 300
