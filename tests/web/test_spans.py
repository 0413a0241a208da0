"""Dated rows of one thing that would overlap are refused or asked about where they are entered."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import CheckConstraint, Column, Date, Table, UniqueConstraint

from tests import factories as make
from tests.web.pages import text_of, value_of
from tests.web.test_records_directory import error_at
from tracker.core.db import db
from tracker.records.enclaves.agreements import TaxSplit
from tracker.records.enclaves.models import Enclave, ReturnTerm, TermKind
from tracker.records.operations.models import Tenant
from tracker.records.places.models import CountyListing, IndustrialListing, Region
from tracker.web.kit.doubted import is_year
from tracker.web.kit.kinds import Kind, all_kinds


@pytest.fixture
def spans(site) -> dict[str, tuple[str, str, dict[str, str]]]:
    """Kind of record → (browser, address of its form, what it asks for beside the span); each with
    a row that runs from 2022 to the end of 2023."""
    with site.app.app_context():
        fuyang = db.session.query(Region).filter_by(name="富阳区").one()
        enclave = db.session.get_one(Enclave, site.world["other_enclave"])
        span = {"joined_on": "2022-01-01", "left_on": "2024-01-01"}
        make.listing(fuyang, **{k: make.date.fromisoformat(v) for k, v in span.items()})
        make.industrial_listing(fuyang, **{k: make.date.fromisoformat(v) for k, v in span.items()})
        make.term(
            enclave,
            TermKind.GUARANTEED_MINIMUM,
            amount=make.wan(1),
            starts_on=make.date(2022, 1, 1),
            ends_on=make.date(2023, 12, 31),
        )
        agreement = make.agreement(enclave)
        make.tax_split(agreement, 2022, to_year=2023)
        place, site_id, number = fuyang.id, enclave.id, agreement.id
        db.session.commit()
    return {
        "county_listings": ("assessor", f"/regions/{place}/county-listings/new", {}),
        "industrial_listings": ("assessor", f"/regions/{place}/industrial-listings/new", {}),
        "return_terms": (
            "neighbour",
            f"/enclaves/{site_id}/return-terms/new",
            {"kind": "guaranteed_minimum", "amount": "1"},
        ),
        "tax_splits": (
            "neighbour",
            f"/enclaves/enclave-agreements/{number}/tax-splits/new",
            {"origin_share": "50", "host_share": "50"},
        ),
    }


NAMES = {
    "county_listings": ("joined_on", "left_on", CountyListing),
    "industrial_listings": ("joined_on", "left_on", IndustrialListing),
    "return_terms": ("starts_on", "ends_on", ReturnTerm),
    "tax_splits": ("from_year", "to_year", TaxSplit),
}
# (start, end) where the end is the first day after; where it is the last day; of years
CASES = {
    "county_listings": [("2023-12-31", ""), ("2021-01-01", "2022-01-02"), ("", "")],
    "industrial_listings": [("2023-12-31", ""), ("2021-01-01", ""), ("", "2022-06-01")],
    "return_terms": [("2023-12-31", ""), ("", "2022-01-01"), ("", "")],
    "tax_splits": [("2023", ""), ("2020", "2022"), ("2021", "")],
}
FREE = {
    "county_listings": [("2024-01-01", ""), ("", "2022-01-01")],
    "industrial_listings": [("2024-01-01", ""), ("", "2022-01-01")],
    "return_terms": [("2024-01-01", ""), ("", "2021-12-31")],
    "tax_splits": [("2024", ""), ("2020", "2021")],
}


@pytest.mark.parametrize("key", NAMES)
def test_spans_that_overlap_are_refused_and_those_that_meet_are_taken(site, spans, key) -> None:
    start, end, model = NAMES[key]
    user, address, rest = spans[key]
    browser = site.browser(user)
    for first, last in CASES[key]:
        refused = browser.post(address, {**rest, start: first, end: last})
        assert refused.status_code == 422, (first, last)
        assert "重叠。同一时间只能有一段，请先填那一段的" in error_at(refused, start)
    for first, last in FREE[key]:
        taken = browser.post(address, {**rest, start: first, end: last})
        assert taken.status_code == 302, text_of(taken)
    with site.app.app_context():
        newest = db.session.query(model).order_by(model.id.desc()).first().id
    above, slug = address.split("/")[1:-1][:-1], key.replace("_", "-")
    edit = f"/{'/'.join(part for part in above if not part.isdecimal())}/{slug}/{newest}/edit"
    page = browser.get(edit)
    moved = {**rest, start: FREE[key][1][0], end: "", "version": value_of(page, "version")}
    refused = browser.post(edit, moved)
    assert refused.status_code == 422
    assert "重叠" in error_at(refused, start)


# Kinds of records that have a beginning and an end, by what becomes of two that overlap.
REFUSED = {"county_listings", "industrial_listings", "return_terms", "tax_splits"}
ASKED = {
    "aid_groups",
    "institution_pairs",
    "return_terms",  # all kinds of them but the minimum, of which there is one at a time
    "secondments",
    "tenants",
}
ONE_AT_ALL = {  # a key of the database allows one row of a thing, whenever it was
    "aid_group_members": {"group_id", "region_id"},
    "enclave_agreements": {"enclave_id"},
    "pairings": {"supporter_id", "recipient_id", "scheme"},
    "village_stakes": {"enclave_id", "village_id"},
}
MAY_OVERLAP = {
    "applications": "the steps of one application, which its name key lets be entered once",
    "demonstrations": "the steps of one village, which its name key lets be entered once",
    "enclaves": "the life of a thing of its own name",
    "key_works": "several works are under way at a time, each of its own name",
    "findings": "several things may be found wrong of one place at a time",
    "ledger": "what one payment covers: several payments are made for one time",
    "parks": "the life of a thing of its own name",
    "platforms": "the life of a thing of its own name",
    "projects": "the life of a thing of its own name",
    "specialist_postings": "groups of people, who are not named: several are sent at a time",
}


def test_every_dated_kind_says_what_becomes_of_an_overlap(site) -> None:
    with site.app.app_context():
        kinds = {kind.key: kind for kind in all_kinds() if kind.form is not None}
        dated = {key for key, kind in kinds.items() if _is_dated(kind)}
        assert dated == REFUSED | ASKED | ONE_AT_ALL.keys() | MAY_OVERLAP.keys()
        refusing = {k for k in dated if kinds[k].against.__qualname__.startswith("no_overlap")}
        assert refusing == REFUSED
        assert {key for key, kind in kinds.items() if kind.span is not None} == ASKED
        for key, columns in ONE_AT_ALL.items():
            assert columns in _keys(kinds[key].model.__table__), key


def _is_dated(kind: Kind) -> bool:
    return any(
        isinstance(check, CheckConstraint)
        and (found := re.fullmatch(r"(\w+) <=? (\w+)", str(check.sqltext)))
        and all(_is_time(kind.model.__table__.c[name]) for name in found.groups())
        for check in kind.model.__table__.constraints
    )


def _is_time(column: Column) -> bool:
    return isinstance(column.type, Date) or is_year(column.name)


def _keys(table: Table) -> list[set[str]]:
    keys = [i for i in table.indexes if i.unique]
    keys += [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    return [{column.name for column in key.columns} for key in keys]


# Kind → (form with a span of 2022 and 2023, other words for the same thing, another thing)
ASKED_CASES = {
    "secondments": (
        {"person": "王 伟", "sent_by": "supporter", "starts_on": "2022-01-01",
         "ends_on": "2023-12-31", "to_post": "副县长"},
        {"person": "王伟", "to_post": "副主任"},
        {"person": "王炜"},
    ),
    "institution_pairs": (
        {"kind": "school", "supporter_name": "一中（城北）", "recipient_name": "二中",
         "signed_on": "2022-01-01", "ends_on": "2023-12-31"},
        {"supporter_name": "一中(城北)"},
        {"recipient_name": "三中"},
    ),
    "tenants": (
        {"name": "A1 电子（缙云）", "moved_in_on": "2022-01-01", "moved_out_on": "2023-12-31",
         "area_m2": "100"},
        {"name": "a1电子(缙云)", "area_m2": "200"},
        {"name": "A2 电子"},
    ),
    "return_terms": (
        {"kind": "rent_share", "rate": "30", "starts_on": "2022-01-01", "ends_on": "2023-12-31"},
        {"rate": "20"},
        {"kind": "tax_share", "rate": "20"},
    ),
    "aid_groups": (
        {"name": "帮扶团组", "since": "2022-01-01", "until": "2023-12-31"},
        {"name": "又一团组"},
        {},
    ),
}  # fmt: skip
NAMES_OF_SPANS = {
    "secondments": ("starts_on", "ends_on"),
    "institution_pairs": ("signed_on", "ends_on"),
    "tenants": ("moved_in_on", "moved_out_on"),
    "return_terms": ("starts_on", "ends_on"),
    "aid_groups": ("since", "until"),
}


@pytest.mark.parametrize("key", sorted(ASKED))
def test_spans_that_can_be_real_are_asked_about_once(site, key) -> None:
    first, again, another = ASKED_CASES[key]
    start, end = NAMES_OF_SPANS[key]
    world = site.world
    above = {
        "tenants": {"enclave_id": str(world["enclave"])},
        "return_terms": {},
        "aid_groups": {"county_id": str(world["jinyun"])},
    }.get(key, {"pairing_id": str(world["pairing"])})
    staff = site.browser("assessor" if key == "aid_groups" else "staff")
    address = f"/{key.replace('_', '-')}/new"
    if key == "return_terms":
        address = f"/enclaves/{world['enclave']}/return-terms/new"
    whole = {**above, **first}
    taken = staff.post(address, whole)
    assert taken.status_code == 302, text_of(taken)
    for changed in ({start: "2023-12-31", end: ""}, {start: "2021-01-01", end: "2022-01-01"}):
        asked = staff.post(address, {**whole, **again, **changed})
        assert asked.status_code == 422, changed
        said = text_of(asked)
        assert "（2022-01-01—2023-12-31，编号" in said
        assert "说明为什么会同时有两段；" in said
    free = {start: "2024-01-01", end: ""}
    meets = staff.post(address, {**whole, **again, **free})
    assert meets.status_code == 302, text_of(meets)
    if another:
        assert staff.post(address, {**whole, **another}).status_code == 302
    answer = {"doubt-asked": value_of(asked, "doubt-asked"), "doubt-why": "确为同时"}
    kept = staff.post(address, {**whole, **again, **changed, **answer})
    assert kept.status_code == 302, text_of(kept)
    with site.app.app_context():
        kind = next(kind for kind in all_kinds() if kind.key == key)
        newest = db.session.query(kind.model).order_by(kind.model.id.desc()).first()
        edit = f"/{key.replace('_', '-')}/{newest.id}/edit"
    edit = f"/enclaves{edit}" if key == "return_terms" else edit
    page = staff.get(edit)
    same = {**whole, **again, **changed, "version": value_of(page, "version")}
    assert staff.post(edit, same).status_code == 302  # nothing is moved
    moved = {**same, "version": value_of(staff.get(edit), "version"), end: "2022-06-30"}
    assert "重叠" in text_of(staff.post(edit, moved))


def test_spans_that_overlap_unanswered_are_listed(any_site) -> None:
    with any_site.app.app_context():
        enclave = db.session.get_one(Enclave, any_site.world["enclave"])
        for name, start in (("A1 电子", 2021), ("a1电子", 2022), ("A2 电子", 2022)):
            day = make.date(start, 1, 1)
            db.session.add(Tenant(enclave_id=enclave.id, name=name, moved_in_on=day))
        db.session.commit()
    page = text_of(any_site.browser("staff").get("/doubts/?span=all"))
    assert page.count("同一企业在同一处的入驻时间一般先后相接") == 1
    assert "与已有入驻企业“A1 电子”（2021-01-01—至今" in page
