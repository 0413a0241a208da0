"""What a file says about itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What the file says about itself. `extra` goes into the document information under keys of
    its own (ASCII letters); `date` is the only date in the file."""

    title: str
    author: str
    subject: str
    date: date
    extra: dict[str, str] = field(default_factory=dict)
