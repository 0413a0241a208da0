"""What the pages of rulings share: what a fact rests on with its files, who may rule on it, and the
act itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_login import current_user
from sqlalchemy import or_
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.shown import in_words
from tracker.papers.scorecard.record_links import record_links
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.determinations import service
from tracker.records.determinations.levels import level_of
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.records.evidence.kinds import EVIDENCE
from tracker.records.evidence.models import EvidenceFile, EvidenceLink
from tracker.records.evidence.queries import COLUMNS, by_table, reference_of
from tracker.web.kit import Blocked
from tracker.year.assessments.awaited import FactToRule, SubjectToRule
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored_of
from tracker.year.measures.fields import measured


@dataclass(frozen=True)
class Behind:
    """A record behind a fact: its words, its page if the user may open it, and its files."""

    words: str
    address: str | None
    files: tuple[EvidenceLink, ...]


def behind(snapshot: Snapshot, references: Collection[str], user: User) -> Mapping[str, Behind]:
    """Reference → the record, with the files that prove it today. A statement a kind of record,
    however many there are."""
    frozen: Mapping[str, Any] = scored_of(snapshot).document["records"]
    links, files = record_links(references, user), _files(references)
    return {
        reference: Behind(
            frozen[reference]["text"], links.get(reference), tuple(files.get(reference, ()))
        )
        for reference in references
    }


@dataclass(frozen=True)
class Proof:
    """The files that stand behind one fact, each once, and of the kinds that the rulebook asks for
    (any of which is enough) those that are there and those that are not."""

    files: tuple[EvidenceLink, ...]
    handed_in: tuple[str, ...]
    lacking: tuple[str, ...]

    @property
    def is_missing(self) -> bool:
        """Whether proof is asked for and none of what is asked for is there."""
        return bool(self.lacking) and not self.handed_in


NO_PROOF = Proof((), (), ())


def proof_of(records: Iterable[Behind], asked: Iterable[str]) -> Proof:
    """What proves a fact that rests on `records`, beside the kinds `asked` for."""
    files = {link.file_id: link for each in records for link in each.files}
    kinds = {link.kind for each in records for link in each.files}
    wanted = tuple(dict.fromkeys(asked))
    return Proof(
        tuple(files.values()),
        tuple(kind for kind in wanted if kind in kinds),
        tuple(kind for kind in wanted if kind not in kinds),
    )


def _files(references: Collection[str]) -> dict[str, list[EvidenceLink]]:
    wanted = by_table(references)
    if not wanted or not current_user.may(Permission.EVIDENCE_VIEW):
        return {}
    proves = or_(*(getattr(EvidenceLink, COLUMNS[t]).in_(ids) for t, ids in wanted.items()))
    statement = (
        EVIDENCE.seen_by(current_user)
        .where(proves, EvidenceLink.withdrawn_at.is_(None))
        .options(joinedload(EvidenceLink.file).joinedload(EvidenceFile.check))
    )
    found: dict[str, list[EvidenceLink]] = {}
    for link in db.session.scalars(statement.order_by(EvidenceLink.id)):
        found.setdefault(reference_of(link), []).append(link)
    return found


def not_to_rule(user: User, found: SubjectToRule) -> Blocked | None:
    """Why `user` rules on nothing of a subject."""
    owner = found.card.snapshot.owner_region_id
    level = level_of(user, owner)
    if level is None:
        who = "核定由市级审核人员和省级考核人员作出。"
        return Blocked(who if owner is None else "市考县的核定由该市的审核人员作出。")
    if level is RulingLevel.CITY and found.card.region_id == user.region_id:
        return Blocked("本市自己的指标值由省级核定。")
    if said := service.why_not_ruled(found.card.snapshot.year, level, owner):
        return Blocked(said, 409)
    return None


def level_shown(user: User, year: int, owner: int | None = None) -> RulingLevel:
    """The level whose open facts of `year` `user` is shown in the assessment of `owner`: the own
    one while it rules, for all others the deciding one."""
    own = _own_level(user, owner)
    if own is None or service.why_not_ruled(year, own, owner):
        return RulingLevel.PROVINCE
    return own


def ruling_over(user: User, year: int, owner: int | None = None) -> str:
    """Why `user`, who rules, no longer does so on facts of `year`, and why nobody does for all
    others; "" while they do."""
    return service.why_not_ruled(year, _own_level(user, owner) or RulingLevel.PROVINCE, owner)


def _own_level(user: User, owner: int | None) -> RulingLevel | None:
    return level_of(user, owner) if user.may(Permission.DETERMINATIONS_RULE) else None


def plain(one: FactToRule) -> str:
    """The reported value in words."""
    return one.undone or in_words(measured(one.reported, one.name))


def rule(
    found: SubjectToRule,
    one: FactToRule,
    level: RulingLevel,
    ruling: Ruling,
    value: Any = None,
    reason: str = "",
) -> Determination:
    """Rule on a fact as it was reported. Raises RulingError."""
    return service.rule(
        found.card.snapshot.year,
        one.name,
        {found.column: found.record_id},
        level,
        ruling,
        one.reported,
        current_user,
        value=value,
        reason=reason,
        owner=found.card.snapshot.owner_region_id,
    )


def in_order(references: Sequence[str], found: Mapping[str, Behind]) -> list[Behind]:
    """The records of one fact, the weightiest first."""
    return [found[reference] for reference in references]
