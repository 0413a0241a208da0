"""What the audit trail holds, as people read it: values by the dictionary's own words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from tracker.db.audit import SECRET, AuditAction, AuditEntry
from tracker.tables import AUDITED
from tracker.web.kit.told import model_of, names_of, sentence, told
from tracker.web.kit.words import column_of, table_label, words_of

UNSAID = Markup("不显示")


@dataclass(frozen=True)
class Said:
    """An entry with the words for it. `record` is the record's name, "" where it has none; `acts`
    are parts of a sentence, one for each figure."""

    entry: AuditEntry
    table: str
    record: str
    acts: list[Markup]


def say(entries: Iterable[AuditEntry]) -> list[Said]:
    """The entries in words. What they name is looked up once for each table."""
    entries = list(entries)
    names = names_of(entries, themselves=True)
    return [
        Said(
            entry=entry,
            table=table_label(entry.table_name),
            record=names.get((entry.table_name, entry.record_id), ""),
            acts=[act for act in _acts(entry, names) if act],
        )
        for entry in entries
    ]


def table_labels() -> dict[str, str]:
    """The labels of the tables whose changes leave a trail, by table."""
    return {name: table_label(name) for name in AUDITED}


def _acts(entry: AuditEntry, names: Mapping[tuple[str, int], str]) -> Iterable[Markup]:
    model = model_of(entry.table_name)
    for name, values in json.loads(entry.changes).items():
        column = None if model is None else column_of(model, name)
        if name in SECRET:
            old, new = UNSAID, UNSAID
        elif column is None:  # the trail outlives the columns
            old, new = (None if value in (None, "") else escape(value) for value in values)
        else:
            old, new = (told(column, value, names) for value in values)
        if old is not None or new is not None:
            label = name if column is None else words_of(column).label
            yield sentence(AuditAction(entry.action), label, old, new)
