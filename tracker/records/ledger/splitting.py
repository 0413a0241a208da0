"""Split a rebate among its villages: by stakes, equally, or by a pasted list.

A rebate is split while it is a draft, or after it arrived: the shares of a submitted one are added
until its sum is reached, and never changed. Each act is whole or nothing. The acting user is
given; nothing commits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.db.searchable import key_of
from tracker.core.quantities.reading import parse_money
from tracker.core.quantities.shown import wan
from tracker.records.ledger.models import EntryKind, LedgerEntry, VillagePayment
from tracker.records.ledger.service import SharesError, shared
from tracker.records.villages.models import Village, VillageStake

MOST_FAULTS = 20


class LackingError(SharesError):
    """Some stakes have neither what is needed to split by them; `stakes` are those."""

    def __init__(self, message: str, stakes: Sequence[VillageStake]) -> None:
        super().__init__(message)
        self.stakes = list(stakes)


class LinesError(SharesError):
    """A pasted list that cannot be taken; `faults` say why, line by line."""

    def __init__(self, faults: Sequence[str]) -> None:
        shown = list(faults[:MOST_FAULTS])
        if len(faults) > MOST_FAULTS:
            shown.append(f"另有 {len(faults) - MOST_FAULTS} 行有误。")
        super().__init__("\n".join(shown))
        self.faults = shown


def why_not(entry: LedgerEntry) -> str:
    """Why `entry` cannot be split (further); "" where it can."""
    if entry.kind is not EntryKind.REBATE:
        return "只有返利分到村。"
    if entry.reversal_of_id is not None or entry.reversal is not None:
        return "这笔返利已冲销，不再分村。"
    return "" if left(entry) > 0 else "这笔返利已全部分到村。"


def shares_by_village(entry: LedgerEntry) -> list[tuple[Village, Decimal]]:
    """The villages that have a share of `entry`, by code, each with its sum (元)."""
    statement = select(Village, VillagePayment.amount).join(VillagePayment.village)
    found = db.session.execute(
        statement.where(VillagePayment.entry_id == entry.id).order_by(Village.code)
    )
    return [(village, amount) for village, amount in found]


def left(entry: LedgerEntry) -> Decimal:
    """What of `entry` no village has yet, 元 (尚未分配)."""
    return entry.amount - shared(entry)


def split_by_stakes(entry: LedgerEntry) -> int:
    """Share an enclave's rebate among its villages by their stakes, and give their number.

    By the agreed shares where each village has one, else in proportion to the capital paid (agreed
    where none was paid). Villages that have left by the entry's day get nothing. What rounding to
    the 分 leaves goes to the first villages, a 分 each; what the agreed shares do not cover stays
    undivided. Raises SharesError where it cannot be told, LackingError with the stakes that lack.
    """
    if shared(entry):
        raise SharesError("这笔返利已有分村记录，不能再按份额分。其余的请均分或粘贴。")
    _need_divisible(entry)
    parts = parts_of(stakes_on(entry))
    if sum(parts.values()) > 1:
        raise SharesError("各村约定份额合计超过 100%。请先核对村参股。")
    cents = int(entry.amount * 100)
    shares = {village: int(cents * part) for village, part in parts.items()}
    over = round(cents * sum(parts.values())) - sum(shares.values())
    for village in list(shares)[:over]:
        shares[village] += 1
    return _add(entry, {village: Decimal(share) / 100 for village, share in shares.items()})


def split_equally(entry: LedgerEntry) -> int:
    """Share what is left of a rebate equally among the villages with a stake that have nothing of
    it yet, and give their number. What does not come out even in 分 goes to the first villages by
    code, a 分 each. Raises SharesError."""
    _need_divisible(entry)
    have = set(_shares_of(entry))
    stakes = [stake for stake in stakes_on(entry) if stake.village_id not in have]
    if not stakes:
        raise SharesError("没有尚未分得的参股村。请先登记村参股，或粘贴各村金额。")
    stakes.sort(key=lambda stake: stake.village.code)
    each, over = divmod(int(left(entry) * 100), len(stakes))
    if not each:
        raise SharesError(f"不足每村一分（{len(stakes)} 个村），无法均分。")
    return _add(
        entry,
        {
            stake.village_id: Decimal(each + (place < over)) / 100
            for place, stake in enumerate(stakes)
        },
    )


def split_pasted(entry: LedgerEntry, text: str) -> int:
    """Share a rebate as `text` says, a line a village: name or 12-digit code, a tab, the amount
    (万元 unless it names its unit); and give their number. The heading of such a list is passed
    over, and so are its sums, once they are those of the lines. Raises LinesError, which names
    every line that is doubtful, and then nothing is shared."""
    _need_divisible(entry)
    names, codes = _villages_of(entry)
    have = set(_shares_of(entry))
    faults: list[str] = []
    shares: dict[int, Decimal] = {}
    begun = False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or (not begun and _is_heading(line, names, codes)):
            continue
        begun = True
        try:
            if (said := _total(line, names)) is not None:
                if not faults:
                    _need_sum(said, sum(shares.values(), Decimal(0)))
                continue
            village, amount = _line(line, names, codes)
            if village.id in have:
                raise ValueError(f"{village.name}在这笔返利中已有一笔。")
            if village.id in shares:
                raise ValueError(f"{village.name}出现了两次。")
        except ValueError as error:
            faults.append(f"第 {number} 行：{error}")
            continue
        shares[village.id] = amount
    if faults:
        raise LinesError(faults)
    if not shares:
        raise LinesError(["请粘贴各村金额，一行一个村：村名、制表符、金额。"])
    return _add(entry, shares)


def stakes_on(entry: LedgerEntry) -> list[VillageStake]:
    """The stakes in the enclave of `entry` that had not ended by its day, by village."""
    statement = select(VillageStake).where(
        VillageStake.enclave_id == entry.enclave_id, *_standing_on(entry.occurred_on)
    )
    return list(db.session.scalars(statement.order_by(VillageStake.village_id)))


@dataclass(frozen=True)
class Waiting:
    """A rebate of which villages lack a part: what is left, 元, and how many have a stake."""

    entry: LedgerEntry
    left: Decimal
    staked: int


def waiting(entries: Sequence[LedgerEntry]) -> list[Waiting]:
    """Those of `entries`, standing rebates, that are not shared out; two statements in all."""
    ids = [entry.id for entry in entries]
    amount = VillagePayment.amount
    given = select(VillagePayment.entry_id, func.sum(amount, type_=amount.type)).where(
        VillagePayment.entry_id.in_(ids)
    )
    rows = db.session.execute(given.group_by(VillagePayment.entry_id))
    shares: dict[int, Decimal] = {row.entry_id: row[1] for row in rows}
    staked = (
        select(LedgerEntry.id, func.count())
        .join(VillageStake, VillageStake.enclave_id == LedgerEntry.enclave_id)
        .where(LedgerEntry.id.in_(ids), *_standing_on(LedgerEntry.occurred_on))
        .group_by(LedgerEntry.id)
    )
    stakes: dict[int, int] = {row.id: row[1] for row in db.session.execute(staked)}
    return [
        Waiting(entry, rest, stakes.get(entry.id, 0))
        for entry in entries
        if (rest := entry.amount - shares.get(entry.id, Decimal(0))) > 0
    ]


def _standing_on(day: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        or_(VillageStake.joined_on.is_(None), VillageStake.joined_on <= day),
        or_(VillageStake.left_on.is_(None), VillageStake.left_on > day),
    )


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("\r\n").split("\t")]


def _is_heading(
    line: str, names: Mapping[str, list[Village]], codes: Mapping[str, Village]
) -> bool:
    """Whether a list begins with what its columns are called: 村名、金额（万元）."""
    cells = _cells(line)
    if len(cells) != 2 or cells[0] in codes or key_of(cells[0]) in names:
        return False
    if any(char.isdigit() for char in line):
        return False
    return "村" in cells[0] and any(word in cells[1] for word in ("金额", "元", "返利"))


def _total(line: str, names: Mapping[str, list[Village]]) -> str | None:
    """What a line of sums says of all above; "" of what says nothing, as of a part of them (小计);
    None of a line of a village."""
    first, *rest = _cells(line)
    called = "".join(first.split()).rstrip("：:")
    if called not in ("合计", "总计", "共计", "小计") or key_of(first) in names:
        return None
    return rest[0] if len(rest) == 1 and called != "小计" else ""


def _need_sum(said: str, amount: Decimal) -> None:
    """Raises ValueError where a sum that is stated is another than that of the lines above."""
    if said and (stated := parse_money(said)) != amount:
        told = f"合计 {wan(stated)} 万元，与上面各村之和 {wan(amount)} 万元不符"
        raise ValueError(f"{told}，请核对。")


def _line(
    line: str, names: Mapping[str, list[Village]], codes: Mapping[str, Village]
) -> tuple[Village, Decimal]:
    cells = _cells(line)
    if len(cells) != 2 or not all(cells):
        raise ValueError("须为两格：村名（或 12 位代码）和金额，中间是制表符。")
    typed, money = cells
    found = [codes[typed]] if typed in codes else names.get(key_of(typed), [])
    if not found:
        raise ValueError(f"没有参股村或本县的村叫“{typed[:30]}”。")
    if len(found) > 1:
        likely = "、".join(f"{_town(v)}{v.name} {v.code}" for v in found[:5])
        raise ValueError(
            f"“{typed[:30]}”不止一个村（{likely}），请在村名前写明乡镇，或改填 12 位代码。"
        )
    amount = parse_money(money)
    if amount <= 0:
        raise ValueError("金额应大于 0。")
    return found[0], amount


def _villages_of(entry: LedgerEntry) -> tuple[dict[str, list[Village]], dict[str, Village]]:
    """The villages that may have a share, by the key of their name, with or without the town's
    before it, and by code: those with a stake in the enclave and all others of its county; of one
    name, those with a stake alone."""
    enclave = entry.enclave
    assert enclave is not None, "only what an enclave pays is split"
    staked = {stake.village_id for stake in stakes_on(entry)}
    wanted = Village.id.in_(staked) | (Village.county_id == enclave.origin_id)
    found = select(Village).where(wanted).options(joinedload(Village.town))
    codes = {v.code: v for v in db.session.scalars(found)}
    names: dict[str, list[Village]] = {}
    for code in sorted(codes):
        village = codes[code]
        for name in {key_of(village.name), key_of(_town(village) + village.name)}:
            names.setdefault(name, []).append(village)
    for name, alike in names.items():
        names[name] = [v for v in alike if v.id in staked] or alike
    return names, codes


def _town(village: Village) -> str:
    return village.town.name if village.town else ""


def parts_of(stakes: Sequence[VillageStake]) -> dict[int, Fraction]:
    """Village → part of the whole, by the agreed shares or in proportion to capital. Raises
    SharesError where it cannot be told."""
    if not stakes:
        raise SharesError("这处飞地没有登记村参股，无法按份额分配。请先登记村参股。")
    without = [stake for stake in stakes if stake.share is None]
    if not without:
        return {s.village_id: Fraction(s.share) for s in stakes if s.share is not None}
    if len(without) < len(stakes):
        raise LackingError("有的村填了份额，有的没有，无法按份额分配。请补填以下各村。", without)
    capital = {
        stake.village_id: Fraction(stake.capital_paid or stake.capital_agreed or 0)
        for stake in stakes
    }
    bare = [stake for stake in stakes if not capital[stake.village_id]]
    if bare:
        raise LackingError(
            "有的村既没有份额也没有出资，无法按份额分配。请补填以下各村，或改为均分、粘贴。", bare
        )
    whole = sum(capital.values())
    return {village: amount / whole for village, amount in capital.items()}


def _shares_of(entry: LedgerEntry) -> dict[int, Decimal]:
    statement = select(VillagePayment.village_id, VillagePayment.amount)
    found = db.session.execute(statement.where(VillagePayment.entry_id == entry.id))
    return {row.village_id: row.amount for row in found}


def _need_divisible(entry: LedgerEntry) -> None:
    if reason := why_not(entry):
        raise SharesError(reason)


def _add(entry: LedgerEntry, shares: Mapping[int, Decimal]) -> int:
    given = {village: amount for village, amount in shares.items() if amount}
    whole = sum(given.values(), Decimal(0))
    over = whole - left(entry)
    if over > 0:
        raise SharesError(
            f"各村合计 {wan(whole)} 万元，比尚未分配的 {wan(left(entry))} 万元多 {wan(over)} 万元。"
        )
    for village, amount in given.items():
        db.session.add(VillagePayment(entry_id=entry.id, village_id=village, amount=amount))
        db.session.flush()  # one by one: the database adds up what stands before each
    if entry.is_draft:
        entry.villages = len(_shares_of(entry))
        db.session.flush()
    return len(given)
