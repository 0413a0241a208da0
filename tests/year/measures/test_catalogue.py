"""The catalogue as a whole: named well, explained, and as cheap for many subjects as for few."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import event

from tests import factories as make
from tracker.core.db import db
from tracker.engine.scoring.names import is_measure
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.collect import collect
from tracker.year.measures.declare import Nothing, Reading, SubjectKind
from tracker.year.measures.labels import undone_words
from tracker.year.measures.names import known_measures
from tracker.year.measures.numbers import decimal_string


def test_every_measure_is_named_labelled_and_explained() -> None:
    for measure in CATALOGUE.measures.values():
        assert is_measure(measure.name), measure.name
        assert measure.label, measure.name
        assert measure.definition.endswith("。"), measure.name
        assert measure.records, measure.name
    assert known_measures() == CATALOGUE.measures.keys()


def test_a_name_is_declared_once() -> None:
    measure = CATALOGUE.measures["returns.paid"]
    with pytest.raises(ValueError, match="twice"):
        CATALOGUE.add(measure)


def test_a_year_costs_the_same_number_of_statements_for_any_number_of_subjects(app: Flask) -> None:
    places = make.zhejiang()
    enclaves = [make.enclave(places["缙云县"], places["富阳区"]) for _ in range(300)]
    for enclave in enclaves:
        make.term(enclave, amount=make.wan(100))
    db.session.flush()
    names = [m.name for m in CATALOGUE.of(SubjectKind.ENCLAVE)] + ["target.villages.listed"]

    def statements(ids: list[int]) -> int:
        seen: list[str] = []
        listener = lambda *arguments: seen.append(arguments[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        facts = collect(2024, SubjectKind.ENCLAVE, names, ids)
        event.remove(db.engine, "before_cursor_execute", listener)
        assert len(facts) == len(ids)
        assert all(of_one["returns.due"].value == "100" for of_one in facts.values())
        return len(seen)

    ids = [enclave.id for enclave in enclaves]
    assert statements(ids) == statements(ids[:3])


def test_the_reports_of_a_year_are_asked_once_for_all_measures(sqlite_app: Flask) -> None:
    places = make.zhejiang()
    names = [m.name for m in CATALOGUE.of(SubjectKind.COUNTY)]
    asked: list[tuple[str, str]] = []
    listener = lambda *of: asked.append((of[2], repr(of[3])))  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    collect(2024, SubjectKind.COUNTY, names, [places["缙云县"].id])
    event.remove(db.engine, "before_cursor_execute", listener)
    of_reports = [each for each in asked if "FROM filings" in each[0]]
    assert len(asked) > 30
    assert of_reports
    assert len(set(of_reports)) == len(of_reports)


def test_what_stands_instead_goes_where_there_is_a_record() -> None:
    reading = Reading({}, len, {"filings": ("trainings", "visits")})
    filing, visit = object(), object()
    nothing = {"trainings": [], "visits": [], "filings": [filing]}
    assert reading.rows(nothing) == nothing
    something = {"trainings": [], "visits": [visit], "filings": [filing]}
    assert reading.rows(something) == {"trainings": [], "visits": [visit], "filings": []}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("10.00", "10"),
        ("1E+3", "1000"),
        ("0.10", "0.1"),
        ("-0", "0"),
        ("1000.8", "1000.8"),
        ("100", "100"),
    ],
)
def test_facts_are_plain_decimals(value: str, text: str) -> None:
    assert decimal_string(Decimal(value)) == text


def test_a_full_value_that_rests_on_nothing_is_told_by_its_word() -> None:
    assert undone_words("sample.pass_rate", Decimal(1), ()) == "未抽查"
    assert undone_words("sample.pass_rate", Decimal(1), ("findings:1",)) == ""
    assert undone_words("sample.pass_rate", Decimal("0.9"), ()) == ""
    assert undone_words("exchanges.joint_meeting", Decimal(1), ()) == ""
    undone = {m.name for m in CATALOGUE.measures.values() if m.undone}
    assert undone == {m.name for m in CATALOGUE.measures.values() if m.nothing is Nothing.FULL}
