"""What is implausible of money and of figures: the rules, declared once, with the words that ask.

Pure: a rule reads facts and says in a sentence what is unusual, or nothing. None of them forbids
anything; who enters the figure says why it is right (`tracker/records/ledger/doubts.py` for money,
the `doubts` of a `Kind` for other records).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from tracker.core.quantities.printed import trimmed
from tracker.core.quantities.shown import short, wan
from tracker.core.quantities.units import WAN
from tracker.web.usual import AHEAD, AHEAD_OF, BEGINNING, EARLIER

FIGURE_ASKED = "数字为什么无误"
DAY_ASKED = "日期为什么无误"

TIMES = 10
SEVERAL = 5
# 元. A single sum is very large from several times the largest of its kind on, though not below
# `ORDINARY`; where nothing of its kind is known, from `VERY_LARGE` on, and from there in any case.
ORDINARY = Decimal(10_000_000)
VERY_LARGE = Decimal(10_000_000_000)


@dataclass(frozen=True)
class Limit:
    """What a sum is held against: what it is called ("总投资") and how much it is, 元."""

    label: str
    amount: Decimal


@dataclass(frozen=True)
class End:
    """A day before or after which money is unusual, and what happened on it ("协议到期")."""

    label: str
    on: date


@dataclass(frozen=True)
class MoneyFacts:
    """A sum and what is known about it; amounts in 元.

    `earlier`: what stands of the same kind already, of all years; `year_before`: of it, what is of
    the year before; `year_so_far`: what is of the same year; `largest`: the largest single sum of
    its kind, whosever it is. None of them holds the sum itself. `largest_whole`: the largest whole
    that such a sum is a part of anywhere ("项目总投资"). Both are None where there is none.
    """

    kind: str
    amount: Decimal
    on: date
    today: date
    cumulative: bool = False
    limit: Limit | None = None
    earlier: Decimal = Decimal(0)
    year_before: Decimal = Decimal(0)
    year_so_far: Decimal = Decimal(0)
    begun: End | None = None
    ended: End | None = None
    largest: Decimal | None = None
    largest_whole: Limit | None = None

    @property
    def asks_for_largest(self) -> bool:
        """Whether it matters what is the largest of its kind."""
        return self.limit is None and self.amount > ORDINARY


@dataclass(frozen=True)
class Rule:
    """`key` is kept with the answer, `label` names the rule in lists, `find` says what is
    unusual; `asks` is what the answer has to say."""

    key: str
    label: str
    find: Callable[[MoneyFacts], str | None]
    asks: str = FIGURE_ASKED


class AnyRule(Protocol):
    """What all rules have."""

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def find(self) -> Callable[[Any], str | None]: ...

    @property
    def asks(self) -> str: ...


@dataclass(frozen=True)
class Doubt:
    """A rule that something runs against, and what is unusual, in a sentence."""

    rule: AnyRule
    words: str


def _above_limit(facts: MoneyFacts) -> str | None:
    if facts.limit is None or facts.amount <= facts.limit.amount:
        return None
    return (
        f"{facts.kind} {_amount(facts.amount)}，超过{facts.limit.label} "
        f"{_amount(facts.limit.amount)}。请核对单位是否为万元。"
    )


def _sum_above_limit(facts: MoneyFacts) -> str | None:
    whole = facts.earlier + facts.amount
    if facts.limit is None or facts.cumulative or _above_limit(facts):
        return None
    if not facts.earlier or whole <= facts.limit.amount:
        return None
    return (
        f"连同已登记的 {_amount(facts.earlier)}，{facts.kind}累计 {_amount(whole)}，"
        f"超过{facts.limit.label} {_amount(facts.limit.amount)}。"
    )


def _many_times(facts: MoneyFacts) -> str | None:
    year = facts.year_so_far + facts.amount
    if facts.cumulative or not facts.year_before or year < TIMES * facts.year_before:
        return None
    return (
        f"{facts.on.year} 年{facts.kind}将达 {_about(year)}，为上年全年 "
        f"{_about(facts.year_before)}的 {year / facts.year_before:.0f} 倍。"
    )


def _very_large(facts: MoneyFacts) -> str | None:
    if facts.limit is not None:
        return None
    said = f"单笔{facts.kind} {_amount(facts.amount)}，"
    compared = []
    if facts.largest is not None:
        times = facts.amount / facts.largest
        words = f"为已登记的单笔最大额 {_about(facts.largest)}的 {short(times)} 倍"
        compared.append((SEVERAL * facts.largest, words))
    if facts.largest_whole is not None:
        whole = facts.largest_whole
        words = f"超过已登记的最大{whole.label} {_about(whole.amount)}"
        compared.append((whole.amount, words))
    bound, words = max(compared, default=(VERY_LARGE, "数额特别大"))
    if facts.amount > max(bound, ORDINARY) and bound < VERY_LARGE:
        return f"{said}{words}。请核对单位是否为万元。"
    if facts.amount >= VERY_LARGE:
        return f"{said}数额特别大。请核对单位是否为万元。"
    return None


def _after_end(facts: MoneyFacts) -> str | None:
    if facts.ended is None or facts.on <= facts.ended.on:
        return None
    return f"发生日期 {facts.on} 晚于{facts.ended.label} {facts.ended.on}。"


def _before_beginning(facts: MoneyFacts) -> str | None:
    if facts.begun is None or facts.on >= facts.begun.on:
        return None
    return f"发生日期 {facts.on} 早于{facts.begun.label} {facts.begun.on}。"


def _ahead(facts: MoneyFacts) -> str | None:
    return f"发生日期 {facts.on} 还没有到。" if facts.on > facts.today else None


RULES: tuple[Rule, ...] = (
    Rule("above_limit", "超过总投资或总出资", _above_limit),
    Rule("sum_above_limit", "累计超过总投资或总出资", _sum_above_limit),
    Rule("many_times", f"达上年全年的 {TIMES} 倍以上", _many_times),
    Rule("very_large", "数额特别大", _very_large),
    Rule("after_end", "晚于终止或到期", _after_end, DAY_ASKED),
    Rule("before_beginning", "早于签约或起始", _before_beginning, DAY_ASKED),
    Rule("ahead", "日期未到", _ahead, DAY_ASKED),
)


@dataclass(frozen=True)
class FigureFacts:
    """A figure in its unit and what it was before: `when` says before what ("2023 年").

    `usual`: what no figure of its kind is above as a rule; `peer`: the largest of the others of its
    kind. All in `unit`.
    """

    label: str
    value: Decimal
    unit: str = ""
    before: Decimal | None = None
    when: str = ""
    usual: Decimal | None = None
    peer: Decimal | None = None


@dataclass(frozen=True)
class FigureRule:
    """As `Rule`, for figures other than the ledger's."""

    key: str
    label: str
    find: Callable[[FigureFacts], str | None]
    asks: str = FIGURE_ASKED


