"""Facts given by hand for each sheet of 2024: a subject that meets all that is asked of it."""

from __future__ import annotations

import pytest

from tests.year.rulebooks import sheets
from tests.year.rulebooks.sheets import Measures, book_2024
from tracker.engine.scoring import Result, Scorecard

INCOME = {
    "capital.paid": "10000",
    "capital.agreed": "10000",
    "capital.base": "10000",
    "stage.in_use": "1",
    "returns.paid": "1000.8",
    "returns.due": "1000.8",
    "rate.agreed": "0",
    "villages.listed": "121",
    "villages.paid": "121",
    "target.villages.listed": "121",
    "goal.per_village": "8",
    "occupancy.rate": "0.9",
    "target.occupancy.rate": "0.9",
    "villages.fund_ledger": "1",
    "villages.disclosure": "1",
    "contract.conversion_clause": "1",
    "contract.share_list": "1",
    "contract.return_clause": "1",
    "contract.year_share": "1",
}
INDUSTRIAL = {
    "land.supplied": "300",
    "land.agreed": "300",
    "infrastructure.completed": "5000",
    "target.infrastructure.completed": "5000",
    "introduced.projects": "4",
    "target.introduced.projects": "4",
    "introduced.large": "1",
    "introduced.in_production": "2",
    "target.introduced.in_production": "2",
    "investment.completed": "60000",
    "target.investment.completed": "60000",
    "output.value": "120000",
    "prior.output.value": "100000",
    "tax_per_mu": "22",
    "goal.tax_per_mu": "22",
    "baseline.tax_per_mu": "0",
    "added_value_per_mu": "90",
    "goal.added_value_per_mu": "90",
    "baseline.added_value_per_mu": "0",
    "shares.due": "800",
    "shares.paid_on_time": "800",
    "tax.origin": "600",
    "prior.tax.origin": "500",
    "contract.mode": "1",
    "contract.sharing": "1",
    "contract.duties": "1",
    "contract.term": "1",
    "contract.signed": "1",
    "area.planned": "1500",
    "host.on_list": "1",
}
INNOVATION = {
    **dict.fromkeys(
        (
            "investment.completed",
            "incubated.projects",
            "tenants.new",
            "talents.senior",
            "returned.projects",
            "returned.investment",
        ),
        "20",
    ),
    **dict.fromkeys(
        (
            "target.investment.completed",
            "target.incubated.projects",
            "target.tenants.new",
            "target.talents.senior",
            "target.returned.projects",
            "target.returned.investment",
        ),
        "20",
    ),
    "floor.occupancy": "0.8",
    "target.floor.occupancy": "0.8",
    "talents.provincial": "5",
    **{f"enclave_reports.q{number}": "1" for number in (1, 2, 3, 4)},
    "enclave_reports.annual": "1",
    "operation.entity": "1",
    "operation.staff": "1",
    "floor.usable": "18000",
    "goal.floor_usable": "0",
}
FINDINGS = (
    "inspection_central",
    "inspection_provincial",
    "case_central",
    "case_provincial",
    "accidents",
)
PARK = {
    "park.government_investment": "24000",
    "target.park.government_investment": "24000",
    "park.social_investment": "128800",
    "target.park.social_investment": "128800",
    **{f"park.{name}": "0" for name in FINDINGS},
}
PARK_INDUSTRIAL = {
    **PARK,
    "park.industrial_output": "161000",
    "prior.park.industrial_output": "100000",
    "park.tax": "11000",
    "prior.park.tax": "10000",
    "park.tax_per_mu": "41",
    "goal.park_tax_per_mu": "0",
    "baseline.park.tax_per_mu": "30",
    "park.added_value_per_mu": "110",
    "goal.park_added_value_per_mu": "0",
    "baseline.park.added_value_per_mu": "100",
    "park.land_developed": "1200",
    "park.land_supplied": "1200",
    "park.leading_funds_share": "0.875",
    "target.park.leading_funds_share": "0.8",
    "park.partner_funds": "9000",
    "target.park.partner_funds": "9000",
}
PARK_TOURISM = {
    **PARK,
    "park.start_rate": "0.76",
    "target.park.start_rate": "0.76",
    "park.completion_rate": "0.42",
    "target.park.completion_rate": "0.42",
    "park.visitors": "100",
    "prior.park.visitors": "100",
    "park.revenue": "11500",
    "prior.park.revenue": "10000",
    "park.farmer_income": "33000",
    "prior.park.farmer_income": "30000",
    "park.partner_projects": "6",
    "target.park.partner_projects": "6",
    "park.joint_events": "4",
    "target.park.joint_events": "4",
    "park.market_sales": "30",
    "target.park.market_sales": "30",
}
COUNTY = {
    "exchanges.visits": "2",
    "reports.plan": "1",
    **{f"reports.q{number}": "1" for number in (1, 2, 3, 4)},
    "sample.pass_rate": "1",
    "findings.false_data": "0",
    **{f"findings.{name}": "0" for name in FINDINGS},
}
RECIPIENT = {
    **COUNTY,
    "projects.counted": "20",
    "target.projects.counted": "10",
    "projects.funds_in_place": "50000",
    "target.projects.funds_in_place": "50000",
    "projects.large": "1",
    "projects.started": "17",
    "projects.in_production": "14",
    "enclaves.industrial": "1",
    "enclaves.innovation": "1",
    "enclaves.income": "2",
    "parks.count": "1",
    "score.enclave.industrial": "100",
    "score.enclave.innovation": "100",
    "score.enclave.income": "100",
    "score.park": "100",
    "demonstrations.planned": "1",
    "demonstrations.accepted": "1",
    "aid.received": "1500",
    "aid.spent": "1500",
    "village_income.met_share": "0.55",
    "goal.village_income_share": "0",
    "cadres.posted": "6",
    "target.cadres.posted": "6",
    "partners.schools_hospitals": "8",
    "target.partners.schools_hospitals": "8",
    "training.placed": "500",
    "target.training.placed": "500",
    "consumption.sales": "3000",
    "target.consumption.sales": "3000",
    "listing.left": "0",
}
_SUPPORT = (
    "aid_paid",
    "social_aid",
    "projects",
    "funds_in_place",
    "tenants",
    "cadres",
    "specialists",
    "training",
    "partners",
    "consumption",
)
SUPPORTER = {
    **COUNTY,
    "exchanges.joint_meeting": "1",
    **{f"support.{name}": "12" for name in _SUPPORT},
    **{f"target.support.{name}": "12" for name in _SUPPORT},
    "support.aid_on_time": "12",
    "support.projects_large": "1",
    "support.cooperation_parks": "1",
    "support.enclaves": "1",
    "support.space_agreed": "34500",
    "support.space_delivered": "34500",
    "support.returns_due": "1200",
    "support.returns_on_time": "1200",
}
SIDES = {"score.county.recipient": "100", "score.county.supporter": "100"}
CITY = {**SIDES, "city.recipients": "9", "city.supporters": "2"}
PERFECT = {
    "city.toml": CITY,
    "pair.toml": SIDES,
    "income-enclave.toml": INCOME,
    "industrial-enclave.toml": INDUSTRIAL,
    "innovation-enclave.toml": INNOVATION,
    "park-industrial.toml": PARK_INDUSTRIAL,
    "park-tourism.toml": PARK_TOURISM,
    "recipient-county.toml": RECIPIENT,
    "supporter-county.toml": SUPPORTER,
}


