"""Whoever is obliged never sets the obligation: every field that a form asks for and a measure
reads, with who may set it.

The fields are found in the forms and in the statements of the catalogue; a new one has to be put
into a table of this file.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Column
from sqlalchemy.sql import visitors

from tests import factories as make
from tests import factories_acts as acts
from tracker.records.accounts.permissions import GRANTS, Role
from tracker.records.enclaves import binding
from tracker.web.kit.kinds import all_kinds
from tracker.web.kit.words import column_of
from tracker.year.measures.declare import CATALOGUE

ASSESSOR, STAFF = frozenset({Role.ASSESSOR}), frozenset({Role.STAFF})
BOTH = ASSESSOR | STAFF
ABOVE = ASSESSOR | {Role.REVIEWER}  # the province, and a city for its counties
YEARS = (2023, 2024, 2025)

# What places are scored against, or what others say of them: set above them, with all its fields.
OBLIGATIONS = {
    "annual_tasks": ASSESSOR,
    "adoptions": ASSESSOR,
    "aid_groups": ASSESSOR,
    "aid_group_members": ASSESSOR,
    "county_listings": ASSESSOR,
    "findings": ASSESSOR,
    "holidays": ASSESSOR,
    "industrial_listings": ASSESSOR,
    "pairing_citations": ASSESSOR,
    "pairing_rounds": ASSESSOR,
    "pairings": ASSESSOR,
    "key_work_milestones": ABOVE,
    "key_works": ABOVE,
    "plan_goals": ASSESSOR,
    "platforms": ASSESSOR,
    "regions": ASSESSOR,
    "submissions": ASSESSOR,
    "targets": ASSESSOR,
}
# What one side of a contract enters: it counts once the other side or the province confirmed it,
# and is theirs alone no more.
CONFIRMED = {
    "return_terms": "kind rate capital_base amount starts_on ends_on pay_by",
    "tax_splits": "from_year to_year origin_share pay_by",
    "enclave_spaces": "step kind quantity on due_on",
}
# Fields of a place's own reports that only the province's people set: always, once they are told,
# once there is a record.
ALWAYS = {
    "indicators": "reason",  # of what comes after the year is locked
    "parks": "base_year",
    "demonstrations": "acceptance_year approved_on accepted_on",
}
TOLD_ONCE = {
    "enclaves": "kind direction host_id signed_on in_use_on area_mu total_capital village_capital",
    "parks": "kind signed_on approved_on ten_billion_on",
    "projects": "in_scope",
}
LATER = {"enclaves": "closed_on development_since", "parks": "closed_on"}
# What places report of what they did; it is proven by evidence, and city and province rule on it.
REPORTS = {
    "enclaves": "name origin_id platform_id villages has_village_disclosure",
    "enclave_agreements": "building_mode duties ends_on origin_cost_share host_cost_share operator "
    "full_time_staff",
    "agreement_documents": "kind signed_on",
    "parks": "recipient_id supporter_id",
    "demonstrations": "county_id village_id applied_on low_income_households "
    "has_village_disclosure",
    "projects": "category pairing_id enclave_id park_id demonstration_village_id source_side "
    "is_leading_industry is_chain total_investment planned_on negotiated_on signed_on started_on "
    "completed_on in_production_on terminated_on incubated_in_id partner_id",
    "ledger": "kind amount occurred_on cumulative villages",
    "village_payments": "village_id amount",
    "villages": "county_id",
    "village_incomes": "year operating",
    "village_stakes": "joined_on left_on",
    "operations": "enclave_id park_id year quarter item value",
    "tenants": "enclave_id name credit_code moved_in_on moved_out_on",
    "visits": "pairing_id visited_on",
    "joint_meetings": "pairing_id met_on",
    "joint_events": "held_on park_id",
    "secondments": "pairing_id person sent_by from_post starts_on ends_on",
    "specialist_postings": "pairing_id people starts_on",
    "trainings": "pairing_id purpose held_on people",
    "institution_pairs": "pairing_id signed_on ends_on",
    "consumption_aids": "pairing_id bought_on amount demonstration_village_id park_id",
}


# Shared lists of things, which oblige nobody.
SHARED = {"organisations": STAFF, "sources": ASSESSOR}


def setters(kind) -> frozenset[Role]:
    return frozenset(role for role in Role if kind.edit in GRANTS[role])


def entered() -> dict:
    return {kind.key: kind for kind in all_kinds() if kind.form is not None and kind.edit}


def read_by_measures() -> set[tuple[str, str]]:
    """(table, column) of everything that a statement of the catalogue looks at."""
    found = set()
    for measure in CATALOGUE.measures.values():
        for year in YEARS:
            for statement in measure.read(year).statements.values():
                for part in visitors.iterate(statement):
                    if isinstance(part, Column) and part.table is not None:
                        found.add((part.table.name, part.name))
    return found


def scored_fields() -> dict[str, set[str]]:
    """Kind → the fields of its form that a measure reads."""
    read, found = read_by_measures(), {}
    for key, kind in entered().items():
        names = [name for _, names in kind.form.groups for name in names]
        columns = {name: column_of(kind.model, name) for name in names if hasattr(kind.model, name)}
        fields = {
            name
            for name, column in columns.items()
            if column is not None and (kind.model.__tablename__, column.name) in read
        }
        if fields:
            found[key] = fields
    return found


def words(*tables: dict[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for table in tables:
        for key, names in table.items():
            found[key] = found.get(key, set()) | set(names.split())
    return found


def test_every_scored_field_has_its_setter(sqlite_app: Flask) -> None:
    derived = {
        key: fields for key, fields in scored_fields().items() if key not in {*OBLIGATIONS, *SHARED}
    }
    told = words(CONFIRMED, ALWAYS, TOLD_ONCE, LATER, REPORTS)
    missing = {key: fields - told.get(key, set()) for key, fields in derived.items()}
    assert {key: fields for key, fields in missing.items() if fields} == {}
    forms = {
        key: {name for _, names in kind.form.groups for name in names}
        for key, kind in entered().items()
    }
    gone = {key: fields - forms[key] for key, fields in told.items()}
    assert {key: fields for key, fields in gone.items() if fields} == {}
    reported = words(REPORTS)
    for table in (CONFIRMED, ALWAYS, TOLD_ONCE, LATER):
        for key, fields in words(table).items():
            assert not fields & reported.get(key, set()), key


def test_a_payment_says_nothing_of_when_it_was_due(sqlite_app: Flask) -> None:
    """The day follows from what was promised (tests/records/test_due_days.py)."""
    names = {name for _, names in entered()["ledger"].form.groups for name in names}
    assert "due_on" not in names


def test_obligations_are_set_above(sqlite_app: Flask) -> None:
    kinds = entered()
    assert {key: setters(kinds[key]) for key in OBLIGATIONS} == OBLIGATIONS


def test_every_other_kind_is_the_places_own_report(sqlite_app: Flask) -> None:
    """A new kind of record has to be put into one of the tables of this file."""
    others = {
        key: setters(kind)
        for key, kind in entered().items()
        if key not in OBLIGATIONS and key not in SHARED
    }
    wrong = {key: roles for key, roles in others.items() if Role.STAFF not in roles}
    assert wrong == {}
    assert all(roles <= BOTH for roles in others.values())
    # Where fields are left to the province, it can fill them in.
    left = {*ALWAYS, *TOLD_ONCE, *LATER, *CONFIRMED}
    assert {key for key in left if others[key] != BOTH} == set()


@pytest.mark.parametrize("role", list(Role))
def test_fields_that_oblige_are_reserved(sqlite_app: Flask, role: Role) -> None:
    places = make.zhejiang()
    county, province = make.user(role, places["缙云县"]), make.user(role, places["浙江省"])
    enclave = make.enclave(
        places["缙云县"],
        places["富阳区"],
        village_capital=make.wan(1),
        total_capital=make.wan(2),
        area_mu=1,
        signed_on=make.DAY,
        in_use_on=make.DAY,
    )
    park = make.park(
        places["富阳区"],
        places["缙云县"],
        signed_on=make.DAY,
        approved_on=make.DAY,
        ten_billion_on=make.DAY,
    )
    records = {
        "enclaves": enclave,
        "parks": park,
        "projects": make.project(places["缙云县"]),
        "demonstrations": make.demonstration_village(places["缙云县"]),
    }
    kinds = entered()
    always, told = words(ALWAYS), words(ALWAYS, TOLD_ONCE, LATER)
    for key, kind in kinds.items():
        assert set(kind.reserved(county, None)) == always.get(key, set()), key
        assert set(kind.reserved(county, records.get(key))) == told.get(key, set()), key
        assert tuple(kind.reserved(province, records.get(key))) == ()
    enclave.kind = enclave.total_capital = None
    left = set(kinds["enclaves"].reserved(county, enclave))
    assert told["enclaves"] - left == {"kind", "total_capital", "development_since"}


def test_an_assessors_role_in_a_county_sets_nothing_for_it(sqlite_app: Flask) -> None:
    """The role alone is not enough: who sits in a place is that place's."""
    places = make.zhejiang()
    county = make.user(Role.ASSESSOR, places["缙云县"])
    province = make.user(Role.ASSESSOR, places["浙江省"])
    pairing = make.pairing(places["富阳区"], places["缙云县"])
    made = {
        "submissions": acts.filing(places["缙云县"]),
        "targets": make.target(places["缙云县"], 2024, "returns.paid", 1),
        "pairings": pairing,
        "aid_groups": make.aid_group(places["缙云县"]),
    }
    kinds = entered()
    for key, record in made.items():
        assert kinds[key].blocked(county, record) is not None, key
        assert kinds[key].blocked(province, record) is None, key


@pytest.mark.parametrize("role", [Role.STAFF, Role.ASSESSOR])
def test_what_binds_is_held_whoever_of_the_place_asks(sqlite_app: Flask, role: Role) -> None:
    places = make.zhejiang()
    enclave = make.enclave(places["缙云县"], places["富阳区"])
    promises = {
        "return_terms": make.term(enclave, amount=1),
        "tax_splits": make.tax_split(make.agreement(enclave)),
        "enclave_spaces": make.space(enclave),
    }
    assert set(promises) == set(CONFIRMED)
    assert {type(record) for record in promises.values()} == set(binding.BOUND)
    own, host = make.user(role, places["缙云县"]), make.user(role, places["富阳区"])
    kinds = entered()
    for key, record in promises.items():
        assert kinds[key].blocked(own, record) is not None, key
        assert not binding.may_confirm(own, record)
        assert binding.may_confirm(host, record)
        record.confirmed_at = None
        assert kinds[key].blocked(own, record) is None, key
