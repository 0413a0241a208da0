"""What 听证材料 shows of one line, as plain frozen values; figures are in words with their unit."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.papers.common.form import FormHead


@dataclass(frozen=True, slots=True)
class Values:
    """A row of values that stand side by side: what they are of, and one in each column."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file by kind, name, day of filing and sha256."""

    kind: str
    name: str
    on: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Behind:
    """A fact of the line with the records that made it, why it counts no other value, and the files
    that prove it."""

    label: str
    value: str
    records: tuple[str, ...]
    reason: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Ruled:
    """A correction or refusal of a fact: by whom, on which day, from what to what, why."""

    label: str
    by: str
    on: str
    what: str
    reason: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Hearing:
    """听证材料 of one objection. `rules`: the title of the rulebook and what it is, `status` that
    in a word. `levels` and `stages` head the columns of `by_level` and `by_stage`. `last_year` and
    `peers` are sentences. `claims`: (label, value). `corrected`: what the answer put in place.
    `over`: the day of the answer or withdrawal, "" while it waits."""

    head: FormHead
    number: int
    subject: str
    place: str
    line: str
    rules: str
    status: str
    clause: str
    rule: str
    points: str
    explain: str
    levels: tuple[str, ...]
    by_level: tuple[Values, ...]
    stages: tuple[str, ...]
    by_stage: tuple[Values, ...]
    last_year: str
    peers: str
    facts: tuple[Behind, ...]
    rulings: tuple[Ruled, ...]
    filed_on: str
    words: str
    claims: tuple[tuple[str, str], ...]
    files: tuple[File, ...]
    state: str
    over: str
    reason: str
    corrected: tuple[tuple[str, str], ...]
    snapshot_sha256: str
