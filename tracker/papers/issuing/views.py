"""文书: the issued papers, issuing a year, and the public page that verifies one."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core import jobs
from tracker.core.db import db, units
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import quarter_of
from tracker.core.strangers import BusyError, Slots
from tracker.papers.common.head import PaperKind
from tracker.papers.issuing import queries, service
from tracker.papers.issuing.answers import Answer, Verdict
from tracker.papers.issuing.final import why_not_on
from tracker.papers.issuing.forms import IssueForm, VerifyForm
from tracker.papers.issuing.jobs import BOUND, GO_ON, VOLUME, ask_for, bound
from tracker.papers.issuing.models import IssuedPaper, PaperIssue, TaskState
from tracker.papers.issuing.numbers import read_number
from tracker.papers.issuing.shown import (
    card_papers,
    is_public,
    public_card,
    signed_words,
    snapshot_papers,
    superseded_words,
)
from tracker.papers.issuing.signing import is_set
from tracker.papers.scorecard.ended import settle_by
from tracker.records.accounts.owners import (
    owned_pages,
    runs,
    runs_own,
    selected_owner,
    show_owner,
)
from tracker.records.accounts.permissions import Permission
from tracker.records.background import asking as background
from tracker.records.background.service import WorkError
from tracker.records.places.models import RegionLevel
from tracker.records.places.queries import switchable
from tracker.records.places.switch import narrowed_to, own_region
from tracker.web.access import public, requires
from tracker.web.asking import Act, asked
from tracker.web.downloads import attachment
from tracker.web.period import selected_year, show
from tracker.web.tables import asked_choice, asked_number, asked_text, ordering, page_of
from tracker.web.transactions import writes
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.queries import latest_snapshot

bp = Blueprint("papers", __name__)
owned_pages(bp)
# Pages of features below this one say by these whether what they show was issued.
bp.add_app_template_global(card_papers)
bp.record_once(lambda state: settle_by(state.app, queries.settled))
bp.add_app_template_global(snapshot_papers)

_ORDERS = {
    "number": IssuedPaper.number,
    "name": IssuedPaper.subject_name,
    "issued": IssuedPaper.issued_at,
}
_STANDINGS = (("current", "现行"), ("superseded", "已被取代"))
# Over all processes of the server; in each of them one, so that its other threads serve pages.
CHECKS = Slots("verify", 2)
_PAUSE = 5  # seconds after which to try again
_BUSY = "正在核验其他文件，请稍后再试。"
_TOO_MANY = "这个网络地址核验文件的次数过多，请 15 分钟后再试。按编号查询不受限制。"


@bp.get("/papers/")
@requires(Permission.PAPERS_VIEW)
def index() -> ResponseReturnValue:
    """The issued papers that the user has in view."""
    wanted: dict[str, Any] = {
        "text": asked_text("q"),
        "kind": asked_choice("kind", PaperKind),
        "year": asked_number("of"),
    }
    owner = selected_owner()
    issues = current_user.may(Permission.PAPERS_ISSUE) and runs(current_user, owner)
    standing = request.args.get("standing", "")
    current = {"current": True, "superseded": False}.get(standing)
    sort, order = ordering(_ORDERS, "number")
    statement = queries.papers_in_view(current_user, **wanted, current=current, owner=owner)
    return render_template(
        "issuing/index.html",
        page=page_of(statement.order_by(order, IssuedPaper.id)),
        sort=sort,
        wanted=wanted,
        chosen_standing=standing,
        standings=_STANDINGS,
        kinds=[(kind.value, kind.label) for kind in PaperKind],
        issued_years=[(year, f"{year} 年度") for year in queries.years_issued(owner)],
        issues=queries.issues(owner=owner) if issues else [],
        may_issue=issues,
        **_form_choices(),
    )


@bp.get("/papers/<id:paper_id>")
@requires(Permission.PAPERS_VIEW)
def detail(paper_id: int) -> ResponseReturnValue:
    """One paper: its number, its digest, what it supersedes and what supersedes it."""
    paper = _paper(paper_id)
    show(paper.year)
    show_owner(paper.issue.owner_region_id)
    return render_template(
        "issuing/detail.html",
        paper=paper,
        history=queries.history(paper),
        superseded=superseded_words(paper),
        signs=_signs(),
    )


@bp.get("/papers/<id:paper_id>-signed.pdf")
@requires(Permission.PAPERS_VIEW)
def download_signed(paper_id: int) -> ResponseReturnValue:
    """The signed revision: the bytes that were issued, and the signature behind them."""
    paper = _paper(paper_id)
    signed = paper.signed or abort(404)
    return attachment(
        queries.signed_content_of(paper),
        signed.download_name,
        "application/pdf",
        about=f"签发文书 {paper.number} 的签名件",
        record=("issued_papers", paper.id),
    )


@bp.get("/papers/<id:paper_id>.pdf")
@requires(Permission.PAPERS_VIEW)
def download(paper_id: int) -> ResponseReturnValue:
    """The bytes that were issued, as they are."""
    paper = _paper(paper_id)
    return attachment(
        queries.content_of(paper),
        paper.download_name,
        "application/pdf",
        about=f"签发文书 {paper.number}",
        record=("issued_papers", paper.id),
    )


@bp.route("/papers/issue", methods=["GET", "POST"])
@runs_own(Permission.PAPERS_ISSUE)
def issue() -> ResponseReturnValue:
    """What can be made final of the year's latest snapshot, and issuing it."""
    form = IssueForm()
    snapshot = latest_snapshot(selected_year(), selected_owner())
    if snapshot is not None and form.validate_on_submit():
        try:
            return _begin(snapshot, service.plan_of(snapshot), form.reason.data or "")
        except service.IssueError as error:
            form.form_errors.extend(error.reasons)
    page = render_template(
        "issuing/issue.html",
        form=form,
        snapshot=snapshot,
        plan=service.plan_of(snapshot) if snapshot else None,
        begun=queries.issue_of(snapshot.id) if snapshot else None,
        worker=_worker_seen(),
    )
    return page, 422 if form.is_submitted() else 200


