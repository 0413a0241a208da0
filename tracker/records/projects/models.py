"""Cooperation projects, and the days by which they are to reach their stages; a large one has a
total investment of at least 10,000 万元."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, Date, ForeignKey, Index, String, Text, and_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, Coded, Money, RecordMixin, Searchable
from tracker.core.db.checks import in_order
from tracker.core.db.codes import LabelledEnum
from tracker.core.provenance.models import SourcedValue
from tracker.core.quantities.units import YI
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.villages.models import DemonstrationVillage

LARGE_FROM = YI  # 元: 亿元以上


class ProjectCategory(LabelledEnum):
    """What a project is about."""

    INDUSTRY = "industry", "产业合作"
    AID = "aid", "援建"
    CULTURE_TOURISM = "culture_tourism", "文旅"
    INFRASTRUCTURE = "infrastructure", "基础设施"
    SOCIAL = "social", "社会事业"


class ProjectStage(LabelledEnum):
    """How far a project has come, read from its dates."""

    PLANNED = "planned", "谋划"
    NEGOTIATED = "negotiated", "洽谈"
    SIGNED = "signed", "签约"
    STARTED = "started", "开工"
    COMPLETED = "completed", "竣工"
    IN_PRODUCTION = "in_production", "投产"
    TERMINATED = "terminated", "终止"


class PlannedStage(LabelledEnum):
    """A stage that a milestone is planned for; its day is the project's own once it is reached."""

    SIGNED = "signed", "签约"
    STARTED = "started", "开工"
    COMPLETED = "completed", "竣工"
    IN_PRODUCTION = "in_production", "投产"


class SourceSide(LabelledEnum):
    """Where the investor comes from."""

    SUPPORTER = "supporter", "支援方"
    RECIPIENT = "recipient", "受援方"
    ELSEWHERE = "elsewhere", "其他地区"


class PartnerView(LabelledEnum):
    """What the partner county says of a project that the owner entered. It counts once, for the
    owner; a dispute is for the assessor to settle."""

    PENDING = "pending", "待对方确认"
    CONFIRMED = "confirmed", "对方已确认"
    DISPUTED = "disputed", "对方有异议"


