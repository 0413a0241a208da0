"""What nothing on record means, for every measure: as its definition says, and never a nought for
what nobody knows."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests import factories as make
from tests import factories_acts as acts
from tracker.records.submissions.models import FilingKind
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.collect import Fact, collect
from tracker.year.measures.declare import Nothing, SubjectKind, said
from tracker.year.measures.fields import measured
from tracker.year.measures.records import _DESCRIBED

YEAR = 2024
FILED = datetime(2025, 1, 8, tzinfo=UTC)
ZERO = {Nothing.NONE: "0", Nothing.NOT_SET: "0", Nothing.FULL: "1"}


def _facts(kind: SubjectKind, subject) -> dict[str, Fact]:
    names = [m.name for m in CATALOGUE.of(kind)]
    return collect(YEAR, kind, names, [subject.id])[subject.id]


def _expected(nothing: Nothing, *, filed: bool = False, known: bool = False) -> str | None:
    if nothing in ZERO:
        return ZERO[nothing]
    if nothing is Nothing.IF_FILED:
        return "0" if filed else None
    if nothing is Nothing.IF_KNOWN:
        return "0" if known else None
    return None


def _check(kind: SubjectKind, subject, **state: bool) -> None:
    facts = _facts(kind, subject)
    for measure in CATALOGUE.of(kind):
        if state.get("filed") and "reports." in measure.name:
            continue  # the report itself is on record
        fact = facts[measure.name]
        assert fact.value == _expected(measure.nothing, **state), (measure.name, fact)
        assert bool(fact.reason) == (fact.value is None), measure.name


def test_a_county_with_nothing(sqlite_app) -> None:
    places = make.zhejiang()
    _check(SubjectKind.COUNTY, places["缙云县"])
    _check(SubjectKind.CITY, places["丽水市"])
    make.listing(places["庆元县"])
    _check(SubjectKind.COUNTY, places["庆元县"], known=True)


def test_a_county_that_only_filed(sqlite_app) -> None:
    places = make.zhejiang()
    make.pairing(places["富阳区"], places["缙云县"])
    for place in (places["富阳区"], places["缙云县"]):
        acts.filing(place, YEAR, FilingKind.ANNUAL, filed_at=FILED)
        _check(SubjectKind.COUNTY, place, filed=True, known=True)


@pytest.mark.parametrize("filed", [False, True])
def test_sites_with_nothing(sqlite_app, filed: bool) -> None:
    places = make.zhejiang()
    strong, poor = places["富阳区"], places["缙云县"]
    enclave = make.enclave(poor, strong, None)
    park = make.park(strong, poor)
    village = make.demonstration_village(poor)
    if filed:
        for subject in (poor, enclave):
            acts.filing(subject, YEAR, FilingKind.Q4, filed_at=FILED)
    _check(SubjectKind.ENCLAVE, enclave, filed=filed)
    _check(SubjectKind.PARK, park, filed=filed)
    _check(SubjectKind.VILLAGE, village, filed=filed)


def test_a_nought_that_is_none_has_a_word() -> None:
    """Of what nobody agreed or issued: a rulebook needs a number, a reader the word."""
    words = {m.name: m.nought for m in CATALOGUE.measures.values() if m.nought}
    not_set = {m.name for m in CATALOGUE.measures.values() if m.nothing is Nothing.NOT_SET}
    assert words.keys() == not_set | {"rate.agreed"}
    assert set(words.values()) == {"未约定", "未下达", "未规定"}


def test_pages_read_the_word_too(sqlite_app) -> None:
    assert measured(Decimal(0), "rate.agreed") == "未约定"
    assert measured(Decimal("0.1"), "rate.agreed").striptags() == "10%"
    assert measured(Decimal(0), "goal.per_village").striptags() == "0万元", "issued as such"


def test_every_record_behind_a_fact_has_words() -> None:
    tables = {
        table.partition("#")[0]
        for measure in CATALOGUE.measures.values()
        for table in measure.read(YEAR).statements
    }
    assert tables <= _DESCRIBED.keys()


def test_a_definition_has_to_say_what_nothing_means() -> None:
    with pytest.raises(ValueError, match="nothing"):
        said("当年的合计。")
