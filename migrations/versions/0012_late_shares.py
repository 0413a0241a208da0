"""A rebate that was submitted can still be split among its villages, once and only up to its sum.

Rows of a split are added, and never changed or deleted once their payment was submitted. What is
refused from now on is a share of anything that is no standing rebate, and shares beyond its sum.
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TRIGGER, TABLE = "village_payments_no_late_share", "village_payments"
SUBMITTED = (
    "EXISTS (SELECT 1 FROM ledger_entries WHERE id = NEW.entry_id AND submitted_at IS NOT NULL)"
)
DIVISIBLE = """
    EXISTS (
        SELECT 1 FROM ledger_entries AS paid
        WHERE paid.id = NEW.entry_id AND paid.kind = 'rebate' AND paid.reversal_of_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM ledger_entries AS back WHERE back.reversal_of_id = paid.id)
          AND paid.amount >= NEW.amount + COALESCE(
            (SELECT SUM(amount) FROM village_payments WHERE entry_id = NEW.entry_id), 0)
    )
"""
BEFORE = ("shares of a submitted payment never change", SUBMITTED)
SINCE = ("a submitted payment is shared up to its sum", f"{SUBMITTED} AND NOT {DIVISIBLE}")


def upgrade() -> None:
    _guard(*SINCE)


def downgrade() -> None:
    _guard(*BEFORE)


def _guard(message: str, when: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {TRIGGER}")
        op.execute(
            f"CREATE TRIGGER {TRIGGER} BEFORE INSERT ON {TABLE} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {when} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation'; "
        "END IF; RETURN NEW; END $$"
    )
