"""The pages about papers: who sees which, issuing from the web, and the public verification."""

from __future__ import annotations

import io
import time
from decimal import Decimal

import pytest
from flask import Flask, g
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from tests import factories as make
from tests.objecting import move
from tests.papers.issuing.conftest import YEAR
from tests.papers.reports.reading import body, squeezed
from tests.web.pages import Browser, text_of
from tracker.core import jobs
from tracker.core.db import db
from tracker.core.db.events import Event, EventKind
from tracker.core.jobs.queue import KEY, SEEN, beat, opened
from tracker.papers.common.head import PaperKind
from tracker.papers.issuing import queries, service
from tracker.papers.issuing.jobs import ARCHIVE, GO_ON, VOLUME
from tracker.papers.issuing.models import IssuedPaper, PaperTask, TaskState
from tracker.papers.issuing.running import run_issue
from tracker.papers.scorecard import build
from tracker.papers.scorecard.ended import settle_by
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.accounts.queries import by_username
from tracker.records.background.running import run
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.next_steps import Remedy
from tracker.year.assessments.scored import scored
from tracker.year.assessments.service import index_of
from tracker.year.procedure.models import Stage

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """The jobs that would have been put on the queue."""
    found: list[tuple[object, ...]] = []
    monkeypatch.setattr(jobs, "send", lambda _settings, *sent: found.append(sent))
    return found


@pytest.fixture
def issued(snapshot: Snapshot) -> dict[str, int]:
    """The scorecards' ids by the subject's code."""
    issue = service.start(snapshot, None)
    db.session.commit()
    run_issue(issue.id)
    papers = queries.list_of(issue.id)
    return {p.subject_code: p.id for p in papers if p.kind is PaperKind.SCORECARD}


class Visitor(Browser):
    """A browser beside others: the tests' own context would keep the one who came before."""

    def get(self, address: str, **options: object) -> TestResponse:
        _forget()
        return super().get(address, **options)

    def post(self, address: str, data: dict | None = None, **options: object) -> TestResponse:
        _forget()
        return super().post(address, data, **options)


def _forget() -> None:
    for name in ("_login_user", "csrf_token", "csrf_valid"):
        g.pop(name, None)


def index(snapshot: Snapshot) -> None:
    """Let the cards of `snapshot` be found, as scoring does."""
    for row in index_of(scored(snapshot.sha256, snapshot.content)):
        row.snapshot = snapshot
        db.session.add(row)
    db.session.commit()


def browser(app: Flask, user: User | None = None) -> Visitor:
    user_id = user.id if user else None
    db.session.rollback()
    return Visitor(app, user_id)


def test_an_assessor_issues_and_comes_back(
    app: Flask, snapshot: Snapshot, assessor: User, begun: list[tuple[object, ...]]
) -> None:
    page = browser(app, assessor)
    offered = page.get(f"/papers/issue?year={YEAR}")
    assert "可以定稿" in text_of(offered)
    assert "不能定稿的" in text_of(offered)
    assert page.post(f"/papers/issue?year={YEAR}").status_code == 422
    answer = page.post(f"/papers/issue?year={YEAR}", {"confirmed": "y"})
    assert answer.status_code == 302
    answer.close()
    issue = queries.latest_issue(YEAR)
    assert issue.started_by.username == "assessor"
    assert begun == [(GO_ON, issue.id)]
    (event,) = db.session.scalars(select(Event).where(Event.kind == EventKind.ISSUED))
    assert event.actor_id == assessor.id
    assert (event.table_name, event.record_id) == ("paper_issues", issue.id)
    assert f"{YEAR} 年度第 1 次签发：开始" in event.about
    issue_id = issue.id
    address = answer.location.partition("?")[0]
    waiting = page.get(answer.location)
    assert "已签发 0 /" in text_of(waiting)
    assert 'hx-trigger="every 2s"' in waiting.text
    page.confirm(f"{address}/resume").close()
    assert len(begun) == 2
    db.session.rollback()
    run_issue(issue_id)
    db.session.rollback()
    done = page.get(answer.location)
    assert "已全部签发" in text_of(done)
    assert "hx-trigger" not in done.text.split('id="progress"')[1].split(">")[0]
    page.post(f"{address}/resume").close()
    assert len(begun) == 2  # nothing to go on with
    told = list(db.session.scalars(select(Event.about).where(Event.kind == EventKind.ISSUED)))
    assert len(told) == 2
    assert "继续" in told[1]
    db.session.rollback()
    for kind, head in ((VOLUME, b"%PDF-"), (ARCHIVE, b"PK")):
        asked = page.post(f"{address}/bind", {"what": kind})
        asked.close()
        assert page.post(f"{address}/bind", {"what": kind}).location == asked.location
        name, job_id = begun[-1]
        assert name == "background.short"
        assert asked.location.startswith(f"/background/{job_id}")
        db.session.rollback()
        run(job_id)
        db.session.rollback()
        assert page.get(asked.location).status_code == 200
        assert f"/background/{job_id}/file" in page.get(address).text
        file = page.get(f"/background/{job_id}/file")
        assert file.data.startswith(head)
        file.close()
    assert page.post(f"{address}/bind", {"what": "scoring"}).status_code == 400
    taken = select(Event.about).where(Event.kind == EventKind.DOWNLOADED).order_by(Event.id)
    ends = [about.rstrip("）")[-4:] for about in db.session.scalars(taken)]
    assert ends == [".pdf", ".zip"]
    db.session.rollback()
    assert "签发进度" in text_of(page.get(f"/papers/issue?year={YEAR}"))
    assert page.post(f"/papers/issue?year={YEAR}", {"confirmed": "y"}).status_code == 422


