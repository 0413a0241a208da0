"""A sheet of a snapshot as a ranking by class, with its indicators and last year's points.

The order of classes and of ranks is the same in every report and in the bound volume.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from tracker.core.quantities.printed import marks
from tracker.engine.scoring import (
    BY_QUOTA,
    BY_VETO,
    SUBJECTS,
    UNCLASSED,
    Line,
    Scorecard,
    grade_causes,
    lowering,
    plain,
)
from tracker.papers.reports.comparing import alike
from tracker.papers.reports.means import mean, share, written
from tracker.papers.reports.model import (
    SITES,
    Before,
    Change,
    ClassRanking,
    Extreme,
    LineSummary,
    SheetRanking,
    Standing,
)
from tracker.papers.scorecard.reasons import unranked_words
from tracker.year.assessments.comparing import Between
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot

Prizes = Mapping[tuple[str, str], str]


def by_class(sheet: ScoredSheet) -> dict[str, list[Scorecard]]:
    """The cards of `sheet` by the name of their class, each class by rank and then by code, those
    without a rank last. Classes stand in the order of the rulebook, those without one last."""
    found: dict[str, list[Scorecard]] = {}
    for card in sheet.result.scorecards:
        found.setdefault(card.subject.class_name, []).append(card)
    order = sheet.rulebook.class_order
    return {name: sorted(found[name], key=_place) for name in sorted(found, key=order)}


def ranked_cards(sheet: ScoredSheet) -> list[Scorecard]:
    """All cards of `sheet`, class by class as `by_class` has them."""
    return [card for cards in by_class(sheet).values() for card in cards]


def _place(card: Scorecard) -> tuple[bool, int, str]:
    return card.rank is None, card.rank or 0, card.subject.code


def prizes_of(snapshot: ScoredSnapshot) -> Prizes:
    """What each subject of a sheet has won, in words; prizes of sheets that wait for data are not
    given yet."""
    found: dict[tuple[str, str], str] = {}
    for won in snapshot.prizes:
        prize, card = won.prize, won.scorecard
        if card.complete:
            amount = "" if prize.amount is None else f"\n{plain(prize.amount)} 万元"
            found[prize.subject, card.subject.code] = f"{prize.name}{amount}"
    return found


def rank_sheet(sheet: ScoredSheet, prizes: Prizes, between: Between | None) -> SheetRanking:
    """`sheet` by class, `between` the years."""
    book = sheet.rulebook
    classes = by_class(sheet)
    # Nothing is gained by a class without a name where there is no other.
    named = len(classes) > 1 or any(classes)
    sites = book.subject.startswith(SITES)
    return SheetRanking(
        code=book.code,
        subject=book.subject,
        label=SUBJECTS[book.subject],
        full_marks=plain(book.full_marks),
        classes=tuple(
            _class(sheet, (name or UNCLASSED) if named else "", cards, prizes, between)
            for name, cards in classes.items()
        ),
        compared=between.words(book.subject, alike=not sites) if between else "",
    )


def _class(
    sheet: ScoredSheet,
    label: str,
    cards: Sequence[Scorecard],
    prizes: Prizes,
    between: Between | None,
) -> ClassRanking:
    standings = tuple(standing(sheet, card, prizes, between) for card in cards)
    before = between and between.sheet(sheet.rulebook.subject)
    whole = [card for card in cards if card.complete and card.assessed]
    grades = Counter(card.grade for card in whole)
    return ClassRanking(
        label=label,
        standings=standings,
        grades=tuple((grade.name, grades[grade.name]) for grade in sheet.rulebook.grades),
        mean=mean(card.total for card in whole),
        lines=tuple(_summaries(cards)),
        change=_change(standings, label, sheet, before) if before else None,
    )


def standing(
    sheet: ScoredSheet, card: Scorecard, prizes: Prizes, between: Between | None = None
) -> Standing:
    """A card's place in its class, beside the one that it had the year before."""
    code = card.subject.code
    about = sheet.frozen["subjects"][code]
    unscorable = sum(line.state == "unscorable" for line in card.lines)
    return Standing(
        code=code,
        name=card.subject.name,
        place=about["place"],
        total=str(card.total),
        base=str(card.base),
        bonus=str(card.bonus),
        deduction=str(card.deduction),
        grade=card.grade if card.complete or not card.assessed else "",
        rank=card.rank,
        complete=card.complete,
        prize=prizes.get((sheet.rulebook.subject, code), ""),
        reason=unranked_words(card),
        unscorable=unscorable,
        before=_before(between, sheet.rulebook.subject, card),
        counted=_counted(card),
        cause=grade_cause(card),
    )


