"""Pairings (结对关系) and the published pages that speak of them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import RecordMixin, db
from tracker.provenance.models import Source
from tracker.regions.models import Region


class Pairing(RecordMixin, db.Model):
    """A supporter and a recipient; many-to-many. Open-ended until a later round ends it."""

    __tablename__ = "pairings"
    __table_args__ = (
        CheckConstraint("supporter_id <> recipient_id", name="two_sides"),
        CheckConstraint(
            "since IS NULL OR until IS NULL OR since <= until", name="since_before_until"
        ),
        Index("uq_pairings_supporter_id_recipient_id", "supporter_id", "recipient_id", unique=True),
    )

    supporter_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)

    supporter: Mapped[Region] = relationship(foreign_keys=[supporter_id])
    recipient: Mapped[Region] = relationship(foreign_keys=[recipient_id])
    citations: Mapped[list[PairingCitation]] = relationship(
        back_populates="pairing", order_by="PairingCitation.id", cascade="all, delete-orphan"
    )


class PairingCitation(db.Model):
    """What one page says of a pairing: its round, its first and last year, in its words."""

    __tablename__ = "pairing_citations"

    id: Mapped[int] = mapped_column(primary_key=True)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"), index=True)
    round: Mapped[str] = mapped_column(String(20), default="")
    start_year: Mapped[int | None]
    end_year: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(400), default="")
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))

    pairing: Mapped[Pairing] = relationship(back_populates="citations")
    source: Mapped[Source] = relationship()
