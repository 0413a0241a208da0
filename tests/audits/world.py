"""A world with a row of every kind in two counties of one city, and a user of every role at each
level. What belongs to 庆元县 carries `MARK`, so that a page that shows it can be told."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, timedelta

import pikepdf
from sqlalchemy import Select, Table, select

from tests import courses, objecting
from tests import factories as make
from tests import factories_acts as acts
from tests import factories_papers as papers
from tests import factories_trials as trials
from tests.pdfs import pdf
from tracker.core.db import Base, db
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.annual.models import AnnualTask, TaskAct, TaskList
from tracker.records.background.models import WorkState
from tracker.records.determinations.models import Determination
from tracker.records.enclaves.models import EnclaveKind, TermKind
from tracker.records.evidence.service import hand_in, keep
from tracker.records.ledger.models import EntryKind
from tracker.records.places.models import Region, RegionLevel
from tracker.records.projects.models import PlannedStage
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.service import freeze_and_score
from tracker.year.procedure.models import Act, Stage
from tracker.year.procedure.queries import assessment_of

YEAR = 2024
OWN, FOREIGN, PARTNER = "331122", "331126", "330111"
MARK = "庆元独有"
ISSUED = {"issued_total": None, "issued_due_on": date(YEAR, 12, 31)}

# (name, role, code of the region): what each may see of 缙云县 follows from the region alone.
USERS = (
    ("staff", Role.STAFF, OWN),
    ("neighbour", Role.STAFF, FOREIGN),
    ("partner", Role.STAFF, PARTNER),
    ("city_staff", Role.STAFF, "331100"),
    ("reviewer", Role.REVIEWER, "331100"),
    ("far_reviewer", Role.REVIEWER, "330800"),
    ("assessor", Role.ASSESSOR, "330000"),
    ("county_leader", Role.LEADER, OWN),
    ("far_leader", Role.LEADER, "330825"),
    ("leader", Role.LEADER, "330000"),
    ("administrator", Role.ADMINISTRATOR, ""),
)

PDF = pdf()


# An order is for who issued it and who answers; what it is about may have other sides.
ABOUT = {
    "supervision_orders": (
        "pairing_id",
        "enclave_id",
        "park_id",
        "project_id",
        "filing_id",
        "key_work_id",
        "snapshot_id",
    )
}


@dataclass
class World:
    """`users`: ids by name. `records`: for each table the id of a row of 缙云县, or of one that
    belongs to no place. `touched`: the codes of the regions that are a side of that row."""

    users: dict[str, int] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)
    touched: dict[str, frozenset[str]] = field(default_factory=dict)

    def __getitem__(self, user: str) -> int:
        return self.users[user]


def build_world() -> World:
    """Add all records to the present session, a snapshot of `YEAR` among them."""
    places = make.zhejiang()
    quzhou = make.region("330800", "衢州市", places["浙江省"], level=RegionLevel.CITY)
    make.region("330825", "龙游县", quzhou)
    regions = {place.code: place for place in db.session.scalars(select(Region))}
    users = {
        name: make.user(role, regions.get(code), username=name, display_name=f"示例用户{number}")
        for number, (name, role, code) in enumerate(USERS)
    }
    source = make.source()
    make.pairing_round()
    make.published_total(source)
    make.plan_goal(year=YEAR)
    make.target(places["丽水市"], YEAR, "projects.counted", 20)
    make.sign_in_attempt()
    make.user_session(users["staff"])
    acts.event()
    acts.filing_period(YEAR)
    acts.annual_task(YEAR, measure="projects.counted", total=20, **ISSUED)
    acts.annual_task(YEAR, 2, name="编制方案", **ISSUED)
    draft = acts.rulebook_set(year=YEAR + 5)
    acts.rulebook_file(draft, path="set.toml", text=f"year = {YEAR + 5}\nrulebooks = []\n")
    acts.rulebook_act(draft)
    acts.task_event(acts.task_list(places["丽水市"], YEAR, state="issued", revision=1))
    for code, mark in ((OWN, ""), (FOREIGN, MARK)):
        county(regions[code], regions[PARTNER], source, users["assessor"], mark)
    _course(regions[FOREIGN], regions[OWN])
    snapshot = freeze_and_score(YEAR, users["assessor"])
    _papers(snapshot, regions, users["assessor"])
    trial = trials.trial(YEAR)
    for place in (regions[FOREIGN], regions[OWN]):
        trials.trial_card(trial, place)
        drawn = acts.sampling(snapshot, places["浙江省"])
        acts.sample_check(acts.sampled_fact(drawn, place))
        ruling = db.session.scalars(_ruled(place)).one()
        acts.ruling_answer(ruling)
        _objections(snapshot, place, ruling, users["assessor"])
    found = World(users={name: user.id for name, user in users.items()})
    for table in Base.metadata.sorted_tables:
        _choose(table, found)
    return found


def _course(*places: Region) -> None:
    """The year in its review by the province, with a card reviewed and a line accepted of each."""
    of = courses.assessment(YEAR, Stage.PROVINCE)
    courses.event(of, Act.OPENED)
    for place in places:
        courses.review(of, subject_code=place.code)
        courses.gap(of, subject_code=place.code)


def _objections(snapshot: Snapshot, place: Region, ruling: Determination, assessor: User) -> None:
    """One that waits, with a file, and one that was answered."""
    year = assessment_of(YEAR)
    assert year is not None, "made by _course"
    mark = MARK if place.code == FOREIGN else ""
    waiting = objecting.plain(year, place, snapshot, words=f"{mark}示例申诉")
    objecting.event(waiting, "filed")
    hand_in(waiting, keep(PDF), f"{mark}示例申诉.pdf", "其他材料", assessor)
    objecting.answered(objecting.plain(year, place, snapshot, line="A1.1"), ruling)


def _ruled(place: Region) -> Select[Determination]:
    return select(Determination).where(Determination.region_id == place.id)


def county(place: Region, supporter: Region, source, assessor: User, mark: str) -> None:
    """One row of every kind that belongs to `place`."""
    make.listing(place)
    make.industrial_listing(place)
    make.platform(supporter, name=f"示例新区{place.code}")  # lists that all share carry no mark
    make.platform(place, name=f"县内新区{place.code}")
    organisation = make.organisation(name=f"示例集团{place.code}", region_id=place.id)
    group = make.aid_group(place, name=f"{mark}帮扶团组")
    make.aid_group_member(group, organisation)
    pairing = make.pairing(supporter, place, since=date(2021, 1, 1))
    make.citation(pairing, source)
    _sites(place, supporter, source, mark)
    project = make.project(
        place,
        name=f"{mark}智能装备项目",
        pairing=pairing,
        total_investment=make.wan(12_000),
        signed_on=date(2024, 3, 1),
        started_on=date(2024, 6, 1),
    )
    make.planned(project, PlannedStage.COMPLETED, date(2025, 6, 30), next_step=f"{mark}主体封顶")
    make.sourced_value(project, source, field="investor", text=f"{mark}甲公司", adopted=True)
    entry = make.entry(
        project, EntryKind.COMPLETED_INVESTMENT, make.wan(3000), date(2024, 9, 1), note="三季度"
    )
    make.entry(
        project,
        EntryKind.FUNDS_IN_PLACE,
        make.wan(40),
        date(2024, 10, 1),
        note=f"{mark}草稿",
        submitted_at=None,
    )
    _acts(place, pairing, mark)
    make.target(place, YEAR, "projects.counted", 10)
    make.county_indicator(place, source=source)
    filing = acts.filing(place)
    acts.filing_event(filing)
    acts.filing_part(filing)
    _tasks(place, mark)
    application = acts.application(place, name=f"{mark}示例申报", project=project)
    acts.application_event(application, reason=f"{mark}示例说明")
    order = acts.supervision_order(
        place, place.parent, name=f"{mark}示例督办", project=project, due_on=date(YEAR, 6, 30)
    )
    acts.supervision_event(order, reason=f"{mark}示例情况")
    work = acts.key_work(place, name=f"{mark}示例重点工作")
    acts.work_event(work, milestone=acts.milestone(work, name=f"{mark}示例节点"), day=make.DAY)
    acts.quarter_cell(project, assessor, typed=f"{mark}12", value=None)
    acts.finding(place, summary=f"{mark}示例问题")
    acts.adoption(place, title=f"{mark}示例经验")
    acts.determination(place, measure="projects.counted", ruled_by_id=assessor.id)
    for fact in (project, entry, filing, application, order, work):
        hand_in(fact, keep(PDF), f"{mark}示例材料.pdf", "其他材料", assessor)


def _sites(place: Region, supporter: Region, source, mark: str) -> None:
    enclave = make.enclave(
        place,
        supporter,
        EnclaveKind.INCOME,
        name=f"{mark}消薄飞地",
        village_capital=make.wan(1000),
        total_capital=make.wan(2000),
        signed_on=date(2020, 1, 1),
        in_use_on=date(2021, 1, 1),
    )
    make.sourced_value(enclave, source)
    make.term(enclave, TermKind.FIXED_SUM, amount=make.wan(100), starts_on=date(2023, 1, 1))
    agreement = make.agreement(enclave)
    make.tax_split(agreement)
    make.agreement_document(agreement, title=f"{mark}共建协议")
    make.space(enclave)
    village = make.village(place, name=f"{mark}示例村")
    make.stake(enclave, village)
    make.village_income(village, operating=500_000)
    rebate = make.entry(
        enclave,
        EntryKind.REBATE,
        make.wan(100),
        date(2024, 12, 1),
        villages=8,
        note=mark,
        submitted_at=None,
    )
    make.village_payment(rebate, village, make.wan(10))
    rebate.submitted_at = make.SUBMITTED
    make.answered_doubt(rebate, place, reason=f"{mark}项目已增资")
    draft = make.entry(
        enclave, EntryKind.REBATE, make.wan(50), date(2024, 12, 2), note=mark, submitted_at=None
    )
    make.village_payment(draft, village, make.wan(5))
    park = make.park(supporter, place, name=f"{mark}山海协作产业园")
    make.sourced_value(park, source)
    for site in (enclave, park):
        make.operating_figure(site)
        make.tenant(site, name=f"{mark}示例企业")
    spot = make.demonstration_village(place, name=f"{mark}示范点")
    make.entry(spot, EntryKind.FUNDS_IN_PLACE, make.wan(10), date(2024, 5, 1), note=mark)


def _acts(place: Region, pairing, mark: str) -> None:
    acts.visit(pairing, led_by=f"{mark}领导")
    acts.joint_meeting(pairing)
    acts.joint_event(pairing, title=f"{mark}活动")
    acts.secondment(pairing, person=f"{mark}干部")
    acts.specialist_posting(pairing)
    acts.training(pairing)
    acts.institution_pair(pairing, supporter_name=f"{mark}一中")
    acts.consumption_aid(pairing, make.wan(5))


def _tasks(place: Region, mark: str) -> None:
    """What the county was given of the year's tasks, what it gave on, and what it is about to."""
    above = db.session.scalars(
        select(TaskList).where(TaskList.region_id == place.parent_id, TaskList.year == YEAR)
    ).one()
    figure, milestone = db.session.scalars(select(AnnualTask).order_by(AnnualTask.id).limit(2))
    own = acts.task_list(place, YEAR, state="issued", revision=1)
    acts.task_event(own)
    given = acts.task_part(own, milestone, f"{mark}教育局")
    acts.task_event(own, TaskAct.DONE, part=given, reason=f"{mark}已印发")
    acts.task_part(above, milestone, place, responsible=f"{mark}示例甲")
    acts.task_part(above, figure, place, value=10)
    acts.task_part(own, figure, f"{mark}商务局", given=False, drafted=True, draft_value=10)


