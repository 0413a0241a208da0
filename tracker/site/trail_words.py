"""What the trail holds, as people read it: values by the dictionary's own words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from tracker.core.db.audit import SECRET, AuditAction, AuditEntry
from tracker.core.db.events import Event
from tracker.tables import AUDITED
from tracker.web.kit.told import model_of, names_of, sentence, told
from tracker.web.kit.words import column_of, table_label, words_of

UNSAID = Markup("不显示")


ACTIONS = {
    AuditAction.CREATED: "新增",
    AuditAction.CHANGED: "修改",
    AuditAction.DELETED: "删除",
}
# What only events name: rows that are their own trail.
_OF_EVENTS = frozenset({"issued_papers", "paper_issues", "snapshots"})
# The trail outlives the columns: their labels as the dictionary had them.
_GONE = {("users", "session_version"): "登录批次"}


@dataclass(frozen=True)
class Said:
    """A change or an event with the words for it. `table`: what kind of record it is about, ""
    where it is about none; `record`: that record's name, "" where it has none; `acts` are parts of
    a sentence, one for each figure; `folded` where the sentence is long and says little."""

    entry: AuditEntry | Event
    action: str
    table: str
    record: str
    acts: list[Markup]
    reason: str
    folded: bool


def say(entries: Iterable[AuditEntry | Event]) -> list[Said]:
    """The entries in words. What they name is looked up once for each table."""
    entries = list(entries)
    names = names_of(entries, themselves=True)
    return [
        Said(
            entry=entry,
            action=entry.kind.label
            if isinstance(entry, Event)
            else ACTIONS[AuditAction(entry.action)],
            table=table_label(entry.table_name) if entry.table_name else "",
            record=names.get((entry.table_name or "", entry.record_id or 0), ""),
            acts=[act for act in _acts(entry, names) if act],
            reason=getattr(entry, "reason", None) or "",
            folded=isinstance(entry, AuditEntry) and entry.action != AuditAction.CHANGED,
        )
        for entry in entries
    ]


def table_labels() -> dict[str, str]:
    """The labels of the tables whose rows the trail names, by table."""
    return {name: table_label(name) for name in AUDITED | _OF_EVENTS}


def _action(entry: AuditEntry | Event) -> str:
    return entry.kind.label if isinstance(entry, Event) else ACTIONS[AuditAction(entry.action)]


def _acts(entry: AuditEntry | Event, names: Mapping[tuple[str, int], str]) -> Iterable[Markup]:
    if isinstance(entry, Event):
        yield escape(entry.about)
        if entry.address:
            yield Markup("网络地址 {}").format(entry.address)
        return
    model = model_of(entry.table_name)
    for name, values in json.loads(entry.changes).items():
        column = None if model is None else column_of(model, name)
        old: Markup | None
        new: Markup | None
        if name in SECRET:
            old, new = UNSAID, UNSAID
        elif column is None:  # the trail outlives the columns
            old, new = (None if value in (None, "") else escape(value) for value in values)
        else:
            old, new = (told(column, value, names) for value in values)
        if old is not None or new is not None:
            gone = _GONE.get((entry.table_name, name), name)
            label = gone if column is None else words_of(column).label
            yield sentence(AuditAction(entry.action), label, old, new)
