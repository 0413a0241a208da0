"""A sample year so many times over: every place but the province with all that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, String, Table, UniqueConstraint, case, func, insert, literal, select

from tracker.core.db import Base, db
from tracker.records.places.models import Region, RegionLevel

# What there is once, however many places there are, or is written by the program of itself.
ONCE = frozenset(
    {
        *("annual_tasks", "data_states", "evidence_files", "evidence_checks", "filing_periods"),
        *("holidays", "pairing_rounds", "paper_checks", "sources", "users", "plan_goals"),
        *("published_totals", "rulebook_sets", "rulebook_files", "rulebook_acts", "assessments"),
        *("assessment_events", "assessment_days", "audit_entries", "events", "reminders"),
        *("reminder_addresses", "reminder_deliveries", "background_jobs", "background_chunks"),
        *("snapshots", "scorecards", "trials", "trial_cards", "paper_issues", "issued_papers"),
        *("issued_paper_regions", "signed_papers", "paper_tasks", "sent_forms", "user_sessions"),
        *("sign_in_attempts", "samplings", "sampled_facts", "sample_checks", "card_reviews"),
        *("gaps", "answered_doubts", "task_lists", "task_parts", "task_events", "key_works"),
        *("key_work_milestones", "key_work_events", "former_codes"),
    }
)
_FAR = 1_000_000  # between the numbers of two copies


def multiply(times: int) -> None:
    """Add `times` − 1 copies of all records that places have; within a writing unit."""
    province = db.session.query(Region.id).filter_by(level=RegionLevel.PROVINCE).scalar()
    tables = [table for table in Base.metadata.sorted_tables if table.name not in ONCE]
    for number in range(1, times):
        for table in tables:
            values = {c: _copied(table, c, number, province) for c in table.columns}
            original = select(*values.values()).where(table.c.id < _FAR)
            if table.name == "regions":
                original = original.where(table.c.id != province).order_by(table.c.parent_id)
            db.session.execute(
                insert(table).from_select(
                    [c.name for c in values], original, include_defaults=False
                )
            )


def _copied(table: Table, column: Column, number: int, province: int):
    aside = literal(number * _FAR)
    if column.name == "id":
        return column + aside
    for key in column.foreign_keys:
        other = key.column.table.name
        if other == "regions":
            return case((column == province, column), else_=column + aside)
        return column if other in ONCE else column + aside
    if column in set(_distinct(table)):
        if column.name == "code" and table.name in ("regions", "villages"):
            return literal(str(33 + number)).concat(func.substr(column, 3))
        return column.concat(literal(f"{number}"))
    return column


def _distinct(table: Table) -> Iterator[Column]:
    """The texts that must not repeat, other than beside a place or another record."""
    unique = [c.columns for c in table.constraints if isinstance(c, UniqueConstraint)]
    unique += [index.columns for index in table.indexes if index.unique]
    for columns in unique:
        if not any(column.foreign_keys for column in columns):
            for column in columns:
                if isinstance(column.type, String):
                    yield column