def _many_times_before(facts: FigureFacts) -> str | None:
    if not facts.before or facts.before < 0 or facts.value < TIMES * facts.before:
        return None
    return f"{_compared(facts)}，达到 {TIMES} 倍以上。请核对单位。"


def _fraction_of_before(facts: FigureFacts) -> str | None:
    if not facts.before or not 0 < facts.value * TIMES <= facts.before:
        return None
    return f"{_compared(facts)}，不到十分之一。请核对单位。"


def _very_large_sum(facts: FigureFacts) -> str | None:
    if facts.unit != "万元" or facts.value * WAN < VERY_LARGE:
        return None
    return f"{facts.label} {_figure(facts.value, facts.unit)}，数额特别大。请核对单位是否为万元。"


def _above_usual(facts: FigureFacts) -> str | None:
    if facts.usual is None or facts.value <= facts.usual or _very_large_sum(facts):
        return None
    return (
        f"{facts.label} {_figure(facts.value, facts.unit)}，超过通常的上限 "
        f"{_figure(facts.usual, facts.unit)}。请核对单位。"
    )


def _above_peers(facts: FigureFacts) -> str | None:
    if not facts.peer or facts.peer < 0 or facts.value < TIMES * facts.peer:
        return None
    return (
        f"{facts.label} {_figure(facts.value, facts.unit)}，为其余同类记录中最大的 "
        f"{_figure(facts.peer, facts.unit)}的 {TIMES} 倍以上。请核对单位。"
    )


