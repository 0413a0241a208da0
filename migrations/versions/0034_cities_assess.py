"""Cities assess their own counties: whose assessment a snapshot, a ruling, an issue is of."""

from __future__ import annotations

import click
import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

OWNER = "owner_region_id"
OWNED = ("snapshots", "determinations", "assessments", "paper_issues")
PROVINCES = f"{OWNER} IS NULL"
CHECK = "ck_determinations_owner"


def upgrade() -> None:
    for table in OWNED:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(OWNER, sa.Integer(), nullable=True))
            batch.create_foreign_key(op.f(f"fk_{table}_{OWNER}"), "regions", [OWNER], ["id"])
            if table == "determinations":
                batch.create_check_constraint(op.f(CHECK), f"{PROVINCES} OR level = 'province'")
            if table == "assessments":
                batch.drop_constraint(op.f("uq_assessments_year"), type_="unique")
    for table in ("snapshots", "determinations"):
        op.create_index(op.f(f"ix_{table}_{OWNER}"), table, [OWNER])
    _once_a_year("uq_assessments_year", "assessments", "year")
    op.create_index("uq_assessments_owner_year", "assessments", [OWNER, "year"], unique=True)
    op.drop_index("uq_paper_issues_year_ordinal", table_name="paper_issues")
    _once_a_year("uq_paper_issues_year_ordinal", "paper_issues", "year", "ordinal")
    op.create_index(
        "uq_paper_issues_owner", "paper_issues", [OWNER, "year", "ordinal"], unique=True
    )


def _once_a_year(name: str, table: str, *columns: str) -> None:
    """Of the province's; those of a city have an index of their own."""
    op.create_index(
        name,
        table,
        list(columns),
        unique=True,
        sqlite_where=sa.text(PROVINCES),
        postgresql_where=sa.text(PROVINCES),
    )


def downgrade() -> None:
    _refuse_what_cities_have()
    op.drop_index("uq_paper_issues_owner", table_name="paper_issues")
    op.drop_index("uq_paper_issues_year_ordinal", table_name="paper_issues")
    op.drop_index("uq_assessments_owner_year", table_name="assessments")
    op.drop_index("uq_assessments_year", table_name="assessments")
    for table in ("snapshots", "determinations"):
        op.drop_index(op.f(f"ix_{table}_{OWNER}"), table_name=table)
    for table in OWNED:
        with op.batch_alter_table(table) as batch:
            if table == "determinations":
                batch.drop_constraint(op.f(CHECK), type_="check")
            batch.drop_constraint(op.f(f"fk_{table}_{OWNER}"), type_="foreignkey")
            batch.drop_column(OWNER)
            if table == "assessments":
                batch.create_unique_constraint(op.f("uq_assessments_year"), ["year"])
    op.create_index(
        "uq_paper_issues_year_ordinal", "paper_issues", ["year", "ordinal"], unique=True
    )


def _refuse_what_cities_have() -> None:
    """Without its owner a city's would be taken for the province's: nothing goes down with one."""
    for table in OWNED:
        found = op.get_bind().execute(
            sa.text(f"SELECT count(*) FROM {table} WHERE {OWNER} IS NOT NULL")
        )
        if number := found.scalar():
            raise click.ClickException(
                f"有 {number} 条市考县的数据（{table}），降级后会与省级考核混在一起，没有降级"
            )
