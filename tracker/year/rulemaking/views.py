"""Sets of rulebooks: the list, a new draft, loading files, trial, discarding, publishing."""

from __future__ import annotations

from collections.abc import Mapping
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
from tracker.core.quantities.shown import moment
from tracker.records.accounts.owners import owned_pages, runs_own, selected_owner
from tracker.records.accounts.permissions import Permission
from tracker.records.background import queries as background
from tracker.records.background import refused
from tracker.records.background.asking import begin
from tracker.records.background.asking import page_of as work_page
from tracker.records.background.models import BackgroundJob, WorkState
from tracker.records.background.service import WorkError
from tracker.web.asking import Act, asked
from tracker.web.period import show
from tracker.web.transactions import writes
from tracker.year.assessments.queries import snapshots
from tracker.year.assessments.rosters import unknown_classes
from tracker.year.rulebooks import queries, service
from tracker.year.rulebooks.drafting import DraftSet, draft_set
from tracker.year.rulebooks.models import SetState, SetStatus, StoredSet
from tracker.year.rulebooks.shelf import SET_FILE, city_example, year_set, years
from tracker.year.rulemaking.drafts import SECTION, of_own
from tracker.year.rulemaking.forms import LoadForm, ReasonForm, SetForm
from tracker.year.rulemaking.jobs import TRIAL
from tracker.year.rulemaking.trying import MOVES, unpacked

bp = Blueprint("rulemaking", __name__, url_prefix="/rulebooks")
owned_pages(bp)
refused.number_oversized(bp, "载入细则")

_NAMED = 3


@bp.get("/sets/")
@runs_own(Permission.RULEBOOKS_EDIT)
def index() -> ResponseReturnValue:
    """All sets, which of them are in force, and the years that go by the files shipped."""
    force = {set_id for set_id, _ in queries.in_force(selected_owner()).values()}
    return render_template(
        "rulemaking/index.html", sets=queries.sets(selected_owner()), force=force
    )


@bp.route("/sets/new", methods=["GET", "POST"])
@writes
@runs_own(Permission.RULEBOOKS_EDIT)
def new() -> ResponseReturnValue:
    """A new draft, empty or as another set says."""
    form: Any = SetForm(bases=_bases())
    if form.validate_on_submit():
        made = service.make(
            current_user,
            form.year.data,
            form.name.data,
            form.status.data,
            form.document.data or "",
            _texts_of(form.base.data),
            selected_owner(),
        )
        flash("已建立草稿。", "success")
        return redirect(url_for(".detail", rulebook_set_id=made.id))
    return render_template("rulemaking/new.html", form=form), 422 if form.errors else 200


@bp.get("/sets/<id:rulebook_set_id>")
@runs_own(Permission.RULEBOOKS_EDIT)
def detail(rulebook_set_id: int) -> ResponseReturnValue:
    """One set: its rulebooks, what stands against publishing, what was done to it."""
    return _page(_get(rulebook_set_id), LoadForm(formdata=None), [], None)


@bp.post("/sets/<id:rulebook_set_id>/load")
@runs_own(Permission.RULEBOOKS_EDIT)
def load(rulebook_set_id: int) -> ResponseReturnValue:
    """Load rulebooks into a draft: all of them or, where anything is wrong, none."""
    service.must_be_draft(_get(rulebook_set_id))
    form = LoadForm()
    texts, faults = form.read() if form.validate() else ({}, [])
    if form.errors or faults:
        return _not_loaded(rulebook_set_id, form, faults)
    try:
        return _put(rulebook_set_id, texts)
    except service.SetError as error:
        form.form_errors.append(str(error))
        return _not_loaded(rulebook_set_id, form, [])


def _not_loaded(
    set_id: int, form: LoadForm, faults: list[tuple[str, str, str]]
) -> ResponseReturnValue:
    """The page of the set with what is wrong, and under which number the files were refused."""
    about = f"载入《{_get(set_id).name}》"
    number = refused.note_form(about, form, [f"“{name}”{of}：{why}" for name, of, why in faults])
    return _page(_get(set_id), form, faults, None, refused.words_of(number)), 422


