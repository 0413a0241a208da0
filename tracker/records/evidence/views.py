"""Files as proof on every record's page: handing in, downloading, withdrawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tracker.core import jobs
from tracker.core.db import db, key_of
from tracker.core.db.audit import because
from tracker.core.quantities.shown import moment, size_words
from tracker.records.accounts.permissions import Permission
from tracker.records.background import refused
from tracker.records.evidence import contents, service, thumbnails
from tracker.records.evidence.forms import MOST_TOGETHER, ProofForm, WithdrawForm
from tracker.records.evidence.jobs import DRAW
from tracker.records.evidence.kinds import (
    EVIDENCE,
    fact_of,
    has_small,
    held,
    may_not_prove,
    not_given,
    other_links,
    provable_kinds,
    small_of,
    words_asked,
)
from tracker.records.evidence.models import EvidenceLink, FileState
from tracker.records.evidence.received_forms import Taken, received
from tracker.web.access import requires
from tracker.web.downloads import SHOWABLE, attachment, drawn, shown
from tracker.web.kit import (
    Blocked,
    Kind,
    Section,
    blocked_page,
    detail_page,
    list_page,
    offer_files,
    on_every_page,
)
from tracker.web.kit.kinds import kind_of
from tracker.web.transactions import field_errors, writes
from tracker.web.ways import way
from tracker.year.rulebooks import shelf

MOST_OFFERED = 60
_SAME_NAME = "这条记录已有同名的佐证“{}”，内容不同；{}，以便在文书上区分。"

bp = Blueprint("evidence", __name__, url_prefix="/evidence")
offer_files(bp, EVIDENCE)
refused.number_oversized(bp, "上传佐证")


@bp.url_value_preprocessor
def _take_files(endpoint: str | None, values: Mapping[str, Any] | None) -> None:
    """Let a request be as large as its files, before anything reads it."""
    if endpoint == "evidence.new" and current_user.is_authenticated:
        request.max_content_length = MOST_TOGETHER


@bp.record
def _add_routes(state: BlueprintSetupState) -> None:
    """`/evidence/projects/7/new` for each kind of record, by the name of the record's number."""
    for name, table in {kind.argument: kind.slug for _, kind in provable_kinds()}.items():
        state.add_url_rule(f"/{table}/<id:{name}>/new", "new", _new, methods=["GET", "POST"])


@bp.get("/")
@requires(Permission.EVIDENCE_VIEW)
def index() -> ResponseReturnValue:
    """All files in view, each with its record."""
    return list_page(EVIDENCE)


@bp.get("/<id:evidence_link_id>")
@requires(Permission.EVIDENCE_VIEW)
def detail(evidence_link_id: int) -> ResponseReturnValue:
    """One file as proof of one record."""
    return detail_page(EVIDENCE, evidence_link_id, sections=[_PREVIEW, _ELSEWHERE])


@bp.get("/<id:evidence_link_id>/file")
@requires(Permission.EVIDENCE_VIEW)
def download(evidence_link_id: int) -> ResponseReturnValue:
    """The file itself, to be saved."""
    link = EVIDENCE.get(current_user, evidence_link_id) or abort(404)
    content = _content(link, "下载佐证材料")
    if not isinstance(content, bytes):
        return content
    return attachment(
        content,
        link.name,
        link.file.media_type,
        about=f"佐证材料 {link.file.sha256[:12]}",
        record=("evidence_links", link.id),
    )


@bp.get("/<id:evidence_link_id>/preview")
@requires(Permission.EVIDENCE_VIEW)
def preview(evidence_link_id: int) -> ResponseReturnValue:
    """The file for its page, where it is a picture or a PDF; nothing else is opened here."""
    link = EVIDENCE.get(current_user, evidence_link_id) or abort(404)
    if link.file.media_type not in SHOWABLE:
        abort(404)
    content = _content(link, "预览佐证材料")
    if not isinstance(content, bytes):
        return content
    return shown(
        content,
        link.name,
        link.file.media_type,
        about=f"预览佐证材料 {link.file.sha256[:12]}",
        record=("evidence_links", link.id),
    )


@bp.get("/<id:evidence_link_id>/small")
@requires(Permission.EVIDENCE_VIEW)
def small(evidence_link_id: int) -> ResponseReturnValue:
    """A small picture of the file, for lists. It is no file that somebody takes away."""
    link = EVIDENCE.get(current_user, evidence_link_id) or abort(404)
    content = thumbnails.read(link.file) if has_small(link) else None
    if content is None:
        return _unreadable(link, "这份材料没有小图，或者还没有画好；请看原件。", "显示小图")
    return drawn(content, "image/jpeg")


