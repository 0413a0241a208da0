"""Names that read alike are one name, a form is taken once, and names are found as people type."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, insert, select, update

from tests.pdfs import pdf
from tests.web.pages import text_of, value_of
from tests.web.test_records_exchanges import FORMS
from tracker.core.db import db, units
from tracker.core.db.searchable import initials_of, key_of, pinyin_of, search_values
from tracker.core.db.sent import SentForm
from tracker.records.accounts.models import Organisation, User
from tracker.records.accounts.permissions import Role
from tracker.records.accounts.service import AccountError, create
from tracker.records.evidence.models import EvidenceLink
from tracker.records.exchanges.models import Visit
from tracker.site.twins_cli import twins as twins_command

ORGANISATION = {"kind": "state_firm"}


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("缙云支行", "jinyunzhihang", "jyzh"),
        ("莘塍街道", "xinchengjiedao", "xcjd"),
        ("乐清市", "yueqingshi", "yqs"),
        ("台州天台", "taizhoutiantai", "tztt"),
        ("嵊泗·六横", "shengsiliuheng", "sslh"),
        ("吕宋 2期", "lvsong2qi", "ls2q"),
    ],
)
def test_names_are_read_as_the_place_reads_them(name, pinyin, initials):
    assert pinyin_of(name) == pinyin
    assert initials_of(name) == initials


@pytest.mark.parametrize(
    "typed",
    ["科创飞地(a区)", "科创飞地 （A区）", "科创飞地（Ａ\u00a0区）", "科创\u200b飞地（A  区）"],
)
def test_width_case_and_blanks_make_no_other_name(typed):
    assert key_of(typed) == key_of("科创飞地（A区）")


def test_a_twin_is_refused_beside_the_name_and_the_text_is_kept_as_typed(any_site):
    office = any_site.browser("staff")
    first = office.post("/organisations/new", {"name": " 缙云 集团（A区） ", **ORGANISATION})
    assert first.status_code == 302, text_of(first)
    again = office.post("/organisations/new", {"name": "缙云集团(a\u00a0区)", **ORGANISATION})
    assert again.status_code == 422
    assert "已有同名的" in text_of(again)
    assert "“缙云 集团（A区）”" in text_of(again)
    with any_site.app.app_context():
        names = db.session.scalars(
            select(Organisation.name).where(Organisation.name_key == key_of("缙云集团(A区)"))
        ).all()
    assert names == ["缙云 集团（A区）"]


def test_twins_of_before_can_be_changed_in_other_ways(site):
    staff = site.browser("staff")
    made = staff.post("/organisations/new", {"name": "旧单位（甲）", **ORGANISATION}).location
    second = staff.post("/organisations/new", {"name": "旧单位（丙）", **ORGANISATION}).location
    with site.app.app_context(), units.writing():  # as a database from before may hold it
        before = {"name": "旧单位(甲)", **search_values("旧单位(甲)"), "name_twin": 1}
        db.session.execute(
            update(Organisation).where(Organisation.name == "旧单位（丙）").values(before)
        )
        db.session.commit()
    for name, status in (("旧单位(甲)", 302), ("旧 单位(甲)", 302), ("旧单位（乙）", 302)):
        version = value_of(staff.get(f"{second}/edit"), "version")
        sent = {"name": name, "kind": "university", "version": version}
        answer = staff.post(f"{second}/edit", sent)
        assert answer.status_code == status, text_of(answer)
    version = value_of(staff.get(f"{made}/edit"), "version")
    sent = {"name": "旧单位(乙)", "kind": "state_firm", "version": version}
    assert "“旧单位（乙）”" in text_of(staff.post(f"{made}/edit", sent))


def test_user_names_that_read_alike_are_one(sqlite_app):
    with units.writing():
        create("Ｗang", "王某", "!", Role.ADMINISTRATOR, None)
        with pytest.raises(AccountError, match="Ｗang 已被使用"):
            create("WANG", "王某", "!", Role.ADMINISTRATOR, None)
        with pytest.raises(AccountError, match=r"姓名中的“☑”\(U\+2611\)无法打印"):
            create("li", "李☑", "!", Role.ADMINISTRATOR, None)


def visit_form(site, browser) -> dict[str, str]:
    """A filled form for a visit, with the token of its page."""
    token = value_of(browser.get("/visits/new"), "once")
    assert re.fullmatch("[0-9a-f]{32}", token)
    return {**FORMS["visits"][0], "pairing_id": str(site.world["pairing"]), "once": token}


def test_a_form_that_is_sent_twice_makes_one_record(any_site):
    staff = any_site.browser("staff")
    sent, address = visit_form(any_site, staff), "/visits/new"
    count = select(func.count()).select_from(Visit)
    with any_site.app.app_context():
        before = db.session.scalar(count)
    first = staff.post(address, sent)
    assert first.status_code == 302, text_of(first)
    again = staff.post(address, sent)
    assert again.status_code == 302
    assert re.fullmatch(r".*/visits/\d+", again.location)
    assert "没有再登记一次" in text_of(staff.get(again.location))
    with any_site.app.app_context():
        assert db.session.scalar(count) == before + 1
    asked = staff.post(address, {**sent, "once": "f" * 32})
    assert asked.status_code == 422
    why = {"doubt-asked": value_of(asked, "doubt-asked"), "doubt-why": "当日两次"}
    assert staff.post(address, {**sent, "once": "f" * 32, **why}).status_code == 302
    with any_site.app.app_context():
        assert db.session.scalar(count) == before + 2


def test_two_tabs_at_the_same_moment_make_one_record(any_site):
    first = any_site.browser("staff")
    sent = visit_form(any_site, first)
    tabs = [first, any_site.browser("staff")]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda tab: tab.post("/visits/new", sent), tabs))
    assert [answer.status_code for answer in answers] == [302, 302]
    with any_site.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SentForm)) == 1
        assert db.session.scalar(select(func.count()).select_from(Visit)) == 1


def test_a_file_whose_name_cannot_be_printed_is_refused_beside_the_field(site):
    staff, project = site.browser("staff"), site.world["project"]
    upload = (io.BytesIO(pdf()), "已核☑回\u200b单.pdf")
    answer = staff.post(
        f"/evidence/projects/{project}/new",
        {"kind": "银行回单", "files": [upload]},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert "“☑”(U+2611)、U+200B(零宽空格)无法打印" in text_of(answer)
    with site.app.app_context():
        assert not db.session.scalar(
            select(EvidenceLink.id).where(EvidenceLink.name.contains("回单.pdf"))
        )


def test_every_word_has_to_be_found_by_text_or_sound(site):
    office = site.browser("staff")
    for name in ("缙云支行", "莲都支行", "缙云Ａ区医院"):
        office.post("/organisations/new", {"name": name, **ORGANISATION})
    office.get("/organisations/")  # which says that they were entered
    for typed, found in (
        ("缙云 支行", ["缙云支行"]),
        ("jinyun 支行", ["缙云支行"]),
        ("zhihang", ["缙云支行", "莲都支行"]),
        ("jy A区", ["缙云Ａ区医院"]),
        ("缙云　zh", ["缙云支行"]),
    ):
        page = text_of(office.get(f"/organisations/?q={typed}"))
        assert [n for n in ("缙云支行", "莲都支行", "缙云Ａ区医院") if n in page] == found, typed


def test_twins_of_before_are_listed_with_what_to_do(site):
    with site.app.app_context(), units.writing():
        for number, name in enumerate(("联合医院（A）", "联合医院(a)")):
            values = {"name": name, "kind": "hospital", **search_values(name), "name_twin": number}
            db.session.execute(insert(Organisation).values(values))
        db.session.execute(
            update(User)
            .where(User.username == "leader")
            .values(username_key="assessor", username_twin=1)
        )
        db.session.commit()
    page = site.browser("assessor").get("/twins/")
    said = text_of(page)
    assert "联合医院（A）（编号 1） 联合医院(a)（编号 2）" in said
    assert "在名称中写明区别" in said
    assert 'href="/organisations/1"' in page.text
    administrator = site.browser("administrator").get("/twins/").text
    assert 'href="/audit/?table=organisations&amp;record=2"' in administrator
    assert administrator.count('href="/users/') >= 2
    assert site.browser("staff").get("/twins/").status_code == 403
    told = site.app.test_cli_runner().invoke(twins_command).output
    assert "帮扶单位：编号 1“联合医院（A）”、编号 2“联合医院(a)”" in told
    assert "共 2 组同名" in told


def test_two_files_of_one_name_do_not_prove_one_record(site):
    staff, project = site.browser("staff"), site.world["project"]

    def hand_in(*named: tuple[str, bytes]):
        uploads = [(io.BytesIO(pdf(content)), name) for name, content in named]
        return staff.post(
            f"/evidence/projects/{project}/new",
            {"kind": "银行回单", "files": uploads},
            content_type="multipart/form-data",
        )

    assert hand_in(("回单（A）.pdf", b"1")).status_code == 302
    again = hand_in(("回单(a).pdf", b"2"))
    assert again.status_code == 422
    assert "这条记录已有同名的佐证“回单（A）.pdf”，内容不同；请改名后再上传" in text_of(again)
    assert hand_in(("回单B.pdf", b"3"), ("回单 b.pdf", b"4")).status_code == 422
    assert hand_in(("回单B.pdf", b"3"), ("回单C.pdf", b"4")).status_code == 302
