"""Electronic signatures of issued papers, kept beside their bytes; why a paper was not signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLE = "signed_papers"
REFUSED = "signatures of issued papers never change"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("signer", sa.String(length=400), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        sa.Column("addition", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f(f"ck_{TABLE}_sha256")),
        sa.CheckConstraint("length(certificate) = 64", name=op.f(f"ck_{TABLE}_certificate")),
        sa.CheckConstraint("signer <> ''", name=op.f(f"ck_{TABLE}_signer")),
        sa.CheckConstraint("size > 0", name=op.f(f"ck_{TABLE}_size")),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["issued_papers.id"], name=op.f(f"fk_{TABLE}_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("paper_id", name=op.f(f"uq_{TABLE}_paper_id")),
        sa.UniqueConstraint("sha256", name=op.f(f"uq_{TABLE}_sha256")),
    )
    op.create_index(op.f(f"ix_{TABLE}_certificate"), TABLE, ["certificate"])
    op.add_column("paper_tasks", sa.Column("sign_fault", sa.Text(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {TABLE}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for name, when in (
        ("kept", f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW"),
        ("kept_whole", f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT"),
    ):
        op.execute(f"CREATE TRIGGER {TABLE}_{name} {when} EXECUTE FUNCTION {TABLE}_kept()")


def downgrade() -> None:
    op.drop_column("paper_tasks", "sign_fault")
    op.drop_table(TABLE)
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {TABLE}_kept()")
