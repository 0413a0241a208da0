"""Freeze a year: its facts, the records behind them and its rulebooks, in one canonical document.

The document is all that points, pages and papers are made from. Its layout:

    snapshot    5, the layout's version; layout 2 had no annex, layout 3 did not say who decided and
                named as records all that were looked at, none as uncounted, layout 4 did not tell
                which of those prove, nor what a measure's nought is called
    year, engine, frozen_at (UTC, ISO)
    column      the highest column that anybody has ruled in: what the cards go by
    set         {text, files}: the set file and the rulebooks by the path that it names
    sheets      {subject of the sheet: {facts, subjects, members, reasons, undetermined, records,
                uncounted, alike, taken_over, changed}}; facts by column as facts files have them,
                members the sheets that a sheet builds on; of subjects the part tells in which mean
                of its kind a sheet counts (layouts up to 3 had none); records {code: {name: [ref]}}
                of those that made the value, the weightiest first, uncounted {code: {name:
                {reference: why}}} of those that were looked at and made nothing of it, alike {code:
                {name: [reference]}} those of them whose files prove it all the same. By subject,
                measures whose 初审 is what was reported, since the city did not rule (from_county,
                which some of layout 4 lack), on which nobody ruled (undetermined), whose 复核 takes
                over what the city ruled (taken_over), and whose ruling was made on another figure
                than the records give now (changed: {measure: the level that ruled}); on all others
                the province itself has ruled
    measures    {name: {label, unit, and nought where 0 stands for something else: 未约定}} of the
                measures that the rulebooks read
    records     {reference: {text, precision, origin, source, url}}
    annex       what cards show and no point rests on: owner {code, name, region_id} of a city's
                (市考县; see `owners`), holdings (see `holdings`), rulings by subject of the sheet
                (see `corrections`), proofs (see `proofs`), enclaves and pairs by code (see
                `enclave_years` and `pair_sums`), province {code, name}, and what features above
                add (see `annexed`), each where there is any of it
    previous    {year, sha256} of last year's latest snapshot; None if there is none, or if either
                was frozen while its year ran
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select

from tracker.core.collecting import uncollected
from tracker.core.db import db
from tracker.engine.scoring import ENGINE, Rulebook
from tracker.engine.scoring.method import Method
from tracker.records.determinations.models import Determination, RulingLevel
from tracker.records.determinations.queries import rulings_of_year
from tracker.records.places.models import Region, RegionLevel
from tracker.year.assessments.enclave_years import enclave_years
from tracker.year.assessments.holdings import holdings
from tracker.year.assessments.pair_sums import pair_sums
from tracker.year.assessments.priors import FinalYear, final_year
from tracker.year.assessments.proofs import proofs
from tracker.year.assessments.queries import highest_column, holds_whole, is_whole, latest_snapshot
from tracker.year.assessments.rosters import ROSTERS, Roster, Subject, subjects_of
from tracker.year.assessments.rulings import corrections
from tracker.year.measures.collect import Facts, collect
from tracker.year.measures.columns import SUBJECT_COLUMNS, ColumnFact, columns
from tracker.year.measures.labels import PREFIX_LABELS, words_of
from tracker.year.measures.records import describe
from tracker.year.rulebooks.shelf import YearSet

_Annex = TypeVar("_Annex", bound=Callable[[int, dict[str, Any], int | None], dict[str, Any]])
LAYOUT = 5
Rulings = Mapping[tuple[int, str], Sequence[Determination]]

# What features above keep in the annex, by its key there.
_annexes: dict[str, Callable[[int, dict[str, Any], int | None], dict[str, Any]]] = {}


def annexed(key: str) -> Callable[[_Annex], _Annex]:
    """Let a feature above keep something in the annex under `key`; asked with the year, the
    document's sheets and whose assessment it is. What is empty is left out, so that documents of
    before say the same."""

    def declared(found: _Annex) -> _Annex:
        _annexes[key] = found
        return found

    return declared


# What a year asks for is given by documents, not proven by the county's evidence.
GIVEN = (*PREFIX_LABELS, "goal")


def freeze(
    year_set: YearSet,
    frozen_at: datetime,
    progress: Callable[[str], None] = lambda step: None,
    owner: int | None = None,
) -> dict[str, Any]:
    """The snapshot document of `year_set.year`, read from the database as it stands; of the places
    in the city `owner` alone where it is a city's."""
    with uncollected():
        return _frozen(year_set, frozen_at, progress, owner)


