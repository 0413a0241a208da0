"""What is written once stays: the triggers refuse to change it, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from tests import courses
from tests import factories as make
from tests import factories_acts as acts
from tests import factories_papers as papers
from tests.records.constraint_cases import world
from tracker.core.db import db
from tracker.records.ledger.models import SUBJECT_COLUMNS, EntryKind, LedgerEntry
from tracker.year.procedure.models import Act
from tracker.year.rulebooks.models import SetState

COURSE = "what was done to an assessment never changes"
KEPT = {
    "ledger_entries": "ledger entries are append-only: reverse them",
    "village_payments": "shares of a submitted payment never change",
    "determinations": "determinations are append-only: rule anew",
    "snapshots": "snapshots never change",
    "rulebook_sets": "published rulebooks never change: publish anew",
    "rulebook_files": "files of published rulebooks never change: publish anew",
    "rulebook_acts": "acts on rulebooks never change",
    "evidence_files": "evidence files never change",
    "audit_entries": "the audit trail never changes",
    "events": "events never change",
    "filing_events": "events of filings never change",
    "task_events": "events of task lists never change",
    "application_events": "events of applications never change",
    "assessment_events": COURSE,
    "card_reviews": COURSE,
    "gaps": COURSE,
    **dict.fromkeys(
        ("objection_claims", "objection_events", "objection_rulings"),
        "what was done with an objection never changes",
    ),
    "supervision_events": "what was done with a supervision order never changes",
    "key_work_events": "what was said of a key work never changes",
    "answered_doubts": "answers about doubts never change",
    "samplings": "samplings never change",
    "sampled_facts": "what was drawn never changes",
    "sample_checks": "checks of samples never change",
    "ruling_answers": "answers to rulings never change",
    "paper_issues": "issues of papers never change",
    "issued_papers": "issued papers never change",
    "signed_papers": "signatures of issued papers never change",
    "issued_paper_regions": "who may see an issued paper never changes",
}
_ACTS = ("insert", "update")
NO_MIRROR = "a reversal must mirror its entry"
SUBMITTED = "2024-07-05 08:00:00"


@pytest.fixture
def w(made: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """The world of all tests on a database; what one of them writes is taken back."""
    with db.session.begin_nested() as savepoint:
        yield made
        savepoint.rollback()


@pytest.fixture(scope="module")
def made(shared_app: Flask) -> SimpleNamespace:
    """A world with one kept row in each table of KEPT, and one share of a draft."""
    found = world()
    found.share = make.village_payment(found.draft, found.village, make.wan("0.4"))
    submitted = make.entry(
        found.enclave, EntryKind.REBATE, make.wan(1), make.DAY, submitted_at=None
    )
    kept_share = make.village_payment(submitted, found.village, make.wan("0.4"))
    assert run(f"UPDATE ledger_entries SET submitted_at = '{SUBMITTED}' WHERE id = {submitted.id}")
    published = acts.rulebook_set()
    kept_file = acts.rulebook_file(published)
    published.sha256, published.published_at = "0" * 64, make.SUBMITTED
    published.state = SetState.PUBLISHED
    db.session.flush()
    drawn = acts.sampled_fact(acts.sampling(found.snapshot, found.county), found.county)
    found.kept = {
        "rulebook_sets": published.id,
        "rulebook_files": kept_file.id,
        "rulebook_acts": acts.rulebook_act(published).id,
        "samplings": drawn.sampling_id,
        "sampled_facts": drawn.id,
        "sample_checks": acts.sample_check(drawn).id,
        "ruling_answers": acts.ruling_answer(acts.determination(found.county)).id,
        "ledger_entries": found.entry.id,
        "village_payments": kept_share.id,
        "determinations": acts.determination(found.county).id,
        "snapshots": found.snapshot.id,
        "evidence_files": found.file.id,
        "audit_entries": acts.audit_entry().id,
        "events": acts.event().id,
        "filing_events": acts.filing_event(found.filing).id,
        "task_events": acts.task_event(found.task_list).id,
        "application_events": acts.application_event(found.application).id,
        "assessment_events": courses.event(courses.assessment(2018), Act.OPENED).id,
        "card_reviews": courses.review(courses.assessment(2017)).id,
        "gaps": courses.gap(courses.assessment(2016)).id,
        "objection_claims": found.objection.claims[0].id,
        "objection_events": found.objection_event.id,
        "objection_rulings": found.objection_event.rulings[0].id,
        "supervision_events": acts.supervision_event(found.order).id,
        "key_work_events": acts.work_event(found.key_work).id,
        "answered_doubts": make.answered_doubt(found.entry).id,
        "paper_issues": found.issue.id,
        "issued_papers": found.paper.id,
        "signed_papers": papers.signed_paper(found.paper).id,
        "issued_paper_regions": found.paper.places[0].id,
    }
    return found


def run(statement: str) -> int:
    """How many rows the statement touched."""
    with db.session.begin_nested():
        return db.session.execute(text(statement)).rowcount


def refusal(statement: str) -> str:
    """The message with which the database refuses the statement; empty where it does not."""
    with db.session.begin_nested() as savepoint:
        try:
            db.session.execute(text(statement))
        except DBAPIError as error:
            return str(error.orig).splitlines()[0]
        finally:
            savepoint.rollback()
    return ""


# What a locked period keeps, beside the ledger.
LOCKED = (
    *("operating_figures", "visits", "joint_meetings", "joint_events", "trainings"),
    *("consumption_aids", "secondments", "specialist_postings", "institution_pairs"),
    *("village_incomes", "county_indicators", "tenants", "village_stakes", "enclave_spaces"),
)


def test_every_trigger_is_known_here(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        listed = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ends = ("no_update", "no_delete")
    else:
        listed = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
        ends = ("kept", "kept_whole")
    guards = {
        "ledger_entries_mirror",
        "ledger_entries_no_turning",
        *(f"ledger_entries_{guard}_{act}" for guard in ("shut", "corrects") for act in _ACTS),
        *(f"{table}_shut_{act}" for table in LOCKED for act in (*_ACTS, "delete")),
        *(f"rulebook_files_shut_{act}" for act in _ACTS),
        "village_payments_no_late_share",
        "village_payments_no_moving",
    }
    expected = {f"{table}_{end}" for table in KEPT for end in ends} | guards
    assert set(db.session.scalars(text(listed))) == expected


def test_no_column_of_a_kept_row_changes(w: SimpleNamespace) -> None:
    answers = {}
    for table, row in w.kept.items():
        for column in inspect(db.session.connection()).get_columns(table):
            name = column["name"]
            statement = f'UPDATE {table} SET "{name}" = "{name}" WHERE id = {row}'
            answers[table, name] = refusal(statement)
    assert {key: answer for key, answer in answers.items() if answer != KEPT[key[0]]} == {}
    assert len(answers) > len(KEPT)


def test_no_kept_row_is_deleted(w: SimpleNamespace) -> None:
    answers = {
        table: refusal(f"DELETE FROM {table} WHERE id = {row}") for table, row in w.kept.items()
    }
    assert answers == KEPT


def test_no_kept_table_is_emptied_at_once(w: SimpleNamespace) -> None:
    """SQLite has no TRUNCATE; there a DELETE without a condition stands for it."""
    sqlite = db.engine.dialect.name == "sqlite"
    words = "DELETE FROM {}" if sqlite else "TRUNCATE {} CASCADE"
    assert run(f"DELETE FROM village_payments WHERE id = {w.share.id}") == 1
    assert run(f"DELETE FROM ledger_entries WHERE id = {w.draft.id}") == 1
    assert {table: refusal(words.format(table)) for table in KEPT} == KEPT


@pytest.mark.parametrize(
    "change",
    [
        "amount = 1",
        "occurred_on = '2023-06-30'",
        "kind = 'rent'",
        "note = '更正'",
        f"submitted_at = '{SUBMITTED}'",
    ],
)
def test_a_draft_changes_freely(w: SimpleNamespace, change: str) -> None:
    assert run(f"UPDATE ledger_entries SET {change} WHERE id = {w.draft.id}") == 1


def test_a_draft_can_be_deleted(w: SimpleNamespace) -> None:
    assert run(f"DELETE FROM village_payments WHERE entry_id = {w.draft.id}") == 1
    assert run(f"DELETE FROM ledger_entries WHERE id = {w.draft.id}") == 1


def test_a_draft_of_rulebooks_changes_and_takes_files_until_it_is_published(
    w: SimpleNamespace,
) -> None:
    draft = acts.rulebook_set()
    file, kept = acts.rulebook_file(draft), w.kept["rulebook_sets"]
    assert run(f"UPDATE rulebook_files SET text = 'x' WHERE id = {file.id}") == 1
    assert run(f"UPDATE rulebook_sets SET name = 'x' WHERE id = {draft.id}") == 1
    refused = KEPT["rulebook_files"]
    move = f"UPDATE rulebook_files SET set_id = {kept} WHERE id = {file.id}"
    added = f"INSERT INTO rulebook_files (set_id, path, text) VALUES ({kept}, 'more', 'x')"
    assert (refusal(move), refusal(added)) == (refused, refused)
    assert run(f"UPDATE rulebook_sets SET state = 'discarded' WHERE id = {draft.id}") == 1
    assert refusal(f"DELETE FROM rulebook_files WHERE id = {file.id}") == refused


def test_a_submitted_draft_is_kept_and_cannot_be_taken_back(w: SimpleNamespace) -> None:
    row = f"WHERE id = {w.draft.id}"
    assert run(f"UPDATE ledger_entries SET submitted_at = '{SUBMITTED}' {row}") == 1
    refused = KEPT["ledger_entries"]
    assert refusal(f"UPDATE ledger_entries SET submitted_at = NULL {row}") == refused
    assert refusal(f"UPDATE ledger_entries SET amount = 1 {row}") == refused
    assert refusal(f"DELETE FROM ledger_entries {row}") == refused


def test_shares_change_until_their_entry_is_submitted(w: SimpleNamespace) -> None:
    row = f"WHERE id = {w.share.id}"
    assert run(f"UPDATE village_payments SET amount = 1 {row}") == 1
    assert run(f"UPDATE ledger_entries SET submitted_at = '{SUBMITTED}' WHERE id = {w.draft.id}")
    refused = KEPT["village_payments"]
    assert refusal(f"UPDATE village_payments SET amount = 2 {row}") == refused
    assert refusal(f"DELETE FROM village_payments {row}") == refused


def test_a_draft_never_becomes_a_reversal_nor_another_entry(w: SimpleNamespace) -> None:
    turned = "a draft does not become a reversal, nor another entry"
    for change in (
        f"reversal_of_id = {w.entry.id}, amount = -amount, submitted_at = '{SUBMITTED}'",
        f"reversal_of_id = id, amount = -amount, submitted_at = '{SUBMITTED}'",
        "id = id + 1000",
    ):
        statement = f"UPDATE ledger_entries SET {change} WHERE id = {w.draft.id}"
        assert refusal(statement) == turned, change


def test_a_submitted_rebate_is_shared_up_to_its_sum(w: SimpleNamespace) -> None:
    """What was shared late is kept like all else; a reversed rebate, and other money, is not."""
    rebate = make.entry(w.enclave, EntryKind.REBATE, make.wan(1), make.DAY)
    rent = make.entry(w.enclave, EntryKind.RENT, make.wan(1), make.DAY)
    other = make.village(w.county)

    def add(entry: LedgerEntry, village: int, amount: str) -> str:
        return (
            "INSERT INTO village_payments (entry_id, village_id, amount) "
            f"VALUES ({entry.id}, {village}, {amount})"
        )

    late = "a submitted payment is shared up to its sum"
    unit = db.session.scalar(text(f"SELECT amount FROM ledger_entries WHERE id = {rebate.id}"))
    assert run(add(rebate, w.share.village_id, f"{unit} - 1")) == 1
    assert refusal(add(rebate, other.id, "2")) == late
    assert run(add(rebate, other.id, "1")) == 1
    kept = KEPT["village_payments"]
    row = f"WHERE entry_id = {rebate.id}"
    assert refusal(f"UPDATE village_payments SET amount = 1 {row}") == kept
    assert refusal(f"DELETE FROM village_payments {row}") == kept
    assert refusal(add(rent, other.id, "1")) == late
    back = make.entry(w.enclave, EntryKind.REBATE, make.wan(1), make.DAY)
    make.entry(w.enclave, back.kind, -back.amount, back.occurred_on, reversal_of_id=back.id)
    assert refusal(add(back, other.id, "1")) == late


def test_shares_do_not_move_to_a_submitted_payment(w: SimpleNamespace) -> None:
    late = KEPT["village_payments"]
    move = f"UPDATE village_payments SET entry_id = {w.entry.id} WHERE id = {w.share.id}"
    assert refusal(move) == late


def test_a_kept_row_is_not_replaced(sqlite_app: Flask) -> None:
    """SQLite's REPLACE deletes a row on its way; PostgreSQL has no such statement."""
    places = make.zhejiang()
    enclave = make.enclave(places["缙云县"], places["富阳区"])
    entry = make.entry(enclave, EntryKind.REBATE, make.wan(1), make.DAY)
    columns = ", ".join(column.name for column in LedgerEntry.__table__.columns)
    rows = f"SELECT {columns} FROM ledger_entries WHERE id = {entry.id}"
    assert refusal(f"REPLACE INTO ledger_entries ({columns}) {rows}") == KEPT["ledger_entries"]


