"""The check before a filing: what each rule finds and leaves, what stands against the act, what is
passed with a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from tests import factories as make
from tests import factories_acts as acts
from tracker.core.db import db
from tracker.core.db.doubted import AnsweredDoubt
from tracker.core.quantities.clock import today
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves.models import EnclaveKind, TermKind
from tracker.records.ledger.models import EntryKind
from tracker.records.operations.items import Item
from tracker.records.parks.models import ParkKind
from tracker.records.projects.models import PartnerView
from tracker.records.submissions import checking, service
from tracker.records.submissions.models import Filing, FilingAct, FilingKind, FilingState


class World:
    """缙云县 with a clerk and a leader, and its filing of the third quarter of 2024."""

    def __init__(self, kind: FilingKind = FilingKind.Q3) -> None:
        places = make.zhejiang()
        self.place, self.other = places["缙云县"], places["富阳区"]
        self.clerk = make.user(Role.STAFF, self.place)
        self.leader = make.user(Role.LEADER, self.place)
        self.neighbour = make.user(Role.STAFF, places["庆元县"])
        self.pairing = make.pairing(self.other, self.place, since=date(2021, 1, 1))
        self.filing = acts.filing(self.place, kind=kind, due_on=date(2024, 10, 10))

    def project(self, name: str = "智能装备项目", **fields):
        fields.setdefault("pairing", self.pairing)
        fields.setdefault("in_scope", True)
        fields.setdefault("total_investment", make.wan(5_000))
        return make.project(self.place, name=name, **fields)

    def enclave(self, **fields):
        fields.setdefault("signed_on", date(2020, 1, 1))
        fields.setdefault("total_capital", make.wan(2_000))
        kind = fields.pop("kind", EnclaveKind.INDUSTRIAL)
        return make.enclave(self.place, self.other, kind, name="缙云产业飞地", **fields)

    def found(self, filing: Filing | None = None, **options) -> dict[str, list[str]]:
        """Rule → what it found."""
        db.session.flush()
        tree = checking.check(filing or self.filing, **options)
        return {b.rule.key: [f.line for f in b.faults] for b in tree.branches if b.faults}


def test_what_the_grid_asks_for_and_nobody_filled_in_is_told(app: Flask) -> None:
    world = World()
    project = world.project(signed_on=date(2024, 3, 1))
    missing = world.found(costly=True)["cells_missing"]
    assert "智能装备项目：项目资金还没有填到位资金、完成投资" in missing
    assert "cells_missing" not in world.found()
    make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(5), date(2024, 8, 1))
    nought = {"field": "money.completed_investment", "typed": "0", "value": make.wan(0)}
    acts.quarter_cell(project, world.clerk, quarter=3, posted_at=make.SUBMITTED, **nought)
    left = world.found(costly=True).get("cells_missing", [])
    assert not any(line.startswith("智能装备项目") for line in left)
    annual = acts.filing(world.place, kind=FilingKind.ANNUAL)
    assert "cells_missing" not in world.found(annual, costly=True)


def test_what_is_in_order_has_no_finding(app: Flask) -> None:
    world = World()
    world.project(signed_on=date(2024, 3, 1))
    enclave = world.enclave(in_use_on=date(2022, 1, 1))
    for quarter in (2, 3):
        make.operating_figure(enclave, Item.OUTPUT, 10, 2024, quarter)
    assert set(world.found(costly=True)) == {"cells_missing"}


def test_a_draft_of_the_days_is_an_error_and_one_of_other_days_is_none(app: Flask) -> None:
    world = World()
    project = world.project(signed_on=date(2024, 3, 1))
    kind = EntryKind.FUNDS_IN_PLACE
    draft = make.entry(project, kind, make.wan(10), date(2024, 9, 1), submitted_at=None)
    make.entry(project, kind, make.wan(10), date(2024, 10, 1), submitted_at=None)
    found = world.found()
    assert found == {
        "drafts_left": [
            f"智能装备项目，到位资金 10 万元（{draft.id} 号）：2024-09-01 的草稿，没有提交，不计入"
        ]
    }


def test_a_site_at_work_without_a_figure_is_an_error_and_a_dropped_item_a_warning(
    sqlite_app: Flask,
) -> None:
    world = World()
    enclave = world.enclave(in_use_on=date(2024, 8, 1))
    park = make.park(world.other, world.place, ParkKind.INDUSTRIAL, approved_on=date(2020, 1, 1))
    assert set(world.found()["figures_missing"]) == {
        "缙云产业飞地：第三季度没有一项运营数据",
        f"{park.name}：第三季度没有一项运营数据",
    }
    make.operating_figure(enclave, Item.OUTPUT, 10, 2024, 3)
    make.operating_figure(park, Item.OUTPUT, 10, 2024, 3)
    make.operating_figure(park, Item.REVENUE, 10, 2024, 2)
    make.operating_figure(park, Item.LAND_SUPPLIED, 120, 2024, 2)
    make.operating_figure(park, Item.LAND_SUPPLIED, 100, 2024, 3)
    found = world.found()
    assert "figures_missing" not in found
    assert found["item_dropped"] == [f"{park.name}：上季报了营业收入，第三季度没有报"]
    assert found["cumulative_falling"] == [
        f"{park.name}：第三季度累计已供面积 100 亩，少于上季的 120 亩"
    ]
    enclave.in_use_on = date(2024, 11, 1)  # not at work yet: nothing is due
    db.session.delete(db.session.query(type(make.operating_figure(enclave, year=2023))).first())
    assert "figures_missing" not in world.found()


def test_an_enclave_that_files_for_itself_is_checked_in_its_own_filing(sqlite_app: Flask) -> None:
    world = World()
    enclave = world.enclave(in_use_on=date(2022, 1, 1))
    assert "figures_missing" in world.found()
    make.operating_figure(enclave, Item.OUTPUT, 10, 2024, 2)
    assert any("产值" in line for line in world.found(costly=True)["cells_missing"])
    own = acts.filing(enclave, kind=FilingKind.Q3)
    assert "figures_missing" not in world.found()
    assert not any("产值" in line for line in world.found(costly=True)["cells_missing"])
    found = world.found(own, costly=True)
    assert found["figures_missing"] == ["缙云产业飞地：第三季度没有一项运营数据"]
    assert found["cells_missing"] == ["缙云产业飞地：飞地运营数还没有填产值"]


def test_stages_are_in_order_reached_and_not_skipped(sqlite_app: Flask) -> None:
    world = World()
    later = today() + timedelta(days=5)
    world.project("甲项目", in_production_on=date(2024, 5, 1), signed_on=date(2024, 1, 1))
    world.project("乙项目", signed_on=later)
    found = world.found()
    assert found["stage_skipped"] == ["甲项目：已填投产日期，未填开工日期"]
    assert found["stage_ahead"] == [f"乙项目：签约日期 {later} 还没有到"]


def test_days_that_run_backwards_are_an_error() -> None:
    """The database refuses most of them; what it lets through on import is found all the same."""
    from tracker.records.projects.models import Project
    from tracker.site.checks.facts import _backwards

    project = Project(name="甲", signed_on=date(2024, 3, 1), started_on=date(2024, 2, 1))
    stages = ("signed_on", "started_on", "completed_on")
    page = {"endpoint": "projects.edit", "values": {}}
    (fault,) = _backwards(project, stages, "甲", page)
    assert fault.line == "甲：开工日期 2024-02-01 早于签约日期 2024-03-01"
    project.started_on = date(2024, 3, 1)
    assert not list(_backwards(project, stages, "甲", page))


def test_a_signed_project_without_a_total_is_an_error(sqlite_app: Flask) -> None:
    world = World()
    world.project("甲项目", total_investment=None, signed_on=date(2024, 1, 1))
    world.project("乙项目", total_investment=None)
    world.project("丙项目", total_investment=None, signed_on=date(2024, 1, 1), in_scope=False)
    world.project("丁项目", total_investment=None, signed_on=date(2024, 10, 1))
    assert world.found()["total_missing"] == ["甲项目：已签约，未填总投资"]


def test_sums_since_the_beginning_do_not_fall(app: Flask) -> None:
    world = World()
    project = world.project(signed_on=date(2023, 3, 1))
    kind = EntryKind.COMPLETED_INVESTMENT

    def add(amount: int, on: date):
        return make.entry(project, kind, make.wan(amount), on, cumulative=True)

    first = add(300, date(2024, 6, 30))
    assert "cumulative_falling" not in world.found()
    last = add(200, date(2024, 9, 30))
    assert world.found()["cumulative_falling"] == [
        f"智能装备项目，完成投资 200 万元（{last.id} 号）：截至 2024-09-30 的累计额，少于截至 "
        f"2024-06-30 的 300 万元（{first.id} 号）"
    ]


def test_returns_before_the_enclave_works_and_off_the_contract(app: Flask) -> None:
    world = World(FilingKind.ANNUAL)
    enclave = world.enclave(in_use_on=date(2024, 6, 1))
    make.term(enclave, TermKind.FIXED_SUM, amount=make.wan(100), starts_on=date(2023, 1, 1))
    found = world.found()
    assert found["return_off_contract"] == [
        "缙云产业飞地：2024 年全年应返 100 万元，台账中没有返利"
    ]
    early = make.entry(enclave, EntryKind.REBATE, make.wan(79), date(2024, 5, 1))
    found = world.found()
    assert found["return_before_work"] == [
        f"缙云产业飞地，返利 79 万元（{early.id} 号）：2024-05-01 发生，早于飞地投用日期 2024-06-01"
    ]
    assert found["return_off_contract"] == [
        "缙云产业飞地：2024 年全年应返 100 万元，只返 79 万元，少 21%"
    ]
    make.entry(enclave, EntryKind.REBATE, make.wan(1), date(2024, 8, 1))
    assert "return_off_contract" not in world.found()  # a fifth is allowed
    make.entry(enclave, EntryKind.REBATE, make.wan(41), date(2024, 9, 1))
    assert world.found()["return_off_contract"] == [
        "缙云产业飞地：2024 年全年应返 100 万元，已返 121 万元，多 21%"
    ]


def test_a_part_of_the_year_is_not_held_against_the_whole(sqlite_app: Flask) -> None:
    world = World()
    enclave = world.enclave(in_use_on=date(2022, 6, 1))
    make.term(enclave, TermKind.FIXED_SUM, amount=make.wan(100), starts_on=date(2023, 1, 1))
    assert "return_off_contract" not in world.found()
    make.entry(enclave, EntryKind.REBATE, make.wan(10), date(2024, 8, 1))
    assert "return_off_contract" not in world.found()
    make.entry(enclave, EntryKind.REBATE, make.wan(120), date(2024, 9, 1))
    assert "return_off_contract" in world.found()


def test_shares_of_villages_add_up_to_the_rebate_but_for_what_no_division_gives(
    sqlite_app: Flask,
) -> None:
    world = World()
    enclave = world.enclave(in_use_on=date(2020, 6, 1), village_capital=make.wan(500))
    make.operating_figure(enclave, Item.OUTPUT, 10, 2024, 3)
    entry = make.entry(enclave, EntryKind.REBATE, make.wan(10), date(2024, 8, 1))
    name = f"缙云产业飞地，返利 10 万元（{entry.id} 号）"
    assert world.found()["shares_missing"] == [f"{name}：没有分到村"]
    village = make.village(world.place)
    make.village_payment(entry, village, make.wan(4))
    assert world.found()["shares_missing"] == [f"{name}：已分 4 万元，还有 6 万元没有分到村"]
    rest = make.wan(6) - 1
    make.village_payment(entry, make.village(world.place, name="另一村"), rest)
    assert "shares_missing" in world.found()  # one 元 is one 元
    make.village_payment(entry, make.village(world.place, name="第三村"), rest * 0 + 1)
    assert "shares_missing" not in world.found()


def test_large_projects_want_a_contract_and_a_permit(app: Flask) -> None:
    world = World()
    days = {"signed_on": date(2024, 3, 1), "started_on": date(2024, 6, 1)}
    project = world.project(total_investment=make.wan(12_000), **days)
    said = "智能装备项目：亿元以上项目，没有上传"
    assert world.found()["large_without_papers"] == [
        f"{said}投资合同或协议、施工许可、立项或备案文件"
    ]
    acts.evidence_link(acts.evidence_file(), project, "投资合同")
    assert world.found()["large_without_papers"] == [f"{said}施工许可、立项或备案文件"]
    acts.evidence_link(acts.evidence_file(), project, "立项文件", withdrawn_at=make.SUBMITTED)
    assert "large_without_papers" in world.found()
    acts.evidence_link(acts.evidence_file(), project, "立项文件")
    assert "large_without_papers" not in world.found()


def test_a_project_without_partner_is_told_as_what_will_not_count(sqlite_app: Flask) -> None:
    world = World()
    signed = {"signed_on": date(2024, 3, 1)}
    world.project("甲项目", pairing=None, **signed)
    world.project("乙项目", in_scope=None, **signed)
    world.project("丙项目", in_scope=False, **signed)
    world.project("丁项目", **signed)
    world.project("戊项目", pairing=None)
    assert world.found()["not_counted"] == [
        "乙项目：不计入 2024 年度产业合作项目数：尚未认定为山海协作项目",
        "甲项目：不计入 2024 年度支援县的结对产业合作项目数："
        "没有选结对关系，也没有与结对县共同推进",
    ]


def test_a_dispute_of_the_partner_is_told(sqlite_app: Flask) -> None:
    world = World()
    fields = {"partner": world.other, "partner_view": PartnerView.DISPUTED}
    world.project(partner_note="不是本区企业", **fields)
    assert world.found()["disputed"] == ["智能装备项目：富阳区有异议：不是本区企业；本县还没有答复"]


def test_what_is_unusual_and_unanswered_is_found_in_the_days_alone(sqlite_app: Flask) -> None:
    world = World()
    project = world.project(signed_on=date(2024, 3, 1))
    kind = EntryKind.FUNDS_IN_PLACE
    entry = make.entry(project, kind, make.wan(6_000), date(2024, 9, 1))
    assert "unusual" not in world.found()  # asked on the page of the check alone
    (found,) = world.found(costly=True)["unusual"]
    assert "超过项目总投资 5,000 万元" in found
    earlier = acts.filing(world.place, kind=FilingKind.Q2)
    assert "unusual" not in world.found(earlier, costly=True)
    make.answered_doubt(entry, world.place, rules="above_limit")
    assert "unusual" not in world.found(costly=True)


def test_evidence_that_the_rulebook_wants_is_told_until_it_is_given(sqlite_app: Flask) -> None:
    world = World(FilingKind.ANNUAL)
    make.listing(world.place)
    project = world.project(signed_on=date(2024, 3, 1), total_investment=make.wan(12_000))
    wanted = world.found(costly=True)["evidence_wanted"]
    (counted,) = [line for line in wanted if line.startswith("产业合作项目数：")]
    assert "有 1 条记录，都没有上传" in counted
    assert "投资合同" in counted
    acts.evidence_link(acts.evidence_file(), project, "投资合同")
    after = world.found(costly=True).get("evidence_wanted", [])
    assert not [line for line in after if line.startswith("产业合作项目数：")]


def test_errors_stand_against_approval_and_filing_with_their_words(app: Flask) -> None:
    world = World()
    project = world.project("甲项目", total_investment=None, signed_on=date(2024, 1, 1))
    service.act(world.clerk, world.filing, FilingAct.STARTED)
    with pytest.raises(
        service.StepError, match="还有 1 项错误，请先改正：甲项目：已签约，未填总投资"
    ):
        service.act(world.leader, world.filing, FilingAct.APPROVED)
    project.total_investment = make.wan(100)
    service.act(world.leader, world.filing, FilingAct.APPROVED)
    project.total_investment = None
    db.session.flush()
    with pytest.raises(service.StepError, match="1 项错误"):
        service.act(world.clerk, world.filing, FilingAct.SUBMITTED)
    project.total_investment = make.wan(100)
    service.act(world.clerk, world.filing, FilingAct.SUBMITTED)
    assert world.filing.state is FilingState.SUBMITTED


def test_warnings_are_passed_one_by_one_or_together_and_stay_in_sight(app: Flask) -> None:
    world = World()
    for name in ("甲项目", "乙项目", "丙项目"):
        world.project(name, signed_on=date(2024, 3, 1), started_on=date(2024, 9, 1), pairing=None)
    service.act(world.clerk, world.filing, FilingAct.STARTED)
    tree = checking.check(world.filing)
    (branch,) = [each for each in tree.warnings if each.rule.key == "not_counted"]
    assert len(branch.faults) == tree.number_of_warnings == 3
    one = branch.mark(branch.faults[0])
    with pytest.raises(checking.PassError, match="写明理由"):
        checking.pass_over(world.clerk, world.filing, tree, [one], " ")
    with pytest.raises(checking.PassError, match="先勾选"):
        checking.pass_over(world.clerk, world.filing, tree, ["0" * 16], "已核对")
    for stranger in (world.neighbour, world.leader):
        with pytest.raises(checking.PassError, match="缙云县的工作人员"):
            checking.pass_over(stranger, world.filing, tree, [one], "已核对")
    assert checking.pass_over(world.clerk, world.filing, tree, [one], "正在洽谈结对") == 1
    tree = checking.check(world.filing)
    assert (tree.number_of_warnings, tree.number_passed) == (2, 1)
    assert checking.pass_over(world.clerk, world.filing, tree, None, "一并说明") == 2
    tree = checking.check(world.filing)
    assert (tree.number_of_warnings, tree.number_passed) == (0, 3)
    rows = db.session.query(AnsweredDoubt).order_by(AnsweredDoubt.id).all()
    assert [row.reason for row in rows] == ["正在洽谈结对", "一并说明"]
    assert {row.region_id for row in rows} == {world.place.id}
    assert rows[1].words.count("\n") == 1
    # Other figures are another finding; another filing asks anew.
    assert world.found(acts.filing(world.place, kind=FilingKind.Q2))["not_counted"]
    service.act(world.leader, world.filing, FilingAct.APPROVED)
    with pytest.raises(checking.PassError, match="县领导已审"):
        checking.pass_over(world.clerk, world.filing, tree, None, "再说明")


def test_a_plan_has_nothing_to_check_and_every_rule_has_its_words(sqlite_app: Flask) -> None:
    world = World()
    world.project("甲项目", total_investment=None, signed_on=date(2024, 1, 1))
    plan = acts.filing(world.place, kind=FilingKind.PLAN)
    assert world.found(plan, costly=True) == {}
    rules = checking.rules()
    weights = [rule.weight for rule in rules]
    assert weights == sorted(weights, key=list(checking.Weight).index)
    assert all(rule.label and rule.advice.endswith("。") for rule in rules)
    assert not any(rule.costly for rule in rules if rule.weight is checking.Weight.ERROR)
    with pytest.raises(ValueError, match="declared twice"):
        checking.declare(rules[0])
