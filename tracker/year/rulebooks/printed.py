"""A rulebook as its printed table: lines by group with subtotals, all conditions in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import groupby

from tracker.engine.scoring import (
    SUBJECTS,
    UNCLASSED,
    Indicator,
    Prize,
    Rulebook,
    diff_rulebooks,
    formula,
    method_words,
    plain,
    veto_effects,
)
from tracker.year.measures.labels import labels_of
from tracker.year.rulebooks.shelf import YearSet, edition, path_of, year_set, years

_KINDS = {"score": "", "bonus": "加分", "deduction": "扣分"}
_ABSENT = {"zero": "计 0 分", "full": "计满分", "spread": "分值分摊到其他指标"}
_MISSING = {"block": "未报的不可计分", "zero": "未报的计 0 分"}
_LINE = re.compile(r"(?:新增|删去)?指标 ([^\s「]+)「([^」]*)」(：?)")


@dataclass(frozen=True)
class PrintedLine:
    """A line: `points` and `points_by_class` in 分; `formulas` the arithmetic, one a part."""

    code: str
    name: str
    clause: str
    words: str
    points: str
    points_by_class: tuple[tuple[str, str], ...]
    conditions: tuple[str, ...]
    formulas: tuple[str, ...]
    data_source: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class PrintedGroup:
    """A 一级指标 with the sum of its points (分); `kind` is 加分, 扣分 or ""."""

    name: str
    kind: str
    points: str
    lines: tuple[PrintedLine, ...]


@dataclass(frozen=True)
class PrintedVeto:
    """A condition (一票否决) and what follows, in Chinese."""

    name: str
    when: str
    effects: tuple[str, ...]


@dataclass(frozen=True)
class Printed:
    """All that the page of a rulebook says beyond the rulebook's own head."""

    book: Rulebook
    groups: tuple[PrintedGroup, ...]
    vetoes: tuple[PrintedVeto, ...]
    tie_break: tuple[str, ...]
    caps: tuple[str, ...]
    grades: tuple[tuple[str, str, str], ...]
    prizes: tuple[str, ...]

    @property
    def counts(self) -> str:
        """How many lines there are of each kind: 17 项计分、4 项加分."""
        return line_counts(self.book)


@dataclass(frozen=True)
class LineDifference:
    """What differs of one line; its name is the later one."""

    code: str
    name: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """What differs between two years of a rulebook: outside the lines, and line by line."""

    general: tuple[str, ...]
    lines: tuple[LineDifference, ...]
    sources: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many sentences there are."""
        return len(self.general) + len(self.sources) + sum(len(line.texts) for line in self.lines)


def shelved(year: int, owner: int | None = None) -> YearSet:
    """The set of a year by `owner`; kept, because neither the shipped files nor what was published
    change while the program runs.

    Raises as `year_set` does.
    """
    return _kept(year, edition(year, owner), owner)


@lru_cache(maxsize=32)
def _kept(year: int, _edition: str, owner: int | None) -> YearSet:
    return year_set(year, owner)


def printed(year: int, code: str, owner: int | None = None) -> Printed:
    """The rulebook `code` of a year by `owner`. Raises KeyError if the year's set lacks it."""
    return _kept_print(year, edition(year, owner), code, owner)


@lru_cache(maxsize=128)
def _kept_print(year: int, of_edition: str, code: str, owner: int | None) -> Printed:
    rulebooks = _kept(year, of_edition, owner)
    book = next((book for book in rulebooks.rulebooks if book.code == code), None)
    if book is None:
        raise KeyError(code)
    return printed_book(book, rulebooks.rulebook_set.prizes)


def printed_book(book: Rulebook, prizes: Iterable[Prize] = ()) -> Printed:
    """A rulebook as its printed table, with those of `prizes` that are for its subject."""
    labels = labels_of(book.measures)
    return Printed(
        book=book,
        groups=tuple(_groups(book, labels)),
        vetoes=tuple(
            PrintedVeto(veto.name, formula(veto.when, labels), tuple(veto_effects(veto)))
            for veto in book.vetoes
        ),
        tie_break=tuple(formula(item, labels) for item in book.tie_break),
        caps=tuple(
            f"{'、'.join(_named(book, code) for code in cap.lines)}合计至多 {plain(cap.at_most)} 分"
            for cap in book.caps
        ),
        grades=tuple(_grades(book)),
        prizes=tuple(_prize(p) for p in prizes if p.subject == book.subject),
    )


def shelved_at(year: int, code: str, sha256: str, owner: int | None = None) -> bool:
    """Whether the shelf of `owner` holds this very rulebook."""
    if year not in years(owner):
        return False
    return any(b.code == code and b.sha256 == sha256 for b in shelved(year, owner).rulebooks)


def text_of(year: int, code: str, owner: int | None = None) -> str:
    """The TOML text of a rulebook. Raises KeyError if the year's set lacks it."""
    texts = shelved(year, owner).texts
    return texts[path_of(texts, code)]