@bp.route("/<id:evidence_link_id>/withdraw", methods=["GET", "POST"])
@writes
@requires(Permission.EVIDENCE_ADD)
def withdraw(evidence_link_id: int) -> ResponseReturnValue:
    """Take back a proof that was wrong; it stays to be seen."""
    link = EVIDENCE.get(current_user, evidence_link_id) or abort(404)
    blocked = EVIDENCE.blocked(current_user, link)
    if blocked is not None:
        status = 409 if link.withdrawn_at or blocked.reason == held(link) else 403
        return blocked_page(EVIDENCE, link, None, blocked, status=status, doing="撤回佐证材料")
    form = WithdrawForm()
    if form.validate_on_submit():
        with because(db.session, form.reason.data):
            service.withdraw(link, current_user)
        flash(f"已撤回佐证“{link.name}”。", "success")
        fact = fact_of(link)
        of = kind_of(fact)
        assert of is not None, "only what has pages is proven"
        return redirect(f"{of.address(fact)}#evidence")
    status = 422 if form.is_submitted() else 200
    return render_template("evidence/withdraw.html", form=form, kind=EVIDENCE, link=link), status


@requires(Permission.EVIDENCE_ADD)
def _new(**record: int) -> ResponseReturnValue:
    """Hand in files as proof of a record."""
    ((argument, record_id),) = record.items()
    kind, fact = _found(argument, record_id) or abort(404)
    blocked = may_not_prove(current_user, kind, fact)
    if blocked is not None:
        return blocked_page(kind, fact, kind.parent_of(fact), blocked, doing="上传佐证材料")
    form = ProofForm(data={"kind": request.args.get("kind", "")[:60]})
    form.offer_again(_handed_in_before(fact))
    valid = form.validate_on_submit() and _is_theirs(form, fact)
    if valid and (files := received(form)) is not None:
        answer = _hand_in(form, files, **record)
        if any(each.kept.media_type in thumbnails.PICTURES for each in files):
            jobs.send(current_app.config["TRACKER"], DRAW)
        return answer
    return _new_page(form, kind, fact)


@writes
@requires(Permission.EVIDENCE_ADD)
def _hand_in(form: ProofForm, files: list[Taken], **record: int) -> ResponseReturnValue:
    """Link files that are on the disk already."""
    ((argument, record_id),) = record.items()
    kind, fact = _found(argument, record_id) or abort(404)
    blocked = may_not_prove(current_user, kind, fact)
    if blocked is not None:
        return blocked_page(kind, fact, kind.parent_of(fact), blocked, doing="上传佐证材料")
    taken, before = _take(form, fact, files) if _is_theirs(form, fact) else (0, 0)
    if form.errors:
        return _new_page(form, kind, fact)
    more = f"压缩包内另有 {before} 份已是这条记录的佐证，没有重复登记。" if before else ""
    flash(f"已为“{kind.name(fact)}”上传 {taken} 份佐证。{more}", "success")
    return redirect(f"{kind.address(fact)}#evidence")


def _is_theirs(form: ProofForm, fact: Any) -> bool:
    """Whether files of the chosen kind are the user's to hand in for `fact`; says why not."""
    if said := not_given(current_user, fact, form.kind.data):
        form.add_error("kind", said)
    return not said


def _words(fact: Any) -> list[str]:
    """The kinds that the form offers: what is wanted of the user first."""
    known = [word for word in words_of_rulebooks() if not not_given(current_user, fact, word)]
    return [*dict.fromkeys([*words_asked(current_user, fact), *known])]


def _new_page(form: ProofForm, kind: Kind, fact: Any) -> ResponseReturnValue:
    status = 422 if form.is_submitted() else 200
    about = f"为“{kind.name(fact)}”上传佐证"
    number = refused.note_form(about, form) if form.is_submitted() else None
    page = render_template(
        "evidence/new.html",
        form=form,
        not_taken=refused.words_of(number),
        kind=kind,
        record=fact,
        parent=kind.parent_of(fact),
        words=_words(fact),
    )
    return page, status


def _found(argument: str, record_id: int) -> tuple[Kind, Any] | None:
    """The record with its kind, if the user may open it."""
    for _, kind in provable_kinds():
        if kind.argument == argument and current_user.may(kind.view):
            fact = kind.get(current_user, record_id)
            if fact is not None:
                own = kind_of(fact)
                assert own is not None
                return own, fact
    return None


def _take(form: ProofForm, fact: Any, files: list[Taken]) -> tuple[int, int]:
    """Let `files` and what `form` chose prove `fact`: how many were taken, and how many of a zip
    proved it before. The form says what is wrong, and nothing is taken then."""
    standing = service.proofs_of(fact)
    word, known = form.kind.data, {link.file.sha256 for link in standing}
    names = {key_of(link.name): link.name for link in standing}
    new: list[Taken] = []
    for each in files:
        if each.kept.sha256 in known:
            if not each.packed:
                form.add_error("files", f"{each.place}已是这条记录的佐证，不必再传。")
            continue
        if twin := names.get(key_of(each.name)):
            said = _SAME_NAME.format(twin, "请改名后再上传")
            form.add_error("files", f"{each.place}：{said}")
        new.append(each)
        known.add(each.kept.sha256)
        names[key_of(each.name)] = each.name
    again = EVIDENCE.get(current_user, form.again.data) if form.again.data else None
    if again is not None and again.file.sha256 in known:
        form.add_error("again", "这份文件已是这条记录的佐证。")
    elif again is not None and (twin := names.get(key_of(again.name))):
        form.add_error("again", _SAME_NAME.format(twin, "请改名后另行上传"))
    if not new and again is None and not form.errors:
        form.add_error("files", "压缩包内的文件都已是这条记录的佐证，不必再传。")
    if form.errors:
        return 0, 0
    with field_errors(form, {}):
        for each in new:
            service.hand_in(fact, each.kept, each.name, word, current_user)
        if again is not None:
            service.prove(fact, again.file, again.name, word, current_user)
    return len(new) + (again is not None), len(files) - len(new)


