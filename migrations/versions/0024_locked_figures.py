"""A locked period keeps its operating figures too: none is made, changed or deleted in it, nor moved
into or out of it. As in 0021, one that the province opened for some days is open up to that day,
unless a later one is locked."""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLE = "operating_figures"
REFUSED = "the period is locked: its operating figures stand"
ORDER = (
    "CASE {of}.kind WHEN 'q1' THEN 1 WHEN 'q2' THEN 2 WHEN 'q3' THEN 3 WHEN 'q4' THEN 4 "
    "WHEN 'annual' THEN 5 ELSE 0 END"
)
LOCKED = """EXISTS (
    SELECT 1 FROM filings AS own
    WHERE own.state = 'locked' AND own.year = {row}.year
      AND own.kind IN ('annual', 'q' || {row}.quarter)
      AND (own.enclave_id = {row}.enclave_id OR own.region_id = COALESCE(
        (SELECT origin_id FROM enclaves WHERE id = {row}.enclave_id),
        (SELECT recipient_id FROM parks WHERE id = {row}.park_id)))
      AND (own.reopened_until IS NULL OR own.reopened_until < {today} OR EXISTS (
        SELECT 1 FROM filings AS later
        WHERE later.state = 'locked'
          AND (later.reopened_until IS NULL OR later.reopened_until < {today})
          AND (later.region_id = own.region_id OR later.enclave_id = own.enclave_id)
          AND later.year * 10 + {later} > own.year * 10 + {own}
      ))
)"""
ROWS = {"insert": ("NEW",), "update": ("NEW", "OLD"), "delete": ("OLD",)}


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for act, rows in ROWS.items():
        name, when = f"{TABLE}_shut_{act}", " OR ".join(map(_locked, rows))
        if sqlite:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {TABLE} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
            continue
        kept = "OLD" if act == "delete" else "NEW"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {when} THEN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; "
            f"END IF; RETURN {kept}; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {TABLE} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for act in ROWS:
        name = f"{TABLE}_shut_{act}"
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {TABLE}")
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")


def _locked(row: str) -> str:
    """Whether the quarter of `row` is locked for the place of its enclave or park."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    today = "date('now', '+8 hours')" if sqlite else "(now() AT TIME ZONE 'Asia/Shanghai')::date"
    later, own = ORDER.format(of="later"), ORDER.format(of="own")
    return LOCKED.format(row=row, today=today, later=later, own=own)
