"""Cases of money, figures, targets, exchanges, findings, evidence, rulings and snapshots."""

from __future__ import annotations

from tests import factories as make
from tests import factories_acts as acts
from tests import factories_trials as trials
from tests import objecting
from tests.records.constraint_cases import (
    EARLY,
    LATE,
    YEARS,
    YEARS_WITHIN,
    Cases,
    of,
    same,
    same_day,
    unlisted,
)
from tracker.core.db.standing import DataState
from tracker.records.ledger.models import EntryKind
from tracker.year.objections.models import ObjectionClaim, ObjectionRuling

TERM = {"term": [{"starts_on": LATE, "ends_on": EARLY}]}
FEN = 1_000_000  # the amount of the world's entry and draft: 1 万元 in 分
MIRROR = {"reversal_of_id": of("entry"), "amount": -FEN}
CORRECTING = {"corrects_id": of("entry"), "submitted_at": None}
ON_PAIRING = {"enclave_id": None, "pairing_id": of("pairing")}
SUBJECTS = ("enclave_id", "project_id", "park_id", "pairing_id", "demonstration_village_id")
MOMENT = "2024-04-09 02:00:00"
REASON = {"reason": "同意"}
LINE = {"card_sheet": "a", "card_subject": "331122", "card_line": "1", "card_words": "缙云县 1"}
RAISED = {"act": "raised", "due_on": LATE, "rise": "city", "reason": ""}
BEGUN = {"act": "issued", "from_state": None, "due_on": LATE, "reason": ""}
ALLOTTED = {"act": "allotted", "on_day": EARLY, "document": "1 号", "amount": 1}
PUT_RIGHT = {**ALLOTTED, **REASON, "corrects_id": of("application_event")}
STOOD = {
    "state": "established",
    "established_on": EARLY,
    "acceptance_due_on": LATE,
    "document": "1 号",
}
SPOT = {"kind": "demonstration", "demonstration_village_id": of("demonstration_village")}
PARK = {"kind": "park", "park_id": of("park")}
NAMED = ({"name": "甲", "name_key": "甲"}, {"name": "乙", "name_key": "乙"})
FACTS = (
    "project_id",
    "enclave_id",
    "return_term_id",
    "park_id",
    "ledger_entry_id",
    "operating_figure_id",
    "tenant_id",
    "village_stake_id",
    "village_income_id",
    "demonstration_village_id",
    "visit_id",
    "joint_meeting_id",
    "joint_event_id",
    "secondment_id",
    "specialist_posting_id",
    "training_id",
    "institution_pair_id",
    "consumption_aid_id",
    "county_indicator_id",
    "target_id",
    "finding_id",
    "adoption_id",
    "determination_id",
    "filing_id",
    "task_part_id",
    "application_id",
    "objection_id",
    "supervision_order_id",
    "key_work_id",
)

