"""The yearly task list: divided level by level, issued, adjusted, and how far each part is."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tracker.core.db import db
from tracker.core.db.audit import AuditEntry
from tracker.core.quantities import days
from tracker.records.accounts.permissions import Role
from tracker.records.annual import issuing, progress_rules, reporting, service
from tracker.records.annual.grid import adds_up, allotted
from tracker.records.annual.kinds import TASK_PARTS
from tracker.records.annual.models import AnnualTask, ListState, TaskAct, TaskEvent, TaskPart
from tracker.records.annual.progress_rules import Standing, expected_on, progress_part
from tracker.records.annual.queries import taken_back, versions_of
from tracker.records.annual.service import NotTheirsError, TaskError, Typed
from tracker.records.annual.sheet_rules import sheet_of
from tracker.records.annual.shown import STATES, View
from tracker.records.ledger.models import EntryKind
from tracker.records.quarters.reading import BlockError
from tracker.records.targets.models import Target
from tracker.site import task_lists
from tracker.site.task_lists import tasks_waiting, to_divide
from tracker.year.measures.collect import collect
from tracker.year.measures.declare import SubjectKind

YEAR = 2024
FUNDS, LARGE = "projects.funds_in_place", "projects.large"


class Office:
    """A province that divides: its places, its people, and a task of each sort."""

    def __init__(self) -> None:
        self.places = make.zhejiang()
        self.province, self.city = self.places["浙江省"], self.places["丽水市"]
        self.jinyun, self.qingyuan = self.places["缙云县"], self.places["庆元县"]
        self.far = self.places["杭州市"]
        self.assessor = make.user(Role.ASSESSOR, self.province)
        self.reviewer = make.user(Role.REVIEWER, self.city)
        self.staff = make.user(Role.STAFF, self.jinyun)
        self.neighbour = make.user(Role.STAFF, self.qingyuan)
        self.leader = make.user(Role.LEADER, self.province)
        self.funds = acts.annual_task(YEAR, 1, name="到位资金", measure=FUNDS, total=Decimal(1000))
        self.large = acts.annual_task(YEAR, 2, name="亿元项目", measure=LARGE, total=Decimal(7))
        self.plan = acts.annual_task(YEAR, 3, name="编制方案", due_on=date(YEAR, 6, 30))

    def sheet(self, place, more: tuple[str, ...] = ()):
        db.session.flush()
        db.session.expire_all()
        return sheet_of(place, YEAR, more)

    def type(self, user, place, **cells: str) -> None:
        """Type into the cells `f1_缙云县`: the task's number and the receiver."""
        sheet = self.sheet(place)
        names = {row.name: row.key for row in sheet.rows}
        numbers = {column.task.number: column.task.id for column in sheet.columns}
        for name, text in cells.items():
            number, _, to = name.removeprefix("f").partition("_")
            cell = sheet.cells[f"{numbers[int(number)]}.{names[to]}"]
            done = service.save(user, sheet, [Typed(cell.address, text, cell.version)])
            assert not done.refused, done.refused
            sheet = self.sheet(place)

    def issue(self, user, place, **options) -> TaskEvent:
        return issuing.issue(user, self.sheet(place), **options)

    def down_to_counties(self) -> None:
        self.type(
            self.assessor,
            self.province,
            f1_丽水市="600",
            f1_杭州市="400",
            f2_丽水市="5",
            f2_杭州市="2",
            f3_丽水市="是",
        )
        self.issue(self.assessor, self.province)
        self.type(
            self.reviewer,
            self.city,
            f1_缙云县="350",
            f1_庆元县="250",
            f2_缙云县="3",
            f2_庆元县="2",
            f3_缙云县="是",
        )
        self.issue(self.reviewer, self.city)


def part_of(place, task: AnnualTask) -> TaskPart:
    wanted = select(TaskPart).where(TaskPart.region_id == place.id, TaskPart.task_id == task.id)
    return db.session.scalars(wanted).one()


