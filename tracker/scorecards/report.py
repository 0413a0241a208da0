"""Write the scorecards of a snapshot as PDF files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tracker.assessments.scored import ScoredSnapshot
from tracker.papers.head import file_name
from tracker.scorecards.build import card_of
from tracker.scorecards.pdf import scorecard_pdf


def write_cards(snapshot: ScoredSnapshot, folder: Path) -> Iterator[Path]:
    """Write every scorecard of `snapshot` into a folder a sheet below `folder`; yields the files.

    A file appears whole or not at all. Raises OSError.
    """
    for code, sheet in snapshot.sheets.items():
        of_sheet = folder / code
        of_sheet.mkdir(parents=True, exist_ok=True)
        for scorecard in sheet.result.scorecards:
            card = card_of(snapshot, code, scorecard.subject.code)
            target = of_sheet / file_name(card.head)
            unfinished = target.with_suffix(".part")
            unfinished.write_bytes(scorecard_pdf(card))
            unfinished.replace(target)
            yield target
