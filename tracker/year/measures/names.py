"""The names of all measures, for checks that need no database."""

from __future__ import annotations


def known_measures() -> frozenset[str]:
    """Names in the catalogue; `target.X`, `prior.X` and `baseline.X` follow from them."""
    from tracker.year.measures.catalogue import CATALOGUE

    return frozenset(CATALOGUE.measures)