def test_the_page_says_whether_anybody_works_on_it(
    app: Flask, snapshot: Snapshot, assessor: User, begun: list[tuple[object, ...]]
) -> None:
    settings = app.config["TRACKER"]
    page = browser(app, assessor)
    alone = "目前没有工作进程在运行"
    assert alone in text_of(page.get(f"/papers/issue?year={YEAR}"))
    issue_id = service.start(snapshot, None).id
    db.session.commit()
    address = f"/papers/issues/{issue_id}"
    waits = page.get(address)
    assert alone in text_of(waits)
    assert f"tracker issue --year {YEAR} --ordinal 1" in text_of(waits)
    assert "继续签发" in text_of(waits)
    with opened(settings) as queue:
        beat(queue)
    queued = text_of(page.get(address))
    assert "排队等候" in queued
    assert alone not in queued
    assert "继续签发" not in queued
    assert alone not in text_of(page.get(f"/papers/issue?year={YEAR}"))
    with opened(settings) as queue:
        queue.storage.put_data(KEY, str(time.time() - SEEN - 1).encode())
    assert alone in text_of(page.get(address))


@ONE_DATABASE
def test_an_issue_is_cancelled_and_gone_on_with(
    app: Flask, snapshot: Snapshot, assessor: User, begun: list[tuple[object, ...]]
) -> None:
    issue_id = service.start(snapshot, None).id
    failed = update(PaperTask).where(PaperTask.running == 1)
    db.session.execute(failed.values(state=TaskState.FAILED, reason="字形缺失"))
    hangzhou = db.session.scalars(select(Region).filter_by(name="杭州市")).one()
    city = make.user(Role.ASSESSOR, hangzhou, username="city")
    db.session.commit()
    waiting = queries.progress_of(issue_id).waiting
    address = f"/papers/issues/{issue_id}"
    staff, province = browser(app, by_username("staff")), browser(app, assessor)
    for act in ("cancel", "resume"):
        assert staff.post(f"{address}/{act}").status_code == 403
        assert browser(app, city).post(f"{address}/{act}").status_code == 404
    assert queries.progress_of(issue_id).waiting == waiting
    asked = text_of(province.post(f"{address}/cancel"))
    assert "编号空置" in asked
    assert "此前已签发的仍然有效" in asked
    assert queries.progress_of(issue_id).waiting == waiting
    province.confirm(f"{address}/cancel")
    db.session.rollback()
    state = queries.progress_of(issue_id)
    assert (state.waiting, state.cancelled, state.failed) == (0, waiting, 1)
    page = text_of(province.get(address))
    assert f"已取消的 {waiting} 份" in page
    assert "编号 SH2024-S01-0002 空置" in page
    assert "字形缺失" in page
    again = text_of(province.post(f"{address}/resume"))
    assert f"未生成的 1 份、已取消的 {waiting} 份" in again
    province.confirm(f"{address}/resume").close()
    db.session.rollback()
    assert queries.progress_of(issue_id).waiting == waiting + 1
    assert begun == [(GO_ON, issue_id)]
    told = list(db.session.scalars(select(Event.about).where(Event.kind == EventKind.ISSUED)))
    assert f"取消，{waiting} 份不再签发" in told[1]
    db.session.rollback()
    assert province.post(f"{address}/cancel").status_code == 422  # asked about anew
    move(YEAR, Stage.OBJECTIONS)
    db.session.commit()
    stopped = province.get(address)
    assert "现在是“申诉处理”阶段，这次签发的快照不再是定稿的" in text_of(stopped)
    assert f"{address}/resume" not in stopped.text
    assert "请重新定稿以后" in text_of(province.get(province.post(f"{address}/resume").location))
    db.session.rollback()
    assert queries.progress_of(issue_id).waiting == waiting + 1


