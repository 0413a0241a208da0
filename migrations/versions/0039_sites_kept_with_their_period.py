"""A locked period keeps what it reported of enclaves and parks: which firms came and left, which
villages took a stake and gave it up, and what land and floor was handed over or fell due.

A period is locked for a county, or opened again, as in 0021, 0024 and 0027; of an enclave its own
filing locks it too. Coming and leaving are each of the day on which they happen. What was handed
over is of its day; what was agreed is of the day by which it is due, since it counts from then on,
and neither begins nor ceases to count (is confirmed or given back) while that is locked. The
capital and the share of a village are what they are today and have no day of their own.
"""

from __future__ import annotations

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

REFUSED = "the period is locked: what is reported of it stands"

ORDER = (
    "CASE {of}.kind WHEN 'q1' THEN 1 WHEN 'q2' THEN 2 WHEN 'q3' THEN 3 WHEN 'q4' THEN 4 "
    "WHEN 'annual' THEN 5 ELSE 0 END"
)
CLOSED = "({of}.reopened_until IS NULL OR {of}.reopened_until < {today})"
SHUT = """EXISTS (
    SELECT 1 FROM filings AS own
    WHERE own.state = 'locked' AND own.year = {year} AND own.kind IN ('annual', {quarter})
      AND (own.region_id = {owner} OR own.enclave_id = {row}.enclave_id)
      AND ({closed} OR EXISTS (
        SELECT 1 FROM filings AS later
        WHERE later.state = 'locked' AND {later_closed}
          AND (later.region_id = own.region_id OR later.enclave_id = own.enclave_id)
          AND later.year * 10 + {later} > own.year * 10 + {own}
      ))
)"""
OF_ENCLAVE = "(SELECT origin_id FROM enclaves WHERE id = {row}.enclave_id)"
OF_SITE = f"COALESCE({OF_ENCLAVE}, (SELECT recipient_id FROM parks WHERE id = {{row}}.park_id))"


SITE = ("enclave_id", "park_id")
STAKE = ("enclave_id", "village_id")
DUE = "CASE WHEN {row}.step = 'agreed' THEN COALESCE({row}.due_on, {row}.on_date) "
SPACE = ("enclave_id", "step", "kind", "quantity", "on_date", "due_on")
# table → whose it is, and what happens: the day in SQL, and the columns that stand with it.
KEPT = {
    "tenants": (
        OF_SITE,
        (
            ("{row}.moved_in_on", ("moved_in_on", *SITE, "area_m2")),
            ("{row}.moved_out_on", ("moved_out_on", *SITE)),
        ),
    ),
    "village_stakes": (
        OF_ENCLAVE,
        (
            ("{row}.joined_on", ("joined_on", *STAKE)),
            ("{row}.left_on", ("left_on", *STAKE)),
        ),
    ),
    "enclave_spaces": (OF_ENCLAVE, ((DUE + "ELSE {row}.on_date END", SPACE),)),
}
CONFIRMED = "(NEW.step = 'agreed' AND (NEW.confirmed_at IS NULL) <> (OLD.confirmed_at IS NULL))"


def upgrade() -> None:
    for name, (table, act, when) in _guards().items():
        _guard(name, table, act, when)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (table, _, _) in _guards().items():
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")


def _guards() -> dict[str, tuple[str, str, str]]:
    """Trigger → (table, on what, when it refuses)."""
    found: dict[str, tuple[str, str, str]] = {}
    for table, (owner, events) in KEPT.items():
        added, removed, moved = [], [], []
        for day, columns in events:
            new, old = (_shut(row, day, owner) for row in ("NEW", "OLD"))
            changed = _changed(columns)
            if table == "enclave_spaces":
                changed = f"{changed} OR {CONFIRMED}"
            added.append(new)
            removed.append(old)
            moved.append(f"(({changed}) AND ({new} OR {old}))")
        for act, terms in (("insert", added), ("update", moved), ("delete", removed)):
            found[f"{table}_shut_{act}"] = (table, act.upper(), " OR ".join(terms))
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


def _shut(row: str, day: str, owner: str) -> str:
    """Whether the period of a day of `row` is locked; an empty day is of none."""
    on = day.format(row=row)
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        year = f"CAST(strftime('%Y', {on}) AS INTEGER)"
        quarter = f"'q' || ((CAST(strftime('%m', {on}) AS INTEGER) + 2) / 3)"
        today = "date('now', '+8 hours')"
    else:
        year = f"EXTRACT(YEAR FROM {on})::int"
        quarter = f"'q' || ((EXTRACT(MONTH FROM {on})::int + 2) / 3)::text"
        today = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
    return SHUT.format(
        row=row,
        year=year,
        quarter=quarter,
        owner=owner.format(row=row),
        closed=CLOSED.format(of="own", today=today),
        later_closed=CLOSED.format(of="later", today=today),
        later=ORDER.format(of="later"),
        own=ORDER.format(of="own"),
    )
