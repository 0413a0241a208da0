"""Rulebooks in the browser: a draft, its lines, publishing, and what a year then goes by."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.web.conftest import Site
from tests.web.pages import Browser, text_of, value_of
from tracker.core import jobs
from tracker.core.db import db, units
from tracker.records.accounts.models import User
from tracker.records.background.running import run
from tracker.records.places.classes import known_classes
from tracker.records.places.models import CountyListing
from tracker.year.rulebooks import queries, service, shelf
from tracker.year.rulebooks.models import SetState, SetStatus, StoredFile, StoredSet
from tracker.year.rulebooks.printed import printed

YEAR = 2024


@pytest.fixture
def draft(site: Site, in_database: Callable) -> dict[str, int]:
    """A draft for 2024 as the shipped set says: numbers of the set and of its files by path."""

    def make() -> dict[str, int]:
        base = shelf.shipped(YEAR)
        actor = db.session.get_one(User, site.world["assessor"])
        texts = {"set.toml": base.text, **base.texts}
        made = service.make(actor, YEAR, "二〇二四年度细则", SetStatus.DESIGNED, "", texts)
        db.session.commit()
        return {"set": made.id, **{file.path: file.id for file in queries.files(made.id)}}

    found: dict[str, int] = in_database(make)
    return found


def test_a_set_is_made_as_another_and_is_the_provinces(site: Site, in_database: Callable) -> None:
    assessor = site.browser("assessor")
    form = {
        "year": "2026",
        "name": "新一套",
        "status": "designed",
        "base": "year-2025",
        "once": "0" * 32,
    }
    sent = assessor.post("/rulebooks/sets/new", form)
    assert sent.status_code == 302, text_of(sent)
    page = text_of(assessor.get(sent.location))
    assert "没有发现问题" in page
    assert "受援县" in page
    for other in ("staff", "leader"):
        assert site.browser(other).get("/rulebooks/sets/").status_code == 403
    # A city's reviewer makes the own city's, and sees nothing of the province's drafts.
    own = text_of(site.browser("reviewer").get("/rulebooks/sets/"))
    assert "市考县 · 丽水市" in own
    assert form["name"] not in own
    assert site.browser("reviewer").get(sent.location).status_code == 404
    unnumbered = assessor.post(
        "/rulebooks/sets/new", {**form, "status": "official", "once": "2" * 32}
    )
    assert "性质为正式的须填文号" in text_of(unnumbered)


def test_publishing_puts_a_set_in_force_and_shuts_it(
    site: Site, draft: dict[str, int], in_database: Callable
) -> None:
    assessor, address = site.browser("assessor"), f"/rulebooks/sets/{draft['set']}"
    file = draft["recipient-county.toml"]
    fields = line_fields(assessor, file, "A1.1") | {"name": "互访与会议", "act": "save"}
    saved = assessor.post(f"/rulebooks/files/{file}/line?line=A1.1", fields)
    assert saved.status_code == 302, text_of(saved)
    stale = assessor.post(f"/rulebooks/files/{file}/line?line=A1.1", fields | {"name": "又改"})
    assert "已被他人修改" in text_of(stale)
    # Whoever was told so has seen it, and may save what stands in the form.
    shown = {"seen": value_of(stale, "seen")}
    again = assessor.post(f"/rulebooks/files/{file}/line?line=A1.1", fields | shown)
    assert again.status_code == 302, text_of(again)
    assert "来源：系统随附的细则" in text_of(assessor.get(f"/rulebooks/?year={YEAR}"))
    assert assessor.confirm(f"{address}/publish").status_code == 302
    page = text_of(site.browser("staff").get(f"/rulebooks/{YEAR}/zj-recipient-county"))
    assert "互访与会议" in page
    assert "在系统中发布的《二〇二四年度细则》" in page

    def look() -> tuple:
        stored = db.session.get_one(StoredSet, draft["set"])
        acts = [act.act.value for act in queries.acts(stored.id)]
        named = printed(YEAR, "zj-recipient-county").book.indicator("A1.1").name
        return stored.state, acts, queries.in_force()[YEAR][0], named, known_classes()[:1]

    state, acts, in_force, name, classes = in_database(look)
    assert (state, in_force, name) == (SetState.PUBLISHED, draft["set"], "互访与会议")
    assert acts == ["published", "line", "line", "made"]
    assert classes == ("跨越发展类",)
    for refused in (
        assessor.get(f"/rulebooks/files/{file}/line?line=A1.1"),
        assessor.post(f"{address}/publish", {}),
        assessor.post(f"{address}/discard", {}),
        assessor.post(f"/rulebooks/files/{file}/remove", {}),
    ):
        assert refused.status_code == 409, text_of(refused)


def test_a_later_version_replaces_with_a_reason(
    site: Site, draft: dict[str, int], in_database: Callable
) -> None:
    assessor = site.browser("assessor")
    assert assessor.confirm(f"/rulebooks/sets/{draft['set']}/publish").status_code == 302
    sent = assessor.post(
        "/rulebooks/sets/new",
        {
            "year": str(YEAR),
            "name": "第二版",
            "status": "designed",
            "base": f"set-{draft['set']}",
            "once": "1" * 32,
        },
    )
    address = sent.location.partition("?")[0]
    assert "请写明替换的理由" in text_of(assessor.post(f"{address}/publish", {}))
    assert assessor.confirm(f"{address}/publish", {"reason": "调整分值"}).status_code == 302
    page = text_of(site.browser("staff").get(f"/rulebooks/?year={YEAR}"))
    assert "《第二版》" in page
    assert "替换理由：调整分值" in page
    listed = text_of(assessor.get("/rulebooks/sets/"))
    assert "已被替换" in listed
    assert "现行" in listed


def test_a_line_is_said_and_worked_out_without_being_saved(
    site: Site, draft: dict[str, int], in_database: Callable
) -> None:
    assessor, file = site.browser("assessor"), draft["recipient-county.toml"]
    address = f"/rulebooks/files/{file}/line?line=A1.1"
    fields = line_fields(assessor, file, "A1.1")
    tried = {"points": "3", "part-0-value": "「产业合作项目数」", "try_subject": "331122"}
    page = text_of(assessor.post(address, fields | tried | {"act": "look"}))
    assert "计数法（实际值「产业合作项目数」，得分 2，每满 1）" in page
    assert "得 2.00 分（满分 3 分）：1 个 × 2 分 = 2.00 分" in page
    wrong = text_of(assessor.post(address, fields | {"part-0-unit": "甲", "act": "save"}))
    assert "应为数字" in wrong
    more = assessor.post(address, fields | {"combine": "sum", "act": "part"})
    assert 'name="part-1-method"' in more.text
    repeated = assessor.post(address, fields | {"code": "A1.2", "act": "save"})
    assert "编号 A1.2 已有" in text_of(repeated)
    texts = in_database(lambda: db.session.scalar(select(StoredFile.text).filter_by(id=file)))
    assert texts == shelf.shipped(YEAR).texts["recipient-county.toml"]


def test_a_set_with_faults_is_not_published_and_all_are_told(
    site: Site, draft: dict[str, int]
) -> None:
    assessor, file = site.browser("assessor"), draft["recipient-county.toml"]
    fields = line_fields(assessor, file, "A1.1") | {"points": "3", "act": "save"}
    saved = assessor.post(f"/rulebooks/files/{file}/line?line=A1.1", fields)
    assert saved.status_code == 302
    assert "合计 99" in text_of(assessor.get(saved.location))
    assessor.confirm(f"/rulebooks/files/{draft['income-enclave.toml']}/remove")
    compared = f"/rulebooks/diff?subject=county.recipient&before=2023&after=set-{draft['set']}"
    assert "的评分细则，或者这一本还有要改正之处" in text_of(assessor.get(compared))
    back = f'<a href="/rulebooks/sets/{draft["set"]}">看 '
    whole = compared.replace("county.recipient", "county.supporter")
    assert back in assessor.get(whole).text
    page = text_of(assessor.post(f"/rulebooks/sets/{draft['set']}/publish", {}))
    assert "计分指标的分值合计 99" in page
    assert "还不能发布" in page


def test_a_trial_is_done_by_a_worker_and_read_on_its_page(
    site: Site, draft: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "send", lambda *_given: None)
    monkeypatch.setattr(jobs, "worker_seen", lambda _settings: True)
    assessor, address = site.browser("assessor"), f"/rulebooks/sets/{draft['set']}"
    snapshot = re.search(r'<option value="(\d+)">2024 年度（冻结于', assessor.get(address).text)
    assert snapshot is not None
    asked = assessor.post(f"{address}/try", {"snapshot": snapshot[1]})
    assert asked.status_code == 302, text_of(asked)
    page = asked.location.partition("?")[0]
    assert "排队等候" in text_of(assessor.get(page))
    for other, status in (("staff", 403), ("reviewer", 404), ("leader", 403)):
        assert site.browser(other).get(page).status_code == status
    with site.app.app_context(), units.mode(writes=False):
        run(int(page.rpartition("/")[2]))
    said = text_of(assessor.get(page))
    assert "试算结果，不是评分表" in said
    assert "和这一套在" in said
    assert "各项得分没有变化" in said
    # Where a card is not whole no rank or grade of it is told; sheets that stay are folded.
    assert "→ —" in said
    assert "逐一列出" in said
    # A set that has faults is not tried, and the page says why in place of the button.
    file = draft["recipient-county.toml"]
    fields = line_fields(assessor, file, "A1.1") | {"points": "3", "act": "save"}
    assert assessor.post(f"/rulebooks/files/{file}/line?line=A1.1", fields).status_code == 302
    assert assessor.post(f"{address}/try", {"snapshot": snapshot[1]}).status_code == 409
    assert "改正后才能试算" in text_of(assessor.get(address))


def test_publishing_says_which_counties_have_another_class(
    site: Site, draft: dict[str, int], in_database: Callable
) -> None:
    def listed_otherwise() -> None:
        listing = db.session.scalars(select(CountyListing).order_by(CountyListing.id)).first()
        assert listing is not None
        listing.county_class = "甲类"
        db.session.commit()

    in_database(listed_otherwise)
    asked = site.browser("assessor").post(f"/rulebooks/sets/{draft['set']}/publish", {})
    assert asked.status_code == 422
    assert "名单中缙云县 1 个县的类别不在这一套中" in text_of(asked)


def test_a_file_is_changed_as_text_where_nothing_is_wrong_with_it(
    site: Site, draft: dict[str, int], in_database: Callable
) -> None:
    assessor, file = site.browser("assessor"), draft["pair.toml"]
    address = f"/rulebooks/files/{file}/text"
    text = shelf.shipped(YEAR).texts["pair.toml"]
    seen = {"seen": value_of(assessor.get(address), "seen")}
    for wrong, words in (
        (text.replace("points = 50", "points = 40", 1), "没有保存：有 1 处要改正"),
        ("year = 2024\nrulebooks = []\n", "只写在整套的文件"),
    ):
        refused = assessor.post(address, seen | {"text": wrong})
        assert refused.status_code == 422
        assert words in text_of(refused)
    changed = f"# 注\n{text}"
    assert assessor.post(address, seen | {"text": changed}).status_code == 302
    kept = in_database(lambda: db.session.scalar(select(StoredFile.text).filter_by(id=file)))
    assert kept == changed
    # Whoever is refused for a fault is not taken to have seen what another saved meanwhile.
    faulty = assessor.post(address, seen | {"text": text.replace("points = 50", "points = 40", 1)})
    assert value_of(faulty, "seen") == seen["seen"]
    stale = assessor.post(address, seen | {"text": text})
    assert "已被他人修改" in text_of(stale)
    told = {"seen": value_of(stale, "seen")}
    assert assessor.post(address, told | {"text": text}).status_code == 302


def test_files_are_loaded_all_or_none(
    site: Site, draft: dict[str, int], in_database: Callable
) -> None:
    assessor, address = site.browser("assessor"), f"/rulebooks/sets/{draft['set']}/load"
    good = shelf.shipped(YEAR).texts["pair.toml"].replace("结对双方", "结对两方")
    bad = good.replace("points = 50", "points = 40", 1)

    def sent(*texts: str) -> Any:
        files = [(io.BytesIO(t.encode()), f"{n}.toml") for n, t in enumerate(texts)]
        return assessor.post(address, {"files": files})

    def kept() -> Any:
        return in_database(
            lambda: db.session.scalar(select(StoredFile.text).filter_by(id=draft["pair.toml"]))
        )

    refused = sent(bad)
    assert refused.status_code == 422
    assert "没有载入：有 1 处要改正" in text_of(refused)
    number = re.search(r"上传编号 (\d+)，", text_of(refused))
    assert number
    told = text_of(assessor.get(f"/background/{number[1]}"))
    assert re.search(r"载入《[^》]+》：0.toml", told)
    assert "未完成：“0.toml”" in told
    assert "上传编号" in text_of(assessor.post(address, {"files": (io.BytesIO(b""), "空.xlsx")}))
    assert "上传编号" not in text_of(assessor.post(address, {}))
    assert "结对两方" not in kept()
    assert sent(good).status_code == 302
    assert kept() == good
    page = text_of(
        assessor.get(f"/rulebooks/diff?subject=pair&before=2024&after=set-{draft['set']}")
    )
    assert "名称由" in page


def line_fields(browser: Browser, file: int, code: str) -> dict[str, str]:
    """What the form of a line would send as it is shown."""
    page = browser.get(f"/rulebooks/files/{file}/line?line={code}").text
    form = page[page.index('id="builder"') : page.index("</form>", page.index('id="builder"'))]
    found = dict(re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', form))
    for name, body in re.findall(
        r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    found.pop("csrf_token", None)
    return found


def test_what_cannot_be_undone_is_asked_about_and_done(
    site: Site, draft: dict[str, int], in_database: Callable
) -> None:
    assessor, file = site.browser("assessor"), draft["recipient-county.toml"]
    line = f"/rulebooks/files/{file}/line/remove"
    assert assessor.confirm(line, {"line": "A1.1"}).status_code == 302
    page = assessor.get(f"/rulebooks/files/{file}").text
    assert "line=A1.2" in page
    assert "line=A1.1" not in page
    assert assessor.confirm(f"/rulebooks/sets/{draft['set']}/discard").status_code == 302
    assert "已弃用" in text_of(assessor.get("/rulebooks/sets/"))
    state = in_database(lambda: db.session.get_one(StoredSet, draft["set"]).state)
    assert state is SetState.DISCARDED
