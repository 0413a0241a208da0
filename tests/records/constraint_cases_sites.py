"""Cases of enclaves with their agreements, parks, projects and operations."""

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
from tracker.records.enclaves.agreements import WHOLE
from tracker.records.projects.models import PlannedStage

RATED = {"kind": "rate_on_capital", "rate": 1, "amount": None, "capital_base": "villages"}
ENCLAVE_DATES = ("signed_on", "started_on", "completed_on", "in_use_on", "closed_on")
PROJECT_DATES = ("planned_on", "negotiated_on", "signed_on", "started_on", "completed_on")

SITES = {
    "enclaves": Cases(
        base=lambda w: make.enclave(w.county, w.strong),
        refused={
            **unlisted("kind", "direction"),
            **backwards(*ENCLAVE_DATES),
            "area": [
                {"area_mu": -1},
                {"floor_m2": -1},
                {"area_mu": 0, "floor_m2": -1},
                {"area_mu": -1, "floor_m2": 0},
            ],
            "capital": [
                {"total_capital": -1},
                {"village_capital": -1},
                {"total_capital": 0, "village_capital": -1},
            ],
            "village_capital": [{"total_capital": 1, "village_capital": 2}],
            "villages": [{"villages": -1}],
            "development_since": [{"development_since": "2024-12-31"}],
            "development_dated": [{"kind": "development"}],
        },
        uniques={
            "uq_enclaves_code": {"name_key": "another"},
            "uq_enclaves_name_key": {"code": "another"},
        },
        accepted=[
            {"kind": None},
            {"kind": "development", "development_since": "2025-01-01"},
            {"area_mu": 0, "floor_m2": 0, "villages": 0},
            {"total_capital": 0, "village_capital": 0},
            *same_day(*ENCLAVE_DATES),
        ],
        beside=[
            {"code": "another", "name_key": "another"},
            {"code": "another", "name_twin": 1},
            {"code": "another", "host_id": of("other_county")},
            {"code": "another", "origin_id": of("other_county")},
        ],
    ),
    "return_terms": Cases(
        base=lambda w: make.term(w.enclave, amount=make.wan(1)),
        refused={
            **unlisted("kind"),
            "capital_base": [{**RATED, "capital_base": "unlisted"}],
            "rate_where_rated": [
                {**RATED, "rate": None},
                {"kind": "rent_share", "amount": None},
                {"rate": 1},
            ],
            "amount_where_sum": [{"amount": None}, {**RATED, "amount": 1}],
            "base_where_rate": [{**RATED, "capital_base": None}, {"capital_base": "total"}],
            "rate": [{**RATED, "rate": 0}, {**RATED, "rate": -1}, {**RATED, "rate": WHOLE + 1}],
            "amount": [{"amount": 0}, {"amount": -1}],
            "span": [{"starts_on": LATE, "ends_on": EARLY}],
            "pay_by": [{"pay_by": 100}, {"pay_by": 11232}],
        },
        accepted=[
            {"pay_by": 101},
            {"pay_by": 11231},
            RATED,
            {**RATED, "rate": WHOLE},
            {"amount": 1},
            {"kind": "guaranteed_minimum"},
            {**RATED, "kind": "tax_share", "capital_base": None},
            *same_day("starts_on", "ends_on"),
        ],
        beside=[{}],
    ),
    "enclave_agreements": Cases(
        base=lambda w: make.agreement(w.enclave),
        refused={
            "term": [{"starts_on": LATE, "ends_on": EARLY}],
            "origin_cost_share": [{"origin_cost_share": -1}, {"origin_cost_share": WHOLE + 1}],
            "host_cost_share": [{"host_cost_share": -1}, {"host_cost_share": WHOLE + 1}],
            "cost_shares": [{"origin_cost_share": WHOLE, "host_cost_share": 1}],
            "full_time_staff": [{"full_time_staff": -1}],
        },
        uniques={"uq_enclave_agreements_enclave_id": {}},
        accepted=[
            {"origin_cost_share": WHOLE, "host_cost_share": 0, "full_time_staff": 0},
            {"origin_cost_share": 0, "host_cost_share": WHOLE},
            *same_day("starts_on", "ends_on"),
        ],
    ),
    "tax_splits": Cases(
        base=lambda w: make.tax_split(w.agreement),
        refused={
            "from_year": [{"from_year": 2001}, {"from_year": 2101}],
            "span": [{"from_year": 2024, "to_year": 2023}],
            "pay_by": [{"pay_by": 100}, {"pay_by": 11232}],
            "shares": [
                {"origin_share": -1, "host_share": WHOLE + 1},
                {"origin_share": WHOLE + 1, "host_share": -1},
            ],
            "whole": [
                {"origin_share": 1, "host_share": 1},
                {"origin_share": WHOLE, "host_share": 1},
            ],
        },
        uniques={"uq_tax_splits_agreement_id_from_year": {}},
        accepted=[
            {"from_year": 2002},
            {"from_year": 2100},
            {"from_year": 2024, "to_year": 2024},
            {"origin_share": 0, "host_share": WHOLE},
            {"origin_share": WHOLE, "host_share": 0},
        ],
        beside=[{"from_year": 2023, "to_year": 2023}],
    ),
    "agreement_documents": Cases(
        base=lambda w: make.agreement_document(w.agreement),
        refused=unlisted("kind"),
        beside=[{}],
    ),
    "enclave_spaces": Cases(
        base=lambda w: make.space(w.enclave),
        refused={
            **unlisted("kind", "step"),
            "quantity": [{"quantity": 0}, {"quantity": -1}],
            "due_where_agreed": [{"step": "delivered", "due_on": LATE}],
        },
        accepted=[{"quantity": 1}, {"due_on": LATE}, {"step": "delivered"}],
        beside=[{}],
    ),
    "parks": Cases(
        base=lambda w: make.park(w.strong, w.county),
        refused={
            **unlisted("kind"),
            **backwards("signed_on", "approved_on", "closed_on"),
            "two_sides": [{"supporter_id": same("recipient_id")}],
            "area": [{"area_mu": 0}, {"area_mu": -1}],
            "base_year": [{"base_year": 2011}, {"base_year": 2101}],
        },
        uniques={
            "uq_parks_code": {"name": "another", "name_key": "another"},
            "uq_parks_name": {"code": "another", "name_key": "another"},
            "uq_parks_name_key": {"code": "another", "name": "another"},
        },
        accepted=[
            {"area_mu": 1},
            {"base_year": 2012},
            {"base_year": 2100},
            *same_day("signed_on", "approved_on", "closed_on"),
        ],
        beside=[
            {"name": "another", "code": "another", "name_key": "another"},
            {"name": "another", "code": "another", "name_twin": 1},
        ],
    ),
    "projects": Cases(
        base=lambda w: make.project(w.county),
        refused={
            **unlisted("category", "source_side", "partner_view"),
            **backwards(*PROJECT_DATES),
            **backwards("started_on", "in_production_on"),
            **backwards("signed_on", "terminated_on"),
            "total_investment": [{"total_investment": 0}, {"total_investment": -1}],
            "partner_note": [{"partner_view": "disputed"}],
            "owner_answer": [{"owner_answer": "不是"}],
            "partner": [{"partner_id": same("region_id")}],
            "continued_from": [{"continued_from_id": same("id")}],
        },
        uniques={
            "uq_projects_region_id_name": {"name_key": "another"},
            "uq_projects_name_key": {"name": "another"},
        },
        accepted=[
            {"total_investment": 1},
            {"partner_id": of("strong"), "partner_view": "disputed", "partner_note": "重复"},
            {"partner_view": "disputed", "partner_note": "重复", "owner_answer": "不是"},
            {"continued_from_id": of("project"), "in_scope": None, "source_side": None},
            *same_day(*PROJECT_DATES, "in_production_on", "terminated_on"),
        ],
        beside=[
            {"name": "another", "name_key": "another"},
            {"name": "another", "name_twin": 1},
            {"region_id": of("other_county")},
        ],
    ),
    "project_milestones": Cases(
        base=lambda w: make.planned(w.project, PlannedStage.STARTED, make.DAY),
        refused={**unlisted("stage"), "responsible": [{"responsible": ""}]},
        uniques={"uq_project_milestones_stage": {}},
        accepted=[{"planned_on": "2030-01-01"}],
        beside=[{"stage": "completed"}],
    ),
    "operating_figures": Cases(
        base=lambda w: make.operating_figure(w.enclave),
        refused={
            **unlisted("item", "precision"),
            **YEARS,
            "quarter": [{"quarter": 0}, {"quarter": 5}],
            "value": [{"value": -1}],
            "occupancy_rate": [{"item": "occupancy_rate", "value": 100_000_001}],
        },
        one_of={"one_subject": ("enclave_id", "park_id")},
        uniques={
            "uq_operating_figures_enclave": {},
            "uq_operating_figures_park": ({"enclave_id": None, "park_id": of("park")}, {}),
        },
        accepted=[
            *YEARS_WITHIN,
            {"quarter": 4},
            {"value": 0},
            {"value": 100_000_001},
            {"item": "occupancy_rate", "value": 100_000_000},
        ],
        beside=[
            {"year": 2023},
            {"quarter": 2},
            {"item": "output"},
            {"enclave_id": of("other_enclave")},
            {"enclave_id": None, "park_id": of("park")},
        ],
    ),
    "tenants": Cases(
        base=lambda w: make.tenant(w.enclave),
        refused={
            "area": [{"area_m2": -1}],
            "moved_in_before_out": [{"moved_in_on": LATE, "moved_out_on": EARLY}],
        },
        one_of={"one_subject": ("enclave_id", "park_id")},
        accepted=[{"area_m2": 0}, *same_day("moved_in_on", "moved_out_on")],
        beside=[{}],
    ),
}
