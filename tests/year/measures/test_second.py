"""The product's measures against a second reading of them, written from the definitions alone."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.year.measures.comparing import SECOND, compared, exported, subjects_of
from tests.year.measures.worlds import world
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.collect import collect
from tracker.year.measures.declare import SubjectKind
from tracker.year.measures.made import NOT_COUNTED

YEARS = [2024, 2025]


def test_every_measure_has_a_second_reading() -> None:
    for kind in SubjectKind:
        names = {m.name for m in CATALOGUE.of(kind)}
        assert names == set(SECOND[kind][1] if kind in SECOND else ())


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 8))]
)
def test_random_worlds_are_read_alike(sqlite_app, seed: int) -> None:
    assert _read_alike(seed) > 3_000


def test_either_database_reads_a_world_alike(app) -> None:
    assert _read_alike(13) > 3_000


def test_each_uncounted_record_of_a_world_says_the_one_reason_that_holds(sqlite_app) -> None:
    """Neither several to choose from, nor only that it is none of the measure's."""
    said = Counter()
    world(5)
    records = exported()
    for kind in SECOND:
        names = [m.name for m in CATALOGUE.of(kind)]
        ids = [subject.id for subject in subjects_of(records, kind)]
        found = collect(2024, kind, names, ids)
        for facts in found.values():
            for name, fact in facts.items():
                for reference, why in fact.uncounted:
                    where = f"{name} {reference}：{why}"
                    assert why, where
                    assert why != NOT_COUNTED, where
                    assert not re.search("或|、|不符合", why), where
                    said[name] += 1
    assert len(said) > 20
    assert said.total() > 300


def _read_alike(seed: int) -> int:
    """How many facts of the world of `seed` were compared."""
    world(seed)
    facts = list(compared(exported(), YEARS))
    differing = [fact for fact in facts if not fact.agree]
    assert not differing, f"{len(differing)} of {len(facts)} differ, as {differing[:5]}"
    # Neither all unknown nor all nought.
    assert sum(fact.product is not None for fact in facts) > len(facts) / 3
    assert sum(bool(fact.product) for fact in facts) > len(facts) / 8
    return len(facts)
