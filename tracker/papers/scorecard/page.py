"""A card as a page: each line with its facts, their records and rulings, last year and the class.

Figures and words are those of the `Card`; what is added is where each of them comes from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import groupby
from types import MappingProxyType

from tracker.core.quantities.precision import shortened
from tracker.core.quantities.printed import as_decimal
from tracker.engine.scoring import Line, LineChange, Scorecard, SheetChange, plain
from tracker.papers.scorecard.behind import proof_name
from tracker.papers.scorecard.card import Card, CardLine, FactRow, GroupScore, LineKind, RulingRow
from tracker.papers.scorecard.columns import line_points
from tracker.papers.scorecard.facts import RECORDS_SHOWN
from tracker.papers.scorecard.veil import tells_line
from tracker.year.assessments.changes import Vocabulary
from tracker.year.assessments.class_lines import class_of
from tracker.year.assessments.comparing import Between
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.year.procedure.sights import GRADE_LATER, Sight

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Record:
    """A record behind a fact: its words, and the address of its page, None where none opens."""

    words: str
    address: str | None


@dataclass(frozen=True)
class File:
    """A file that proves a record of the fact, and the address of its page, None where none
    opens."""

    kind: str
    name: str
    on: str
    sha256: str
    address: str | None


@dataclass(frozen=True)
class PageFact:
    """A fact of a line. A fact that an earlier line shows already names that line in `shown_at`,
    and its records, files and rulings stand there."""

    row: FactRow
    anchor: str
    shown_at: str = ""
    records: tuple[Record, ...] = ()
    more_records: tuple[Record, ...] = ()
    uncounted: tuple[Record, ...] = ()
    files: tuple[File, ...] = ()
    rulings: tuple[RulingRow, ...] = ()


@dataclass(frozen=True)
class LastYear:
    """The same line a year before (points and award in 分) and what made the difference.

    `same` is False where the rule of the line is another: then the two awards are not compared.
    `by_rule` and `by_own` divide the difference where last year's facts can be scored by this
    year's rule: what the rule made of the old facts, and what the subject's own change made by the
    new rule; None where they cannot.
    """

    year: int
    points: str
    award: str | None
    state: str
    unreported: bool
    zero_by_rule: bool
    note: str
    difference: Decimal
    why: str
    same: bool = True
    by_rule: Decimal | None = None
    by_own: Decimal | None = None


@dataclass(frozen=True)
class Peers:
    """The line among the subjects of the class: mean, best, own place of `count` by the rate of
    points, in the points that the line has on this card (分)."""

    mean: str
    best: str
    place: int | None
    count: int


@dataclass(frozen=True)
class PageLine:
    """A line with all that opens below it."""

    line: CardLine
    facts: tuple[PageFact, ...]
    last_year: LastYear | None
    peers: Peers | None


@dataclass(frozen=True)
class PageGroup:
    """The lines of one 一级指标; `open` where there is something to see at once."""

    name: str
    kind: LineKind
    score: GroupScore | None
    lines: tuple[PageLine, ...]
    open: bool


@dataclass(frozen=True)
class Whole:
    """The sheet as a whole last year and in the class; None where there is nothing to compare.

    `difference` (分) stands where the rules of both years are the same and both cards whole.
    `changed` names what is another in the rules, "" where nothing is; then `by_rule` is what this
    year's rules make of last year's facts, and `by_own` what the facts changed by this year's
    rules (分), None where that is unknown.
    """

    last_year: Scorecard | None
    difference: Decimal | None
    mean: str | None
    best: str | None
    changed: str = ""
    by_rule: Decimal | None = None
    by_own: Decimal | None = None


@dataclass(frozen=True)
class CardPage:
    """What the page of a card shows beside the card; `earlier` is the year that it is compared
    with (None: there is no card of the year before) and `earlier_sheet` that year's sheet;
    `proofs`: (sha256, name) → address of a file's page."""

    groups: tuple[PageGroup, ...]
    whole: Whole
    earlier: int | None
    earlier_sheet: str
    proofs: Mapping[tuple[str, str], str]


def references_of(sheet: ScoredSheet, code: str) -> set[str]:
    """The records behind the facts of a subject, and those that were not counted: their pages, and
    those of files on them, are linked too."""
    parts = ("records", "uncounted", "alike")
    return {
        reference
        for part in parts
        for references in sheet.frozen.get(part, {}).get(code, {}).values()
        for reference in references
    }


