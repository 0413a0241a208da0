"""The quarter's grid below its page: what is due, what is kept of what was typed, and posting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tracker.core.db import db
from tracker.core.db.doubted import AnsweredDoubt
from tracker.core.quantities.figure import Figure, yuan
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger import service as ledger
from tracker.records.ledger.doubts import DoubtedError
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.operations.items import Item
from tracker.records.operations.models import OperatingFigure
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.records.quarters import posting, service, undoing
from tracker.records.quarters.cells import Cell, Sheet
from tracker.records.quarters.models import QuarterCell
from tracker.records.quarters.queries import due
from tracker.records.quarters.reading import BlockError, Typed
from tracker.records.quarters.service import Typing
from tracker.records.quarters.shown import View
from tracker.records.submissions import service as submissions
from tracker.records.submissions.models import FilingAct, FilingKind, FilingState
from tracker.web.kit.acts import references_to

FUNDS, DONE = "money.funds_in_place", "money.completed_investment"


@dataclass
class World:
    """缙云县 in the third quarter of 2024, with a project, an enclave and a pairing."""

    place: Region
    user: User
    colleague: User
    project: Project
    enclave: Enclave
    pairing: Pairing

    def sheet(self, **options) -> Sheet:
        db.session.flush()
        db.session.expire_all()
        return due(self.place, 2024, 3, **options)

    def cell(self, of: object, field: str) -> Cell:
        return self.sheet().cells[self.address(of, field)]

    @staticmethod
    def address(of: object, field: str) -> str:
        key = {"projects": "project", "enclaves": "enclave", "pairings": "pairing"}
        return f"{key[of.__tablename__]}-{of.id}.{field}"

    def type(self, of: object, field: str, text: str, *, cumulative=False, version=None, user=None):
        address = self.address(of, field)
        sheet = self.sheet()
        seen = sheet.cells[address].version if version is None else version
        typed = [Typed(address, text, seen)]
        return service.save(Typing(user or self.user, cumulative), sheet, typed)


@pytest.fixture
def world(app: Flask) -> World:
    places = make.zhejiang()
    place, supporter = places["缙云县"], places["富阳区"]
    make.listing(place)
    users = [make.user(Role.STAFF, place, username=name, display_name=name) for name in "甲乙"]
    pairing = make.pairing(supporter, place, since=date(2021, 1, 1))
    enclave = make.enclave(place, supporter, name="缙云飞地", signed_on=date(2020, 1, 1))
    project = make.project(
        place, name="智能装备", total_investment=make.wan(12_000), signed_on=date(2023, 3, 1)
    )
    return World(place, *users, project, enclave, pairing)


def entries() -> list[LedgerEntry]:
    return list(db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)))


# -- what is due


def test_what_is_due_follows_from_what_lives_in_the_quarter(world: World):
    place = world.place
    for name, fields in {
        "未签约之前": {"signed_on": date(2024, 10, 1)},
        "已终止": {"signed_on": date(2022, 1, 1), "terminated_on": date(2024, 6, 30)},
        "前年投产": {"signed_on": date(2020, 1, 1), "in_production_on": date(2022, 5, 1)},
        "本季终止": {"signed_on": date(2022, 1, 1), "terminated_on": date(2024, 7, 1)},
        "今年竣工": {"signed_on": date(2022, 1, 1), "completed_on": date(2024, 2, 1)},
    }.items():
        make.project(place, name=name, **fields)
    late = make.project(place, name="投产后仍有到位", in_production_on=date(2021, 1, 1))
    make.entry(late, EntryKind.FUNDS_IN_PLACE, make.wan(1), date(2023, 5, 1))
    make.enclave(place, place, name="已关闭飞地", closed_on=date(2024, 3, 1))
    sheet = world.sheet()
    rows = {section.key: [row.name for row in section.rows] for section in sheet.sections}
    assert set(rows["project"]) == {"智能装备", "本季终止", "今年竣工", "投产后仍有到位"}
    assert rows["enclave"] == rows["enclave_figures"] == ["缙云飞地"]
    assert rows["exchanges"] == ["富阳区支援缙云县"] or len(rows["exchanges"]) == 1
    money = next(section for section in sheet.sections if section.key == "project")
    assert [field.label for field in money.fields] == ["到位资金", "完成投资"]
    assert money.hidden == 3
    assert all(row.cell(field).due for row in money.rows for field in money.fields)
    every = next(s for s in world.sheet(every=True).sections if s.key == "project")
    assert len(every.fields) == 5
    assert every.hidden == 0


def test_a_cell_has_last_quarter_last_year_and_the_year_so_far_beside_it(world: World):
    for on, amount in (
        (date(2023, 8, 1), 7),
        (date(2024, 1, 5), 10),
        (date(2024, 2, 5), 5),
        (date(2024, 5, 5), 20),
    ):
        make.entry(world.project, EntryKind.FUNDS_IN_PLACE, make.wan(amount), on)
    cell = world.cell(world.project, FUNDS)
    assert (cell.last, cell.same) == (yuan(make.wan(20)), yuan(make.wan(7)))
    assert cell.before == yuan(make.wan(35))
    assert cell.known is None
    assert cell.is_missing
    # A draft of the ledger counts nowhere, and is told.
    make.entry(
        world.project, EntryKind.FUNDS_IN_PLACE, make.wan(3), date(2024, 7, 2), submitted_at=None
    )
    assert world.cell(world.project, FUNDS).drafts == 1
    make.entry(world.project, EntryKind.FUNDS_IN_PLACE, make.wan(3), date(2024, 7, 3))
    cell = world.cell(world.project, FUNDS)
    assert cell.known == yuan(make.wan(3))
    assert cell.text() == "3"
    assert cell.text(cumulative=True) == "38"
    assert not cell.is_missing


def test_unknown_nought_and_known_are_three_things(world: World):
    assert world.sheet().missing
    world.type(world.project, FUNDS, "0")
    assert not world.cell(world.project, FUNDS).is_nought  # a draft counts nowhere
    assert world.cell(world.project, FUNDS).is_draft
    posting.post(world.user, world.sheet())
    cell = world.cell(world.project, FUNDS)
    assert cell.is_nought
    assert cell.known is None
    assert cell.text() == "0"
    assert not cell.is_missing
    assert entries() == []
    assert world.cell(world.project, DONE).is_missing
    total = world.sheet().sections[0].total(cell.field)
    assert total.now == yuan(Decimal(0))
    assert (total.filled, total.asked) == (1, 1)
    unknown = world.sheet().sections[0].total(world.cell(world.project, DONE).field)
    assert unknown.now is None
    assert (unknown.filled, unknown.asked) == (0, 1)


# -- what is typed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("１，２００", 12_000_000),
        ("1,200万元", 12_000_000),
        ("1.2亿元", 120_000_000),
        ("35元", 35),
        ("1 200", 12_000_000),
        ("0", 0),
    ],
)
def test_what_is_typed_is_read_as_the_forms_read_it(world: World, text: str, value: int):
    done = world.type(world.project, FUNDS, text)
    assert done.changed == [world.address(world.project, FUNDS)]
    cell = world.cell(world.project, FUNDS)
    assert (cell.draft.value, cell.now, cell.fault) == (value, value, "")
    assert cell.text() == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("—", "看不出是 0 还是没有数"),
        ("/", "看不出是 0 还是没有数"),
        ("1,20", "每三位一个"),
        ("约100", "请填写金额"),
        ("-5", "不能为负数"),
        ("=A1+B1", "公式"),
    ],
)
def test_what_cannot_be_read_is_kept_with_its_fault(world: World, text: str, says: str):
    world.type(world.project, FUNDS, text)
    cell = world.cell(world.project, FUNDS)
    assert says in cell.fault
    assert cell.text() == text
    assert cell.now is None
    with pytest.raises(posting.FaultyError):
        posting.post(world.user, world.sheet())
    assert entries() == []


def test_of_two_clerks_neither_overwrites_the_other_unseen(world: World):
    world.type(world.project, FUNDS, "100")
    assert world.type(world.project, DONE, "50", version=0, user=world.colleague).changed
    refused = world.type(world.project, FUNDS, "120", version=0, user=world.colleague).refused
    assert "甲填了“100”" in refused[0].words
    assert refused[0].theirs.version == 1
    assert world.cell(world.project, FUNDS).text() == "100"
    # The same text is no conflict; whoever has seen the other's decides.
    assert not world.type(world.project, FUNDS, "100", version=0, user=world.colleague).refused
    assert world.type(world.project, FUNDS, "120", user=world.colleague).changed
    cell = world.cell(world.project, FUNDS)
    assert (cell.text(), cell.version, cell.draft.edited_by.username) == ("120", 2, "乙")


def test_a_sum_of_the_year_so_far_gives_the_quarter(world: World):
    make.entry(world.project, EntryKind.FUNDS_IN_PLACE, make.wan(30), date(2024, 2, 1))
    world.type(world.project, FUNDS, "45", cumulative=True)
    cell = world.cell(world.project, FUNDS)
    assert (cell.now, cell.so_far) == (make.wan(15), make.wan(45))
    assert (cell.text(), cell.text(cumulative=True)) == ("15", "45")
    world.type(world.project, FUNDS, "20", cumulative=True)
    assert "小于前几季合计 30 万元" in world.cell(world.project, FUNDS).fault
    # A quarter that was never reported lets nothing be derived.
    make.operating_figure(world.enclave, year=2024, quarter=1, item=Item.OUTPUT, value=Decimal(10))
    world.type(world.enclave, "figure.output", "40", cumulative=True)
    assert "第二季度未报" in world.cell(world.enclave, "figure.output").fault
    make.operating_figure(world.enclave, year=2024, quarter=2, item=Item.OUTPUT, value=Decimal(10))
    assert world.cell(world.enclave, "figure.output").now == 20


def test_a_block_is_laid_onto_the_grid_or_refused_with_the_reason(world: World):
    second = make.project(world.place, name="竹木加工", signed_on=date(2024, 1, 1))
    rows = [row.subject for row in world.sheet().sections[0].rows]
    first = world.address(rows[0], FUNDS)
    done = service.paste(Typing(world.user), world.sheet(), first, '1,200\t３亿元\n"5"\t—\n')
    assert len(done.changed) == 4
    assert world.cell(rows[0], FUNDS).now == make.wan(1200)
    assert world.cell(rows[0], DONE).now == make.wan(30_000)
    assert world.cell(rows[1], FUNDS).now == make.wan(5)
    assert world.cell(rows[1], DONE).fault
    # Blanks leave what is there.
    service.paste(Typing(world.user), world.sheet(), first, "\t7\n\t")
    assert world.cell(rows[0], FUNDS).now == make.wan(1200)
    assert world.cell(rows[0], DONE).now == make.wan(7)
    for block, says in (("1\n2\n3", "多 1 行"), ("1\t2\t3", "多 1 列"), ("\t\n", "没有数")):
        with pytest.raises(BlockError, match=says):
            service.paste(Typing(world.user), world.sheet(), first, block)
    assert second.id in {row.id for row in rows}


def test_no_change_fills_noughts_and_stands_and_guesses_nothing(world: World):
    for item, value in ((Item.LAND_SUPPLIED, 120), (Item.OUTPUT, 900)):
        make.operating_figure(world.enclave, year=2024, quarter=2, item=item, value=Decimal(value))
    make.entry(world.project, EntryKind.FUNDS_IN_PLACE, make.wan(3), date(2024, 7, 3))
    done = service.unchanged(Typing(world.user), world.sheet())
    assert "另有 1 格须按实际填写" in done.words
    assert world.cell(world.project, FUNDS).text() == "3"  # on record: left alone
    assert world.cell(world.project, DONE).text() == "0"
    assert world.cell(world.enclave, "figure.land_supplied").text() == "120"
    assert world.cell(world.enclave, "figure.output").is_missing
    assert world.cell(world.pairing, "count.visits").text() == "0"


def test_counts_come_from_their_records_and_only_a_nought_is_typed(world: World):
    world.type(world.pairing, "count.visits", "2")
    assert "请登记记录" in world.cell(world.pairing, "count.visits").fault
    world.type(world.pairing, "count.visits", "")
    acts.visit(world.pairing, on=date(2024, 8, 1))
    assert world.cell(world.pairing, "count.visits").known == Figure(Decimal(1), "次")
    assert world.type(world.pairing, "count.visits", "0").refused


# -- who and when


def test_whose_grid_it_is_and_what_state_it_is_in_is_said(world: World):
    other = db.session.scalars(select(Region).where(Region.code == "331126")).one()
    neighbour = make.user(Role.STAFF, other)
    with pytest.raises(service.NotTheirsError, match="由缙云县的工作人员填写"):
        service.save(Typing(neighbour), world.sheet(), [])
    filing = acts.filing(world.place, 2024, FilingKind.Q3, state=FilingState.ENTERING)
    assert world.sheet().blocked == ""
    for state, says in (
        (FilingState.APPROVED, "请先撤回"),
        (FilingState.SUBMITTED, "请审核单位退回"),
        (FilingState.LOCKED, "已锁定"),
    ):
        filing.state, filing.filed_at = state, make.SUBMITTED
        assert says in world.sheet().blocked
        with pytest.raises(service.NotTheirsError, match=says):
            world.type(world.project, FUNDS, "1")
        with pytest.raises(service.NotTheirsError, match=says):
            posting.post(world.user, world.sheet())
    filing.state = FilingState.RETURNED
    assert world.type(world.project, FUNDS, "1").changed


def test_the_first_cell_begins_the_filing_that_it_belongs_to(world: World):
    own = acts.filing(world.place, 2024, FilingKind.Q3)
    enclaves = acts.filing(world.enclave, 2024, FilingKind.Q3)
    sheet = world.sheet()
    by = Typing(world.user, address="10.1.2.3")
    service.save(by, sheet, [Typed(world.address(world.project, FUNDS), "", 0)])
    assert own.state is FilingState.NOT_STARTED, "nothing was typed"
    service.save(by, sheet, [Typed(world.address(world.project, FUNDS), "5", 0)])
    assert (own.state, enclaves.state) == (FilingState.ENTERING, FilingState.NOT_STARTED)
    (event,) = submissions.events_of(own)
    assert (event.act, event.actor, event.address) == (FilingAct.STARTED, world.user, "10.1.2.3")
    world.type(world.project, FUNDS, "6")
    assert len(submissions.events_of(own)) == 1
    world.type(world.enclave, "figure.output", "1")
    assert enclaves.state is FilingState.ENTERING
    own.state, own.filed_at = FilingState.RETURNED, make.SUBMITTED
    service.unchanged(Typing(world.colleague), world.sheet())
    assert own.state is FilingState.ENTERING
    assert submissions.events_of(own)[0].from_state is FilingState.RETURNED


def test_the_grid_after_an_act_is_the_grid_as_it_would_be_read_anew(world: World):
    make.entry(world.project, EntryKind.FUNDS_IN_PLACE, make.wan(3), date(2024, 7, 3))
    typed = [
        Typed(world.address(world.project, FUNDS), "8", 0),
        Typed(world.address(world.project, DONE), "约五", 0),
        Typed(world.address(world.enclave, "figure.output"), "12", 0),
    ]
    after = service.save(Typing(world.user), world.sheet(every=True), typed).sheet
    told = {at: (c.text(), c.fault, c.version, c.now) for at, c in after.cells.items()}
    anew = world.sheet(every=True)
    assert told == {at: (c.text(), c.fault, c.version, c.now) for at, c in anew.cells.items()}
    assert [len(s.fields) for s in after.sections] == [len(s.fields) for s in anew.sections]


def test_an_enclave_that_was_filed_is_closed_for_itself(world: World):
    acts.filing(
        world.enclave, 2024, FilingKind.Q3, state=FilingState.SUBMITTED, filed_at=make.SUBMITTED
    )
    assert world.type(world.project, FUNDS, "1").changed
    refused = world.type(world.enclave, "figure.output", "1").refused
    assert "已报送" in refused[0].words


def test_what_is_filed_has_no_cell_left_that_is_not_posted(world: World):
    filing = acts.filing(world.place, 2024, FilingKind.Q3, state=FilingState.APPROVED)
    other = acts.filing(world.place, 2024, FilingKind.Q2, state=FilingState.APPROVED)
    filing.state = FilingState.ENTERING
    world.type(world.project, FUNDS, "5")
    filing.state = FilingState.APPROVED
    said = submissions.why_not(world.user, filing, FilingAct.SUBMITTED)
    assert said in (
        "填报表里还有 1 格草稿没有登记，请先登记或清空。",
        "报送前核对还有 1 项错误，请先改正：智能装备：第三季度填报表的到位资金有草稿“5”，"
        "没有登记，不计入。",
    )
    assert submissions.why_not(world.user, other, FilingAct.SUBMITTED) == ""
    filing.state = FilingState.ENTERING
    posting.post(world.user, world.sheet())
    filing.state = FilingState.APPROVED
    assert submissions.why_not(world.user, filing, FilingAct.SUBMITTED) == ""


# -- posting


def test_all_drafts_become_records_by_the_rules_of_the_forms(world: World):
    world.type(world.project, FUNDS, "300")
    world.type(world.project, DONE, "0")
    world.type(world.enclave, "money.rebate", "8")
    world.type(world.enclave, "figure.output", "1.2亿元")
    plan = posting.plan(world.sheet())
    assert plan.faults == {
        world.address(world.enclave, "day.rebate"): "请填这笔款项到账或支付的日期。"
    }
    for text, says in (("2024-10-01", "不在2024年第三季度之内"), ("8月", "请按")):
        world.type(world.enclave, "day.rebate", text)
        assert (
            says in posting.plan(world.sheet()).faults[world.address(world.enclave, "day.rebate")]
        )
    world.type(world.enclave, "day.rebate", "2024.8.15")
    assert posting.post(world.user, world.sheet()) == 4
    funds, rebate = entries()
    assert (funds.kind, funds.amount) == (EntryKind.FUNDS_IN_PLACE, make.wan(300))
    assert (funds.period_from, funds.occurred_on) == (date(2024, 7, 1), date(2024, 9, 30))
    assert (rebate.period_from, rebate.occurred_on) == (None, date(2024, 8, 15))
    assert funds.submitted_at
    assert funds.entered_by_id == world.user.id
    figure = db.session.scalars(select(OperatingFigure)).one()
    assert (figure.item, figure.value, figure.quarter) == (Item.OUTPUT, Decimal(12_000), 3)
    sheet = world.sheet()
    assert sheet.drafted == []
    assert sheet.cells[world.address(world.project, FUNDS)].known == yuan(make.wan(300))
    # Nothing is left to post, and posting again makes nothing.
    assert posting.post(world.user, sheet) == 0
    assert len(entries()) == 2


def test_a_draft_that_says_what_is_registered_is_none(world: World):
    kind = EntryKind.FUNDS_IN_PLACE
    make.entry(world.project, kind, make.wan(1234), date(2024, 2, 3))
    make.entry(world.project, kind, make.wan(1234) + 5000, date(2024, 7, 3))
    assert world.type(world.project, FUNDS, "1,234.50").changed == [], "nothing stood there"
    for text, cumulative in (("1234.5万元", False), ("2468.5", True)):
        world.type(world.project, FUNDS, "2000")
        assert world.cell(world.project, FUNDS).is_draft
        world.type(world.project, FUNDS, text, cumulative=cumulative)
        cell = world.cell(world.project, FUNDS)
        assert (cell.is_draft, cell.text()) == (False, "1234.5")
    assert posting.plan(world.sheet()).postings == []
    make.operating_figure(world.enclave, year=2024, quarter=3, item=Item.OUTPUT, value=Decimal(5))
    world.type(world.enclave, "figure.output", "6")
    world.type(world.enclave, "figure.output", "5")
    assert world.sheet().drafted == []


def test_a_draft_is_flagged_once_what_is_registered_changed_and_is_confirmed(world: World):
    kind, day = EntryKind.FUNDS_IN_PLACE, date(2024, 7, 3)
    entry = make.entry(world.project, kind, make.wan(300), day)
    world.type(world.project, FUNDS, "500")
    assert world.cell(world.project, FUNDS).overtaken == ""
    values = {"kind": kind, "amount": make.wan(100), "occurred_on": day}
    ledger.correct(world.user, entry, values, "多写", "已核对")
    said = "填写时已登记 300 万元，现在已登记 100 万元"
    sheet = world.sheet()
    cell = sheet.cells[world.address(world.project, FUNDS)]
    assert cell.overtaken == said
    assert View(sheet).state_words(cell) == f"草稿；{said}"
    assert [each.cell.address for each in posting.plan(sheet).overtaken] == [cell.address]
    with pytest.raises(posting.OvertakenError, match="有 1 格在填写以后"):
        posting.post(world.user, world.sheet())
    # Whoever types it anew has seen it.
    world.type(world.project, FUNDS, "450")
    assert world.cell(world.project, FUNDS).overtaken == ""
    ledger.reverse(world.user, entries()[1], "没有这笔")
    assert world.cell(world.project, FUNDS).overtaken == "填写时已登记 100 万元，现在没有登记"
    posting.post(world.user, world.sheet(), aware=True)
    assert entries()[-1].amount == make.wan(450)
    figure = make.operating_figure(world.enclave, year=2024, quarter=3, item=Item.OUTPUT, value=5)
    world.type(world.enclave, "figure.output", "6")
    assert world.cell(world.enclave, "figure.output").overtaken == ""
    figure.value = Decimal(7)
    db.session.flush()
    said = world.cell(world.enclave, "figure.output").overtaken
    assert said.startswith("填写以后登记的数改过，现在已登记 7")


def test_what_is_on_record_is_completed_never_doubled(world: World):
    make.entry(world.project, EntryKind.FUNDS_IN_PLACE, make.wan(300), date(2024, 7, 3))
    world.type(world.project, FUNDS, "500")
    (one,) = posting.plan(world.sheet()).postings
    assert "本季合计 500 万元，已登记 300 万元" in one.words
    posting.post(world.user, world.sheet())
    assert entries()[-1].amount == make.wan(200)
    make.operating_figure(world.enclave, year=2024, quarter=3, item=Item.OUTPUT, value=Decimal(5))
    world.type(world.enclave, "figure.output", "6")
    posting.post(world.user, world.sheet())
    assert db.session.scalars(select(OperatingFigure)).one().value == 6


def test_less_than_is_on_record_corrects_the_one_entry_with_a_reason(world: World):
    make.entry(
        world.project, EntryKind.FUNDS_IN_PLACE, make.wan(300), date(2024, 7, 3), voucher="凭-1"
    )
    (first,) = entries()
    world.type(world.project, FUNDS, "250")
    (one,) = posting.plan(world.sheet()).corrections
    assert one.words.endswith(f"{first.id} 号由 300 万元更正为 250 万元，2024-07-03")
    with pytest.raises(DoubtedError):
        posting.post(world.user, world.sheet())
    assert len(entries()) == 1
    posting.post(world.user, world.sheet(), "多录 50 万元")
    taken, new, back = entries()
    assert (new.amount, new.corrects_id, new.voucher) == (make.wan(250), first.id, "凭-1")
    assert (back.amount, back.reversal_of_id) == (-make.wan(300), taken.id)
    assert "多录 50 万元" in back.note
    assert world.cell(world.project, FUNDS).known == yuan(make.wan(250))
    world.type(world.project, FUNDS, "0")
    (said,) = posting.plan(world.sheet()).faults.values()
    assert f"（{new.id} 号）。本季没有这笔的，请在台账冲销它。" in said
    # Of two it is not known which is wrong.
    make.entry(world.project, EntryKind.FUNDS_IN_PLACE, make.wan(10), date(2024, 8, 3))
    world.type(world.project, FUNDS, "200")
    (said,) = posting.plan(world.sheet()).faults.values()
    assert "本季已登记 260 万元，共 2 笔" in said


def test_what_is_unusual_is_asked_once_with_its_reason(world: World):
    world.type(world.project, FUNDS, "3亿元")  # the whole project costs 1.2
    plan = posting.plan(world.sheet())
    assert "智能装备：" in plan.doubts[0].words
    assert "超过项目总投资" in plan.doubts[0].words
    with pytest.raises(DoubtedError):
        posting.post(world.user, world.sheet())
    assert entries() == []
    posting.post(world.user, world.sheet(), "项目已增资，批复在附件")
    assert entries()[0].amount == make.wan(30_000)
    answered = db.session.scalars(select(AnsweredDoubt)).one()
    assert (answered.reason, answered.rules) == ("项目已增资，批复在附件", "above_limit")


def test_a_draft_of_the_ledger_that_says_the_same_is_not_said_again(world: World):
    make.entry(world.enclave, EntryKind.REBATE, make.wan(8), date(2024, 8, 15), submitted_at=None)
    world.type(world.enclave, "money.rebate", "8")
    world.type(world.enclave, "day.rebate", "2024-08-15")
    faults = posting.plan(world.sheet()).faults
    assert "都相同的" in faults[world.address(world.enclave, "money.rebate")]


def test_a_year_so_far_that_has_not_grown_is_a_nought(world: World):
    make.entry(world.project, EntryKind.FUNDS_IN_PLACE, make.wan(30), date(2024, 2, 1))
    world.type(world.project, FUNDS, "30", cumulative=True)
    posting.post(world.user, world.sheet())
    cell = world.cell(world.project, FUNDS)
    assert cell.is_nought
    assert (cell.text(), cell.text(cumulative=True)) == ("0", "30")


def test_a_record_that_is_deleted_takes_its_cells_along(world: World):
    wrong = make.project(world.place, name="重复登记", signed_on=date(2024, 1, 1))
    world.type(wrong, FUNDS, "0")
    posting.post(world.user, world.sheet())
    assert references_to(wrong) == []
    db.session.delete(wrong)
    db.session.flush()
    assert db.session.scalars(select(QuarterCell)).all() == []


def test_what_was_typed_of_a_subject_that_has_ended_is_still_shown(world: World):
    world.type(world.project, FUNDS, "5")
    world.project.terminated_on = date(2024, 6, 1)
    assert world.cell(world.project, FUNDS).text() == "5"
    assert db.session.scalars(select(QuarterCell)).one().typed == "5"


# -- taking back


def test_an_act_is_taken_back_whole_and_what_was_posted_is_posted_again(world: World):
    second = make.project(world.place, name="竹木加工", signed_on=date(2024, 1, 1))
    world.type(world.project, FUNDS, "0")
    posting.post(world.user, world.sheet())
    world.type(world.project, DONE, "9", cumulative=True)
    by = Typing(world.user)

    def stood() -> dict:
        cells = db.session.scalars(select(QuarterCell))
        return {
            (c.project_id, c.field): (c.typed, c.cumulative, c.value, c.posted_at)
            for c in cells
            if c.typed
        }

    before = stood()
    rows = [row.subject for row in world.sheet().sections[0].rows]
    first = world.address(rows[0], FUNDS)
    done = service.paste(by, world.sheet(), first, "5\t6\n7\t8\n")
    seal = undoing.sealed(world.user.id, done.sheet, done.changes)
    assert len(done.changed) == 4
    assert not world.cell(world.project, FUNDS).is_nought
    versions = {c.id: c.version for c in db.session.scalars(select(QuarterCell))}
    back = service.undo(by, world.sheet(), seal)
    assert back.words == "已撤销，4 格恢复原来的内容。"
    assert stood() == before
    assert world.cell(world.project, FUNDS).is_nought
    assert world.cell(second, FUNDS).is_missing
    # Others hear of it: versions never run backwards.
    assert all(c.version > versions[c.id] for c in db.session.scalars(select(QuarterCell)))
    # What was taken back is not taken back again; nor by others, nor in another grid.
    assert "没有恢复" in service.undo(by, world.sheet(), seal).words
    for who, sheet in ((world.colleague, world.sheet()), (world.user, due(world.place, 2024, 2))):
        with pytest.raises(BlockError, match="没有可以撤销的"):
            service.undo(Typing(who), sheet, seal)
    with pytest.raises(BlockError):
        service.undo(by, world.sheet(), seal[:-2] + "xx")


def test_what_somebody_touched_since_stays_when_an_act_is_taken_back(world: World):
    by = Typing(world.user)
    done = service.unchanged(by, world.sheet())
    seal = undoing.sealed(world.user.id, done.sheet, done.changes)
    world.type(world.project, FUNDS, "5", user=world.colleague)
    said = service.undo(by, world.sheet(), seal).words
    assert f"{len(done.changed) - 1} 格恢复原来的内容；1 格后来又有变动，没有恢复" in said
    assert world.cell(world.project, FUNDS).text() == "5"
    assert world.cell(world.project, DONE).is_missing
    # Posted meanwhile: a record has been made of it.
    done = service.unchanged(by, world.sheet())
    seal = undoing.sealed(world.user.id, done.sheet, done.changes)
    posting.post(world.user, world.sheet(), "已核对")
    assert service.undo(by, world.sheet(), seal).changed == []
    assert world.cell(world.project, DONE).is_nought
