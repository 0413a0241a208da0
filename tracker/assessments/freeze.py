"""Freeze a year: its facts, the records behind them and its rulebooks, in one canonical document.

The document is all that points, pages and papers are made from. Its layout:

    snapshot    1, the layout's version
    year, engine, frozen_at (UTC, ISO)
    set         {text, files}: the set file and the rulebooks by the path that it names
    sheets      {subject of the sheet: {facts, subjects, members, reasons, records}}; facts as a
                facts file has them, members the sheets that a sheet builds on
    measures    {name: {label, unit}} of the measures that the rulebooks read
    records     {reference: {text, precision, origin, source, url}}
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tracker.assessments.rosters import ROSTERS, Roster
from tracker.measures.catalogue import CATALOGUE
from tracker.measures.collect import Fact, collect
from tracker.measures.records import describe
from tracker.rulebooks.shelf import YearSet
from tracker.scoring import ENGINE, Rulebook

LAYOUT = 1
PREFIX_LABELS = {"target": "目标", "prior": "上年", "baseline": "基期"}


def freeze(
    year_set: YearSet, frozen_at: datetime, progress: Callable[[str], None] = lambda step: None
) -> dict[str, Any]:
    """The snapshot document of `year_set.year`, read from the database as it stands."""
    sheets = {}
    references: set[str] = set()
    for rulebook in year_set.rulebooks:
        roster = ROSTERS.get(rulebook.subject)
        if roster is None:
            continue
        progress(f"汇总{roster.label}的事实")
        sheets[rulebook.subject] = sheet = _sheet(rulebook, roster)
        for by_measure in sheet["records"].values():
            references.update(ref for refs in by_measure.values() for ref in refs)
    for subject, sheet in sheets.items():
        sheet["members"] = _members(subject, sheet, sheets)
    return {
        "snapshot": LAYOUT,
        "year": year_set.year,
        "engine": ENGINE,
        "frozen_at": frozen_at.isoformat(timespec="seconds"),
        "set": {"text": year_set.text, "files": dict(year_set.texts)},
        "sheets": sheets,
        "measures": _measures({name for book in year_set.rulebooks for name in book.measures}),
        "records": {ref: text.as_json() for ref, text in describe(references).items()},
    }


def _sheet(rulebook: Rulebook, roster: Roster) -> dict[str, Any]:
    subjects = roster.subjects(rulebook.year)
    ids = [subject.record_id for subject in subjects]
    facts = collect(rulebook.year, roster.measures, rulebook.measures, ids)
    return {
        "facts": {
            "year": rulebook.year,
            "subjects": [
                {
                    "code": subject.code,
                    "name": subject.name,
                    "class": subject.class_name,
                    "measures": _values(facts[subject.record_id]),
                }
                for subject in subjects
            ],
        },
        "subjects": {
            subject.code: {
                "kind": roster.label,
                "place": subject.place,
                "county": subject.county,
                "region_id": subject.region_id,
                "enclave_id": subject.enclave_id,
                "sample": subject.sample,
            }
            for subject in subjects
        },
        "reasons": {
            subject.code: {
                name: fact.reason
                for name, fact in facts[subject.record_id].items()
                if fact.value is None
            }
            for subject in subjects
        },
        "records": {
            subject.code: {
                name: list(fact.records)
                for name, fact in facts[subject.record_id].items()
                if fact.records
            }
            for subject in subjects
        },
    }


def _members(
    subject: str, sheet: dict[str, Any], sheets: dict[str, dict[str, Any]]
) -> dict[str, dict[str, list[str]]]:
    """A county's enclaves (it is their 飞出地), by the county's code and the enclaves' sheet."""
    if not subject.startswith("county."):
        return {}
    members: dict[str, dict[str, list[str]]] = {}
    for kind, lower in sheets.items():
        for code, about in lower["subjects"].items():
            if kind.startswith("enclave.") and about["county"] in sheet["subjects"]:
                members.setdefault(about["county"], {}).setdefault(kind, []).append(code)
    return members


def _values(facts: dict[str, Fact]) -> dict[str, str]:
    return {name: fact.value for name, fact in facts.items() if fact.value is not None}


def _measures(names: set[str]) -> dict[str, dict[str, str]]:
    found = {}
    for name in sorted(names):
        prefix, _, rest = name.partition(".")
        prefixed = prefix in PREFIX_LABELS
        measure = CATALOGUE.measures.get(rest if prefixed else name)
        if measure is not None:
            label = f"{measure.label}（{PREFIX_LABELS[prefix]}）" if prefixed else measure.label
            found[name] = {"label": label, "unit": measure.unit}
    return found
