"""Who may do what, written a second time: a grant that comes or goes is a decision, not a slip."""

from __future__ import annotations

import pytest

from tracker.records.accounts.permissions import GRANTS, Permission, Role, permits

S, R, A, L, X = Role.STAFF, Role.REVIEWER, Role.ASSESSOR, Role.LEADER, Role.ADMINISTRATOR
READERS = {S, R, A, L}  # everybody but who runs the system
TABLE: dict[str, set[Role]] = {
    "annual:edit": {A},
    "annual:view": READERS,
    "annual:work": {S, R, A},
    "applications:approve": {L},
    "applications:decide": {A},
    "applications:edit": {S},
    "applications:return": {R, A},
    "applications:verify": {R},
    "applications:view": READERS,
    "assessments:advance": {R, A},
    "assessments:score": {R, A},
    "audit:view": {X},
    "counties:view": READERS,
    "demonstrations:edit": {S, A},
    "demonstrations:view": READERS,
    "determinations:answer": {S},
    "determinations:rule": {R, A},
    "determinations:view": READERS,
    "enclaves:confirm": {S, A},
    "enclaves:edit": {S, A},
    "enclaves:view": READERS,
    "evidence:add": {S, R, A},
    "evidence:view": READERS,
    "exchanges:edit": {S},
    "exchanges:view": READERS,
    "findings:edit": {A},
    "findings:view": READERS,
    "indicators:edit": {S, A},
    "indicators:view": READERS,
    "ledger:enter": {S},
    "ledger:reverse": {S},
    "ledger:view": READERS,
    "objections:answer": {R, A},
    "objections:file": {S},
    "objections:view": READERS,
    "operations:edit": {S},
    "operations:view": READERS,
    "organisations:edit": {S},
    "organisations:view": READERS,
    "overview:view": {R, A, L},
    "pairings:edit": {A},
    "pairings:view": READERS,
    "papers:issue": {R, A},
    "papers:view": READERS,
    "parks:edit": {S, A},
    "parks:view": READERS,
    "platforms:edit": {A},
    "platforms:view": READERS,
    "projects:edit": {S, A},
    "projects:view": READERS,
    "regions:edit": {A},
    "regions:view": READERS,
    "rulebooks:edit": {R, A},
    "rulebooks:view": READERS,
    "scorecards:view": READERS,
    "simulations:weigh": {R, A, L},
    "snapshots:view": {A, L},
    "sources:edit": {A},
    "sources:view": READERS,
    "submissions:approve": {L},
    "submissions:edit": {A},
    "submissions:return": {R, A},
    "submissions:submit": {S},
    "submissions:verify": {R},
    "submissions:view": READERS,
    "supervision:answer": {S, R, L},
    "supervision:issue": {R, A, L},
    "supervision:view": READERS,
    "targets:edit": {A},
    "targets:view": READERS,
    "twins:view": {A, X},
    "users:edit": {X},
    "users:view": {X},
    "villages:edit": {S},
    "villages:view": READERS,
    "work:view": {*READERS, X},
    "works:edit": {R, A},
    "works:report": {S, R, L},
    "works:view": READERS,
}


def test_the_table_names_every_permission_and_every_role():
    assert list(TABLE) == sorted(TABLE) == [permission.value for permission in Permission]
    assert set(GRANTS) == set(Role) == {*READERS, X}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_the_table_says_and_nothing_else(role: Role):
    assert GRANTS[role] == {name for name, roles in TABLE.items() if role in roles}
    for permission in Permission:
        assert permits(role, permission) is (role in TABLE[permission.value])
