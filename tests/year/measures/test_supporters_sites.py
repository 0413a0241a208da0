"""What a supporter hosts: parks, enclaves, their space and firms, and what is due to them."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from tests import factories as make
from tests.factories import wan
from tests.year.measures.county_facts import (
    AFTER,
    BEFORE,
    FIRST,
    LAST,
    YEAR,
    Pair,
    fact,
    pair,
    value,
)
from tracker.records.enclaves.agreements import SpaceKind, SpaceStep
from tracker.records.enclaves.models import Enclave, EnclaveKind, TermKind
from tracker.records.ledger.models import EntryKind
from tracker.records.parks.models import ParkKind
from tracker.year.measures.collect import Fact

MAY, JULY = date(2024, 5, 1), date(2024, 7, 1)


@pytest.fixture
def here(app: Flask) -> Pair:
    return pair()


@pytest.fixture
def enclave(here: Pair) -> Enclave:
    return make.enclave(here.county, here.supporter)


def test_cooperation_parks_that_run_or_were_approved_in_the_year(here: Pair) -> None:
    def park(**fields):
        return make.park(here.supporter, here.county, ParkKind.COOPERATION, **fields)

    counted = [park(), park(approved_on=FIRST, closed_on=LAST), park(approved_on=BEFORE)]
    park(approved_on=AFTER)
    park(approved_on=BEFORE, closed_on=LAST)
    make.park(here.supporter, here.county, ParkKind.INDUSTRIAL)
    references = tuple(f"parks:{park.id}" for park in counted)
    assert fact(here.supporter, "support.cooperation_parks") == Fact("3", references)
    new = fact(here.supporter, "support.cooperation_parks_new")
    assert new == Fact("1", references[1:2]), "an old park is not this year's"


def test_enclaves_that_a_supporter_hosts_in_the_year(here: Pair, enclave: Enclave) -> None:
    late = make.enclave(here.county, here.supporter, None, signed_on=LAST, closed_on=None)
    gone = make.enclave(here.county, here.supporter, closed_on=FIRST)
    make.enclave(here.county, here.supporter, closed_on=BEFORE)
    make.enclave(here.county, here.supporter, signed_on=AFTER)
    make.enclave(here.county, here.elsewhere)
    references = tuple(f"enclaves:{one.id}" for one in (enclave, late, gone))
    assert fact(here.supporter, "support.enclaves") == Fact("3", references)


def test_space_in_square_metres_until_the_years_end(here: Pair, enclave: Enclave) -> None:
    agreed = [
        make.space(enclave, "1.5", on=BEFORE, due_on=LAST),
        make.space(enclave, 34_500, SpaceKind.FLOOR, on=LAST),
    ]
    make.space(enclave, 100, on=BEFORE, due_on=AFTER)
    delivered = make.space(enclave, 3, step=SpaceStep.DELIVERED, on=LAST)
    make.space(enclave, 3, step=SpaceStep.DELIVERED, on=AFTER)
    elsewhere = make.enclave(here.county, here.elsewhere)
    make.space(elsewhere, 3, step=SpaceStep.DELIVERED, on=LAST)
    assert fact(here.supporter, "support.space_agreed") == Fact(
        "35500.005", tuple(f"enclave_spaces:{space.id}" for space in reversed(agreed))
    )
    assert fact(here.supporter, "support.space_delivered") == Fact(
        "2000.01", (f"enclave_spaces:{delivered.id}",)
    )


def test_firms_count_once_while_they_are_there(here: Pair, enclave: Enclave) -> None:
    second = make.enclave(here.county, here.supporter)
    code = "91330000EXAMPLE001"
    firms = [
        make.tenant(enclave, credit_code=code, moved_in_on=LAST),
        make.tenant(second, credit_code=code),
        make.tenant(enclave, name="示例企业甲"),
        make.tenant(second, name="示例企业甲"),
        make.tenant(enclave, moved_in_on=MAY, moved_out_on=LAST),
        make.tenant(enclave, moved_in_on=MAY, moved_out_on=AFTER),
    ]
    make.tenant(enclave, moved_in_on=AFTER)
    make.tenant(make.park(here.supporter, here.county))
    found = fact(here.supporter, "support.tenants")
    references = [f"tenants:{firm.id}" for firm in firms]
    assert (found.value, list(found.records)) == ("3", references[::2][:2] + references[5:])
    assert found.alike == (references[1], references[3])
    assert dict(found.uncounted)[references[4]] == "年末前已迁出"


def test_returns_and_shares_due_are_summed_over_the_enclaves_of_a_host(
    here: Pair, enclave: Enclave
) -> None:
    name = "support.returns_due"
    reason = f"{enclave.name}：未填报返利约定，或者约定尚未经合同另一方确认"
    assert fact(here.supporter, name) == Fact(None, reason=reason)
    first = make.term(enclave, amount=wan("1000.8"))
    second = make.enclave(here.county, here.supporter)
    term = make.term(second, amount=wan(100), starts_on=JULY, ends_on=date(2024, 9, 22))
    make.enclave(here.county, here.supporter, EnclaveKind.INNOVATION)
    make.term(make.enclave(here.county, here.elsewhere), amount=wan(7))
    found = fact(here.supporter, name)
    assert found.value == "1023.75082"  # 84 of the 366 days of 2024
    assert {f"return_terms:{first.id}", f"return_terms:{term.id}"} <= set(found.records)
    industrial = make.enclave(here.county, here.supporter, EnclaveKind.INDUSTRIAL)
    assert (
        fact(here.supporter, name).reason
        == f"{industrial.name}：未登记税收分成约定，或者约定尚未经合同另一方确认"
    )
    make.tax_split(make.agreement(industrial), YEAR, "0.4")
    assert value(here.supporter, name) is None
    make.entry(industrial, EntryKind.RETAINED_TAX, wan(500), JULY)
    assert value(here.supporter, name) == "1223.75082"
    assert value(here.elsewhere, name) == "7"


def test_an_enclave_that_promises_nothing_owes_nothing(here: Pair) -> None:
    enclave = make.enclave(here.county, here.supporter, EnclaveKind.INNOVATION)
    assert value(here.supporter, "support.returns_due") == "0"
    make.term(enclave, TermKind.FIXED_SUM, amount=wan(30))
    assert value(here.supporter, "support.returns_due") == "30"


def test_returns_and_shares_paid_by_the_day_they_were_due(here: Pair, enclave: Enclave) -> None:
    name, rebate = "support.returns_on_time", EntryKind.REBATE
    counted = [
        make.entry(enclave, rebate, wan(1), JULY),
        make.entry(enclave, rebate, wan(10), JULY, due_on=JULY),
        make.entry(enclave, EntryKind.TAX_SHARE, wan(100), BEFORE, due_on=MAY),
        make.entry(enclave, rebate, wan(5), JULY, due_on=MAY),
        make.entry(enclave, rebate, wan(5), AFTER, due_on=LAST),
    ]
    make.entry(enclave, rebate, wan(5), JULY, due_on=BEFORE)
    make.entry(enclave, rebate, wan(5), JULY, due_on=AFTER)
    make.entry(enclave, EntryKind.RENT, wan(5), JULY)
    make.entry(make.enclave(here.county, here.elsewhere), rebate, wan(5), JULY)
    references = [f"ledger_entries:{entry.id}" for entry in counted]
    found = fact(here.supporter, name)
    assert (found.value, list(found.records)) == ("111", references[2::-1])
    assert [reference for reference, _ in found.uncounted] == references[3:]