def mirror(entry: LedgerEntry, **changed) -> str:
    """The refusal of a reversal of `entry` that differs from its mirror in `changed`."""
    fields = {column: getattr(entry, column) for column in SUBJECT_COLUMNS}
    fields |= {
        "kind": entry.kind,
        "amount": -entry.amount,
        "occurred_on": entry.occurred_on,
        "cumulative": entry.cumulative,
        "submitted_at": make.SUBMITTED,
        "reversal_of_id": entry.id,
    }
    with db.session.begin_nested() as savepoint:
        db.session.add(LedgerEntry(**{**fields, **changed}))
        try:
            db.session.flush()
        except DBAPIError as error:
            return str(error.orig).splitlines()[0]
        finally:
            savepoint.rollback()
    return ""


def test_a_reversal_has_the_subject_of_its_entry(w: SimpleNamespace) -> None:
    ids = {column: getattr(w, column.removesuffix("_id")).id for column in SUBJECT_COLUMNS}
    answers = {}
    for own in SUBJECT_COLUMNS:
        entry = make.entry(
            getattr(w, own.removesuffix("_id")), EntryKind.TAX, make.wan(1), make.DAY
        )
        for other in SUBJECT_COLUMNS:
            answers[own, other] = mirror(entry, **{own: None, other: ids[other]})
    assert answers == {(a, b): "" if a == b else NO_MIRROR for a, b in answers}
    assert len(answers) == len(SUBJECT_COLUMNS) ** 2


