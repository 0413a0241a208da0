"""Cases of places, people, sources, pairings and villages."""

from __future__ import annotations

from tests import factories as make
from tests.records.constraint_cases import (
    EARLY,
    LATE,
    YEARS,
    YEARS_WITHIN,
    Cases,
    backwards,
    of,
    same,
    same_day,
    unlisted,
)
from tracker.core.provenance.models import Precision
from tracker.records.accounts.permissions import Role
from tracker.records.places.models import FormerCode, IndustrialListing

SPAN = {"since_before_until": [{"since": LATE, "until": EARLY}]}

PLACES = {
    "regions": Cases(
        base=lambda w: make.region("331199", "示例县", w.city),
        refused={
            **unlisted("level", "kind"),
            "code": [{"code": None}, {"level": "outside"}],
            "code_length": [
                {"code": "33119"},
                {"code": "3311990"},
                {"code": "331199001"},
                {"level": "town"},
                {"level": "province", "code": ""},
            ],
            "successor": [{"successor_id": of("city")}],
        },
        uniques={
            "uq_regions_code": {"name_key": "another"},
            "uq_regions_name_key": ({"abolished_on": LATE}, {"code": "331198"}),
            "uq_regions_name_key_no_parent_id": (
                {"abolished_on": LATE, "parent_id": None},
                {"code": "331198"},
            ),
            "uq_regions_name_key_no_abolished_on": {"code": "331198"},
            "uq_regions_name_key_no_parent_id_no_abolished_on": (
                {"parent_id": None},
                {"code": "331198"},
            ),
        },
        accepted=[
            {"level": "outside", "code": None},
            {"level": "town", "code": "331199001"},
            {"kind": None},
            {"successor_id": of("city"), "abolished_on": LATE},
        ],
        beside=[
            {"code": "331198", "name_key": "another"},
            {"code": "331198", "abolished_on": LATE},
            {"code": "331198", "parent_id": None},
            {"code": "331198", "name_twin": 1},
            {"code": "331198", "level": "city"},
        ],
    ),
    "former_codes": Cases(
        base=lambda w: make.add(FormerCode(region=w.county, code="331197", name="示例旧县")),
        uniques={"uq_former_codes_code": {}},
        beside=[{"code": "331196"}],
    ),
    "county_listings": Cases(
        base=lambda w: make.listing(w.county, joined_on=make.DAY),
        refused={
            **unlisted("leaving_source"),
            "joined_before_left": [
                {"joined_on": LATE, "left_on": EARLY},
                {"joined_on": EARLY, "left_on": EARLY},
            ],
        },
        uniques={"uq_county_listings_region_id_joined_on": {}},
        accepted=[{"joined_on": EARLY, "left_on": LATE}, {"county_class": "平原类"}],
        beside=[{"joined_on": EARLY}, {"region_id": of("other_county")}],
    ),
    "industrial_listings": Cases(
        base=lambda w: make.add(IndustrialListing(region=w.strong, joined_on=make.DAY)),
        refused={
            "joined_before_left": [
                {"joined_on": LATE, "left_on": EARLY},
                {"joined_on": EARLY, "left_on": EARLY},
            ],
        },
        uniques={"uq_industrial_listings_region_id_joined_on": {}},
        accepted=[{"joined_on": EARLY, "left_on": LATE}],
        beside=[{"joined_on": EARLY}, {"region_id": of("other_county")}],
    ),
    "platforms": Cases(
        base=lambda w: make.platform(w.strong),
        refused={
            **unlisted("kind"),
            "listed_before_removed": [
                {"listed_on": LATE, "removed_on": EARLY},
                {"listed_on": EARLY, "removed_on": EARLY},
            ],
        },
        uniques={
            "uq_platforms_name": {"name_key": "another"},
            "uq_platforms_name_key": {"name": "another"},
        },
        accepted=[{"listed_on": EARLY, "removed_on": LATE}],
        beside=[
            {"name": "示例新区", "name_key": "示例新区"},
            {"name": "another", "name_twin": 1},
        ],
    ),
    "users": Cases(
        base=lambda w: make.user(Role.STAFF, w.county),
        refused={**unlisted("role"), "region": [{"region_id": None}]},
        uniques={
            "uq_users_username": {"username_key": "another"},
            "uq_users_username_key": {"username": "another"},
        },
        accepted=[{"role": "administrator", "region_id": None}],
        beside=[
            {"username": "another", "username_key": "another"},
            {"username": "another", "username_twin": 1},
        ],
    ),
    "sign_in_attempts": Cases(base=lambda w: make.sign_in_attempt(), beside=[{}]),
    "sent_forms": Cases(
        base=lambda w: make.sent_form(w.user),
        uniques={"uq_sent_forms_token": {}},
    ),
    "user_sessions": Cases(
        base=lambda w: make.user_session(w.user),
        refused={
            "ended_why": [{"ended_at": f"{LATE} 08:00:00", "ended_why": "unlisted"}],
            "ended": [{"ended_at": f"{LATE} 08:00:00"}, {"ended_why": "password"}],
        },
        uniques={"uq_user_sessions_token_sha256": {}},
        accepted=[{"ended_at": f"{LATE} 08:00:00", "ended_why": "signed_out"}],
        beside=[{"token_sha256": "a" * 64}],
    ),
    "organisations": Cases(
        base=lambda w: make.organisation(),
        refused=unlisted("kind"),
        uniques={
            "uq_organisations_name": {"name_key": "another"},
            "uq_organisations_name_key": {"name": "another"},
        },
        beside=[
            {"name": "示例单位", "name_key": "示例单位"},
            {"name": "another", "name_twin": 1},
        ],
    ),
    "sources": Cases(
        base=lambda w: make.source(),
        refused={**unlisted("kind"), "address": [{"url": None}, {"kind": "copy"}]},
        uniques={"uq_sources_url": {}},
        accepted=[{"kind": "copy", "url": None}],
        beside=[{"url": "https://example.org/another"}, {"kind": "copy", "url": None}],
    ),
    "sourced_values": Cases(
        base=lambda w: make.sourced_value(w.enclave, w.source, precision=Precision.ABOUT),
        refused=unlisted("precision"),
        one_of={"one_subject": ("enclave_id", "project_id", "park_id")},
        beside=[{}],
    ),
    "pairing_rounds": Cases(
        base=lambda w: make.pairing_round(),
        refused=unlisted("scheme"),
        uniques={"uq_pairing_rounds_code": {}},
        beside=[{"code": "another"}],
    ),
    "pairings": Cases(
        base=lambda w: make.pairing(w.strong, w.other_county),
        refused={
            **unlisted("scheme"),
            **SPAN,
            "two_sides": [{"recipient_id": same("supporter_id")}],
        },
        uniques={"uq_pairings_sides": {}},
        accepted=same_day("since", "until"),
        beside=[
            {"scheme": "old_base"},
            {"recipient_id": of("city")},
            {"supporter_id": of("city")},
        ],
    ),
    "pairing_citations": Cases(base=lambda w: make.citation(w.pairing, w.source), beside=[{}]),
    "aid_groups": Cases(
        base=lambda w: make.aid_group(w.county),
        refused=SPAN,
        accepted=same_day("since", "until"),
        beside=[{}],
    ),
    "aid_group_members": Cases(
        base=lambda w: make.aid_group_member(w.aid_group, w.organisation),
        refused=SPAN,
        one_of={"one_member": ("organisation_id", "region_id")},
        uniques={
            "uq_aid_group_members_organisation": {},
            "uq_aid_group_members_region": (
                {"organisation_id": None, "region_id": of("strong")},
                {},
            ),
        },
        accepted=same_day("since", "until"),
        beside=[{"organisation_id": None, "region_id": of("strong")}],
    ),
    "villages": Cases(
        base=lambda w: make.village(w.county),
        refused={"code": [{"code": "33112210020"}, {"code": ""}]},
        uniques={
            "uq_villages_code": {"name_key": "another"},
            "uq_villages_name_key": ({"town_id": of("town")}, {"code": "331122100299"}),
            "uq_villages_name_key_no_town_id": {"code": "331122100299"},
        },
        accepted=[{"town_id": of("town"), "is_weak": True}],
        beside=[
            {"code": "331122100299", "name_key": "another"},
            {"code": "331122100299", "name_twin": 1},
            {"code": "331122100299", "town_id": of("town")},
            {"code": "331122100299", "county_id": of("other_county")},
        ],
    ),
    "village_stakes": Cases(
        base=lambda w: make.stake(w.enclave, w.village),
        refused={
            "capital_agreed": [{"capital_agreed": -1}],
            "capital_paid": [{"capital_paid": -1}],
            "share": [{"share": 0}, {"share": -1}, {"share": 10**12 + 1}],
            "span": [
                {"joined_on": LATE, "left_on": EARLY},
                {"joined_on": EARLY, "left_on": EARLY},
            ],
        },
        uniques={"uq_village_stakes_enclave_id_village_id": {}},
        accepted=[
            {"capital_agreed": 0, "capital_paid": 0, "share": 10**12},
            {"share": 1, "joined_on": EARLY, "left_on": LATE},
        ],
        beside=[{"enclave_id": of("other_enclave")}, {"village_id": of("other_village")}],
    ),
    "village_incomes": Cases(
        base=lambda w: make.village_income(w.village),
        refused={
            **YEARS,
            "operating": [{"operating": -1}],
            "total": [{"operating": 10, "total": 9}, {"total": -1}],
        },
        uniques={"uq_village_incomes_village_id_year": {}},
        accepted=[*YEARS_WITHIN, {"operating": 10, "total": 10}],
        beside=[{"year": 2023}, {"village_id": of("other_village")}],
    ),
    "demonstration_villages": Cases(
        base=lambda w: make.demonstration_village(w.county),
        refused={
            **backwards("applied_on", "approved_on", "accepted_on"),
            "acceptance_year": [{"acceptance_year": 2017}, {"acceptance_year": 2101}],
            "low_income_households": [{"low_income_households": -1}],
        },
        uniques={
            "uq_demonstration_villages_code": {"name_key": "another"},
            "uq_demonstration_villages_name_key": {"code": "another"},
        },
        accepted=[
            {"acceptance_year": 2018},
            {"acceptance_year": 2100},
            {"low_income_households": 0},
            *same_day("applied_on", "approved_on", "accepted_on"),
        ],
        beside=[
            {"code": "another", "name_key": "another"},
            {"code": "another", "name_twin": 1},
        ],
    ),
}
