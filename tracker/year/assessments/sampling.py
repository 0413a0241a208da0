"""Samples of reported figures: drawn by a published seed, with what a look gave, and the rate.

The method, which anybody can repeat: for each figure of the population sha256 of the UTF-8 text
"seed|sheet|subject|measure" in hexadecimal; sorted, the first `size` are drawn, in that order. So
neither the order of the list nor a random generator has any part in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.db import db
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import of as owned_by
from tracker.records.determinations.models import RulingLevel
from tracker.records.places.models import Region
from tracker.year.assessments.freeze import GIVEN
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.sampling_models import SampleCheck, SampledFact, Sampling
from tracker.year.assessments.scored import scored_of

SEED_LENGTH, NOTE_LENGTH = 64, 400


class SamplingError(ToldError, ValueError):
    """A draw or a result that is not possible; `field` names the form's field."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


Name = tuple[str, str, str]  # sheet, subject, measure


@dataclass(frozen=True)
class Candidate:
    """A figure that may be drawn, of the subject of a card."""

    card: ScorecardRow
    measure: str
    reported: Decimal

    @property
    def name(self) -> Name:
        """What it is drawn by."""
        return self.card.sheet, self.card.subject_code, self.measure


def population(snapshot: Snapshot, cards: Iterable[ScorecardRow]) -> list[Candidate]:
    """The figures of `cards`, which are of `snapshot`, that were reported and rest on records: by
    what was frozen alone, so that it is the same whenever it is asked."""
    points = scored_of(snapshot)
    known = points.document["measures"]
    reported: dict[str, dict[str, dict[str, str]]] = {}
    found = []
    for card in cards:
        frozen = points.sheets[card.sheet].frozen
        if card.sheet not in reported:
            of_county = frozen["facts"][RulingLevel.COUNTY.value]["subjects"]
            reported[card.sheet] = {each["code"]: each["measures"] for each in of_county}
        records = frozen["records"].get(card.subject_code, {})
        for measure, value in reported[card.sheet].get(card.subject_code, {}).items():
            given = measure.partition(".")[0] in (*GIVEN, "score")
            if records.get(measure) and measure in known and not given:
                found.append(Candidate(card, measure, Decimal(value)))
    return found


def key_of(seed: str, name: Name) -> str:
    """What a figure is sorted by, hexadecimal."""
    return sha256("|".join((seed, *name)).encode()).hexdigest()


def drawn(seed: str, names: Collection[Name], size: int) -> list[Name]:
    """The `size` names that `seed` draws of `names`, in the order of their keys."""
    return sorted(names, key=lambda name: (key_of(seed, name), name))[:size]


def draw(
    actor: User,
    snapshot: Snapshot,
    region: Region,
    level: RulingLevel,
    candidates: Sequence[Candidate],
    seed: str,
    size: int,
) -> Sampling:
    """Draw and keep `size` of `candidates`; the caller commits. Raises SamplingError."""
    seed = seed.strip()
    if not seed or len(seed) > SEED_LENGTH:
        raise SamplingError("seed", f"请填写种子，最长 {SEED_LENGTH} 个字。")
    # What anybody who draws again has to type as it is shown.
    if not seed.isprintable() or set(seed) & {"|", " "}:
        raise SamplingError("seed", "种子中不能有空格、“|”和看不见的字符。")
    if not candidates:
        raise SamplingError("size", "没有已上报、有记录支持的指标值可抽。")
    by_name = {each.name: each for each in candidates}
    if not 1 <= size <= len(by_name):
        raise SamplingError("size", f"抽取数须在 1 至 {len(by_name)} 之间。")
    sampling = Sampling(
        year=snapshot.year,
        snapshot=snapshot,
        region=region,
        level=level,
        seed=seed,
        population=len(by_name),
        size=size,
        drawn_by_id=actor.id,
    )
    for place, name in enumerate(drawn(seed, by_name, size), 1):
        each = by_name[name]
        sampling.facts.append(
            SampledFact(
                place=place,
                sheet=name[0],
                subject_code=name[1],
                subject_name=each.card.subject_name,
                measure=name[2],
                reported=each.reported,
                region_id=each.card.region_id,
            )
        )
    db.session.add(sampling)
    db.session.flush()
    return sampling


def note(actor: User, sampling: Sampling, chosen: Collection[int], passed: bool, words: str) -> int:
    """Note what a look at the figures `chosen` (ids) of `sampling` gave; how many they are. Raises
    SamplingError."""
    facts = [fact for fact in sampling.facts if fact.id in chosen]
    if not facts:
        raise SamplingError("", "请先勾选核查过的指标。")
    if not passed and not words.strip():
        raise SamplingError("note", "不合格的须写明问题。")
    for fact in facts:
        fact.checks.append(
            SampleCheck(passed=passed, note=words.strip()[:NOTE_LENGTH], checked_by_id=actor.id)
        )
    db.session.flush()
    return len(facts)


@dataclass(frozen=True)
class Rate:
    """What was drawn of a population, how much of it was looked at, and how much of that passed."""

    drawn: int
    checked: int
    passed: int

    @property
    def share(self) -> Fraction | None:
        """Passed ÷ checked; None where nothing was looked at."""
        return Fraction(self.passed, self.checked) if self.checked else None

    @property
    def words(self) -> str:
        """未抽查 where nothing was drawn, 待核查 where nobody has looked, else both sides of the
        share: 合格 11 / 已核查 12（91.7%）."""
        if not self.drawn:
            return "未抽查"
        share = self.share
        if share is None:
            return "待核查"
        return f"合格 {self.passed} / 已核查 {self.checked}（{float(share):.1%}）"


def rate_of(facts: Iterable[SampledFact]) -> Rate:
    """The rate of figures that were drawn."""
    latest = [fact.latest for fact in facts]
    checked = [check for check in latest if check is not None]
    return Rate(len(latest), len(checked), sum(check.passed for check in checked))


_WITH_FACTS = (
    joinedload(Sampling.region),
    joinedload(Sampling.drawn_by),
    selectinload(Sampling.facts)
    .selectinload(SampledFact.checks)
    .joinedload(SampleCheck.checked_by),
)


def samplings_of(year: int, owner: int | None = None) -> list[Sampling]:
    """All draws of `year` from what `owner` froze, the oldest first: a draw that was not liked
    stays."""
    statement = (
        select(Sampling)
        .join(Sampling.snapshot)
        .where(Sampling.year == year, owned_by(Snapshot.owner_region_id, owner))
        .options(*_WITH_FACTS)
    )
    return list(db.session.scalars(statement.order_by(Sampling.id)))


def get(sampling_id: int) -> Sampling | None:
    """One draw with all that was drawn."""
    statement = select(Sampling).where(Sampling.id == sampling_id).options(*_WITH_FACTS)
    return db.session.scalars(statement).one_or_none()
