"""Names of measures, reserved words and the subjects that can be scored."""

from __future__ import annotations

import re

SUBJECTS = {
    "county.recipient": "受援县",
    "county.supporter": "支援县",
    "enclave.industrial": "产业飞地",
    "enclave.innovation": "科创飞地",
    "enclave.income": "消薄飞地",
    "enclave.development": "发展飞地",
    "village.demonstration": "乡村振兴示范点",
    "park.industrial": "工业类产业园",
    "park.tourism": "生态旅游文化类产业园",
    "city": "设区市",
    "pair": "结对",
}

# The groups of a subject's sheets whose mean total has a name of its own: score.SUBJECT.PART.
PARTS = {"enclave.development": {"inbound": "域内", "outbound": "域外"}}

POOLED = ("mean", "best", "sum")
WORDS = ("and", "or", "not", "min", "max", "abs", "count", "if")
RESERVED = frozenset((*POOLED, "line", "share", "base", "total", *WORDS))

_MEASURE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")
_YEARLY = ("target.", "prior.", "baseline.")


def is_measure(name: str) -> bool:
    """Tell whether `name` may be the name of a measure."""
    return _MEASURE.fullmatch(name) is not None and name.partition(".")[0] not in RESERVED


def measure_of(name: str) -> str | None:
    """Return the measure that a name in an expression reads (X for mean.X), None if it reads none.

    line.CODE, share.CODE, base and total read no measure.
    """
    first, _, rest = name.partition(".")
    if first in POOLED:
        return rest
    return None if first in RESERVED else name


def current_measure(name: str) -> str:
    """Strip target., prior. and baseline.: the measure whose target or earlier value is read."""
    while name.startswith(_YEARLY):
        name = name.partition(".")[2]
    return name


def whole_of(subject: str) -> str:
    """The subject that a name after score. means: SUBJECT of SUBJECT.PART, else the name itself."""
    whole, _, part = subject.rpartition(".")
    return whole if part in PARTS.get(whole, ()) else subject


def score_label(name: str) -> str:
    """What the mean of lower sheets `score.SUBJECT` or `score.SUBJECT.PART` is called."""
    subject = name.removeprefix("score.")
    whole = whole_of(subject)
    part = PARTS[whole][subject.rpartition(".")[2]] if whole != subject else ""
    return f"{part}{SUBJECTS.get(whole, '产业园')}得分均值"


def quoted(value: object, length: int = 40) -> str:
    """Quote a value from a file for a message: one line, printable, at most `length` characters."""
    if isinstance(value, dict | list):
        # Writing out what is nested deeply could run out of stack.
        return "「{…}」" if isinstance(value, dict) else "「[…]」"
    whole = str(value).lower() if isinstance(value, bool) else str(value)
    clean = "".join(char if char.isprintable() else "�" for char in whole[:length])
    return f"「{clean}{'…' if len(whole) > length else ''}」"
