"""Random worlds at the edges: days at the turn of years, reversals and drafts, twins by name,
postings over two years, dated lists with two rows a year, what is not signed, nought, not known."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests import factories as f
from tests import factories_acts as acts
from tests.factories import wan
from tracker.core.db import db
from tracker.records.enclaves.agreements import DocumentKind, SpaceKind, SpaceStep
from tracker.records.enclaves.models import CapitalBase, Direction, Enclave, EnclaveKind, TermKind
from tracker.records.exchanges.models import Side, TrainingPurpose
from tracker.records.findings.models import FindingKind, Level
from tracker.records.ledger.models import (
    DEMONSTRATION_KINDS,
    DUE_KINDS,
    ENCLAVE_KINDS,
    PAIRING_KINDS,
    PARK_KINDS,
    PROJECT_KINDS,
    EntryKind,
    LedgerEntry,
)
from tracker.records.operations.items import Item
from tracker.records.pairings.models import Scheme
from tracker.records.parks.models import Park, ParkKind
from tracker.records.places.models import Region, RegionKind, RegionLevel
from tracker.records.projects.models import PartnerView, Project, ProjectCategory, SourceSide
from tracker.records.submissions.models import FilingKind

YEAR = 2024
EDGES = [
    date(2020, 12, 31),
    date(2021, 1, 1),
    date(2022, 7, 1),
    date(2023, 1, 1),
    date(2023, 6, 30),
    date(2023, 7, 3),
    date(2023, 12, 31),
    date(2024, 1, 1),
    date(2024, 2, 29),
    date(2024, 6, 30),
    date(2024, 7, 1),
    date(2024, 7, 2),
    date(2024, 12, 31),
    date(2025, 1, 1),
    date(2025, 3, 31),
]
PERSONS = ["王伟", "李 娜", "王 伟"]
POSTS = ["示例局科长", "示例局 科长", ""]
CLASSES = ["跨越发展类", "生态发展类", ""]


class Chance:
    """Choices of a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def day(self) -> date:
        day = self.random.choice(EDGES)
        return day if self.random.random() < 0.8 else day + timedelta(self.random.randint(-9, 9))

    def of(self, options: Iterable):
        return self.random.choice(list(options))

    def maybe(self, value, chance: float = 0.6):
        """`value`, or nothing."""
        return value if self.random.random() < chance else None

    def yes(self, chance: float = 0.5) -> bool:
        return self.random.random() < chance

    def known(self) -> bool | None:
        """Yes, no, or nobody says."""
        return self.random.choice([True, False, None])

    def rising(self, *names: str, chance: float = 0.6) -> dict[str, date]:
        """Days for some of `names`, in their order."""
        kept = [name for name in names if self.yes(chance)]
        return dict(zip(kept, sorted(self.day() for _ in kept), strict=True))

    def span(self, first: str, last: str, open_start: bool = True) -> dict[str, date | None]:
        a, b = sorted((self.day(), self.day()))
        if a == b:
            b += timedelta(1)
        return {
            first: self.maybe(a, 0.8) if open_start else a,
            last: self.maybe(b, 0.6),
        }

    def amount(self) -> Decimal:
        """元, from a 分 up."""
        return self.random.choice(
            [Decimal("0.01"), Decimal("333.33"), wan(1), wan("12.345"), wan(10_000), wan(20_000)]
        )


@contextmanager
def _together() -> Iterator[None]:
    """What is added is not sent to the database one by one."""

    def later(record):
        db.session.add(record)
        return record

    with pytest.MonkeyPatch.context() as patch, db.session.no_autoflush:
        patch.setattr(f, "add", later)
        patch.setattr(acts, "add", later)
        yield
    db.session.flush()


def world(seed: int) -> None:
    """Add a world to the session."""
    with _together():
        _fill(Chance(seed))


def _fill(chance: Chance) -> None:
    places = _places(chance)
    pairs = _pairs(chance, places)
    enclaves = _enclaves(chance, places)
    parks = _parks(chance, places)
    villages, sites = _villages(chance, places, pairs)
    projects = _projects(chance, places, pairs, enclaves, parks, sites)
    _terms(chance, enclaves)
    for site in enclaves:
        for village in chance.random.sample(villages, min(len(villages), chance.of([0, 0, 2]))):
            f.stake(site, village, **chance.span("joined_on", "left_on"))
    _agreements(chance, enclaves)
    _acts(chance, pairs, parks, sites)
    _figures(chance, enclaves, parks)
    _filings(chance, [*places, *enclaves])
    _set_above(chance, places, enclaves, parks, pairs)
    db.session.flush()
    rebates = _ledger(chance, enclaves, parks, pairs, sites, projects)
    _split(chance, rebates, villages)