@writes
@runs_own(Permission.RULEBOOKS_EDIT)
def _put(set_id: int, texts: Mapping[str, str]) -> ResponseReturnValue:
    paths = service.put(_get(set_id), texts, current_user)
    flash(f"已载入 {len(paths)} 个文件。", "success")
    return redirect(url_for(".detail", rulebook_set_id=set_id))


@bp.post("/sets/<id:rulebook_set_id>/try")
@writes
@runs_own(Permission.RULEBOOKS_EDIT)
def try_out(rulebook_set_id: int) -> ResponseReturnValue:
    """Ask for a trial on a snapshot, done by a worker."""
    stored = _get(rulebook_set_id)
    number = request.form.get("snapshot", "")
    snapshot = next(
        (each for each in snapshots(owner=selected_owner()) if str(each.id) == number), None
    )
    if snapshot is None:
        raise service.SetError("请选择用哪一年度的快照试算；还没有快照的，先计分。")
    if faults := _drafted(stored).faults:
        raise service.SetError(f"这一套还有 {len(faults)} 处问题，改正后才能试算。")
    title = f"《{stored.name}》按 {snapshot.year} 年度事实试算"
    try:
        return begin(TRIAL, stored.id, snapshot.id, title=title)
    except WorkError as error:
        raise service.SetError(str(error)) from None


@bp.get("/trials/<id:background_job_id>")
@runs_own(Permission.RULEBOOKS_EDIT)
def trial(background_job_id: int) -> ResponseReturnValue:
    """How far a trial is, and what came of it."""
    job = background.get(background_job_id, current_user) or abort(404)
    if job.kind != TRIAL:
        return redirect(work_page(job))
    stored = _get(int(job.given[0]))
    return render_template(
        "rulemaking/trial.html",
        job=job,
        stored=stored,
        tried=_outcome(job),
        moves=MOVES,
        worker=not job.waits or jobs.worker_seen(current_app.config["TRACKER"]),
    )


@bp.post("/sets/<id:rulebook_set_id>/discard")
@writes
@runs_own(Permission.RULEBOOKS_EDIT)
def discard(rulebook_set_id: int) -> ResponseReturnValue:
    """Give a draft up, once that was confirmed."""
    stored = _get(rulebook_set_id)
    service.must_be_draft(stored)
    back = url_for(".detail", rulebook_set_id=stored.id)
    says = [f"将弃用《{stored.name}》。草稿留存备查，不能再改，也不能发布。"]
    if page := asked(Act(f"弃用《{stored.name}》", says, "弃用", back, SECTION)):
        return page
    service.discard(stored, current_user)
    flash("已弃用。", "success")
    return redirect(url_for(".index"))


@bp.post("/sets/<id:rulebook_set_id>/publish")
@writes
@runs_own(Permission.RULEBOOKS_EDIT)
def publish(rulebook_set_id: int) -> ResponseReturnValue:
    """Put a draft in force for its year, once all is sound and that was confirmed."""
    stored, form = _get(rulebook_set_id), ReasonForm()
    service.must_be_draft(stored)
    found = _drafted(stored)
    replaced = service.replaced(stored)
    if form.validate() and replaced is not None and not form.reason.data:
        form.add_error("reason", service.NO_REASON)
    if found.faults or form.errors:
        return _page(stored, LoadForm(formdata=None), [], form), 422
    if page := asked(_publishing(stored, found, replaced)):
        return page
    service.publish(stored, form.reason.data or "", current_user)
    flash(f"已发布，此后 {stored.year} 年度的计分用这一套。", "success")
    return redirect(url_for(".detail", rulebook_set_id=stored.id))


