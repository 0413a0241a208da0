"""All that belongs to one county or city, for its page: a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased, joinedload

from tracker.core.db import db
from tracker.core.quantities.days import last_day
from tracker.overview.key.names import key_of
from tracker.overview.listed.published import GDP, INCOMES
from tracker.records.accounts.models import User
from tracker.records.applications.models import Application
from tracker.records.findings.models import Adoption, Finding
from tracker.records.indicators.models import CountyIndicator
from tracker.records.pairings import queries as pairings
from tracker.records.pairings.models import AidGroup, AidGroupMember, Pairing
from tracker.records.parks import queries as parks
from tracker.records.parks.models import Park
from tracker.records.places.models import CountyListing, FormerCode, Region
from tracker.records.places.recoded import former_codes
from tracker.records.projects.models import Project, ProjectStage
from tracker.records.submissions.models import Filing
from tracker.records.villages.models import DemonstrationVillage, Village, VillageIncome
from tracker.web.tables import SOME, Some, some
from tracker.year.procedure.sight import SeenScore, scores


@dataclass(frozen=True)
class Villages:
    """How many villages, how many of them weak (None: nobody has said of any), and what those that
    reported earned by operating in the year, 元."""

    number: int
    weak: int | None
    operating: Decimal | None
    reporting: int


def listings_of(region: Region) -> list[CountyListing]:
    """The county's times on the list of counties that receive."""
    statement = select(CountyListing).where(CountyListing.region_id == region.id)
    return list(
        db.session.scalars(
            statement.options(joinedload(CountyListing.source)).order_by(CountyListing.joined_on)
        )
    )


def pairings_of(regions: Select[int], year: int) -> Some:
    """The pairings that touch `regions`, those that stand on 31 December first."""
    supporter, recipient = aliased(Region), aliased(Region)
    standing = pairings.in_force(last_day(year)).with_only_columns(Pairing.id).order_by(None)
    found = db.session.scalars(
        select(Pairing)
        .where(pairings.touching(regions))
        .join(supporter, supporter.id == Pairing.supporter_id)
        .join(recipient, recipient.id == Pairing.recipient_id)
        .options(joinedload(Pairing.supporter), joinedload(Pairing.recipient))
        .order_by(
            case((Pairing.id.in_(standing), 0), else_=1), recipient.code, supporter.code, Pairing.id
        )
    )
    return some(found.all())


def aid_groups_of(regions: Select[int]) -> list[AidGroup]:
    """The groups that help the counties, with their members."""
    member = joinedload(AidGroup.members)
    return list(
        db.session.scalars(
            select(AidGroup)
            .where(AidGroup.county_id.in_(regions))
            .options(
                member.joinedload(AidGroupMember.organisation),
                member.joinedload(AidGroupMember.region),
            )
            .order_by(AidGroup.id)
        ).unique()
    )


def parks_of(regions: Select[int]) -> Some:
    """The parks that one of `regions` is a side of."""
    found = db.session.scalars(
        select(Park)
        .where(parks.touching(regions))
        .options(joinedload(Park.recipient), joinedload(Park.supporter))
        .order_by(Park.code)
    )
    return some(found.all())


def stages_of(condition: ColumnElement[bool]) -> dict[ProjectStage, int]:
    """How many of the projects stand at each stage."""
    latest_first = [s for s in reversed(ProjectStage) if s is not ProjectStage.PLANNED]
    reached = [(getattr(Project, f"{s.value}_on").is_not(None), s.value) for s in latest_first]
    stage = case(*reached, else_=ProjectStage.PLANNED.value).label("stage")
    counts = dict(
        tuple(row)
        for row in db.session.execute(
            select(stage, func.count()).where(condition).group_by("stage")
        )
    )
    return {s: counts[s.value] for s in ProjectStage if s.value in counts}