def _places(chance: Chance) -> list[Region]:
    """Counties of two cities, abolished ones among them; the last has nothing at all."""
    province = f.region("330000", "浙江省", level=RegionLevel.PROVINCE)
    cities = [
        f.region("331100", "丽水市", province, level=RegionLevel.CITY),
        f.region("330100", "杭州市", province, level=RegionLevel.CITY),
    ]
    places = [
        f.region(
            f"33112{number}",
            f"示例{number}县",
            chance.of(cities),
            kind=RegionKind.MOUNTAIN if number < 5 else RegionKind.COASTAL_STRONG,
            abolished_on=chance.maybe(chance.day(), 0.2),
        )
        for number in range(1, 10)
    ]
    for place in places[:-1]:
        # Two rows a year where a county goes from one class to the other.
        if chance.yes(0.7):
            turn = chance.of([date(2024, 7, 1), date(2024, 1, 1), date(2024, 12, 31)])
            f.listing(
                place,
                chance.of(CLASSES),
                joined_on=chance.maybe(date(2021, 1, 1)),
                left_on=turn if chance.yes() else chance.maybe(date(2025, 1, 1)),
            )
            if chance.yes():
                f.listing(
                    place,
                    chance.of(CLASSES),
                    joined_on=turn if chance.yes(0.7) else date(2024, 9, 1),
                    left_on=chance.maybe(date(2025, 1, 1), 0.3),
                )
        if chance.yes(0.6):
            f.industrial_listing(place, **chance.span("joined_on", "left_on"))
    return places


def _pairs(chance: Chance, places: list[Region]) -> list:
    rounds = [
        f.pairing_round(scheme=scheme, starts_on=starts)
        for scheme in (Scheme.SHANHAI, Scheme.OLD_BASE)
        for starts in (date(2018, 1, 1), date(2024, 1, 1), date(2024, 7, 1))
    ]
    source = f.source()
    pairs = []
    sides = [chance.random.sample(two, 2) for two in itertools.combinations(places[:-1], 2)]
    for supporter, recipient in chance.random.sample(sides, 9):
        for scheme in {Scheme.SHANHAI, chance.of(Scheme)}:
            pair = f.pairing(supporter, recipient, scheme=scheme, **chance.span("since", "until"))
            for in_round in rounds:
                if chance.yes(0.25):
                    f.citation(pair, source, round=in_round)
            pairs.append(pair)
    return pairs


def _enclaves(chance: Chance, places: list[Region]) -> list[Enclave]:
    platforms = [
        f.platform(
            places[0],
            listed_on=chance.maybe(date(2021, 1, 1)),
            removed_on=chance.maybe(chance.of([date(2024, 12, 31), date(2025, 1, 1)])),
        )
        for _ in range(3)
    ]
    db.session.flush()
    found = []
    for _ in range(14):
        origin, host = chance.random.sample(places[:-1], 2)
        kind = chance.of([*EnclaveKind, EnclaveKind.INCOME, None])
        since = chance.maybe(
            chance.of([date(2025, 1, 1), date(2025, 7, 1), date(2025, 12, 31)]), 0.3
        )
        if kind is EnclaveKind.DEVELOPMENT:
            since = since or date(2025, 1, 1)
        total = chance.maybe(chance.of([wan(1_000), wan("333.33"), wan(12_000)]), 0.8)
        found.append(
            f.enclave(
                origin,
                host,
                kind,
                development_since=since,
                direction=chance.of(Direction),
                **chance.rising(
                    "signed_on",
                    "started_on",
                    "completed_on",
                    "in_use_on",
                    *(["closed_on"] if chance.yes(0.3) else []),
                ),
                area_mu=chance.maybe(Decimal(1500)),
                total_capital=total,
                village_capital=chance.maybe(
                    total and total / 2 if total != wan("333.33") else total
                ),
                villages=chance.maybe(chance.of([0, 3]), 0.7),
                has_share_list=chance.known(),
                has_return_clause=chance.known(),
                has_fund_ledger=chance.known(),
                has_village_disclosure=chance.known(),
                platform_id=chance.maybe(chance.of(platforms).id),
            )
        )
    return found


