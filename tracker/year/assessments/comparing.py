"""What of two years can be compared: only what the same rules gave.

The one place that decides it, for cards, rankings and reports: the engine tells what changed in a
rulebook, and what a change made.

A total less last year's says something where every line, limit and veto is as it was, also on the
sheets whose totals a line reads. Where a rulebook changed, the change is named, and only the lines
that it left alone are compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from tracker.engine.scoring import (
    SUBJECTS,
    Facts,
    FactsError,
    Indicator,
    Line,
    Rulebook,
    Scorecard,
    diff_rulebooks,
    score,
)
from tracker.engine.scoring.names import whole_of
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot

_SCORE = "score."
# What makes a total of the awards, by what it is called.
_LIMITS = (
    ("满分", ("full_marks",)),
    ("小数位数", ("line_decimals",)),
    ("加分、扣分封顶", ("bonus_cap", "deduction_cap")),
    ("限额", ("caps",)),
    ("一票否决", ("vetoes",)),
)


@dataclass(frozen=True)
class Rules:
    """How the rules of a sheet stand to those of the year before: `alike` are the codes of the
    lines that give the same points for the same facts; `changes` name what is another, "" for
    nothing; `below` are the codes of the lines that read lower sheets whose rules are others."""

    year: int
    alike: frozenset[str]
    changes: str
    below: frozenset[str] = frozenset()

    @property
    def whole(self) -> bool:
        """Whether totals can be compared."""
        return not self.changes

    def words(self, *, alike: bool) -> str:
        """What is another and what is compared therefore, in a sentence; "" where nothing is.
        `alike`: whether the lines that are compared are shown."""
        if self.whole:
            return ""
        lead = f"评分细则与{self.year}年不同：{self.changes}。总分和名次不作增减比较"
        shown = "；可比增减只计规则未变、两年都计分且满分相同的指标" if alike and self.alike else ""
        return f"{lead}{shown}。"


class Between:
    """A snapshot beside that of the year before: last year's sheets, and what can be compared."""

    def __init__(self, snapshot: ScoredSnapshot, previous: ScoredSnapshot) -> None:
        self.year = int(previous.document["year"])
        self._now = {sheet.rulebook.subject: sheet for sheet in snapshot.sheets.values()}
        self._before = {sheet.rulebook.subject: sheet for sheet in previous.sheets.values()}
        self._rules: dict[str, Rules | None] = {}

    def sheet(self, subject: str) -> ScoredSheet | None:
        """Last year's sheet of a rulebook's subject."""
        return self._before.get(subject)

    def card(self, subject: str, code: str) -> Scorecard | None:
        """Last year's card of a subject; None where there is none."""
        sheet = self.sheet(subject)
        try:
            return sheet.card(code) if sheet else None
        except KeyError:
            return None

    def rules(self, subject: str) -> Rules | None:
        """The rules of a subject beside last year's; None where one of the years has no sheet."""
        if subject not in self._rules:
            now, before = self._now.get(subject), self._before.get(subject)
            self._rules[subject] = (
                None if now is None or before is None else self._between(now, before)
            )
        return self._rules[subject]

    def words(self, subject: str, *, alike: bool = True) -> str:
        """What cannot be compared of a subject, and why; "" where all can."""
        rules = self.rules(subject)
        return rules.words(alike=alike) if rules else f"{self.year}年没有这一评分表，无从比较。"

    def difference(self, subject: str, now: Scorecard, then: Scorecard) -> Decimal | None:
        """What the total of `now` is above that of `then` (分); None where they cannot be compared:
        the rules are others, or one of the cards is incomplete or not assessed."""
        rules = self.rules(subject)
        if rules is None or not rules.whole:
            return None
        known = all(card.complete and card.assessed for card in (now, then))
        return now.total - then.total if known else None

    def awards(
        self, subject: str, now: Scorecard, then: Scorecard
    ) -> list[tuple[Decimal, Decimal]]:
        """This year's and last year's award of each line of two cards that can be compared."""
        rules = self.rules(subject)
        old = {line.code: line for line in then.lines}
        return [
            (line.award, old[line.code].award)
            for line in now.lines
            if rules and line.code in rules.alike and _comparable(line, old[line.code])
        ]

    def _between(self, sheet: ScoredSheet, before: ScoredSheet) -> Rules:
        now, then = sheet.rulebook, before.rulebook
        old, new = {line.code: line for line in then.indicators}, _codes(now.indicators)
        kept = [line for line in now.indicators if line.code in old]
        changed = [line for line in kept if not _same_rule(now, old[line.code], line)]
        rest = [line for line in kept if line not in changed]
        reads = {line.code: self._changed_below(line) for line in rest}
        other = _read_otherwise(before, now) & _codes(rest)
        words = [
            _named("规则有变的指标", changed),
            _named("新增的指标", [line for line in now.indicators if line.code not in old]),
            _named("删去的指标", [line for line in then.indicators if line.code not in new]),
            *(
                f"指标 {line.code} {line.name}所依据的{'、'.join(reads[line.code])}评分细则有变"
                for line in rest
                if reads[line.code]
            ),
            *(f"{what}有变" for what, fields in _LIMITS if not _same_fields(then, now, fields)),
        ]
        if other:
            engines = f"计分引擎由 {before.result.engine} 改为 {sheet.result.engine}"
            lines = [line for line in rest if line.code in other]
            words.append(_named(f"{engines}，得分不同的指标", lines))
        alike = {line.code for line in rest if not reads[line.code]} - other
        below = {line.code for line in now.indicators if self._changed_below(line)}
        words = list(filter(None, words))
        return Rules(self.year, frozenset(alike), "；".join(words), frozenset(below))

    def _changed_below(self, line: Indicator) -> list[str]:
        """The subjects whose totals a line reads and whose rules changed, by what they are
        called."""
        read = {e.measures for part in line.parts for e in part.method.expressions}
        read |= {line.applies.measures} if line.applies is not None else set()
        names = {name.removeprefix(_SCORE) for of in read for name in of if name.startswith(_SCORE)}
        wholes = {whole_of(name) for name in names}
        below = [s for s in SUBJECTS if any(s == of or s.startswith(f"{of}.") for of in wholes)]
        return [
            SUBJECTS[subject]
            for subject in below
            if (subject in self._now or subject in self._before)
            and not ((rules := self.rules(subject)) and rules.whole)
        ]