def _papers(snapshot: Snapshot, regions: dict[str, Region], assessor: User) -> None:
    """An issue whose two papers are for one county each, a task that waits, and an archive."""
    blank = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(blank)
    issue = papers.paper_issue(snapshot)
    for number, code in enumerate((OWN, FOREIGN)):
        content = blank.getvalue() + b"%" + str(number).encode()
        name = f"{MARK if code == FOREIGN else ''}评分表"
        paper = papers.issued_paper(
            issue, regions[code], content=content, subject_code=code, subject_name=name
        )
        papers.signed_paper(paper, signer=f"{name}签章")
    papers.paper_task(issue)
    papers.paper_check()
    job = papers.background_job(
        kind="issuing.archive",
        arguments=f"[{issue.id}]",
        title=f"{YEAR} 年度第 1 次签发的全部原件压缩包",
        asked_by_id=assessor.id,
        asked_role=assessor.role,
        asked_region_id=assessor.region_id,
        state=WorkState.DONE,
        ended_at=now(),
        kept_until=now() + timedelta(days=30),
        file_name="全部原件.zip",
        file_type="application/zip",
        file_size=2,
    )
    papers.background_chunk(job, content=b"PK")
    reminded = select(User).where(User.region_id.is_not(None)).order_by(User.id)
    for number, user in enumerate(db.session.scalars(reminded), 1):
        papers.reminder(user, subject=str(number))