@writes
@runs_own(Permission.PAPERS_ISSUE)
def _begin(snapshot: Snapshot, plan: service.Plan, reason: str) -> ResponseReturnValue:
    begun = service.begin(snapshot, plan, current_user.id, reason)
    flash("已开始签发。可以离开本页，稍后回来查看。", "success")
    return _going_on(begun)


@bp.get("/papers/issues/<id:issue_id>")
@runs_own(Permission.PAPERS_ISSUE)
def progress(issue_id: int) -> ResponseReturnValue:
    """What of an issue is done, and what could not be."""
    found = _issue(issue_id)
    show(found.year)
    state = queries.progress_of(found.id)
    return render_template(
        "issuing/progress.html",
        issue=found,
        state=state,
        worker=_worker_seen(),
        later=_later(found),
        against=why_not_on(found),
        failed=queries.tasks(found.id, TaskState.FAILED),
        cancelled=queries.tasks(found.id, TaskState.CANCELLED),
        bound=[(kind, words, bound(kind, found.id)) for kind, words in BOUND.items()],
        refused=queries.tasks(found.id, TaskState.REFUSED),
        signs=_signs(),
        signed=signed_words(found.id, state.done),
        sign_faults=queries.sign_faults(found.id),
    )


@bp.post("/papers/issues/<id:issue_id>/resume")
@writes
@runs_own(Permission.PAPERS_ISSUE)
def resume(issue_id: int) -> ResponseReturnValue:
    """Go on with an issue that was interrupted, and try once more what failed or was cancelled;
    once confirmed."""
    found = _issue(issue_id)
    state = queries.progress_of(found.id)
    if state.busy or (state.finished and not state.cancelled):
        flash("没有需要继续的：文书已全部签发，或正在生成。", "info")
        return redirect(url_for(".progress", issue_id=found.id))
    if against := why_not_on(found):
        flash(against, "info")
        return redirect(url_for(".progress", issue_id=found.id))
    if page := asked(_resuming(found, state)):
        return page
    try:
        service.try_again(found, current_user.id)
    except service.IssueError as error:
        flash(str(error), "info")
        return redirect(url_for(".progress", issue_id=found.id))
    flash("已继续签发。", "success")
    return _going_on(found)


def _resuming(found: PaperIssue, state: queries.Progress) -> Act:
    says = [
        f"{found.year} 年度第 {found.ordinal} 次签发已签发 {state.done} 份。"
        f"将继续签发：{_kinds_of(state)}。",
        "签发的文书编号、存档，不能更改或撤回；已签发的不会重复，各份仍用原来的编号。",
    ]
    back = url_for(".progress", issue_id=found.id)
    return Act("继续签发", says, "继续签发", back, "papers.index")


def _kinds_of(state: queries.Progress) -> str:
    """What would be made, by what it is now."""
    counts = (
        ("等待生成的", state.waiting),
        ("未生成的", state.failed),
        ("已取消的", state.cancelled),
    )
    return "、".join(f"{words} {count} 份" for words, count in counts if count)


@bp.post("/papers/issues/<id:issue_id>/cancel")
@writes
@runs_own(Permission.PAPERS_ISSUE)
def cancel(issue_id: int) -> ResponseReturnValue:
    """Stop an issue: what is not printed yet is not issued; once confirmed."""
    found = _issue(issue_id)
    back = redirect(url_for(".progress", issue_id=found.id))
    state = queries.progress_of(found.id)
    if not state.waiting:
        flash("没有等待生成的文书，无须取消。", "info")
        return back
    if page := asked(_cancelling(found)):
        return page
    count = service.cancel(found, current_user.id)
    flash(f"已取消：{count} 份不再签发。", "success")
    return back


