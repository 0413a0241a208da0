"""Every kind's template: taken along, it changes nothing; filled in, it makes and changes what its
form would; taken again, it changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.audits.conftest import Site
from tests.exchange.sheets.books import Book, sitting, table, template, tried
from tracker.core.db import db, units
from tracker.core.db.audit import act_as
from tracker.exchange.sheets.checking import Plan, planned
from tracker.exchange.sheets.entering import NOT_BY_SHEET, Entering, is_sheetful
from tracker.exchange.sheets.template import FIRST_ROW
from tracker.exchange.sheets.writing import written
from tracker.web.kit.kinds import all_kinds

_LATER = date(2024, 7, 1)
# kind → who enters it, what a second record says other than the first.
NEW: dict[str, tuple[str, dict[str, Any]]] = {
    "adoptions": ("assessor", {"title": "乙经验"}),
    "agreement_documents": ("staff", {"title": "补充协议"}),
    "aid_group_members": ("assessor", {"organisation_id": "示例集团331126"}),
    "aid_groups": ("assessor", {"name": "乙团组", "since": _LATER, "_why": "两个团组先后帮扶"}),
    "annual_tasks": ("assessor", {"name": "乙任务", "number": 9, "measure": None, "total": None}),
    "applications": ("staff", {"name": "乙申报"}),
    "consumption_aids": ("staff", {"amount": 7.25, "channel": "直播"}),
    "demonstrations": ("staff", {"name": "乙示范点", "code": "SF-900"}),
    "enclave_spaces": ("assessor", {"quantity": 12.5}),
    "enclaves": ("staff", {"name": "乙飞地", "code": "FD-900", "area_mu": 12.5}),
    "findings": ("assessor", {"document": "示例〔2024〕9号"}),
    "holidays": ("assessor", {"day": date(2031, 10, 8), "name": "国庆节"}),
    "indicators": ("staff", {"year": 2023, "value": 0.9}),
    "institution_pairs": ("staff", {"recipient_name": "三中"}),
    "joint_events": ("staff", {"title": "乙活动\n"}),
    "joint_meetings": ("staff", {"met_on": _LATER}),
    "key_work_milestones": ("assessor", {"name": "乙节点"}),
    "key_works": ("assessor", {"name": "乙工作"}),
    "ledger": ("staff", {"amount": 41.5, "voucher": "00123"}),
    "operations": ("staff", {"quarter": 3}),
    "organisations": ("staff", {"name": "乙集团"}),
    "pairing_citations": ("assessor", {"note": "乙出处", "_why": "另一处"}),
    "pairing_rounds": ("assessor", {"name": "乙轮次", "code": "R90"}),
    "pairings": ("assessor", {"recipient_id": "龙游县"}),
    "parks": ("staff", {"name": "乙产业园", "code": "YQ-900"}),
    "plan_goals": ("assessor", {"indicator": "乙指标", "text": "≥68"}),
    "platforms": ("assessor", {"name": "乙新区"}),
    "project_milestones": ("staff", {"stage": "投产"}),
    "projects": ("staff", {"name": "乙项目", "total_investment": "1.2亿", "is_chain": "是"}),
    "regions": ("assessor", {"name": "乙县", "code": "331199", "level": "县（市、区）"}),
    "return_terms": ("assessor", {"amount": 30, "_why": "另有一份合同"}),
    "secondments": ("staff", {"person": "乙干部"}),
    "sources": ("assessor", {"url": "https://example.org/900"}),
    "specialist_postings": ("staff", {"people": 3}),
    "submissions": ("assessor", {"year": 2025, "due_on": date(2025, 4, 10)}),
    "targets": ("assessor", {"year": 2025, "value": 25}),
    "tenants": ("staff", {"name": "乙企业"}),
    "trainings": ("staff", {"people": 11}),
    "village_incomes": ("staff", {"year": 2023}),
    "villages": ("staff", {"name": "乙村", "code": 331122000900}),
    "visits": ("staff", {"visited_on": _LATER, "subject": "－"}),
}
# Kinds of which one thing has no second record, or none at the same time.
ONE_OF = {
    "county_listings": "assessor",
    "enclave_agreements": "staff",
    "industrial_listings": "assessor",
    "tax_splits": "assessor",
    "village_stakes": "staff",
}


def test_every_kind_that_is_entered_by_hand_has_a_template_or_a_reason(site: Site):
    by_hand = {kind.key for kind in all_kinds() if kind.form and kind.edit}
    assert by_hand == {*NEW, *ONE_OF, *NOT_BY_SHEET}
    assert {kind.key for kind in all_kinds() if is_sheetful(kind)} == {*NEW, *ONE_OF}


def some(keys: Iterable[str]) -> list[Any]:
    """Every fourth kind, in the long runs all."""
    return [
        pytest.param(key, marks=pytest.mark.soak if number % 4 else ())
        for number, key in enumerate(sorted(keys))
    ]


def keep(of: Entering, data: bytes) -> Plan:
    """Take a workbook, as the work in the background does."""
    plan = planned(of, table(of, data))
    assert not plan.faults, plan.faults
    with units.writing():
        act_as(db.session, of.user.id)
        written(of, plan)
        assert not plan.faults, plan.faults
    return plan


def count(of: Entering) -> int:
    return db.session.scalar(select(func.count(of.kind.model.id)))


@pytest.mark.parametrize("key", sorted(NEW))
def test_a_template_takes_a_second_record(site: Site, key: str):
    user, other = NEW[key]
    with sitting(site.app, site.world[user], key) as of:
        book = Book(template(of))
        rows = book.rows()
        assert rows
        book.set(book.free, **{**book.row(FIRST_ROW), **other})
        plan = tried(of, book.saved())
        assert (plan.unchanged, plan.faults) == (len(rows), [])
        assert len(plan.created) == len(plan.rows) == 1


@pytest.mark.parametrize("key", some(NEW))
def test_a_template_is_filled_in_and_taken_and_changes_nothing_again(site: Site, key: str):
    user, other = NEW[key]
    with sitting(site.app, site.world[user], key) as of:
        before = template(of)
        book = Book(before)
        rows = book.rows()
        assert rows
        plan = tried(of, before)
        assert (plan.unchanged, plan.rows, plan.faults) == (len(rows), [], [])
        free = book.free
        book.set(free, **{**book.row(FIRST_ROW), **other})
        filled, number = book.saved(), count(of)
        plan = tried(of, filled)
        assert plan.faults == []
        assert len(plan.created) == 1
        assert count(of) == number, "a rehearsal keeps nothing"
        keep(of, filled)
        assert count(of) == number + 1
        again = tried(of, filled)
        assert (again.unchanged, again.rows, again.faults) == (len(rows) + 1, [], [])
    with sitting(site.app, site.world[user], key) as of:
        after = template(of)
        plan = tried(of, after)
        assert (plan.unchanged, plan.rows, plan.faults) == (len(rows) + 1, [], [])
    site.restore()


@pytest.mark.parametrize("key", some({*NEW, *ONE_OF} - {"ledger"}))
def test_a_copied_row_is_a_second_record_and_never_taken_silently(site: Site, key: str):
    """Without the row of its record it says what is there, and makes nothing."""
    user = NEW[key][0] if key in NEW else ONE_OF[key]
    with sitting(site.app, site.world[user], key) as of:
        book = Book(template(of))
        first = book.row(FIRST_ROW)
        book.set(book.free, **first)
        plan = tried(of, book.saved())
        assert plan.faults, "the same again"
        alone = Book(template(of))
        for row in alone.rows():
            for column in alone.columns.values():
                alone.page.cell(row, column).value = None
        alone.set(FIRST_ROW, **first)
        plan = tried(of, alone.saved())
        assert (plan.unchanged, plan.rows, plan.faults) == (1, [], [])