def _frozen(
    year_set: YearSet,
    frozen_at: datetime,
    progress: Callable[[str], None],
    owner: int | None,
) -> dict[str, Any]:
    sheets = {}
    rulings: dict[str, Any] = {}
    references: set[str] = set()
    others: set[str] = set()
    alike: set[str] = set()
    before = final_year(year_set.year - 1, owner)
    for rulebook in year_set.rulebooks:
        roster = ROSTERS.get(rulebook.subject)
        if roster is None:
            continue
        progress(f"汇总{roster.label}的事实")
        subjects = subjects_of(roster, rulebook.year, owner)
        codes = {subject.record_id: subject.code for subject in subjects}
        facts = collect(rulebook.year, roster.measures, rulebook.measures, codes)
        if before is not None:
            facts = before.standing_for(facts, codes, roster.measures)
        column = SUBJECT_COLUMNS[roster.measures]
        ruled_on = rulings_of_year(rulebook.year, column, facts, owner)
        sheets[rulebook.subject] = sheet = _sheet(rulebook, roster, subjects, facts, ruled_on)
        rulings[rulebook.subject] = corrections(ruled_on, facts, codes)
        for by_measure in sheet["records"].values():
            references.update(ref for refs in by_measure.values() for ref in refs)
        for by_name in facts.values():
            for fact in by_name.values():
                others.update(reference for reference, _ in fact.uncounted)
                alike.update(fact.alike)
    for subject, sheet in sheets.items():
        sheet["members"] = _members(subject, sheets)
    progress("汇总项目、台账与佐证")
    ruled = {r["reference"] for by_code in rulings.values() for of in by_code.values() for r in of}
    return {
        "snapshot": LAYOUT,
        "year": year_set.year,
        "engine": ENGINE,
        "frozen_at": frozen_at.isoformat(timespec="seconds"),
        "column": highest_column(year_set.year, owner).value,
        "set": {"text": year_set.text, "files": dict(year_set.texts)},
        "sheets": sheets,
        "measures": _measures({name for book in year_set.rulebooks for name in book.measures}),
        "records": _records(references | others, before),
        "annex": {
            "holdings": holdings(year_set.year, sheets),
            "rulings": rulings,
            "proofs": proofs(references | alike | ruled),
            "enclaves": enclave_years(year_set.year) if owner is None else {},
            "pairs": pair_sums(year_set.year) if owner is None else {},
            "province": _province(),
            **_owner(owner),
            **{
                key: made
                for key, of in _annexes.items()
                if (made := of(year_set.year, sheets, owner))
            },
        },
        "previous": _previous(year_set.year, frozen_at, owner),
    }


def _owner(owner: int | None) -> dict[str, dict[str, str]]:
    """Of a city's assessment which city; the province's documents say nothing of it."""
    city = db.session.get(Region, owner) if owner is not None else None
    if city is None:
        return {}
    return {"owner": {"code": city.code or "", "name": city.name, "region_id": str(city.id)}}


def _records(references: set[str], before: FinalYear | None) -> dict[str, dict[str, str]]:
    final = {before.reference: before.words} if before else {}
    found = describe(references - final.keys())
    found |= {reference: words for reference, words in final.items() if reference in references}
    return {reference: text.as_json() for reference, text in found.items()}


def _province() -> dict[str, str] | None:
    regions = select(Region.code, Region.name).where(Region.level == RegionLevel.PROVINCE)
    found = db.session.execute(regions.order_by(Region.code)).first()
    return {"code": found.code, "name": found.name} if found else None


def _previous(year: int, frozen_at: datetime, owner: int | None) -> dict[str, Any] | None:
    before = latest_snapshot(year - 1, owner)
    if before is None or not (is_whole(before) and holds_whole(year, frozen_at)):
        return None
    return {"year": before.year, "sha256": before.sha256}


