"""Rulings and the three columns of a fact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from tests import factories as make
from tests.factories import wan
from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.determinations.models import Ruling, RulingLevel
from tracker.records.determinations.service import RulingError, rule
from tracker.records.determinations.values import TYPES, YES_OR_NO, fault
from tracker.records.enclaves.models import Enclave
from tracker.records.evidence.service import hand_in, keep, withdraw
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.service import reverse
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.collect import collect
from tracker.year.measures.columns import UNPROVEN, ColumnFact, columns
from tracker.year.measures.declare import SubjectKind

YEAR, PAID = 2024, "returns.paid"
COUNTY, CITY, PROVINCE = RulingLevel
SLIP = {PAID: ["银行回单"]}


@pytest.fixture
def places(app: Flask):
    return make.zhejiang()


@pytest.fixture
def assessor(places) -> User:
    return make.user(Role.ASSESSOR, places["浙江省"])


@pytest.fixture
def enclave(places) -> Enclave:
    return make.enclave(places["缙云县"], places["富阳区"])


@pytest.fixture
def payment(enclave: Enclave) -> LedgerEntry:
    return make.entry(enclave, EntryKind.REBATE, wan(300), date(YEAR, 6, 30))


def shown(enclave: Enclave, evidence=None) -> dict[RulingLevel, ColumnFact]:
    facts = collect(YEAR, SubjectKind.ENCLAVE, [PAID], [enclave.id])
    found = columns(YEAR, SubjectKind.ENCLAVE, facts, evidence)
    return {level: found[level][enclave.id][PAID] for level in RulingLevel}


def rule_on(enclave: Enclave, actor: User, level: RulingLevel, ruling: Ruling, **more):
    more.setdefault("reported", Decimal(300))
    subject = {"enclave_id": enclave.id}
    return rule(YEAR, PAID, subject, level, ruling, actor=actor, **more)


def test_a_fact_that_nobody_ruled_on_is_undetermined_above_the_county(enclave, payment) -> None:
    found = shown(enclave)
    assert found[COUNTY] == ColumnFact("300", undetermined=False)
    assert found[CITY] == found[PROVINCE] == ColumnFact("300", undetermined=True)


def test_a_column_takes_the_latest_ruling_at_its_level_or_below(enclave, payment, assessor) -> None:
    rule_on(enclave, assessor, CITY, Ruling.ACCEPTED)
    rule_on(enclave, assessor, CITY, Ruling.CORRECTED, value=Decimal(280), reason="重复计入一笔")
    assert shown(enclave)[COUNTY].value == "300"
    said = "初审更正：重复计入一笔"
    assert shown(enclave)[CITY] == ColumnFact("280", False, said, CITY)
    assert shown(enclave)[PROVINCE] == ColumnFact("280", False, f"沿用{said}", CITY)
    rule_on(enclave, assessor, PROVINCE, Ruling.REFUSED, reason="回单与账户不符")
    assert shown(enclave)[CITY].value == "280"
    assert shown(enclave)[PROVINCE] == ColumnFact(
        "0", False, "复核不予认定：回单与账户不符", PROVINCE
    )


STANDS = {
    # ruling → what counts while the records say one 元 more than was ruled on
    "accepted": (Ruling.ACCEPTED, {}, "300"),
    "corrected": (Ruling.CORRECTED, {"value": Decimal(280), "reason": "重复一笔"}, "280"),
    "refused": (Ruling.REFUSED, {"reason": "回单与账户不符"}, "0"),
}


@pytest.mark.parametrize("level", [CITY, PROVINCE])
@pytest.mark.parametrize(("ruling", "more", "counts"), STANDS.values(), ids=STANDS)
def test_a_ruling_that_records_contradict_stands_until_ruled_anew(
    enclave, payment, assessor, level, ruling, more, counts
) -> None:
    rule_on(enclave, assessor, level, ruling, **more)
    before = shown(enclave, SLIP)[level]
    assert (before.value, before.changed) == (counts, False)
    make.entry(enclave, EntryKind.REBATE, Decimal(1), date(YEAR, 9, 30))
    found = shown(enclave, SLIP)
    assert found[COUNTY].value == "300.0001"
    for column in (level, PROVINCE):
        fact = found[column]
        assert (fact.value, fact.changed, fact.by) == (counts, True, level)
        assert "裁定后记录有变（现上报 ≈300 万元）" in fact.reason
    rule_on(enclave, assessor, level, Ruling.ACCEPTED, reported=Decimal("300.0001"))
    again = shown(enclave, SLIP)[level]
    assert (again.value, again.changed) == ("300.0001", False)


def test_a_ruling_stands_when_its_records_are_gone(enclave, payment, assessor) -> None:
    rule_on(enclave, assessor, PROVINCE, Ruling.ACCEPTED)
    reverse(assessor, payment, "重复登记")
    fact = shown(enclave)[PROVINCE]
    assert (fact.value, fact.changed) == ("300", True)
    assert "现无上报值" in fact.reason


def test_evidence_that_is_asked_for_and_absent_counts_nought(enclave, payment, assessor) -> None:
    assert shown(enclave, SLIP)[COUNTY].value == "300"
    assert shown(enclave, SLIP)[PROVINCE] == ColumnFact("0", True, UNPROVEN)
    link = hand_in(payment, keep(b"%PDF-1.7 slip"), "回单.pdf", "银行回单", assessor)
    assert shown(enclave, SLIP)[PROVINCE] == ColumnFact("300", True)
    withdraw(link, assessor)
    assert shown(enclave, SLIP)[PROVINCE].value == "0"
    hand_in(payment, keep(b"%PDF-1.7 other"), "照片.pdf", "现场照片", assessor)
    assert shown(enclave, SLIP)[PROVINCE].value == "0"


def test_who_has_ruled_has_seen_the_evidence(enclave, payment, assessor) -> None:
    rule_on(enclave, assessor, PROVINCE, Ruling.ACCEPTED)
    assert shown(enclave, SLIP)[PROVINCE] == ColumnFact("300", False, "", PROVINCE)


def test_what_was_not_reported_can_be_put_right_but_not_accepted(enclave, assessor) -> None:
    with pytest.raises(RulingError, match="无从认可"):
        rule_on(enclave, assessor, CITY, Ruling.ACCEPTED, reported=None)
    assert shown(enclave)[PROVINCE].value is None
    rule_on(
        enclave,
        assessor,
        CITY,
        Ruling.CORRECTED,
        reported=None,
        value=Decimal("1000.8"),
        reason="银行回单核实",
    )
    assert shown(enclave)[PROVINCE].value == "1000.8"


@pytest.mark.parametrize(
    ("ruling", "more", "field"),
    [
        (Ruling.CORRECTED, {"reason": "核对"}, "value"),
        (Ruling.CORRECTED, {"value": Decimal(280)}, "reason"),
        (Ruling.CORRECTED, {"value": Decimal(300), "reason": "核对"}, "value"),
        (Ruling.REFUSED, {"reason": "  "}, "reason"),
        (Ruling.ACCEPTED, {"value": Decimal(280)}, "value"),
    ],
)
def test_a_ruling_says_what_it_has_to(enclave, payment, assessor, ruling, more, field) -> None:
    with pytest.raises(RulingError) as refused:
        rule_on(enclave, assessor, CITY, ruling, **more)
    assert refused.value.field == field


def test_columns_cost_the_same_number_of_statements_for_any_number_of_facts(places) -> None:
    from sqlalchemy import event

    enclaves = [make.enclave(places["缙云县"], places["富阳区"]) for _ in range(40)]
    for enclave in enclaves:
        make.entry(enclave, EntryKind.REBATE, wan(1), date(YEAR, 1, 1))

    def statements(some: list[Enclave]) -> int:
        facts = collect(YEAR, SubjectKind.ENCLAVE, [PAID], [e.id for e in some])
        seen: list[str] = []
        listener = lambda *arguments: seen.append(arguments[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        columns(YEAR, SubjectKind.ENCLAVE, facts, SLIP)
        event.remove(db.engine, "before_cursor_execute", listener)
        return len(seen)

    assert statements(enclaves) == statements(enclaves[:2])


GOOD_AND_BAD = {
    "人": (["0", "3"], ["2.5", "-1"]),
    "个": (["12"], ["0.1"]),
    "万元": (["0.000001", "1000.8", "0"], ["0.0000001", "-0.5"]),
    "元": (["0.01"], ["0.001", "-1"]),
    "比例": (["0", "0.125", "1"], ["1.01", "-0.1", "0.123456789"]),
    "是否": (["0", "1"], ["2", "0.5", "-1"]),
    "亩": (["0.0001"], ["0.00001", "-3"]),
    "m²": (["0.25"], ["0.001"]),
    "万元/亩": (["12.34567891"], ["-1"]),
    "万人次": (["1.2345"], ["1.23456"]),
}


def test_every_unit_of_the_catalogue_has_a_type() -> None:
    units = {measure.unit for measure in CATALOGUE.measures.values()}
    assert units <= {*TYPES, YES_OR_NO}


@pytest.mark.parametrize(("unit", "values"), GOOD_AND_BAD.items())
def test_a_ruling_has_its_measures_type(unit: str, values: tuple[list[str], list[str]]) -> None:
    good, bad = values
    for measure in CATALOGUE.measures.values():
        if measure.unit == unit:
            assert [v for v in good if fault(measure.name, Decimal(v))] == []
            assert [v for v in bad if not fault(measure.name, Decimal(v))] == []


def test_half_a_person_is_refused_by_the_service(places, assessor) -> None:
    subject = {"region_id": places["缙云县"].id}
    ruling = (YEAR, "cadres.posted", subject, CITY, Ruling.CORRECTED, Decimal(3), assessor)
    with pytest.raises(RulingError, match="须为整数") as refused:
        rule(*ruling, value=Decimal("2.5"), reason="核对名单")
    assert refused.value.field == "value"
    with pytest.raises(RulingError, match="没有这项指标"):
        rule(YEAR, "cadres.post", *ruling[2:], value=Decimal(2), reason="核对名单")
