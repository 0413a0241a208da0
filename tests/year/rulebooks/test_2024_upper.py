"""Cities and pairs, whose sheets are means of other sheets, by the rulebooks of 2024."""

from __future__ import annotations

from decimal import Decimal

from tests.year.rulebooks.sheets import line
from tests.year.rulebooks.test_2024_facts import card


def test_a_city_is_the_mean_of_both_kinds_of_its_counties() -> None:
    found = card("city.toml", score__county__recipient="80", score__county__supporter="91.5")
    assert (found.total, found.grade, found.complete) == (Decimal("85.75"), "良好", True)


def test_a_city_of_one_kind_is_the_mean_of_that_kind() -> None:
    only = {"city__supporters": "0", "score__county__supporter": None}
    found = card("city.toml", score__county__recipient="87.654", **only)
    assert line(found, "2").spread_away
    assert (found.total, found.complete) == (Decimal("87.65"), True)
    other = {"city__recipients": "0", "score__county__recipient": None}
    assert card("city.toml", score__county__supporter="70", **other).total == 70


def test_a_city_with_an_incomplete_county_is_incomplete() -> None:
    assert not card("city.toml", score__county__recipient=None).complete


def test_a_pair_is_exactly_the_mean_of_its_sides_bonuses_included() -> None:
    found = card("pair.toml", score__county__recipient="87.35", score__county__supporter="90.15")
    assert [line.award for line in found.lines] == [Decimal("43.675"), Decimal("45.075")]
    assert found.total == Decimal("88.75")
    found = card("pair.toml", score__county__recipient="110", score__county__supporter="103.01")
    assert found.total == Decimal("106.505")
