"""The cells of the quarter's grid: drafts as they were typed, and noughts that were stated."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SUBJECTS = {
    "project_id": "projects",
    "enclave_id": "enclaves",
    "park_id": "parks",
    "pairing_id": "pairings",
    "demonstration_village_id": "demonstration_villages",
}
ONE = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in SUBJECTS) + " = 1"


def upgrade() -> None:
    keys = {"region_id": "regions", **SUBJECTS, "edited_by_id": "users"}
    op.create_table(
        "quarter_cells",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in SUBJECTS),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("typed", sa.String(length=200), nullable=False),
        sa.Column("cumulative", sa.Boolean(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=False),
        sa.Column("edited_by_id", sa.Integer(), nullable=False),
        sa.Column("posted_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(ONE, name=op.f("ck_quarter_cells_one_subject")),
        sa.CheckConstraint("year BETWEEN 2002 AND 2100", name=op.f("ck_quarter_cells_year")),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_quarter_cells_quarter")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_quarter_cells_value")),
        sa.CheckConstraint(
            "value IS NULL OR day IS NULL", name=op.f("ck_quarter_cells_value_or_day")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_quarter_cells_version")),
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{table}.id"],
                name=op.f(f"fk_quarter_cells_{name}"),
                ondelete="CASCADE" if name in SUBJECTS else None,
            )
            for name, table in keys.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_cells")),
    )
    for name in SUBJECTS:
        op.create_index(
            f"uq_quarter_cells_{name}",
            "quarter_cells",
            [name, "year", "quarter", "field"],
            unique=True,
        )
    op.create_index(
        op.f("ix_quarter_cells_region_id_year_quarter"),
        "quarter_cells",
        ["region_id", "year", "quarter"],
    )


def downgrade() -> None:
    op.drop_table("quarter_cells")
