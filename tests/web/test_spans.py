"""Dated rows of one thing that would overlap are refused where they are entered."""

from __future__ import annotations

import pytest

from tests import factories as make
from tests.web.pages import text_of, value_of
from tests.web.test_records_directory import error_at
from tracker.core.db import db
from tracker.records.enclaves.agreements import TaxSplit
from tracker.records.enclaves.models import Enclave, ReturnTerm, TermKind
from tracker.records.places.models import CountyListing, IndustrialListing, Region


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
