"""What the form of an application shows, as plain frozen values. Money is 元."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.core.quantities.figure import Figure
from tracker.papers.common.form import FormHead


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one of those who look at an application said, who, and on which day; nothing as long as
    nobody has. `decision` is what was decided in words (立项文号, 验收结果)."""

    title: str
    words: str = ""
    decision: str = ""
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ApplicationForm:
    """项目申报表. `about`: the record that is applied for, `filed`: the day of 申报, `papers`: the
    kinds of its files, each with the day on which it was handed in."""

    head: FormHead
    kind: str
    name: str
    partner: str
    about: str
    filed: date | None
    asked: Figure | None
    granted: Figure | None
    works: str
    benefit: str
    papers: tuple[str, ...]
    opinions: tuple[Opinion, ...]