def _parks(chance: Chance, places: list[Region]) -> list[Park]:
    return [
        f.park(
            *chance.random.sample(places[:-1], 2),
            kind=chance.of(ParkKind),
            ten_billion_on=chance.maybe(chance.day(), 0.3),
            **chance.rising(
                "signed_on", "approved_on", *(["closed_on"] if chance.yes(0.3) else [])
            ),
        )
        for _ in range(10)
    ]


def _villages(chance: Chance, places: list[Region], pairs: list) -> tuple[list, list]:
    villages = [
        f.village(place, is_weak=chance.known())
        for place in places[:5]
        for _ in range(chance.of([0, 1, 3]))
    ]
    for village in villages:
        for year in (2023, 2024):
            if chance.yes(0.8):
                f.village_income(village, year, chance.of([0, "499999.99", 500_000, 800_000]))
    sites = [
        f.demonstration_village(
            place,
            village=chance.maybe(chance.of([v for v in villages if v.county is place] or [None])),
            acceptance_year=chance.maybe(chance.of([2023, 2024, 2025])),
            low_income_households=chance.maybe(chance.of([0, 20])),
            has_fund_ledger=chance.known(),
            has_village_disclosure=chance.known(),
            **chance.rising("applied_on", "approved_on", "accepted_on"),
        )
        for place in places[:4]
        for _ in range(chance.of([0, 1, 2]))
    ]
    return villages, sites


def _projects(chance, places, pairs, enclaves, parks, sites) -> list[Project]:
    found = []
    for _ in range(70):
        place = chance.of(places[:-1])
        days = chance.rising(
            "planned_on",
            "negotiated_on",
            "signed_on",
            "started_on",
            *chance.of([["completed_on"], ["in_production_on"], []]),
        )
        if chance.yes(0.25):
            days["terminated_on"] = max([chance.day(), *days.values()])
        incubated = chance.maybe(chance.of(enclaves), 0.25)
        if incubated is not None and chance.yes(0.8):
            place = incubated.origin_region
        partner = chance.of([other for other in places[:-1] if other is not place])
        found.append(
            f.project(
                place,
                pairing=chance.maybe(chance.of(pairs), 0.4),
                partner=chance.maybe(partner, 0.5),
                partner_view=chance.of([PartnerView.PENDING, PartnerView.CONFIRMED]),
                enclave=chance.maybe(chance.of(enclaves), 0.5),
                park=chance.maybe(chance.of(parks), 0.5),
                demonstration_village=chance.maybe(chance.of(sites), 0.3) if sites else None,
                incubated_in=incubated,
                category=chance.of(
                    [*ProjectCategory, ProjectCategory.INDUSTRY, ProjectCategory.INDUSTRY]
                ),
                in_scope=chance.of([True, True, False, None]),
                is_chain=chance.of([True, True, False, None]),
                is_leading_industry=chance.known(),
                source_side=chance.maybe(chance.of(SourceSide), 0.8),
                total_investment=chance.maybe(
                    chance.of([wan("9999.99"), wan(10_000), wan(50_000)]), 0.9
                ),
                **days,
            )
        )
    return found


def _terms(chance: Chance, enclaves: list[Enclave]) -> None:
    """Spans that follow one another, leave gaps, or run beside each other; one minimum at most."""
    for site in enclaves:
        floored = False
        for _ in range(chance.of([0, 1, 2, 3])):
            kind = chance.of(TermKind)
            if kind is TermKind.GUARANTEED_MINIMUM and floored:
                continue
            floored = floored or kind is TermKind.GUARANTEED_MINIMUM
            summed = kind in (TermKind.FIXED_SUM, TermKind.GUARANTEED_MINIMUM)
            f.term(
                site,
                kind,
                rate=None if summed else chance.of([Decimal("0.1"), Decimal("0.0825")]),
                capital_base=chance.of(CapitalBase) if kind is TermKind.RATE_ON_CAPITAL else None,
                amount=chance.of([wan(100), wan("33.3333")]) if summed else None,
                confirmed_at=chance.maybe(f.SUBMITTED, 0.8),
                **chance.span("starts_on", "ends_on"),
            )


