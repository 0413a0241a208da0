"""A sample year read a second time, from the definitions of the measures alone."""

from __future__ import annotations

from collections import defaultdict

from tests.year.measures.comparing import compared, exported
from tracker.exchange.sampledata.scene import YEARS
from tracker.year.measures.catalogue import CATALOGUE

YEAR = YEARS[-1]


def test_every_fact_of_a_sample_year_is_read_alike(here) -> None:
    facts = list(compared(exported(), [YEAR]))
    assert not [fact for fact in facts if not fact.agree]
    assert len(facts) > 15_000
    told = defaultdict(set)
    for fact in facts:
        told[fact.measure].add(fact.product)
    assert told.keys() == CATALOGUE.measures.keys()
    # Of most measures the year has different values, so that they are not equal by being empty.
    assert sum(len(values) > 1 for values in told.values()) > len(told) * 0.85