MONEY = {
    "ledger_entries": Cases(
        base=lambda w: make.entry(w.enclave, EntryKind.REBATE, make.wan(1), make.DAY),
        refused={
            **unlisted("kind", "precision"),
            "amount": [{"amount": 0}, {"amount": -1}],
            "period": [{"period_from": "2024-07-01"}],
            "no_draft_reversal": [{**MIRROR, "submitted_at": None}],
            "villages": [{"villages": -1}],
            "purpose": [{**ON_PAIRING, "kind": "aid_used", "purpose": "unlisted"}],
            "purpose_where_aid": [{"purpose": "income"}],
            "due": [{"kind": "rent", "due_on": LATE}],
            "booked": [{"booked_on": "2024-12-01"}],
            "booked_later": [{**MIRROR, "booked_on": EARLY}],
        },
        one_of={"one_subject": SUBJECTS},
        uniques={
            "uq_ledger_entries_reversal_of_id": (MIRROR, {}),
            "uq_ledger_entries_corrects_id": (CORRECTING, {}),
        },
        accepted=[
            {"amount": 1},
            MIRROR,
            {**MIRROR, "booked_on": "2024-12-01"},
            {**CORRECTING, "booked_on": "2024-12-01"},
            {"submitted_at": None},
            {"period_from": "2024-06-30", "villages": 0, "due_on": LATE},
            {**ON_PAIRING, "kind": "aid_used", "purpose": "income"},
            {**ON_PAIRING, "kind": "aid_sent", "due_on": LATE},
        ],
        beside=[{}],
    ),
    "answered_doubts": Cases(
        base=lambda w: make.answered_doubt(w.entry),
        refused={"rules": [{"rules": ""}], "reason": [{"reason": ""}]},
        accepted=[{"reason": "增资"}],
    ),
    "village_payments": Cases(
        base=lambda w: make.village_payment(w.draft, w.village, make.wan(1)),
        refused={"amount": [{"amount": 0}, {"amount": -1}]},
        uniques={"uq_village_payments_entry_id_village_id": {}},
        accepted=[{"amount": 1}],
        beside=[{"village_id": of("other_village")}],
    ),
    "county_indicators": Cases(
        base=lambda w: make.county_indicator(w.county),
        refused={
            **unlisted("precision"),
            "year": [{"year": 1948}, {"year": 2101}],
        },
        uniques={"uq_county_indicators_place": {}},
        accepted=[{"year": 1949}, {"year": 2100}, {"value": -1}],
        beside=[{"year": 2023}, {"indicator": "another"}, {"region_id": of("other_county")}],
    ),
    "published_totals": Cases(base=lambda w: make.published_total(w.source), beside=[{}]),
    "plan_goals": Cases(
        base=lambda w: make.plan_goal(year=2025),
        refused={**unlisted("kind"), "operator": [{"operator": "!="}, {"operator": ""}]},
        uniques={"uq_plan_goals_goal": {}},
        accepted=[{"operator": sign} for sign in ("=", ">", ">=", "<", "<=", "≈")],
        beside=[
            {"plan": "another"},
            {"scope": "another"},
            {"number": "2"},
            {"indicator": "another"},
            {"year": 2026},
        ],
    ),
    "targets": Cases(
        base=lambda w: make.target(w.county, 2024, "example", 1),
        refused={
            **YEARS,
            "value": [{"value": -1}],
            "parent": [{"parent_id": same("id")}],
        },
        one_of={"one_subject": ("region_id", "enclave_id", "park_id", "pairing_id")},
        uniques={
            "uq_targets_region": {},
            "uq_targets_enclave": ({"region_id": None, "enclave_id": of("enclave")}, {}),
            "uq_targets_park": ({"region_id": None, "park_id": of("park")}, {}),
            "uq_targets_pairing": ({"region_id": None, "pairing_id": of("pairing")}, {}),
        },
        accepted=[*YEARS_WITHIN, {"value": 0}],
        beside=[
            {"year": 2023},
            {"measure": "another"},
            {"region_id": of("other_county")},
            {"region_id": None, "enclave_id": of("enclave")},
        ],
    ),
}

EXCHANGES = {
    "visits": Cases(base=lambda w: acts.visit(w.pairing), refused=unlisted("visitor"), beside=[{}]),
    "joint_meetings": Cases(base=lambda w: acts.joint_meeting(w.pairing), beside=[{}]),
    "joint_events": Cases(base=lambda w: acts.joint_event(w.pairing), beside=[{}]),
    "secondments": Cases(
        base=lambda w: acts.secondment(w.pairing),
        refused={**unlisted("sent_by"), **TERM},
        accepted=same_day("starts_on", "ends_on"),
        beside=[{}],
    ),
    "specialist_postings": Cases(
        base=lambda w: acts.specialist_posting(w.pairing),
        refused={**unlisted("field"), **TERM, "people": [{"people": 0}, {"people": -1}]},
        accepted=[{"people": 1}, *same_day("starts_on", "ends_on")],
        beside=[{}],
    ),
    "trainings": Cases(
        base=lambda w: acts.training(w.pairing, people=10),
        refused={
            **unlisted("purpose"),
            "people": [{"people": 0}, {"people": -1}],
            "employed": [{"employed": -1}, {"employed": 11}],
        },
        accepted=[{"employed": 0}, {"employed": 10}, {"people": 1}],
        beside=[{}],
    ),
    "institution_pairs": Cases(
        base=lambda w: acts.institution_pair(w.pairing),
        refused={
            **unlisted("kind"),
            "term": [{"signed_on": LATE, "ends_on": EARLY}],
        },
        accepted=same_day("signed_on", "ends_on"),
        beside=[{}],
    ),
    "consumption_aids": Cases(
        base=lambda w: acts.consumption_aid(w.pairing),
        refused={"amount": [{"amount": 0}, {"amount": -1}]},
        accepted=[{"amount": 1}],
        beside=[{}],
    ),
}