def page_of_card(
    card: Card,
    snapshot: ScoredSnapshot,
    addresses: Mapping[str, str],
    before: ScoredSnapshot | None = None,
    proofs: Mapping[tuple[str, str], str] = MappingProxyType({}),
    sight: Sight = ~Sight.NOTHING,
    sight_before: Sight = ~Sight.NOTHING,
) -> CardPage:
    """The page of `card`, which was built from `snapshot`.

    `addresses` are those of the records' pages, `proofs` those of the files' (see `record_links`
    and `proof_links`); `before` is the snapshot of the year before. `sight` and
    `sight_before`: what the reader sees of others in each of the two.
    """
    return _Builder(card, snapshot, addresses, before, proofs, sight, sight_before).page()


class _Builder:
    def __init__(
        self,
        card: Card,
        snapshot: ScoredSnapshot,
        addresses: Mapping[str, str],
        before: ScoredSnapshot | None,
        proofs: Mapping[tuple[str, str], str],
        sight: Sight,
        sight_before: Sight,
    ) -> None:
        self.card = card
        self.code = card.subject_code
        self.snapshot = snapshot
        self.sheet = snapshot.sheets[card.rulebook_code]
        self.scored = self.sheet.card(self.code)
        self.addresses, self.proofs = addresses, proofs
        self.sight, self.sight_before = sight, sight_before
        subject = self.sheet.rulebook.subject
        self.years = Between(snapshot, before) if before else None
        self.earlier = self.years.sheet(subject) if self.years else None
        self.last = self.years.card(subject, self.code) if self.years else None
        self.year = int(before.document["year"]) if before and self.last else None
        self.change = self._change(before) if before else None
        self.changes = self._line_changes(before) if before else {}
        self.peers = class_of(self.scored, self.sheet) if Sight.RANKS in sight else []
        names = dict.fromkeys(name for line in self.scored.lines for name in line.inputs)
        self.facts = dict(zip(names, card.facts, strict=True))
        self.shown_at: dict[str, str] = {}

    def page(self) -> CardPage:
        sheet = self.earlier.rulebook.code if self.earlier and self.last else ""
        groups = tuple(self._groups())
        return CardPage(groups, self._whole(), self.year, sheet, self.proofs)

    def _groups(self) -> Iterator[PageGroup]:
        scores = {(group.kind, group.name): group for group in self.card.groups}
        lines = enumerate(self.card.lines)
        for (kind, name), found in groupby(lines, lambda item: (item[1].kind, item[1].group)):
            of_group = tuple(self._line(at, line) for at, line in found)
            scored = any(each.line.state.value == "scored" for each in of_group)
            yield PageGroup(name, kind, scores.get((kind, name)), of_group, scored)

    def _line(self, at: int, line: CardLine) -> PageLine:
        return PageLine(
            line,
            tuple(self._fact(name, line) for name in self.scored.lines[at].inputs),
            self._line_last_year(line.code),
            self._peers(at),
        )

    def _fact(self, name: str, line: CardLine) -> PageFact:
        row, anchor = self.facts[name], f"fact-{name.replace('.', '-')}"
        if name in self.shown_at:
            return PageFact(row, anchor, shown_at=self.shown_at[name])
        self.shown_at[name] = line.code
        references = self.sheet.records(self.code, name)
        records = tuple(self._record(reference) for reference in references)
        shown = len(records) if len(records) <= RECORDS_SHOWN + 1 else RECORDS_SHOWN
        proofs = self.snapshot.document.get("annex", {}).get("proofs", {})
        files = (
            File(
                proof["kind"],
                proof_name(proof),
                proof["on"],
                proof["sha256"],
                self.proofs.get((proof["sha256"], proof_name(proof))),
            )
            for each in self.sheet.provable(self.code, name)
            for proof in proofs.get(each, ())
        )
        return PageFact(
            row,
            anchor,
            records=records[:shown],
            more_records=records[shown:],
            uncounted=tuple(
                self._record(reference, f"（{why}）")
                for reference, why in self.sheet.uncounted(self.code, name).items()
            ),
            files=tuple(dict.fromkeys(files)),
            rulings=tuple(r for r in self.card.rulings or () if r.label == row.label),
        )

    def _record(self, reference: str, remark: str = "") -> Record:
        frozen = self.snapshot.document["records"][reference]
        source = f"（{frozen['source']}）" if frozen["source"] else ""
        return Record(frozen["text"] + source + remark, self.addresses.get(reference))

    def _line_last_year(self, code: str) -> LastYear | None:
        lines = {line.code: line for line in self.last.lines} if self.last else {}
        if code not in lines or self.years is None or self.year is None:
            return None
        found, change = line_points(lines[code]), self.changes.get(code)
        rules = self.years.rules(self.sheet.rulebook.subject)
        same = rules is not None and code in rules.alike
        # Where the rules of lower sheets changed, so did last year's mean of them: what the rule
        # and what the facts did cannot be told apart.
        apart = change and not same and not (rules and code in rules.below)
        parts = (change[0].by_rule, change[0].by_own) if change and apart else (None, None)
        return LastYear(
            year=self.year,
            points=plain(lines[code].effective),
            award=found.award,
            state=found.state,
            unreported=found.unreported,
            zero_by_rule=found.zero_by_rule,
            note=found.note,
            difference=change[0].difference if change else Decimal(0),
            why=change[1].removeprefix(f"指标 {code}「{lines[code].indicator.name}」")
            if change and self._tells(code, lines[code])
            else "",
            same=same,
            by_rule=parts[0],
            by_own=parts[1],
        )

    def _tells(self, code: str, before: Line) -> bool:
        """Whether what a line read of its class may be told, of either year."""
        told = tells_line(self.scored.line(code), self.scored, self.sheet, self.sight)
        if self.last is None or self.earlier is None:
            return told
        return told and tells_line(before, self.last, self.earlier, self.sight_before)

    def _seen_last(self) -> Scorecard | None:
        """Last year's card without what the reader does not see of it yet."""
        if self.last is None:
            return None
        rank = self.last.rank if Sight.RANKS in self.sight_before else None
        seen = Sight.OWN_GRADE in self.sight_before or self.last.grade is None
        return replace(self.last, rank=rank, grade=self.last.grade if seen else GRADE_LATER)

    def _change(self, before: ScoredSnapshot) -> SheetChange | None:
        """What changed since last year."""
        if self.earlier is None or self.last is None:
            return None
        words = Vocabulary.of(before, self.snapshot)
        # The class is that of the year before: the comparison asks this year's card alone.
        alone = replace(self.sheet.result, scorecards=(self.scored,))
        after = replace(self.sheet, results={self.sheet.column: alone})
        sheets = words.between(self.earlier, after).sheets
        return next((sheet for sheet in sheets if sheet.subject == self.code), None)

    def _line_changes(self, before: ScoredSnapshot) -> dict[str, tuple[LineChange, str]]:
        """What changed line by line, with a sentence each."""
        words = Vocabulary.of(before, self.snapshot)
        lines = self.change.lines if self.change else ()
        rules = self.years.rules(self.sheet.rulebook.subject) if self.years else None
        alike = rules.alike if rules else ()
        # Where the rule is another the points of the two years are not held against each other.
        return {
            line.line: (line, words.line(line) if line.line in alike else words.reasons(line))
            for line in lines
        }

    def _peers(self, at: int) -> Peers | None:
        """By rate, in this card's points: where points were spread, those of others differ."""
        lines = [other.lines[at] for other in self.peers]
        shares = [share for line in lines if (share := _share(line)) is not None]
        if len(self.peers) < 2 or not shares:
            return None
        own = self.scored.lines[at]
        share, points = _share(own), Fraction(own.points if _share(own) is None else own.effective)
        place = None if share is None else 1 + sum(other > share for other in shares)
        mean, best = (
            _cents(each * points) for each in (sum(shares, Fraction(0)) / len(shares), max(shares))
        )
        return Peers(mean, best, place, len(shares))

    def _whole(self) -> Whole:
        totals = [other.total for other in self.peers if other.complete and other.assessed]
        compared = len(self.peers) > 1 and totals
        subject = self.sheet.rulebook.subject
        difference, changed = None, ""
        if self.last and self.years:
            difference = self.years.difference(subject, self.scored, self.last)
            changed = self.years.words(subject, alike=False)
        rules = self.years.rules(subject) if self.years else None
        apart = changed and not (rules and rules.below)
        parts = (self.change.by_rule, self.change.by_own) if self.change and apart else ()
        return Whole(
            self._seen_last(),
            difference,
            _mean(totals) if compared else None,
            str(max(totals)) if compared else None,
            changed,
            *parts,
        )


def _share(line: Line) -> Fraction | None:
    """The part of its points in force that a line got; None where it is not scored."""
    if line.state != "scored" or not line.effective:
        return None
    return Fraction(line.award) / Fraction(line.effective)


def _cents(points: Fraction) -> str:
    return str(shortened(as_decimal(points), 2))


def _mean(points: list[Decimal]) -> str:
    mean = sum(points, Decimal(0)) / len(points)
    return str(mean.quantize(CENT, ROUND_HALF_UP))
