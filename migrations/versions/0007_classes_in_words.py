"""The class of a listed county is the word that the rulebooks use; a card may have no grade.

The two codes of before become the words that they stood for, and no class becomes "". A downgrade
refuses where a county has a class that the codes do not know.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WORDS = {"leapfrog": "跨越发展类", "ecological": "生态发展类"}
# A card without a grade, as the version before can hold it.
NOT_ASSESSED = "不予评定"
CHECK = "ck_county_listings_county_class"

LISTINGS = sa.table("county_listings", sa.column("county_class", sa.String))
CARDS = sa.table("scorecards", sa.column("grade", sa.String))


def upgrade() -> None:
    with op.batch_alter_table("county_listings") as batch:
        batch.drop_constraint(op.f(CHECK), type_="check")
        batch.alter_column("county_class", existing_type=sa.String(24), type_=sa.String(40))
    for code, word in {**WORDS, None: ""}.items():
        _reclass(code, word)
    with op.batch_alter_table("county_listings") as batch:
        batch.alter_column("county_class", existing_type=sa.String(40), nullable=False)
    with op.batch_alter_table("scorecards") as batch:
        batch.alter_column("grade", existing_type=sa.String(20), nullable=True)
    op.execute(sa.update(CARDS).where(CARDS.c.grade == NOT_ASSESSED).values(grade=None))


def downgrade() -> None:
    _refuse_unknown_classes()
    op.execute(sa.update(CARDS).where(CARDS.c.grade.is_(None)).values(grade=NOT_ASSESSED))
    with op.batch_alter_table("scorecards") as batch:
        batch.alter_column("grade", existing_type=sa.String(20), nullable=False)
    with op.batch_alter_table("county_listings") as batch:
        batch.alter_column("county_class", existing_type=sa.String(40), nullable=True)
    for code, word in {**WORDS, None: ""}.items():
        _reclass(word, code)
    with op.batch_alter_table("county_listings") as batch:
        batch.alter_column("county_class", existing_type=sa.String(40), type_=sa.String(24))
        batch.create_check_constraint(op.f(CHECK), "county_class IN ('leapfrog', 'ecological')")


def _reclass(before: str | None, after: str | None) -> None:
    found = LISTINGS.c.county_class
    op.execute(
        sa.update(LISTINGS).where(found.is_not_distinct_from(before)).values(county_class=after)
    )


def _refuse_unknown_classes() -> None:
    found = LISTINGS.c.county_class
    unknown = sa.select(found, sa.func.count()).where(found.not_in([*WORDS.values(), ""]))
    rows = op.get_bind().execute(unknown.group_by(found).order_by(found)).all()
    if rows:
        named = "、".join(f"“{name}”（{count} 条）" for name, count in rows)
        raise RuntimeError(
            f"不能退回 0006：山区海岛县名单中有旧版本不认识的类别：{named}。请先在名单中改正。"
        )
