"""What moved between two scorings of a year, by county: totals and ranks before and after, the
lines, the facts behind them, and who changed a record or ruled meanwhile, when and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import undefer

from tracker.core.db import db
from tracker.core.db.audit import AuditEntry
from tracker.engine.scoring import SheetChange
from tracker.papers.scorecard.record_links import record_links
from tracker.records.accounts.models import User
from tracker.records.determinations.models import Determination
from tracker.records.places.models import Region
from tracker.site.trail_words import Said, say
from tracker.year.assessments import queries
from tracker.year.assessments.awaited import SubjectToRule, subjects_to_rule
from tracker.year.assessments.changes import Vocabulary, without_class
from tracker.year.assessments.class_lines import is_few
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.scored import ScoredSnapshot, scored_of

SECOND = timedelta(seconds=1)
SHOWN = 5  # changes of records at one line
CARDS = 60  # whose lines one page opens
_MANY = 500  # records of a table that a statement names one by one


@dataclass(frozen=True)
class Changed:
    """A change of a record in words, with the page of the record and who did it."""

    said: Said
    actor: str
    address: str


@dataclass(frozen=True)
class LineMoved:
    """A line that changed, in a sentence; the rulings on its facts and the changes of their records
    between the two scorings, the latest first; `more` changes are not told."""

    code: str
    difference: Decimal
    words: str
    rulings: tuple[Determination, ...]
    changes: tuple[Changed, ...]
    more: int


@dataclass(frozen=True)
class CardMoved:
    """A card that changed. `row` is that of the later scoring, None where the subject is gone;
    `title` is its sheet's."""

    name: str
    sheet: str
    title: str
    change: SheetChange
    row: ScorecardRow | None
    lines: tuple[LineMoved, ...]

    @property
    def difference(self) -> Decimal | None:
        """What the total gained (分); None where the card is new or gone."""
        if self.change.before is None or self.change.after is None:
            return None
        return self.change.after.total - self.change.before.total


@dataclass(frozen=True)
class PlaceMoved:
    """The cards of a place that changed."""

    name: str
    cards: tuple[CardMoved, ...]


@dataclass(frozen=True)
class Moved:
    """What moved between `before` and `after`, by place; `rules` say what of the rulebooks did.
    `left_out` cards are named without their lines."""

    before: Snapshot
    after: Snapshot
    places: tuple[PlaceMoved, ...]
    rules: tuple[str, ...]
    left_out: int

    @property
    def rows(self) -> list[ScorecardRow]:
        """The cards of the later scoring that changed."""
        return [card.row for place in self.places for card in place.cards if card.row]

    @property
    def cards(self) -> int:
        """How many cards changed."""
        return sum(len(place.cards) for place in self.places)


def moved_between(before: Snapshot, after: Snapshot, user: User, *, ranks: bool) -> Moved:
    """What moved, as far as `user` has the cards in view; `ranks`: whether ranks are shown, without
    which a class of two tells no values. As many statements for many cards as for a few: one a kind
    of record."""
    old, new = (scored_of(each) for each in (before, after))
    rows = {(row.sheet, row.subject_code): row for row in queries.cards(after, user)}
    gone = {(row.sheet, row.subject_code): row for row in queries.cards(before, user)}
    in_view = {**gone, **rows}
    words = Vocabulary.of(old, new)
    found: list[tuple[str, SheetChange]] = []
    rules: list[str] = []
    for code, sheet in new.sheets.items():
        if code not in old.sheets:
            rules.append(f"新增的评分表：{sheet.rulebook.title}。")
            continue
        changes = words.between(old.sheets[code], sheet)
        rules += changes.rules
        found += [(code, each) for each in changes.sheets if (code, each.subject) in in_view]
    gone_sheets = (sheet for code, sheet in old.sheets.items() if code not in new.sheets)
    rules += [f"不再评分：{sheet.rulebook.title}。" for sheet in gone_sheets]
    found.sort(key=_by_weight)
    open_, rest = found[:CARDS], found[CARDS:]
    why = _Why(
        old,
        new,
        before,
        after,
        [rows[c, s.subject] for c, s in open_ if (c, s.subject) in rows],
        user,
        ranks=ranks,
    )
    cards = [
        *(_card(code, change, new, rows, why.lines(code, change, words)) for code, change in open_),
        *(_card(code, change, new, rows, ()) for code, change in rest),
    ]
    return Moved(before, after, _by_place(cards, in_view), tuple(rules), len(rest))


def _by_weight(item: tuple[str, SheetChange]) -> tuple[bool, Decimal]:
    """What moved most first, after what is new or gone."""
    change = item[1]
    if change.before is None or change.after is None:
        return False, Decimal(0)
    return True, -abs(change.after.total - change.before.total)


def _card(
    code: str,
    change: SheetChange,
    new: ScoredSnapshot,
    rows: Mapping[tuple[str, str], ScorecardRow],
    lines: Iterable[LineMoved],
) -> CardMoved:
    title = new.sheets[code].rulebook.title
    return CardMoved(
        change.name, code, title, change, rows.get((code, change.subject)), tuple(lines)
    )