@ONE_DATABASE
def test_each_sees_the_papers_of_the_own_places(
    app: Flask, issued: dict[str, int], assessor: User
) -> None:
    staff, province = browser(app, by_username("staff")), browser(app, assessor)
    own, other = issued["331122"], issued["330111"]
    for page, sees in ((staff, 404), (province, 200)):
        assert page.get(f"/papers/{own}").status_code == 200
        assert page.get(f"/papers/{other}").status_code == sees
        assert page.get(f"/papers/{other}.pdf").status_code == sees
    listed = text_of(staff.get("/papers/"))
    assert "缙云县" in listed
    assert "杭州市" not in listed
    assert "杭州市" in text_of(province.get("/papers/"))
    assert staff.get("/papers/issues/1").status_code == 403
    file = staff.get(f"/papers/{own}.pdf")
    paper = queries.by_number(queries.list_of(1)[0].number)
    assert file.data == queries.content_of(next(p for p in queries.list_of(1) if p.id == own))
    assert "filename" in file.headers["Content-Disposition"]
    found = text_of(province.get(f"/papers/?q={paper.number}&kind={paper.kind.value}&of={YEAR}"))
    assert paper.number in found
    assert "没有符合条件" in text_of(province.get("/papers/?standing=superseded"))
    assert paper.sha256[:4] in text_of(province.get(f"/papers/{paper.id}"))


@ONE_DATABASE
def test_anybody_verifies_a_paper(app: Flask, issued: dict[str, int]) -> None:
    paper = next(p for p in queries.list_of(1) if p.id == issued["331122"])
    number, content = paper.number, queries.content_of(paper)
    stranger = browser(app)
    assert "请用下面的" in text_of(stranger.get(f"/verify?number={number.lower()}"))
    assert "无此编号" in text_of(stranger.get("/verify?number=SH2024-S99-0001"))
    moved = stranger.post("/verify", {"number": number})
    assert moved.location.endswith(f"number={number}")
    assert stranger.post("/verify").status_code == 422
    for file, answer in ((content, "一致"), (content + b" ", "不一致"), (b"x", "不是本系统")):
        page = stranger.post("/verify", {"file": (io.BytesIO(file), "a.pdf")})
        assert page.status_code == 200
        assert answer in text_of(page)
        assert "第 1 页" not in text_of(page)  # differences would show figures
        assert ("不是所交文件的" in text_of(page)) is (answer == "不一致")
    for typed, status in ((number.lower(), 200), ("SH2024-S99-0001", 422)):
        sent = {"number": typed, "file": (io.BytesIO(content), "a.pdf")}
        page = stranger.post("/verify", sent)
        assert page.status_code == status
        assert (f"所交文件是编号 {number} 的文书，不是所填的" in text_of(page)) is (status == 422)


