"""Supervision orders with what was done about them; files can prove it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

KEPT = "supervision_events"
REFUSED = "what was done with a supervision order never changes"
LINKS = "evidence_links"
ONE_FACT = f"ck_{LINKS}_one_fact"
NO_FACT = {"id", "file_id", "linked_by_id", "withdrawn_by_id"}


def upgrade() -> None:
    op.create_table(
        "supervision_orders",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("helper_id", sa.Integer(), nullable=True),
        sa.Column("pairing_id", sa.Integer(), nullable=True),
        sa.Column("enclave_id", sa.Integer(), nullable=True),
        sa.Column("park_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("filing_id", sa.Integer(), nullable=True),
        sa.Column("needs_proof", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("state_at", sa.DateTime(), nullable=False),
        sa.Column("risen", sa.String(length=24), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("demand <> ''", name=op.f("ck_supervision_orders_demand")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_supervision_orders_name")),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_supervision_orders_origin")
        ),
        sa.CheckConstraint(
            "risen IN ('city', 'province')", name=op.f("ck_supervision_orders_risen")
        ),
        sa.CheckConstraint(
            "state IN ('issued', 'answered', 'returned', 'accepted', 'cancelled')",
            name=op.f("ck_supervision_orders_state"),
        ),
        sa.CheckConstraint(
            "CASE WHEN pairing_id IS NULL THEN 0 ELSE 1 END + CASE WHEN enclave_id IS NULL THEN 0 ELSE 1 END + CASE WHEN park_id IS NULL THEN 0 ELSE 1 END + CASE WHEN project_id IS NULL THEN 0 ELSE 1 END + CASE WHEN filing_id IS NULL THEN 0 ELSE 1 END <= 1",
            name=op.f("ck_supervision_orders_about"),
        ),
        sa.CheckConstraint("helper_id <> county_id", name=op.f("ck_supervision_orders_helper")),
        sa.CheckConstraint("issuer_id <> county_id", name=op.f("ck_supervision_orders_issuer")),
        sa.ForeignKeyConstraint(
            ["county_id"], ["regions.id"], name=op.f("fk_supervision_orders_county_id")
        ),
        sa.ForeignKeyConstraint(
            ["enclave_id"], ["enclaves.id"], name=op.f("fk_supervision_orders_enclave_id")
        ),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filings.id"], name=op.f("fk_supervision_orders_filing_id")
        ),
        sa.ForeignKeyConstraint(
            ["helper_id"], ["regions.id"], name=op.f("fk_supervision_orders_helper_id")
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["regions.id"], name=op.f("fk_supervision_orders_issuer_id")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_supervision_orders_pairing_id")
        ),
        sa.ForeignKeyConstraint(
            ["park_id"], ["parks.id"], name=op.f("fk_supervision_orders_park_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_supervision_orders_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_orders")),
    )
    op.create_index(op.f("ix_supervision_orders_county_id"), "supervision_orders", ["county_id"])
    op.create_index(op.f("ix_supervision_orders_enclave_id"), "supervision_orders", ["enclave_id"])
    op.create_index(op.f("ix_supervision_orders_filing_id"), "supervision_orders", ["filing_id"])
    op.create_index(op.f("ix_supervision_orders_helper_id"), "supervision_orders", ["helper_id"])
    op.create_index(op.f("ix_supervision_orders_issuer_id"), "supervision_orders", ["issuer_id"])
    op.create_index(op.f("ix_supervision_orders_pairing_id"), "supervision_orders", ["pairing_id"])
    op.create_index(op.f("ix_supervision_orders_park_id"), "supervision_orders", ["park_id"])
    op.create_index(op.f("ix_supervision_orders_project_id"), "supervision_orders", ["project_id"])
    op.create_index(
        op.f("ix_supervision_orders_state_due_on"), "supervision_orders", ["state", "due_on"]
    )

    op.create_table(
        "supervision_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("from_state", sa.String(length=24), nullable=True),
        sa.Column("to_state", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("rise", sa.String(length=24), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(due_on IS NOT NULL) = (act IN ('issued', 'returned', 'extended', 'raised'))",
            name=op.f("ck_supervision_events_due_on"),
        ),
        sa.CheckConstraint(
            "(from_state IS NULL) = (act = 'issued')", name=op.f("ck_supervision_events_begins")
        ),
        sa.CheckConstraint(
            "(rise IS NOT NULL) = (act = 'raised')", name=op.f("ck_supervision_events_raised")
        ),
        sa.CheckConstraint(
            "act IN ('issued', 'noted', 'answered', 'accepted', 'returned', 'extended', 'cancelled', 'raised')",
            name=op.f("ck_supervision_events_act"),
        ),
        sa.CheckConstraint(
            "from_state IN ('issued', 'answered', 'returned', 'accepted', 'cancelled')",
            name=op.f("ck_supervision_events_from_state"),
        ),
        sa.CheckConstraint(
            "reason <> '' OR act IN ('issued', 'raised', 'accepted')",
            name=op.f("ck_supervision_events_reason"),
        ),
        sa.CheckConstraint("rise IN ('city', 'province')", name=op.f("ck_supervision_events_rise")),
        sa.CheckConstraint(
            "to_state IN ('issued', 'answered', 'returned', 'accepted', 'cancelled')",
            name=op.f("ck_supervision_events_to_state"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_supervision_events_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["supervision_orders.id"], name=op.f("fk_supervision_events_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_events")),
    )
    op.create_index(op.f("ix_supervision_events_order_id"), "supervision_events", ["order_id"])
    op.create_index(
        "uq_supervision_events_issued",
        "supervision_events",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text("act = 'issued'"),
        postgresql_where=sa.text("act = 'issued'"),
    )
    op.create_index(
        "uq_supervision_events_raised",
        "supervision_events",
        ["order_id", "due_on", "rise"],
        unique=True,
        sqlite_where=sa.text("act = 'raised'"),
        postgresql_where=sa.text("act = 'raised'"),
    )

    with op.batch_alter_table(LINKS) as batch:
        batch.add_column(sa.Column("supervision_order_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f(f"fk_{LINKS}_supervision_order_id"),
            "supervision_orders",
            ["supervision_order_id"],
            ["id"],
        )
    _prove_one_fact()
    op.create_index(op.f(f"ix_{LINKS}_supervision_order_id"), LINKS, ["supervision_order_id"])
    _guard()


def _prove_one_fact() -> None:
    """Let a link prove exactly one of the facts for which there is a column now."""
    columns = sa.inspect(op.get_bind()).get_columns(LINKS)
    facts = [c["name"] for c in columns if c["name"].endswith("_id") and c["name"] not in NO_FACT]
    one = " + ".join(f"CASE WHEN {each} IS NULL THEN 0 ELSE 1 END" for each in facts)
    with op.batch_alter_table(LINKS) as batch:
        batch.drop_constraint(op.f(ONE_FACT), type_="check")
        batch.create_check_constraint(op.f(ONE_FACT), f"{one} = 1")


def _guard() -> None:
    """No act on an order is ever changed or taken away."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {KEPT}_no_{act.lower()} BEFORE {act} ON {KEPT} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {KEPT}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for name, when in (
        ("kept", f"BEFORE UPDATE OR DELETE ON {KEPT} FOR EACH ROW"),
        ("kept_whole", f"BEFORE TRUNCATE ON {KEPT} FOR EACH STATEMENT"),
    ):
        op.execute(f"CREATE TRIGGER {KEPT}_{name} {when} EXECUTE FUNCTION {KEPT}_kept()")


def downgrade() -> None:
    op.execute(f"DELETE FROM {LINKS} WHERE supervision_order_id IS NOT NULL")
    op.drop_index(op.f(f"ix_{LINKS}_supervision_order_id"), table_name=LINKS)
    with op.batch_alter_table(LINKS) as batch:
        batch.drop_constraint(op.f(ONE_FACT), type_="check")
        batch.drop_constraint(op.f(f"fk_{LINKS}_supervision_order_id"), type_="foreignkey")
        batch.drop_column("supervision_order_id")
        batch.create_check_constraint(op.f(ONE_FACT), "file_id IS NOT NULL")
    _prove_one_fact()
    op.drop_table("supervision_events")
    op.drop_table("supervision_orders")
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {KEPT}_kept()")
