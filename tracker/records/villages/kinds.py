"""The pages of villages, of what they hold and earn, and of demonstration villages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.units import WAN
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves.kinds import ENCLAVES
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings import queries as pairings
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.queries import regions_of
from tracker.records.places.scopes import is_province, own_places, provinces_alone, touches, within
from tracker.records.submissions import kept
from tracker.records.villages import listed, queries
from tracker.records.villages.forms import (
    DEMONSTRATION_CONSTRAINTS,
    INCOME_CONSTRAINTS,
    STAKE_CONSTRAINTS,
    VILLAGE_CONSTRAINTS,
    DemonstrationVillageForm,
    VillageForm,
    VillageIncomeForm,
    VillageStakeForm,
)
from tracker.records.villages.models import (
    DemonstrationStage,
    DemonstrationVillage,
    Village,
    VillageIncome,
    VillageStake,
)
from tracker.web.kit import (
    Column,
    Field,
    Filter,
    Kind,
    Parent,
    Section,
    Show,
    in_year,
    looks,
    through,
    yes_no,
)
from tracker.web.kit.declared import Choices, SameForAll
from tracker.web.plausibility import Doubt, FigureFacts, figure_doubts


@SameForAll
def _towns(user: User) -> Choices:
    """(id, name) of the towns in the user's regions."""
    statement = (
        select(Region.id, Region.name)
        .where(Region.level == RegionLevel.TOWN, Region.parent_id.in_(regions_of(user)))
        .order_by(Region.code)
    )
    return [(number, name) for number, name in db.session.execute(statement)]


def _stakes_of(village: Village) -> Mapping[str, object] | None:
    """The enclaves that the village has a stake in, for its page."""
    wanted = (
        select(VillageStake, Enclave)
        .join(Enclave, Enclave.id == VillageStake.enclave_id)
        .where(VillageStake.village_id == village.id)
        .order_by(Enclave.code)
    )
    found = db.session.execute(wanted).all()
    return {"stakes": found} if found else None


def _too_many_shares(stake: VillageStake) -> tuple[str, str] | None:
    """Why the shares of an enclave's villages cannot all be true: on some day more than 100 %."""
    if stake.share is None:
        return None
    wanted = select(VillageStake).where(
        VillageStake.enclave_id == stake.enclave_id, VillageStake.share.is_not(None)
    )
    stakes = list(db.session.scalars(wanted.options(joinedload(VillageStake.village))))
    # The sum rises only on a day on which somebody joins.
    days = [max(s.joined_on or date.min, stake.joined_on or date.min) for s in stakes]
    for day in sorted(set(days)):
        if stake.left_on is not None and day >= stake.left_on:
            continue
        there = [
            s
            for s in stakes
            if (s.joined_on or date.min) <= day and (s.left_on is None or day < s.left_on)
        ]
        total = sum((s.share for s in there if s.share is not None), Decimal(0))
        if total > 1:
            others = [
                f"{s.village.name} {_percent(s.share)}"
                for s in there
                if s is not stake and s.share is not None
            ]
            named = "、".join(others[:5]) + (f"等 {len(others)} 个村" if len(others) > 5 else "")
            return "share", (
                f"同期各村份额之和为 {_percent(total)}，超过 100%。已登记的：{named}。请核对。"
            )
    return None


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"


