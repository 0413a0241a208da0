"""The words of what a locked quarter reported change while the province has opened that quarter,
also where the year of it is locked: figures alone stand with what is later. So far the year had to
be opened as well.

Anything else is as in 0027: what is locked and not opened at all keeps its words.
"""

from __future__ import annotations

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

REFUSED = "the period is locked: what is reported of it stands"
ORDER = (
    "CASE {of}.kind WHEN 'q1' THEN 1 WHEN 'q2' THEN 2 WHEN 'q3' THEN 3 WHEN 'q4' THEN 4 "
    "WHEN 'annual' THEN 5 ELSE 0 END"
)
CLOSED = "({of}.reopened_until IS NULL OR {of}.reopened_until < {today})"
OF_DAY = """SELECT 1 FROM filings AS own
    WHERE own.state = 'locked' AND own.year = {year} AND own.kind IN ({kinds})
      AND (own.region_id = {owner} OR own.enclave_id = {enclave})"""
SHUT = f"""EXISTS (
    {OF_DAY}
      AND ({{closed}} OR EXISTS (
        SELECT 1 FROM filings AS later
        WHERE later.state = 'locked' AND {{later_closed}}
          AND (later.region_id = own.region_id OR later.enclave_id = own.enclave_id)
          AND later.year * 10 + {{later}} > own.year * 10 + {{own}}
      ))
)"""
OPENED = f"EXISTS ({OF_DAY} AND NOT {{closed}})"
# Of 0027: whatever of the quarter and the year is not opened keeps the words.
WHOLLY_BEFORE = f"EXISTS ({OF_DAY} AND {{closed}})"
# Neither the quarter nor the year of the same place is opened.
WHOLLY = f"""EXISTS (
    {OF_DAY} AND {{closed}} AND NOT EXISTS (
        SELECT 1 FROM filings AS beside
        WHERE beside.state = 'locked' AND beside.year = own.year AND beside.kind IN ({{kinds}})
          AND (beside.region_id = own.region_id OR beside.enclave_id = own.enclave_id)
          AND NOT {{beside_closed}}
      )
)"""

RECIPIENT = "(SELECT recipient_id FROM pairings WHERE id = {row}.pairing_id)"
# table → the day of what happened, and what of it is figures; the rest is words.
DATED = {
    "visits": ("visited_on", ("pairing_id", "visitor")),
    "joint_meetings": ("met_on", ("pairing_id",)),
    "joint_events": ("held_on", ("pairing_id", "park_id")),
    "trainings": ("held_on", ("pairing_id", "purpose", "people", "employed")),
    "consumption_aids": (
        "bought_on",
        ("pairing_id", "demonstration_village_id", "park_id", "amount"),
    ),
}

LEDGER = "ledger_entries"
KEPT = "ledger entries are append-only: reverse them"
WORDS = ("voucher", "note")
OTHERS = (
    *("id", "project_id", "enclave_id", "park_id", "pairing_id", "demonstration_village_id"),
    *("kind", "amount", "precision", "occurred_on", "period_from", "cumulative", "purpose"),
    *("villages", "reversal_of_id", "source_id", "origin", "entered_at"),
    *("entered_by_id", "submitted_at", "corrects_id", "booked_on"),
)
OWNER = """COALESCE(
    (SELECT region_id FROM projects WHERE id = {row}.project_id),
    (SELECT origin_id FROM enclaves WHERE id = {row}.enclave_id),
    (SELECT recipient_id FROM parks WHERE id = {row}.park_id),
    (SELECT recipient_id FROM pairings WHERE id = {row}.pairing_id),
    (SELECT county_id FROM demonstration_villages WHERE id = {row}.demonstration_village_id)
)"""


def upgrade() -> None:
    _guard(WHOLLY)


def downgrade() -> None:
    _guard(WHOLLY_BEFORE)


def _guard(wholly: str) -> None:
    """Make anew what keeps the words of a locked period; `wholly`: where it keeps them."""
    for table, (day, figures) in DATED.items():
        whole = " OR ".join(_of_day(wholly, row, day, RECIPIENT) for row in ("NEW", "OLD"))
        some = " OR ".join(_of_day(SHUT, row, day, RECIPIENT) for row in ("NEW", "OLD"))
        when = f"({whole}) OR (({some}) AND ({_changed((day, *figures))}))"
        name = f"{table}_shut_update"
        if _is_sqlite():
            op.execute(f"DROP TRIGGER {name}")
            op.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        else:
            op.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {when} THEN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; "
                "END IF; RETURN NEW; END $$"
            )
    _keep_entries(wholly)


def _keep_entries(wholly: str) -> None:
    same = "IS" if _is_sqlite() else "IS NOT DISTINCT FROM"

    def kept(*names: str) -> str:
        return " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in names)

    due = f"OLD.due_on IS NULL AND NEW.due_on IS NOT NULL AND {kept(*OTHERS, *WORDS)}"
    opened, whole = (
        _of_day(what, "OLD", "occurred_on", OWNER, "{row}.enclave_id") for what in (OPENED, wholly)
    )
    allowed = f"({due}) OR ({kept(*OTHERS, 'due_on')} AND {opened} AND NOT {whole})"
    if _is_sqlite():
        op.execute(f"DROP TRIGGER {LEDGER}_no_update")
        op.execute(
            f"CREATE TRIGGER {LEDGER}_no_update BEFORE UPDATE ON {LEDGER} "
            f"WHEN OLD.submitted_at IS NOT NULL AND NOT ({allowed}) "
            f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
        )
        return
    refuse = f"RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'restrict_violation';"
    op.execute(
        f"CREATE OR REPLACE FUNCTION {LEDGER}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'TRUNCATE' THEN {refuse} END IF; "
        f"IF TG_OP = 'UPDATE' THEN IF {allowed} THEN RETURN NEW; END IF; END IF; "
        f"IF OLD.submitted_at IS NOT NULL THEN {refuse} END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _changed(names: tuple[str, ...]) -> str:
    differs = "IS NOT" if _is_sqlite() else "IS DISTINCT FROM"
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in names)


def _of_day(what: str, row: str, day: str, owner: str, enclave: str = "NULL") -> str:
    """Whether the period of the day of `row` is what `what` says, for its owner."""
    on = f"{row}.{day}"
    if _is_sqlite():
        year = f"CAST(strftime('%Y', {on}) AS INTEGER)"
        quarter = f"'q' || ((CAST(strftime('%m', {on}) AS INTEGER) + 2) / 3)"
        today = "date('now', '+8 hours')"
    else:
        year = f"EXTRACT(YEAR FROM {on})::int"
        quarter = f"'q' || ((EXTRACT(MONTH FROM {on})::int + 2) / 3)::text"
        today = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
    return what.format(
        year=year,
        kinds=f"'annual', {quarter}",
        owner=owner.format(row=row),
        enclave=enclave.format(row=row),
        closed=CLOSED.format(of="own", today=today),
        later_closed=CLOSED.format(of="later", today=today),
        beside_closed=CLOSED.format(of="beside", today=today),
        later=ORDER.format(of="later"),
        own=ORDER.format(of="own"),
    )
