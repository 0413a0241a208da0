"""More records for tests: what people did beyond money and sites, and what proves it."""

from __future__ import annotations

import hashlib
import itertools
from datetime import UTC, date, datetime
from decimal import Decimal

from tests.factories import DAY, add, subject_name, wan
from tracker.core.db.audit import AuditAction, AuditEntry
from tracker.core.db.events import Event, EventKind
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.annual.models import AnnualTask, TaskAct, TaskEvent, TaskList, TaskPart
from tracker.records.applications.models import (
    Application,
    ApplicationAct,
    ApplicationEvent,
    ApplicationKind,
    ApplicationState,
)
from tracker.records.determinations.models import (
    Determination,
    Ruling,
    RulingAnswer,
    RulingLevel,
)
from tracker.records.enclaves.models import Enclave
from tracker.records.evidence.models import (
    PROVABLE,
    EvidenceCheck,
    EvidenceFile,
    EvidenceLink,
    FileState,
)
from tracker.records.exchanges.models import (
    ConsumptionAid,
    Field,
    InstitutionKind,
    InstitutionPair,
    JointEvent,
    JointMeeting,
    Secondment,
    Side,
    SpecialistPosting,
    Training,
    TrainingPurpose,
    Visit,
)
from tracker.records.findings.models import Adoption, Finding, FindingKind, Level
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.records.quarters.models import QuarterCell
from tracker.records.submissions.models import (
    Filing,
    FilingAct,
    FilingEvent,
    FilingKind,
    FilingPart,
    FilingPeriod,
    FilingState,
    Holiday,
    Part,
)
from tracker.records.supervision.models import (
    OrderAct,
    OrderState,
    SupervisionEvent,
    SupervisionOrder,
)
from tracker.records.villages.models import DemonstrationVillage
from tracker.records.works.models import KeyWork, Milestone, WorkAct, WorkEvent, WorkList
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.sampling_models import SampleCheck, SampledFact, Sampling
from tracker.year.rulebooks.models import SetAct, SetStatus, StoredAct, StoredFile, StoredSet

_numbers = itertools.count(1)


def _sha256() -> str:
    return hashlib.sha256(str(next(_numbers)).encode()).hexdigest()


def visit(of: Pairing, on: date = DAY, visitor: Side = Side.SUPPORTER, **fields) -> Visit:
    fields.setdefault("led_by", "示例领导")
    return add(Visit(pairing=of, visited_on=on, visitor=visitor, **fields))


def joint_meeting(of: Pairing, on: date = DAY, **fields) -> JointMeeting:
    return add(JointMeeting(pairing=of, met_on=on, **fields))


def joint_event(of: Pairing, on: date = DAY, **fields) -> JointEvent:
    fields.setdefault("title", "示例活动")
    return add(JointEvent(pairing=of, held_on=on, **fields))


def secondment(of: Pairing, starts_on: date = DAY, sent_by: Side = Side.SUPPORTER, **fields):
    fields.setdefault("person", "示例干部")
    return add(Secondment(pairing=of, starts_on=starts_on, sent_by=sent_by, **fields))


def specialist_posting(
    of: Pairing, people: int = 1, field: Field = Field.HEALTH, starts_on: date = DAY, **fields
) -> SpecialistPosting:
    return add(
        SpecialistPosting(pairing=of, people=people, field=field, starts_on=starts_on, **fields)
    )


def training(
    of: Pairing,
    people: int = 10,
    purpose: TrainingPurpose = TrainingPurpose.EMPLOYMENT,
    on: date = DAY,
    **fields,
) -> Training:
    return add(Training(pairing=of, people=people, purpose=purpose, held_on=on, **fields))


def institution_pair(
    of: Pairing, kind: InstitutionKind = InstitutionKind.SCHOOL, **fields
) -> InstitutionPair:
    fields.setdefault("supporter_name", "示例一中")
    fields.setdefault("recipient_name", "示例二中")
    fields.setdefault("signed_on", DAY)
    return add(InstitutionPair(pairing=of, kind=kind, **fields))


def consumption_aid(of: Pairing, amount: Decimal = Decimal(1), on: date = DAY, **fields):
    """`amount` is in 元."""
    return add(ConsumptionAid(pairing=of, amount=amount, bought_on=on, **fields))


def finding(
    of: Region | Enclave | Park,
    kind: FindingKind = FindingKind.INSPECTION,
    level: Level = Level.PROVINCE,
    **fields,
) -> Finding:
    fields.setdefault("found_on", DAY)
    fields.setdefault("document", "示例〔2024〕1号")
    fields.setdefault("summary", "示例问题")
    return add(Finding(**{subject_name(of): of}, kind=kind, level=level, **fields))


def adoption(place: Region, level: Level = Level.PROVINCE, **fields) -> Adoption:
    fields.setdefault("adopted_on", DAY)
    fields.setdefault("title", "示例经验")
    fields.setdefault("document", "示例〔2024〕2号")
    return add(Adoption(region=place, level=level, **fields))


