"""What is usual of the figures and days of records, field by field ("table.column"): what the rules
of `plausibility` hold them against. tests/records/test_usual.py walks all fields of all forms."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

# Figures of records: what is no more than usual, in the unit in which it is typed (money in 万元,
# shares in %). What is above is asked about, never refused.
USUAL: Mapping[str, int] = {
    "applications.amount_asked": 50_000,
    "consumption_aids.amount": 20_000,
    "demonstration_villages.low_income_households": 2_000,
    "enclave_agreements.full_time_staff": 200,
    "enclave_spaces.quantity": 3_000_000,
    "enclaves.area_mu": 20_000,
    "enclaves.floor_m2": 3_000_000,
    "enclaves.total_capital": 500_000,
    "enclaves.village_capital": 100_000,
    "enclaves.villages": 2_000,
    "parks.area_mu": 50_000,
    "projects.total_investment": 1_000_000,
    "return_terms.amount": 50_000,
    "specialist_postings.people": 500,
    "tenants.area_m2": 500_000,
    "trainings.employed": 5_000,
    "trainings.people": 5_000,
    "village_incomes.operating": 5_000,
    "village_incomes.total": 10_000,
    "village_stakes.capital_agreed": 10_000,
    "village_stakes.capital_paid": 10_000,
}
# The same of figures whose unit stands in their own row.
USUAL_IN: Mapping[str, int] = {
    "元": 1_000_000,
    "万元": 10_000_000,
    "亿元": 10_000,
    "亩": 100_000,
    "m²": 10_000_000,
    "人": 10_000_000,
    "人次": 20_000_000,
    "万人次": 20_000,
    "万人": 1_000,
    "家": 10_000,
    "个": 10_000,
}
OF_A_ROW = frozenset(
    {"annual_tasks.total", "county_indicators.value", "operating_figures.value", "targets.value"}
)
# Why a figure is not asked about.
NOT_ASKED: Mapping[str, str] = {
    "annual_tasks.number": "its place in the list, which a CHECK holds to",
    "return_terms.pay_by": "a month and a day of the year",
    "tax_splits.pay_by": "a month and a day of the year",
    "enclave_agreements.host_cost_share": "a part of the whole, which a CHECK holds to",
    "enclave_agreements.origin_cost_share": "a part of the whole, which a CHECK holds to",
    "findings.pass_rate": "a part of the whole, which a CHECK holds to",
    "ledger_entries.amount": "has rules of its own, above",
    "ledger_entries.villages": "the shares of the villages say it again",
    "operating_figures.quarter": "one of four, which a CHECK holds to",
    "return_terms.rate": "what is usual depends on the kind of term, which asks about it",
    "tax_splits.host_share": "a part of the whole, which a CHECK holds to",
    "tax_splits.origin_share": "a part of the whole, which a CHECK holds to",
    "village_payments.amount": "no more than the rebate, which is asked about",
    "village_stakes.share": "a part of the whole; two places together no more than it",
}

# Days and years: how many years ahead is no more than usual; for most one is much.
AHEAD = 5
AHEAD_OF: Mapping[str, int] = {
    "enclave_agreements.ends_on": 50,
    "return_terms.ends_on": 50,
    "tax_splits.from_year": 50,
    "tax_splits.to_year": 50,
}
BEGINNING = 2002  # the year in which 山海协作 began
# What may well lie before that.
EARLIER = frozenset(
    {
        "county_indicators.year",
        "institution_pairs.signed_on",
        "pairing_citations.end_year",
        "pairing_citations.start_year",
        "regions.abolished_on",
        "sources.published_on",
    }
)


def usual_in(unit: str) -> Decimal | None:
    """What no figure in `unit` is above as a rule; None where nothing is usual."""
    found = USUAL_IN.get(unit.strip())
    return None if found is None else Decimal(found)
