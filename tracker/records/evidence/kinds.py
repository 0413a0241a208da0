"""The list of all files that prove something, each with its record.

A link knows its record by a key of one of many tables above this feature; their kinds say what the
user sees of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.shown import moment, size_words
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission, Role
from tracker.records.evidence import thumbnails
from tracker.records.evidence.contents import TYPE_WORDS
from tracker.records.evidence.models import (
    PROVABLE,
    EvidenceCheck,
    EvidenceFile,
    EvidenceLink,
    FileState,
)
from tracker.records.evidence.queries import fact_table
from tracker.web.kit import Action, Blocked, Column, Field, Filter, Kind, Scope, Show, looks, one_of
from tracker.web.kit.declared import Choices
from tracker.web.kit.kinds import all_kinds, kind_of, link_to
from tracker.web.kit.words import table_label


def provable_kinds() -> Iterator[tuple[str, Kind]]:
    """(column of `EvidenceLink`, kind) of every kind of record that a file can prove."""
    columns = {fact_table(name): f"{name}_id" for name in PROVABLE}
    for kind in all_kinds():
        if column := columns.get(kind.model.__tablename__):
            yield column, kind


# What features above ask to be handed in for their records: model → (record → words).
_asked: dict[type[Any], Callable[[User, Any], Sequence[str]]] = {}


def asked_for(model: type[Any], words: Callable[[User, Any], Sequence[str]]) -> None:
    """Let `words` say what kinds of files a record of `model` wants of a user."""
    _asked[model] = words


def words_asked(user: User, fact: Any) -> Sequence[str]:
    """The kinds of files that `fact` wants of `user`, in their order; none where nobody said."""
    words = _asked.get(type(fact))
    return words(user, fact) if words is not None else ()


# Whose files they are, said by features above: model → (user, record, kind of file or "" for any →
# why the user may not hand it in now; the same for taking one back).
_Given = Callable[[User, Any, str], str]
_given: dict[type[Any], tuple[_Given, _Given]] = {}


def given_by(model: type[Any], hand_in: _Given, take_back: _Given) -> None:
    """Let `hand_in` and `take_back` say why a user may not do so with a kind of file of a record of
    `model`."""
    _given[model] = (hand_in, take_back)


def not_given(user: User, fact: Any, word: str = "") -> str:
    """Why `user` may not hand in files called `word` for `fact`, or without it any; "" if so."""
    given = _given.get(type(fact))
    return given[0](user, fact, word) if given is not None else ""


# What features above rest on: model → (record, link → why it has to stay; "" if it may go).
_held: dict[type[Any], Callable[[Any, EvidenceLink], str]] = {}


def held_by(model: type[Any], why: Callable[[Any, EvidenceLink], str]) -> None:
    """Let `why` say whether a file of a record of `model` has to stay."""
    _held[model] = why


def held(link: EvidenceLink) -> str:
    """Why `link` cannot be taken back by anyone now; "" if it may."""
    fact = fact_of(link)
    why = _held.get(type(fact))
    return why(fact, link) if why is not None else ""


def may_not_prove(user: User, kind: Kind, fact: Any) -> Blocked | None:
    """Why `user` may not add files to `fact`, which they see: a county's people only to what is
    their own, those who judge to all that they see; and nobody what others have to give."""
    return _blocked(user, kind, fact, not_given(user, fact))


def _not_to_take_back(user: User, kind: Kind, fact: Any, link: EvidenceLink) -> Blocked | None:
    given = _given.get(type(fact))
    return _blocked(user, kind, fact, given[1](user, fact, link.kind) if given else "")


def _blocked(user: User, kind: Kind, fact: Any, said: str) -> Blocked | None:
    """Why `user` may do nothing with files of `fact`, else what was `said` against it."""
    foreign = kind.foreign(user, fact) if user.role is Role.STAFF else None
    return foreign or (Blocked(said) if said else None)


def find_facts(links: Sequence[EvidenceLink]) -> None:
    """Load what `links` prove, one statement a table; see `fact_of`."""
    wanted: dict[str, list[EvidenceLink]] = {}
    for link in links:
        wanted.setdefault(column_of(link), []).append(link)
    kinds = dict(reversed(list(provable_kinds())))
    for column, of in wanted.items():
        kind = kinds.get(column)
        ids = [getattr(link, column) for link in of]
        found = {}
        if kind is not None:
            statement = select(kind.model).where(kind.model.id.in_(ids)).options(*kind.load)
            found = {record.id: record for record in db.session.scalars(statement).unique()}
        for link in of:
            linked: Any = link
            linked.fact = found.get(getattr(link, column))


def fact_of(link: EvidenceLink) -> Any | None:
    """The record that `link` proves; None where records of its kind have no pages."""
    if not hasattr(link, "fact"):
        find_facts([link])
    return getattr(link, "fact", None)


def column_of(link: EvidenceLink) -> str:
    """The column of `link` that names its record."""
    return next(f"{name}_id" for name in PROVABLE if getattr(link, f"{name}_id") is not None)


def _by_facts(condition: str) -> Callable[[User], ColumnElement[bool]]:
    def of(user: User) -> ColumnElement[bool]:
        return or_(
            *(
                getattr(EvidenceLink, column).in_(
                    select(kind.model.id).where(getattr(kind.scope, condition)(user))
                )
                for column, kind in provable_kinds()
                if user.may(kind.view)
            )
        )

    return of


def _not_to_withdraw(user: User, link: EvidenceLink) -> Blocked | None:
    if link.withdrawn_at is not None:
        return Blocked("已经撤回。撤回的佐证仍可查看，但不再作为依据。")
    fact = fact_of(link)
    own = [k for column, k in provable_kinds() if fact is not None and k.model is type(fact)]
    for kind in own:
        if kind.parent is None or getattr(fact, kind.parent.column) is not None:
            if foreign := _not_to_take_back(user, kind, fact, link):
                return foreign
            return Blocked(said) if (said := held(link)) else None
    return Blocked("这份佐证所属的记录没有页面，不能在这里撤回。")


def _fact_kinds(user: User) -> Choices:
    found: dict[str, str] = {}
    for column, kind in provable_kinds():
        found.setdefault(column, kind.label)
    return [(column.removesuffix("_id"), label) for column, label in found.items()]


def _of_fact_kind(name: str) -> ColumnElement[bool] | None:
    return getattr(EvidenceLink, f"{name}_id").is_not(None) if name else None


def _words_used(user: User) -> Choices:
    statement = select(EvidenceLink.kind).where(_by_facts("seen")(user)).distinct()
    return [(word, word) for word in db.session.scalars(statement.order_by(EvidenceLink.kind))]


_STATES = {
    "": EvidenceLink.withdrawn_at.is_(None),
    "withdrawn": EvidenceLink.withdrawn_at.is_not(None),
    "all": None,
}


def _state(link: EvidenceLink) -> Markup:
    check = link.file.check
    word, label = ("withdrawn", "已撤回") if link.withdrawn_at else ("standing", "有效")
    if check is not None and check.state is not FileState.SOUND and not link.withdrawn_at:
        word, label = "unsound", check.state.label
    return Markup('<span class="badge-word proof-{}">{}</span>').format(word, label)


def has_small(link: EvidenceLink) -> bool:
    """Whether a small picture of the file stands in lists: of one that is sound as far as known."""
    check = link.file.check
    return (check is None or check.state is FileState.SOUND) and thumbnails.is_there(link.file)


def small_of(link: EvidenceLink) -> Markup:
    """The small picture of a file for a list; nothing where there is none."""
    if not has_small(link):
        return Markup("")
    address = url_for("evidence.small", evidence_link_id=link.id)
    return Markup(
        '<img class="small-picture" src="{}" alt="" width="48" height="48" loading="lazy">'
    ).format(address)


def _checked_words(check: EvidenceCheck | None) -> str:
    """When the stored file was last compared with its sha256, and what was found."""
    if check is None:
        return "尚未核对，冻结事实时核对"
    found = check.state.label
    if check.state is not FileState.SOUND:
        found += "，不能作为证明；请联系系统管理员从备份恢复"
    return f"{moment(check.checked_at)}，{found}"


EVIDENCE = Kind(
    "evidence",
    EvidenceLink,
    "佐证材料",
    view=Permission.EVIDENCE_VIEW,
    scope=Scope(_by_facts("seen"), _by_facts("in_view"), _not_to_withdraw),
    name=lambda link: link.name,
    load=(
        joinedload(EvidenceLink.file).joinedload(EvidenceFile.check),
        joinedload(EvidenceLink.linked_by),
    ),
    load_detail=(joinedload(EvidenceLink.withdrawn_by),),
    prepare=find_facts,
    columns=(
        Column("name", sort=True, look=lambda name, link: small_of(link) + name),
        Column("fact", "所证明的记录", value=fact_of, look=lambda fact, link: _fact_words(link)),
        Column("kind", sort=True),
        Column("linked_at", sort=True),
        Column("linked_by.display_name", "提交人", show=Show.DESK),
        Column("size", "大小", value=lambda link: size_words(link.file.size), show=Show.DESK),
        Column("state", "状态", value=_state, look=lambda state, link: state, show=Show.DESK),
        Column("origin", "来源", look=looks.origin, show=Show.WIDE),
    ),
    filters=(
        Filter("of", "记录类别", _fact_kinds, _of_fact_kind),
        Filter(
            "kind",
            "材料类别",
            _words_used,
            lambda word: EvidenceLink.kind == word if word else None,
        ),
        Filter(
            "state",
            "状态",
            [("withdrawn", "已撤回"), ("all", "有效和已撤回")],
            _STATES.__getitem__,
            blank="有效",
        ),
        one_of(EvidenceLink.origin, "来源"),
    ),
    search=(EvidenceLink.kind,),
    heard=(EvidenceLink.name,),
    search_label="文件名或材料类别",
    order="-linked_at",
    subline=(
        Field("state", value=_state, look=lambda state, link: state),
        Field("origin", look=looks.origin),
    ),
    groups=(
        (
            "文件",
            (
                Field(
                    "fact", "所证明的记录", value=fact_of, look=lambda _, link: _fact_words(link)
                ),
                "kind",
                Field("type", "文件类型", value=lambda link: TYPE_WORDS[link.file.media_type]),
                Field("size", "大小", value=lambda link: size_words(link.file.size)),
                "linked_at",
                Field("linked_by.display_name", "提交人"),
                Field("withdrawn_at", applies=lambda link: link.withdrawn_at is not None),
                Field(
                    "withdrawn_by.display_name",
                    "撤回人",
                    applies=lambda link: link.withdrawn_at is not None,
                ),
                Field(
                    "check",
                    "最近核对",
                    value=lambda link: link.file.check,
                    look=lambda check, link: _checked_words(check),
                ),
                Field(
                    "file.sha256",
                    "校验码",
                    look=lambda digest, link: Markup('<code class="digest">{}</code>').format(
                        digest
                    ),
                ),
            ),
        ),
    ),
    actions=(
        Action(
            "下载",
            "download",
            Permission.EVIDENCE_VIEW,
            lambda link: url_for("evidence.download", evidence_link_id=link.id),
            primary=True,
        ),
        Action(
            "撤回",
            "arrow-back-up",
            Permission.EVIDENCE_ADD,
            lambda link: url_for("evidence.withdraw", evidence_link_id=link.id),
            _not_to_withdraw,
        ),
    ),
    empty="这里将列出佐证材料。从任一条记录的页面上传，例如飞地、项目、台账。",
)


def _fact_words(link: EvidenceLink) -> Markup:
    """The record by name, with what it is."""
    fact = fact_of(link)
    if fact is None:
        return Markup("{}").format(table_label(fact_table(column_of(link).removesuffix("_id"))))
    kind = kind_of(fact)
    assert kind is not None
    note = Markup('<span class="note-inline">{}</span>').format(kind.label)
    return Markup("<span>{} {}</span>").format(link_to(fact), note)


def other_links(user: User, link: EvidenceLink) -> list[EvidenceLink]:
    """The other links of the same file that `user` sees, in the order of their filing."""
    statement = (
        EVIDENCE.seen_by(user)
        .join(EvidenceFile)
        .where(EvidenceLink.file_id == link.file_id, EvidenceLink.id != link.id)
        .options(*EVIDENCE.load)
        .order_by(EvidenceLink.id)
    )
    found = list(db.session.scalars(statement).unique())
    find_facts(found)
    return found
