"""The page of the quarter: a form that saves drafts, an answer for its script, and posting."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tests.web.pages import text_of, value_of
from tests.web.statements import counted, number_for
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.accounts.models import User
from tracker.records.ledger import service as ledger
from tracker.records.ledger.models import EntryKind, LedgerEntry, VillagePayment
from tracker.records.operations.items import Item
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.records.quarters.models import QuarterCell
from tracker.records.submissions.models import Filing, FilingKind, FilingState

PAGE = "/quarters/331122/2024/4"
JSON = {"Accept": "application/json"}


@pytest.fixture
def funds(site) -> str:
    """The cell of what came in for the project of 缙云县."""
    return f"project-{site.world['project']}.money.funds_in_place"


def ask(browser, **data):
    answer = browser.post(f"{PAGE}/cells", data, headers=JSON)
    assert answer.status_code == 200, text_of(answer)
    return answer.json


def cells(site) -> dict[str, QuarterCell]:
    with site.app.app_context():
        return {each.field: each for each in db.session.scalars(select(QuarterCell))}


def test_the_page_has_a_cell_for_all_that_is_due_with_what_stood_before(site, staff):
    page = staff.get(PAGE)
    assert page.status_code == 200
    words = text_of(page)
    assert "缙云县 2024 年第四季度填报表" in words
    assert "庆元" not in words
    project = re.search(r"智能装备项目.*?</tr>", page.text, re.S)[0]
    assert "上季 3,000" in project
    assert "1—9月 3,000" in project
    enclave = re.search(r'data-section="enclave".*?</table>', page.text, re.S)[0]
    assert 'value="100"' in enclave
    assert 'value="2024-12-01"' in enclave
    assert "合计" in words


def test_tasks_say_where_what_was_done_of_them_is_from(site, staff):
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        for year in (2023, 2024):
            make.target(place, year, "projects.counted", 12)
        db.session.commit()
    assert "已完成数取自 2024 年度最近一次计分时冻结的记录" in text_of(staff.get(PAGE))
    unscored = staff.get("/quarters/331122/2023/4")
    assert "2023 年度还没有计分，已完成数计分以后才有" in text_of(unscored)
    assert 'href="/counties/331122?year=2023"' in unscored.text


def test_without_a_script_it_is_a_form_that_keeps_drafts_with_their_faults(site, staff, funds):
    done = f"project-{site.world['project']}.money.completed_investment"
    sent = {
        f"cell:{funds}": "1,2",
        f"seen:{funds}": "0",
        f"cell:{done}": "500",
        f"seen:{done}": "0",
    }
    answer = staff.post(f"{PAGE}/cells", {**sent, "act": "save"})
    assert answer.status_code == 200
    # The whole of it is taken back, and typed anew. Nothing is to take back twice.
    taking = {"act": "undo", "undo": value_of(answer, "undo")}
    back = staff.get(staff.post(f"{PAGE}/cells", taking).location)
    assert "已撤销，2 格恢复原来的内容" in text_of(back)
    assert "撤销刚才的填写" not in text_of(back)
    assert {each.typed for each in cells(site).values()} == {""}
    sent |= {f"seen:{funds}": "2", f"seen:{done}": "2", "act": "save"}
    page = staff.post(f"{PAGE}/cells", sent)
    assert "已保存 2 格草稿" in text_of(page)
    assert "撤销刚才的填写" in text_of(page)
    box = re.search(rf'data-cell="{re.escape(funds)}".*?</td>', page.text, re.S)[0]
    assert 'value="1,2"' in box
    assert "aria-invalid" in box
    assert "每三位一个" in box
    # Sent again as it stands: nothing changes.
    versions = {name: each.version for name, each in cells(site).items()}
    again = dict(re.findall(r'name="((?:cell|seen):[^"]+)"[^>]*?value="([^"]*)"', page.text))
    staff.post(f"{PAGE}/cells", {**again, "act": "save"})
    assert {name: each.version for name, each in cells(site).items()} == versions
    # Whoever would post is told what is wrong, and where.
    page = staff.get(staff.post(f"{PAGE}/cells", {"act": "post"}).location)
    assert "须先改正" in text_of(page)
    assert f'href="{PAGE}#cell:{funds}"' in page.text
    assert "确认登记" not in text_of(page)


def test_parts_are_folded_but_those_with_drafts_and_faults(site, staff, funds):
    def opened() -> set[str]:
        found = re.findall(r'<section class="card-flat" id="(\w+)"[^>]*>\s*(<details[^>]*>)', page)
        assert len(found) > 3
        return {key for key, tag in found if "open" in tag.split("data-roomy")[1]}

    page = staff.get(PAGE).text
    assert opened() == set()
    ask(staff, **{f"cell:{funds}": "12", f"seen:{funds}": "0"})
    page = staff.get(PAGE).text
    assert opened() == {"project"}
    assert "1 格草稿待登记" in re.search(r'id="project-heading".*?</h2>', page, re.S)[0]
    enclave = re.search(r'"cell:(enclave-\d+\.money\.\w+)"', page)[1]
    typed = {f"cell:{enclave}": "十来万", f"seen:{enclave}": "0"}
    staff.post(f"{PAGE}/cells", typed)
    page = staff.get(PAGE).text
    assert opened() == {"project", "enclave"}


def test_a_conflict_stands_at_its_cell_with_both_texts(site, staff, funds):
    ask(staff, **{f"cell:{funds}": "100", f"seen:{funds}": "0"})
    answer = staff.post(f"{PAGE}/cells", {f"cell:{funds}": "120", f"seen:{funds}": "0"})
    assert answer.status_code == 422
    box = re.search(rf'data-cell="{re.escape(funds)}".*?</td>', answer.text, re.S)[0]
    assert 'value="120"' in box
    assert "填了“100”" in box
    version = re.search(rf'name="seen:{re.escape(funds)}" value="(\d+)"', box)[1]
    staff.post(f"{PAGE}/cells", {f"cell:{funds}": "120", f"seen:{funds}": version})
    assert cells(site)["money.funds_in_place"].typed == "120"
    told = ask(staff, **{f"cell:{funds}": "130", f"seen:{funds}": "1"})
    assert told["refused"] == 1
    assert told["cells"][funds]["text"] == "130"
    assert told["cells"][funds]["version"] == 2


def test_the_script_hears_that_the_quarter_is_begun(site, staff, funds):
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        acts.filing(place, 2024, FilingKind.Q4, due_on=today())
        db.session.commit()
    assert re.search(r'id="stands">(.*?)<', staff.get(PAGE).text)[1] == "未开始"
    told = ask(staff, **{f"cell:{funds}": "100", f"seen:{funds}": "0"})
    assert told["stands"] == "填报中"
    assert told["standing"]["project"].endswith("1 格草稿待登记")


def test_the_script_hears_of_sums_and_of_what_others_typed(site, staff, funds):
    quiet = staff.get(f"{PAGE}/drafts").json
    assert staff.get(f"{PAGE}/drafts?stamp={quiet['stamp']}").json.keys() == {"stamp", "token"}
    told = ask(staff, **{f"cell:{funds}": "1.5亿元", f"seen:{funds}": "0"})
    assert told["cells"][funds]["derived"] == "1—12月 15,000"
    total = told["totals"]["project.money.funds_in_place"]
    assert (total["now"], total["derived"]) == ("15,000", "1—12月 15,000")
    by_year = staff.get(f"{PAGE}/drafts?as=cumulative").json["totals"]
    assert by_year["project.money.funds_in_place"]["derived"] == "当季 15,000"
    assert "1 格草稿待登记" in told["left"]
    heard = staff.get(f"{PAGE}/drafts?stamp={quiet['stamp']}").json
    assert heard["cells"][funds]["text"] == "1.5亿元"
    # Seen as sums of the year so far the same draft is the year's.
    assert staff.get(f"{PAGE}/drafts?as=cumulative").json["cells"][funds]["text"] == "15000"


def test_a_block_a_fill_and_no_change_are_acts_of_the_form(site, staff, funds):
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        other = make.project(place, name="竹木加工", signed_on=date(2024, 1, 1)).id
        db.session.commit()
    told = ask(staff, act="paste", at=funds, block="1\t2\t3")
    assert "多 1 列" in told["wrong"]
    assert cells(site) == {}
    first = f"project-{other}.money.funds_in_place"
    page = staff.get(PAGE).text
    order = [at for at in re.findall(r'data-cell="([^"]+)"', page) if "funds" in at]
    assert set(order[:2]) == {first, funds}
    assert "已填入 2 格" in ask(staff, act="paste", at=order[0], block="8\t\n\t9")["words"]
    assert "已向下填入 1 格" in ask(staff, act="fill", at=order[0])["words"]
    told = ask(staff, act=f"unchanged:{order[0].split('.')[0]}")
    assert "已填入 1 格" in told["words"]


def test_posting_asks_first_and_takes_what_was_shown_once(site, staff, funds):
    ask(staff, **{f"cell:{funds}": "3亿元", f"seen:{funds}": "0"})
    page = staff.get(f"{PAGE}/post")
    assert "智能装备项目到位资金：30,000 万元，2024-10-01 至 2024-12-31" in text_of(page)
    assert "超过项目总投资" in text_of(page)
    fields = dict(re.findall(r'name="(confirmed|once)" value="([^"]+)"', page.text))
    assert staff.post(f"{PAGE}/post", {"once": fields["once"]}).status_code == 422
    unsaid = staff.post(f"{PAGE}/post", fields)
    assert unsaid.status_code == 422
    assert "请填写核实说明" in text_of(unsaid)
    # Somebody typed meanwhile: what was shown is not what would be posted.
    ask(staff, **{f"cell:{funds}": "3.1亿元", f"seen:{funds}": "1"})
    stale = staff.post(f"{PAGE}/post", {**fields, "why": "已增资"})
    assert stale.status_code == 422
    assert "有变化" in text_of(stale)
    fields = dict(re.findall(r'name="(confirmed|once)" value="([^"]+)"', stale.text))
    assert staff.post(f"{PAGE}/post", {**fields, "why": "已增资"}).status_code == 302
    staff.post(f"{PAGE}/post", {**fields, "why": "已增资"})
    with site.app.app_context():
        entries = db.session.scalars(
            select(LedgerEntry).where(LedgerEntry.kind == EntryKind.FUNDS_IN_PLACE)
        ).all()
        assert [e.amount for e in entries if e.project_id == site.world["project"]] == [
            make.wan(31_000)
        ]
    assert "已登记" in text_of(staff.get(PAGE))
    # What was passed with a reason stays with the filing, for the reviewer too.
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        filing = db.session.scalar(select(Filing).filter_by(region=place, kind=FilingKind.Q4))
        number = (filing or acts.filing(place, 2024, FilingKind.Q4)).id
        before = acts.filing(place, 2024, FilingKind.Q3).id
        db.session.commit()
    reviewer = site.browser("assessor")
    for page in (f"/submissions/{number}", f"/submissions/{number}/check"):
        shown = text_of(reviewer.get(page))
        part = shown[shown.index("登记时说明过的") :]
        assert "智能装备项目，到位资金 31,000 万元" in part
        assert "超过项目总投资" in part
        assert "已增资" in part
    assert "登记时说明过的" not in text_of(reviewer.get(f"/submissions/{before}"))


def test_others_read_and_the_page_says_why(site, staff, funds):
    page = site.browser("reviewer").get(PAGE)
    assert "这张表由缙云县的工作人员填写" in text_of(page)
    assert '<input type="text"' not in page.text
    assert site.browser("neighbour").get(PAGE).status_code == 404
    assert site.browser("neighbour").post(f"{PAGE}/cells", {}).status_code == 404
    assert site.browser("reviewer").post(f"{PAGE}/cells", {}).status_code == 403
    for bad in ("/quarters/331122/2024/5", "/quarters/331122/1999/1", "/quarters/999999/2024/1"):
        assert staff.get(bad).status_code == 404
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        filing = acts.filing(
            place,
            2024,
            FilingKind.Q4,
            state=FilingState.SUBMITTED,
            filed_at=make.SUBMITTED,
            due_on=date(2025, 1, 10),
        ).id
        db.session.commit()
    page = staff.get(PAGE)
    assert "已报送，数据不能在表中修改" in text_of(page)
    assert '<input type="text"' not in page.text
    assert "已报送" in ask(staff, **{f"cell:{funds}": "1", f"seen:{funds}": "0"})["wrong"]
    assert staff.get(f"{PAGE}/post").status_code == 409
    assert cells(site) == {}
    assert f'href="{PAGE}"' in staff.get(f"/submissions/{filing}").text


def test_a_rebate_on_record_is_split_on_the_grid(site, staff):
    """Of a rebate that arrived the shares stand once and for all: it is asked about first."""
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        enclave = db.session.get(LedgerEntry, site.world["rebate"]).enclave
        for name in ("甲村", "乙村"):
            make.stake(enclave, make.village(place, name=name), share=Decimal("0.5"))
        db.session.commit()
    page = staff.get(PAGE)
    assert "尚未分配100万元，2个村参股" in text_of(page).replace(" ", "")
    section = re.search(r'id="rebates".*?</section>', page.text, re.S)[0]
    address = re.search(r'<form method="post" action="([^"]+)"', section)[1].replace("&amp;", "&")
    once = re.search(r'name="once" value="([^"]+)"', section)[1]
    asked = staff.post(address, {"once": once, "how": "stakes"})
    assert asked.status_code == 422
    assert "甲村" in text_of(asked)
    sent = dict(re.findall(r'name="(once|how|confirmed)" value="([^"]+)"', asked.text))
    done = staff.post(address, sent)
    assert done.location == f"{PAGE}#rebates"
    with site.app.app_context():
        shares = db.session.scalars(select(VillagePayment.amount)).all()
    assert shares == [make.wan(50), make.wan(50)]
    assert "返利待分到村" not in text_of(staff.get(PAGE))


PASTED = "甲村\t30\n乙村\t20"
SHARED = {"stakes": [75, 25], "equal": [50, 50], "pasted": [30, 20]}


@pytest.mark.parametrize(
    ("how", "when"),
    [("stakes", "draft"), ("equal", "arrived"), ("pasted", "draft"), ("pasted", "locked")],
)
def test_a_rebate_is_split_in_each_way_before_and_after_it_arrives(site, staff, how, when):
    """By share, equally and by paste; of a draft at once, of what arrived after a question, also
    in a quarter that is locked by then. The payment keeps its own day."""
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        entry = db.session.get(LedgerEntry, site.world["rebate"])
        for name, share in (("甲村", "0.75"), ("乙村", "0.25")):
            make.stake(entry.enclave, make.village(place, name=name), share=Decimal(share))
        number, day = entry.id, entry.occurred_on
        if when == "draft":
            day = date(2024, 11, 8)
            fields = {"submitted_at": None}
            draft = make.entry(entry.enclave, EntryKind.REBATE, make.wan(100), day, **fields)
            number = draft.id
        if when == "locked":
            state, at = FilingState.LOCKED, make.SUBMITTED
            acts.filing(place, 2024, FilingKind.Q4, state=state, filed_at=at)
        db.session.commit()
    page = staff.get(PAGE)
    section = re.search(r'id="rebates".*?</section>', page.text, re.S)[0]
    assert ("台账草稿" in section) is (when == "draft")
    address = re.search(rf'action="(/ledger/{number}/split[^"]*)"', section)[1]
    once = re.search(r'name="once" value="([^"]+)"', section)[1]
    sent = {"once": once, "how": how, "lines": PASTED if how == "pasted" else ""}
    answer = staff.post(address.replace("&amp;", "&"), sent)
    if when != "draft":
        assert answer.status_code == 422
        assert "不能再改或收回" in text_of(answer)
        confirmed = dict(re.findall(r'name="(once|how|confirmed)" value="([^"]+)"', answer.text))
        answer = staff.post(address.replace("&amp;", "&"), {**sent, **confirmed})
    assert answer.location == f"{PAGE}#rebates"
    with site.app.app_context():
        shares = select(VillagePayment.amount).where(VillagePayment.entry_id == number)
        found = [amount / 10_000 for amount in db.session.scalars(shares.order_by("id"))]
        assert found == SHARED[how]
        assert db.session.get(LedgerEntry, number).occurred_on == day
    assert ("尚未分配" in text_of(staff.get(PAGE))) is (how == "pasted" or when == "draft")


def test_what_is_to_be_filed_leads_to_the_grid_until_it_is_filled_in(site, staff):
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        filing = acts.filing(place, 2024, FilingKind.Q4, due_on=today() + timedelta(days=5))
        number = filing.id
        db.session.commit()
    assert f'href="{PAGE}"' in staff.get("/").text
    with site.app.app_context():
        db.session.get(Filing, number).state = FilingState.APPROVED
        db.session.commit()
    home = staff.get("/").text
    assert f'href="{PAGE}"' not in home
    assert f'href="/submissions/{number}"' in home


def test_home_says_which_quarter_what_is_left_and_by_when_in_that_order(site, staff, funds):
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        enclave = db.session.get(LedgerEntry, site.world["rebate"]).enclave
        for days, kind in ((-3, FilingKind.Q3), (5, FilingKind.Q4)):
            own = acts.filing(place, 2024, kind, due_on=today() + timedelta(days=days))
        acts.filing_part(own, back_on=None)
        acts.filing(enclave, 2024, FilingKind.Q4, due_on=today() + timedelta(days=5))
        acts.filing(place, today().year + 1, FilingKind.Q1, due_on=date(2999, 1, 1))
        number = own.id
        db.session.commit()
    ask(staff, **{f"cell:{funds}": "3", f"seen:{funds}": "0"})
    page = staff.get("/")
    cards = re.findall(r'<section class="card-flat in-hand".*?</section>', page.text, re.S)
    assert len(cards) == 2, "what has not begun is not in hand"
    assert "已逾期 3 天" in cards[0]
    told = cards[1]
    left = re.search(
        r"填报表还有 (\d+) 格未填，1 格草稿待登记；分办 1 项没有办回；飞地的同期季报 1 份", told
    )
    assert int(left[1]) > 0
    places = [
        told.index(each) for each in ("2024 年第四季度", "填报中", left[0], "还有 5 天", PAGE)
    ]
    assert places == sorted(places)
    assert page.text.index(cards[0]) < page.text.index(cards[1]) < page.text.index("台账草稿")
    others = re.search(r'id="filings".*?</section>', page.text, re.S)[0]
    assert "2024 年第四季度季报" in others, "that of the enclave"
    assert "缙云县 2024 年" not in others
    # What came back stands before them, once.
    with site.app.app_context():
        filing = db.session.get(Filing, number)
        filing.state, filing.filed_at = FilingState.RETURNED, make.SUBMITTED
        db.session.commit()
    page = staff.get("/").text
    assert page.index('id="given-back"') < page.index("in-hand")
    assert page.count('<section class="card-flat in-hand"') == 1


def test_page_and_cell_take_no_more_statements_as_the_county_grows(site):
    def grow(number: int) -> None:
        with site.app.app_context():
            place = db.session.get(Region, site.world["jinyun"])
            host = db.session.get(Region, site.world["qingyuan"])
            for each in range(number):
                make.project(place, name=f"项目{number}-{each}", signed_on=date(2024, 1, 1))
                enclave = make.enclave(place, host, name=f"飞地{number}-{each}")
                make.entry(enclave, EntryKind.REBATE, make.wan(7), date(2024, 11, 1))
                make.stake(enclave, make.village(place, name=f"村{number}-{each}"))
                make.operating_figure(enclave, year=2024, quarter=4)
                make.park(host, place, name=f"产业园{number}-{each}")
                make.target(enclave, 2024, f"some.measure{number}{each}", 5)
                acts.filing(
                    enclave,
                    2024,
                    FilingKind.Q4,
                    state=FilingState.SUBMITTED,
                    filed_at=make.SUBMITTED,
                )
            db.session.commit()

    staff = site.browser("staff")
    at = f"project-{site.world['project']}.money.funds_in_place"

    def number_of_a_save(text: str) -> int:
        version = str(cells(site)["money.funds_in_place"].version)
        with counted(site) as found:
            ask(staff, **{f"cell:{at}": text, f"seen:{at}": version})
        assert sum("FROM projects" in each for each in found) == 1, "the grid is reckoned once"
        return len(found)

    ask(staff, **{f"cell:{at}": "1", f"seen:{at}": "0"})
    grow(2)
    few, saved = number_for(site, "staff", PAGE), number_of_a_save("2")
    grow(5)
    assert number_for(site, "staff", PAGE) == few
    assert number_of_a_save("3") == saved
    assert saved < few


def test_drafts_in_a_closed_quarter_are_listed_and_emptied_after_a_question(site, staff, funds):
    ask(staff, **{f"cell:{funds}": "17.5", f"seen:{funds}": "0"})
    assert "没有登记的草稿" not in text_of(staff.get(PAGE))
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        locked = {"state": FilingState.LOCKED, "filed_at": make.SUBMITTED}
        acts.filing(place, 2024, FilingKind.Q4, **locked)
        db.session.commit()
    for browser in (staff, site.browser("reviewer")):
        page = browser.get(PAGE)
        section = re.search(r'id="left-over".*?</section>', page.text, re.S)[0]
        assert "智能装备项目 到位资金" in section
        assert "“17.5”" in section
        assert ("确认清空 1 格" in section) is (browser is staff)
    assert site.browser("reviewer").post(f"{PAGE}/cells", {"act": "discard"}).status_code == 403
    done = staff.post(f"{PAGE}/cells", {"act": "discard"})
    page = staff.get(done.location)
    assert "已清空 1 格没有登记的草稿" in text_of(page)
    assert "left-over" not in page.text


def test_what_the_check_finds_leads_to_its_cell(site, staff, funds):
    """Each of the findings that are about a cell, or about a row without any figure."""
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        host = db.session.get(Region, site.world["qingyuan"])
        used = {"signed_on": date(2020, 1, 1), "in_use_on": date(2021, 1, 1)}
        make.enclave(place, host, name="没有报过", **used)
        other = make.enclave(place, host, name="漏报少报", **used)
        for quarter, items in ((3, {"output": 9, "land_supplied": 5}), (4, {"land_supplied": 4})):
            for item, value in items.items():
                at = {"item": Item(item), "value": Decimal(value), "quarter": quarter}
                make.operating_figure(other, year=2024, **at)
        still = {"signed_on": date(2020, 1, 1), "started_on": date(2020, 2, 1)}
        make.project(place, name="停工项目", **still)
        acts.filing(place, 2024, FilingKind.Q4)
        db.session.commit()
    ask(staff, **{f"cell:{funds}": "17.5", f"seen:{funds}": "0"})
    with site.app.app_context():
        number = db.session.scalars(select(Filing.id)).one()
    check = staff.get(f"/submissions/{number}/check").text
    found = re.findall(r'<a href="(/quarters/[^"]+)#([^"]+)">([^<]+)</a>：([^<]+)', check)
    pages = {at.replace("&amp;", "&"): staff.get(at.replace("&amp;", "&")).text for at, *_ in found}
    for at, anchor, name, words in found:
        page = pages[at.replace("&amp;", "&")]
        assert page.count(f'id="{anchor}"') == 1, (name, words)
    said = {f"{name}：{words}".strip() for _, _, name, words in found}
    for told in (
        "没有报过：第四季度没有一项运营数据",
        "漏报少报：上季报了产值，第四季度没有报",
        "停工项目：在建没有进度",
    ):
        assert told in said
    assert any("有草稿“17.5”" in each for each in said)
    assert any("少于上季的" in each for each in said)
    assert any("还没有填" in each for each in said)


def test_noughts_are_folded_where_posting_is_asked_and_the_paper_is_linked(site, staff, funds):
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        for each in range(5):
            make.project(place, name=f"项目{each}", signed_on=date(2024, 1, 1))
        filing = acts.filing(place, 2024, FilingKind.Q4).id
        db.session.commit()
    ask(staff, **{f"cell:{funds}": "3", f"seen:{funds}": "0"}, act="unchanged")
    page = staff.get(f"{PAGE}/post").text
    folded = re.search(r'<details class="finding">.*?</details>', page, re.S)[0]
    assert "本季没有，登记为 0" in folded
    noughts = re.findall(r"<li[^>]*>[^<]*：本季没有（0）</li>", folded)
    assert len(noughts) >= 10
    assert f'<span class="count">{len(noughts)} 格</span>' in folded
    assert "30,000 元" not in folded
    assert re.search(r"智能装备项目到位资金：3 万元", page.replace(folded, ""))
    paper = "/forms/quarter.pdf?region=331122&amp;year=2024&amp;quarter=4"
    assert f'href="{paper}"' in staff.get(PAGE).text
    assert f'href="{paper}"' in staff.get(f"/submissions/{filing}").text


def test_all_that_is_counted_as_left_to_do_opens(site, staff):
    """看全部 leads to exactly what was counted, also where no filter of a list says the same."""
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        for number in range(10):
            running = {"signed_on": date(2024, 1, 5), "total_investment": make.wan(100)}
            project = make.project(place, name=f"在建{number:02}", **running)
        make.entry(project, EntryKind.COMPLETED_INVESTMENT, make.wan(5), date(2024, 5, 6))
        make.project(place, name="终止的", terminated_on=date(2024, 3, 1), **running)
        db.session.commit()
    home = staff.get("/?year=2024")
    title = "2024 年度没有报完成投资的已签约和在建项目"
    count = int(re.search(rf"{title}(\d+) 件", text_of(home))[1])
    assert count > 8
    ways = re.findall(r'href="([^"]*)">看全部<span class="visually-hidden">：([^<]+)<', home.text)
    (way,) = (href for href, of in ways if of == title)
    page = staff.get(way.replace("&amp;", "&"))
    shown = re.search(r'<ul class="todo">.*?</ul>', page.text, re.S)[0]
    assert shown.count("<li>") == count
    assert "在建00" in shown
    assert "在建09" not in shown
    assert "终止的" not in shown
    assert "另有" not in text_of(page)


def test_a_draft_that_a_correction_overtook_is_said_and_confirmed_before_it_is_posted(
    site, staff, funds
):
    """Not booked as the difference to what was meant to be made up to."""
    with site.app.app_context():
        project = db.session.get(Project, site.world["project"])
        clerk = db.session.get(User, site.world["staff"])
        entry = make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(1234), date(2024, 11, 3))
        db.session.commit()
        same = ask(staff, **{f"cell:{funds}": "1,234.00", f"seen:{funds}": "0"})["cells"][funds]
        assert (same["text"], same["state"], same["version"]) == ("1234", "posted", 0)
        ask(staff, **{f"cell:{funds}": "2000", f"seen:{funds}": "0"})
        values = {"kind": entry.kind, "amount": make.wan(100), "occurred_on": date(2024, 11, 3)}
        ledger.correct(clerk, entry, values, "多写", "已核对")
        db.session.commit()
    said = "填写时已登记 1,234 万元，现在已登记 100 万元"
    assert said in text_of(staff.get(PAGE))
    page = staff.get(f"{PAGE}/post")
    assert f"草稿“2000”；{said}" in text_of(page)
    names = ("csrf_token", "confirmed", "once")
    sent = {name: value_of(page, name) or "" for name in names} | {"why": "已核对"}
    refused = staff.post(f"{PAGE}/post", sent)
    assert refused.status_code == 422
    assert "请核对后勾选" in text_of(refused)
    assert staff.post(f"{PAGE}/post", {**sent, "aware": "y"}).status_code == 302
