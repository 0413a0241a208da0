"""The three columns of every fact: 自评, 初审, 复核.

The county reports; city and province rule (`determinations`). A column takes the latest ruling at
its level or below: 复核 is the province's own decision, a value taken over from below says
沿用初审. A ruling that later records contradict stands, marked, until somebody rules anew. A fact
that nobody ruled on is 未核定: the reported value stands for now, but nothing that rests on it can
be made final, and it counts 0 where the rulebook asks for a kind of evidence that is absent. The
engine never sees any of this: it gets values.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tracker.core.quantities.shown import told
from tracker.records.determinations.models import Determination, RulingLevel
from tracker.records.determinations.queries import Standing, rulings_of_year, standing
from tracker.records.evidence.models import FileState
from tracker.records.evidence.queries import proven_kinds, unsound_names
from tracker.year.measures.collect import Fact, Facts
from tracker.year.measures.declare import CATALOGUE, SubjectKind
from tracker.year.measures.numbers import decimal_string

SUBJECT_COLUMNS = {
    SubjectKind.COUNTY: "region_id",
    SubjectKind.CITY: "region_id",
    SubjectKind.ENCLAVE: "enclave_id",
    SubjectKind.PARK: "park_id",
    SubjectKind.PAIR: "pairing_id",
    SubjectKind.VILLAGE: "demonstration_village_id",
}
UNPROVEN = "缺少所要求的佐证材料"
CHANGED = "裁定后记录有变"


@dataclass(frozen=True)
class ColumnFact:
    """A fact in one column: the value that counts (decimal string, None if not reported), whether
    a ruling is still wanted, and in Chinese why the value differs from the reported one. `by`: the
    level that decided, None for nobody; `changed`: the records say something else since."""

    value: str | None
    undetermined: bool
    reason: str = ""
    by: RulingLevel | None = None
    changed: bool = False


Columns = dict[RulingLevel, dict[int, dict[str, ColumnFact]]]


def columns(
    year: int,
    subject: SubjectKind,
    facts: Facts,
    evidence: Mapping[str, Collection[str]] | None = None,
    owner: int | None = None,
    rulings: Mapping[tuple[int, str], Sequence[Determination]] | None = None,
) -> Columns:
    """The three columns of `facts` (see `collect`), by level, subject id and measure name.

    `evidence`: measure name → the kinds of evidence that the rulebook asks for; `owner`: in whose
    assessment; `rulings`: those of the year, where they have been read. The number of statements
    does not depend on the number of facts.
    """
    if rulings is None:
        rulings = rulings_of_year(year, SUBJECT_COLUMNS[subject], facts, owner)
    bare = _unproven(facts, evidence or {})
    return {
        level: {
            subject_id: {
                name: _column_fact(
                    level,
                    fact,
                    rulings.get((subject_id, name), ()),
                    bare.get((subject_id, name)),
                    _unit(name),
                )
                for name, fact in of_subject.items()
            }
            for subject_id, of_subject in facts.items()
        }
        for level in RulingLevel
    }


def _unit(name: str) -> str:
    measure = CATALOGUE.measures.get(name)
    return measure.unit if measure else ""


def _column_fact(
    level: RulingLevel,
    fact: Fact,
    rulings: Sequence[Determination],
    unproven: str | None,
    unit: str = "",
) -> ColumnFact:
    # Most facts were not ruled on.
    stands = standing(level, fact.number, rulings) if rulings else None
    if stands is not None and stands.ruling is not None:
        value = None if stands.value is None else decimal_string(stands.value)
        return ColumnFact(
            value,
            undetermined=False,
            reason=_ruled(level, fact, stands, unit),
            by=stands.ruling.level,
            changed=stands.changed,
        )
    if level is RulingLevel.COUNTY:
        # What a county reports is its own word; it needs no ruling.
        return ColumnFact(fact.value, undetermined=False, reason=fact.reason)
    if unproven and fact.value is not None:
        return ColumnFact("0", undetermined=True, reason=unproven)
    return ColumnFact(fact.value, undetermined=True, reason=fact.reason)


def _ruled(column: RulingLevel, fact: Fact, stands: Standing, unit: str) -> str:
    """Who decided and why, where the decision says so, and what the records say since."""
    ruling = stands.ruling
    assert ruling is not None
    by = ruling.level.label if ruling.level is column else f"沿用{ruling.level.label}"
    said = f"{by}{ruling.ruling.label}：{ruling.reason}" if ruling.reason else ""
    if not stands.changed:
        return said
    now = "现无上报值"
    if fact.number is not None:
        now = f"现上报 {told(fact.number, unit)}"
    marked = f"{CHANGED}（{now}），仍按{by}{ruling.ruling.label}计，须重新核定"
    return f"{said}。{marked}" if said else marked


def _unproven(facts: Facts, evidence: Mapping[str, Collection[str]]) -> dict[tuple[int, str], str]:
    """The facts for which evidence is asked and none of whose records carries any, with why."""
    found: dict[tuple[int, str], str] = {}
    unsound = unsound_names() if evidence else {}
    asked = {
        (subject_id, name): of_subject[name].provable
        for name in evidence
        for subject_id, of_subject in facts.items()
        if name in of_subject
    }
    carried = proven_kinds(ref for refs in asked.values() for ref in refs)
    for place, refs in asked.items():
        kinds = evidence[place[1]]
        if not any(not carried[ref].isdisjoint(kinds) for ref in refs if ref in carried):
            found[place] = _why(refs, kinds, unsound)
    return found


def _why(
    references: Collection[str],
    kinds: Collection[str],
    unsound: Mapping[str, list[tuple[str, str, FileState]]],
) -> str:
    """That proof is lacking, and which files would be it if they were still what was handed in."""
    named = [
        f"“{name}”{state.label}"
        for reference in references
        for kind, name, state in unsound.get(reference, ())
        if kind in kinds
    ]
    return f"{UNPROVEN}：{'、'.join(named)}，不能作为证明" if named else UNPROVEN
