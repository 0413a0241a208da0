"""Supervision orders (督办单), how each stands, and the acts that brought it there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, RecordMixin, UtcDateTime
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.records.submissions.models import Filing
from tracker.records.works.models import KeyWork

if TYPE_CHECKING:
    from collections.abc import Iterable


class OrderState(LabelledEnum):
    """How an order stands; events make it (`service.act`)."""

    ISSUED = "issued", "待答复"
    ANSWERED = "answered", "待审核"
    RETURNED = "returned", "退回重办"
    ACCEPTED = "accepted", "已办结"
    CANCELLED = "cancelled", "已撤销"


S = OrderState
WAITING = (S.ISSUED, S.RETURNED)  # for the answer of its place
OPEN = (*WAITING, S.ANSWERED)


class OrderAct(LabelledEnum):
    """What is done with an order."""

    ISSUED = "issued", "下达督办单"
    NOTED = "noted", "协办说明"
    ANSWERED = "answered", "答复"
    ACCEPTED = "accepted", "同意办结"
    RETURNED = "returned", "退回重办"
    EXTENDED = "extended", "延长期限"
    CANCELLED = "cancelled", "撤销督办"
    RAISED = "raised", "逾期上报"


class Rise(LabelledEnum):
    """To whom an order that nobody answered in time has risen."""

    CITY = "city", "设区市"
    PROVINCE = "province", "省级"


# Acts that give the order a last day.
DATED = (OrderAct.ISSUED, OrderAct.RETURNED, OrderAct.EXTENDED, OrderAct.RAISED)
SUBJECTS = (
    "pairing_id",
    "enclave_id",
    "park_id",
    "project_id",
    "filing_id",
    "key_work_id",
    "snapshot_id",
)
CARD = ("card_sheet", "card_subject", "card_line", "card_words")  # what names a line of a card


def _of(members: Iterable[LabelledEnum]) -> str:
    return ", ".join(f"'{member.value}'" for member in members)


_FEW = " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in SUBJECTS)


_CARD = " AND ".join(f"({column} IS NULL) = (snapshot_id IS NULL)" for column in CARD)


@dataclass(frozen=True)
class CardLine:
    """A line of a scorecard that an order is about, by its snapshot, the code of its rulebook, of
    its subject and its own; `name` in words, as frozen; `places` (ids): whose card it is."""

    snapshot_id: int
    sheet: str
    subject_code: str
    line: str
    name: str
    places: tuple[int, ...] = ()


class SupervisionOrder(RecordMixin, Base):
    """What the place `issuer` demands of the place `county` by `due_on`; `helper` helps (协办).

    It is about one record or one line of a card at most, else about the place itself.
    `needs_proof`: that it is answered with files. `state_at`: since when it is in its state.
    `risen`: how far it has risen since its last day was set.
    """

    __tablename__ = "supervision_orders"
    __table_args__ = (
        CheckConstraint(f"state IN ({OrderState.sql_values()})", name="state"),
        CheckConstraint(f"risen IN ({Rise.sql_values()})", name="risen"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("demand <> ''", name="demand"),
        CheckConstraint(f"{_FEW} <= 1", name="about"),
        CheckConstraint(_CARD, name="card"),
        CheckConstraint("issuer_id <> county_id", name="issuer"),
        CheckConstraint("helper_id <> county_id", name="helper"),
        Index(None, "state", "due_on"),
    )

    name: Mapped[str] = mapped_column(String(120))
    demand: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date] = mapped_column(Date)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    county_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    pairing_id: Mapped[int | None] = mapped_column(ForeignKey("pairings.id"), index=True)
    enclave_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"), index=True)
    park_id: Mapped[int | None] = mapped_column(ForeignKey("parks.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"), index=True)
    filing_id: Mapped[int | None] = mapped_column(ForeignKey("filings.id"), index=True)
    key_work_id: Mapped[int | None] = mapped_column(ForeignKey("key_works.id"), index=True)
    snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("snapshots.id"), index=True)
    card_sheet: Mapped[str | None] = mapped_column(String(60))
    card_subject: Mapped[str | None] = mapped_column(String(60))
    card_line: Mapped[str | None] = mapped_column(String(40))
    card_words: Mapped[str | None] = mapped_column(String(480))
    needs_proof: Mapped[bool] = mapped_column(default=True)
    state: Mapped[OrderState] = mapped_column(Coded(OrderState), default=OrderState.ISSUED)
    state_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    risen: Mapped[Rise | None] = mapped_column(Coded(Rise))

    issuer: Mapped[Region] = relationship(foreign_keys=[issuer_id])
    county: Mapped[Region] = relationship(foreign_keys=[county_id])
    helper: Mapped[Region | None] = relationship(foreign_keys=[helper_id])
    pairing: Mapped[Pairing | None] = relationship()
    enclave: Mapped[Enclave | None] = relationship()
    park: Mapped[Park | None] = relationship()
    project: Mapped[Project | None] = relationship()
    filing: Mapped[Filing | None] = relationship()
    key_work: Mapped[KeyWork | None] = relationship()

    @property
    def subject(self) -> Pairing | Enclave | Park | Project | Filing | KeyWork | CardLine | Region:
        """What it is about: a record or a line of a card, else the place itself."""
        if self.snapshot_id is not None:
            return CardLine(
                self.snapshot_id,
                self.card_sheet or "",
                self.card_subject or "",
                self.card_line or "",
                self.card_words or "",
            )
        found = self.pairing or self.enclave or self.park or self.project or self.filing
        return found or self.key_work or self.county


class SupervisionEvent(Base):
    """One act on an order: from which state to which, by whom, when, why, from where.
    Append-only. Without `actor_id` the program did it.

    `due_on`: the last day that it sets; of one that rises, the day that was missed, and `rise` says
    to whom. `from_state` is None where it begins.
    """

    __tablename__ = "supervision_events"
    __table_args__ = (
        CheckConstraint(f"act IN ({OrderAct.sql_values()})", name="act"),
        CheckConstraint(f"from_state IN ({OrderState.sql_values()})", name="from_state"),
        CheckConstraint(f"to_state IN ({OrderState.sql_values()})", name="to_state"),
        CheckConstraint(f"rise IN ({Rise.sql_values()})", name="rise"),
        CheckConstraint("(from_state IS NULL) = (act = 'issued')", name="begins"),
        CheckConstraint(f"(due_on IS NOT NULL) = (act IN ({_of(DATED)}))", name="due_on"),
        CheckConstraint("(rise IS NOT NULL) = (act = 'raised')", name="raised"),
        CheckConstraint("reason <> '' OR act IN ('issued', 'raised', 'accepted')", name="reason"),
        # It begins once, and rises once to each for a last day that was missed.
        Index(
            "uq_supervision_events_issued",
            "order_id",
            unique=True,
            sqlite_where=text("act = 'issued'"),
            postgresql_where=text("act = 'issued'"),
        ),
        Index(
            "uq_supervision_events_raised",
            "order_id",
            "due_on",
            "rise",
            unique=True,
            sqlite_where=text("act = 'raised'"),
            postgresql_where=text("act = 'raised'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("supervision_orders.id"), index=True)
    act: Mapped[OrderAct] = mapped_column(Coded(OrderAct))
    from_state: Mapped[OrderState | None] = mapped_column(Coded(OrderState))
    to_state: Mapped[OrderState] = mapped_column(Coded(OrderState))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None] = mapped_column(Date)
    rise: Mapped[Rise | None] = mapped_column(Coded(Rise))
    address: Mapped[str | None] = mapped_column(String(64))

    order: Mapped[SupervisionOrder] = relationship()
    actor: Mapped[User | None] = relationship()