def grade_cause(card: Scorecard) -> str:
    """Why the grade of a whole card is another than its points give; "" where it is not."""
    if not card.complete or card.grade is None or card.grade == card.grade_before:
        return ""
    causes = grade_causes(card)
    because = [f"“{veto.rstrip('。')}”" for veto in lowering(card)] if BY_VETO in causes else []
    because += ["名额限制"] if BY_QUOTA in causes else []
    return f"按得分可评{card.grade_before}，因{'、'.join(because)}评为{card.grade}"


def _counted(card: Scorecard) -> bool:
    """Whether the total is known, if only so far: of a card that waits for every line it is not."""
    return card.complete or any(line.state == "scored" for line in card.lines)


def _before(between: Between | None, subject: str, now: Scorecard) -> Before | None:
    card = between.card(subject, now.subject.code) if between else None
    if between is None or card is None:
        return None
    then, rules = card.subject.class_name, between.rules(subject)
    return Before(
        total=str(card.total),
        rank=card.rank,
        complete=card.complete,
        other_class="" if then == now.subject.class_name else then or UNCLASSED,
        assessed=card.assessed,
        counted=_counted(card),
        same_rules=rules is not None and rules.whole,
        alike=alike(between, subject, now, card),
    )


def _change(
    standings: Sequence[Standing], label: str, sheet: ScoredSheet, before: ScoredSheet
) -> Change:
    pairs = [
        (Decimal(now.total), Decimal(now.before.total))
        for now in standings
        if now.difference is not None and now.before is not None
    ]
    alike = [
        Decimal(now.before.alike.difference)
        for now in standings
        if now.before and now.before.alike and not now.before.same_rules
    ]
    classes = by_class(before)
    codes = sheet.frozen["subjects"].keys()
    left = [card for name, cards in classes.items() for card in cards if _same(name, label)]
    return Change(
        comparable=len(pairs),
        mean=mean(now for now, _ in pairs),
        mean_before=mean(then for _, then in pairs),
        up=sum(now > then for now, then in pairs),
        down=sum(now < then for now, then in pairs),
        joined=tuple(now.name for now in standings if now.before is None),
        reclassed=tuple(
            f"{now.name}（原{now.before.other_class}）"
            for now in standings
            if now.before and now.before.other_class
        ),
        left=tuple(card.subject.name for card in left if card.subject.code not in codes),
        alike=len(alike),
        alike_up=sum(difference > 0 for difference in alike),
        alike_down=sum(difference < 0 for difference in alike),
    )


def _same(class_name: str, label: str) -> bool:
    return not label or (class_name or UNCLASSED) == label


def _summaries(cards: Sequence[Scorecard]) -> Iterator[LineSummary]:
    for at, line in enumerate(cards[0].lines if cards else ()):
        yield _summary([(card.subject.name, card.lines[at]) for card in cards], line)


def _summary(named: Sequence[tuple[str, Line]], first: Line) -> LineSummary:
    indicator = first.indicator
    states = Counter(line.state for _, line in named)
    scored = [(name, line) for name, line in named if line.state == "scored"]
    awards = [line.award for _, line in scored]
    counts = indicator.kind == "score"
    in_force = [Fraction(line.effective) for _, line in scored] or [Fraction(first.points)]
    by_rate = counts and len(set(in_force)) > 1
    return LineSummary(
        code=first.code,
        name=indicator.name,
        group=indicator.group,
        points=marks(first.points),
        in_force=(written(min(in_force)), written(max(in_force))),
        mean=mean(awards),
        rate=share(
            sum(map(Fraction, awards), Fraction(0)),
            sum((Fraction(line.effective) for _, line in scored), Fraction(0)),
        )
        if counts
        else None,
        highest=_extreme(scored, max, by_rate=by_rate),
        lowest=_extreme(scored, min, by_rate=by_rate),
        scored=len(scored),
        unscorable=states["unscorable"],
        not_applicable=states["not_applicable"],
    )


def _extreme(
    scored: Sequence[tuple[str, Line]], most: Callable[..., Decimal], *, by_rate: bool
) -> Extreme | None:
    """Who is best or worst: by award, or each by the share of their own points in force, so that
    nobody with full marks stands behind somebody whose full marks are more."""
    if not scored:
        return None
    places = [Decimal(_reached(line)) if by_rate else line.award for _, line in scored]
    extreme = most(places)
    found = [one for one, place in zip(scored, places, strict=True) if place == extreme]
    awards = {line.award for _, line in found}
    return Extreme(
        str(awards.pop()) if len(awards) == 1 else None,
        str(extreme) if by_rate else None,
        tuple(name for name, _ in found),
    )


def _reached(line: Line) -> str:
    """The exact award's part of the points in force: rounding to the last place makes nobody
    better."""
    return share(Fraction(line.exact), Fraction(line.effective)) or "0"
