"""The facts file is read strictly, and both digests rest on canonical JSON."""

from __future__ import annotations

import datetime
import hashlib
import json
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.engine.scoring.build import facts, line, text
from tracker.engine.scoring import (
    FactsError,
    canonical_json,
    digest,
    load_rulebook,
    parse_facts,
    score,
)
from tracker.engine.scoring.facts import _unique


def fact_faults(source, year=2024):
    with pytest.raises(FactsError) as caught:
        parse_facts(source, year)
    return caught.value.faults


def with_value(value):
    """A facts file with one measure, its value written as given."""
    return facts({"m": "VALUE"}).replace('"VALUE"', value).replace('"S1"', '"A"')


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ('"990"', 990),
        ('"1000.8"', Fraction(10008, 10)),
        ('"-0.5"', Fraction(-1, 2)),
        ('"-0"', 0),
        ('"007.50"', Fraction(15, 2)),
        ("121", 121),
        ("-3", -3),
        ('"' + "9" * 60 + '"', 10**60 - 1),
        ("9" * 60, 10**60 - 1),
    ],
)
def test_values(value, number):
    found = parse_facts(with_value(value), 2024).subjects[0].measures["m"]
    assert found == number
    assert type(found) in (int, Fraction)


def test_a_number_that_was_parsed_before_has_no_more_digits_either():
    def given(value):
        return {"year": 2024, "subjects": [{"code": "A", "measures": {"m": value}}]}

    assert parse_facts(given(10**60 - 1)).subjects[0].measures == {"m": 10**60 - 1}
    for value in (10**60, -(10**60)):
        assert "m 的值" in fact_faults(given(value))[0]


def test_null_and_absent_are_not_reported():
    assert parse_facts(with_value("null"), 2024).subjects[0].measures == {}


@pytest.mark.parametrize(
    "value",
    [
        "1.5",
        "1e3",
        "1E400",
        "NaN",
        "Infinity",
        "-Infinity",
        "true",
        "false",
        "[]",
        "{}",
        '""',
        '"1e3"',
        '"+1"',
        '".5"',
        '"5."',
        '" 5"',
        '"5\\n"',
        '"1,000"',
        '"１２"',
        '"--1"',
        '"abc"',
        "[" * 800 + "]" * 800,
        "9" * 5000,
        '"' + "9" * 5000 + '"',
    ],
)
def test_any_other_value_is_a_fault(value):
    found = fact_faults(with_value(value))
    assert len(found) == 1
    assert "对象「A」" in found[0]
    assert "m 的值" in found[0]


@pytest.mark.parametrize(
    "name",
    ["A", "a b", "a.", ".a", "a..b", "1a", "a-b", "", "mean.a", "base", "total.x", "if", "指"],
)
def test_bad_names_of_measures(name):
    assert "不是指标名" in fact_faults(facts({name: 1}))[0]


@pytest.mark.parametrize(
    ("change", "needle"),
    [
        ({"year": 2023}, "2023"),
        ({"year": "2024"}, "year"),
        ({"year": True}, "year"),
        ({"year": None}, "year"),
        ({"subjects": {}}, "subjects"),
        ({"subjects": None}, "subjects"),
        ({"subjects": [1]}, "第 1 个对象"),
        ({"note": "x"}, "note"),
        ({"subjects": [{"name": "x", "measures": {}}]}, "code"),
        ({"subjects": [{"code": " ", "name": "x", "measures": {}}]}, "code"),
        ({"subjects": [{"code": 1, "name": "x", "measures": {}}]}, "code"),
        ({"subjects": [{"code": "A", "name": None}]}, "name"),
        ({"subjects": [{"code": "A", "name": "x", "measures": []}]}, "measures"),
        ({"subjects": [{"code": "A", "name": "x", "measures": {}, "class": 1}]}, "class"),
        ({"subjects": [{"code": "A", "name": "x", "measures": {}, "points": 5}]}, "points"),
        ({"subjects": [{"code": "A", "name": "\ud800", "measures": {}}]}, "name"),
        ({"subjects": [{"code": "A", "name": "x", "measures": {}}] * 2}, "重复"),
    ],
)
def test_faults_of_the_file(change, needle):
    whole = json.loads(facts({"m": 1})) | change
    assert any(needle in fault for fault in fact_faults(json.dumps(whole)))


def test_a_key_that_nobody_knows_is_named_with_its_subject():
    source = {"note": 1, "year": 2024, "subjects": [{"code": "A", "extra": 1}]}
    assert fact_faults(json.dumps(source)) == [
        "不认识的键「note」，请删去或改正拼写",
        "对象「A」：不认识的键「extra」，请删去或改正拼写",
    ]


def test_all_faults_are_listed_at_once():
    found = fact_faults(facts({"m": 1.5, "B": 1}, {"k": True}, year=2023))
    assert len(found) == 4


