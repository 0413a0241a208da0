"""What a county fills in for the assessment alone is listed with a reason, holds nothing that an
ordinary record yields, and grows no longer (docs/assessed.md)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.audits import assessed
from tests.audits.assessed import Asked, alone, asked, derived, kept, yielded
from tracker.records.operations.items import ASKED, OF_RECORDS, Item

MOST = 27  # lines of the table: where it gets shorter, this gets less with it


@pytest.fixture(autouse=True)
def told(sqlite_app: Flask) -> Iterator[None]:
    with sqlite_app.test_request_context():
        yield


def test_the_table_is_what_follows_from_rulebooks_measures_and_forms():
    assert kept() == derived(), "python -m tests.audits.assessed"


def test_each_line_has_a_reason_and_there_are_no_more_of_them():
    assert [line.name for line in kept() if len(line.reason) < 8] == []
    assert len(kept()) <= MOST


def test_nothing_is_asked_that_an_ordinary_record_yields():
    assert not yielded().keys() & alone().keys()


def test_what_records_yield_would_be_found(monkeypatch):
    """The sales of a park, which are told one by one: asked by the quarter too, they are found."""
    trade = Asked("operating_figures", "item", Item.TRADE.value)
    assert yielded()[trade] == {"park.market_sales"}
    assert trade not in asked()
    monkeypatch.setattr(assessed, "ASKED", (*ASKED, *OF_RECORDS))
    assert yielded().keys() & alone().keys() == {trade}


def test_a_new_field_is_found_and_has_no_reason(monkeypatch):
    """One that a rule reads so far, and no longer does."""
    weighed = Asked("enclaves", "in_use_on")
    assert weighed in asked()
    assert weighed not in alone()
    monkeypatch.setattr(assessed, "_uses", dict)
    monkeypatch.setattr(assessed, "BY_NAME", {})
    found = {line.name: line.reason for line in derived()}
    assert found["enclaves.in_use_on"] == ""
    assert found["projects.negotiated_on"] == ""


def test_every_name_that_is_put_together_is_wanted(monkeypatch):
    monkeypatch.setattr(assessed, "BY_NAME", {})
    wanted = {(each.table, each.column) for each in alone()}
    # `planned_on` is a name of milestones too, which a rule reads.
    assert ("projects", "negotiated_on") in wanted