def sheet_title(title: str) -> str:
    """What the sheets of a rulebook are called: its title, 评分表 in place of 评分细则."""
    return title.replace("评分细则", "评分表")


def read_in_order(books: Iterable[Rulebook]) -> list[Rulebook]:
    """Rulebooks in the order in which people read them: the counties' first."""
    order = list(SUBJECTS)
    return sorted(books, key=lambda book: order.index(book.subject))


def line_counts(book: Rulebook) -> str:
    """How many lines there are of each kind: 17 项计分、4 项加分."""
    kinds = [line.kind for line in book.indicators]
    return "、".join(
        f"{kinds.count(kind)} 项{word or '计分'}" for kind, word in _KINDS.items() if kind in kinds
    )


def difference(before: Rulebook, after: Rulebook) -> Difference:
    """What differs between two rulebooks of one subject, in words; their years aside."""
    labels = labels_of(before.measures | after.measures)
    sentences = [
        text for text in diff_rulebooks(before, after, labels) if not text.startswith("考核年度由")
    ]
    of_line: dict[tuple[str, str], list[str]] = {}
    general, sources = [], []
    for text in map(inner_quotes, sentences):
        if found := _LINE.match(text):
            changed = text.startswith("指标")
            said = text.removeprefix(found[0]) if changed else text
            of_line.setdefault((found[1], found[2]), []).append(said)
        elif text.startswith(("新增来源", "删去来源")):
            sources.append(text)
        else:
            general.append(text)
    return Difference(
        tuple(general),
        tuple(LineDifference(*line, tuple(texts)) for line, texts in of_line.items()),
        tuple(sources),
    )


def inner_quotes(text: str) -> str:
    """The quotation marks inside quotation marks as they are written: 「『应付返利』 > 0」."""
    depth, written = 0, []
    for char in text:
        depth -= char == "」"
        written.append({"「": "『", "」": "』"}.get(char, char) if depth else char)
        depth += char == "「"
    return "".join(written)


def _groups(book: Rulebook, labels: dict[str, str]) -> Iterator[PrintedGroup]:
    for (kind, name), found in groupby(book.indicators, lambda line: (line.kind, line.group)):
        lines = list(found)
        yield PrintedGroup(
            name,
            _KINDS[kind],
            plain(sum((Fraction(line.points) for line in lines), Fraction(0))),
            tuple(printed_line(line, labels) for line in lines),
        )


def printed_line(line: Indicator, labels: dict[str, str]) -> PrintedLine:
    """A line in words, its measures by their `labels`."""
    return PrintedLine(
        code=line.code,
        name=line.name,
        clause=line.clause,
        words=line.words,
        points=plain(line.points),
        points_by_class=tuple((name, plain(p)) for name, p in line.points_by_class.items()),
        conditions=tuple(_conditions(line, labels)),
        formulas=_formulas(line, labels),
        data_source=line.data_source,
        evidence=line.evidence,
    )


def _conditions(line: Indicator, labels: dict[str, str]) -> Iterator[str]:
    if line.applies is not None:
        yield f"{formula(line.applies, labels)} 时适用"
        yield f"不适用的{_ABSENT[line.absent] if line.kind == 'score' else '不计分'}"
    yield _MISSING[line.missing]


def _formulas(line: Indicator, labels: dict[str, str]) -> tuple[str, ...]:
    texts = method_words(line, labels)
    if line.combine is None:
        return tuple(texts)
    how = {"sum": "各部分相加", "max": "取最高的一部分", "min": "取最低的一部分"}[line.combine]
    return (*texts, how)


def _grades(book: Rulebook) -> Iterator[tuple[str, str, str]]:
    above = None
    for grade in book.grades:
        floor = plain(grade.at_least)
        reach = f"{floor} 分及以上" if above is None else f"{floor} 分至不足 {above} 分"
        if above is not None and not grade.at_least:
            reach = f"不足 {above} 分"
        quota = "不限" if grade.quota is None else f"不超过同类的 {plain(grade.quota * 100)}%"
        yield grade.name, reach, quota
        above = floor


def _prize(prize: Prize) -> str:
    ranks = f"第 {prize.first} 名" if prize.first == prize.last else _span(prize.first, prize.last)
    amount = f"，{plain(prize.amount)} 万元" if prize.amount is not None else ""
    return f"{prize.name}：{_class_words(prize.class_name)}{ranks}{amount}"


def _span(first: int, last: int) -> str:
    return f"第 {first} 至 {last} 名"


def _named(book: Rulebook, code: str) -> str:
    return f"{code} {book.indicator(code).name}"


def book_of(rulebooks: Sequence[Rulebook], subject: str) -> Rulebook | None:
    """The rulebook of a subject among those of a year; None if the year has none."""
    return next((book for book in rulebooks if book.subject == subject), None)


def _class_words(name: str | None) -> str:
    """The class that a prize is for; "" where it is for each."""
    return "" if name is None else name or UNCLASSED
