"""再得分: what would bring a subject points, over its own lines and those of the sheets that feed
it, with what its own total gains by each.

A gain on the own sheet is the engine's (`next_totals`); one on a lower sheet is what a simulation
gives, since it goes through a mean, and through the pools of both sheets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from tracker.engine.scoring import (
    NextPoints,
    Number,
    Reach,
    exact,
    meaning_of,
    members_read,
    plain,
    points_words,
    reach_words,
)
from tracker.engine.scoring import figure as written
from tracker.year.assessments.next_steps import LEAST, WHOLE_UNITS, Gone, Remedy, Step, outlook_of
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.year.assessments.simulating import OtherFact, simulate

ONE = Decimal(1)
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Promise:
    """A change of one fact and what it brings (分): `gain` to the total that is asked about,
    `below` to the total of the lower sheet that the fact is on, None on the own sheet."""

    fact: OtherFact
    words: str
    gain: Decimal
    below: Decimal | None


@dataclass(frozen=True)
class Offer:
    """A fact that would bring points: the smallest change that is worth it, and where that is more
    the one that brings all. `each` says what a point costs, in the fact's own unit; `price` sorts:
    the part of the fact that a point costs, None where that cannot be told."""

    sheet: str
    code: str
    name: str
    line: str
    line_name: str
    promises: tuple[Promise, ...]
    each: str
    price: Decimal | None


@dataclass(frozen=True)
class NoLonger:
    """A fact that would bring its own sheet `gain` points (分) and can no longer."""

    sheet: str
    code: str
    name: str
    line: str
    line_name: str
    label: str
    gain: Decimal
    why: str


@dataclass(frozen=True)
class Offers:
    """What can be done, the cheapest point first; how many facts bring less than is worth a line;
    and what is no longer possible."""

    possible: tuple[Offer, ...]
    small: int
    gone: tuple[NoLonger, ...]


def feeding(points: ScoredSnapshot, sheet: str, code: str) -> list[tuple[str, str]]:
    """(sheet, code) of a subject's own sheet, and of all below that of a county whose points it
    reads; the counties of a city or a pair have pages of their own."""
    if not points.sheets[sheet].rulebook.subject.startswith("county."):
        return [(sheet, code)]
    kinds = {each.rulebook.subject: name for name, each in points.sheets.items()}
    found: dict[tuple[str, str], None] = {(sheet, code): None}
    waiting = [(sheet, code)]
    while waiting:
        own, of = waiting.pop()
        book = points.sheets[own].rulebook
        members = points.basis.members.get((book.subject, of), {})
        for name in sorted(book.measures):
            for kind, lower in members_read(name, members) if name.startswith("score.") else ():
                if (kinds[kind], lower) not in found:
                    found[kinds[kind], lower] = None
                    waiting.append((kinds[kind], lower))
    return list(found)


def offers(points: ScoredSnapshot, sheet: str, code: str) -> Offers:
    """What would bring the total of a subject points; raises KeyError for one that is not there."""
    by_sheet: dict[str, list[str]] = {}
    for name, lower in feeding(points, sheet, code):
        by_sheet.setdefault(name, []).append(lower)
    search = _Search(points, sheet, code)
    possible: list[Offer] = []
    gone: list[NoLonger] = []
    small = 0
    for name, codes in by_sheet.items():
        of = points.sheets[name]
        for each, steps, lost in outlook_of(points, of, codes):
            found = [search.offer(of, each, step) for step in steps]
            worth = [offer for offer in found if offer and offer.promises[-1].gain >= LEAST]
            small += sum(1 for offer in found if offer) - len(worth)
            possible += worth
            gone += [search.no_longer(of, each, one) for one in lost]
    possible.sort(key=_order)
    return Offers(tuple(possible), small, tuple(gone))


def _order(offer: Offer) -> tuple[bool, Decimal, str, str, str]:
    gain = offer.promises[0].gain
    price = offer.price if offer.price is not None else -gain
    return offer.price is None, price, offer.sheet, offer.code, offer.line


class _Search:
    def __init__(self, points: ScoredSnapshot, sheet: str, code: str) -> None:
        self.points, self.sheet, self.code = points, sheet, code
        self.total = points.sheets[sheet].card(code).total
        self.meaning = meaning_of(points.document["engine"])

    def offer(self, of: ScoredSheet, code: str, step: Step) -> Offer | None:
        """The offer of a step on a sheet; None where it brings the total nothing."""
        found = tuple(each for each in self.promises(of, code, step) if each.gain > 0)
        if not found:
            return None
        card = of.card(code)
        line = card.line(step.line)
        first = found[0]
        price = None
        if isinstance(step, NextPoints) and step.now is not None:
            change = abs(Decimal(step.next.change))
            price = change / max(abs(Decimal(step.now)), ONE) / first.gain
        return Offer(
            of.rulebook.code,
            code,
            card.subject.name,
            line.code,
            line.indicator.name,
            found,
            self.each(step, first),
            price,
        )

    def promises(self, of: ScoredSheet, code: str, step: Step) -> Iterator[Promise]:
        own = (of.rulebook.code, code) == (self.sheet, self.code)
        for value, words, gain, whole in self.ways(step):
            fact = OtherFact(of.rulebook.code, code, step.measure, value)
            if own and whole:
                yield Promise(fact, words, gain, None)
                continue
            found = simulate(self.points, [fact])
            below = found.card(of.rulebook.code, code).total - of.card(code).total
            total = found.card(self.sheet, self.code).total - self.total
            yield Promise(fact, words, total, None if own else below)

    def ways(self, step: Step) -> Iterator[tuple[Number, str, Decimal, bool]]:
        """The values that a step leads to, in words, with what it says to gain and whether that is
        the total's."""
        if isinstance(step, Remedy):
            yield step.value, step.words, step.gain, True
            return
        about = self.points.document["measures"][step.measure]
        reaches: list[Reach] = [step.next]
        if step.full != step.next:
            reaches.append(step.full)
        for reach in reaches:
            words = reach_words(step, reach, about["label"], about["unit"], self.meaning)
            yield exact(Decimal(reach.then)), words, reach.gain, step.of_total

    def each(self, step: Step, promise: Promise) -> str:
        """What a point costs, in the unit of the fact."""
        if not isinstance(step, NextPoints) or step.now is None:
            return ""
        unit = self.points.document["measures"][step.measure]["unit"]
        if unit in WHOLE_UNITS or unit == "比例":
            return ""
        cost = (abs(Decimal(step.next.change)) / promise.gain).quantize(HUNDREDTH)
        return f"每 1 分约 {written(plain(exact(cost)), unit, self.meaning)}"

    def no_longer(self, of: ScoredSheet, code: str, gone: Gone) -> NoLonger:
        """What cannot be done any more, in words."""
        card, step = of.card(code), gone.step
        line = card.line(step.line)
        about = self.points.document["measures"][step.measure]
        label, gain = about["label"], step.full.gain
        name = card.subject.name
        return NoLonger(
            of.rulebook.code, code, name, line.code, line.indicator.name, label, gain, gone.why
        )


def promise_words(points: ScoredSnapshot, promise: Promise, whose: str) -> str:
    """What a change brings: 该表总分可增加 1.20 分，缙云县总分可增加 0.30 分."""
    meaning = meaning_of(points.document["engine"])
    gain = f"{whose}总分可增加 {points_words(promise.gain, meaning)} 分"
    if promise.below is None:
        return gain
    return f"该表总分可增加 {points_words(promise.below, meaning)} 分，{gain}"