def _by_place(
    cards: Sequence[CardMoved], rows: Mapping[tuple[str, str], ScorecardRow]
) -> tuple[PlaceMoved, ...]:
    by_place: dict[int | None, list[CardMoved]] = {}
    for card in cards:
        by_place.setdefault(rows[card.sheet, card.change.subject].region_id, []).append(card)
    places = db.session.scalars(select(Region).where(Region.id.in_(set(by_place) - {None})))
    names = {place.id: (place.code, place.name) for place in places}
    ordered = sorted(by_place, key=lambda number: names.get(number or 0, ("", "")))
    return tuple(
        PlaceMoved(names.get(number or 0, ("", "全省"))[1], tuple(by_place[number]))
        for number in ordered
    )


class _Why:
    """The rulings and the changes of records between two scorings, read once for all cards."""

    def __init__(
        self,
        old: ScoredSnapshot,
        new: ScoredSnapshot,
        before: Snapshot,
        after: Snapshot,
        rows: Sequence[ScorecardRow],
        user: User,
        *,
        ranks: bool,
    ) -> None:
        self.old, self.new, self.ranks = old, new, ranks
        # A snapshot says its second alone: what was done within that is told twice rather than
        # not at all.
        self.since, self.until = before.frozen_at, after.frozen_at + SECOND
        subjects = subjects_to_rule(after, rows)
        self.subjects = {(s.card.sheet, s.card.subject_code): s for s in subjects}
        wanted = {
            reference for row in rows for reference in self._behind(row.sheet, row.subject_code)
        }
        self.links = record_links(wanted, user)
        self.changed = self._changed()
        self.actors = _names({s.entry.actor_id for of in self.changed.values() for s in of})

    def lines(self, code: str, change: SheetChange, words: Vocabulary) -> Iterator[LineMoved]:
        """Each line of a card that changed, with why."""
        subject = self.subjects.get((code, change.subject))
        veiled = not self.ranks and self._is_few(code, change)
        for line in change.lines:
            names = [fact.measure for fact in line.facts]
            told = self._told(code, change.subject, names)
            yield LineMoved(
                line.line,
                line.difference,
                words.line(without_class(line) if veiled else line),
                tuple(self._rulings(subject, names)),
                told[:SHOWN],
                len(told[SHOWN:]),
            )

    def _is_few(self, code: str, change: SheetChange) -> bool:
        """Whether a value of the class, then or now, is that of the other one."""
        sides = ((self.old, change.before), (self.new, change.after))
        return any(side and is_few(side.class_name, of.sheets[code]) for of, side in sides)

    def _rulings(
        self, subject: SubjectToRule | None, names: Sequence[str]
    ) -> Iterator[Determination]:
        for name in names:
            fact = subject.fact(name) if subject else None
            for ruling in reversed(fact.rulings if fact else ()):
                if self._meanwhile(ruling.ruled_at):
                    yield ruling

    def _meanwhile(self, moment: datetime) -> bool:
        return self.since < moment <= self.until

    def _behind(self, sheet: str, code: str, names: Sequence[str] | None = None) -> set[str]:
        """The records behind the facts of a subject, before and after, counted or not."""
        found: set[str] = set()
        for of in (self.old.sheets.get(sheet), self.new.sheets.get(sheet)):
            if of is None:
                continue
            for part in ("records", "uncounted"):
                for name, references in of.frozen.get(part, {}).get(code, {}).items():
                    if names is None or name in names:
                        found.update(references)
        return found

    def _changed(self) -> dict[str, list[Said]]:
        """What was done to the records that the user may open, by reference, the latest first."""
        tables: dict[str, list[int]] = {}
        for reference in self.links:
            table, _, number = reference.partition(":")
            tables.setdefault(table, []).append(int(number))
        if not tables:
            return {}
        of_tables = (
            and_(AuditEntry.table_name == table, AuditEntry.record_id.in_(ids))
            if len(ids) <= _MANY
            else AuditEntry.table_name == table
            for table, ids in sorted(tables.items())
        )
        statement = (
            select(AuditEntry)
            .where(AuditEntry.at > self.since, AuditEntry.at <= self.until, or_(*of_tables))
            .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        )
        entries = [
            entry
            for entry in db.session.scalars(statement)
            if f"{entry.table_name}:{entry.record_id}" in self.links
        ]
        found: dict[str, list[Said]] = {}
        for said in say(entries):
            found.setdefault(f"{said.entry.table_name}:{said.entry.record_id}", []).append(said)
        return found

    def _told(self, sheet: str, code: str, names: Sequence[str]) -> tuple[Changed, ...]:
        references = sorted(self._behind(sheet, code, names) & self.changed.keys())
        told = [
            Changed(said, self.actors.get(said.entry.actor_id, "系统"), self.links[reference])
            for reference in references
            for said in self.changed[reference]
        ]
        return tuple(sorted(told, key=lambda each: each.said.entry.at, reverse=True))


def _names(ids: set[int | None]) -> dict[int | None, str]:
    users = db.session.scalars(select(User).where(User.id.in_(ids - {None})))
    return {user.id: user.display_name for user in users}


def snapshot_of(number: int, year: int, owner: int | None = None) -> Snapshot | None:
    """The snapshot of that number with its content, if it is one of `year` by `owner`."""
    found = db.session.get(Snapshot, number, options=[undefer(Snapshot.content)])
    if found is None or (found.year, found.owner_region_id) != (year, owner):
        return None
    return found