def determination(
    of: Region | Enclave | Park | Pairing | DemonstrationVillage,
    measure: str = "example",
    ruling: Ruling = Ruling.ACCEPTED,
    level: RulingLevel = RulingLevel.PROVINCE,
    year: int = 2024,
    **fields,
) -> Determination:
    fields.setdefault(f"{subject_name(of)}_id", of.id)
    return add(Determination(measure=measure, ruling=ruling, level=level, year=year, **fields))


def ruling_answer(of: Determination, **fields) -> RulingAnswer:
    fields.setdefault("agrees", False)
    fields.setdefault("words", "凭证另附")
    return add(RulingAnswer(determination=of, **fields))


def sampling(snapshot: Snapshot, over: Region, **fields) -> Sampling:
    given = {
        "seed": "示例种子",
        "population": 40,
        "size": 1,
        "level": RulingLevel.PROVINCE,
        **fields,
    }
    return add(Sampling(year=snapshot.year, snapshot=snapshot, region=over, **given))


def sampled_fact(of: Sampling, county: Region | None = None, **fields) -> SampledFact:
    given = {
        "place": 1,
        "sheet": "zj-recipient-county",
        "subject_code": county.code if county else "331122",
        "subject_name": county.name if county else "缙云县",
        "measure": "projects.counted",
        "reported": Decimal(1),
        **fields,
    }
    return add(SampledFact(sampling=of, region=county, **given))


def sample_check(of: SampledFact, **fields) -> SampleCheck:
    fields.setdefault("passed", True)
    return add(SampleCheck(fact=of, **fields))


def filing(of: Region | Enclave, year: int = 2024, kind: FilingKind = FilingKind.Q1, **fields):
    fields.setdefault("due_on", DAY)
    if fields.get("filed_at") is not None:
        fields.setdefault("state", FilingState.SUBMITTED)
    return add(Filing(**{subject_name(of): of}, year=year, kind=kind, **fields))


def file(filing: Filing, at: datetime) -> None:
    """Let `filing` have been filed at `at`."""
    filing.filed_at, filing.state = at, FilingState.SUBMITTED


def filing_event(of: Filing, act: FilingAct = FilingAct.STARTED, **fields) -> FilingEvent:
    fields.setdefault("from_state", FilingState.NOT_STARTED)
    fields.setdefault("to_state", FilingState.ENTERING)
    return add(FilingEvent(filing=of, act=act, **fields))


def filing_part(of: Filing, part: Part = Part.PROJECTS, **fields) -> FilingPart:
    fields.setdefault("bureau", "商务局")
    fields.setdefault("due_on", DAY)
    return add(FilingPart(filing=of, part=part, **fields))


def filing_period(year: int = 2024, kind: FilingKind = FilingKind.Q1, **fields) -> FilingPeriod:
    fields.setdefault("stated_on", DAY)
    fields.setdefault("due_on", fields["stated_on"])
    return add(FilingPeriod(year=year, kind=kind, **fields))


def quarter_cell(of: Project | Enclave, by: User, **fields) -> QuarterCell:
    """A cell of the grid of the first quarter of 2024 into which `by` typed."""
    column = "project" if isinstance(of, Project) else "enclave"
    place = of.region_id if isinstance(of, Project) else of.origin_id
    fields = {"field": "money.funds_in_place", "typed": "12", "value": wan(12), **fields}
    made = {"year": 2024, "quarter": 1, "region_id": place, f"{column}_id": of.id, **fields}
    return add(QuarterCell(edited_by_id=by.id, **made))


def application(
    place: Region, kind: ApplicationKind = ApplicationKind.FUND, **fields
) -> Application:
    fields.setdefault("name", f"示例申报{next(_numbers)}")
    fields.setdefault("works", "建设内容")
    fields.setdefault("year", 2024)
    return add(Application(county=place, kind=kind, **fields))


def application_event(
    of: Application, act: ApplicationAct = ApplicationAct.SUBMITTED, **fields
) -> ApplicationEvent:
    fields.setdefault("from_state", ApplicationState.APPROVED)
    fields.setdefault("to_state", ApplicationState.SUBMITTED)
    return add(ApplicationEvent(application=of, act=act, **fields))


def supervision_order(place: Region, issuer: Region, **fields) -> SupervisionOrder:
    fields.setdefault("name", f"示例督办{next(_numbers)}")
    fields.setdefault("demand", "说明情况")
    fields.setdefault("due_on", date(2024, 7, 1))
    return add(SupervisionOrder(county=place, issuer=issuer, **fields))


def supervision_event(
    of: SupervisionOrder, act: OrderAct = OrderAct.ANSWERED, **fields
) -> SupervisionEvent:
    fields.setdefault("from_state", OrderState.ISSUED)
    fields.setdefault("to_state", OrderState.ANSWERED)
    fields.setdefault("reason", "已办")
    return add(SupervisionEvent(order=of, act=act, **fields))


def key_work(place: Region, sheet: WorkList = WorkList.TASK, **fields) -> KeyWork:
    fields.setdefault("name", f"示例工作{next(_numbers)}")
    fields.setdefault("responsible", "发展改革局")
    fields.setdefault("starts_on", date(2024, 1, 1))
    fields.setdefault("due_on", date(2024, 12, 31))
    return add(KeyWork(region=place, sheet=sheet, **fields))