def largest_projects(condition: ColumnElement[bool], shown: int = SOME) -> Some:
    """The projects by their planned investment, those of 亿元以上 first; `total` counts those."""
    rows = db.session.scalars(
        select(Project)
        .where(condition)
        .options(joinedload(Project.region))
        .order_by(Project.total_investment.desc().nulls_last(), Project.id)
        .limit(shown)
    ).all()
    large = db.session.scalar(
        select(func.count()).select_from(Project).where(condition, Project.is_large)
    )
    return Some(rows, large or 0)


def villages_of(regions: Select[int], year: int) -> Villages:
    """The villages of the counties with their income of the year."""
    number, weak, told = db.session.execute(
        select(
            func.count(),
            func.sum(case((Village.is_weak.is_(True), 1), else_=0)),
            func.count(Village.is_weak),
        ).where(Village.county_id.in_(regions))
    ).one()
    operating, reporting = db.session.execute(
        select(func.sum(VillageIncome.operating, type_=VillageIncome.operating.type), func.count())
        .join(Village)
        .where(Village.county_id.in_(regions), VillageIncome.year == year)
    ).one()
    return Villages(number, int(weak or 0) if told else None, operating, reporting)


def demonstrations_of(regions: Select[int]) -> Some:
    """The 乡村振兴示范点 of the counties, by code."""
    found = db.session.scalars(
        select(DemonstrationVillage)
        .where(DemonstrationVillage.county_id.in_(regions))
        .order_by(DemonstrationVillage.code)
    )
    return some(found.all())


LATEST = 3  # applications: with all else of a county they print on one sheet


def applications_of(regions: Select[int]) -> Some:
    """What the places applied for, the latest year first."""
    found = db.session.scalars(
        select(Application)
        .where(Application.county_id.in_(regions))
        .order_by(Application.year.desc(), Application.id.desc())
    )
    return some(found.all(), LATEST)


def indicators_of(region: Region) -> Some:
    """The latest year of each indicator, those by which the list is watched first."""
    found: dict[str, CountyIndicator] = {}
    for each in db.session.scalars(
        select(CountyIndicator)
        .where(CountyIndicator.region_id == region.id)
        .order_by(CountyIndicator.indicator, CountyIndicator.year)
    ):
        found[each.indicator] = each
    first = [one.names[0] for one in (GDP, *INCOMES)]

    def watched(each: CountyIndicator) -> int:
        name = key_of(each.indicator)
        return first.index(name) if name in first else len(first)

    return some(sorted(found.values(), key=watched), 10)


def filings_of(region: Region, year: int) -> list[Filing]:
    """What the county had to file for the year, by the day it was due."""
    statement = select(Filing).where(Filing.region_id == region.id, Filing.year == year)
    return list(db.session.scalars(statement.order_by(Filing.due_on, Filing.id)))


def findings_of(regions: Select[int]) -> Some:
    """What was found against the counties, the latest first."""
    found = db.session.scalars(
        select(Finding)
        .where(Finding.region_id.in_(regions))
        .order_by(Finding.found_on.desc(), Finding.id)
    )
    return some(found.all(), 3)


def adoptions_of(regions: Select[int]) -> Some:
    """What higher levels took up from the counties, the latest first."""
    found = db.session.scalars(
        select(Adoption)
        .where(Adoption.region_id.in_(regions))
        .order_by(Adoption.adopted_on.desc(), Adoption.id)
    )
    return some(found.all(), 3)


@dataclass(frozen=True)
class Predecessor:
    """A place whose work was taken over, as it was then: its pairs and its cards, which no figure
    of the present place contains."""

    place: Region
    pairings: Some
    scores: Sequence[SeenScore]


def predecessor(place: Region, user: User) -> Predecessor:
    """What the page of the present place says of `place`."""
    assert place.abolished_on is not None
    assert place.code is not None
    year = place.abolished_on.year
    return Predecessor(
        place,
        pairings_of(select(Region.id).where(Region.id == place.id), year),
        scores(user, place.code, *former_codes(place)),
    )


def names_before(region: Region) -> Sequence[FormerCode]:
    """The names and codes that the place itself had before, the latest first."""
    statement = select(FormerCode).where(FormerCode.region_id == region.id)
    return db.session.scalars(statement.order_by(FormerCode.id.desc())).all()
