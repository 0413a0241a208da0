"""A period that is locked refuses money: no entry of it is made, and no draft of it is changed or
submitted. What is wrong in it is taken back and corrected by entries that are booked in an open
period: they keep the day of the payment, for its year, and name the entry that they correct.

A period is locked for a county (or one enclave) by its quarter's or annual filing. One that the
province opened for some days is open up to that day, unless a later one is locked.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "ledger_entries"
SUBJECTS = ("project_id", "enclave_id", "park_id", "pairing_id", "demonstration_village_id")
OWNER = """COALESCE(
    (SELECT region_id FROM projects WHERE id = NEW.project_id),
    (SELECT origin_id FROM enclaves WHERE id = NEW.enclave_id),
    (SELECT recipient_id FROM parks WHERE id = NEW.park_id),
    (SELECT recipient_id FROM pairings WHERE id = NEW.pairing_id),
    (SELECT county_id FROM demonstration_villages WHERE id = NEW.demonstration_village_id)
)"""
ORDER = (
    "CASE {of}.kind WHEN 'q1' THEN 1 WHEN 'q2' THEN 2 WHEN 'q3' THEN 3 WHEN 'q4' THEN 4 "
    "WHEN 'annual' THEN 5 ELSE 0 END"
)
CLOSED = "{of}.state = 'locked' AND ({of}.reopened_until IS NULL OR {of}.reopened_until < {today})"
LOCKED = """EXISTS (
    SELECT 1 FROM filings AS own
    WHERE own.state = 'locked' AND own.year = {year} AND own.kind IN ('annual', {quarter})
      AND (own.region_id = {owner} OR own.enclave_id = NEW.enclave_id)
      AND (own.reopened_until IS NULL OR own.reopened_until < {today} OR EXISTS (
        SELECT 1 FROM filings AS later
        WHERE {closed}
          AND (later.region_id = own.region_id OR later.enclave_id = own.enclave_id)
          AND later.year * 10 + {later} > own.year * 10 + {own}
      ))
)"""
SAME = " AND ".join(f"COALESCE(taken.{s}, 0) = COALESCE(NEW.{s}, 0)" for s in SUBJECTS)
# What a correction names: an entry of the same subject that was taken back before it counts itself.
NAMES_NONE = f"""NEW.corrects_id IS NOT NULL AND (NEW.reversal_of_id IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM ledger_entries AS taken
    WHERE taken.id = NEW.corrects_id AND taken.reversal_of_id IS NULL
      AND taken.submitted_at IS NOT NULL AND {SAME}
      AND (NEW.submitted_at IS NULL OR EXISTS (
        SELECT 1 FROM ledger_entries AS back WHERE back.reversal_of_id = taken.id
      ))
))"""
REFUSED = "the period is locked: correct it by an entry that is booked in an open one"
NO_ENTRY = "a correction names an entry of its subject that was taken back"
CHECKS = {
    "booked": "booked_on IS NULL OR reversal_of_id IS NOT NULL OR corrects_id IS NOT NULL",
    "booked_later": "booked_on >= occurred_on",
}


# As in 0017: the last day of a payment is filled in once, and nothing else of it changes.
KEPT = "ledger entries are append-only: reverse them"
BEFORE = (
    *("id", "project_id", "enclave_id", "park_id", "pairing_id", "demonstration_village_id"),
    *("kind", "amount", "precision", "occurred_on", "period_from", "cumulative", "purpose"),
    *("villages", "voucher", "note", "reversal_of_id", "source_id", "origin", "entered_at"),
    *("entered_by_id", "submitted_at"),
)
SINCE = (*BEFORE, "corrects_id", "booked_on")


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.add_column(sa.Column("corrects_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("booked_on", sa.Date(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_ledger_entries_corrects_id"), TABLE, ["corrects_id"], ["id"]
        )
        batch.create_unique_constraint(op.f("uq_ledger_entries_corrects_id"), ["corrects_id"])
        for name, condition in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), condition)
    _keep(SINCE)
    if op.get_bind().dialect.name == "sqlite":
        for name, (act, message, when) in _guards().items():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {TABLE} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    for name, (act, message, when) in _guards().items():
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {when} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation'; "
            "END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in _guards():
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {TABLE}")
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    _keep(BEFORE)
    with op.batch_alter_table(TABLE) as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_{TABLE}_{name}"), type_="check")
        batch.drop_constraint(op.f("uq_ledger_entries_corrects_id"), type_="unique")
        batch.drop_constraint(op.f("fk_ledger_entries_corrects_id"), type_="foreignkey")
        batch.drop_column("booked_on")
        batch.drop_column("corrects_id")


def _guards() -> dict[str, tuple[str, str, str]]:
    """Trigger → (on what, what is refused, when)."""
    shut = (
        f"{_locked('NEW.occurred_on')} AND NOT ("
        "(NEW.reversal_of_id IS NOT NULL OR NEW.corrects_id IS NOT NULL) "
        f"AND NEW.booked_on IS NOT NULL AND NOT {_locked('NEW.booked_on')})"
    )
    return {
        f"{TABLE}_shut_insert": ("INSERT", REFUSED, shut),
        f"{TABLE}_shut_update": ("UPDATE", REFUSED, f"OLD.submitted_at IS NULL AND {shut}"),
        f"{TABLE}_corrects_insert": ("INSERT", NO_ENTRY, NAMES_NONE),
        f"{TABLE}_corrects_update": (
            "UPDATE",
            NO_ENTRY,
            f"OLD.submitted_at IS NULL AND {NAMES_NONE}",
        ),
    }


def _locked(day: str) -> str:
    """Whether `day` lies in a period that is locked for the owner of the new row."""
    if op.get_bind().dialect.name == "sqlite":
        today = "date('now', '+8 hours')"
        year = f"CAST(strftime('%Y', {day}) AS INTEGER)"
        quarter = f"'q' || ((CAST(strftime('%m', {day}) AS INTEGER) + 2) / 3)"
    else:
        today = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
        year = f"EXTRACT(YEAR FROM {day})::int"
        quarter = f"'q' || ((EXTRACT(MONTH FROM {day})::int + 2) / 3)::text"
    return LOCKED.format(
        today=today,
        year=year,
        quarter=quarter,
        owner=OWNER,
        closed=CLOSED.format(of="later", today=today),
        later=ORDER.format(of="later"),
        own=ORDER.format(of="own"),
    )


def _keep(others: tuple[str, ...]) -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    same = "IS" if sqlite else "IS NOT DISTINCT FROM"
    kept = " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in others)
    filled = f"OLD.due_on IS NULL AND NEW.due_on IS NOT NULL AND {kept}"
    if sqlite:
        op.execute(f"DROP TRIGGER {TABLE}_no_update")
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} "
            f"WHEN OLD.submitted_at IS NOT NULL AND NOT ({filled}) "
            f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
        )
        return
    refuse = f"RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'restrict_violation';"
    op.execute(
        f"CREATE OR REPLACE FUNCTION {TABLE}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'TRUNCATE' THEN {refuse} END IF; "
        f"IF TG_OP = 'UPDATE' THEN IF {filled} THEN RETURN NEW; END IF; END IF; "
        f"IF OLD.submitted_at IS NOT NULL THEN {refuse} END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
