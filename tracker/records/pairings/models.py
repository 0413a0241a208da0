"""Pairings (结对关系) and the published pages that speak of them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, RecordMixin
from tracker.core.db.checks import exactly_one
from tracker.core.db.codes import LabelledEnum
from tracker.core.provenance.models import Source
from tracker.records.accounts.models import Organisation
from tracker.records.places.models import Region


class Scheme(LabelledEnum):
    """Under which scheme two places are paired."""

    SHANHAI = "shanhai", "山海协作"
    OLD_BASE = "old_base", "革命老区对口合作"
    WITHIN_CITY = "within_city", "市域内结对"
    INNER_CITY = "inner_city", "内对市"


class PairingRound(RecordMixin, Base):
    """A round in which the province, or a city, settled who helps whom, under a scheme."""

    __tablename__ = "pairing_rounds"
    __table_args__ = (CheckConstraint(f"scheme IN ({Scheme.sql_values()})", name="scheme"),)

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    scheme: Mapped[Scheme] = mapped_column(Coded(Scheme), default=Scheme.SHANHAI)
    starts_on: Mapped[date] = mapped_column(Date)


class Pairing(RecordMixin, Base):
    """A supporter and a recipient under a scheme; many-to-many.

    Open-ended: it stands until its own `until`, or until a later round of its scheme names other
    supporters for the recipient and not this one (see `queries.in_force`).
    """

    __tablename__ = "pairings"
    __table_args__ = (
        CheckConstraint("supporter_id <> recipient_id", name="two_sides"),
        CheckConstraint(f"scheme IN ({Scheme.sql_values()})", name="scheme"),
        CheckConstraint("since <= until", name="since_before_until"),
        Index("uq_pairings_sides", "supporter_id", "recipient_id", "scheme", unique=True),
    )

    supporter_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    scheme: Mapped[Scheme] = mapped_column(Coded(Scheme), default=Scheme.SHANHAI)
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)

    supporter: Mapped[Region] = relationship(foreign_keys=[supporter_id])
    recipient: Mapped[Region] = relationship(foreign_keys=[recipient_id])
    citations: Mapped[list[PairingCitation]] = relationship(
        back_populates="pairing", order_by="PairingCitation.id", cascade="all, delete-orphan"
    )


class PairingCitation(Base):
    """What one page says of a pairing: its round, its first and last year, in its words."""

    __tablename__ = "pairing_citations"

    id: Mapped[int] = mapped_column(primary_key=True)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("pairing_rounds.id"), index=True)
    start_year: Mapped[int | None]
    end_year: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(400), default="")
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))

    pairing: Mapped[Pairing] = relationship(back_populates="citations")
    round: Mapped[PairingRound | None] = relationship()
    source: Mapped[Source] = relationship()


class AidGroup(RecordMixin, Base):
    """A 帮共体 (结对帮扶团组): those who together help one county, for a time."""

    __tablename__ = "aid_groups"
    __table_args__ = (CheckConstraint("since <= until", name="since_before_until"),)

    name: Mapped[str] = mapped_column(String(120))
    county_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)

    county: Mapped[Region] = relationship()
    members: Mapped[list[AidGroupMember]] = relationship(
        back_populates="group", order_by="AidGroupMember.id"
    )


class AidGroupMember(RecordMixin, Base):
    """A member of a group: an organisation, or a strong county itself."""

    __tablename__ = "aid_group_members"
    __table_args__ = (
        CheckConstraint(exactly_one("organisation_id", "region_id"), name="one_member"),
        CheckConstraint("since <= until", name="since_before_until"),
        Index("uq_aid_group_members_organisation", "group_id", "organisation_id", unique=True),
        Index("uq_aid_group_members_region", "group_id", "region_id", unique=True),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("aid_groups.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    is_lead: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)

    group: Mapped[AidGroup] = relationship(back_populates="members")
    organisation: Mapped[Organisation | None] = relationship()
    region: Mapped[Region | None] = relationship()