def _agreements(chance: Chance, enclaves: list[Enclave]) -> None:
    for site in enclaves:
        for _ in range(chance.of([0, 2, 4])):
            step = chance.of(SpaceStep)
            day = chance.day()
            f.space(
                site,
                chance.of([100, "0.5"]),
                chance.of(SpaceKind),
                step,
                day,
                due_on=chance.maybe(chance.day()) if step is SpaceStep.AGREED else None,
                confirmed_at=chance.maybe(f.SUBMITTED, 0.8) if step is SpaceStep.AGREED else None,
            )
        for number in range(chance.of([0, 1, 3])):
            f.tenant(
                site,
                name=chance.of([f"示例甲公司{number}", "示例乙公司", "示例（乙）公司"]),
                credit_code=chance.maybe(chance.of(["91330000MA27U0000A", "91330000MA27U0001X"]))
                or "",
                **chance.rising("moved_in_on", "moved_out_on"),
            )
        if chance.yes(0.3):
            continue
        agreement = f.agreement(
            site,
            building_mode=chance.of(["自建", ""]),
            duties=chance.of(["各司其职", ""]),
            ends_on=chance.maybe(date(2030, 12, 31)),
            origin_cost_share=chance.maybe(Decimal("0.6"), 0.3),
            host_cost_share=chance.maybe(Decimal("0.4"), 0.3),
            operator=chance.of(["示例运营公司", ""]),
            full_time_staff=chance.maybe(chance.of([0, 2])),
        )
        for _ in range(chance.of([0, 1, 2])):
            f.agreement_document(
                agreement, chance.of(DocumentKind), signed_on=chance.maybe(chance.day())
            )
        if chance.yes():
            f.tax_split(
                agreement, 2023, "0.3", to_year=2023, confirmed_at=chance.maybe(f.SUBMITTED, 0.8)
            )
            if chance.yes():
                f.tax_split(agreement, chance.of([2024, 2025]), "0.55555555")


def _acts(chance: Chance, pairs: list, parks: list[Park], sites: list) -> None:
    for pair in pairs:
        for _ in range(chance.of([0, 2, 4])):
            acts.visit(pair, chance.day(), chance.of(Side))
            acts.joint_meeting(pair, chance.day()) if chance.yes() else None
            acts.secondment(
                pair,
                sent_by=chance.of([Side.SUPPORTER, Side.SUPPORTER, Side.RECIPIENT]),
                person=chance.of(PERSONS),
                from_post=chance.of(POSTS),
                **chance.span("starts_on", "ends_on", open_start=False),
            )
            acts.specialist_posting(pair, chance.of([1, 5]), starts_on=chance.day())
            acts.training(pair, chance.of([1, 30]), chance.of(TrainingPurpose), chance.day())
            acts.institution_pair(pair, **chance.span("signed_on", "ends_on", open_start=False))
            acts.consumption_aid(
                pair,
                chance.amount(),
                chance.day(),
                park=chance.maybe(chance.of(parks)),
                demonstration_village=chance.maybe(chance.of(sites)) if sites else None,
            )
            acts.joint_event(pair, chance.day(), park=chance.maybe(chance.of(parks), 0.8))


def _figures(chance: Chance, enclaves: list, parks: list) -> None:
    for site in [*enclaves, *parks]:
        for item in Item:
            for year, quarter in itertools.product((2023, 2024), range(1, 5)):
                if chance.yes(0.35):
                    value = chance.of([0, 1, 3, 70])
                    f.operating_figure(site, item, value, year, quarter)


def _filings(chance: Chance, subjects: list) -> None:
    for subject in subjects:
        for year in (2023, 2024):
            for kind in FilingKind:
                if chance.yes(0.25):
                    continue
                due = chance.of([date(year, 10, 10), date(year + 1, 1, 10), date(2090, 1, 10)])
                if kind is FilingKind.PLAN and not isinstance(subject, Region):
                    continue
                # The last and the first moment of a day in China, and none at all.
                last = datetime(due.year, due.month, due.day, 15, 59, 59, tzinfo=UTC)
                filed = chance.of([last, last + timedelta(seconds=1), None])
                filed = (
                    filed
                    if filed is None or filed.year < 2090
                    else datetime(2024, 1, 1, tzinfo=UTC)
                )
                acts.filing(subject, year, kind, due_on=due, filed_at=filed)


