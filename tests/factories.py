"""Records for tests: each function adds one, with what the test does not care about filled in."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal

from tracker.core.db import db
from tracker.core.db.doubted import AnsweredDoubt
from tracker.core.db.sent import SentForm
from tracker.core.provenance.models import Source, SourcedValue, SourceKind
from tracker.records.accounts.models import (
    Organisation,
    OrganisationKind,
    SignInAttempt,
    User,
    UserSession,
)
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves.agreements import (
    AgreementDocument,
    DocumentKind,
    EnclaveAgreement,
    EnclaveSpace,
    SpaceKind,
    SpaceStep,
    TaxSplit,
)
from tracker.records.enclaves.models import Enclave, EnclaveKind, ReturnTerm, TermKind
from tracker.records.indicators.models import CountyIndicator, PlanGoal, PublishedTotal
from tracker.records.ledger.models import EntryKind, LedgerEntry, VillagePayment
from tracker.records.operations.items import Item
from tracker.records.operations.models import OperatingFigure, Tenant
from tracker.records.pairings.models import (
    AidGroup,
    AidGroupMember,
    Pairing,
    PairingCitation,
    PairingRound,
)
from tracker.records.parks.models import Park, ParkKind
from tracker.records.places.models import (
    CountyListing,
    IndustrialListing,
    Platform,
    PlatformKind,
    Region,
    RegionKind,
    RegionLevel,
)
from tracker.records.projects.models import (
    PlannedStage,
    Project,
    ProjectCategory,
    ProjectMilestone,
)
from tracker.records.targets.models import Target
from tracker.records.villages.models import (
    DemonstrationVillage,
    Village,
    VillageIncome,
    VillageStake,
)

DAY = date(2024, 6, 30)
SUBMITTED = datetime(2025, 1, 10, 8, tzinfo=UTC)
_numbers = itertools.count(1)


def add(record):
    db.session.add(record)
    db.session.flush()
    return record


def subject_name(of) -> str:
    """The name of the relationship by which a record names `of`."""
    return {
        DemonstrationVillage: "demonstration_village",
        Enclave: "enclave",
        Organisation: "organisation",
        Pairing: "pairing",
        Park: "park",
        Project: "project",
        Region: "region",
    }[type(of)]


def wan(amount: int | str) -> Decimal:
    """万元 as the 元 that records carry."""
    return Decimal(amount) * 10_000


def region(
    code: str = "331122", name: str = "缙云县", parent: Region | None = None, **fields
) -> Region:
    fields.setdefault("level", RegionLevel.COUNTY)
    fields.setdefault(
        "kind", RegionKind.MOUNTAIN if fields["level"] is RegionLevel.COUNTY else None
    )
    return add(Region(code=code, name=name, parent=parent, **fields))


def zhejiang() -> dict[str, Region]:
    """A province with two cities, two mountain counties and one strong county, by name."""
    province = region("330000", "浙江省", level=RegionLevel.PROVINCE)
    lishui = region("331100", "丽水市", province, level=RegionLevel.CITY)
    hangzhou = region("330100", "杭州市", province, level=RegionLevel.CITY)
    places = [
        province,
        lishui,
        hangzhou,
        region("331122", "缙云县", lishui),
        region("331126", "庆元县", lishui),
        region("330111", "富阳区", hangzhou, kind=RegionKind.COASTAL_STRONG),
    ]
    return {place.name: place for place in places}


def listing(place: Region, county_class: str = "跨越发展类", **fields) -> CountyListing:
    return add(CountyListing(region=place, county_class=county_class, **fields))


def industrial_listing(place: Region, **fields) -> IndustrialListing:
    return add(IndustrialListing(region=place, **fields))


def pairing(supporter: Region, recipient: Region, **fields) -> Pairing:
    return add(Pairing(supporter=supporter, recipient=recipient, **fields))


def enclave(
    origin: Region, host: Region, kind: EnclaveKind | None = EnclaveKind.INCOME, **fields
) -> Enclave:
    number = next(_numbers)
    fields.setdefault("code", f"FD-{number:03}")
    fields.setdefault("name", f"示例飞地{number}号")
    return add(Enclave(origin_region=origin, host_region=host, kind=kind, **fields))


def term(of: Enclave, kind: TermKind = TermKind.FIXED_SUM, **fields) -> ReturnTerm:
    fields.setdefault("confirmed_at", SUBMITTED)
    return add(ReturnTerm(enclave=of, kind=kind, **fields))


def project(place: Region, **fields) -> Project:
    fields.setdefault("name", f"示例项目{next(_numbers)}号")
    fields.setdefault("category", ProjectCategory.INDUSTRY)
    fields.setdefault("in_scope", True)
    return add(Project(region=place, **fields))


def planned(of: Project, stage: PlannedStage, on: date, **fields) -> ProjectMilestone:
    fields.setdefault("responsible", "投资促进中心")
    return add(ProjectMilestone(project=of, stage=stage, planned_on=on, **fields))


def entry(
    of: Project | Enclave | Park | Pairing | DemonstrationVillage,
    kind: EntryKind,
    amount: Decimal,
    on: date,
    **fields,
) -> LedgerEntry:
    """A submitted entry of `amount` 元; a draft with `submitted_at=None`."""
    fields.setdefault("submitted_at", SUBMITTED)
    return add(
        LedgerEntry(**{subject_name(of): of}, kind=kind, amount=amount, occurred_on=on, **fields)
    )


def target(
    of: Region | Enclave | Park | Pairing, year: int, measure: str, value: int | str, **fields
) -> Target:
    return add(
        Target(**{subject_name(of): of}, year=year, measure=measure, value=Decimal(value), **fields)
    )


def user(role: Role, place: Region | None = None, password_hash: str = "!", **fields) -> User:
    fields.setdefault("username", f"user{next(_numbers)}")
    fields.setdefault("display_name", f"示例{role.label}")
    return add(
        User(
            role=role, region_id=place.id if place else None, password_hash=password_hash, **fields
        )
    )


def sign_in_attempt(username: str = "nobody", address: str = "192.0.2.1", **fields):
    fields.setdefault("at", datetime(2024, 6, 30, 8, tzinfo=UTC))
    return add(SignInAttempt(username=username, address=address, **fields))


def sent_form(user: User, **fields) -> SentForm:
    fields.setdefault("token", f"{next(_numbers):064}")
    fields.setdefault("address", "/visits/1")
    return add(SentForm(user_id=user.id, **fields))


def user_session(user: User, **fields) -> UserSession:
    moment = datetime(2024, 6, 30, 8, tzinfo=UTC)
    fields.setdefault("token_sha256", f"{next(_numbers):064x}")
    fields = {"begun_at": moment, "last_seen_at": moment, **fields}
    return add(UserSession(user_id=user.id, address="192.0.2.1", browser="Edge，Windows", **fields))


def organisation(kind: OrganisationKind = OrganisationKind.STATE_FIRM, **fields) -> Organisation:
    fields.setdefault("name", f"示例单位{next(_numbers)}")
    return add(Organisation(kind=kind, **fields))


def source(kind: SourceKind = SourceKind.OFFICIAL, **fields) -> Source:
    if kind is not SourceKind.COPY:
        fields.setdefault("url", f"https://example.org/{next(_numbers)}")
    return add(Source(kind=kind, **fields))


def sourced_value(of: Enclave | Project | Park, by: Source, **fields) -> SourcedValue:
    fields.setdefault("field", "total_investment")
    fields.setdefault("text", "1.2亿元")
    fields.setdefault(f"{subject_name(of)}_id", of.id)
    return add(SourcedValue(source=by, **fields))


def platform(place: Region, kind: PlatformKind = PlatformKind.NEW_AREA, **fields) -> Platform:
    fields.setdefault("name", f"示例新区{next(_numbers)}号")
    return add(Platform(region=place, kind=kind, **fields))


def pairing_round(**fields) -> PairingRound:
    fields.setdefault("code", f"R{next(_numbers)}")
    fields.setdefault("name", "示例轮次")
    fields.setdefault("starts_on", date(2021, 1, 1))
    return add(PairingRound(**fields))


def citation(of: Pairing, by: Source, **fields) -> PairingCitation:
    return add(PairingCitation(pairing=of, source=by, **fields))


def aid_group(county: Region, **fields) -> AidGroup:
    fields.setdefault("name", "示例帮扶团组")
    return add(AidGroup(county=county, **fields))


def aid_group_member(group: AidGroup, member: Organisation | Region, **fields) -> AidGroupMember:
    return add(AidGroupMember(group=group, **{subject_name(member): member}, **fields))


def park(
    supporter: Region, recipient: Region, kind: ParkKind = ParkKind.INDUSTRIAL, **fields
) -> Park:
    number = next(_numbers)
    fields.setdefault("code", f"YQ-{number:03}")
    fields.setdefault("name", f"示例产业园{number}号")
    return add(Park(supporter=supporter, recipient=recipient, kind=kind, **fields))


def agreement(of: Enclave, **fields) -> EnclaveAgreement:
    return add(EnclaveAgreement(enclave=of, **fields))


def tax_split(
    of: EnclaveAgreement, from_year: int = 2024, origin_share: int | str = "0.5", **fields
) -> TaxSplit:
    """`origin_share` is a part of the whole; the host has the rest."""
    share = Decimal(origin_share)
    fields.setdefault("confirmed_at", SUBMITTED)
    return add(
        TaxSplit(
            agreement=of, from_year=from_year, origin_share=share, host_share=1 - share, **fields
        )
    )


def agreement_document(
    of: EnclaveAgreement, kind: DocumentKind = DocumentKind.AGREEMENT, **fields
) -> AgreementDocument:
    fields.setdefault("title", "示例共建协议")
    return add(AgreementDocument(agreement=of, kind=kind, **fields))


def space(
    of: Enclave,
    quantity: int | str = 100,
    kind: SpaceKind = SpaceKind.LAND,
    step: SpaceStep = SpaceStep.AGREED,
    on: date = DAY,
    **fields,
) -> EnclaveSpace:
    """`quantity` is in 亩 of land or m² of floor."""
    fields.setdefault("confirmed_at", SUBMITTED if step is SpaceStep.AGREED else None)
    return add(
        EnclaveSpace(enclave=of, kind=kind, step=step, quantity=Decimal(quantity), on=on, **fields)
    )


def village(county: Region, **fields) -> Village:
    number = next(_numbers)
    fields.setdefault("code", f"331122{number:06}")
    fields.setdefault("name", f"示例{number}村")
    return add(Village(county=county, **fields))


def stake(of: Enclave, village: Village, **fields) -> VillageStake:
    return add(VillageStake(enclave=of, village=village, **fields))


def village_income(of: Village, year: int = 2024, operating: int | str = 0, **fields):
    """`operating` is in 元."""
    return add(VillageIncome(village=of, year=year, operating=Decimal(operating), **fields))


def demonstration_village(county: Region, **fields) -> DemonstrationVillage:
    number = next(_numbers)
    fields.setdefault("code", f"SF-{number:03}")
    fields.setdefault("name", f"示例示范点{number}号")
    return add(DemonstrationVillage(county=county, **fields))


def answered_doubt(entry: LedgerEntry, region: Region | None = None, **fields):
    """An answer about an entry that was submitted although it is above the total investment."""
    given = {
        "table_name": "ledger_entries",
        "record_id": entry.id,
        "name": f"台账 {entry.id} 号",
        "region_id": region.id if region else None,
        "year": entry.occurred_on.year,
        "rules": "above_limit",
        "words": "到位资金 200 万元，超过项目总投资 100 万元。",
        "reason": "项目已增资",
        **fields,
    }
    return add(AnsweredDoubt(**given))


def village_payment(of: LedgerEntry, village: Village, amount: Decimal, **fields):
    """A village's share of an entry, 元."""
    return add(VillagePayment(entry=of, village=village, amount=amount, **fields))


