"""What was done of the tasks, as the latest snapshot of their years has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from tracker.core.quantities.printed import rounded_share
from tracker.core.quantities.shown import figure
from tracker.records.determinations.models import RulingLevel
from tracker.records.pairings.models import Pairing
from tracker.records.places.subjects import subject_of
from tracker.records.targets.models import Target
from tracker.web.kit import looks
from tracker.year.assessments.queries import latest_snapshot
from tracker.year.assessments.scored import scored
from tracker.year.measures.fields import of_record, of_record_bare

NOT_SCORED = Markup('<span class="none">尚未计分</span>')


def find_done(targets: Sequence[Target]) -> None:
    """What was done of `targets` by the latest snapshot of their years; see `done_of`."""
    reported = {year: _reported_in(year) for year in {target.year for target in targets}}
    for target in targets:
        held: Any = target
        code = _code_of(target)
        known = reported[target.year]
        held.scored = known is not None
        held.done = (known or {}).get((code, target.measure)) if code else None


def done_of(target: Target) -> Decimal | None:
    """What the latest snapshot has of the target's measure, in its unit; None without any."""
    if not hasattr(target, "done"):
        find_done([target])
    return getattr(target, "done", None)


def why_unknown(target: Target) -> Markup:
    """What stands where nothing says what was done: that its year is not scored, else nothing."""
    done_of(target)
    return looks.NOTHING if getattr(target, "scored", False) else NOT_SCORED


def done_words(done: Decimal | None, target: Target) -> Markup | str:
    """What was done, with its unit."""
    return why_unknown(target) if done is None else of_record(done, target)


def done_bare(done: Decimal | None, target: Target) -> Markup | str:
    """What was done, for a column beside that of units."""
    return why_unknown(target) if done is None else of_record_bare(done, target)


def is_scored(year: int) -> bool:
    """Whether anything says what was done of the tasks of `year` here."""
    return latest_snapshot(year) is not None


def _reported_in(year: int) -> Mapping[tuple[str, str], Decimal] | None:
    snapshot = latest_snapshot(year)
    return _reported(snapshot.sha256, snapshot.content) if snapshot else None


@lru_cache(maxsize=4)
def _reported(sha256: str, content: bytes) -> Mapping[tuple[str, str], Decimal]:
    sheets = scored(sha256, content).document["sheets"].values()
    return {
        (subject["code"], name): Decimal(value)
        for sheet in sheets
        for subject in sheet["facts"][RulingLevel.COUNTY.value]["subjects"]
        for name, value in subject["measures"].items()
    }


def _code_of(target: Target) -> str | None:
    subject: Any = subject_of(target)
    if isinstance(subject, Pairing):
        sides = (subject.supporter.code, subject.recipient.code, subject.scheme.value)
        return "-".join(str(side) for side in sides)
    return subject.code


def share_of(target: Target) -> Decimal | None:
    """How much of the task is done, in per cent; None where nothing says."""
    done = done_of(target)
    if done is None or not target.value:
        return None
    return rounded_share(done / target.value)


def share_words(share: Decimal | None, target: Target) -> Markup | str:
    """A share of `share_of` in words."""
    return why_unknown(target) if share is None else figure(share, "%")


def bare_share(share: Decimal | None, target: Target) -> Markup | str:
    """A share of `share_of` for a column of per cent."""
    return why_unknown(target) if share is None else f"{share:,.1f}"
