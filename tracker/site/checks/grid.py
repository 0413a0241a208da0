"""What the quarter's grid asks for and nobody has filled in, and what is typed and not posted."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.core.quantities.days import QUARTER_NAMES
from tracker.records.quarters.cells import Row, Sheet
from tracker.records.quarters.drafts import drafts_of
from tracker.records.quarters.queries import due
from tracker.records.submissions.checking import Asked, Fault
from tracker.records.submissions.models import QUARTERS
from tracker.site.checks.scope import to_cell
from tracker.web.kit.kinds import name_of


def cells_missing(asked: Asked) -> Iterator[Fault]:
    """The rows of the grid with cells that are due and say nothing: of a county's quarter but for
    the enclaves that file for themselves, or of such an enclave."""
    if asked.filing.kind not in QUARTERS or not asked.place.code:
        return
    (quarter,) = asked.quarters
    sheet = due(asked.place, asked.year, quarter)
    for section in sheet.sections:
        for row in section.rows:
            missing = [cell for cell in row.cells if cell.is_missing]
            if missing and _is_of(asked, sheet, row):
                names = "、".join(cell.field.label for cell in missing)
                at = to_cell(asked, quarter, missing[0].address)
                said = f"{section.kind.title}还没有填{names}"
                yield Fault(row.name, said, number=len(missing), **at)


def _is_of(asked: Asked, sheet: Sheet, row: Row) -> bool:
    if asked.enclave is not None:
        return row.column == "enclave" and row.subject.id == asked.enclave.id
    return row.column != "enclave" or row.subject.id not in sheet.filings


def cells_drafted(asked: Asked) -> Iterator[Fault]:
    """What is typed and not posted, also into a quarter that has been closed since."""
    for each in drafts_of(asked.filing):
        quarter = QUARTER_NAMES[each.draft.quarter]
        said = f"{quarter}填报表的{each.field.label}有草稿“{each.draft.typed}”，没有登记，不计入"
        yield Fault(name_of(each.subject), said, **to_cell(asked, each.draft.quarter, each.address))