def _set_above(chance: Chance, places, enclaves, parks, pairs) -> None:
    for subject in [*places[:-1], *enclaves, *parks]:
        for _ in range(chance.of([0, 2, 4])):
            kind = chance.of(FindingKind)
            found = chance.day()
            sampled = kind is FindingKind.SAMPLING
            acts.finding(
                subject,
                kind,
                chance.of(Level),
                found_on=found,
                pass_rate=chance.of([Decimal(0), Decimal("0.95"), Decimal("0.33333333")])
                if sampled
                else None,
                measure=chance.of(["training.placed", "support.training", "cadres.posted", ""])
                if sampled
                else "",
                withdrawn_on=chance.maybe(found + timedelta(chance.of([0, 400])), 0.3),
            )
    for place in places[:-1]:
        for _ in range(chance.of([0, 3])):
            acts.adoption(
                place,
                chance.of(Level),
                adopted_on=chance.day(),
                title=chance.of(["甲经验", "甲 经验", "乙经验"]),
            )
        for year in (2023, 2024):
            if chance.yes():
                f.target(place, year, "goal.village_income_share", chance.of(["0.55", "0"]))
            if chance.yes(0.3):
                f.target(
                    place, year, "support.aid_paid", 100, due_on=chance.maybe(date(year, 6, 30))
                )
    for pair in pairs:
        if chance.yes(0.3):
            f.target(pair, 2024, "support.aid_paid", 100, due_on=chance.maybe(date(2024, 7, 1)))
    for site in enclaves:
        for name in (
            "goal.per_village",
            "goal.tax_per_mu",
            "goal.added_value_per_mu",
            "goal.floor_usable",
        ):
            if chance.yes(0.4):
                f.target(site, 2024, name, chance.of([0, 5]))
    for park in parks:
        for name in ("goal.park_tax_per_mu", "goal.park_added_value_per_mu"):
            if chance.yes(0.4):
                f.target(park, 2024, name, 5)


def _ledger(chance: Chance, enclaves, parks, pairs, sites, projects) -> list[LedgerEntry]:
    rebates, undone = [], []
    subjects = (
        *((site, ENCLAVE_KINDS, 14) for site in enclaves),
        *((park, PARK_KINDS, 4) for park in parks),
        *((pair, PAIRING_KINDS, 4) for pair in pairs),
        *((site, DEMONSTRATION_KINDS, 3) for site in sites),
        *((project, PROJECT_KINDS, 3) for project in projects),
    )
    for subject, kinds, most in subjects:
        for _ in range(chance.random.randint(0, most)):
            kind = chance.of(kinds)
            entry = f.entry(
                subject,
                kind,
                chance.amount(),
                chance.day(),
                cumulative=chance.yes(0.08),
                due_on=chance.maybe(chance.day()) if kind in DUE_KINDS else None,
                villages=chance.maybe(chance.of([0, 2, 40])) if kind is EntryKind.REBATE else None,
                **({"submitted_at": None} if chance.yes(0.12) else {}),
            )
            if entry.submitted_at is not None and chance.yes(0.12):
                undone.append(entry)
            elif kind is EntryKind.REBATE:
                rebates.append(entry)
    db.session.flush()
    for entry in undone:
        db.session.add(reversal_of(entry))
    return rebates


def reversal_of(entry: LedgerEntry) -> LedgerEntry:
    """The mirror of an entry, as the ledger's own act makes it."""
    kept = (
        "project_id",
        "enclave_id",
        "park_id",
        "pairing_id",
        "demonstration_village_id",
        "kind",
        "occurred_on",
        "period_from",
        "cumulative",
        "purpose",
        "due_on",
        "villages",
        "precision",
        "submitted_at",
    )
    fields = {name: getattr(entry, name) for name in kept}
    return LedgerEntry(**fields, amount=-entry.amount, reversal_of_id=entry.id)


def _split(chance: Chance, rebates: list[LedgerEntry], villages: list) -> None:
    for entry in rebates:
        if len(villages) >= 2 and chance.yes(0.4) and entry.amount > 1:
            half = (entry.amount / 2).quantize(Decimal("0.01"))
            whole = chance.yes()
            chosen = chance.random.sample(villages, 2)
            f.village_payment(entry, chosen[0], half)
            if whole:
                f.village_payment(entry, chosen[1], entry.amount - half)