def test_a_reversal_has_all_else_of_its_entry(w: SimpleNamespace) -> None:
    assert mirror(w.entry) == ""
    for changed in (
        {"kind": EntryKind.RENT},
        {"amount": 1 - w.entry.amount},
        {"occurred_on": w.entry.occurred_on + timedelta(days=1)},
        {"occurred_on": date(2023, 6, 30)},
        {"cumulative": True},
        {"enclave_id": w.other_enclave.id},
        {"reversal_of_id": 999_999_999},
    ):
        assert mirror(w.entry, **changed) == NO_MIRROR, changed


def test_neither_a_draft_nor_a_reversal_is_reversed(w: SimpleNamespace) -> None:
    assert mirror(w.draft) == NO_MIRROR
    reversal = make.entry(
        w.enclave,
        w.entry.kind,
        -w.entry.amount,
        w.entry.occurred_on,
        reversal_of_id=w.entry.id,
    )
    assert mirror(reversal) == NO_MIRROR


def test_an_empty_due_day_is_filled_in_once_and_nothing_with_it(w) -> None:
    paid = make.entry(w.enclave, EntryKind.REBATE, make.wan(1), make.DAY).id
    at = f"WHERE id = {paid}"
    message = KEPT["ledger_entries"]
    for more in ("amount = amount + 1", "note = 'x'", "occurred_on = '2020-01-01'"):
        with_it = f"UPDATE ledger_entries SET due_on = '2024-03-31', {more} {at}"
        assert message in refusal(with_it)
    assert run(f"UPDATE ledger_entries SET due_on = '2024-03-31' {at}") == 1
    for day in ("'2024-04-01'", "NULL"):
        assert message in refusal(f"UPDATE ledger_entries SET due_on = {day} {at}")
