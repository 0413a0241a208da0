"""The ledger by hand: drafts, their submission, villages' shares, and money of every subject."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from tests import factories as make
from tests import factories_acts as acts
from tests.web.conftest import Site
from tests.web.pages import text_of, value_of
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import QUARTER_NAMES, quarter_of
from tracker.records.accounts.models import User
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger import service
from tracker.records.ledger.models import EntryKind, LedgerEntry, VillagePayment
from tracker.records.places.models import Region, RegionLevel
from tracker.records.projects.models import Project
from tracker.records.submissions.models import FilingKind, FilingState
from tracker.records.villages.models import VillageStake

GOOD = {"kind": "completed_investment", "amount": "1,200", "occurred_on": "2024.10.8"}
REBATE = {"kind": "rebate", "amount": "100", "occurred_on": "2024-12-20", "draft": "1"}


def form_of(page) -> dict[str, str]:
    names = "version seen kind amount precision occurred_on period_from cumulative villages"
    found = {name: value_of(page, name) for name in (*names.split(), "voucher", "note")}
    return {name: value for name, value in found.items() if value is not None}


def draft(site: Site, typed: dict[str, str] = GOOD, of: str = "project") -> str:
    """The address of a new draft."""
    staff = site.browser("staff")
    address = f"/ledger/{of}s/{site.world[of]}/new"
    answer = staff.post(address, {**typed, "draft": "1"})
    assert answer.status_code == 302, text_of(answer)
    return answer.location


def villages(site: Site, **stakes: dict) -> dict[str, int]:
    with site.app.app_context():
        jinyun = db.session.get(Region, site.world["jinyun"])
        enclave = db.session.get(Enclave, site.world["enclave"])
        found = {}
        for name, stake in stakes.items():
            village = make.village(jinyun, name=name)
            make.stake(enclave, village, **stake)
            found[name] = village.id
        db.session.commit()
    return found


def test_a_draft_is_changed_submitted_and_then_only_reversed(any_site):
    staff = any_site.browser("staff")
    address = draft(any_site)
    page = text_of(staff.get(address))
    assert "草稿，尚未提交，不计入任何合计" in page
    assert "1 笔草稿 尚未提交" in text_of(staff.get("/ledger/?year=2024")).replace("稿尚", "稿 尚")
    form = form_of(staff.get(f"{address}/edit"))
    assert staff.post(f"{address}/edit", {**form, "amount": "1300"}).status_code == 302
    assert "将金额由 1,200万元 改为 1,300万元" in text_of(staff.get(address))
    assert "计入 2024 年度合计" in text_of(staff.get(f"{address}/submit"))
    assert staff.confirm(f"{address}/submit").location == address
    page = staff.get(address).text
    assert f"{address}/edit" not in page
    assert f"{address}/reverse" in page
    for act in ("edit", "delete", "submit"):
        refused = staff.post(f"{address}/{act}", {"reason": "x"})
        assert refused.status_code == 409
        assert "有误的请用“更正”，或冲销" in text_of(refused)
    assert staff.post(f"{address}/reverse", {"reason": "录错"}).status_code == 302
    assert "已被" in text_of(staff.get(address))


def test_two_editors_of_a_draft_meet(any_site):
    staff = any_site.browser("staff")
    address = draft(any_site)
    form = form_of(staff.get(f"{address}/edit"))
    staff.post(f"{address}/edit", {**form, "voucher": "先到"})
    second = staff.post(f"{address}/edit", {**form, "note": "后到"})
    assert second.status_code == 422
    assert "记录已被他人修改" in text_of(second)
    again = {**form_of(second), "note": "后到", "voucher": "先到"}
    assert staff.post(f"{address}/edit", again).status_code == 302
    page = text_of(staff.get(address))
    assert "先到" in page
    assert "后到" in page


def test_a_draft_is_deleted_with_a_reason(site, staff):
    address = draft(site)
    assert staff.post(f"{address}/delete", {"reason": ""}).status_code == 422
    assert staff.post(f"{address}/delete", {"reason": "重复"}).status_code == 302
    assert staff.get(address).status_code == 404


def test_chosen_drafts_are_submitted_together(any_site):
    staff = any_site.browser("staff")
    one, other = draft(any_site), draft(any_site, REBATE, "enclave")
    page = staff.get("/ledger/drafts")
    assert "有 2 笔草稿待提交" in text_of(page)
    assert "请先勾选" in text_of(staff.post("/ledger/drafts", {"entry": "²"}))
    with any_site.app.app_context():
        foreign = db.session.get(Project, any_site.world["other_project"])
        stranger = make.entry(
            foreign, EntryKind.TAX, make.wan(1), date(2024, 1, 1), submitted_at=None
        ).id
        db.session.commit()
    chosen = [one.rpartition("/")[2], str(stranger)]
    assert staff.confirm("/ledger/drafts", {"entry": chosen}).location == "/ledger/drafts"
    with any_site.app.app_context():
        assert db.session.get(LedgerEntry, stranger).is_draft
    page = staff.get("/ledger/drafts").text
    assert other in page
    assert f'"{one}"' not in page


@pytest.mark.parametrize(
    ("of", "kind"),
    [("parks", "tax"), ("pairings", "aid_received"), ("demonstrations", "provincial_award")],
)
def test_money_of_every_subject(site, staff, of, kind):
    with site.app.app_context():
        jinyun, qingyuan = (
            db.session.get(Region, site.world[name]) for name in ("jinyun", "qingyuan")
        )
        fuyang = db.session.get(Enclave, site.world["enclave"]).host_region
        make_one = {
            "parks": lambda place: make.park(fuyang, place).id,
            "demonstrations": lambda place: make.demonstration_village(place).id,
        }.get(of)
        own, foreign = (
            (make_one(jinyun), make_one(qingyuan))
            if make_one
            else (site.world["pairing"], site.world["other_pairing"])
        )
        db.session.commit()
    assert f"/ledger/{of}/{own}/new" in staff.get("/ledger/new").text
    assert f"/ledger/{of}/{foreign}/new" not in staff.get("/ledger/new").text
    assert staff.get(f"/ledger/{of}/{foreign}/new").status_code == 404
    typed = {**GOOD, "kind": kind}
    assert staff.post(f"/ledger/{of}/{own}/new", typed).status_code == 302
    with site.app.app_context():
        number = db.session.query(LedgerEntry).order_by(LedgerEntry.id.desc()).first().id
    key = {"parks": "park", "pairings": "pairing"}.get(of, "demonstration_village")
    assert f'"/ledger/{number}?year=2024"' in staff.get(f"/ledger/?year=2024&of={key}").text
    assert f'"/ledger/{number}?year=2024"' not in staff.get("/ledger/?year=2024&of=project").text


@pytest.mark.parametrize(
    ("of", "changes", "field", "says"),
    [
        ("enclave", {"precision": "guess"}, "precision", "不在列表中"),
        ("enclave", {"cumulative": "maybe"}, "cumulative", "不在列表中"),
        ("pairing", {"kind": "social_aid", "purpose": "income"}, "purpose", "不填资金用途"),
        ("pairing", {"kind": "aid_used", "purpose": "war"}, "purpose", "不在列表中"),
    ],
)
def test_what_does_not_go_together_is_said_beside_its_field(site, staff, of, changes, field, says):
    typed = {**GOOD, "kind": "rebate" if of == "enclave" else "aid_sent", **changes}
    answer = staff.post(f"/ledger/{of}s/{site.world[of]}/new", typed)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert f'id="{field}-error"' in answer.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=draft", 1),
        ("state=submitted", 2),
        ("state=cumulative", 0),
        ("quarter=3", 1),
        ("quarter=4", 2),
        ("precision=exact", 3),
        ("precision=about", 0),
        ("of=enclave", 1),
        ("q=znzb", 2),
        ("q=2024-记", 1),
        ("sort=-amount", 3),
    ],
)
def test_the_list_is_narrowed_by_its_address(site, staff, query, found):
    draft(site, {**GOOD, "voucher": "2024-记-15"})
    page = staff.get(f"/ledger/?year=2024&{query}").text
    assert page.count('<th scope="row">') == found


def test_a_rebate_is_shared_among_villages(any_site):
    staff, neighbour = any_site.browser("staff"), any_site.browser("neighbour")
    ids = villages(any_site, 甲村={}, 乙村={})
    address = draft(any_site, REBATE, "enclave")
    new = f"{address}/village-payments/new"
    assert "village-payments" not in staff.get(draft(any_site)).text
    assert (
        staff.get(f"{draft(any_site, {**GOOD, 'amount': '7'})}/village-payments/new").status_code
        == 404
    )
    assert neighbour.get(new).status_code == 404
    assert staff.post(new, {"village_id": str(ids["甲村"]), "amount": "60"}).status_code == 302
    for typed, says in (
        ({"village_id": str(ids["甲村"]), "amount": "1"}, "已有一笔"),
        ({"village_id": str(ids["乙村"]), "amount": "41"}, "多于返利"),
        ({"village_id": str(ids["乙村"]), "amount": "0"}, "大于 0"),
        ({"village_id": "99999", "amount": "1"}, "不在列表中"),
    ):
        refused = staff.post(new, typed)
        assert refused.status_code == 422, typed
        assert says in text_of(refused)
    assert staff.post(new, {"village_id": str(ids["乙村"]), "amount": "30"}).status_code == 302
    page = text_of(staff.get(address))
    assert "各村共分得 90万元，还有 10万元没有分到村" in page
    with any_site.app.app_context():
        payment = db.session.query(VillagePayment).filter_by(village_id=ids["乙村"]).one().id
    own = f"/ledger/village-payments/{payment}"
    form = {name: value_of(staff.get(f"{own}/edit"), name) for name in ("version", "seen")}
    typed = {**form, "village_id": str(ids["乙村"])}
    assert "多于返利" in text_of(staff.post(f"{own}/edit", {**typed, "amount": "41"}))
    assert staff.post(f"{own}/edit", {**typed, "amount": "40"}).status_code == 302
    assert "已全部分到村" in text_of(staff.get(f"{address}/submit"))
    smaller = {**form_of(staff.get(f"{address}/edit")), "amount": "50"}
    assert "多于返利" in text_of(staff.post(f"{address}/edit", smaller))
    other = {**form_of(staff.get(f"{address}/edit")), "kind": "rent", "villages": ""}
    assert "不能改为其他资金" in text_of(staff.post(f"{address}/edit", other))
    staff.confirm(f"{address}/submit")
    assert staff.post(f"{own}/delete", {"reason": "试"}).status_code == 409
    assert staff.post(new, {"village_id": str(ids["甲村"]), "amount": "1"}).status_code == 409


@pytest.mark.parametrize(
    ("stakes", "shares", "says"),
    [
        (
            {
                "甲": {"capital_paid": 100},
                "乙": {"capital_paid": 100},
                "丙": {"capital_agreed": 100},
            },
            [Decimal("333333.34"), Decimal("333333.33"), Decimal("333333.33")],
            "已分到 3 个村",
        ),
        (
            {"甲": {"share": Decimal("0.25")}, "乙": {"share": Decimal("0.5")}},
            [Decimal(250_000), Decimal(500_000)],
            "还有 25万元没有分到村",
        ),
        (
            {"甲": {"share": 1}, "乙": {"share": 1, "left_on": date(2024, 1, 1)}},
            [Decimal(1_000_000)],
            "已全部分到村",
        ),
        ({"甲": {"share": 1}, "乙": {"capital_paid": 1}}, [], "有的村填了份额，有的没有"),
        ({"甲": {"share": 1}, "乙": {"share": Decimal("0.1")}}, [], "合计超过 100%"),
        ({"甲": {"capital_paid": 1}, "乙": {}}, [], "既没有份额也没有出资"),
        ({}, [], "没有登记村参股"),
    ],
)
def test_a_rebate_is_split_by_stakes(site, staff, stakes, shares, says):
    villages(site, **stakes)
    address = draft(site, REBATE, "enclave")
    assert f"{address}/split" in staff.get(address).text
    answer = staff.post(f"{address}/split")
    assert answer.status_code == (302 if shares else 422)
    assert says in text_of(staff.get(address) if shares else answer)
    with site.app.app_context():
        found = db.session.query(VillagePayment).order_by(VillagePayment.village_id)
        assert [payment.amount for payment in found] == shares
    if shares:
        assert "已有分村记录" in text_of(staff.post(f"{address}/split"))


def test_a_rebate_that_has_arrived_is_split_until_the_sum_fits(any_site):
    ids = villages(any_site, 甲={"capital_paid": 100}, 乙={})
    staff = any_site.browser("staff")
    address = f"/ledger/{any_site.world['rebate']}"
    assert f"{address}/split" in staff.get(address).text
    lacking = staff.post(f"{address}/split", {"how": "stakes"})
    assert lacking.status_code == 422
    assert "既没有份额也没有出资" in text_of(lacking)
    with any_site.app.app_context():
        stake = db.session.query(VillageStake).filter_by(village_id=ids["乙"]).one().id
    assert re.search(rf'href="[^"]*/{stake}/edit">乙', lacking.text)
    wrong = staff.post(f"{address}/split", {"how": "pasted", "lines": "甲\t1\n丁\t2"})
    assert wrong.status_code == 422
    assert "第 2 行：没有参股村或本县的村叫“丁”" in text_of(wrong)
    assert "甲\t1" in wrong.text  # what was pasted is not lost
    pasted = {"how": "pasted", "lines": "甲\t40"}
    asked = text_of(staff.post(f"{address}/split", pasted))
    assert "分出的不能再改或收回" in asked
    assert "甲" in asked
    sent = staff.confirm(f"{address}/split", pasted)
    assert sent.status_code == 302, text_of(sent)
    assert "尚未分配" in text_of(staff.get(address))
    asked = text_of(staff.post(f"{address}/split", {"how": "equal"}))
    assert "分到 2 个村，共 100 万元（连同此前已分的 1 个村）" in asked
    assert staff.confirm(f"{address}/split", {"how": "equal"}).status_code == 302
    page = staff.get(address)
    assert "本次分到 1 个村，连同此前的共 2 个村，已全部分到村。" in text_of(page)
    assert "已全部分到村" in text_of(page)
    assert f"{address}/split" not in page.text
    assert any_site.browser("neighbour").get(f"{address}/split").status_code in (403, 404)


def test_a_foreign_entry_is_read_but_not_changed(site):
    with site.app.app_context():
        enclave = db.session.get(Enclave, site.world["other_enclave"])
        enclave.host_id = site.world["jinyun"]
        number = make.entry(
            enclave, EntryKind.REBATE, make.wan(5), date(2024, 5, 1), submitted_at=None
        ).id
        db.session.commit()
    staff = site.browser("staff")
    assert "庆元飞地" in text_of(staff.get(f"/ledger/{number}"))
    for act in ("edit", "delete", "submit", "split", "village-payments/new"):
        refused = staff.get(f"/ledger/{number}/{act}")
        assert refused.status_code == 403
        assert "只有庆元县的工作人员可以修改" in text_of(refused)
    assert staff.get(f"/ledger/{site.world['other_entry']}").status_code == 404


def test_a_rebate_of_many_villages_is_shared_to_the_cent(site, staff):
    """The whole way of a person: it arrived, what lacks is seen, a part is shared, then all."""
    villages(site, **{f"村{number:03}": {} for number in range(134)})
    with site.app.app_context():
        county = db.session.get_one(Region, site.world["jinyun"])
        towns = [
            make.region(code, name, county, level=RegionLevel.TOWN, kind=None)
            for code, name in (("331122101", "壶镇镇"), ("331122102", "新建镇"))
        ]
        enclave = db.session.get(Enclave, site.world["enclave"])
        for place in towns:
            twin = make.village(county, name="（新）联村", town_id=place.id)
            make.stake(enclave, twin, joined_on=date(2024, 1, 1))
        make.stake(enclave, make.village(county, name="后来村"), joined_on=date(2025, 1, 1))
        db.session.commit()
    address = draft(site, {**REBATE, "amount": "100"}, "enclave")
    number = int(address.rsplit("/", 1)[1].split("?")[0])
    with site.app.app_context():
        db.session.get_one(LedgerEntry, number).submitted_at = make.SUBMITTED
        db.session.commit()
    one_by_one = staff.get(f"{address}/village-payments/new")
    assert one_by_one.status_code == 302
    assert one_by_one.location.split("?")[0].endswith("/split")
    assert f'href="{one_by_one.location}"' in staff.get(address).text
    lacking = staff.post(f"{address}/split", {"how": "stakes"})
    assert lacking.status_code == 422
    assert lacking.text.count('/edit">村') == 134
    doubtful = staff.post(f"{address}/split", {"how": "pasted", "lines": "（新）联村\t1"})
    assert "壶镇镇（新）联村" in text_of(doubtful)
    assert "请在村名前写明乡镇" in text_of(doubtful)

    def send(form):
        """Send it, and confirm it where that is asked for."""
        first = staff.post(f"{address}/split", form)
        if 'name="confirmed"' in first.text:
            again = {**form, "confirmed": value_of(first, "confirmed")}
            first = staff.post(f"{address}/split", again)
        return first

    lines = "壶镇镇(新) 联村\t1.5\n后来村\t0.25"
    assert send({"how": "pasted", "lines": lines}).status_code == 302
    assert send({"how": "pasted", "lines": lines}).status_code == 422
    assert send({"how": "equal"}).status_code == 302
    assert send({"how": "equal"}).status_code == 422
    with site.app.app_context():
        found = db.session.query(VillagePayment).filter_by(entry_id=number).all()
        assert sum(payment.amount for payment in found) == Decimal(1_000_000)
        assert len(found) == 134 + 3
        equal = [p.amount for p in found if p.amount not in (Decimal(15_000), Decimal(2_500))]
        assert max(equal) - min(equal) <= Decimal("0.01")
    assert "已全部分到村" in text_of(staff.get(address))
    assert staff.get(f"{address}/village-payments/new").status_code == 409


def test_a_correction_of_a_locked_period_says_beforehand_when_it_is_booked(any_site):
    staff = any_site.browser("staff")
    with any_site.app.app_context():
        project = db.session.get(Project, any_site.world["project"])
        kind = EntryKind.FUNDS_IN_PLACE
        entry = make.entry(project, kind, make.wan(30), date(2024, 2, 20)).id
        told_up_to = make.entry(project, kind, make.wan(90), date(2024, 2, 20), cumulative=True).id
        db.session.commit()
    for act in ("correct", "reverse"):
        assert "所在的一期已锁定" not in text_of(staff.get(f"/ledger/{entry}/{act}"))
    with any_site.app.app_context():
        county = db.session.get(Region, any_site.world["jinyun"])
        acts.filing(county, state=FilingState.LOCKED, filed_at=make.SUBMITTED)
        db.session.commit()
        present = today()
    quarter = f"{present.year} 年{QUARTER_NAMES[quarter_of(present)]}"
    for act, word in (("correct", "更正"), ("reverse", "冲销")):
        told = (
            f"发生日期 2024-02-20 所在的一期已锁定：{word}登记在今天（{present}），"
            f"列入未锁定的{quarter}，金额仍计入款项发生的 2024 年度。"
        )
        assert told in text_of(staff.get(f"/ledger/{entry}/{act}"))
        cumulative = text_of(staff.get(f"/ledger/{told_up_to}/{act}"))
        assert f"列入未锁定的{quarter}。" in cumulative
        assert "计入款项发生的" not in cumulative  # it counts in no year
    # Into another year: what each loses and gains is said, once, and asked about.
    form = {"kind": kind.value, "amount": "25", "occurred_on": "2023-12-31", "reason": "发生在上年"}
    asked = staff.post(f"/ledger/{entry}/correct", form)
    page = text_of(asked)
    moved = "2024 年度的到位资金减少 30 万元，2023 年度的到位资金增加 25 万元。更正不能撤回"
    assert asked.status_code == 422
    assert page.count("移到另一年度") == page.count(moved) == 1
    assert f"列入未锁定的{quarter}。" in page
    assert "仍计入" not in page
    assert "计入 2023 年度" not in page
    with any_site.app.app_context():
        county = db.session.get(Region, any_site.world["jinyun"])
        fields = {"state": FilingState.LOCKED, "filed_at": make.SUBMITTED}
        acts.filing(county, present.year, FilingKind.ANNUAL, **fields)
        db.session.commit()
    for act in ("correct", "reverse"):
        page = text_of(staff.get(f"/ledger/{entry}/{act}"))
        assert f"今天（{present}）所在的一期也已锁定，没有可以登记更正或冲销的期间" in page


def test_a_correction_of_a_locked_period_shows_in_the_one_in_which_it_was_made(site, staff):
    """On the page of its filing and under its grid; the locked one says that it was corrected."""
    present = today()
    with site.app.app_context():
        project = db.session.get(Project, site.world["project"])
        county, clerk = project.region, db.session.get(User, site.world["staff"])
        entry = make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(30), date(2024, 2, 20))
        locked = acts.filing(county, state=FilingState.LOCKED, filed_at=make.SUBMITTED).id
        kind = FilingKind(f"q{quarter_of(present)}")
        now = acts.filing(county, present.year, kind).id
        values = {"kind": entry.kind, "amount": make.wan(12), "occurred_on": date(2024, 2, 20)}
        service.correct(clerk, entry, values, "多写一笔", "已核对")
        gone = make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(7), date(2024, 5, 20))
        service.reverse(clerk, gone, "没有这笔")  # of a quarter that is open: no correction
        db.session.commit()
    sums = r"\s*30(\.00)?\s*12(\.00)?\s*"
    row = rf"智能装备项目 到位资金\s*2024-02-20{sums}2024 年度\s*{present}\s*多写一笔"
    grid = f"/quarters/331122/{present.year}/{quarter_of(present)}"
    for address in (f"/submissions/{now}", grid):
        page = text_of(staff.get(address))
        assert "本期更正1 笔" in page, address
        assert re.search(row, page), page[page.index("本期更正") :][:200]
        assert "锁定以后的更正" not in page
    for address in (f"/submissions/{locked}", "/quarters/331122/2024/1"):
        page = text_of(staff.get(address))
        assert "锁定以后的更正1 笔" in page, address
        assert "本期更正" not in page
    assert f"更正后：本季锁定以后有 1 笔更正（最近 {present}）" in page
