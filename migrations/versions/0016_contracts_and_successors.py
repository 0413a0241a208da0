"""What a contract promises binds once the other side has confirmed it; what took the place of an
abolished place, and the codes that a place had before.

What was promised until now has counted, and goes on: it is confirmed as of its last change.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BOUND = ("return_terms", "tax_splits", "enclave_spaces")
PAID = ("return_terms", "tax_splits")
PAY_BY = "pay_by BETWEEN 101 AND 11231"


def upgrade() -> None:
    for name in BOUND:
        with op.batch_alter_table(name) as batch:
            batch.add_column(sa.Column("confirmed_at", sa.DateTime(), nullable=True))
            batch.add_column(sa.Column("confirmed_by_id", sa.Integer(), nullable=True))
            for column in ("change_reason", "answer"):
                batch.add_column(
                    sa.Column(column, sa.String(400), nullable=False, server_default="")
                )
            if name in PAID:
                batch.add_column(sa.Column("pay_by", sa.Integer(), nullable=True))
                batch.create_check_constraint(op.f(f"ck_{name}_pay_by"), PAY_BY)
            batch.create_foreign_key(
                op.f(f"fk_{name}_confirmed_by_id"), "users", ["confirmed_by_id"], ["id"]
            )
    agreed = sa.text("UPDATE enclave_spaces SET confirmed_at = updated_at WHERE step = 'agreed'")
    op.execute(agreed)
    for name in PAID:
        op.execute(sa.text(f"UPDATE {name} SET confirmed_at = updated_at"))
    with op.batch_alter_table("regions") as batch:
        batch.add_column(sa.Column("successor_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("succession_source_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_regions_successor_id"), "regions", ["successor_id"], ["id"]
        )
        batch.create_foreign_key(
            op.f("fk_regions_succession_source_id"), "sources", ["succession_source_id"], ["id"]
        )
        batch.create_check_constraint(
            op.f("ck_regions_successor"), "successor_id IS NULL OR abolished_on IS NOT NULL"
        )
    op.create_index(op.f("ix_regions_successor_id"), "regions", ["successor_id"])
    # 江干区 became a part of 上城区 on 2021-04-09; the source comes with the public data.
    op.execute(
        sa.text(
            "UPDATE regions SET successor_id = (SELECT id FROM regions AS r WHERE r.code = '330102')"
            " WHERE code = '330104' AND abolished_on IS NOT NULL"
        )
    )
    op.create_table(
        "former_codes",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_former_codes_origin")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_former_codes_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_former_codes_code")),
    )
    op.create_index(op.f("ix_former_codes_region_id"), "former_codes", ["region_id"])


def downgrade() -> None:
    op.drop_table("former_codes")
    op.drop_index(op.f("ix_regions_successor_id"), table_name="regions")
    with op.batch_alter_table("regions") as batch:
        batch.drop_constraint(op.f("ck_regions_successor"), type_="check")
        batch.drop_constraint(op.f("fk_regions_succession_source_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_regions_successor_id"), type_="foreignkey")
        batch.drop_column("succession_source_id")
        batch.drop_column("successor_id")
    for name in BOUND:
        with op.batch_alter_table(name) as batch:
            batch.drop_constraint(op.f(f"fk_{name}_confirmed_by_id"), type_="foreignkey")
            if name in PAID:
                batch.drop_constraint(op.f(f"ck_{name}_pay_by"), type_="check")
                batch.drop_column("pay_by")
            for column in ("answer", "change_reason", "confirmed_by_id", "confirmed_at"):
                batch.drop_column(column)