def _choose(table: Table, world: World) -> None:
    """The first row of `table` that touches 缙云县; else the first that touches no place."""
    if "id" not in table.columns:
        return
    for number in db.session.scalars(select(table.c.id).order_by(table.c.id)):
        codes = frozenset(touched_by(table, number))
        if OWN in codes or not codes:
            world.records[table.name] = number
            world.touched[table.name] = codes
            return


def touched_by(table: Table, number: int) -> set[str]:
    """The codes of the places that a row names, or that a record names to which it belongs.

    Who wrote a row, from where, and which source it cites say nothing of its place.
    """
    if table.name == "regions":
        return set(db.session.scalars(select(table.c.code).where(table.c.id == number)))
    row = db.session.execute(select(table).where(table.c.id == number)).mappings().one()
    found: set[str] = set()
    for column in table.columns:
        if column.name == "asked_region_id" or column.name in ABOUT.get(table.name, ()):
            continue
        for key in column.foreign_keys:
            parent = key.column.table
            if parent.name in ("users", "sources", table.name) or row[column.name] is None:
                continue
            found |= touched_by(parent, row[column.name])
    return found | _joined(table, number)


def _joined(table: Table, number: int) -> set[str]:
    """The codes of the places to which a table of nothing but keys joins a row."""
    found: set[str] = set()
    for other in Base.metadata.sorted_tables:
        if not all(column.foreign_keys or column.primary_key for column in other.columns):
            continue
        keys = {key.column.table.name: c for c in other.columns for key in c.foreign_keys}
        if table.name in keys and "regions" in keys:
            regions = Base.metadata.tables["regions"].c
            joined = select(regions.code).join(other, keys["regions"] == regions.id)
            found |= set(db.session.scalars(joined.where(keys[table.name] == number)))
    return found