def test_parts_become_the_targets_of_the_year_and_nobody_sees_drafts(app: Flask) -> None:
    office = Office()
    office.type(office.assessor, office.province, f1_丽水市="600", f1_杭州市="400")
    assert db.session.scalars(select(Target)).all() == []
    wanted = TASK_PARTS.seen_by(office.reviewer)
    assert db.session.scalars(wanted).all() == []
    assert office.sheet(office.city).columns == []
    office.type(office.assessor, office.province, f2_丽水市="5", f2_杭州市="2", f3_丽水市="√")
    office.issue(office.assessor, office.province)
    assert [c.whole for c in office.sheet(office.city).columns] == [Decimal(600), Decimal(5), None]
    office.type(office.reviewer, office.city, f1_缙云县="350", f1_庆元县="250")
    reason = "其余两项下月分解"
    office.issue(office.reviewer, office.city, reason=reason)
    target = db.session.scalars(select(Target).where(Target.region_id == office.jinyun.id)).one()
    assert (target.measure, target.value, target.year) == (FUNDS, Decimal(350), YEAR)
    assert target.parent is part_of(office.city, office.funds).target
    assert [event.reason for event in versions_of(office.sheet(office.city).record)] == [reason]


def test_what_does_not_add_up_is_said_and_issued_with_a_reason_alone(sqlite_app: Flask) -> None:
    office = Office()
    office.type(
        office.assessor, office.province, f1_丽水市="600.01", f1_杭州市="400", f2_丽水市="5"
    )
    by_name = {check.column.task.name: check for check in office.sheet(office.province).checks}
    assert by_name["到位资金"].words == "合计 1,000.01 万元，比任务 1,000 万元 多 0.01 万元"
    assert by_name["亿元项目"].words == "合计 5 个，比任务 7 个 少 2 个"
    assert by_name["亿元项目"].places_without == "没有分到的：杭州市"
    assert by_name["编制方案"].words == "尚未分给任何一处"
    with pytest.raises(TaskError, match=r"多 0\.01 万元。仍要下达的，请写明理由"):
        office.issue(office.assessor, office.province)
    assert office.sheet(office.province).record.state is ListState.DRAFT
    event = office.issue(office.assessor, office.province, reason="杭州的另行下达")
    assert (event.act, event.revision, event.reason) == (TaskAct.ISSUED, 1, "杭州的另行下达")


def test_each_task_that_does_not_add_up_has_a_reason_of_its_own(sqlite_app: Flask) -> None:
    office = Office()
    fits = {"f3_丽水市": "是"}
    office.type(office.assessor, office.province, f1_丽水市="900", f2_丽水市="5", **fits)
    whys = {office.funds.id: "预留机动"}
    with pytest.raises(TaskError, match="“亿元项目”合计 5 个，比任务 7 个 少 2 个"):
        office.issue(office.assessor, office.province, whys=whys)
    whys[office.large.id] = "杭州的另行下达"
    event = office.issue(office.assessor, office.province, whys=whys)
    kept = {task["name"]: task["why"] for task in json.loads(event.content)["tasks"]}
    assert kept == {"到位资金": "预留机动", "亿元项目": "杭州的另行下达", "编制方案": ""}
    trail = select(AuditEntry.reason).where(AuditEntry.table_name == "task_parts")

    def reasons(task: AnnualTask) -> set[str]:
        own = AuditEntry.record_id == part_of(office.city, task).id
        return set(db.session.scalars(trail.where(own, AuditEntry.reason.is_not(None))))

    assert reasons(office.funds) == {"预留机动"}
    assert reasons(office.plan) == {"下达"}
    # An adjustment of one task tells its reason of that task, not of those that lacked before.
    office.type(office.assessor, office.province, f2_丽水市="7")
    office.issue(office.assessor, office.province, reason="都给丽水", whys=whys)
    assert reasons(office.funds) == {"预留机动"}
    assert issuing.whys_of(office.sheet(office.province)) == {office.funds.id: "预留机动"}