class Project(Searchable, RecordMixin, Base):
    """A project in the county `region`, its owner, with or without a pairing or an enclave.

    `total_investment` is the plan (元); what was paid in or spent is in the ledger.
    `in_scope`: whether it counts as 山海协作; empty when its source does not say. A county's facts
    take those alone of which it is said that they do, a site's all but those of which it is denied.
    `incubated_in`: the enclave that it came back from (回流); `continued_from`: the project that
    it goes on with; `is_provincial_major`: on the provincial list 千项万亿; `is_chain`: a 产业链
    project, whose two sides make parts of one chain. `owner_answer`: what the owner says to a
    partner who disputes it.
    """

    __tablename__ = "projects"
    name_within = ("region_id",)
    __table_args__ = (
        CheckConstraint(f"category IN ({ProjectCategory.sql_values()})", name="category"),
        CheckConstraint("total_investment > 0", name="total_investment"),
        CheckConstraint(f"source_side IN ({SourceSide.sql_values()})", name="source_side"),
        CheckConstraint(f"partner_view IN ({PartnerView.sql_values()})", name="partner_view"),
        CheckConstraint("partner_view <> 'disputed' OR partner_note <> ''", name="partner_note"),
        CheckConstraint("owner_answer = '' OR partner_view = 'disputed'", name="owner_answer"),
        CheckConstraint("partner_id <> region_id", name="partner"),
        CheckConstraint("continued_from_id <> id", name="continued_from"),
        *(
            CheckConstraint(condition, name=name)
            for name, condition in in_order(
                "planned_on", "negotiated_on", "signed_on", "started_on", "completed_on"
            )
            + in_order("started_on", "in_production_on")
            + in_order("signed_on", "terminated_on")
        ),
        Index("uq_projects_region_id_name", "region_id", "name", unique=True),
    )

    name: Mapped[str] = mapped_column(String(200))
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    pairing_id: Mapped[int | None] = mapped_column(ForeignKey("pairings.id"), index=True)
    enclave_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"), index=True)
    category: Mapped[ProjectCategory] = mapped_column(Coded(ProjectCategory))
    in_scope: Mapped[bool | None]
    investor: Mapped[str] = mapped_column(String(200), default="")
    industry: Mapped[str] = mapped_column(String(80), default="")
    total_investment: Mapped[Decimal | None] = mapped_column(Money)
    park_id: Mapped[int | None] = mapped_column(ForeignKey("parks.id"), index=True)
    demonstration_village_id: Mapped[int | None] = mapped_column(
        ForeignKey("demonstration_villages.id"), index=True
    )
    incubated_in_id: Mapped[int | None] = mapped_column(ForeignKey("enclaves.id"), index=True)
    continued_from_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"), index=True)
    is_leading_industry: Mapped[bool | None]
    is_chain: Mapped[bool | None]
    source_side: Mapped[SourceSide | None] = mapped_column(Coded(SourceSide))
    is_provincial_major: Mapped[bool | None]
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    partner_view: Mapped[PartnerView] = mapped_column(
        Coded(PartnerView), default=PartnerView.PENDING
    )
    partner_note: Mapped[str] = mapped_column(String(400), default="")
    owner_answer: Mapped[str] = mapped_column(String(400), default="", server_default="")
    planned_on: Mapped[date | None] = mapped_column(Date)
    negotiated_on: Mapped[date | None] = mapped_column(Date)
    signed_on: Mapped[date | None] = mapped_column(Date)
    started_on: Mapped[date | None] = mapped_column(Date)
    completed_on: Mapped[date | None] = mapped_column(Date)
    in_production_on: Mapped[date | None] = mapped_column(Date)
    terminated_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")

    region: Mapped[Region] = relationship(foreign_keys=[region_id])
    partner: Mapped[Region | None] = relationship(foreign_keys=[partner_id])
    pairing: Mapped[Pairing | None] = relationship()
    enclave: Mapped[Enclave | None] = relationship(foreign_keys=[enclave_id])
    incubated_in: Mapped[Enclave | None] = relationship(foreign_keys=[incubated_in_id])
    park: Mapped[Park | None] = relationship()
    demonstration_village: Mapped[DemonstrationVillage | None] = relationship()
    continued_from: Mapped[Project | None] = relationship(remote_side="Project.id")
    sourced_values: Mapped[list[SourcedValue]] = relationship(order_by="SourcedValue.id")
    milestones: Mapped[list[ProjectMilestone]] = relationship(
        order_by="(ProjectMilestone.planned_on, ProjectMilestone.id)", viewonly=True
    )

    @hybrid_property
    def is_large(self) -> bool:
        """Whether the planned total investment reaches 10,000 万元 (亿元以上项目)."""
        return self.total_investment is not None and self.total_investment >= LARGE_FROM

    @is_large.inplace.expression
    @classmethod
    def _is_large(cls) -> ColumnElement[bool]:
        return and_(cls.total_investment.is_not(None), cls.total_investment >= LARGE_FROM)

    @property
    def stage(self) -> ProjectStage:
        """The furthest stage that has a date."""
        for stage in reversed(ProjectStage):
            if stage is not ProjectStage.PLANNED and getattr(self, f"{stage.value}_on"):
                return stage
        return ProjectStage.PLANNED


def _as_planned(context: Any) -> date:
    planned: date = context.get_current_parameters()["planned_on"]
    return planned


class ProjectMilestone(RecordMixin, Base):
    """By which day a project is to reach a stage, who answers for it, and what is done next.

    The actual day is the project's own. `first_planned_on` is the day as it was planned first: it
    stays when the plan is moved.
    """

    __tablename__ = "project_milestones"
    __table_args__ = (
        CheckConstraint(f"stage IN ({PlannedStage.sql_values()})", name="stage"),
        CheckConstraint("responsible <> ''", name="responsible"),
        Index("uq_project_milestones_stage", "project_id", "stage", unique=True),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    stage: Mapped[PlannedStage] = mapped_column(Coded(PlannedStage))
    planned_on: Mapped[date] = mapped_column(Date)
    first_planned_on: Mapped[date] = mapped_column(Date, default=_as_planned)
    responsible: Mapped[str] = mapped_column(String(120))
    next_step: Mapped[str] = mapped_column(String(200), default="")

    project: Mapped[Project] = relationship()
