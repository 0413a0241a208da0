"""What is to be proven and is not: papers of large projects, and what the rulebook asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import or_, select

from tracker.core.db import db
from tracker.records.evidence.models import EvidenceLink
from tracker.records.evidence.queries import is_unsound, proven
from tracker.records.projects.models import Project
from tracker.records.submissions.checking import Asked, Fault
from tracker.site.checks.scope import own_projects, running
from tracker.year.assessments.freeze import evidence_asked
from tracker.year.assessments.rosters import ROSTERS
from tracker.year.measures.collect import collect
from tracker.year.measures.labels import words_of
from tracker.year.rulebooks import shelf

# Words of the kinds of evidence: a contract, and the papers by which one may build.
_CONTRACT = ("合同", "协议")
_PERMIT = ("许可", "立项", "备案", "核准", "批复")


def large_without_papers(asked: Asked) -> Iterator[Fault]:
    """Large projects that were signed without a contract on file, or begun without a permit."""
    statement = (
        select(Project)
        .where(
            own_projects(asked),
            running(asked),
            Project.is_large,
            Project.in_scope.is_not(False),
            or_(Project.signed_on <= asked.last, Project.started_on <= asked.last),
        )
        .order_by(Project.name, Project.id)
    )
    projects = db.session.scalars(statement).all()
    kinds = _kinds_of([project.id for project in projects])
    for project in projects:
        given = kinds.get(project.id, set())
        missing = []
        if project.signed_on is not None and not _has(given, _CONTRACT):
            missing.append("投资合同或协议")
        begun = project.started_on is not None and project.started_on <= asked.last
        if begun and not _has(given, _PERMIT):
            missing.append("施工许可、立项或备案文件")
        if missing:
            said = f"亿元以上项目，没有上传{'、'.join(missing)}"
            yield Fault(project.name, said, "evidence.new", {"project_id": project.id})


def _kinds_of(projects: Collection[int]) -> dict[int, set[str]]:
    """Project (id) → the kinds of the files that prove it."""
    found: dict[int, set[str]] = {}
    statement = select(EvidenceLink.project_id, EvidenceLink.kind).where(
        EvidenceLink.project_id.in_(projects), EvidenceLink.withdrawn_at.is_(None), ~is_unsound()
    )
    for number, kind in db.session.execute(statement):
        assert number is not None, "one of these"
        found.setdefault(number, set()).add(kind)
    return found


def _has(kinds: Collection[str], words: Collection[str]) -> bool:
    return any(word in kind for kind in kinds for word in words)


def asked_by_rulebook(asked: Asked) -> Iterator[Fault]:
    """Figures of the year so far for which the rulebook asks for evidence, and none of whose
    records carries any: in the columns of the reviewers they would count nothing."""
    year = _rulebook_year(asked.year)
    if year is None:
        return
    for subject, kinds_of in _wanted(year, shelf.edition(year)).items():
        record_id = _record_of(asked, subject)
        if record_id is None:
            continue
        facts = collect(asked.year, ROSTERS[subject].measures, kinds_of, [record_id])[record_id]
        for name, fact in sorted(facts.items()):
            # A nought needs no proof, and what is not reported has none.
            if fact.value in (None, "0") or not fact.provable:
                continue
            if proven(fact.provable, kinds_of[name]):
                continue
            label = words_of(name)
            kinds = "、".join(dict.fromkeys(kinds_of[name]))
            said = f"有 {len(fact.provable)} 条记录，都没有上传{kinds}（{year} 年细则）"
            yield Fault(label.label if label else name, said, *_page_of(asked))


def _page_of(asked: Asked) -> tuple[str, dict[str, Any]]:
    if asked.enclave is not None:
        return "enclaves.detail", {"enclave_id": asked.enclave.id}
    return "counties.detail", {"code": asked.place.code}


def _rulebook_year(year: int) -> int | None:
    """The year whose rulebook says what will be asked for: its own, else the latest before."""
    return next((each for each in shelf.years() if each <= year), None)


@lru_cache(maxsize=8)
def _wanted(year: int, _edition: str) -> dict[str, dict[str, list[str]]]:
    """Subject of a sheet → measure → the kinds of evidence that its lines ask for."""
    return {
        rulebook.subject: asked
        for rulebook in shelf.year_set(year).rulebooks
        if rulebook.subject in ROSTERS and (asked := evidence_asked(rulebook))
    }


def _record_of(asked: Asked, subject: str) -> int | None:
    """The record whose measures a sheet of `subject` reads, where the filing is that one's."""
    of = asked.enclave.id if asked.enclave is not None else asked.place.id
    kind = "enclave." if asked.enclave is not None else "county."
    if not subject.startswith(kind):
        return None
    found = (each.record_id for each in ROSTERS[subject].subjects(asked.year))
    return of if of in found else None
