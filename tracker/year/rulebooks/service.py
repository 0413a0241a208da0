"""What is done to stored sets of rulebooks. Each act is kept with who did it and when."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from tracker.core.db import db
from tracker.core.db.records import now
from tracker.core.told import ToldError
from tracker.engine.scoring import canonical_json
from tracker.records.accounts.models import User
from tracker.year.rulebooks import editing, queries
from tracker.year.rulebooks.models import (
    SetAct,
    SetState,
    SetStatus,
    StoredAct,
    StoredFile,
    StoredSet,
)
from tracker.year.rulebooks.shelf import SET_FILE

NO_REASON = "本年度已有已发布的一套，请写明替换的理由。"
_CHANGED = "这份文件在您打开之后已被他人修改，本次没有保存。您填写的内容仍在下面，请核对后再保存。"


class SetError(ToldError):
    """An act on a set is refused; the message is for the user."""

    status = 409


def must_be_draft(stored: StoredSet) -> None:
    """Raise SetError of a set that cannot be changed any more."""
    if not stored.is_draft:
        raise SetError(f"这一套{stored.state.label}，不能再改；要改的，请以它为底另建一套草稿。")


def make(
    actor: User | None,
    year: int,
    name: str,
    status: SetStatus,
    document: str,
    given: Mapping[str, str],
    owner: int | None = None,
) -> StoredSet:
    """A draft of `owner` for `year`, holding the texts `given` by path (those of another set), each
    moved to that year."""
    made = StoredSet(year=year, owner_region_id=owner, name=name, status=status, document=document)
    db.session.add(made)
    db.session.flush()
    texts = {SET_FILE: f"year = {year}\nrulebooks = []\n"}
    texts |= {path: editing.of_year(text, year) for path, text in given.items()}
    for path, text in texts.items():
        db.session.add(StoredFile(set_id=made.id, path=path, text=text))
    _note(made, SetAct.MADE, actor, f"载有 {len(texts) - 1} 本细则")
    return made


def put(stored: StoredSet, texts: Mapping[str, str], actor: User | None) -> list[str]:
    """Load rulebooks, or a set's file, into a draft, each in place of the one of its subject; the
    paths. `texts` are sound, by the names of the files that they came in. Raises SetError."""
    must_be_draft(stored)
    there = {file.path: file for file in queries.files(stored.id)}
    of_subject = {
        editing.values_of(file.text).get("subject"): path
        for path, file in there.items()
        if path != SET_FILE
    }
    paths = []
    for text in texts.values():
        values = editing.values_of(text)
        subject = values.get("subject")
        path = SET_FILE if "rulebooks" in values else of_subject.get(subject, f"{subject}.toml")
        if path != SET_FILE and values.get("year") != stored.year:
            raise SetError(
                f"{values.get('title')}是 {values.get('year')} 年度的，"
                f"本套是 {stored.year} 年度的，请改正年度后再载入。"
            )
        if path in paths:
            raise SetError(f"同一次载入中有两份{path}，请只留一份。")
        if path in there:
            there[path].text = text
        else:
            there[path] = StoredFile(set_id=stored.id, path=path, text=text)
            db.session.add(there[path])
        paths.append(path)
        _note(stored, SetAct.FILE, actor, f"{path}：{values.get('title', '整套文件')}")
    _name_books(there)
    return paths


def remove(file: StoredFile, actor: User | None) -> None:
    """Take a rulebook out of a draft. Raises SetError."""
    must_be_draft(file.set)
    if file.path == SET_FILE:
        raise SetError("整套文件不能移出。")
    _note(file.set, SetAct.REMOVED, actor, file.path)
    there = {each.path: each for each in queries.files(file.set_id) if each.id != file.id}
    db.session.delete(file)
    _name_books(there)


def rewrite(
    file: StoredFile,
    change: Callable[[str], str],
    seen: str,
    act: SetAct,
    about: str,
    actor: User | None,
) -> None:
    """Save what `change` makes of the text of a draft's file, if that is still what was `seen`
    (its `mark`). Raises SetError."""
    must_be_draft(file.set)
    if mark_of(file.text) != seen:
        raise SetError(_CHANGED)
    file.text = change(file.text)
    _note(file.set, act, actor, f"{file.path}：{about}")


def mark_of(text: str) -> str:
    """By what a form knows whether a file is still what was shown."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def discard(stored: StoredSet, actor: User | None) -> None:
    """Give a draft up; it stays as it was. Raises SetError."""
    must_be_draft(stored)
    _note(stored, SetAct.DISCARDED, actor, "")
    db.session.flush()
    stored.state = SetState.DISCARDED


def publish(stored: StoredSet, reason: str, actor: User | None) -> None:
    """Put a draft, which has no faults, in force for its year. Raises SetError, also where it
    replaces another and nothing is said why."""
    must_be_draft(stored)
    if replaced(stored) is not None and not reason.strip():
        raise SetError(NO_REASON)
    texts = queries.texts(stored.id)
    _note(stored, SetAct.PUBLISHED, actor, reason.strip())
    db.session.flush()
    stored.reason = reason.strip()
    stored.sha256 = hashlib.sha256(canonical_json(texts)).hexdigest()
    stored.published_at = now()
    stored.published_by_id = actor.id if actor else None
    stored.state = SetState.PUBLISHED


def replaced(stored: StoredSet) -> StoredSet | None:
    """The set in force that `stored` would replace."""
    found = queries.in_force(stored.owner_region_id).get(stored.year)
    return queries.get(found[0]) if found and found[0] != stored.id else None


def _name_books(there: Mapping[str, StoredFile]) -> None:
    """Let the set's file name what is there: what it names already keeps its place."""
    whole = there[SET_FILE]
    named = editing.values_of(whole.text).get("rulebooks")
    kept = [path for path in named if path in list(there)] if isinstance(named, list) else []
    more = sorted(path for path in there if path != SET_FILE and path not in kept)
    if named != [*kept, *more]:
        whole.text = editing.with_books(whole.text, [*kept, *more])
    db.session.flush()


def _note(stored: StoredSet, act: SetAct, actor: User | None, about: str) -> None:
    actor_id = actor.id if actor else None
    db.session.add(StoredAct(set_id=stored.id, act=act, actor_id=actor_id, about=about))