@pytest.mark.parametrize(
    ("source", "needle"),
    [
        (b"\xff\xfe{}", "UTF-8"),
        ("", "JSON"),
        ("{", "第 1 行第 2 列"),
        ("[]", "最外层"),
        ("null", "最外层"),
        ("[" * 100_000, "套叠过深"),
        ('{"year": 2024, "year": 2024, "subjects": []}', "「year」在同一处重复"),
        (with_value('1, "m": 1'), "「m」在同一处重复"),
    ],
)
def test_files_that_are_no_facts(source, needle):
    assert needle in fact_faults(source)[0]


def test_a_subject_needs_a_code_alone():
    (subject,) = parse_facts({"year": 2024, "subjects": [{"code": "A"}]}).subjects
    assert (subject.name, subject.class_name, subject.measures) == ("", "", {})


def test_a_missing_class_is_empty_and_order_is_kept():
    source = {
        "year": 2024,
        "subjects": [{"code": code, "name": "", "measures": {}} for code in ("B", "A")],
    }
    found = parse_facts(source)
    assert [(s.code, s.class_name) for s in found.subjects] == [("B", ""), ("A", "")]


def test_canonical_json():
    tree = {
        "b": [1, Decimal("1.50"), Decimal("1E+2"), Decimal("0.10"), Decimal("-0.0"), 10**20],
        "a": {"y": True, "x": None, "日": datetime.date(2023, 2, 10)},
        "t": datetime.datetime(2023, 2, 10, 8, 30, tzinfo=datetime.UTC),
        "u": datetime.time(8, 30),
        "z": 'é"\n',
    }
    assert canonical_json(tree).decode() == (
        '{"a":{"x":null,"y":true,"日":"2023-02-10"},'
        '"b":["1","1.5","100","0.1","0","100000000000000000000"],'
        '"t":"2023-02-10T08:30:00+00:00","u":"08:30:00","z":"é\\"\\n"}'
    )
    assert digest({}) == hashlib.sha256(b"{}").hexdigest()


def test_exponents_have_an_end():
    assert canonical_json(Decimal("1E+10000")) == b'"1' + b"0" * 10_000 + b'"'
    with pytest.raises(ValueError, match="no canonical form"):
        canonical_json(Decimal("1E+10001"))


def test_huge_whole_numbers_have_a_canonical_form_too():
    assert canonical_json(10**5000) == b'"1' + b"0" * 5000 + b'"'


@pytest.mark.parametrize("value", [1.5, {1: 2}, {"a"}, b"x", Fraction(1, 3)])
def test_what_has_no_canonical_form(value):
    with pytest.raises(TypeError):
        canonical_json(value)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Decimal("1E+999999")])
def test_numbers_without_a_canonical_form(value):
    with pytest.raises(ValueError, match="no canonical form"):
        canonical_json(value)


def test_the_digest_of_facts_is_that_of_the_file():
    plain = facts({"m": 5, "k": "1.5"})
    found = parse_facts(plain)
    assert found.sha256 == digest(json.loads(plain))
    assert parse_facts(json.dumps(json.loads(plain), indent=3, sort_keys=True)) == found
    assert parse_facts(plain.replace('"m": 5', '"m": "5"')).sha256 == found.sha256
    assert parse_facts(plain.replace('"m": 5', '"m": 6')).sha256 != found.sha256


def test_many_repeated_keys_are_compared_as_often_each_as_a_few():
    compared = 0

    class Key(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other):
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

    for number in (30, 3_000):
        compared, faults = 0, []
        pairs = [(Key("once"), 1), *[(Key(f"m{n}"), 1) for n in range(number)] * 2]
        again = [(Key(key), value) for key, value in pairs]
        assert _unique(again, faults) == dict(pairs)
        assert len(faults) == number
        assert compared < 10 * number  # a look through all for each would be a square


def test_a_null_class_is_none_and_names_are_compared_after_nfkc():
    rows = [
        {"code": "A", "class": None},
        {"code": "B", "class": "（一）类 "},
        {"code": "C", "class": "(一)类"},
    ]
    found = parse_facts({"year": 2024, "subjects": rows}).subjects
    assert [subject.class_name for subject in found] == ["", "(一)类", "(一)类"]
    twice = [{"code": "A1"}, {"code": "Ａ1 "}]
    with pytest.raises(FactsError) as caught:
        parse_facts({"year": 2024, "subjects": twice})
    assert any("code 重复" in fault for fault in caught.value.faults)


def test_a_class_that_the_rulebook_does_not_know():
    rows = [{"code": "A", "class": "平原类"}, {"code": "B", "class": " 山区类"}, {"code": "C"}]
    given = {"year": 2024, "subjects": rows}
    with pytest.raises(FactsError) as caught:
        parse_facts(given, 2024, ("山区类",))
    (fault,) = caught.value.faults
    assert all(word in fault for word in ("「A」", "「平原类」", "山区类"))
    book = load_rulebook(text(line("1", 100), classes=["山区类"]))
    named = {"year": 2024, "subjects": [rows[0] | {"name": "甲县"}, rows[0] | {"code": "B"}]}
    with pytest.raises(FactsError) as caught:
        score(book, parse_facts(named))
    assert [fault.partition("：")[0] for fault in caught.value.faults] == [
        "对象「甲县」",
        "对象「B」",
    ]
    assert parse_facts(given).subjects[0].class_name == "平原类"  # without `classes` any is taken
