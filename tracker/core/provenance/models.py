"""Sources, and what each says of a field: the adopted value and those that differ from it."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, Precision
from tracker.core.db.checks import exactly_one
from tracker.core.db.codes import LabelledEnum


class SourceKind(LabelledEnum):
    """How near a source is to the office that knows; declared from best to worst."""

    OFFICIAL = "official", "官方网站"
    PRESS = "press", "新闻媒体"
    COPY = "copy", "转载待核"

    @property
    def rank(self) -> int:
        """0 for the best kind."""
        return list(SourceKind).index(self)


class Source(Base):
    """A published page. A copy has no address: it was not read at its publisher's."""

    __tablename__ = "sources"
    __table_args__ = (
        CheckConstraint(f"kind IN ({SourceKind.sql_values()})", name="kind"),
        CheckConstraint("(kind = 'copy') = (url IS NULL)", name="address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SourceKind] = mapped_column(Coded(SourceKind))
    url: Mapped[str | None] = mapped_column(String(400), unique=True)
    published_on: Mapped[date | None] = mapped_column(Date)

    @property
    def label(self) -> str:
        """For people: kind, host and date, as "新闻媒体 zjrb.zjol.com.cn 2019-07-24"."""
        host = urlsplit(self.url).hostname if self.url else ""
        day = self.published_on.isoformat() if self.published_on else "日期不详"
        return " ".join(part for part in (self.kind.label, host, day) if part)


class SourcedValue(Base):
    """What one source says of one field of one record, in the source's own words.

    `adopted` marks the value that the record itself carries; the others differ from it or come
    from a lesser source, and stay visible. A figure for which the record has no field of its own
    is kept here alone.
    """

    __tablename__ = "sourced_values"
    __table_args__ = (
        CheckConstraint(exactly_one("enclave_id", "project_id", "park_id"), name="one_subject"),
        CheckConstraint(f"precision IN ({Precision.sql_values()})", name="precision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enclave_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"), index=True)
    park_id: Mapped[int | None] = mapped_column(ForeignKey("parks.id"), index=True)
    field: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(400))
    precision: Mapped[Precision] = mapped_column(Coded(Precision), default=Precision.EXACT)
    adopted: Mapped[bool] = mapped_column(default=False)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))

    source: Mapped[Source] = relationship()
