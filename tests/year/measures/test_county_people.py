"""People and goods between the sides: each record counts for the county and for its supporter."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from tests import factories as make
from tests.factories import wan
from tests.factories_acts import (
    consumption_aid,
    institution_pair,
    secondment,
    specialist_posting,
    training,
)
from tests.year.measures.county_facts import AFTER, BEFORE, FIRST, LAST, Pair, fact, pair, value
from tracker.records.exchanges.models import InstitutionKind, Side, TrainingPurpose
from tracker.year.measures.catalogue.county_people import FULL_TERM_DAYS
from tracker.year.measures.collect import Fact

MAY = date(2024, 5, 1)


@pytest.fixture
def here(app: Flask) -> Pair:
    return pair()


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "counts"),
    [
        (LAST, None, "1"),
        (date(2022, 3, 1), LAST, "1"),
        (AFTER, None, None),
        (date(2022, 3, 1), BEFORE, None),
        (date(2022, 3, 1), FIRST, "0"),
        (date(2022, 3, 1), FIRST + timedelta(days=FULL_TERM_DAYS - 1), "1"),
        (date(2022, 3, 1), FIRST + timedelta(days=FULL_TERM_DAYS - 2), "0"),
        (FIRST, FIRST + timedelta(days=FULL_TERM_DAYS - 1), "1"),
        (FIRST, FIRST + timedelta(days=FULL_TERM_DAYS - 2), "0"),
    ],
)
def test_a_cadre_counts_at_the_years_end_or_after_a_full_term(
    here: Pair, starts_on: date, ends_on: date | None, counts: str | None
) -> None:
    secondment(here.pairing, starts_on, ends_on=ends_on)
    assert value(here.county, "cadres.posted") == counts
    assert value(here.supporter, "support.cadres") == counts


def test_a_person_counts_once_and_only_if_the_supporter_sent_them(here: Pair) -> None:
    second = make.pairing(here.elsewhere, here.county)
    first = secondment(here.pairing, MAY, person="示例甲", ends_on=date(2024, 12, 30))
    again = secondment(here.pairing, LAST, person="示例甲")
    other = secondment(second, MAY, person="示例乙")
    secondment(here.pairing, MAY, Side.RECIPIENT, person="示例丙")
    found = fact(here.county, "cadres.posted")
    assert (found.value, found.records) == (
        "2",
        (f"secondments:{first.id}", f"secondments:{other.id}"),
    )
    assert found.alike == (f"secondments:{again.id}",)
    assert found.uncounted == ((f"secondments:{again.id}", "与已计入的是同一人"),)
    assert value(here.supporter, "support.cadres") == "1"
    assert value(here.elsewhere, "support.cadres") == "1"


def test_two_counties_may_send_people_of_one_name(here: Pair) -> None:
    second = make.pairing(here.elsewhere, here.county)
    for pairing in (here.pairing, second):
        secondment(pairing, MAY, person="张伟", from_post="发展和改革局副局长")
    assert value(here.county, "cadres.posted") == "2"
    assert value(here.supporter, "support.cadres") == "1"
    third = make.pairing(here.supporter, here.elsewhere)
    secondment(third, MAY, person="张伟", from_post="发展和改革局副局长")
    assert value(here.supporter, "support.cadres") == "1", "the same county sent the same person"


def test_agreements_of_schools_and_hospitals_in_effect_at_the_years_end(here: Pair) -> None:
    school = institution_pair(here.pairing, signed_on=date(2020, 9, 1))
    hospital = institution_pair(here.pairing, InstitutionKind.HOSPITAL, signed_on=LAST)
    ended = institution_pair(here.pairing, signed_on=date(2020, 9, 1), ends_on=LAST)
    institution_pair(here.pairing, signed_on=AFTER)
    references = tuple(f"institution_pairs:{r.id}" for r in (school, hospital, ended))
    assert fact(here.county, "partners.schools_hospitals") == Fact("3", references)
    assert fact(here.supporter, "support.partners") == Fact("3", references)
    ended.ends_on = date(2024, 12, 30)
    assert value(here.county, "partners.schools_hospitals") == "2"
    assert value(here.supporter, "support.partners") == "2"


def test_agreements_that_have_all_ended_are_nought_and_not_unreported(here: Pair) -> None:
    institution_pair(here.pairing, signed_on=date(2020, 9, 1), ends_on=date(2024, 6, 30))
    assert value(here.county, "partners.schools_hospitals") == "0"


def test_trained_for_work_and_not_cadres(here: Pair) -> None:
    work = training(here.pairing, 120, on=FIRST, employed=80)
    skills = training(here.pairing, 30, TrainingPurpose.SKILLS, on=LAST)
    training(here.pairing, 500, TrainingPurpose.CADRES, on=MAY)
    training(here.pairing, 7, on=BEFORE)
    training(here.pairing, 7, on=AFTER)
    expected = Fact("150", (f"trainings:{work.id}", f"trainings:{skills.id}"))
    assert fact(here.county, "training.placed") == expected
    assert fact(here.supporter, "support.training") == expected


def test_specialists_count_in_the_year_in_which_they_are_sent(here: Pair) -> None:
    first = specialist_posting(here.pairing, 12, starts_on=FIRST)
    last = specialist_posting(here.pairing, 3, starts_on=LAST)
    specialist_posting(here.pairing, 40, starts_on=BEFORE, ends_on=MAY)
    specialist_posting(here.pairing, 40, starts_on=AFTER)
    expected = (f"specialist_postings:{first.id}", f"specialist_postings:{last.id}")
    assert fact(here.supporter, "support.specialists") == Fact("15", expected)


def test_goods_sold_are_summed_to_the_fen_over_all_pairings(here: Pair) -> None:
    second = make.pairing(here.elsewhere, here.county)
    one = consumption_aid(here.pairing, wan("320.5"), FIRST)
    two = consumption_aid(second, Decimal("0.01"), LAST)
    consumption_aid(here.pairing, wan(99), BEFORE)
    consumption_aid(here.pairing, wan(99), AFTER)
    assert fact(here.county, "consumption.sales") == Fact(
        "320.500001", (f"consumption_aids:{one.id}", f"consumption_aids:{two.id}")
    )
    assert value(here.supporter, "support.consumption") == "320.5"