def _cancelling(found: PaperIssue) -> Act:
    # No numbers here: they grow less while somebody reads, and would be asked about again.
    says = [
        f"{found.year} 年度第 {found.ordinal} 次签发中，此刻还没有生成的文书不再签发，"
        "它们的编号空置，不给其他文书。",
        "此前已签发的仍然有效，不能撤回。",
        "取消后可以在本页继续签发，仍用原来的编号；该年度重新签发以后，就不能再继续。",
    ]
    back = url_for(".progress", issue_id=found.id)
    return Act("取消签发", says, "取消签发", back, "papers.index")


def _later(found: PaperIssue) -> bool:
    """Whether a later issue of the year has begun: this one is then not gone on with."""
    latest = queries.latest_issue(found.year, found.owner_region_id)
    return latest is not None and latest.id != found.id


@bp.post("/papers/issues/<id:issue_id>/bind")
@writes
@runs_own(Permission.PAPERS_ISSUE)
def bind(issue_id: int) -> ResponseReturnValue:
    """Let the papers of an issue be bound (`what`), once none of them waits any more."""
    found, what = _issue(issue_id), request.form.get("what", VOLUME)
    if what not in BOUND:
        abort(400)
    state = queries.progress_of(found.id)
    if state.waiting or not state.done:
        flash("文书还没有全部签发，签发完才能装订。", "info")
        return redirect(url_for(".progress", issue_id=found.id))
    try:
        return background.go_on(ask_for(what, found.id, current_user))
    except WorkError as error:
        flash(str(error), "info")
        return redirect(url_for(".progress", issue_id=found.id))


@bp.route("/verify", methods=["GET", "POST"], endpoint="verify")
@public
def verify_page() -> ResponseReturnValue:
    """Whether a number exists, and whether a file is what was issued under it."""
    form = VerifyForm(data={"number": read_number(asked_text("number", 300))})
    if not form.is_submitted():
        return _verify_page(form, form.number.data or "", None), 200
    if not form.validate():
        return _verify_page(form, "", None), 422
    if form.file.data:
        return _verified(form)
    if form.number.data:
        return redirect(url_for(".verify", number=read_number(form.number.data)))
    form.form_errors.append("请填写编号，或选择文书文件。")
    return _verify_page(form, "", None), 422


def _form_choices() -> dict[str, object]:
    """The counties whose forms can be printed, the one chosen at the top first, and the quarter."""
    counties = [place for place in switchable(current_user) if place.level is RegionLevel.COUNTY]
    chosen = narrowed_to() or own_region()
    return {
        "form_counties": counties,
        "form_county": chosen.code if chosen else "",
        "form_quarter": quarter_of(today()),
    }


def _verified(form: VerifyForm) -> ResponseReturnValue:
    """The page about the file that was sent in, which is then forgotten."""
    from tracker.papers.issuing.verification import verify

    with closing(form.file.data) as file:
        content = file.read()
    try:
        with CHECKS.taken(current_app.config["TRACKER"].instance / "slots"):
            if not service.count_check(request.remote_addr or "unknown"):
                form.form_errors.append(_TOO_MANY)
                return _verify_page(form, "", None), 422
            verdict = verify(content, in_detail=False)
    except BusyError:
        verdict = Verdict(Answer.NO_TIME, (_BUSY,))
    if verdict.answer is Answer.NO_TIME:
        return _verify_page(form, "", verdict), 503, {"Retry-After": str(_PAUSE)}
    typed = read_number(form.number.data or "")
    if typed and verdict.paper and verdict.paper.number != typed:
        said = f"所交文件是编号 {verdict.paper.number} 的文书，不是所填的 {typed}。"
        form.add_error("number", said)
        return _verify_page(form, "", verdict), 422
    return _verify_page(form, "", verdict), 200


def _verify_page(form: VerifyForm, number: str, verdict: Verdict | None) -> str:
    paper = queries.by_number(number) if number else (verdict.paper if verdict else None)
    return render_template(
        "issuing/verify.html",
        form=form,
        number=number,
        verdict=verdict,
        paper=paper,
        superseded=superseded_words(paper) if paper else "",
        is_public=is_public(paper) if paper else False,
        card=public_card(paper) if paper else None,
    )


def _signs() -> bool:
    return is_set(current_app.config["TRACKER"])


def _going_on(found: PaperIssue) -> ResponseReturnValue:
    """To the page of an issue; its work begins once this unit has been committed."""
    settings, issue_id = current_app.config["TRACKER"], found.id
    units.afterwards(lambda: jobs.send(settings, GO_ON, issue_id))
    return redirect(url_for(".progress", issue_id=issue_id))


def _worker_seen() -> bool:
    return jobs.worker_seen(current_app.config["TRACKER"])


def _paper(paper_id: int) -> IssuedPaper:
    return queries.paper(paper_id, current_user) or abort(404)


def _issue(issue_id: int) -> PaperIssue:
    """An issue, for those who run the assessment that it is of: it holds the papers of all
    places."""
    found = db.session.get(PaperIssue, issue_id) or abort(404)
    if not runs(current_user, found.owner_region_id):
        abort(404)
    show(found.year)
    show_owner(found.owner_region_id)
    return found
