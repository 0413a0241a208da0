"""How a card's figures and states read on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from tracker.core.quantities.figure import Figure, wan_yuan
from tracker.core.quantities.printed import amount_words, grouped
from tracker.papers.scorecard.card import (
    Card,
    CardLine,
    FactRow,
    FactState,
    LineKind,
    LineState,
    ProjectRow,
)

# A word and a shape each, so that they differ without colour; zero is a plain "0".
UNSCORABLE = "□不可计分"
NOT_APPLICABLE = "／不适用"
MISSING = "○未报"
UNDETERMINED = "△未核定"
PENDING = "—"

LEGEND = (
    "0 为按所计事实得零分，含不予认定、缺佐证和没有适用事项的；○未报：尚未报送；"
    "△未核定：已报送，尚未核定；"
    "／不适用：本项与评价对象无关；□不可计分：数据不足或无法计算，不得分也不推定为零；— 尚未评定。"
)

# What stands under a ruling that no longer fits.
NO_LONGER = "不再适用：其后记录有变更，或已另行核定。"

_KIND_WORDS = {LineKind.SCORE: "", LineKind.BONUS: "加分", LineKind.DEDUCTION: "扣分"}
_STATE_WORDS = {
    LineState.UNSCORABLE: UNSCORABLE,
    LineState.NOT_APPLICABLE: NOT_APPLICABLE,
    LineState.PENDING: PENDING,
}


def group_name(kind: LineKind, name: str) -> str:
    """A group as it is headed: 加分 · 创新做法."""
    word = _KIND_WORDS[kind]
    return name if not word or name.startswith(word) else f"{word} · {name}"


def columns_words(card: Card, spell: Callable[[str], str] = grouped) -> str:
    """Which of the three columns counts, and their totals; "" for a card without columns.

    自评 95.20 分，初审 93.10 分，复核尚未评定；以“初审”一栏计分。
    """
    if not card.columns:
        return ""
    parts = []
    for column in card.columns:
        lacking = "" if column.complete else "（数据不齐）"
        total = f" {spell(column.total)} 分{lacking}" if column.ruled else "尚未评定"
        if column.ruled and not column.complete and not Decimal(column.total):
            total = "尚不能得出（数据不齐）"
        parts.append(column.name + total)
    counts = next(column.name for column in card.columns if column.counts)
    return f"{'，'.join(parts)}；以“{counts}”一栏计分。"


def award_words(
    award: str | None,
    state: LineState,
    unreported: bool = False,
    zero_by_rule: bool = False,
    note: str = "",
) -> str:
    """What stands in a points column: points, or the word for why there are none.

    A line that does not apply but was given points (absent = "full") shows both, and so does one
    that counts 0 because nothing was reported. By rule it is that 0 alone. `note` comes last.
    """
    words = _award_words(award, state, unreported, zero_by_rule)
    return f"{words}\n{note}" if note else words


def _award_words(award: str | None, state: LineState, unreported: bool, zero: bool) -> str:
    if zero:
        return "0"
    if state is LineState.SCORED:
        points = grouped(award or "0")
        return f"{points}\n{MISSING}" if unreported else points
    word = _STATE_WORDS[state]
    if state is LineState.NOT_APPLICABLE and award and Decimal(award):
        return f"{grouped(award)}\n{word}"
    return word


def points_words(line: CardLine, spell: Callable[[str], str] = grouped) -> str:
    """Full marks, and below them those in force after a spread."""
    if line.spread_points is None or line.spread_points == line.points:
        return spell(line.points)
    return f"{spell(line.spread_points)}\n原 {spell(line.points)}"


def fact_words(
    fact: FactRow, said: Callable[[Figure], tuple[str, ...]] = amount_words
) -> tuple[str, ...]:
    """The figure with its unit, then, where there is one, its state or exact amount."""
    if fact.state is FactState.MISSING or (fact.value is None and fact.state is FactState.REPORTED):
        return (MISSING,)
    if fact.state is FactState.NOT_APPLICABLE:
        return (NOT_APPLICABLE,)
    words = () if fact.value is None else said(fact.value)
    if fact.nought and fact.value is not None and not fact.value.value:
        words = (fact.nought,)
    if fact.undone:
        words = (fact.undone,)
    return (*words, UNDETERMINED) if fact.state is FactState.UNDETERMINED else words


def rank_words(card: Card) -> str:
    """第 3 名 / 11, 不排名 (also where what is lacking was accepted as gaps), 暂不排名 where lines
    still wait for data, or when it is told."""
    if card.rank_withheld:
        return card.rank_withheld
    if card.rank is None or not (card.complete or card.lacking):
        return "不排名"
    return f"第 {card.rank} 名 / {card.ranked_count}" if card.complete else "暂不排名"


def incomplete_words(card: Card) -> str:
    """Why the card cannot be made final; "" for a complete one."""
    if card.complete:
        return ""
    reasons = []
    if card.unscorable_count:
        reasons.append(f"{len(card.lines)} 项指标中 {card.unscorable_count} 项不可计分")
    if card.undecided:
        reasons.append(f"{len(card.undecided)} 项一票否决条件未能判定")
    if card.lacking:
        ending = f"本表为{card.status.value}，不能定稿。"
    else:
        ending = "都作为缺口认可，不评等次。"
    return "，".join([*(reasons or ["数据尚不齐全"]), ending])


def stages_words(card: Card) -> str:
    """As of when the projects' stages are: the year's end is no day of a year that still runs."""
    frozen = card.frozen_at[:10]
    return "阶段为年末所处" if frozen[:4] > str(card.year) else f"阶段为 {frozen} 所处"


def projects_words(card: Card) -> str:
    """How many large projects are listed, how many of them are counted, and what they come to."""
    counted = [row for row in card.projects or () if not row.uncounted]
    others = [row for row in card.projects or () if row.uncounted]
    first = _projects_sum(counted) if counted else "0 个"
    if not card.projects_measure:
        return f"共 {first}"
    words = f"按填报的记录计入“{card.projects_measure}”的 {first}"
    return f"{words}；另列未计入的 {_projects_sum(others)}" if others else words


def _projects_sum(rows: Iterable[ProjectRow]) -> str:
    totals = [row.total for row in rows]
    words = " ".join(amount_words(sum(totals, wan_yuan("0"))))
    return f"{len(totals)} 个，总投资合计 {words}"


def unfrozen_words(card: Card) -> str:
    """Which of its parts the card cannot show, because its snapshot is of an earlier layout."""
    parts = {
        "1 亿元以上项目": card.projects,
        "台账合计": card.ledger,
        "更正与不予认定": card.rulings,
        "佐证材料": card.evidence,
    }
    names = [name for name, rows in parts.items() if rows is None]
    return f"本快照未冻结{'、'.join(names)}，本表不列。" if names else ""


def short_digest(sha256: str) -> str:
    """The first twelve digits of a digest, in groups of four."""
    return " ".join(sha256[start : start + 4] for start in range(0, 12, 4))