@ONE_DATABASE
def test_one_address_cannot_have_files_verified_without_end(
    app: Flask, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_CHECKS", 2)
    stranger = browser(app)
    said = [
        stranger.post("/verify", {"file": (io.BytesIO(b"x"), "a.pdf")}).status_code
        for _ in range(3)
    ]
    assert said == [200, 200, 422]
    assert stranger.get("/verify?number=SH2024-S01-0001").status_code == 200


@ONE_DATABASE
@pytest.mark.parametrize("final", [True, False])
def test_a_card_that_was_made_final_is_promised_nothing(
    app: Flask, issued, monkeypatch: pytest.MonkeyPatch, final: bool
) -> None:
    paper = db.session.get(IssuedPaper, issued["331122"])
    index(paper.issue.snapshot)
    address = f"/scorecards/{paper.issue.snapshot_id}/{paper.sheet}/331122"
    points = scored(paper.issue.snapshot.sha256, paper.issue.snapshot.content)
    first = points.sheets[paper.sheet].card("331122").lines[0]
    step = Remedy(first.code, "projects.counted", "产业合作项目数补报", Decimal(2), Decimal(1))
    monkeypatch.setattr(build, "_steps", lambda *_: [step])
    if not final:
        settle_by(app, lambda *_: ())
    staff = browser(app, by_username("staff"))
    said = "总分可增加 2 分"
    assert (said in staff.get(address).text) is not final
    assert (squeezed(said) in body(staff.get(f"{address}.pdf").data)) is not final


@ONE_DATABASE
def test_a_card_says_what_was_issued_of_it(app: Flask, issued, revised) -> None:
    paper = db.session.get(IssuedPaper, issued["331122"])
    first, sheet, number = paper.issue.snapshot_id, paper.sheet, paper.number
    index(paper.issue.snapshot)
    address = f"/scorecards/{first}/{sheet}/331122"
    staff = browser(app, by_username("staff"))
    page = staff.get(address)
    assert f"编号 {number}，现行有效" in text_of(page)
    assert "定稿" in text_of(page)
    assert "试算" not in page.text.partition("<main")[2]
    assert f"/papers/{issued['331122']}.pdf" in page.text
    assert f"{address}.pdf" not in page.text
    assert "再得分的途径" not in page.text
    assert "最值得做的" not in page.text
    later = revised()
    index(later)
    again = staff.get(f"/scorecards/{later.id}/{sheet}/331122")
    assert f"没有签发。现行的是 {number}" in text_of(again)
    assert f"/scorecards/{later.id}/{sheet}/331122.pdf" in again.text

    issue = service.start(later, None, "更正")
    db.session.commit()
    run_issue(issue.id)
    assert "已被 SH2024-S02-" in text_of(staff.get(address))
    # Anybody: who has the earlier one is told where its points stand, not that they are to come.
    assert "以取代它的文书为准" in text_of(browser(app).get(f"/verify?number={number}"))
    assert "编号 SH2024-S02-" in text_of(staff.get(f"/scorecards/{later.id}/{sheet}/331122"))


@ONE_DATABASE
def test_a_snapshot_says_when_it_was_issued(app: Flask, snapshot: Snapshot, revised) -> None:
    issue = service.start(snapshot, None)
    db.session.commit()
    first, waiting = snapshot.id, queries.progress_of(issue.id).waiting
    assessor = browser(app, by_username("assessor"))
    assert f"第 1 次签发，0 份另有 {waiting} 份尚未完成" in text_of(assessor.get("/snapshots/"))
    run_issue(issue.id)
    later = revised().id
    page = assessor.get("/snapshots/")
    assert f"第 1 次签发，{waiting} 份" in text_of(page)
    assert "尚未完成" not in page.text
    assert text_of(page).count("未签发") == 1
    assert "q=SH2024-S01-" in page.text
    assert "SH2024-S01-0001" in text_of(assessor.get("/papers/?q=SH2024-S01-"))
    assert "/papers/issue?year=2024" in assessor.get(f"/snapshots/{later}").text
    assert f"/papers/issues/{issue.id}" in assessor.get(f"/snapshots/{first}").text


@ONE_DATABASE
def test_places_and_sites_lead_to_their_papers_and_forms(app: Flask, issued) -> None:
    staff = browser(app, by_username("staff"))
    county = staff.get("/counties/331122?year=2024").text
    assert f"/papers/{issued['331122']}.pdf" in county
    assert "quarter.pdf?region=331122&amp;year=2024&amp;quarter=3" in county
    assert "tasks.pdf?region=331122" in county
    assert "+00:00" not in county
    enclave = db.session.scalars(select(Enclave)).one()
    papers = {
        (paper.kind, paper.subject_code): paper.id
        for paper in queries.list_of(db.session.get(IssuedPaper, issued["331122"]).issue_id)
    }
    page = staff.get(f"/enclaves/{enclave.id}?year=2024").text
    assert f"/papers/{papers[PaperKind.ENCLAVE, enclave.code]}.pdf" in page
    assert f"tasks.pdf?year=2024&amp;enclave={enclave.id}" in page
    of_county = select(Pairing).join(Pairing.recipient).where(Region.code == "331122")
    pairing = db.session.scalars(of_county).one()
    code = f"{pairing.supporter.code}-331122-{pairing.scheme.value}"
    page = staff.get(f"/pairings/{pairing.id}?year=2024").text
    assert f"/papers/{papers[PaperKind.PAIR, code]}.pdf" in page
    assert f"tasks.pdf?year=2024&amp;pairing={pairing.id}" in page
    assert "2023 年度的文书尚未签发" in text_of(staff.get(f"/pairings/{pairing.id}?year=2023"))

    index = staff.get("/papers/").text
    assert 'action="/forms/quarter.pdf"' in index
    assert 'formaction="/forms/tasks.pdf"' in index
    assert 'value="331122" selected' in index