def _handed_in_before(fact: Any) -> list[tuple[int, str]]:
    """The latest files that the user sees, each once, for a record that lacks them."""
    column = getattr(EvidenceLink, service.fact_column(fact))
    own = select(EvidenceLink.file_id).where(column == fact.id, EvidenceLink.withdrawn_at.is_(None))
    latest = (
        select(func.max(EvidenceLink.id))
        .where(EVIDENCE.scope.seen(current_user), EvidenceLink.withdrawn_at.is_(None))
        .where(EvidenceLink.file_id.not_in(own))
        .group_by(EvidenceLink.file_id)
    )
    statement = (
        select(EvidenceLink)
        .where(EvidenceLink.id.in_(latest))
        .order_by(EvidenceLink.id.desc())
        .limit(MOST_OFFERED)
    )
    named = [
        (link, f"{link.name}（{link.kind}，{moment(link.linked_at)[:10]}）")
        for link in db.session.scalars(statement)
    ]
    times = Counter(key_of(label) for _, label in named)
    return [
        (link.id, label if times[key_of(label)] == 1 else f"{label}{link.file.label}")
        for link, label in named
    ]


def words_of_rulebooks() -> tuple[str, ...]:
    """What the rulebooks call their proofs, the most frequent first."""
    return _words_of(shelf.editions())


@lru_cache(maxsize=4)
def _words_of(editions: tuple[tuple[int, str], ...]) -> tuple[str, ...]:
    counted = Counter(
        word
        for year, _ in editions
        for rulebook in shelf.year_set(year).rulebooks
        for line in rulebook.indicators
        for word in line.evidence
    )
    return tuple(word for word, _ in counted.most_common())


def _content(link: EvidenceLink, doing: str) -> bytes | ResponseReturnValue:
    """What `link` was handed in with, or the page that says why it is not given out."""
    try:
        return contents.read(service.folder(), link.file.sha256)
    except FileNotFoundError:
        return _unreadable(link, "文件不在存放处。请联系系统管理员从备份恢复。", doing)
    except contents.DamagedFileError:
        said = "文件内容与上传时的校验码不符，已被改动或损坏。请联系系统管理员。"
        return _unreadable(link, said, doing)


def _unreadable(link: EvidenceLink, reason: str, doing: str) -> ResponseReturnValue:
    return blocked_page(EVIDENCE, link, None, Blocked(reason), status=409, doing=doing)


# -- the section of every record's page


@on_every_page
def proofs_of_kind(kind: Kind) -> Section | None:
    """The files of a record, standing and withdrawn, and the way to hand in more."""
    if not current_user.may(Permission.EVIDENCE_VIEW):
        return None
    columns = [column for column, each in provable_kinds() if each is kind]
    if not columns:
        return None

    def data(fact: Any) -> Mapping[str, object]:
        column = getattr(EvidenceLink, columns[0])
        statement = (
            select(EvidenceLink)
            .where(column == fact.id)
            .options(*EVIDENCE.load, joinedload(EvidenceLink.withdrawn_by))
            .order_by(EvidenceLink.id)
        )
        links = db.session.scalars(statement).all()
        return {
            "standing": [link for link in links if link.withdrawn_at is None],
            "withdrawn": [link for link in links if link.withdrawn_at is not None],
            "add": way("evidence.new", **{kind.argument: fact.id}),
            "blocked": may_not_prove(current_user, kind, fact),
            "size_words": size_words,
            "small_of": small_of,
        }

    return Section("佐证材料", "evidence/section.html", data, "evidence")


def _elsewhere(link: EvidenceLink) -> Mapping[str, object] | None:
    others = other_links(current_user, link)
    return {"links": others, "fact_of": fact_of} if others else None


def _preview(link: EvidenceLink) -> Mapping[str, object] | None:
    check, kind = link.file.check, link.file.media_type
    if kind not in SHOWABLE or (check is not None and check.state is not FileState.SOUND):
        return None
    return {"link": link, "is_picture": kind.startswith("image/")}


_PREVIEW = Section("预览", "evidence/preview.html", _preview, "preview")
_ELSEWHERE = Section("同一文件还证明", "evidence/elsewhere.html", _elsewhere, "elsewhere")

blueprints = (bp,)