def _sheet(
    rulebook: Rulebook,
    roster: Roster,
    subjects: list[Subject],
    facts: Facts,
    rulings: Rulings,
) -> dict[str, Any]:
    codes = {subject.record_id: subject.code for subject in subjects}
    asked = evidence_asked(rulebook)
    by_column = columns(rulebook.year, roster.measures, facts, asked, rulings=rulings)
    return {
        "facts": {
            level.value: _facts_file(rulebook.year, subjects, by_column[level])
            for level in RulingLevel
        },
        "subjects": {
            subject.code: {
                "kind": roster.label,
                "place": subject.place,
                "belongs_to": list(subject.belongs_to),
                "region_id": subject.region_id,
                "enclave_id": subject.enclave_id,
                "sample": subject.sample,
                "part": subject.part,
            }
            for subject in subjects
        },
        "reasons": {
            level.value: {
                codes[record_id]: {name: f.reason for name, f in of_one.items() if f.reason}
                for record_id, of_one in by_column[level].items()
            }
            for level in RulingLevel
        },
        "undetermined": {
            codes[record_id]: sorted(
                name for name, f in of_one.items() if f.undetermined and not _is_given(name)
            )
            for record_id, of_one in by_column[RulingLevel.PROVINCE].items()
        },
        "taken_over": {
            codes[record_id]: names
            for record_id, of_one in by_column[RulingLevel.PROVINCE].items()
            if (names := sorted(n for n, f in of_one.items() if f.by is RulingLevel.CITY))
        },
        "from_county": {
            codes[record_id]: names
            for record_id, of_one in by_column[RulingLevel.CITY].items()
            if (
                names := sorted(n for n, f in of_one.items() if f.undetermined and not _is_given(n))
            )
        },
        "changed": {
            codes[record_id]: marked
            for record_id, of_one in by_column[RulingLevel.PROVINCE].items()
            if (marked := {n: f.by.value for n, f in sorted(of_one.items()) if f.changed and f.by})
        },
        "records": {
            codes[record_id]: {name: list(f.records) for name, f in of_one.items() if f.records}
            for record_id, of_one in facts.items()
        },
        "uncounted": {
            codes[record_id]: {name: dict(f.uncounted) for name, f in of_one.items() if f.uncounted}
            for record_id, of_one in facts.items()
        },
        "alike": {
            codes[record_id]: {name: list(f.alike) for name, f in of_one.items() if f.alike}
            for record_id, of_one in facts.items()
        },
    }


def _facts_file(
    year: int, subjects: list[Subject], facts: dict[int, dict[str, ColumnFact]]
) -> dict[str, Any]:
    return {
        "year": year,
        "subjects": [
            {
                "code": subject.code,
                "name": subject.name,
                "class": subject.class_name,
                "measures": {
                    name: fact.value
                    for name, fact in facts[subject.record_id].items()
                    if fact.value is not None
                },
            }
            for subject in subjects
        ],
    }


def evidence_asked(rulebook: Rulebook) -> dict[str, list[str]]:
    """Measure → the kinds of evidence that its lines ask for.

    What has to be proven is what a line rewards: the measure that its value, condition or item
    begins with. What it is compared with (the due sum, the list, the task) is given.
    """
    found: dict[str, list[str]] = {}
    for indicator in rulebook.indicators:
        if indicator.evidence:
            for part in indicator.parts:
                for name in _rewarded(part.method):
                    found.setdefault(name, []).extend(indicator.evidence)
    return found


def _is_given(name: str) -> bool:
    return name.partition(".")[0] in GIVEN


def _rewarded(method: Method) -> Iterator[str]:
    expressions = [method.params.get(key) for key in ("value", "when")]
    expressions += [item["value"] for item in method.params.get("items", ())]
    for expression in filter(None, expressions):
        # Where a task decides which of several is rewarded, each of them is.
        names = list(expression.names)
        first = names if names and _is_given(names[0]) else names[:1]
        yield from (n for n in first if not n.startswith("score.") and not _is_given(n))


def _members(subject: str, sheets: dict[str, dict[str, Any]]) -> dict[str, dict[str, list[str]]]:
    """The sheets that each sheet of `subject` builds on: a county's enclaves, parks and villages,
    a city's counties, a pair's two sides."""
    if subject == "pair":
        supporter, recipient = "county.supporter", "county.recipient"
        return {
            code: {
                kind: [side]
                for kind, side in zip((supporter, recipient), about["belongs_to"], strict=True)
                if kind in sheets and side in sheets[kind]["subjects"]
            }
            for code, about in sheets[subject]["subjects"].items()
        }
    below = ("county.",) if subject == "city" else ("enclave.", "park.", "village.")
    if subject != "city" and not subject.startswith("county."):
        return {}
    members: dict[str, dict[str, list[str]]] = {}
    for kind, lower in sheets.items():
        for code, about in lower["subjects"].items():
            for owner in about["belongs_to"]:
                if kind.startswith(below) and owner in sheets[subject]["subjects"]:
                    members.setdefault(owner, {}).setdefault(kind, []).append(code)
    return members


def _measures(names: set[str]) -> dict[str, dict[str, str]]:
    return {
        name: about.as_json() for name in sorted(names) if (about := words_of(name)) is not None
    }