def _compared(facts: FigureFacts) -> str:
    assert facts.before is not None
    now, before = (_figure(value, facts.unit) for value in (facts.value, facts.before))
    return f"{facts.label} {now}，{facts.when}为 {before}"


def _figure(value: Decimal, unit: str) -> str:
    return f"{trimmed(value)} {unit}".rstrip()


FIGURE_RULES: tuple[FigureRule, ...] = (
    FigureRule("many_times_before", f"达此前的 {TIMES} 倍以上", _many_times_before),
    FigureRule("fraction_of_before", f"不到此前的 1/{TIMES}", _fraction_of_before),
    FigureRule("very_large_sum", "数额特别大", _very_large_sum),
    FigureRule("above_usual", "超过通常的上限", _above_usual),
    FigureRule("above_peers", f"达同类最大的 {TIMES} 倍以上", _above_peers),
)


@dataclass(frozen=True)
class DayFacts:
    """A day, or a year where `by_year` says so, of the field `of` ("projects.signed_on")."""

    label: str
    of: str
    on: date
    today: date
    by_year: bool = False


@dataclass(frozen=True)
class DayRule:
    """As `Rule`, for days and years of records."""

    key: str
    label: str
    find: Callable[[DayFacts], str | None]
    asks: str = DAY_ASKED


def _far_ahead(facts: DayFacts) -> str | None:
    years = AHEAD_OF.get(facts.of, AHEAD)
    if facts.on.year <= facts.today.year + years:
        return None
    return f"{facts.label} {_when(facts)}，在 {years} 年以后。请核对年份。"


def _long_ago(facts: DayFacts) -> str | None:
    if facts.of in EARLIER or facts.on.year >= BEGINNING:
        return None
    return f"{facts.label} {_when(facts)}，早于山海协作开始的 {BEGINNING} 年。请核对年份。"


def _when(facts: DayFacts) -> str:
    return f"{facts.on.year} 年" if facts.by_year else facts.on.isoformat()


DAY_RULES: tuple[DayRule, ...] = (
    DayRule("far_ahead", "日期过于久远", _far_ahead),
    DayRule("long_ago", f"早于 {BEGINNING} 年", _long_ago),
)


@dataclass(frozen=True)
class PostedFacts:
    """A whole that was typed, and what the ledger has of it already; amounts in 元."""

    label: str
    whole: Decimal
    posted: str
    amount: Decimal


@dataclass(frozen=True)
class PostedRule:
    """As `Rule`, for a whole beside what is posted."""

    key: str
    label: str
    find: Callable[[PostedFacts], str | None]
    asks: str = FIGURE_ASKED


def _below_posted(facts: PostedFacts) -> str | None:
    if facts.whole >= facts.amount:
        return None
    return (
        f"{facts.label} {_amount(facts.whole)}，低于已登记的{facts.posted}累计 "
        f"{_amount(facts.amount)}。请核对单位。"
    )


POSTED_RULES: tuple[PostedRule, ...] = (
    PostedRule("below_posted", "总额低于已登记的累计", _below_posted),
)


@dataclass(frozen=True)
class AgainFacts:
    """A new record of the kind `label`, and the one that says the same: its name and number."""

    label: str
    name: str
    number: int


