"""Filings (报送): what a county or an enclave had to hand in, by when, how it stands, and when it
was handed in; the last days that the province sets, and the days off that move them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, RecordMixin, UtcDateTime
from tracker.core.db.checks import exactly_one
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.records import now
from tracker.core.quantities.clock import day_of, today
from tracker.records.accounts.models import User
from tracker.records.enclaves.models import Enclave
from tracker.records.places.models import Region


class FilingKind(LabelledEnum):
    """What is filed for a year."""

    PLAN = "plan", "年度计划"
    Q1 = "q1", "第一季度季报"
    Q2 = "q2", "第二季度季报"
    Q3 = "q3", "第三季度季报"
    Q4 = "q4", "第四季度季报"
    ANNUAL = "annual", "年报"


QUARTERS = (FilingKind.Q1, FilingKind.Q2, FilingKind.Q3, FilingKind.Q4)


class FilingState(LabelledEnum):
    """How far a filing has come; events make it (`service.act`)."""

    NOT_STARTED = "not_started", "未开始"
    ENTERING = "entering", "填报中"
    APPROVED = "approved", "县领导已审"
    SUBMITTED = "submitted", "已报送"
    RETURNED = "returned", "已退回"
    CITY_REVIEWED = "city_reviewed", "市级初审"
    REVIEWED = "reviewed", "省级审核"
    LOCKED = "locked", "已锁定"


# Handed in and not given back: what a county says with it stands.
STANDING = (
    FilingState.SUBMITTED,
    FilingState.CITY_REVIEWED,
    FilingState.REVIEWED,
    FilingState.LOCKED,
)
# Where the place still has it in hand; what its leader has approved is withdrawn before.
IN_HAND = (FilingState.NOT_STARTED, FilingState.ENTERING, FilingState.RETURNED)
# What has never been handed in is in one of these; so may be what was given back.
UNFILED = (FilingState.NOT_STARTED, FilingState.ENTERING, FilingState.APPROVED)


class FilingAct(LabelledEnum):
    """What somebody does with a filing."""

    STARTED = "started", "开始填报"
    APPROVED = "approved", "县领导审核同意"
    WITHDRAWN = "withdrawn", "撤回修改"
    SENT_BACK = "sent_back", "发回修改"
    SUBMITTED = "submitted", "报送"
    RETURNED = "returned", "退回"
    CITY_REVIEWED = "city_reviewed", "市级初审通过"
    REVIEWED = "reviewed", "省级审核通过"
    LOCKED = "locked", "锁定"
    REOPENED = "reopened", "限期开锁"
    CLOSED = "closed", "恢复锁定"
    TAKEN_OVER = "taken_over", "沿用已有记录"


def days_late(due_on: date, filed_at: datetime | None) -> int:
    """How many days after its last day something was filed, or is still missing today; 0 or less
    where it is not late."""
    return ((day_of(filed_at) if filed_at else today()) - due_on).days


def _of(states: tuple[FilingState, ...]) -> str:
    return ", ".join(f"'{state.value}'" for state in states)


class Filing(RecordMixin, Base):
    """One thing to file; `filed_at` is the platform's own time stamp of when it was first filed,
    which no return and no filing anew changes: what is scored is whether it was on time.

    `state_at`: since when it is in its state. `reopened_until`: the last day on which a locked one
    is open, set by the province.
    """

    __tablename__ = "filings"
    __table_args__ = (
        CheckConstraint(exactly_one("region_id", "enclave_id"), name="one_subject"),
        CheckConstraint(f"kind IN ({FilingKind.sql_values()})", name="kind"),
        CheckConstraint("year BETWEEN 2002 AND 2100", name="year"),
        CheckConstraint(f"state IN ({FilingState.sql_values()})", name="state"),
        CheckConstraint(f"filed_at IS NOT NULL OR state IN ({_of(UNFILED)})", name="filed"),
        CheckConstraint("filed_at IS NULL OR state <> 'not_started'", name="started"),
        CheckConstraint("reopened_until IS NULL OR state = 'locked'", name="reopened"),
        Index("uq_filings_region", "region_id", "year", "kind", unique=True),
        Index("uq_filings_enclave", "enclave_id", "year", "kind", unique=True),
        Index(None, "state", "state_at"),
    )

    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    enclave_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"))
    year: Mapped[int]
    kind: Mapped[FilingKind] = mapped_column(Coded(FilingKind))
    due_on: Mapped[date] = mapped_column(Date)
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[FilingState] = mapped_column(
        Coded(FilingState), default=FilingState.NOT_STARTED, server_default="not_started"
    )
    state_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reopened_until: Mapped[date | None] = mapped_column(Date)

    region: Mapped[Region | None] = relationship()
    enclave: Mapped[Enclave | None] = relationship()

    @property
    def place(self) -> Region:
        """The place whose people file it: that which an enclave was flown out from."""
        if self.region is not None:
            return self.region
        assert self.enclave is not None, "the database asks for one"
        return self.enclave.origin_region

    @property
    def is_open_again(self) -> bool:
        """Whether it is locked and open for some days."""
        return self.reopened_until is not None and self.reopened_until >= today()

    @property
    def days_late(self) -> int:
        """See `days_late`."""
        return days_late(self.due_on, self.filed_at)


class FilingEvent(Base):
    """One act on a filing: from which state to which, by whom, when, why, from which address.
    Append-only. `until`: the last day of a reopening. Without `actor_id` the program did it."""

    __tablename__ = "filing_events"
    __table_args__ = (
        CheckConstraint(f"act IN ({FilingAct.sql_values()})", name="act"),
        CheckConstraint(f"from_state IN ({FilingState.sql_values()})", name="from_state"),
        CheckConstraint(f"to_state IN ({FilingState.sql_values()})", name="to_state"),
        CheckConstraint(
            "reason <> '' OR act NOT IN ('withdrawn', 'sent_back', 'returned', 'reopened')",
            name="reason",
        ),
        CheckConstraint("(until IS NOT NULL) = (act = 'reopened')", name="until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), index=True)
    act: Mapped[FilingAct] = mapped_column(Coded(FilingAct))
    from_state: Mapped[FilingState] = mapped_column(Coded(FilingState))
    to_state: Mapped[FilingState] = mapped_column(Coded(FilingState))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[date | None] = mapped_column(Date)
    address: Mapped[str | None] = mapped_column(String(64))

    filing: Mapped[Filing] = relationship()
    actor: Mapped[User | None] = relationship()


class Part(LabelledEnum):
    """What of a filing is given out."""

    WHOLE = "whole", "全部"
    PROJECTS = "projects", "项目资金"
    ENCLAVES = "enclaves", "飞地资金"
    ENCLAVE_FIGURES = "enclave_figures", "飞地运营数"
    PARKS = "parks", "产业园资金和运营数"
    PAIRS = "pairs", "结对资金"
    EXCHANGES = "exchanges", "交流与帮扶"
    VILLAGES = "villages", "村和示范点"
    INDICATORS = "indicators", "县域指标"


class FilingPart(RecordMixin, Base):
    """A part of a filing that a bureau of the place sees to (分办): by when, and when it came back
    (办回) with what answer. `person`: who there, where somebody is named."""

    __tablename__ = "filing_parts"
    __table_args__ = (
        CheckConstraint(f"part IN ({Part.sql_values()})", name="part"),
        Index("uq_filing_parts_bureau", "filing_id", "part", "bureau", unique=True),
        Index(None, "back_on", "due_on"),
    )

    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"))
    part: Mapped[Part] = mapped_column(Coded(Part))
    bureau: Mapped[str] = mapped_column(String(60))
    person: Mapped[str] = mapped_column(String(60), default="")
    due_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(400), default="")
    back_on: Mapped[date | None] = mapped_column(Date)
    answer: Mapped[str] = mapped_column(String(400), default="")

    filing: Mapped[Filing] = relationship()


class FilingPeriod(RecordMixin, Base):
    """The last day of one kind of filing of a year, as the province set it for all: `stated_on` as
    it was named, `due_on` the working day that it moves to."""

    __tablename__ = "filing_periods"
    __table_args__ = (
        CheckConstraint(f"kind IN ({FilingKind.sql_values()})", name="kind"),
        CheckConstraint("year BETWEEN 2002 AND 2100", name="year"),
        CheckConstraint("due_on >= stated_on", name="due"),
        Index("uq_filing_periods_year_kind", "year", "kind", unique=True),
    )

    year: Mapped[int]
    kind: Mapped[FilingKind] = mapped_column(Coded(FilingKind))
    stated_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)


class Holiday(RecordMixin, Base):
    """A day that is not what its weekday says: a day off, or (`works`) a weekend on which one
    works."""

    __tablename__ = "holidays"

    day: Mapped[date] = mapped_column(Date, unique=True)
    works: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(40))
    document: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(400), default="")