def test_a_task_of_nothing_needs_no_parts(sqlite_app: Flask) -> None:
    office = Office()
    office.funds.total = Decimal(0)
    db.session.flush()
    (check,) = (each for each in office.sheet(office.province).checks if each.is_nothing)
    assert (check.fits, check.words) == (True, "任务为 0，不必分解")
    office.type(office.assessor, office.province, f1_丽水市="5")
    (check,) = (each for each in office.sheet(office.province).checks if each.is_nothing)
    assert (check.fits, check.words) == (False, "合计 5 万元，比任务 0 万元 多 5 万元")


def test_shares_are_not_added_up_and_a_milestone_takes_no_number(sqlite_app: Flask) -> None:
    office = Office()
    share = acts.annual_task(YEAR, 4, name="达标村占比", measure="village_income.met_share")
    office.type(office.assessor, office.province, f4_丽水市="85", f4_杭州市="90%")
    sheet = office.sheet(office.province)
    check = next(c for c in sheet.checks if c.column.task is share)
    assert check.missing is None
    assert check.fits
    assert "比例不相加，各处分别下达" in check.words
    assert [c.value for c in sheet.of_column(check.column)] == [Decimal("0.9"), Decimal("0.85")]
    assert [adds_up(unit) for unit in ("万元", "个", "比例", "万元/亩", "")] == [
        *(True, True),
        *(False, False, False),
    ]
    milestone = f"{office.plan.id}.331100"
    for text, said in (("3", "事项任务没有数"), ("=1", "事项任务没有数")):
        done = service.save(office.assessor, sheet, [Typed(milestone, text, 0)])
        assert said in done.refused[0].words
    whole = f"{office.large.id}.331100"
    done = service.save(office.assessor, sheet, [Typed(whole, "2.5", 0)])
    assert done.refused[0].words == "单位为个，须为整数。"
    at = f"{share.id}.331100"
    done = service.save(office.assessor, sheet, [Typed(at, "100.1%", sheet.cells[at].version)])
    assert done.refused[0].words == "比例不能大于 100%。"


def test_who_may_divide_and_issue_what(sqlite_app: Flask) -> None:
    office = Office()
    office.down_to_counties()
    for user, place in (
        (office.reviewer, office.province),
        (office.staff, office.city),
        (office.neighbour, office.jinyun),
        (office.assessor, office.city),
        (office.leader, office.province),
        (make.user(Role.STAFF, office.province), office.province),
        (make.user(Role.LEADER, office.jinyun), office.jinyun),
    ):
        sheet = office.sheet(place)
        cell = next(iter(sheet.cells.values()))
        with pytest.raises(NotTheirsError):
            service.save(user, sheet, [Typed(cell.address, "1", cell.version)])
        with pytest.raises(NotTheirsError):
            issuing.issue(user, sheet, reason="试")
    office.type(office.staff, office.jinyun, f1_商务局="350", f2_商务局="3", f3_农业农村局="是")
    assert office.issue(office.staff, office.jinyun).revision == 1
    # A bureau's part is no target of anybody.
    assert len(db.session.scalars(select(Target)).all()) == 8


def test_a_city_does_not_overrule_what_the_province_set_by_itself(sqlite_app: Flask) -> None:
    office = Office()
    set_before = make.target(office.jinyun, YEAR, FUNDS, 300)
    with pytest.raises(TaskError, match="缙云县的“到位资金”已由省级另行下达 300 万元"):
        office.down_to_counties()
    assert set_before.value == 300
    office.type(office.reviewer, office.city, f1_缙云县="300", f1_庆元县="300")
    office.issue(office.reviewer, office.city)
    assert part_of(office.jinyun, office.funds).target is set_before


def test_an_adjustment_has_a_reason_and_keeps_the_version_before(app: Flask) -> None:
    office = Office()
    office.down_to_counties()
    office.type(office.reviewer, office.city, f1_缙云县="300", f1_庆元县="300")
    jinyun = part_of(office.jinyun, office.funds)
    assert (jinyun.value, jinyun.draft_value, jinyun.target.value) == (350, 300, 350)
    with pytest.raises(TaskError, match="请写明理由"):
        office.issue(office.reviewer, office.city)
    event = office.issue(office.reviewer, office.city, reason="缙云承接能力不足")
    assert (event.act, event.revision) == (TaskAct.ADJUSTED, 2)
    assert (jinyun.value, jinyun.target.value) == (300, 300)
    kept = [json.loads(each.content)["tasks"][0]["parts"] for each in versions_of(event.list)]
    assert [{part["to"]: part["value"] for part in parts} for parts in kept] == [
        {"缙云县": "300.000000", "庆元县": "300.000000"},
        {"缙云县": "350.000000", "庆元县": "250.000000"},
    ]
    with pytest.raises(TaskError, match="没有改动"):
        office.issue(office.reviewer, office.city, reason="再来")