def operating_figure(
    of: Enclave | Park,
    item: Item = Item.REVENUE,
    value: int | str = 1,
    year: int = 2024,
    quarter: int = 1,
    **fields,
) -> OperatingFigure:
    """`value` is in the unit of `item`."""
    return add(
        OperatingFigure(
            **{subject_name(of): of},
            item=item,
            value=Decimal(value),
            year=year,
            quarter=quarter,
            **fields,
        )
    )


def tenant(of: Enclave | Park, **fields) -> Tenant:
    fields.setdefault("name", f"示例企业{next(_numbers)}")
    return add(Tenant(**{subject_name(of): of}, **fields))


def county_indicator(
    place: Region, indicator: str = "gdp", value: int | str = 1, year: int = 2024, **fields
) -> CountyIndicator:
    fields.setdefault("unit", "亿元")
    return add(
        CountyIndicator(
            region=place, indicator=indicator, value=Decimal(value), year=year, **fields
        )
    )


def published_total(by: Source, **fields) -> PublishedTotal:
    fields.setdefault("scope", "全省")
    fields.setdefault("indicator", "产业项目到位资金")
    fields.setdefault("text", "约100亿元")
    return add(PublishedTotal(source=by, **fields))


def plan_goal(**fields) -> PlanGoal:
    fields.setdefault("plan", "示例规划")
    fields.setdefault("scope", "示例市")
    fields.setdefault("indicator", "示例指标")
    fields.setdefault("text", "稳步下降")
    return add(PlanGoal(**fields))
