"""Applications (项目申报), how far each has come, and the acts that brought it there."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, Money, RecordMixin, Searchable, UtcDateTime
from tracker.core.db.checks import in_order
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.records.villages.models import DemonstrationVillage

if TYPE_CHECKING:
    from collections.abc import Iterable


class ApplicationKind(LabelledEnum):
    """What is applied for."""

    DEMONSTRATION = "demonstration", "山海协作乡村振兴示范点"
    FUND = "fund", "山海协作专项资金项目"
    PARK = "park", "山海协作产业园"

    @property
    def short(self) -> str:
        """示范点: what a narrow column has room for."""
        return {"demonstration": "示范点", "fund": "专项资金", "park": "产业园"}[self.value]


class ApplicationState(LabelledEnum):
    """How far an application has come; events make it (`service.act`)."""

    DRAFT = "draft", "草拟中"
    APPROVED = "approved", "县领导已审"
    SUBMITTED = "submitted", "已申报"
    RETURNED = "returned", "已退回"
    CITY_REVIEWED = "city_reviewed", "市级已审"
    GRANTED = "granted", "省级已批"
    ESTABLISHED = "established", "已立项"
    AWAITING = "awaiting", "待验收"
    RECTIFYING = "rectifying", "限期整改"
    ACCEPTED = "accepted", "验收通过"
    FAILED = "failed", "验收不通过"
    REJECTED = "rejected", "不予批准"
    WITHDRAWN = "withdrawn", "已撤回"
    REVOKED = "revoked", "立项已撤销"


S = ApplicationState
IN_HAND = (S.DRAFT, S.RETURNED)  # where the place may change what it applies for
BUILDING = (S.ESTABLISHED, S.RECTIFYING)  # 立项, and 验收 not yet asked for
# 立项 stands, or stood until 验收 said otherwise.
ESTABLISHED = (*BUILDING, S.AWAITING, S.ACCEPTED, S.FAILED)
CLOSED = (S.FAILED, S.REJECTED, S.WITHDRAWN, S.REVOKED)  # another application may follow


class ApplicationAct(LabelledEnum):
    """What somebody does with an application."""

    APPROVED = "approved", "县领导审核同意"
    SENT_BACK = "sent_back", "发回修改"
    SUBMITTED = "submitted", "申报"
    WITHDRAWN = "withdrawn", "撤回申报"
    RESUMED = "resumed", "重新申报"
    CITY_REVIEWED = "city_reviewed", "市级审核同意"
    GRANTED = "granted", "省级审批同意"
    RETURNED = "returned", "退回"
    REJECTED = "rejected", "不予批准"
    ESTABLISHED = "established", "立项"
    ALLOTTED = "allotted", "资金下达"
    ASKED = "asked", "申请验收"
    INSPECTED = "inspected", "验收"
    REVOKED = "revoked", "撤销立项"
    RECOVERED = "recovered", "资金收回"


class Acceptance(LabelledEnum):
    """What 验收 found."""

    PASSED = "passed", "通过"
    RECTIFY = "rectify", "限期整改"
    FAILED = "failed", "不通过"


# Acts that say why, or what somebody thinks of it; the opinions stand on the printed form.
REASONED = (
    ApplicationAct.SENT_BACK,
    ApplicationAct.WITHDRAWN,
    ApplicationAct.CITY_REVIEWED,
    ApplicationAct.GRANTED,
    ApplicationAct.RETURNED,
    ApplicationAct.REJECTED,
    ApplicationAct.INSPECTED,
    ApplicationAct.REVOKED,
)
MONEY_ACTS = (ApplicationAct.ALLOTTED, ApplicationAct.RECOVERED)  # each a document, a day, a sum
SUBJECTS = ("demonstration_village_id", "park_id", "project_id", "enclave_id")


def _of(members: Iterable[LabelledEnum]) -> str:
    return ", ".join(f"'{member.value}'" for member in members)


def _none_of(*columns: str) -> str:
    return " AND ".join(f"{column} IS NULL" for column in columns)


def _standing(kind: ApplicationKind) -> str:
    return f"kind = '{kind.value}' AND state NOT IN ({_of(CLOSED)})"


_DEMONSTRATION, _PARK = _standing(ApplicationKind.DEMONSTRATION), _standing(ApplicationKind.PARK)
_FEW = " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in SUBJECTS)


class Application(Searchable, RecordMixin, Base):
    """One application of a place; amounts are 元. What it is about is a record of its own, which
    is named and not copied: one at most, and of a 示范点 or 产业园 that very one.

    `state_at`: since when it is in its state. `established_on`, `document`: the day and the number
    of the 立项 document. `acceptance_due_on`: the day by which 验收 is due, moved by 限期整改.
    `inspected_on`, `acceptance`: of the last 验收.
    """

    __tablename__ = "applications"
    name_within = ("county_id", "kind", "year")
    __table_args__ = (
        CheckConstraint(f"kind IN ({ApplicationKind.sql_values()})", name="kind"),
        CheckConstraint("year BETWEEN 2002 AND 2100", name="year"),
        CheckConstraint(f"state IN ({ApplicationState.sql_values()})", name="state"),
        CheckConstraint(f"acceptance IN ({Acceptance.sql_values()})", name="acceptance"),
        CheckConstraint(f"{_FEW} <= 1", name="about"),
        CheckConstraint(
            f"kind <> 'demonstration' OR ({_none_of('park_id', 'project_id', 'enclave_id')})",
            name="about_demonstration",
        ),
        CheckConstraint(
            "kind <> 'park' OR "
            f"({_none_of('demonstration_village_id', 'project_id', 'enclave_id')})",
            name="about_park",
        ),
        CheckConstraint("amount_asked > 0", name="amount_asked"),
        CheckConstraint("amount_granted > 0", name="amount_granted"),
        # Unknown asked is less than nothing granted: a comparison with NULL would pass.
        CheckConstraint(
            "amount_granted IS NULL OR amount_granted <= COALESCE(amount_asked, 0)", name="granted"
        ),
        CheckConstraint(
            f"state NOT IN ({_of(ESTABLISHED)}) OR (established_on IS NOT NULL "
            "AND acceptance_due_on IS NOT NULL AND document <> '')",
            name="established",
        ),
        CheckConstraint("(inspected_on IS NULL) = (acceptance IS NULL)", name="inspected"),
        CheckConstraint(
            "state <> 'accepted' OR COALESCE(acceptance, '') = 'passed'", name="accepted"
        ),
        *(
            CheckConstraint(condition, name=name)
            for name, condition in (
                *in_order("established_on", "acceptance_due_on"),
                *in_order("established_on", "inspected_on"),
            )
        ),
        Index(
            "uq_applications_demonstration",
            "demonstration_village_id",
            unique=True,
            sqlite_where=text(_DEMONSTRATION),
            postgresql_where=text(_DEMONSTRATION),
        ),
        Index(
            "uq_applications_park",
            "park_id",
            unique=True,
            sqlite_where=text(_PARK),
            postgresql_where=text(_PARK),
        ),
        Index(None, "state", "acceptance_due_on"),
    )

    kind: Mapped[ApplicationKind] = mapped_column(Coded(ApplicationKind))
    county_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    pairing_id: Mapped[int | None] = mapped_column(ForeignKey("pairings.id"), index=True)
    year: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    demonstration_village_id: Mapped[int | None] = mapped_column(
        ForeignKey("demonstration_villages.id"), index=True
    )
    park_id: Mapped[int | None] = mapped_column(ForeignKey("parks.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"), index=True)
    enclave_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"), index=True)
    amount_asked: Mapped[Decimal | None] = mapped_column(Money)
    amount_granted: Mapped[Decimal | None] = mapped_column(Money)
    works: Mapped[str] = mapped_column(Text)
    benefit: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ApplicationState] = mapped_column(
        Coded(ApplicationState), default=ApplicationState.DRAFT
    )
    state_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    established_on: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = mapped_column(String(120), default="")
    acceptance_due_on: Mapped[date | None] = mapped_column(Date)
    inspected_on: Mapped[date | None] = mapped_column(Date)
    acceptance: Mapped[Acceptance | None] = mapped_column(Coded(Acceptance))

    county: Mapped[Region] = relationship()
    pairing: Mapped[Pairing | None] = relationship()
    demonstration_village: Mapped[DemonstrationVillage | None] = relationship()
    park: Mapped[Park | None] = relationship()
    project: Mapped[Project | None] = relationship()
    enclave: Mapped[Enclave | None] = relationship()

    @property
    def subject(self) -> DemonstrationVillage | Park | Project | Enclave | None:
        """The record that it is about; None where it is about none that is on record."""
        return self.demonstration_village or self.park or self.project or self.enclave


class ApplicationEvent(Base):
    """One act on an application: from which state to which, by whom, when, why, from where.
    Append-only. Without `actor_id` the program did it.

    `on_day`: the day of its paper. `document`: the number of the document of 立项, 验收 or money.
    `amount` (元): granted, allotted or recovered. `due_on`: the day by which 验收 is due from then
    on. `corrects_id`: the movement of money that this one stands for from now on; without an amount
    there was none.
    """

    __tablename__ = "application_events"
    __table_args__ = (
        CheckConstraint(f"act IN ({ApplicationAct.sql_values()})", name="act"),
        CheckConstraint(f"from_state IN ({ApplicationState.sql_values()})", name="from_state"),
        CheckConstraint(f"to_state IN ({ApplicationState.sql_values()})", name="to_state"),
        CheckConstraint(f"result IN ({Acceptance.sql_values()})", name="result"),
        CheckConstraint(f"reason <> '' OR act NOT IN ({_of(REASONED)})", name="reason"),
        CheckConstraint(
            "act NOT IN ('established', 'allotted', 'recovered', 'inspected')"
            " OR on_day IS NOT NULL",
            name="on_day",
        ),
        CheckConstraint(
            "act NOT IN ('established', 'allotted', 'recovered') OR document <> ''",
            name="document",
        ),
        CheckConstraint(
            "amount IS NOT NULL AND amount > 0 AND act IN ('granted', 'allotted', 'recovered')"
            " OR amount IS NULL"
            " AND (act NOT IN ('allotted', 'recovered') OR corrects_id IS NOT NULL)",
            name="amount",
        ),
        CheckConstraint(
            "corrects_id IS NULL OR act IN ('allotted', 'recovered') AND reason <> ''",
            name="corrects",
        ),
        Index("uq_application_events_corrects", "corrects_id", unique=True),
        CheckConstraint("(result IS NOT NULL) = (act = 'inspected')", name="inspected"),
        CheckConstraint(
            "(due_on IS NOT NULL) = (act = 'established' OR COALESCE(result, '') = 'rectify')",
            name="due_on",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    act: Mapped[ApplicationAct] = mapped_column(Coded(ApplicationAct))
    from_state: Mapped[ApplicationState] = mapped_column(Coded(ApplicationState))
    to_state: Mapped[ApplicationState] = mapped_column(Coded(ApplicationState))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    on_day: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = mapped_column(String(120), default="")
    amount: Mapped[Decimal | None] = mapped_column(Money)
    result: Mapped[Acceptance | None] = mapped_column(Coded(Acceptance))
    due_on: Mapped[date | None] = mapped_column(Date)
    address: Mapped[str | None] = mapped_column(String(64))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("application_events.id"))

    application: Mapped[Application] = relationship()
    actor: Mapped[User | None] = relationship()
