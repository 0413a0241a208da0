"""The product's measures against a second reading of them, written from the definitions alone."""

from __future__ import annotations

import pytest

from tests.measures.comparing import SECOND, compared, exported
from tests.measures.worlds import world
from tracker.measures.catalogue import CATALOGUE
from tracker.measures.declare import SubjectKind

YEARS = [2024, 2025]


def test_every_measure_has_a_second_reading() -> None:
    for kind in SubjectKind:
        names = {m.name for m in CATALOGUE.of(kind)}
        assert names == set(SECOND[kind][1] if kind in SECOND else ())


@pytest.mark.parametrize("seed", range(4))
def test_random_worlds_are_read_alike(sqlite_app, seed: int) -> None:
    assert _read_alike(seed) > 3_000


def test_either_database_reads_a_world_alike(app) -> None:
    assert _read_alike(13) > 3_000


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
