"""Regions and the dated list of mountain and island counties."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, RecordMixin, Searchable
from tracker.core.db.codes import LabelledEnum
from tracker.core.provenance.models import Source, SourceKind
from tracker.engine.scoring import MAX_CLASS


class RegionLevel(LabelledEnum):
    """Where a region stands. `OUTSIDE`: a host outside the province, kept without a code;
    `TOWN`: a town or street, by its nine-digit code (市县乡结对)."""

    PROVINCE = "province", "省"
    CITY = "city", "设区市"
    COUNTY = "county", "县（市、区）"
    TOWN = "town", "乡镇（街道）"
    OUTSIDE = "outside", "省外"


class RegionKind(LabelledEnum):
    """What a county is in this work."""

    MOUNTAIN = "mountain", "山区县"
    ISLAND = "island", "海岛县"
    COASTAL_STRONG = "coastal-strong", "沿海强县"
    CITY = "city", "设区市"


class Region(Searchable, RecordMixin, Base):
    """A place, by its GB/T 2260 code where it has one. What was abolished names the place that
    took over its work, and the document that says so."""

    __tablename__ = "regions"
    name_within = ("level", "parent_id", "abolished_on")
    __table_args__ = (
        CheckConstraint(f"level IN ({RegionLevel.sql_values()})", name="level"),
        CheckConstraint(f"kind IN ({RegionKind.sql_values()})", name="kind"),
        CheckConstraint("(level = 'outside') = (code IS NULL)", name="code"),
        CheckConstraint(
            "length(code) = CASE level WHEN 'town' THEN 9 ELSE 6 END", name="code_length"
        ),
        CheckConstraint("successor_id IS NULL OR abolished_on IS NOT NULL", name="successor"),
    )

    code: Mapped[str | None] = mapped_column(String(9), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    level: Mapped[RegionLevel] = mapped_column(Coded(RegionLevel))
    kind: Mapped[RegionKind | None] = mapped_column(Coded(RegionKind))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    abolished_on: Mapped[date | None] = mapped_column(Date)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    succession_source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"))
    note: Mapped[str] = mapped_column(String(400), default="")

    parent: Mapped[Region | None] = relationship(
        remote_side="Region.id", foreign_keys="Region.parent_id"
    )
    successor: Mapped[Region | None] = relationship(
        remote_side="Region.id", foreign_keys="Region.successor_id"
    )
    succession_source: Mapped[Source | None] = relationship(
        foreign_keys="Region.succession_source_id"
    )
    listings: Mapped[list[CountyListing]] = relationship(
        viewonly=True, order_by="CountyListing.joined_on"
    )


class FormerCode(RecordMixin, Base):
    """A code that a place had, with the name that went with it, until the day before `until`."""

    __tablename__ = "former_codes"

    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    code: Mapped[str] = mapped_column(String(9), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    until: Mapped[date | None] = mapped_column(Date)

    region: Mapped[Region] = relationship()


class CountyListing(RecordMixin, Base):
    """A county's time on the list of counties that receive: from `joined_on` until the day before
    `left_on`. An empty `joined_on`: since before the first list kept here. `county_class` is one of
    `known_classes`, "" (未分类) for none."""

    __tablename__ = "county_listings"
    __table_args__ = (
        CheckConstraint("joined_on < left_on", name="joined_before_left"),
        CheckConstraint(f"leaving_source IN ({SourceKind.sql_values()})", name="leaving_source"),
        Index("uq_county_listings_region_id_joined_on", "region_id", "joined_on", unique=True),
    )

    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    county_class: Mapped[str] = mapped_column(String(MAX_CLASS), default="")
    joined_on: Mapped[date | None] = mapped_column(Date)
    left_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(400), default="")
    leaving_source: Mapped[SourceKind | None] = mapped_column(Coded(SourceKind))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"))

    region: Mapped[Region] = relationship()
    source: Mapped[Source | None] = relationship()


class IndustrialListing(RecordMixin, Base):
    """A county's time on the list of 工业大县: from `joined_on` until the day before `left_on`. An
    empty `joined_on`: since before the first list kept here."""

    __tablename__ = "industrial_listings"
    __table_args__ = (
        CheckConstraint("joined_on < left_on", name="joined_before_left"),
        Index("uq_industrial_listings_region_id_joined_on", "region_id", "joined_on", unique=True),
    )

    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    joined_on: Mapped[date | None] = mapped_column(Date)
    left_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(400), default="")
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"))

    region: Mapped[Region] = relationship()
    source: Mapped[Source | None] = relationship()


class PlatformKind(LabelledEnum):
    """What a place on the provincial list is."""

    NEW_AREA = "new_area", "省级新区"
    HIGH_LEVEL_ZONE = "high_level_zone", "省级高能级平台"


class Platform(Searchable, RecordMixin, Base):
    """A new area or high-level zone and its time on the provincial list: from `listed_on` until
    the day before `removed_on`."""

    __tablename__ = "platforms"
    __table_args__ = (
        CheckConstraint(f"kind IN ({PlatformKind.sql_values()})", name="kind"),
        CheckConstraint("listed_on < removed_on", name="listed_before_removed"),
    )

    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[PlatformKind] = mapped_column(Coded(PlatformKind))
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    listed_on: Mapped[date | None] = mapped_column(Date)
    removed_on: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = mapped_column(String(200), default="")

    region: Mapped[Region] = relationship()
