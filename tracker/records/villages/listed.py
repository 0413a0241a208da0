"""How many villages have a stake in an enclave: told by the list of their stakes, where there is
one, and not typed beside it."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.enclaves.models import Enclave
from tracker.records.villages.models import VillageStake


def count(enclave_id: int) -> None:
    """Let the number of an enclave follow from its list; one without a list keeps what it has."""
    enclave = db.session.get_one(Enclave, enclave_id)
    if _has_list(enclave):
        enclave.villages = _number(enclave)
        db.session.flush()


def words(enclave: Enclave) -> dict[str, str]:
    """What stands on the enclave's form in place of the number, where there is a list."""
    if not _has_list(enclave):
        return {}
    number = _number(enclave)
    return {"villages": f"参股村数由村参股名单得出（现为 {number} 个），不在这里填写。"}


def _number(enclave: Enclave) -> int:
    still = or_(VillageStake.left_on.is_(None), VillageStake.left_on > today())
    those = select(func.count()).where(VillageStake.enclave_id == enclave.id, still)
    return db.session.scalar(those) or 0


def _has_list(enclave: Enclave) -> bool:
    one = select(VillageStake.id).where(VillageStake.enclave_id == enclave.id).limit(1)
    return db.session.scalar(one) is not None
