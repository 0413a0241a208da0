"""What a project's page says of its counting, against the measures that count."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from tests import factories as make
from tracker.records.enclaves.models import EnclaveKind
from tracker.records.projects.forms import ProjectForm
from tracker.records.projects.models import Project, ProjectCategory
from tracker.web.kit.words import column_of, words_of
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.collect import collect
from tracker.year.measures.counting import OF_SUPPORTER, OWN, counting_of, uncounted_words
from tracker.year.measures.declare import SubjectKind

YEAR = 2024


@pytest.fixture
def places(app):
    return make.zhejiang()


def _projects(places) -> list:
    """Projects that differ in all that a rule asks about."""
    county, supporter, stranger = places["缙云县"], places["富阳区"], places["庆元县"]
    now = make.pairing(supporter, county, since=date(2020, 1, 1))
    over = make.pairing(supporter, stranger, since=date(2010, 1, 1), until=date(2018, 1, 1))
    days = (
        {},
        {"signed_on": date(2024, 3, 1)},
        {"signed_on": date(2025, 3, 1)},
        {"signed_on": date(2019, 3, 1)},
        {"signed_on": date(2022, 3, 1), "completed_on": date(2023, 3, 1)},
        {"signed_on": date(2024, 3, 1), "terminated_on": date(2024, 9, 1)},
    )
    parties = (
        (county, {}),
        (county, {"pairing": now}),
        (county, {"partner": supporter}),
        (county, {"partner": stranger}),
        (stranger, {"pairing": over}),
        (supporter, {"partner": county}),
    )
    kinds = (
        {"category": ProjectCategory.AID},
        {"in_scope": None},
        {"in_scope": False},
    )
    differing = [(party, when, {}) for party, when in product(parties, days)]
    differing += [(party, days[1], kind) for party, kind in product(parties[:3], kinds)]
    return [
        make.project(
            place, total_investment=make.wan(9_000 + number % 2 * 3_000), **party, **kind, **when
        )
        for number, ((place, party), when, kind) in enumerate(differing)
    ]


def test_it_says_what_the_measures_count(places):
    projects = _projects(places)
    ids = [places[name].id for name in ("缙云县", "富阳区", "庆元县")]
    facts = collect(YEAR, SubjectKind.COUNTY, (*OWN, *OF_SUPPORTER), ids)
    made = {
        (name, int(reference.partition(":")[2]))
        for of in facts.values()
        for name, fact in of.items()
        for reference in fact.records
        if reference.startswith("projects:")
    }
    said = {project.id: counting_of(project, YEAR) for project in projects}
    for number, countings in said.items():
        assert [each.measure for each in countings] == [*OWN, *OF_SUPPORTER]
        for each in countings:
            assert each.counts == ((each.measure, number) in made), (number, each)
    assert {each.counts for of in said.values() for each in of} == {True, False}


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        ({}, []),
        (
            {"total_investment": make.wan(2_000)},
            [
                "不计入 2024 年度缙云县的亿元以上产业合作项目数、富阳区的结对亿元以上项目数："
                "计划总投资 2,000 万元，不足 10,000 万元。"
            ],
        ),
        (
            {"signed_on": date(2025, 1, 2)},
            [
                "不计入 2024 年度缙云县的产业合作项目数、富阳区的结对产业合作项目数："
                "2025-01-02签约，晚于年末。"
            ],
        ),
        (
            {"pairing": None},
            [
                "不计入 2024 年度支援县的结对产业合作项目数："
                "没有选结对关系，也没有与结对县共同推进。"
            ],
        ),
    ],
)
def test_the_warning_names_each_reason_once(places, fields, sentences):
    pair = make.pairing(places["富阳区"], places["缙云县"], since=date(2020, 1, 1))
    usual = {"pairing": pair, "total_investment": make.wan(12_000), "signed_on": date(2024, 1, 2)}
    project = make.project(places["缙云县"], **{**usual, **fields})
    assert uncounted_words(counting_of(project, YEAR), YEAR) == sentences


@pytest.mark.parametrize(
    ("in_scope", "county", "site"), [(True, "1", "1"), (None, "0", "1"), (False, "0", "0")]
)
def test_what_an_empty_answer_means_is_said_where_it_counts(places, in_scope, county, site):
    """A county's facts want it said, a site's only that it is not denied; the definitions, the
    dictionary and the form say so."""
    host, origin = places["富阳区"], places["缙云县"]
    enclave = make.enclave(origin, host, EnclaveKind.INDUSTRIAL)
    usual = {"enclave": enclave, "signed_on": date(2024, 1, 2)}
    make.project(origin, in_scope=True, signed_on=date(2010, 1, 1))
    make.project(origin, in_scope=in_scope, **usual)
    make.project(origin, in_scope=True, enclave=enclave, signed_on=date(2010, 1, 1))
    of_county = collect(YEAR, SubjectKind.COUNTY, ["projects.counted"], [origin.id])
    of_site = collect(YEAR, SubjectKind.ENCLAVE, ["introduced.projects"], [enclave.id])
    assert of_county[origin.id]["projects.counted"].value == county
    assert of_site[enclave.id]["introduced.projects"].value == site
    measures = CATALOGUE.measures
    assert "尚未认定的不计" in measures["projects.counted"].definition
    assert "尚未认定的计入" in measures["introduced.projects"].definition
    assert (
        ProjectForm.in_scope.kwargs["description"]
        == words_of(column_of(Project, "in_scope")).meaning
    )
