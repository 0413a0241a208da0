"""What a supervision order shows on paper, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.papers.common.form import FormHead


@dataclass(frozen=True, slots=True)
class Said:
    """One act on an order: what, by whom, on which day, in which words."""

    act: str
    by: str
    on: date
    words: str = ""


@dataclass(frozen=True, slots=True)
class OrderForm:
    """督办单. `state`: how it stands today, with its light; `events`: the earliest first."""

    head: FormHead
    number: int
    name: str
    about: str
    issuer: str
    helper: str
    demand: str
    due_on: date
    proof: str
    state: str
    rule: str
    events: tuple[Said, ...]