@dataclass(frozen=True)
class AgainRule:
    """As `Rule`, for a new record beside those that are there."""

    key: str
    label: str
    find: Callable[[AgainFacts], str | None]
    asks: str = "为什么不是重复登记"


def _said_again(facts: AgainFacts) -> str:
    return (
        f"已有一条内容相同的{facts.label}“{facts.name}”（编号 {facts.number}）。"
        "请核对是否重复登记；确为另一次的，请说明。"
    )


AGAIN_RULES: tuple[AgainRule, ...] = (AgainRule("said_again", "与已有记录内容相同", _said_again),)


@dataclass(frozen=True)
class OverlapFacts:
    """A record of the kind `label` whose span overlaps another's of the same thing: what they share
    ("同一人的任期"), and the other's name, span and number."""

    label: str
    about: str
    name: str
    span: str
    number: int


@dataclass(frozen=True)
class OverlapRule:
    """As `Rule`, for spans of one thing."""

    key: str
    label: str
    find: Callable[[OverlapFacts], str | None]
    asks: str = "为什么会同时有两段"


def _overlaps(facts: OverlapFacts) -> str:
    return (
        f"与已有{facts.label}“{facts.name}”（{facts.span}，编号 {facts.number}）重叠："
        f"{facts.about}一般先后相接。请核对日期；确为同时的，请说明。"
    )


OVERLAP_RULES: tuple[OverlapRule, ...] = (
    OverlapRule("overlaps", "与同一对象的另一段时间重叠", _overlaps),
)

# Every rule by its key, for lists and for the answers that were kept.
_ALL: tuple[AnyRule, ...] = (
    *RULES,
    *FIGURE_RULES,
    *DAY_RULES,
    *POSTED_RULES,
    *AGAIN_RULES,
    *OVERLAP_RULES,
)
LABELS: Mapping[str, str] = {rule.key: rule.label for rule in _ALL}


def figure_doubts(facts: FigureFacts) -> list[Doubt]:
    """What is unusual of a figure, in the order of the rules."""
    return _found(FIGURE_RULES, facts)


def day_doubts(facts: DayFacts) -> list[Doubt]:
    """What is unusual of a day or a year."""
    return _found(DAY_RULES, facts)


def posted_doubts(facts: PostedFacts) -> list[Doubt]:
    """What is unusual of a whole beside what is posted."""
    return _found(POSTED_RULES, facts)


def again_doubts(facts: AgainFacts) -> list[Doubt]:
    """What is unusual of a record that says what another says already."""
    return _found(AGAIN_RULES, facts)


def overlap_doubts(facts: OverlapFacts) -> list[Doubt]:
    """What is unusual of a span beside another of the same thing."""
    return _found(OVERLAP_RULES, facts)


def doubts_about(facts: MoneyFacts) -> list[Doubt]:
    """What is unusual of a sum, in the order of the rules."""
    return _found(RULES, facts)


def _found(rules: Iterable[AnyRule], facts: Any) -> list[Doubt]:
    found = ((rule, rule.find(facts)) for rule in rules)
    return [Doubt(rule, words) for rule, words in found if words]


def asked_of(doubts: Iterable[Doubt]) -> str:
    """What the answer has to say, by what is in doubt: "说明数字为什么无误、日期为什么无误"."""
    return "说明" + "、".join(dict.fromkeys(doubt.rule.asks for doubt in doubts))


def keys_of(doubts: Iterable[Doubt]) -> str:
    """The keys of their rules, each once, as they are kept."""
    return ",".join(dict.fromkeys(doubt.rule.key for doubt in doubts))


def _amount(amount: Decimal) -> str:
    """Exact, so that what is just above a bound does not read as the bound."""
    return f"{wan(amount)} 万元"


def _about(amount: Decimal) -> str:
    """To two decimals, for what is told as many times another."""
    return f"{short(amount / WAN)} 万元"
