"""What the sample hangs on: counties, pairs, enclaves, parks and villages, as they stand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tracker.core.db import db
from tracker.core.quantities.days import first_day, last_day
from tracker.exchange.sampledata.rows import Rows
from tracker.records.enclaves.models import Direction, Enclave, EnclaveKind
from tracker.records.pairings.models import Pairing
from tracker.records.pairings.queries import in_force
from tracker.records.parks.models import Park
from tracker.records.places.models import CountyListing, Region
from tracker.records.villages.models import DemonstrationVillage, Village

YEARS = range(2023, 2026)
INVENTED = "3399"  # no city of Zhejiang has this code
INVENTED_CITY = f"{INVENTED}00"
INVENTED_COUNTY = f"{INVENTED}01"
INVENTED_SUPPORTER = f"{INVENTED}02"
LEAPFROG = "跨越发展类"


@dataclass(frozen=True)
class Scene:
    """One load's view of the database; read once, after the invented places are there."""

    seed: int
    rows: Rows = field(default_factory=Rows)

    @cached_property
    def regions(self) -> dict[int, Region]:
        """All regions by id."""
        return {region.id: region for region in db.session.scalars(select(Region))}

    @cached_property
    def listings(self) -> list[CountyListing]:
        """The list of counties that receive, by code."""
        statement = select(CountyListing).join(Region).order_by(Region.code)
        return list(db.session.scalars(statement))

    def counties(self, year: int) -> list[Region]:
        """Counties that get a sheet for `year`: listed at its end, or until some day in it."""
        return [
            self.regions[listing.region_id]
            for listing in self.listings
            if (listing.joined_on or date.min) <= last_day(year)
            and (listing.left_on or date.max) >= first_day(year)
        ]

    @cached_property
    def ever_listed(self) -> list[Region]:
        """Counties that get a sheet for any of YEARS, by code."""
        found = {county.code: county for year in YEARS for county in self.counties(year)}
        return [found[code] for code in sorted(found, key=lambda code: code or "")]

    @cached_property
    def _in_force(self) -> dict[int, list[Pairing]]:
        return {}

    def members(self, year: int) -> list[Region]:
        """Of those ever listed: the counties that had joined the list by the end of `year`. One
        that left it goes on reporting."""
        late = {
            listing.region_id
            for listing in self.listings
            if (listing.joined_on or date.min) > last_day(year)
        }
        return [county for county in self.ever_listed if county.id not in late]

    @cached_property
    def receivers(self) -> list[Region]:
        """Counties ever listed, and cities that have an enclave or a park of their own."""
        homes = [self.home(enclave) for enclave in self.enclaves]
        places = [*self.ever_listed, *homes, *(self.regions[p.recipient_id] for p in self.parks)]
        found = {place.code: place for place in places if place.code}
        return [found[code] for code in sorted(found, key=lambda code: code or "")]

    def pairs(self, year: int) -> list[Pairing]:
        """The pairings in force at the end of `year`."""
        if year not in self._in_force:
            self._in_force[year] = list(db.session.scalars(in_force(last_day(year))))
        return self._in_force[year]

    def pairs_of(self, county: Region, year: int) -> list[Pairing]:
        """The pairings of one county; those of the nearest of YEARS for another year."""
        near = min(max(year, YEARS[0]), YEARS[-1])
        return [pair for pair in self.pairs(near) if pair.recipient_id == county.id]

    @cached_property
    def enclaves(self) -> list[Enclave]:
        """Enclaves whose kind is known, by code, with their return terms."""
        return list(
            db.session.scalars(
                select(Enclave)
                .where(Enclave.kind.is_not(None))
                .options(selectinload(Enclave.return_terms))
                .order_by(Enclave.code)
            )
        )

    def home(self, enclave: Enclave) -> Region:
        """The county that an enclave is for: where it comes from, or where an inbound one lies."""
        inbound = enclave.direction is Direction.INBOUND
        return self.regions[enclave.host_id if inbound else enclave.origin_id]

    def sites(self, year: int, *kinds: EnclaveKind) -> list[Enclave]:
        """Enclaves that are of one of `kinds` at the end of `year` and there by then."""
        last = last_day(year)
        return [
            enclave
            for enclave in self.enclaves
            if enclave.kind_on(last) in kinds
            and (enclave.development_since or date.min) <= last
            and (enclave.signed_on or date.min) <= last
            and (enclave.closed_on or date.max) >= first_day(year)
        ]

    @cached_property
    def parks(self) -> list[Park]:
        """All parks, by code."""
        return list(db.session.scalars(select(Park).order_by(Park.code)))

    @cached_property
    def villages(self) -> dict[int, list[Village]]:
        """The invented villages by their county, by code."""
        found = defaultdict(list)
        statement = select(Village).where(Village.code.like("______999___"))
        for village in db.session.scalars(statement.order_by(Village.code)):
            found[village.county_id].append(village)
        return found

    @cached_property
    def demonstrations(self) -> list[DemonstrationVillage]:
        """The sample's demonstration villages, by code."""
        statement = select(DemonstrationVillage).where(DemonstrationVillage.code.like("SL-%"))
        return list(db.session.scalars(statement.order_by(DemonstrationVillage.code)))

    def is_invented(self, region_id: int) -> bool:
        """Whether a region exists in the sample alone; adverse things happen only there."""
        return (self.regions[region_id].code or "").startswith(INVENTED)

    def is_adverse(self, enclave: Enclave | Park) -> bool:
        """Whether an enclave or a park belongs to the invented county."""
        if isinstance(enclave, Park):
            return self.is_invented(enclave.recipient_id)
        return self.is_invented(self.home(enclave).id)
