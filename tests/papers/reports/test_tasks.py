"""年度任务清单: a goal is compared with what was done of it, never with itself."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from tests import factories as make
from tests.factories import wan
from tracker.core.quantities.figure import wan_yuan
from tracker.papers.tasks.build import task_form
from tracker.papers.tasks.goals import COUNTED, GOALS, PREFIX, reads_of
from tracker.records.enclaves.models import EnclaveKind
from tracker.records.ledger.models import EntryKind
from tracker.year.measures.catalogue import CATALOGUE

NOW = datetime(2024, 12, 31, tzinfo=UTC)


def test_every_goal_of_the_catalogue_has_what_it_speaks_of_in_its_unit() -> None:
    goals = {name for name in CATALOGUE.measures if name.startswith(PREFIX)}
    assert goals == GOALS.keys() | COUNTED
    for name in GOALS:
        reads = reads_of(name)
        assert reads
        assert not any(read.startswith(PREFIX) for read in reads)
        if len(reads) == 1:
            assert CATALOGUE.measures[reads[0]].unit == CATALOGUE.measures[name].unit


@pytest.fixture
def enclave(app: Flask):
    places = make.zhejiang()
    return make.enclave(places["缙云县"], places["富阳区"], EnclaveKind.INCOME, villages=40)


def test_a_goal_is_compared_with_what_was_done(enclave) -> None:
    make.target(enclave, 2024, "goal.per_village", 5)
    (nothing,) = task_form(enclave, 2024, NOW).tasks
    assert (nothing.task, nothing.value.value, nothing.done) == ("村均增收", 5, None)
    assert nothing.reason == "台账中没有2024年的返利记录"
    make.entry(enclave, EntryKind.REBATE, wan(130), date(2024, 6, 1))
    (some,) = task_form(enclave, 2024, NOW).tasks
    assert (some.done, some.reason) == (wan_yuan("3.25"), "")


def test_a_target_of_a_measure_is_compared_with_that_measure(enclave) -> None:
    make.target(enclave, 2024, "villages.listed", 50)
    (task,) = task_form(enclave, 2024, NOW).tasks
    assert (task.value.value, task.done.value) == (50, 40)
