"""From a snapshot to the report about one city (设区市情况报告)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from tracker.engine.scoring import SUBJECTS, Line, Scorecard, lost
from tracker.papers.common.head import DRAFT, PaperKind, PaperStatus, Stamp
from tracker.papers.reports.heads import head_of, rests_on_samples, rulebook_row
from tracker.papers.reports.means import written
from tracker.papers.reports.members import members
from tracker.papers.reports.model import SITES, CityReport, Lost, Member, Step
from tracker.papers.reports.ranking import prizes_of, ranked_cards
from tracker.papers.reports.volume import sheets_in_order
from tracker.papers.reports.words import alone_words
from tracker.papers.scorecard.build import frozen_at_words
from tracker.year.assessments.comparing import Between
from tracker.year.assessments.next_steps import next_steps, step_words
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot

MOST_LOST = 3  # lines a county
STEPS = 2  # a subject


def cities_of(snapshot: ScoredSnapshot) -> dict[str, str]:
    """The cities that have a sheet, by code."""
    sheet = snapshot.sheet_of("city")
    cards = sheet.result.scorecards if sheet else ()
    return {card.subject.code: card.subject.name for card in cards}


def city_report(
    snapshot: ScoredSnapshot,
    previous: ScoredSnapshot | None,
    code: str,
    stamp: Stamp = DRAFT,
    settled: Collection[tuple[str, str]] = (),
) -> CityReport:
    """The report about the city with that code; raises KeyError if it has no sheet. `settled` are
    the cards, by sheet and subject, that are final already: they have no next points any more."""
    prizes = prizes_of(snapshot)
    between = Between(snapshot, previous) if previous else None
    name = cities_of(snapshot)[code]
    counties = _counties(snapshot, code)
    names = {found: county for _, found, county in counties}

    def sheets(*starts: str) -> list[ScoredSheet]:
        ordered = sheets_in_order(snapshot)
        return [sheet for sheet in ordered if sheet.rulebook.subject.startswith(starts)]

    def of_counties(*starts: str) -> Iterator[Member]:
        for sheet in sheets(*starts):
            for member in members(sheet, prizes, between):
                owners = sheet.frozen["subjects"][member.standing.code]["belongs_to"]
                belongs = [names[owner] for owner in owners if owner in names]
                if belongs:
                    yield replace(member, belongs="、".join(belongs))

    final = stamp.status is PaperStatus.FINAL
    (city_sheet,) = sheets("city")
    own = next(m for m in members(city_sheet, prizes, between) if m.standing.code == code)
    found = tuple(
        member
        for sheet in sheets("county.")
        for member in members(sheet, prizes, between)
        if member.standing.code in names
    )
    sites, pairs = tuple(of_counties(*SITES)), tuple(of_counties("pair"))
    about = [(sheet, sheet.card(found)) for sheet, found, _ in counties]
    about.insert(0, (city_sheet, city_sheet.card(code)))
    return CityReport(
        head=head_of(
            snapshot,
            PaperKind.CITY,
            (code, name),
            stamp,
            title="设区市山海协作情况报告",
            sample=rests_on_samples(snapshot),
        ),
        city=own,
        counties=found,
        sites=sites,
        pairs=pairs,
        lost=tuple(each for sheet, card in about for each in most_lost(sheet, card)),
        steps=tuple(
            Step(_named(sheet, card), words)
            for sheet, card in about
            if (sheet.rulebook.code, card.subject.code) not in settled
            for words in step_sentences(snapshot, sheet, card, final=final)
        ),
        rulebooks=tuple(rulebook_row(sheet.rulebook) for sheet in sheets_in_order(snapshot)),
        compared=tuple(_compared(snapshot, between, (own, *found, *sites, *pairs))),
        previous_year=int(previous.document["year"]) if previous else None,
    )


def _counties(snapshot: ScoredSnapshot, city: str) -> list[tuple[ScoredSheet, str, str]]:
    """The county sheets of a city: sheet, code and name; a county may be on both."""
    return [
        (sheet, card.subject.code, card.subject.name)
        for sheet in sheets_in_order(snapshot)
        if sheet.rulebook.subject.startswith("county.")
        for card in ranked_cards(sheet)
        if city in sheet.frozen["subjects"][card.subject.code]["belongs_to"]
    ]


def _compared(
    snapshot: ScoredSnapshot, between: Between | None, shown: Iterable[Member]
) -> Iterator[str]:
    """What cannot be compared of the sheets that the report shows."""
    if between is None:
        yield alone_words(int(snapshot.document["year"]), frozen_at_words(snapshot.document))
        return
    subjects = {label: subject for subject, label in SUBJECTS.items()}
    for label in dict.fromkeys(member.sheet for member in shown):
        if words := between.words(subjects[label], alike=False):
            yield f"{label}：{words}"


def _named(sheet: ScoredSheet, card: Scorecard) -> str:
    return f"{card.subject.name}（{SUBJECTS[sheet.rulebook.subject]}）"


def in_force(line: Line) -> str:
    """The points in force of a line, rounded to the places of its award."""
    return written(Fraction(line.effective), line.decimals)


def most_lost(sheet: ScoredSheet, card: Scorecard) -> list[Lost]:
    """The lines of a card that lost most points, the largest loss first."""
    found = [(points, line) for line in card.lines if (points := _lost(line)) > 0]
    found.sort(key=lambda pair: -pair[0])
    return [
        Lost(
            subject=_named(sheet, card),
            line=f"{line.code} {line.indicator.name}",
            points=in_force(line),
            award=str(line.award),
            lost=str(points),
            below=sheet.rulebook.subject != "city",
        )
        for points, line in found[:MOST_LOST]
    ]


def _lost(line: Line) -> Decimal:
    """What a line lost; up to engine 1.1 nothing where it counts 0 because nothing applies."""
    if line.meaning.tells_whole:
        return lost(line)
    if line.state != "scored" or line.indicator.kind != "score":
        return Decimal(0)
    # Points of a spread have no end: in the places of the award, as they are printed.
    return Decimal(in_force(line)) - line.award


def step_sentences(
    snapshot: ScoredSnapshot,
    sheet: ScoredSheet,
    card: Scorecard,
    most: int = STEPS,
    *,
    final: bool = False,
) -> list[str]:
    """What brings a subject its next points, the cheapest first; nothing on a `final` paper, where
    nothing can be done any more."""
    if final and sheet.rulebook.meaning.tells_whole:
        return []
    names = {line.code: line.indicator.name for line in card.lines}
    return [
        f"{names[step.line]}：{step_words(snapshot, step)}。"
        for step in next_steps(snapshot, sheet, card.subject.code)[:most]
    ]
