"""Money that was allotted to an application and came back is an act of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TABLE = "application_events"
NEW = "recovered"
ACTS = (
    *("approved", "sent_back", "submitted", "withdrawn", "resumed", "city_reviewed", "granted"),
    *("returned", "rejected", "established", "allotted", "asked", "inspected", "revoked"),
)


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _checks(money: tuple[str, ...], acts: tuple[str, ...]) -> dict[str, str]:
    """The conditions by name where `money` are the acts that move it."""
    of = _listed(money)
    is_money = f"act IN ({of})" if len(money) > 1 else f"act = {of}"
    is_none = f"act NOT IN ({of})" if len(money) > 1 else f"act <> {of}"
    return {
        "act": f"act IN ({_listed(acts)})",
        "on_day": f"act NOT IN ({_listed(('established', *money, 'inspected'))})"
        " OR on_day IS NOT NULL",
        "document": f"act NOT IN ({_listed(('established', *money))}) OR document <> ''",
        "amount": f"amount IS NOT NULL AND amount > 0 AND act IN ({_listed(('granted', *money))})"
        f" OR amount IS NULL AND ({is_none} OR corrects_id IS NOT NULL)",
        "corrects": f"corrects_id IS NULL OR {is_money} AND reason <> ''",
    }


def upgrade() -> None:
    _replace(_checks(("allotted", NEW), (*ACTS, NEW)))


def downgrade() -> None:
    # What came back would be left out of the sums, or lost.
    found = op.get_bind().scalar(
        sa.text(f"SELECT count(*) FROM {TABLE} WHERE act = :act"), {"act": NEW}
    )
    if found:
        raise RuntimeError(f"{found} 笔资金收回已登记，降级后无处可记，不能降级。")
    _replace(_checks(("allotted",), ACTS))


def _replace(checks: dict[str, str]) -> None:
    with op.batch_alter_table(TABLE) as batch:
        for name, condition in checks.items():
            batch.drop_constraint(op.f(f"ck_{TABLE}_{name}"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), condition)