PROOFS = {
    "findings": Cases(
        base=lambda w: acts.finding(w.county),
        refused={
            **unlisted("kind", "level"),
            "sampling": [{"kind": "sampling"}, {"pass_rate": 0}],
            "pass_rate": [
                {"kind": "sampling", "pass_rate": -1},
                {"kind": "sampling", "pass_rate": 100_000_001},
            ],
            "found_before_withdrawn": [{"found_on": LATE, "withdrawn_on": EARLY}],
        },
        one_of={"one_subject": ("region_id", "enclave_id", "park_id")},
        accepted=[
            {"kind": "sampling", "pass_rate": 0},
            {"kind": "sampling", "pass_rate": 100_000_000},
            *same_day("found_on", "withdrawn_on"),
        ],
        beside=[{}],
    ),
    "adoptions": Cases(
        base=lambda w: acts.adoption(w.county), refused=unlisted("level"), beside=[{}]
    ),
    "determinations": Cases(
        base=lambda w: acts.determination(w.county),
        refused={
            **unlisted("level"),
            **YEARS,
            "ruling": [{"ruling": "unlisted", "reason": "无凭证"}],
            "value": [{"ruling": "corrected", "reason": "有误"}, {"value": 0}],
            "reason": [{"ruling": "refused"}, {"ruling": "corrected", "value": 0}],
            "owner": [{"owner_region_id": of("county"), "level": "city"}],
        },
        one_of={
            "one_subject": (
                "region_id",
                "enclave_id",
                "park_id",
                "pairing_id",
                "demonstration_village_id",
            )
        },
        accepted=[
            *YEARS_WITHIN,
            {"ruling": "refused", "reason": "无凭证"},
            {"ruling": "corrected", "value": 0, "reason": "有误"},
        ],
        beside=[{}],
    ),
    "ruling_answers": Cases(
        base=lambda w: acts.ruling_answer(w.determination),
        refused={"words": [{"words": ""}]},
        accepted=[{"agrees": True, "words": ""}],
        beside=[{}],
    ),
    "samplings": Cases(
        base=lambda w: acts.sampling(w.snapshot, w.county),
        refused={
            **YEARS,
            "level": [{"level": "county"}],
            "seed": [{"seed": ""}],
            "size": [{"size": 0}, {"size": 41}],
        },
        accepted=[*YEARS_WITHIN, {"level": "city"}, {"size": 40}],
        beside=[{}],
    ),
    "sampled_facts": Cases(
        base=lambda w: acts.sampled_fact(w.sampling, w.county, place=2),
        refused={"place": [{"place": 0}]},
        uniques={"uq_sampled_facts_place": {}},
        accepted=[{"place": 3}],
        beside=[{"place": 4}],
    ),
    "sample_checks": Cases(
        base=lambda w: acts.sample_check(w.sampled_fact),
        refused={"note": [{"passed": False}]},
        accepted=[{"passed": False, "note": "凭证金额少于上报值"}],
        beside=[{}],
    ),
    "filings": Cases(
        base=lambda w: acts.filing(w.county),
        refused={
            **unlisted("kind"),
            **YEARS,
            "state": [{"state": "unlisted", "filed_at": MOMENT}],
            "filed": [{"state": "submitted"}, {"state": "returned"}, {"state": "locked"}],
            "started": [{"filed_at": MOMENT}],
            "reopened": [{"reopened_until": "2024-05-01", "state": "entering"}],
        },
        one_of={"one_subject": ("region_id", "enclave_id")},
        uniques={
            "uq_filings_region": {},
            "uq_filings_enclave": ({"region_id": None, "enclave_id": of("enclave")}, {}),
        },
        accepted=[
            *YEARS_WITHIN,
            {"state": "returned", "filed_at": MOMENT},
            {"state": "entering", "filed_at": MOMENT},
            {"state": "locked", "filed_at": MOMENT, "reopened_until": "2024-05-01"},
        ],
        beside=[{"year": 2023}, {"kind": "q2"}, {"region_id": of("other_county")}],
    ),
    "filing_events": Cases(
        base=lambda w: acts.filing_event(w.filing),
        refused={
            **unlisted("act", "from_state", "to_state"),
            "reason": [{"act": "returned"}, {"act": "withdrawn"}, {"act": "sent_back"}],
            "until": [
                {"until": "2024-05-01"},
                {"act": "reopened", "reason": "补充说明"},
            ],
        },
        accepted=[
            {"act": "returned", "reason": "缺附件"},
            {"act": "reopened", "reason": "补充说明", "until": "2024-05-01"},
        ],
        beside=[{}],
    ),
    "applications": Cases(
        base=lambda w: acts.application(w.county, amount_asked=make.wan(2)),
        refused={
            **unlisted("kind", "state"),
            **YEARS,
            "acceptance": [{"acceptance": "unlisted", "inspected_on": LATE}],
            "about": [{"project_id": of("project"), "enclave_id": of("enclave")}],
            "about_demonstration": [
                {"kind": "demonstration", column: of(column.removesuffix("_id"))}
                for column in ("park_id", "project_id", "enclave_id")
            ],
            "about_park": [
                {"kind": "park", column: of(column.removesuffix("_id"))}
                for column in ("demonstration_village_id", "project_id", "enclave_id")
            ],
            "amount_asked": [{"amount_asked": 0}, {"amount_asked": -1}],
            "amount_granted": [{"amount_granted": 0}, {"amount_granted": -1}],
            "granted": [
                {"amount_granted": 2 * FEN + 1},
                {"amount_asked": None, "amount_granted": 1},
            ],
            "established": [
                {**STOOD, **changes}
                for changes in (
                    {"established_on": None},
                    {"acceptance_due_on": None},
                    {"document": ""},
                    {"state": "rectifying", "document": ""},
                    {"state": "awaiting", "document": ""},
                    {"state": "failed", "document": ""},
                )
            ],
            "inspected": [{"inspected_on": LATE}, {"acceptance": "failed"}],
            "accepted": [
                {**STOOD, "state": "accepted"},
                {**STOOD, "state": "accepted", "acceptance": "failed", "inspected_on": LATE},
            ],
            "established_on_before_acceptance_due_on": [
                {"established_on": LATE, "acceptance_due_on": EARLY}
            ],
            "established_on_before_inspected_on": [
                {"established_on": LATE, "inspected_on": EARLY, "acceptance": "failed"}
            ],
        },
        uniques={
            "uq_applications_name_key": {},
            "uq_applications_demonstration": ({**SPOT, **NAMED[0]}, {**SPOT, **NAMED[1]}),
            "uq_applications_park": ({**PARK, **NAMED[0]}, {**PARK, **NAMED[1]}),
        },
        accepted=[
            *YEARS_WITHIN,
            SPOT,
            PARK,
            *({column: of(column.removesuffix("_id"))} for column in SUBJECTS[:3]),
            {"amount_granted": 2 * FEN},
            STOOD,
            {**STOOD, "state": "accepted", "acceptance": "passed", "inspected_on": EARLY},
        ],
        beside=[{"year": 2023}, {"kind": "park"}, {"county_id": of("other_county")}],
    ),
    "application_events": Cases(
        base=lambda w: acts.application_event(w.application),
        refused={
            **unlisted("act", "from_state", "to_state"),
            "result": [{"result": "unlisted", "act": "inspected", **REASON, "on_day": EARLY}],
            "reason": [
                *({"act": act} for act in ("sent_back", "withdrawn", "city_reviewed", "granted")),
                *({"act": act} for act in ("returned", "rejected", "revoked")),
                {"act": "inspected", "result": "passed", "on_day": EARLY},
            ],
            "on_day": [
                {"act": "inspected", "result": "passed", **REASON},
                {"act": "established", "document": "1 号", "due_on": LATE},
                {"act": "allotted", "document": "1 号", "amount": 1},
            ],
            "document": [
                {"act": "established", "on_day": EARLY, "due_on": LATE},
                {"act": "allotted", "on_day": EARLY, "amount": 1},
            ],
            "amount": [
                {"amount": 1},
                {"act": "allotted", "on_day": EARLY, "document": "1 号"},
                {"act": "recovered", "on_day": EARLY, "document": "1 号"},
                {"act": "granted", **REASON, "amount": 0},
            ],
            "corrects": [
                {"corrects_id": of("application_event")},
                {**ALLOTTED, "corrects_id": of("application_event")},
            ],
            "inspected": [{"result": "passed"}, {"act": "inspected", **REASON, "on_day": EARLY}],
            "due_on": [
                {"due_on": LATE},
                {"act": "established", "on_day": EARLY, "document": "1 号"},
                {"act": "inspected", "result": "rectify", **REASON, "on_day": EARLY},
            ],
        },
        accepted=[
            {"act": "established", "on_day": EARLY, "document": "1 号", "due_on": LATE},
            {"act": "granted", **REASON},
            {"act": "granted", **REASON, "amount": 1},
            {"act": "allotted", "on_day": EARLY, "document": "1 号", "amount": 1},
            {"act": "recovered", "on_day": EARLY, "document": "1 号", "amount": 1},
            {"act": "inspected", "result": "passed", **REASON, "on_day": EARLY},
            {"act": "inspected", "result": "rectify", **REASON, "on_day": EARLY, "due_on": LATE},
        ],
        uniques={"uq_application_events_corrects": (PUT_RIGHT, PUT_RIGHT)},
        beside=[{}],
    ),
    "task_lists": Cases(
        base=lambda w: acts.task_list(w.county),
        refused={
            **YEARS,
            **unlisted("state"),
            "revision": [{"revision": -1}],
            "issued": [{"revision": 1}, {"state": "issued"}],
        },
        uniques={"uq_task_lists_year_region": {}},
        accepted=[{"year": 2002}, {"year": 2100}, {"revision": 2, "state": "issued"}],
        beside=[{"year": 2023}, {"region_id": of("other_county")}],
    ),
    "annual_tasks": Cases(
        base=lambda w: acts.annual_task(measure="projects.counted", total=7),
        refused={
            **YEARS,
            "number": [{"number": 0}, {"number": 1000}],
            "total": [{"total": -1}],
            "issued_total": [{"issued_total": -1}],
            "measure": [{"measure": ""}],
            "milestone": [{"measure": None}, {"measure": None, "total": None, "issued_total": 1}],
        },
        uniques={
            "uq_annual_tasks_number": {"measure": "projects.large"},
            "uq_annual_tasks_measure": {"number": 2},
        },
        accepted=[*YEARS_WITHIN, {"measure": None, "total": None}, {"total": 0}],
        beside=[{"number": 2, "measure": "projects.large"}, {"year": 2023}],
    ),
    "task_parts": Cases(
        base=lambda w: acts.task_part(w.task_list, w.annual_task, w.county, value=3),
        refused={
            "one_receiver": [{"bureau": "商务局"}, {"region_id": None}],
            "bureau": [{"bureau": "", "region_id": None}],
            "value": [{"value": -1}],
            "draft_value": [{"draft_value": -1}],
            "given": [{"given": False}],
            "drafted": [{"drafted": False}],
            "done": [{"done_on": "2024-02-01", "given": False, "value": None}],
            "target": [{"target_id": of("target"), "region_id": None, "bureau": "商务局"}],
        },
        uniques={
            "uq_task_parts_region": {},
            "uq_task_parts_bureau": ({"region_id": None, "bureau": "商务局"},) * 2,
            "uq_task_parts_target_id": (
                {"target_id": of("target")},
                {"target_id": of("target"), "region_id": of("other_county")},
            ),
        },
        accepted=[{"value": 0}, {"done_on": "2024-02-01"}, {"draft_value": None}],
        beside=[{"region_id": of("other_county")}],
    ),
    "task_events": Cases(
        base=lambda w: acts.task_event(w.task_list),
        refused={
            "act": [{"act": "unlisted", "reason": "试", "revision": None, "content": None}],
            "part": [{"part_id": of("task_part")}],
            "revision": [
                {"act": "done", "reason": "试", "part_id": of("task_part")},
                {"revision": None, "content": None},
            ],
            "content": [{"content": None}],
            "reason": [{"act": "adjusted"}],
        },
        uniques={"uq_task_events_revision": {}},
        accepted=[
            {"act": "adjusted", "reason": "加码"},
            {
                "act": "done",
                "reason": "已印发",
                "part_id": of("task_part"),
                "revision": None,
                "content": None,
            },
        ],
        beside=[{"revision": 2}],
    ),
    "rulebook_sets": Cases(
        base=lambda w: acts.rulebook_set(),
        refused={
            **YEARS,
            **unlisted("state", "status"),
            "name": [{"name": ""}],
            "official": [{"status": "official"}],
            "published": [{"state": "published"}],
            "sealed": [{"sha256": "0" * 64}],
        },
        accepted=[{"status": "official", "document": "浙山海办〔2026〕1号"}],
        beside=[{}],
    ),
    "rulebook_files": Cases(
        base=lambda w: acts.rulebook_file(w.rulebook_set),
        refused={"path": [{"path": ""}]},
        uniques={"uq_rulebook_files_path": {}},
        beside=[{"path": "another.toml"}],
    ),
    "rulebook_acts": Cases(
        base=lambda w: acts.rulebook_act(w.rulebook_set),
        refused=unlisted("act"),
        beside=[{}],
    ),
    "quarter_cells": Cases(
        base=lambda w: acts.quarter_cell(w.project, w.user),
        refused={
            **YEARS,
            "quarter": [{"quarter": 0}, {"quarter": 5}],
            "value": [{"value": -1}],
            "value_or_day": [{"day": "2024-02-01"}],
            "version": [{"version": 0}],
        },
        one_of={"one_subject": SUBJECTS},
        uniques={
            "uq_quarter_cells_project_id": {},
            **{
                f"uq_quarter_cells_{column}": (
                    {"project_id": None, column: of(column.removesuffix("_id"))},
                )
                * 2
                for column in SUBJECTS
                if column != "project_id"
            },
        },
        accepted=[*YEARS_WITHIN, {"value": None, "day": "2024-02-01"}, {"value": 0}],
        beside=[{"year": 2023}, {"quarter": 2}, {"field": "money.completed_investment"}],
    ),
    "filing_parts": Cases(
        base=lambda w: acts.filing_part(w.filing),
        refused=unlisted("part"),
        uniques={"uq_filing_parts_bureau": {}},
        accepted=[{"back_on": "2024-02-01"}],
        beside=[{"part": "enclaves"}, {"bureau": "农业农村局"}],
    ),
    "filing_periods": Cases(
        base=lambda w: acts.filing_period(),
        refused={
            **unlisted("kind"),
            **YEARS,
            "due": [{"due_on": "2000-01-01"}],
        },
        uniques={"uq_filing_periods_year_kind": {}},
        accepted=YEARS_WITHIN,
        beside=[{"year": 2023}, {"kind": "q2"}],
    ),
    "holidays": Cases(
        base=lambda w: acts.holiday(),
        refused={},
        uniques={"uq_holidays_day": {}},
        beside=[{"day": "2031-01-02"}],
    ),
    "evidence_files": Cases(
        base=lambda w: acts.evidence_file(),
        refused={
            "sha256": [{"sha256": "0" * 63}, {"sha256": ""}],
            "size": [{"size": 0}, {"size": -1}],
        },
        uniques={"uq_evidence_files_sha256": {}},
        accepted=[{"size": 1}],
        beside=[{"sha256": "0" * 64}],
    ),
    "evidence_checks": Cases(
        base=lambda w: acts.evidence_check(w.file),
        refused=unlisted("state"),
        uniques={"uq_evidence_checks_file_id": {}},
        accepted=[{"state": "missing", "size": None, "modified_ns": None}],
    ),
    "objections": Cases(
        base=lambda w: objecting.plain(w.assessment, w.county, w.snapshot),
        refused={**unlisted("state"), "words": [{"words": ""}]},
        uniques={"uq_objections_line": {}},
        accepted=[{"state": state} for state in ("granted", "partly", "refused", "withdrawn")],
        beside=[{"state": "withdrawn"}, {"line": "2"}, {"subject_code": "2"}],
    ),
    "objection_claims": Cases(
        base=lambda w: make.add(
            ObjectionClaim(objection=w.objection, measure="exchanges.visits", value=1)
        ),
        uniques={"uq_objection_claims_measure": {}},
        beside=[{"measure": "projects.large"}],
    ),
    "objection_events": Cases(
        base=lambda w: objecting.event(w.new_objection, act="filed"),
        refused={
            "act": [{"act": "unlisted", "reason": "试"}],
            "reason": [{"act": act} for act in ("withdrawn", "granted", "partly", "refused")],
        },
        uniques={
            "uq_objection_events_filed": {},
            "uq_objection_events_over": (
                {"act": "granted", "reason": "试"},
                {"act": "refused", "reason": "试"},
            ),
        },
        accepted=[{"act": "withdrawn", "reason": "误报"}],
        beside=[{"act": "refused", "reason": "试"}],
    ),
    "objection_rulings": Cases(
        base=lambda w: make.add(
            ObjectionRuling(event=w.objection_event, determination=w.new_ruling)
        ),
        uniques={"uq_objection_rulings_determination_id": {}},
    ),
    "supervision_orders": Cases(
        base=lambda w: acts.supervision_order(w.county, w.city),
        refused={
            **unlisted("state", "risen"),
            "name": [{"name": ""}],
            "demand": [{"demand": ""}],
            "about": [
                {"project_id": of("project"), "enclave_id": of("enclave")},
                {"project_id": of("project"), "snapshot_id": of("snapshot"), **LINE},
            ],
            "card": [
                {"snapshot_id": of("snapshot")},
                LINE,
                *({"snapshot_id": of("snapshot"), **LINE, name: None} for name in LINE),
            ],
            "issuer": [{"issuer_id": of("county")}],
            "helper": [{"helper_id": of("county")}],
        },
        accepted=[
            {"project_id": of("project")},
            {"helper_id": of("strong")},
            {"risen": "city"},
            {"snapshot_id": of("snapshot"), **LINE},
        ],
        beside=[{}],
    ),
    "supervision_events": Cases(
        base=lambda w: acts.supervision_event(w.order),
        refused={
            **unlisted("act", "from_state", "to_state"),
            "rise": [{**RAISED, "rise": "unlisted"}],
            "begins": [{"from_state": None}],
            "due_on": [{"due_on": LATE}, {"act": "extended"}],
            "raised": [{"rise": "city"}, {**RAISED, "rise": None}],
            "reason": [{"reason": ""}],
        },
        uniques={
            "uq_supervision_events_issued": (BEGUN, BEGUN),
            "uq_supervision_events_raised": (RAISED, RAISED),
        },
        accepted=[{"act": "accepted", "reason": ""}, BEGUN, RAISED],
        beside=[{}, {**RAISED, "rise": "province"}],
    ),
    "key_works": Cases(
        base=lambda w: acts.key_work(w.county, name="示例工作"),
        refused={
            **unlisted("sheet"),
            "name": [{"name": ""}],
            "responsible": [{"responsible": ""}],
            "starts_before_due": [{"starts_on": LATE, "due_on": EARLY}],
            "starts_before_finished": [{"starts_on": "2024-01-02", "finished_on": "2024-01-01"}],
        },
        uniques={"uq_key_works_work": {}},
        accepted=[{"starts_on": "2024-12-31"}, {"finished_on": "2024-01-01"}],
        beside=[
            {"name": "another"},
            {"sheet": "reform"},
            {"region_id": of("other_county")},
            {"starts_on": "2024-01-02"},
        ],
    ),
    "key_work_milestones": Cases(
        base=lambda w: acts.milestone(w.key_work, name="甲"),
        refused={"name": [{"name": ""}]},
        uniques={"uq_key_work_milestones_name": {}},
        beside=[{"name": "another"}],
    ),
    "key_work_events": Cases(
        base=lambda w: acts.work_event(w.key_work),
        refused={
            **unlisted("act"),
            "words": [{"words": ""}],
            "milestone": [
                {"act": "reopened", "milestone_id": of("milestone"), "day": EARLY},
                {"act": "finished", "milestone_id": of("milestone"), "day": EARLY},
            ],
            "day": [{"day": EARLY}, {"act": "finished"}, {"milestone_id": of("milestone")}],
        },
        accepted=[
            {"act": "finished", "day": EARLY},
            {"milestone_id": of("milestone"), "day": EARLY},
            {"act": "reopened"},
        ],
        beside=[{}],
    ),
    "evidence_links": Cases(
        base=lambda w: acts.evidence_link(w.file, w.project),
        refused={**unlisted("origin"), "kind": [{"kind": ""}]},
        one_of={"one_fact": FACTS},
        beside=[{}],
    ),
    "snapshots": Cases(
        base=lambda w: acts.snapshot(),
        uniques={"uq_snapshots_sha256": {}},
        beside=[{"sha256": "0" * 64}],
    ),
    "scorecards": Cases(
        base=lambda w: acts.scorecard(w.snapshot, w.county, enclave_id=w.enclave.id),
        refused={"region": [{"region_id": None}]},
        uniques={"uq_scorecards_subject": {}},
        accepted=[{"region_id": None, "enclave_id": None}],
        beside=[{"sheet": "another"}, {"subject_code": "another"}],
    ),
    "trials": Cases(
        base=lambda w: trials.trial(2024),
        refused={
            "rulebook_year": [{"rulebook_year": 2025}],
            "facts_sha256": [{"facts_sha256": "0"}],
        },
        uniques={
            "uq_trials_month": {},
            "uq_trials_owner_month": ({"owner_region_id": of("county")}, {}),
        },
        beside=[{"year": 2025}, {"month": "2024-04-01"}, {"owner_region_id": of("county")}],
    ),
    "trial_cards": Cases(
        base=lambda w: trials.trial_card(w.trial, w.county),
        uniques={"uq_trial_cards_subject": {}},
        beside=[{"sheet": "another"}, {"subject_code": "another"}],
    ),
    "data_states": Cases(
        base=lambda w: make.add(DataState(id=1, number=0)),
        refused={"single": [{"id": 2}], "number": [{"number": -1}]},
        accepted=[{"number": 7}],
    ),
    "events": Cases(
        base=lambda w: acts.event(table_name="users", record_id=w.user.id),
        refused={**unlisted("kind"), "record": [{"record_id": None}, {"table_name": None}]},
        uniques={"uq_events_set_aside": ({"set_aside": "a" * 32}, {"set_aside": "a" * 32})},
        accepted=[{"table_name": None, "record_id": None}],
        beside=[{}],
    ),
    "audit_entries": Cases(
        base=lambda w: acts.audit_entry(), refused=unlisted("action"), beside=[{}]
    ),
}
