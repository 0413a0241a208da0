"""Whoever is obliged never sets the obligation: kind of record by kind, who may set it."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import factories as make
from tests import factories_acts as acts
from tracker.accounts.permissions import GRANTS, Role
from tracker.web.kit.kinds import all_kinds

ASSESSOR, STAFF = frozenset({Role.ASSESSOR}), frozenset({Role.STAFF})
BOTH = ASSESSOR | STAFF

# What places are scored against, or what others say of them: set above them.
OBLIGATIONS = {
    "adoptions": ASSESSOR,
    "aid_groups": ASSESSOR,
    "aid_group_members": ASSESSOR,
    "county_listings": ASSESSOR,
    "findings": ASSESSOR,
    "industrial_listings": ASSESSOR,
    "pairing_citations": ASSESSOR,
    "pairing_rounds": ASSESSOR,
    "pairings": ASSESSOR,
    "platforms": ASSESSOR,
    "regions": ASSESSOR,
    "submissions": ASSESSOR,
    "targets": ASSESSOR,
}
# What places report of themselves; fields of these that oblige are set above.
RESERVED = {"parks": ("base_year",), "demonstrations": ("acceptance_year",)}
# Shared lists of things, which oblige nobody.
SHARED = {"organisations": STAFF, "sources": ASSESSOR}


def setters(kind) -> frozenset[Role]:
    return frozenset(role for role in Role if kind.edit in GRANTS[role])


def entered(app: Flask) -> dict:
    return {kind.key: kind for kind in all_kinds() if kind.form is not None and kind.edit}


def test_obligations_are_set_above(sqlite_app: Flask) -> None:
    kinds = entered(sqlite_app)
    assert {key: setters(kinds[key]) for key in OBLIGATIONS} == OBLIGATIONS


def test_every_other_kind_is_the_places_own_report(sqlite_app: Flask) -> None:
    """A new kind of record has to be put into one of the tables of this file."""
    others = {
        key: setters(kind)
        for key, kind in entered(sqlite_app).items()
        if key not in OBLIGATIONS and key not in SHARED
    }
    wrong = {key: roles for key, roles in others.items() if Role.STAFF not in roles}
    assert wrong == {}
    assert all(roles <= BOTH for roles in others.values())


@pytest.mark.parametrize("role", list(Role))
def test_fields_that_oblige_are_reserved(sqlite_app: Flask, role: Role) -> None:
    places = make.zhejiang()
    kinds = entered(sqlite_app)
    for key, names in RESERVED.items():
        county, province = make.user(role, places["缙云县"]), make.user(role, places["浙江省"])
        assert tuple(kinds[key].reserved(county)) == names
        assert tuple(kinds[key].reserved(province)) == ()
    assert {key for key, kind in kinds.items() if kind.reserved(county)} == set(RESERVED)


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
    kinds = entered(sqlite_app)
    for key, record in made.items():
        assert kinds[key].blocked(county, record) is not None, key
        assert kinds[key].blocked(province, record) is None, key