def test_what_the_level_above_adjusts_no_longer_fits_below(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office()
    office.down_to_counties()
    office.funds.total = Decimal(1100)
    office.type(office.assessor, office.province, f1_丽水市="700")
    assert office.sheet(office.city).checks[0].fits
    office.issue(office.assessor, office.province, reason="全省加码")
    assert office.funds.issued_total == 1100
    assert office.sheet(office.city).checks[0].words == (
        "合计 600 万元，比任务 700 万元 少 100 万元"
    )
    # It is told on the first page of the city and, from then on, of the year before as well.
    for seen in (YEAR, YEAR - 1):
        at(monkeypatch, date(YEAR - 1, 11, 28))
        todo = to_divide(office.reviewer, seen)
        assert [row.state for row in todo.rows] == ["3 项任务中有 1 项的分解不符。"], seen
        assert (todo.rows[0].name, todo.unknown) == (f"丽水市 {YEAR} 年度任务清单", "")
    assert to_divide(office.reviewer, YEAR - 1).title == (
        f"{YEAR - 1}、{YEAR} 年度待分解、待下达的任务"
    )
    assert to_divide(office.neighbour, YEAR - 1).unknown == ""
    at(monkeypatch, date(YEAR, 6, 10))
    found = tasks_waiting(office.staff, YEAR - 1)
    assert f"{YEAR} 年度 缙云县 编制方案" in [row.name for row in found.rows]


def test_a_part_is_taken_back_with_its_target(app: Flask) -> None:
    office = Office()
    office.down_to_counties()
    office.type(office.reviewer, office.city, f2_庆元县="", f2_缙云县="5")
    office.issue(office.reviewer, office.city, reason="集中到缙云")
    wanted = select(Target).where(Target.region_id == office.qingyuan.id, Target.measure == LARGE)
    assert db.session.scalars(wanted).all() == []
    office.type(office.assessor, office.province, f2_丽水市="", f2_杭州市="7")
    office.issue(office.assessor, office.province, reason="调给杭州")
    column = next(c for c in office.sheet(office.city).columns if c.task is office.large)
    assert column.withdrawn
    assert "上级已收回" in office.sheet(office.city).check(column).words
    cell = next(c for c in office.sheet(office.city).of_column(column) if c.drafted)
    assert STATES[View(office.sheet(office.city)).state(cell)] == "上级已收回"
    assert taken_back([office.large.id, office.funds.id, office.plan.id]) == set()
    office.type(office.assessor, office.province, f2_杭州市="")
    office.issue(office.assessor, office.province, reason="全省不再要求")
    assert taken_back([office.large.id, office.funds.id, office.plan.id]) == {office.large.id}


@pytest.mark.parametrize(
    ("whole", "weights", "unit", "parts"),
    [
        ("7", (1, 1, 1), "个", ("3", "2", "2")),
        ("1000", (1, 1, 1), "万元", ("333.34", "333.33", "333.33")),
        ("10", (0, 1, 3), "个", ("0", "3", "7")),
        ("0.000001", (1, 1), "万元", ("0.000001", "0")),
        ("7.5", (1, 1), "个", ("3.75", "3.75")),
    ],
)
def test_a_division_makes_up_exactly_the_whole(whole, weights, unit, parts) -> None:
    found = allotted(Decimal(whole), [Decimal(w) for w in weights], unit)
    assert sum(found) == Decimal(whole)
    assert found == [Decimal(part) for part in parts]


def test_a_task_is_divided_equally_or_as_the_year_before_and_pasted(sqlite_app: Flask) -> None:
    office = Office()
    for place, value in ((office.jinyun, 100), (office.qingyuan, 300)):
        make.target(place, YEAR - 1, FUNDS, value)
    sheet = office.sheet(office.province)
    with pytest.raises(BlockError, match="没有这一指标的任务"):
        service.divide(office.assessor, sheet, office.large.id, "before")
    service.divide(office.assessor, sheet, office.funds.id, "before")
    texts = {c.row.name: c.text for c in office.sheet(office.province).of_column(sheet.columns[0])}
    # The city's share is that of its counties; who had none gets none, and no 0.
    assert texts == {"杭州市": "", "丽水市": "1000"}
    service.divide(office.assessor, office.sheet(office.province), office.large.id, "equal")
    first = office.sheet(office.province).cells[f"{office.funds.id}.330100"]
    service.paste(
        office.assessor, office.sheet(office.province), first.address, "４００\t3\n600\t4\n"
    )
    sheet = office.sheet(office.province)
    assert [cell.text for row in sheet.rows for cell in sheet.of_row(row)][:5] == [
        *("400", "3", ""),
        *("600", "4"),
    ]
    with pytest.raises(BlockError):
        service.paste(office.assessor, sheet, first.address, "1\n2\n3")


def test_nobody_writes_over_what_another_typed_since(sqlite_app: Flask) -> None:
    office = Office()
    office.type(office.assessor, office.province, f1_丽水市="600")
    stale = office.sheet(office.province)
    address = f"{office.funds.id}.331100"
    seen = stale.cells[address].version
    service.save(office.assessor, stale, [Typed(address, "500", seen)])
    done = service.save(office.assessor, office.sheet(office.province), [Typed(address, "1", seen)])
    assert "他人改成了“500”" in done.refused[0].words
    service.discard(office.assessor, office.sheet(office.province))
    assert office.sheet(office.province).drafts == []


# -- progress


def test_progress_is_the_figure_of_the_measure_and_unknown_is_not_nought(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office()
    office.down_to_counties()
    project = make.project(office.jinyun, signed_on=date(YEAR, 2, 1))
    make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(140), date(YEAR, 5, 1))
    at(monkeypatch, date(YEAR, 7, 20))
    jinyun = progress_part(part_of(office.jinyun, office.funds))
    fact = collect(YEAR, SubjectKind.COUNTY, [FUNDS], [office.jinyun.id])[office.jinyun.id][FUNDS]
    assert jinyun.done == Decimal(fact.value) == 140
    assert jinyun.asked == 350
    assert jinyun.standing is Standing.BEHIND
    assert "占 40%，序时 55.2%（截至 2024-07-20）" in jinyun.words
    silent = progress_part(part_of(office.qingyuan, office.funds))
    assert (silent.done, silent.share, silent.standing) == (None, None, Standing.UNKNOWN)
    # Of the city: of the counties that reported alone, both above and below the line.
    city = progress_part(part_of(office.city, office.funds))
    assert (city.done, city.asked, city.silent) == (140, 350, 1)
    assert "另有 1 处未报，其任务未计入" in city.words
    whole = progress_rules.of_task(office.funds)
    assert whole is not None
    assert (whole.done, whole.asked, whole.silent) == (140, 350, 1)
    assert "还没有分解到县" in progress_part(part_of(office.far, office.funds)).words
    # What comes after the last quarter is held against today as well, not against that quarter.
    make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(130), date(YEAR, 11, 10))
    at(monkeypatch, date(YEAR, 11, 28))
    vars(part_of(office.jinyun, office.funds)).pop("progress", None)
    later = progress_part(part_of(office.jinyun, office.funds))
    assert later.standing is Standing.BEHIND
    assert "占 77.1%，序时 91%（截至 2024-11-28）" in later.words