def _publishing(stored: StoredSet, found: DraftSet, replaced: StoredSet | None) -> Act:
    before = (
        f"它替换 {moment(replaced.published_at)} 发布的《{replaced.name}》。"
        if replaced is not None and replaced.published_at is not None
        else f"它替换系统随附的 {stored.year} 年度细则。"
        if stored.year in years(stored.owner_region_id)
        else ""
    )
    official = stored.status is SetStatus.OFFICIAL
    nature = f"性质为正式（{stored.document}）" if official else "性质为示例"
    says = [
        f"将发布《{stored.name}》，{nature}，共 {len(found.books)} 本细则。"
        f"此后 {stored.year} 年度的计分和任务用这一套。{before}",
        "已生成的快照、评分表和已签发的文书不变，仍按当时的细则。",
        "发布后不能修改、删除或撤回；要改的，另建一套发布，写明替换的理由。",
    ]
    books = [each.book for each in found.books if each.book]
    unknown = [
        county.name for county, _ in unknown_classes(stored.year, books, stored.owner_region_id)
    ]
    if unknown:
        named = "、".join(unknown[:_NAMED]) + ("等" if len(unknown) > _NAMED else "")
        says.append(
            f"名单中{named} {len(unknown)} 个县的类别不在这一套中，发布后改正名单，才能计分。"
        )
    back = url_for(".detail", rulebook_set_id=stored.id)
    given = "\n".join(service.mark_of(file.text) for file in queries.files(stored.id))
    items = [book.title for book in found.books]
    return Act(f"发布《{stored.name}》", says, "发布", back, SECTION, items=items, given=given)


def _page(
    stored: StoredSet,
    form: LoadForm,
    faults: list[tuple[str, str, str]],
    reason: ReasonForm | None,
    not_taken: str = "",
) -> str:
    show(stored.year)
    files = queries.files(stored.id)
    found = draft_set(stored, {file.path: file.text for file in files})
    force = {set_id for set_id, _ in queries.in_force(selected_owner()).values()}
    return render_template(
        "rulemaking/detail.html",
        stored=stored,
        found=found,
        files={file.path: file for file in files},
        set_file=SET_FILE,
        form=form,
        load_faults=faults,
        not_taken=not_taken,
        reason=reason or ReasonForm(formdata=None),
        replaced=service.replaced(stored) if stored.is_draft else None,
        compared_with=_compared_with(stored.year),
        in_force=stored.id in force,
        snapshots=_latest_by_year(),
        acts=queries.acts(stored.id),
    )


def _compared_with(year: int) -> int:
    """The year whose set a set of `year` is compared with where nobody says: the one before."""
    return max((each for each in years(selected_owner()) if each < year), default=year)


def _latest_by_year() -> list[tuple[int, str]]:
    """Number and words of the latest snapshot of each year."""
    found: dict[int, tuple[int, str]] = {}
    for each in snapshots(owner=selected_owner()):
        found.setdefault(
            each.year, (each.id, f"{each.year} 年度（冻结于 {moment(each.frozen_at)}）")
        )
    return list(found.values())


def _outcome(job: BackgroundJob) -> Any:
    if job.state is not WorkState.DONE:
        return None
    kept = b"".join(background.chunks(job.id))
    return unpacked(kept) if kept else None


def _drafted(stored: StoredSet) -> DraftSet:
    return draft_set(stored, queries.texts(stored.id))


def _get(set_id: int) -> StoredSet:
    return of_own(queries.get(set_id))


def _bases() -> list[tuple[str, str]]:
    owner = selected_owner()
    found = [(f"year-{year}", f"{year} 年度现行的一套") for year in years(owner)]
    if owner is not None:
        found += [(f"example-{owner}", "随附的示例：市考县（只评受援县）")]
    found += [
        (f"set-{each.id}", f"{each.year} 年度《{each.name}》（{each.state.label}，{each.id} 号）")
        for each in queries.sets(selected_owner())
        if each.state is not SetState.DISCARDED
    ]
    return found


def _texts_of(base: str | None) -> Mapping[str, str]:
    kind, _, number = (base or "").partition("-")
    if kind == "year":
        of_year = year_set(int(number), selected_owner())
        return {SET_FILE: of_year.text, **of_year.texts}
    if kind == "example" and selected_owner() is not None:
        example = city_example()
        return {SET_FILE: example.text, **example.texts}
    base_set = queries.get(int(number)) if kind == "set" else None
    if base_set is None or base_set.owner_region_id != selected_owner():
        return {}
    return queries.texts(base_set.id)