def _comparable(now: Line, then: Line) -> bool:
    return now.state == then.state == "scored" and now.effective == then.effective


def _same_rule(book: Rulebook, then: Indicator, now: Indicator) -> bool:
    """Whether two lines give the same: where a line stands and what it cites gives no points."""
    then = replace(then, group=now.group, clause=now.clause, data_source=now.data_source)
    return not diff_rulebooks(replace(book, indicators=(then,)), replace(book, indicators=(now,)))


def _same_fields(then: Rulebook, now: Rulebook, names: tuple[str, ...]) -> bool:
    given = {name: getattr(then, name) for name in names}
    return not diff_rulebooks(replace(now, **given), now)


def _read_otherwise(before: ScoredSheet, now: Rulebook) -> frozenset[str]:
    """The lines of last year's cards that this year's engine would have given other points by the
    rules of then."""
    meaning, result = now.meaning, before.result
    if before.rulebook.meaning == meaning:
        return frozenset()
    subjects = tuple(
        replace(card.subject, class_name=meaning.same(card.subject.class_name))
        for card in result.scorecards
    )
    book = replace(before.rulebook, meaning=meaning, classes=())
    try:
        again = score(book, Facts(book.year, subjects, result.facts_sha256))
    except FactsError:
        return _codes(book.indicators)
    cards = zip(result.scorecards, again.scorecards, strict=True)
    return frozenset(
        one.code
        for then, new in cards
        for one, other in zip(then.lines, new.lines, strict=True)
        if (one.state, one.award, one.effective) != (other.state, other.award, other.effective)
    )


def _codes(lines: Iterable[Indicator]) -> frozenset[str]:
    return frozenset(line.code for line in lines)


def _named(what: str, lines: Iterable[Indicator]) -> str:
    names = "、".join(f"{line.code} {line.name}" for line in lines)
    return f"{what}有 {names}" if names else ""
