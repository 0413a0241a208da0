"""Trials of the running year, apart from the snapshots of its assessment."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from tracker.core.db import Base, Scaled, UtcDateTime
from tracker.records.accounts.owners import whose_words
from tracker.records.places.models import Region


class Trial(Base):
    """What a running year would give by the facts of one moment (试算): the last one of each month,
    by the province's rulebooks or by those of the city `owner_region_id` for its own counties
    (市考县).

    It stands in a table of its own, so that nothing that asks for a year's snapshot can meet one:
    no paper is made of it, nothing is issued, and no year rests on it. A later one of the same
    month replaces it.
    """

    __tablename__ = "trials"
    __table_args__ = (
        Index(
            "uq_trials_month",
            "year",
            "month",
            unique=True,
            sqlite_where=text("owner_region_id IS NULL"),
            postgresql_where=text("owner_region_id IS NULL"),
        ),
        Index("uq_trials_owner_month", "owner_region_id", "year", "month", unique=True),
        CheckConstraint("rulebook_year <= year", name="rulebook_year"),
        CheckConstraint("length(facts_sha256) = 64", name="facts_sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    month: Mapped[date]
    owner_region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    rulebook_year: Mapped[int]
    engine: Mapped[str] = mapped_column(String(20))
    facts_sha256: Mapped[str] = mapped_column(String(64))

    owner_region: Mapped[Region | None] = relationship()
    cards: Mapped[list[TrialCard]] = relationship(
        back_populates="trial", cascade="all, delete-orphan"
    )

    @property
    def whose(self) -> str:
        """Whose rulebooks it goes by, before what is said of it: "" of the province's."""
        return f"{whose_words(self.owner_region.name)} " if self.owner_region else ""

    @property
    def borrowed(self) -> bool:
        """Whether the rulebooks are those of a year before, since the year has none yet."""
        return self.rulebook_year != self.year


class TrialCard(Base):
    """What one county or city would have. Points in 分. `best_at` is the total from which the
    best grade is given, `best_quota` whether it is given to a part of the class alone; `lines`
    its lines in the order of the sheet, as JSON."""

    __tablename__ = "trial_cards"
    __table_args__ = (
        Index("uq_trial_cards_subject", "trial_id", "sheet", "subject_code", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    trial_id: Mapped[int] = mapped_column(ForeignKey("trials.id"))
    sheet: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(60))
    subject_code: Mapped[str] = mapped_column(String(60))
    subject_name: Mapped[str] = mapped_column(String(200))
    county_class: Mapped[str] = mapped_column(String(40), default="")
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    total: Mapped[Decimal] = mapped_column(Scaled(6))
    rank: Mapped[int | None]
    complete: Mapped[bool]
    unscorable: Mapped[int] = mapped_column(default=0)
    best_grade: Mapped[str] = mapped_column(String(20))
    best_at: Mapped[Decimal] = mapped_column(Scaled(6))
    best_quota: Mapped[bool]
    content: Mapped[str] = deferred(mapped_column(Text, nullable=False))

    trial: Mapped[Trial] = relationship(back_populates="cards")
    region: Mapped[Region] = relationship()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each line: code, group, name, kind, state, points, award (decimal strings) and words."""
        return json.loads(self.content)
