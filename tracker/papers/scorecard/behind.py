"""What stands behind a card's facts: projects, ledger, lower cards, corrections and evidence.

All of it from the snapshot. A snapshot of an earlier layout did not freeze some of it: then None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from tracker.core.quantities.figure import Figure, wan_yuan
from tracker.papers.scorecard.card import EvidenceRow, LedgerRow, MemberRow, ProjectRow, RulingRow
from tracker.papers.scorecard.corrections import is_overruled
from tracker.papers.scorecard.facts import in_unit
from tracker.records.accounts.owners import of_city
from tracker.records.determinations.models import Ruling, RulingLevel
from tracker.records.evidence.models import FileState
from tracker.records.ledger.models import EntryKind
from tracker.year.assessments.proofs import files_of
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot

# The facts that count large projects, each on the sheets of its own sort of subject.
COUNT_LARGE = ("projects.large", "support.projects_large", "introduced.large")
NOT_LOOKED_AT = "不是这项事实统计的项目"

_BY = {
    RulingLevel.COUNTY: "县级自评",
    RulingLevel.CITY: "市级初审",
    RulingLevel.PROVINCE: "省级复核",
}


def _by(ruling: Mapping[str, Any], snapshot: ScoredSnapshot) -> str:
    """At which level somebody ruled, in the words of whose assessment it is."""
    words = _BY[RulingLevel(ruling["level"])]
    return words if snapshot.owner is None else of_city(words)


def behind(snapshot: ScoredSnapshot, sheet: ScoredSheet, code: str) -> dict[str, Any]:
    """The fields of a `Card` that show what its facts rest on, by their names."""
    annex = snapshot.document.get("annex", {})
    members = members_of(snapshot, sheet, code)
    found: dict[str, Any] = {"members": tuple(_member(lower, own) for lower, own in members)}
    subject = sheet.rulebook.subject
    if "holdings" in annex:
        own = annex["holdings"]["of"].get(subject, {}).get(code, {})
        frozen = annex["holdings"]["projects"]
        measure, why = _uncounted_large(snapshot, sheet, code)
        rows = [_project(frozen[ref], why(ref)) for ref in own.get("projects", ())]
        rows.sort(key=lambda row: (bool(row.uncounted), -row.total.value, row.name))
        found |= {"projects": tuple(rows), "projects_measure": measure}
        found["ledger"] = _ledger(own.get("ledger", {}))
    rulings = annex.get("rulings", {}).get(subject, {}).get(code, ())
    if "rulings" in annex:
        found["rulings"] = tuple(
            _ruling(ruling, snapshot, overruled=is_overruled(ruling, sheet, code))
            for ruling in rulings
        )
    if "proofs" in annex:
        found["evidence"] = _evidence(snapshot, sheet, code, rulings)
    return found


def _uncounted_large(
    snapshot: ScoredSnapshot, sheet: ScoredSheet, code: str
) -> tuple[str, Callable[[str], str]]:
    """What the fact is called that counts large projects, and why one of those is not counted.

    "" and no reasons where no line reads one, or the snapshot does not tell what was counted: the
    list is then of those that any fact of the year rests on.
    """
    name = next((each for each in COUNT_LARGE if each in sheet.rulebook.measures), None)
    if name is None or "uncounted" not in sheet.frozen:
        return "", lambda reference: ""
    counted, uncounted = set(sheet.records(code, name)), sheet.uncounted(code, name)
    label = snapshot.document["measures"][name]["label"]

    def why(reference: str) -> str:
        return "" if reference in counted else uncounted.get(reference, NOT_LOOKED_AT)

    return label, why


def _project(frozen: Mapping[str, Any], uncounted: str) -> ProjectRow:
    def of_year(name: str) -> Figure | None:
        found = frozen[name]
        return wan_yuan(found["amount"], found["precision"]) if found else None

    return ProjectRow(
        name=frozen["name"],
        stage=frozen["stage"],
        total=wan_yuan(frozen["total"]),
        in_place=of_year("in_place"),
        completed=of_year("completed"),
        uncounted=uncounted,
    )


def _ledger(sums: Mapping[str, Any]) -> tuple[LedgerRow, ...]:
    return tuple(
        LedgerRow(
            kind=kind.label,
            amount=wan_yuan(of["amount"], of["precision"]),
            entries=int(of["entries"]),
        )
        for kind in EntryKind
        if (of := sums.get(kind.value))
    )


def members_of(
    snapshot: ScoredSnapshot, sheet: ScoredSheet, code: str
) -> Iterator[tuple[ScoredSheet, str]]:
    """The lower sheets whose points the subject's sheet takes, each with the subject's code
    there."""
    sheets = {lower.rulebook.subject: lower for lower in snapshot.sheets.values()}
    for kind, codes in sheet.frozen["members"].get(code, {}).items():
        for lower_code in codes:
            if sheet.takes(kind, sheets[kind].frozen["subjects"][lower_code].get("part", "")):
                yield sheets[kind], lower_code


def _member(lower: ScoredSheet, code: str) -> MemberRow:
    card = lower.card(code)
    return MemberRow(
        kind=lower.frozen["subjects"][code]["kind"],
        code=code,
        name=card.subject.name,
        total=str(card.total),
        grade=card.grade if card.complete or not card.assessed else "",
        complete=card.complete,
    )


def _ruling(ruling: Mapping[str, Any], snapshot: ScoredSnapshot, *, overruled: bool) -> RulingRow:
    about = snapshot.document["measures"][ruling["measure"]]
    unit = about["unit"]

    def shown(value: str | None) -> Figure | None:
        return None if value is None else in_unit(Fraction(value), unit)

    return RulingRow(
        label=about["label"],
        unit=in_unit(Fraction(0), unit).unit,
        reported=shown(ruling["reported"]),
        value=shown(ruling["value"]),
        ruling=Ruling(ruling["ruling"]).label,
        by=_by(ruling, snapshot),
        on=ruling["on"],
        reason=ruling["reason"],
        stands=ruling["stands"] and not overruled,
    )


def proof_name(file: Mapping[str, str]) -> str:
    """The name of a frozen file, and that it proved nothing where it was not as handed in."""
    state = file.get("state")
    return f"{file['name']}（{FileState(state).label}，不作证明）" if state else file["name"]


PROVEN_SHOWN = 3  # records that a file is said to prove; of more it says how many


def _proves(words: Iterable[str]) -> str:
    """The records that a file proves."""
    told = list(dict.fromkeys(words))
    kept = told if len(told) <= PROVEN_SHOWN + 1 else told[:PROVEN_SHOWN]
    more = f" 等，共 {len(told)} 条记录" if len(kept) < len(told) else ""
    return "；".join(kept) + more


def _evidence(
    snapshot: ScoredSnapshot, sheet: ScoredSheet, code: str, rulings: Any
) -> tuple[EvidenceRow, ...]:
    """Every file behind the subject's facts and the rulings on them, once, by kind and day."""
    proofs = snapshot.document["annex"]["proofs"]
    measures, records = snapshot.document["measures"], snapshot.document["records"]
    proven = {
        reference: records[reference]["text"]
        for measure in sheet.frozen["records"].get(code, {})
        for reference in sheet.provable(code, measure)
    }
    for ruling in rulings:
        label = measures[ruling["measure"]]["label"]
        proven[ruling["reference"]] = f"{_by(ruling, snapshot)}：{label}"
    links: dict[str, list[tuple[Mapping[str, str], str]]] = {
        sha256: [] for sha256 in files_of(proofs, proven)
    }
    for reference, words in proven.items():
        for file in proofs.get(reference, ()):
            links[file["sha256"]].append((file, words))
    rows = [
        EvidenceRow(
            file["kind"], proof_name(file), file["on"], sha256, _proves(w for _, w in of_file)
        )
        for sha256, of_file in links.items()
        for file, _ in [min(of_file, key=lambda link: (link[0]["on"], link[0]["kind"]))]
    ]
    rows.sort(key=lambda row: (row.kind, row.on, row.name, row.proves, row.sha256))
    return tuple(rows)