def test_late_is_what_is_not_done_after_its_last_day(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office()
    office.down_to_counties()
    plan, funds = part_of(office.jinyun, office.plan), part_of(office.jinyun, office.funds)

    def on(day: date) -> Standing:
        at(monkeypatch, day)
        for part in (plan, funds):
            vars(part).pop("progress", None)
        return progress_part(plan).standing

    assert [on(date(YEAR, *day)) for day in ((5, 30), (5, 31), (6, 30), (7, 1))] == [
        *(Standing.ON_WAY, Standing.SOON, Standing.SOON, Standing.LATE)
    ]
    assert "已过 1 天" in progress_part(plan).words
    with pytest.raises(NotTheirsError, match="由缙云县的工作人员填报"):
        reporting.report(office.reviewer, plan, date(YEAR, 7, 1), "已印发")
    with pytest.raises(NotTheirsError, match="由有关记录算出"):
        reporting.report(office.staff, funds, date(YEAR, 7, 1), "到位")
    with pytest.raises(TaskError, match="晚于今天"):
        reporting.report(office.staff, plan, date(YEAR, 7, 3), "已印发")
    on(date(YEAR, 7, 3))
    with pytest.raises(TaskError, match=f"早于 {YEAR} 年"):
        reporting.report(office.staff, plan, date(YEAR - 1, 12, 31), "已印发")
    reporting.report(office.staff, plan, date(YEAR, 7, 3), "已印发，示例〔2024〕1号")
    assert on(date(YEAR, 7, 3)) is Standing.DONE
    assert "2024-07-03 完成，迟 3 天" in progress_part(plan).words
    with pytest.raises(TaskError, match="请写明撤回的理由"):
        reporting.reopen(office.reviewer, plan, " ")
    reporting.reopen(office.reviewer, plan, "未见文件")
    assert on(date(YEAR, 7, 4)) is Standing.LATE
    assert on(date(YEAR + 1, 1, 1)) is Standing.LATE
    assert progress_part(funds).standing is Standing.LATE
    assert progress_part(funds).done is None
    assert progress_part(funds).words.startswith("到期未完成，台账中没有2024年的到位资金记录，已过")


def test_a_bureau_that_has_the_task_alone_has_its_figure(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office()
    office.down_to_counties()
    project = make.project(office.jinyun, signed_on=date(YEAR, 2, 1))
    make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(140), date(YEAR, 5, 1))
    office.type(office.staff, office.jinyun, f1_商务局="350", f2_商务局="3", f3_教育局="是")
    office.issue(office.staff, office.jinyun)
    at(monkeypatch, date(YEAR, 7, 20))

    def of(bureau: str) -> progress_rules.Progress:
        wanted = select(TaskPart).where(TaskPart.bureau == bureau)
        wanted = wanted.where(TaskPart.task_id == office.funds.id)
        part = db.session.scalars(wanted).one()
        vars(part).pop("progress", None)
        return progress_part(part)

    assert of("商务局").done == 140
    wanted = select(TaskPart).where(
        TaskPart.bureau == "商务局", TaskPart.task_id == office.funds.id
    )
    alone = db.session.scalars(wanted).one()
    with pytest.raises(NotTheirsError, match="由有关记录算出"):
        reporting.report(office.staff, alone, date(YEAR, 7, 20), "已到位")
    office.type(office.staff, office.jinyun, f1_商务局="200", f1_财政局="150")
    office.issue(office.staff, office.jinyun, reason="分给两家")
    assert of("商务局").done is None
    assert "有关记录不分部门" in of("财政局").words
    reporting.report(office.staff, alone, date(YEAR, 7, 20), "已到位")
    assert of("商务局").standing is Standing.DONE


def test_the_time_that_has_passed_is_counted_to_the_last_day_of_the_task() -> None:
    due = date(YEAR, 12, 31)
    assert expected_on(YEAR, due, date(YEAR - 1, 12, 31)) == 0
    assert expected_on(YEAR, due, date(YEAR, 1, 1)) == Decimal(1) / 366
    assert expected_on(YEAR, due, date(YEAR, 9, 30)) == Decimal(274) / 366
    assert expected_on(YEAR, date(YEAR, 6, 30), date(YEAR, 3, 31)) == Decimal(91) / 182
    assert expected_on(YEAR, date(YEAR, 6, 30), date(YEAR, 7, 1)) == 1


def at(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Let it be `day`."""
    for where in (progress_rules, reporting, days, task_lists):
        monkeypatch.setattr(where, "today", lambda: day)