def scored(file: str, *subjects: Measures) -> Result:
    """Score subjects by a file of 2024, see `sheets.scored`."""
    return sheets.scored(2024, file, *subjects)


def card(file: str, **changes: str | None) -> Scorecard:
    """The card of a perfect subject with some facts changed; `__` in a name stands for a dot."""
    return scored(file, sheets.changed(PERFECT[file], changes)).scorecards[0]


@pytest.mark.parametrize("file", PERFECT)
def test_a_perfect_subject_has_full_marks(file: str) -> None:
    found = card(file)
    unscored = [line.code for line in found.lines if line.state == "unscorable"]
    assert unscored == []
    assert (found.base, found.total, found.grade) == (100, 100, "优秀")
    assert found.complete
    assert found.vetoes == found.undecided == ()


@pytest.mark.parametrize("file", PERFECT)
def test_a_subject_that_reported_nothing_is_incomplete_and_fails_no_gate(file: str) -> None:
    found = scored(file, {}).scorecards[0]
    assert not found.complete
    assert found.vetoes == ()
    assert found.total == 0


@pytest.mark.parametrize("file", PERFECT)
def test_every_reported_figure_matters(file: str) -> None:
    """No sheet lists a fact that its card would not miss, and none asks for more."""
    measures = {name for name in book_2024(file).measures if not name.startswith(("enclaves.inb",))}
    bonus = {"parks.hundred_yi_first", "practices.national", "practices.provincial"}
    assert measures - bonus == set(PERFECT[file])
