"""Lists of scorecards say how many lines of a card were accepted as gaps, and the card of a pair is
open to the county that supports too. Rows of before say of no gaps: what they were scored with
stands in their snapshot, and scoring anew tells."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

# Of the pairs as they are called on their cards: supporter, recipient, scheme.
PARTNERS = """
    UPDATE scorecards SET partner_id = (
        SELECT min(pairing.supporter_id)
        FROM pairings AS pairing
        JOIN regions AS supporter ON supporter.id = pairing.supporter_id
        JOIN regions AS recipient ON recipient.id = pairing.recipient_id
        WHERE supporter.code || '-' || recipient.code || '-' || pairing.scheme
            = scorecards.subject_code
    )
    WHERE enclave_id IS NULL AND subject_code LIKE '%-%-%'
"""


def upgrade() -> None:
    with op.batch_alter_table("scorecards") as batch:
        batch.add_column(sa.Column("gaps", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("partner_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_scorecards_partner_id"), "regions", ["partner_id"], ["id"]
        )
        batch.create_index(op.f("ix_scorecards_partner_id"), ["partner_id"])
    op.execute(PARTNERS)


def downgrade() -> None:
    with op.batch_alter_table("scorecards") as batch:
        batch.drop_index(op.f("ix_scorecards_partner_id"))
        batch.drop_constraint(op.f("fk_scorecards_partner_id"), type_="foreignkey")
        batch.drop_column("partner_id")
        batch.drop_column("gaps")