def milestone(of: KeyWork, **fields) -> Milestone:
    fields.setdefault("name", f"示例节点{next(_numbers)}")
    fields.setdefault("planned_on", date(2024, 6, 30))
    return add(Milestone(work=of, **fields))


def work_event(of: KeyWork, act: WorkAct = WorkAct.REPORTED, **fields) -> WorkEvent:
    fields.setdefault("words", "正在推进")
    return add(WorkEvent(work=of, act=act, **fields))


def holiday(day: date = date(2031, 1, 1), **fields) -> Holiday:
    fields.setdefault("name", "元旦")
    return add(Holiday(day=day, **fields))


def evidence_file(**fields) -> EvidenceFile:
    fields.setdefault("sha256", _sha256())
    fields.setdefault("size", 1)
    fields.setdefault("media_type", "application/pdf")
    return add(EvidenceFile(**fields))


def evidence_check(file: EvidenceFile, **fields) -> EvidenceCheck:
    fields.setdefault("checked_at", now())
    fields.setdefault("state", FileState.SOUND)
    return add(EvidenceCheck(file_id=file.id, size=1, modified_ns=1, **fields))


def evidence_link(file: EvidenceFile, fact, kind: str = "其他材料", **fields) -> EvidenceLink:
    """`fact` is a record of any kind that PROVABLE names."""
    links = EvidenceLink.__table__.c
    column = next(
        f"{name}_id"
        for name in PROVABLE
        if links[f"{name}_id"].references(type(fact).__table__.c.id)
    )
    fields.setdefault("name", "示例材料.pdf")
    return add(EvidenceLink(file=file, kind=kind, **{column: fact.id}, **fields))


def snapshot(year: int = 2024, **fields) -> Snapshot:
    fields.setdefault("sha256", _sha256())
    fields.setdefault("facts_sha256", _sha256())
    fields.setdefault("engine", "1")
    fields.setdefault("frozen_at", datetime(2025, 3, 1, tzinfo=UTC))
    fields.setdefault("content", b"{}")
    return add(Snapshot(year=year, **fields))


def rulebook_set(**fields) -> StoredSet:
    fields.setdefault("year", 2030)
    fields.setdefault("name", "示例细则")
    fields.setdefault("status", SetStatus.DESIGNED)
    return add(StoredSet(**fields))


def rulebook_file(of: StoredSet, **fields) -> StoredFile:
    fields.setdefault("path", f"{next(_numbers)}.toml")
    fields.setdefault("text", f"year = {of.year}\n")
    return add(StoredFile(set_id=of.id, **fields))


def rulebook_act(of: StoredSet, **fields) -> StoredAct:
    fields.setdefault("act", SetAct.MADE)
    fields.setdefault("about", "")
    return add(StoredAct(set_id=of.id, **fields))


def scorecard(of: Snapshot, place: Region | None, **fields) -> ScorecardRow:
    fields.setdefault("sheet", "counties")
    fields.setdefault("subject_code", f"S{next(_numbers)}")
    fields.setdefault("subject_name", "示例县")
    for total in ("total", "self_total", "city_total", "province_total"):
        fields.setdefault(total, Decimal(90))
    fields.setdefault("grade", "优秀")
    fields.setdefault("complete", True)
    return add(ScorecardRow(snapshot=of, region=place, **fields))


def event(kind: EventKind = EventKind.DOWNLOADED, **fields) -> Event:
    fields.setdefault("about", "示例文件.pdf")
    return add(Event(kind=kind, **fields))


def audit_entry(action: AuditAction = AuditAction.CREATED, **fields) -> AuditEntry:
    fields.setdefault("table_name", "projects")
    fields.setdefault("record_id", 1)
    fields.setdefault("changes", "{}")
    return add(AuditEntry(action=action.value, **fields))


def task_list(of: Region, year: int = 2024, **fields) -> TaskList:
    return add(TaskList(region=of, year=year, **fields))


def annual_task(year: int = 2024, number: int = 1, **fields) -> AnnualTask:
    fields.setdefault("name", f"示例任务{number}")
    fields.setdefault("due_on", date(year, 12, 31))
    return add(AnnualTask(year=year, number=number, **fields))


def task_part(of: TaskList, task: AnnualTask, to: Region | str, **fields) -> TaskPart:
    fields.setdefault("given", True)
    fields.setdefault("drafted", fields["given"])
    fields.setdefault("draft_value", fields.get("value"))
    receiver = {"bureau": to} if isinstance(to, str) else {"region": to}
    return add(TaskPart(list=of, task=task, **receiver, **fields))


def task_event(of: TaskList, act: TaskAct = TaskAct.ISSUED, **fields) -> TaskEvent:
    if act in (TaskAct.ISSUED, TaskAct.ADJUSTED):
        fields.setdefault("revision", 1)
        fields.setdefault("content", '{"tasks": []}')
    return add(TaskEvent(list=of, act=act, **fields))
