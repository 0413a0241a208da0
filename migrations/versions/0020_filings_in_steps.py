"""Filings go their way in steps, each with its event; the province sets last days for a year, and
days off move them.

What was filed until now is 已报送, with an event that says that it was taken over; all else is
未开始. The days off and the weekends on which one worked are those of the State Council's notices
for 2023 to 2026, each with the address of its notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KINDS = "'plan', 'q1', 'q2', 'q3', 'q4', 'annual'"
STATES = (
    "'not_started', 'entering', 'approved', 'submitted', 'returned', 'city_reviewed', "
    "'reviewed', 'locked'"
)
ACTS = (
    "'started', 'approved', 'withdrawn', 'sent_back', 'submitted', 'returned', 'city_reviewed', "
    "'reviewed', 'locked', 'reopened', 'closed', 'taken_over'"
)
CHECKS = {
    "state": f"state IN ({STATES})",
    "filed": "filed_at IS NOT NULL OR state IN ('not_started', 'entering', 'approved')",
    "started": "filed_at IS NULL OR state <> 'not_started'",
    "reopened": "reopened_until IS NULL OR state = 'locked'",
}
REFUSED = "events of filings never change"
_GOV = "https://www.gov.cn/zhengce/content"
# Year → number of the notice, its address, (name, days off from, to, weekends on which one works)
NOTICES: dict[int, tuple[str, str, tuple[tuple[str, str, str, str], ...]]] = {
    2023: (
        "国办发明电〔2022〕16号",
        f"{_GOV}/2022-12/08/content_5730844.htm",
        (
            ("元旦", "2022-12-31", "2023-01-02", ""),
            ("春节", "2023-01-21", "2023-01-27", "2023-01-28 2023-01-29"),
            ("清明节", "2023-04-05", "2023-04-05", ""),
            ("劳动节", "2023-04-29", "2023-05-03", "2023-04-23 2023-05-06"),
            ("端午节", "2023-06-22", "2023-06-24", "2023-06-25"),
            ("中秋节、国庆节", "2023-09-29", "2023-10-06", "2023-10-07 2023-10-08"),
        ),
    ),
    2024: (
        "国办发明电〔2023〕7号",
        f"{_GOV}/202310/content_6911527.htm",
        (
            ("元旦", "2024-01-01", "2024-01-01", ""),
            ("春节", "2024-02-10", "2024-02-17", "2024-02-04 2024-02-18"),
            ("清明节", "2024-04-04", "2024-04-06", "2024-04-07"),
            ("劳动节", "2024-05-01", "2024-05-05", "2024-04-28 2024-05-11"),
            ("端午节", "2024-06-10", "2024-06-10", ""),
            ("中秋节", "2024-09-15", "2024-09-17", "2024-09-14"),
            ("国庆节", "2024-10-01", "2024-10-07", "2024-09-29 2024-10-12"),
        ),
    ),
    2025: (
        "国办发明电〔2024〕12号",
        f"{_GOV}/202411/content_6986382.htm",
        (
            ("元旦", "2025-01-01", "2025-01-01", ""),
            ("春节", "2025-01-28", "2025-02-04", "2025-01-26 2025-02-08"),
            ("清明节", "2025-04-04", "2025-04-06", ""),
            ("劳动节", "2025-05-01", "2025-05-05", "2025-04-27"),
            ("端午节", "2025-05-31", "2025-06-02", ""),
            ("国庆节、中秋节", "2025-10-01", "2025-10-08", "2025-09-28 2025-10-11"),
        ),
    ),
    2026: (
        "国办发明电〔2025〕7号",
        f"{_GOV}/202511/content_7047090.htm",
        (
            ("元旦", "2026-01-01", "2026-01-03", "2026-01-04"),
            ("春节", "2026-02-15", "2026-02-23", "2026-02-14 2026-02-28"),
            ("清明节", "2026-04-04", "2026-04-06", ""),
            ("劳动节", "2026-05-01", "2026-05-05", "2026-05-09"),
            ("端午节", "2026-06-19", "2026-06-21", ""),
            ("中秋节", "2026-09-25", "2026-09-27", ""),
            ("国庆节", "2026-10-01", "2026-10-07", "2026-09-20 2026-10-10"),
        ),
    ),
}


def upgrade() -> None:
    with op.batch_alter_table("filings") as batch:
        batch.add_column(
            sa.Column("state", sa.String(length=24), nullable=False, server_default="not_started")
        )
        batch.add_column(sa.Column("state_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("reopened_until", sa.Date(), nullable=True))
    op.execute(
        "UPDATE filings SET state = 'submitted', state_at = filed_at WHERE filed_at IS NOT NULL"
    )
    with op.batch_alter_table("filings") as batch:
        for name, condition in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_filings_{name}"), condition)
    op.create_index(op.f("ix_filings_state_state_at"), "filings", ["state", "state_at"])
    _events()
    op.execute(
        "INSERT INTO filing_events (filing_id, act, from_state, to_state, at, reason) "
        "SELECT id, 'taken_over', 'not_started', 'submitted', filed_at, "
        "'升级之前已经报送' FROM filings WHERE filed_at IS NOT NULL ORDER BY id"
    )
    _guard()
    _periods()


def _events() -> None:
    op.create_table(
        "filing_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("from_state", sa.String(length=24), nullable=False),
        sa.Column("to_state", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.CheckConstraint(f"act IN ({ACTS})", name=op.f("ck_filing_events_act")),
        sa.CheckConstraint(f"from_state IN ({STATES})", name=op.f("ck_filing_events_from_state")),
        sa.CheckConstraint(f"to_state IN ({STATES})", name=op.f("ck_filing_events_to_state")),
        sa.CheckConstraint(
            "reason <> '' OR act NOT IN ('withdrawn', 'sent_back', 'returned', 'reopened')",
            name=op.f("ck_filing_events_reason"),
        ),
        sa.CheckConstraint(
            "(until IS NOT NULL) = (act = 'reopened')", name=op.f("ck_filing_events_until")
        ),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filings.id"], name=op.f("fk_filing_events_filing_id")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_filing_events_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_events")),
    )
    op.create_index(op.f("ix_filing_events_filing_id"), "filing_events", ["filing_id"])


def _guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER filing_events_no_{act.lower()} BEFORE {act} ON filing_events "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION filing_events_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for name, when in (
        ("kept", "BEFORE UPDATE OR DELETE ON filing_events FOR EACH ROW"),
        ("kept_whole", "BEFORE TRUNCATE ON filing_events FOR EACH STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER filing_events_{name} {when} EXECUTE FUNCTION filing_events_kept()"
        )


def _periods() -> None:
    op.create_table(
        "filing_periods",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        *_record("filing_periods"),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_filing_periods_kind")),
        sa.CheckConstraint("year BETWEEN 2002 AND 2100", name=op.f("ck_filing_periods_year")),
        sa.CheckConstraint("due_on >= stated_on", name=op.f("ck_filing_periods_due")),
    )
    op.create_index("uq_filing_periods_year_kind", "filing_periods", ["year", "kind"], unique=True)
    holidays = op.create_table(
        "holidays",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        *_record("holidays"),
        sa.UniqueConstraint("day", name=op.f("uq_holidays_day")),
    )
    moment = datetime.now(UTC).replace(tzinfo=None)
    op.bulk_insert(
        holidays,
        [
            {
                "day": day,
                "works": works,
                "name": name,
                "document": document,
                "address": address,
                "origin": "public",
                "created_at": moment,
                "updated_at": moment,
                "version": 1,
            }
            for document, address, days in NOTICES.values()
            for day, works, name in _days(days)
        ],
    )


def _record(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f(f"ck_{table}_origin")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _days(days: tuple[tuple[str, str, str, str], ...]) -> Iterator[tuple[date, bool, str]]:
    for name, first, last, working in days:
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            yield day, False, name
            day += timedelta(days=1)
        for each in working.split():
            yield date.fromisoformat(each), True, f"{name}调休"


def downgrade() -> None:
    op.drop_table("holidays")
    op.drop_table("filing_periods")
    op.drop_table("filing_events")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION filing_events_kept()")
    op.drop_index(op.f("ix_filings_state_state_at"), table_name="filings")
    with op.batch_alter_table("filings") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_filings_{name}"), type_="check")
        for column in ("reopened_until", "state_at", "state"):
            batch.drop_column(column)
