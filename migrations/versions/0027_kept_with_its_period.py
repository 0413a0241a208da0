"""What was left of the quarter: the owner answers a partner who disputes a project; who cancelled
work in the background; a locked period keeps what is reported beside money and operating figures
(exchanges, incomes of villages, indicators of the year); and what was submitted in one changes its
words, and nothing else, while the province has opened it.

A period is locked for a county, or opened again, as in 0021 and 0024. Exchanges belong to the
county that receives. Of those that last (a secondment, a posting, paired institutions) the end is
told later, and is no figure of the period in which they began. An indicator is published after its
year: with a reason it is entered and mended when the year is locked, by the province (the program
sees to whom).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ANSWER = "owner_answer = '' OR partner_view = 'disputed'"
CANCELLED = "cancelled_by_id IS NULL OR state = 'cancelled'"
REFUSED = "the period is locked: what is reported of it stands"

ORDER = (
    "CASE {of}.kind WHEN 'q1' THEN 1 WHEN 'q2' THEN 2 WHEN 'q3' THEN 3 WHEN 'q4' THEN 4 "
    "WHEN 'annual' THEN 5 ELSE 0 END"
)
CLOSED = "({of}.reopened_until IS NULL OR {of}.reopened_until < {today})"
SHUT = """EXISTS (
    SELECT 1 FROM filings AS own
    WHERE own.state = 'locked' AND own.year = {year} AND own.kind IN ({kinds})
      AND (own.region_id = {owner} OR own.enclave_id = {enclave})
      AND ({closed} OR EXISTS (
        SELECT 1 FROM filings AS later
        WHERE later.state = 'locked' AND {later_closed}
          AND (later.region_id = own.region_id OR later.enclave_id = own.enclave_id)
          AND later.year * 10 + {later} > own.year * 10 + {own}
      ))
)"""
# Not opened again at all: its words stand too.
WHOLLY = """EXISTS (
    SELECT 1 FROM filings AS own
    WHERE own.state = 'locked' AND own.year = {year} AND own.kind IN ({kinds})
      AND (own.region_id = {owner} OR own.enclave_id = {enclave}) AND {closed}
)"""
OPENED = WHOLLY.replace("AND {closed}", "AND NOT {closed}")

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
LASTING = {
    "secondments": ("starts_on", ("pairing_id", "sent_by")),
    "specialist_postings": ("starts_on", ("pairing_id", "field", "people")),
    "institution_pairs": ("signed_on", ("pairing_id", "kind")),
}
YEARLY = {
    "village_incomes": "(SELECT county_id FROM villages WHERE id = {row}.village_id)",
    "county_indicators": "{row}.region_id",
}

LEDGER = "ledger_entries"
KEPT = "ledger entries are append-only: reverse them"
WORDS = ("voucher", "note")
# Of a submitted entry nothing changes but its last day, once (0017), and now its words.
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
    with op.batch_alter_table("projects") as batch:
        batch.add_column(
            sa.Column("owner_answer", sa.String(400), nullable=False, server_default="")
        )
        batch.create_check_constraint(op.f("ck_projects_owner_answer"), ANSWER)
    with op.batch_alter_table("background_jobs") as batch:
        batch.add_column(sa.Column("cancelled_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_background_jobs_cancelled_by_id"), "users", ["cancelled_by_id"], ["id"]
        )
        batch.create_check_constraint(op.f("ck_background_jobs_cancelled"), CANCELLED)
    with op.batch_alter_table("county_indicators") as batch:
        batch.add_column(sa.Column("reason", sa.String(400), nullable=False, server_default=""))
    for name, (table, act, when) in _guards().items():
        _guard(name, table, act, when)
    _keep(words=True)


def downgrade() -> None:
    _keep(words=False)
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (table, _, _) in _guards().items():
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    with op.batch_alter_table("county_indicators") as batch:
        batch.drop_column("reason")
    with op.batch_alter_table("background_jobs") as batch:
        batch.drop_constraint(op.f("ck_background_jobs_cancelled"), type_="check")
        batch.drop_constraint(op.f("fk_background_jobs_cancelled_by_id"), type_="foreignkey")
        batch.drop_column("cancelled_by_id")
    with op.batch_alter_table("projects") as batch:
        batch.drop_constraint(op.f("ck_projects_owner_answer"), type_="check")
        batch.drop_column("owner_answer")


def _guards() -> dict[str, tuple[str, str, str]]:
    """Trigger → (table, on what, when it refuses)."""
    found: dict[str, tuple[str, str, str]] = {}
    for table, (day, figures) in (DATED | LASTING).items():
        whole = " OR ".join(_of_day(WHOLLY, row, day, RECIPIENT) for row in ("NEW", "OLD"))
        some = " OR ".join(_of_day(SHUT, row, day, RECIPIENT) for row in ("NEW", "OLD"))
        changed = _changed((day, *figures))
        update = f"({some}) AND ({changed})"
        if table in DATED:
            update = f"({whole}) OR {update}"
        found[f"{table}_shut_insert"] = (table, "INSERT", _of_day(SHUT, "NEW", day, RECIPIENT))
        found[f"{table}_shut_update"] = (table, "UPDATE", update)
        found[f"{table}_shut_delete"] = (table, "DELETE", _of_day(SHUT, "OLD", day, RECIPIENT))
    for table, owner in YEARLY.items():
        for act, rows in (("insert", ("NEW",)), ("update", ("NEW", "OLD")), ("delete", ("OLD",))):
            when = " OR ".join(_of_year(row, owner) for row in rows)
            if table == "county_indicators" and act != "delete":
                when = f"NEW.reason = '' AND ({when})"
            found[f"{table}_shut_{act}"] = (table, act.upper(), when)
    return found


def _guard(name: str, table: str, act: str, when: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
        return
    kept = "OLD" if act == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {when} THEN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; "
        f"END IF; RETURN {kept}; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def _changed(names: tuple[str, ...]) -> str:
    sqlite = op.get_bind().dialect.name == "sqlite"
    differs = "IS NOT" if sqlite else "IS DISTINCT FROM"
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in names)


def _of_day(what: str, row: str, day: str, owner: str, enclave: str = "NULL") -> str:
    """Whether the period of the day of `row` is what `what` says, for its owner."""
    on = f"{row}.{day}"
    if op.get_bind().dialect.name == "sqlite":
        year = f"CAST(strftime('%Y', {on}) AS INTEGER)"
        quarter = f"'q' || ((CAST(strftime('%m', {on}) AS INTEGER) + 2) / 3)"
    else:
        year = f"EXTRACT(YEAR FROM {on})::int"
        quarter = f"'q' || ((EXTRACT(MONTH FROM {on})::int + 2) / 3)::text"
    kinds = f"'annual', {quarter}"
    return _filled(what, year, kinds, owner.format(row=row), enclave.format(row=row))


def _of_year(row: str, owner: str) -> str:
    return _filled(SHUT, f"{row}.year", "'annual'", owner.format(row=row), "NULL")


def _filled(what: str, year: str, kinds: str, owner: str, enclave: str) -> str:
    sqlite = op.get_bind().dialect.name == "sqlite"
    today = "date('now', '+8 hours')" if sqlite else "(now() AT TIME ZONE 'Asia/Shanghai')::date"
    return what.format(
        year=year,
        kinds=kinds,
        owner=owner,
        enclave=enclave,
        closed=CLOSED.format(of="own", today=today),
        later_closed=CLOSED.format(of="later", today=today),
        later=ORDER.format(of="later"),
        own=ORDER.format(of="own"),
    )


def _keep(*, words: bool) -> None:
    """Make anew what keeps submitted entries, with or without the change of their words."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    same = "IS" if sqlite else "IS NOT DISTINCT FROM"

    def kept(*names: str) -> str:
        return " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in names)

    allowed = f"OLD.due_on IS NULL AND NEW.due_on IS NOT NULL AND {kept(*OTHERS, *WORDS)}"
    if words:
        enclave = "{row}.enclave_id"
        opened = _of_day(OPENED, "OLD", "occurred_on", OWNER, enclave)
        whole = _of_day(WHOLLY, "OLD", "occurred_on", OWNER, enclave)
        told = f"{kept(*OTHERS, 'due_on')} AND {opened} AND NOT {whole}"
        allowed = f"({allowed}) OR ({told})"
    if sqlite:
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