VILLAGES = Kind(
    "villages",
    Village,
    "村",
    view=Permission.VILLAGES_VIEW,
    edit=Permission.VILLAGES_EDIT,
    scope=within(touches(Village.county_id), "county_id"),
    load=(joinedload(Village.county), joinedload(Village.town)),
    columns=(
        Column("name", sort=True),
        Column("county", sort=through(Village.county_id, Region.code)),
        Column("town", show=Show.DESK, phone=True),
        Column("is_weak", phone=True),
        Column("code", sort=True, show=Show.DESK),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(yes_no(Village.is_weak, "薄弱村", empty="未定"),),
    search=(
        Village.name,
        Village.code,
        through(Village.county_id, Region.name),
    ),
    search_label="村名、代码或所在县",
    order="code",
    groups=(("基本情况", ("code", "county", "town", "is_weak")),),
    form=VillageForm,
    constraints=VILLAGE_CONSTRAINTS,
    choices={"county_id": own_places, "town_id": _towns},
    defaults=lambda user, parent: {"county_id": user.region_id},
    sections=(Section("参股的飞地", "villages/stakes.html", _stakes_of, "stakes"),),
    empty="这里将列出行政村。从“登记村”开始，填村名和 12 位统计区划代码。",
)


def _leaps(
    record: VillageIncome | None, village: Village, values: Mapping[str, Any]
) -> list[Doubt]:
    """Incomes beside those of the year before."""
    year = values["year"]
    before = db.session.scalar(
        select(VillageIncome).where(
            VillageIncome.village_id == village.id, VillageIncome.year == year - 1
        )
    )
    found: list[Doubt] = []
    for name, label in (("operating", "经营性收入"), ("total", "总收入")):
        value, earlier = values.get(name), getattr(before, name, None)
        if value is not None and earlier is not None:
            facts = FigureFacts(label, value / WAN, "万元", earlier / WAN, f"{year - 1} 年")
            found += figure_doubts(facts)
    return found


VILLAGE_INCOMES = Kind(
    "village_incomes",
    VillageIncome,
    "村集体收入",
    view=Permission.VILLAGES_VIEW,
    edit=Permission.VILLAGES_EDIT,
    parent=Parent(VILLAGES, "village_id"),
    name=lambda income: f"{income.year} 年村集体收入",
    columns=(
        Column("year", sort=True),
        Column("operating", sort=True),
        Column("total", sort=True),
    ),
    order="-year",
    groups=(("收入", ("year", "operating", "total")),),
    form=VillageIncomeForm,
    constraints=INCOME_CONSTRAINTS,
    doubts=_leaps,
    empty="这里将列出各年度的村集体收入。",
)

kept.keep(
    VILLAGE_INCOMES,
    kept.one("year", ("operating", "total")),
    lambda village, values: kept.Whose(village.county_id),
    asked=kept.of_year,
    wholly=kept.of_year,
)

VILLAGE_STAKES = Kind(
    "village_stakes",
    VillageStake,
    "村参股",
    view=Permission.VILLAGES_VIEW,
    edit=Permission.VILLAGES_EDIT,
    parent=Parent(ENCLAVES, "enclave_id"),
    against=_too_many_shares,
    name=lambda stake: f"{stake.village.name}参股",
    load=(joinedload(VillageStake.village),),
    columns=(
        Column(
            "village",
            look=lambda village, stake: village.name,
            sort=through(VillageStake.village_id, Village.code),
        ),
        Column("capital_paid", sort=True, phone=True, total=True),
        Column("share", sort=True, phone=True),
        Column("joined_on", sort=True, phone=True),
        Column("capital_agreed", sort=True, show=Show.DESK, total=True),
        Column("left_on", sort=True, show=Show.WIDE),
    ),
    order="village",
    groups=(
        (
            "参股",
            (
                "village",
                "capital_agreed",
                "capital_paid",
                Field("share", applies=lambda stake: stake.share is not None),
                "joined_on",
                "left_on",
            ),
        ),
    ),
    form=VillageStakeForm,
    constraints=STAKE_CONSTRAINTS,
    after=lambda stake: listed.count(stake.enclave_id),
    ending="left_on",
    empty="这里将列出参股的村。消薄飞地从“登记村参股”开始，逐村填出资。",
)

# Which village is in an enclave from when to when is of those two periods. Capital and share are
# what they are today: they are paid in and raised later, and no day says when.
kept.keep(
    VILLAGE_STAKES,
    (
        kept.Event(("joined_on",), ("village_id",)),
        kept.Event(("left_on",), ("village_id",)),
    ),
    lambda enclave, values: kept.Whose(enclave.origin_id, enclave.id),
    lasting=True,
)

ENCLAVES.told.append(listed.words)


def stage_of(spot: DemonstrationVillage) -> DemonstrationStage | None:
    """How far the demonstration village has come; None before it was applied for."""
    for day, stage in (
        (spot.accepted_on, DemonstrationStage.ACCEPTED),
        (spot.approved_on, DemonstrationStage.APPROVED),
        (spot.applied_on, DemonstrationStage.APPLIED),
    ):
        if day is not None:
            return stage
    return None


def _at(value: str) -> ColumnElement[bool] | None:
    accepted = DemonstrationVillage.accepted_on.is_not(None)
    approved = DemonstrationVillage.approved_on.is_not(None)
    applied = DemonstrationVillage.applied_on.is_not(None)
    return {
        DemonstrationStage.ACCEPTED.value: accepted,
        DemonstrationStage.APPROVED.value: approved & ~accepted,
        DemonstrationStage.APPLIED.value: applied & ~approved & ~accepted,
    }.get(value)


def _own_villages(user: User, spot: DemonstrationVillage | None) -> Choices:
    """(id, name) of the villages of the user's county, or of the spot's for the province."""
    own = Village.county_id == (spot.county_id if spot and is_province(user) else user.region_id)
    found = select(Village.id, Village.name).where(own).order_by(Village.code)
    return [(number, name) for number, name in db.session.execute(found)]


@SameForAll
def _pairs(user: User) -> Choices:
    """(id, both sides) of the user's pairings."""
    statement = (
        pairings.visible(user)
        .options(joinedload(Pairing.supporter), joinedload(Pairing.recipient))
        .order_by(Pairing.id)
    )
    return [
        (each.id, f"{each.supporter.name}支援{each.recipient.name}")
        for each in db.session.scalars(statement)
    ]


_STAGE = partial(looks.badge, family="stage")

DEMONSTRATIONS = Kind(
    "demonstrations",
    DemonstrationVillage,
    "示范点",
    view=Permission.DEMONSTRATIONS_VIEW,
    edit=Permission.DEMONSTRATIONS_EDIT,
    scope=within(queries.touching_demonstrations, "county_id"),
    load=(
        joinedload(DemonstrationVillage.county),
        joinedload(DemonstrationVillage.village),
        joinedload(DemonstrationVillage.pairing).joinedload(Pairing.supporter),
        joinedload(DemonstrationVillage.pairing).joinedload(Pairing.recipient),
    ),
    columns=(
        Column("name", sort=True),
        Column("county", sort=through(DemonstrationVillage.county_id, Region.code)),
        Column("id", "阶段", value=stage_of, look=_STAGE, phone=True),
        Column("acceptance_year", sort=True, phone=True),
        Column("accepted_on", sort=True, show=Show.DESK),
        Column("pairing", show=Show.WIDE),
        Column("code", sort=True, show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        Filter("stage", "阶段", DemonstrationStage.choices(), _at),
        in_year(DemonstrationVillage.acceptance_year, "计划验收年度", "planned"),
    ),
    search=(
        DemonstrationVillage.name,
        DemonstrationVillage.code,
        through(DemonstrationVillage.county_id, Region.name),
    ),
    search_label="示范点、代号或所在县",
    order="code",
    groups=(
        (
            "基本情况",
            (
                "code",
                "county",
                "village",
                "pairing",
                Field("id", "阶段", value=stage_of, look=_STAGE),
                "applied_on",
                "approved_on",
                "accepted_on",
                "acceptance_year",
                "low_income_households",
                "has_village_disclosure",
            ),
        ),
    ),
    reserved=provinces_alone("acceptance_year", "approved_on", "accepted_on"),
    form=DemonstrationVillageForm,
    constraints=DEMONSTRATION_CONSTRAINTS,
    choices={
        "county_id": own_places,
        "village_id": _own_villages,
        "pairing_id": _pairs,
    },
    defaults=lambda user, parent: {"county_id": user.region_id},
    empty="这里将列出乡村振兴示范点。从“登记示范点”开始，先填名称和代号。",
)
