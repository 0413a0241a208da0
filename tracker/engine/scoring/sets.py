"""Sets: the rulebooks of a year together, sheets that build on sheets, and prizes.

A set file is TOML: `year`, `rulebooks` (the files' paths, relative to the set file) and any number
of `[[prize]]` with `subject`, `name`, `ranks = [first, last]`, and optionally `class` (absent: each
class) and `amount` (万元). `format = 1` may be given.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tracker.engine.scoring.checks import check_measures, named, scored_subjects
from tracker.engine.scoring.exact import Number, divide, exact, grouped, plain
from tracker.engine.scoring.facts import Facts, Subject, class_fault
from tracker.engine.scoring.loading import load_rulebook, parse_toml
from tracker.engine.scoring.meaning import CURRENT, Meaning
from tracker.engine.scoring.names import SUBJECTS, quoted, whole_of
from tracker.engine.scoring.result import Result, Scorecard
from tracker.engine.scoring.rulebook import Rulebook, RulebookError
from tracker.engine.scoring.score import score
from tracker.engine.scoring.tables import Table
from tracker.engine.scoring.wording import NAMES

READ = 40
"""How many rulebooks are kept as they were read: those of some years."""

Members = Mapping[tuple[str, str], Mapping[str, Sequence[str]]]
"""(subject, code) of a sheet → subject → the codes whose totals it builds on."""


@dataclass(frozen=True)
class Prize:
    """A prize for the ranks `first`…`last` of a class (None: of each class); `amount` in 万元."""

    subject: str
    class_name: str | None
    name: str
    first: int
    last: int
    amount: Number | None


@dataclass(frozen=True)
class RulebookSet:
    """The rulebooks of a year, one a subject, in the order in which sheets are scored."""

    year: int
    rulebooks: tuple[Rulebook, ...]
    prizes: tuple[Prize, ...]


@dataclass(frozen=True)
class PrizeWon:
    """A prize and the scorecard that won it."""

    prize: Prize
    scorecard: Scorecard


@dataclass(frozen=True)
class SetResult:
    """The results by subject, bottom up, and the prizes in the order of the set file."""

    results: Mapping[str, Result]
    prizes: tuple[PrizeWon, ...]


def load_set(
    text: str | bytes,
    read: Callable[[str], str | bytes],
    supplied: Collection[str] | None = None,
    meaning: Meaning = CURRENT,
) -> RulebookSet:
    """Read a set file; `read` returns the text of a rulebook by its path as the file gives it.

    `supplied` are the measures of the catalogue; None leaves them unchecked. `meaning` is that of
    the engine that froze the set (see `load_rulebook`). Raises RulebookError
    with all faults: of the set, of each rulebook (named by its path), cycles, measures that
    nobody supplies. An OSError of `read` becomes a fault.
    """
    faults: list[str] = []
    table = Table(parse_toml(text), "", faults, NAMES[""])
    if table.integer("format", required=False) not in (1, None):
        table.fault(f"{table.named('format')}应为 1，请核对文件")
    year = table.integer("year")
    books, subjects = _books(table, read, year, meaning)
    prizes = tuple(
        _prize(row, meaning) for row in table.tables("prize", "奖项(prize)", required=False)
    )
    table.finish()
    for prize in prizes:
        if prize.subject and subjects is not None and prize.subject not in subjects:
            table.fault(
                f"奖项{quoted(prize.name)}：没有{SUBJECTS[prize.subject]}（{prize.subject}）的评分细则，请加入或删去"
            )
    _check_prize_classes(table, prizes, [book for _, book in books])
    _check_overlaps(table, prizes)
    if supplied is not None:
        for path, book in books:
            found = check_measures(book, supplied, subjects)
            faults.extend(f"{path}：{fault}" for fault in found)
    ordered = _bottom_up([book for _, book in books], faults)
    if faults:
        raise RulebookError(faults)
    return RulebookSet(year, ordered, prizes)


def check_set(
    text: str | bytes, read: Callable[[str], str | bytes], supplied: Collection[str]
) -> list[str]:
    """List all faults of a set in Chinese, see `load_set`; an empty list if there are none."""
    try:
        load_set(text, read, supplied)
    except RulebookError as error:
        return error.faults
    return []


def score_set(
    rulebook_set: RulebookSet,
    facts: Mapping[str, Facts],
    members: Members,
    known: SetResult | None = None,
) -> SetResult:
    """Score the sheets of a set from the bottom up.

    `facts` by subject, those without facts are left out; `members` says which sheets each sheet
    builds on. score.X is the exact mean total of a sheet's members of subject X (score.park: of
    both kinds; score.X.PART: of those that `members` names under X.PART) that were assessed, not
    reported if there are none or any is incomplete; it replaces a score.X in the facts. A class
    that `known` has, by the very same rulebook and facts, is not scored again. Raises FactsError
    for facts of another year, KeyError for a member without a sheet.
    """
    results: dict[str, Result] = {}
    cards: dict[tuple[str, str], Scorecard] = {}
    for book in rulebook_set.rulebooks:
        if book.subject not in facts:
            continue
        needed = sorted(name for name in book.measures if name.startswith("score."))
        given = facts[book.subject]
        subjects = tuple(
            _with_scores(subject, needed, members.get((book.subject, subject.code), {}), cards)
            for subject in given.subjects
        )
        before = known.results.get(book.subject) if known else None
        result = score(book, replace(given, subjects=subjects), before)
        results[book.subject] = result
        for card in result.scorecards:
            cards[book.subject, card.subject.code] = card
    won = [
        PrizeWon(prize, card)
        for prize in rulebook_set.prizes
        if prize.subject in results
        for card in _winners(prize, results[prize.subject])
    ]
    return SetResult(results, tuple(won))


def prize_words(won: PrizeWon) -> str:
    """Say which prize a sheet won by which rank: 第 2 名，获一等奖（第 1 至 3 名）."""
    prize, card = won.prize, won.scorecard
    ranks = (
        f"第 {prize.first} 名"
        if prize.first == prize.last
        else (f"第 {prize.first} 至 {prize.last} 名")
    )
    amount = ""
    if prize.amount is not None:
        figure = plain(prize.amount)
        tells = any(line.meaning.tells_units for line in card.lines)
        amount = f"，奖励 {grouped(figure) if tells else figure} 万元"
    return f"{'并列' if card.tied else ''}第 {card.rank} 名，获{prize.name}（{ranks}{amount}）"


def _with_scores(
    subject: Subject,
    needed: Sequence[str],
    members: Mapping[str, Sequence[str]],
    cards: Mapping[tuple[str, str], Scorecard],
) -> Subject:
    measures = {name: value for name, value in subject.measures.items() if name not in needed}
    for name in needed:
        counted = [
            cards[kind, code]
            for kind, code in members_read(name, members)
            if cards[kind, code].assessed
        ]
        if counted and all(card.complete for card in counted):
            measures[name] = exact(divide(sum(exact(c.total) for c in counted), len(counted)))
    return replace(subject, measures=measures)


def members_read(name: str, members: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """(subject, code) of the lower sheets whose mean the measure `name` (score.X) of a sheet with
    those `members` is."""
    rest = name.partition(".")[2]
    return [
        (kind, code)
        for kind in scored_subjects(rest, SUBJECTS)
        for code in members.get(kind if whole_of(rest) == rest else rest, ())
    ]


def _winners(prize: Prize, result: Result) -> list[Scorecard]:
    found = [
        card
        for card in result.scorecards
        if card.rank is not None
        and prize.first <= card.rank <= prize.last
        and prize.class_name in (None, card.subject.class_name)
    ]
    return sorted(found, key=lambda card: card.rank or 0)


@lru_cache(maxsize=READ)
def _loaded(text: str | bytes, meaning: Meaning) -> Rulebook:
    """A rulebook never changes, and a year is read again and again."""
    return load_rulebook(text, meaning)


def _books(
    table: Table, read: Callable[[str], str | bytes], year: int | None, meaning: Meaning
) -> tuple[list[tuple[str, Rulebook]], set[str] | None]:
    """The sound rulebooks by path, and the subjects of all; None where one does not tell its."""
    books: list[tuple[str, Rulebook]] = []
    faulty: set[str | None] = set()
    owners: dict[str, str] = {}
    for number, path in enumerate(table.rows("rulebooks") or (), 1):
        if not isinstance(path, str):
            table.fault(f"{table.named('rulebooks')}第 {number} 项应为文件路径，请加引号")
            continue
        content: str | bytes = ""
        try:
            content = read(path)
            book = _loaded(content, meaning)
        except RulebookError as error:
            table.faults.extend(f"{path}：{fault}" for fault in error.faults)
            faulty.add(_subject_of(content))
            continue
        except (OSError, ValueError):
            table.fault(f"文件{quoted(path)}无法读取，请核对路径")
            faulty.add(None)
            continue
        if year is not None and book.year != year:
            table.fault(f"{path}：year（考核年度）为 {book.year}，与本套的 {year} 年不符，请核对")
        if book.subject in owners:
            label = SUBJECTS[book.subject]
            table.fault(f"{path}：{label}已有细则 {owners[book.subject]}，一套中请只留一本")
        owners.setdefault(book.subject, path)
        books.append((path, book))
    if None in faulty:
        return books, None
    return books, {*owners, *(subject for subject in faulty if subject)}


def _subject_of(content: str | bytes) -> str | None:
    """The subject that a faulty rulebook names; None where it names none that is known."""
    try:
        subject = parse_toml(content).get("subject")
    except RulebookError:
        return None
    return subject if subject in SUBJECTS else None


def _prize(table: Table, meaning: Meaning) -> Prize:
    subject = table.choice("subject", tuple(SUBJECTS))
    class_name = table.text("class", required=False, blank=True)
    if class_name is not None:
        class_name = meaning.same(class_name)
    name = table.text("name")
    ranks = table.rows("ranks")
    first = last = 0
    if ranks is not None:
        if len(ranks) != 2 or any(type(rank) is not int for rank in ranks):
            table.fault(f"{table.named('ranks')}应为两个整数，请写成 [1, 3] 的样子")
        else:
            first, last = ranks
            if not 1 <= first <= last:
                table.fault(f"{table.named('ranks')}应从 1 起、由小到大，请改正")
    amount = table.points("amount", None) if table.has("amount") else None
    table.finish()
    return Prize(subject, class_name, name, first, last, amount)


def _check_prize_classes(table: Table, prizes: Sequence[Prize], books: Sequence[Rulebook]) -> None:
    classes = {book.subject: (book.classes, book.meaning.same) for book in books}
    for prize in prizes:
        if prize.class_name and prize.subject in classes:
            fault = class_fault(prize.class_name, *classes[prize.subject])
            if fault:
                table.fault(f"奖项{quoted(prize.name)}：{fault}")


def _check_overlaps(table: Table, prizes: Sequence[Prize]) -> None:
    for number, prize in enumerate(prizes):
        for other in prizes[:number]:
            same = prize.subject == other.subject and (
                prize.class_name == other.class_name or None in (prize.class_name, other.class_name)
            )
            if same and prize.first <= other.last and other.first <= prize.last:
                names = f"{quoted(other.name)}与{quoted(prize.name)}"
                ranks = named(table, "prize", "ranks").lstrip()
                table.fault(f"奖项{names}的 {ranks}重叠，请调整")


def _bottom_up(books: Sequence[Rulebook], faults: list[str]) -> tuple[Rulebook, ...]:
    """Order the rulebooks so that each comes after those it builds on; note cycles."""
    by_subject = {book.subject: book for book in books}
    below = {
        subject: {
            lower
            for name in book.measures
            if name.startswith("score.")
            for lower in scored_subjects(name.partition(".")[2], by_subject)
        }
        for subject, book in by_subject.items()
    }
    ordered: list[Rulebook] = []
    while below:
        ready = [subject for subject, lower in below.items() if not lower & below.keys()]
        if not ready:
            path = " → ".join(f"{SUBJECTS[subject]}（{subject}）" for subject in _cycle(below))
            faults.append(f"评分表互相引用成环：{path}，请改去其中一处 score.")
            return ()
        for subject in ready:
            ordered.append(by_subject[subject])
            del below[subject]
    return tuple(ordered)


def _cycle(below: Mapping[str, set[str]]) -> list[str]:
    """Follow the references from the first sheet until one comes back."""
    path = [next(iter(below))]
    while True:
        following = min(below[path[-1]] & below.keys())
        if following in path:
            return [*path[path.index(following) :], following]
        path.append(following)
