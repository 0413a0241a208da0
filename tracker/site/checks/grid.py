"""What the quarter's grid asks for and nobody has filled in."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.records.quarters.queries import due
from tracker.records.submissions.checking import Asked, Fault
from tracker.records.submissions.models import QUARTERS


def cells_missing(asked: Asked) -> Iterator[Fault]:
    """The rows of the grid with cells that are due and say nothing, of a county's quarter."""
    if asked.filing.kind not in QUARTERS or asked.enclave is not None or not asked.place.code:
        return
    (quarter,) = asked.quarters
    sheet = due(asked.place, asked.year, quarter)
    page = {"code": asked.place.code, "year": asked.year, "quarter": quarter}
    for section in sheet.sections:
        for row in section.rows:
            if missing := [cell.field.label for cell in row.cells if cell.is_missing]:
                said = f"{section.kind.title}还没有填{'、'.join(missing)}"
                yield Fault(row.name, said, "quarters.page", page)
