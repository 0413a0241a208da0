"""Acts on the quarter's grid: what is typed is kept cell by cell, as a draft that counts nowhere;
posting makes records of all of it. The acting user is given; nothing commits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tracker.core.db import db
from tracker.core.db.records import now
from tracker.core.quantities.days import QUARTER_NAMES
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.quarters.cells import Cell, Row, Section, Sheet, written
from tracker.records.quarters.drafts import drafts_of
from tracker.records.quarters.fields import Field, Sort
from tracker.records.quarters.models import QuarterCell
from tracker.records.quarters.reading import BlockError, Typed, cells_of, kept, laid, read
from tracker.records.quarters.undoing import Change, Stood, is_as_left, opened
from tracker.records.submissions import service as submissions
from tracker.records.submissions.models import QUARTERS, Filing, FilingAct
from tracker.records.submissions.steps import STEPS


class NotTheirsError(ToldError):
    """The grid is another place's to fill in, or in a state in which nobody fills it in."""

    status = 409


@dataclass(frozen=True)
class Refused:
    """Why what was typed into a cell was not kept. `theirs`: what somebody else has there, whose
    text that is, and its version; None where the reason is another."""

    address: str
    text: str
    words: str
    theirs: QuarterCell | None = None


@dataclass(frozen=True)
class Done:
    """What an act did: the grid after it, which cells it changed and what stood there, which of
    those typed it refused, what is to be said of it, and which cells were left as they were since
    what was typed says in other words what is registered (`same`)."""

    sheet: Sheet
    changed: Sequence[str] = ()
    refused: Sequence[Refused] = ()
    words: str = ""
    changes: Sequence[Change] = ()
    same: Sequence[str] = ()


def why_not(user: User, sheet: Sheet) -> str:
    """Why `user` fills in nothing of `sheet`; "" where they may."""
    return sheet.blocked if user.region_id == sheet.region.id else _foreign(sheet)


def _foreign(sheet: Sheet) -> str:
    return f"这张表由{sheet.region.name}的工作人员填写，您只能查看。"


@dataclass(frozen=True)
class Typing:
    """Who types, whether flows are typed as sums of the year so far (`cumulative`), and from which
    `address` of the network."""

    user: User
    cumulative: bool = False
    address: str | None = None


def save(by: Typing, sheet: Sheet, typed: Iterable[Typed]) -> Done:
    """Keep what was typed, each cell by itself: also what cannot be read, whose fault the cell then
    tells. Never over what somebody else typed since: that is refused with theirs. What was not
    begun, or was returned, is being filled in from its first cell on. Raises NotTheirsError."""
    user, cumulative = by.user, by.cumulative
    _need_own(user, sheet)
    changed: dict[str, QuarterCell] = {}
    changes: list[Change] = []
    refused: list[Refused] = []
    same: list[str] = []
    typed = list(typed)
    at = frozenset(each.address for each in typed)
    for each in typed:
        text = kept(each.text)
        cell = sheet.cells.get(each.address)
        if cell is None:
            refused.append(Refused(each.address, text, "表中没有这一格，可能刚刚有变动，请刷新。"))
        elif text == cell.text(cumulative=cumulative):
            continue
        elif cell.blocked:
            refused.append(Refused(each.address, text, cell.blocked))
        elif each.version != cell.version:
            refused.append(_conflict(cell, text))
        elif cell.field.sort is Sort.COUNT and cell.known is not None:
            words = "这一项由逐条记录合计，请在交流记录中登记或修改。"
            refused.append(Refused(each.address, text, words))
        else:
            if _says_nothing_new(sheet, cell, text, cumulative, at):
                if not cell.is_draft:
                    same.append(each.address)
                    continue
                text = ""  # what is registered stands, and no draft beside it
            before = Stood.of(cell.draft)
            draft = changed[each.address] = _keep(user, sheet, cell, text, cumulative)
            changes.append(Change(each.address, before, Stood.of(draft)))
    _begin(by, [sheet.filing_of(sheet.cells[address]) for address in changed])
    db.session.flush()
    after = sheet.after(changed)
    return Done(after, list(changed), refused, changes=changes, same=same)


def _says_nothing_new(
    sheet: Sheet, cell: Cell, text: str, cumulative: bool, at: Collection[str]
) -> bool:
    """Whether `text` is what is registered in `cell`. A day may be that of one more payment on it
    while its sum is typed too, at one of the addresses `at` or before."""
    if not cell.says_what_is_known(text, cumulative=cumulative):
        return False
    if cell.field.sort is not Sort.DAY:
        return True
    money = f"{cell.column}-{cell.subject.id}.{Sort.MONEY.value}.{cell.field.name}"
    return money not in at and not sheet.cells[money].is_draft


def _begin(by: Typing, filings: Iterable[Filing | None]) -> None:
    """Events make the state: who types into a grid that nobody began has begun it."""
    for filing in dict.fromkeys(filings):
        if filing is None or filing.state not in STEPS[FilingAct.STARTED].of:
            continue
        if not submissions.why_not(by.user, filing, FilingAct.STARTED):
            submissions.act(by.user, filing, FilingAct.STARTED, address=by.address)


def paste(by: Typing, sheet: Sheet, address: str, block: str) -> Done:
    """Lay a block from a spreadsheet onto the grid, its first cell onto `address`: all of it fits,
    or nothing is taken; then each cell as if it was typed. Empty cells leave what is there. Raises
    BlockError, NotTheirsError."""
    _need_own(by.user, sheet)
    section, row, column = _place_of(sheet, address)
    found = laid(cells_of(block), row, column, len(section.rows), len(section.fields))
    typed = []
    for (down, right), text in sorted(found.items()):
        cell = section.shown(section.rows[down])[right]
        typed.append(Typed(cell.address, text, cell.version))
    done = save(by, sheet, typed)
    same = len(typed) - len(done.changed) - len(done.refused)
    words = f"已填入 {len(done.changed)} 格" + (f"，{same} 格与原来相同" if same else "")
    if done.refused:
        words += f"，{len(done.refused)} 格没有填入"
    return replace(done, words=f"{words}。")


def fill(by: Typing, sheet: Sheet, address: str) -> Done:
    """What stands in a cell into the empty cells below it. Raises NotTheirsError, BlockError."""
    _need_own(by.user, sheet)
    cumulative = by.cumulative
    section, row, column = _place_of(sheet, address)
    text = section.shown(section.rows[row])[column].text(cumulative=cumulative)
    if not text:
        raise BlockError("这一格是空的，没有可以向下填的内容。")
    below = [section.shown(each)[column] for each in section.rows[row + 1 :]]
    empty = [cell for cell in below if not cell.text(cumulative=cumulative) and not cell.blocked]
    typed = [Typed(cell.address, text, cell.version) for cell in empty]
    done = save(by, sheet, typed)
    return replace(done, words=f"已向下填入 {len(done.changed)} 格。")


def unchanged(by: Typing, sheet: Sheet, row: str = "") -> Done:
    """本季无变化, of one row or of all: what is asked for and empty becomes 0 where quarters add up
    and nothing flowed, and last quarter's figure of what stands. What flows at all times (产值) and
    what never was reported is nobody's to guess: it stays empty. Raises NotTheirsError."""
    _need_own(by.user, sheet)
    typed, left = [], 0
    for section in sheet.sections:
        for each in section.rows:
            if row in ("", each.key) and not each.blocked:
                for cell in each.cells:
                    if not cell.is_missing:
                        continue
                    text = _as_before(cell)
                    left += not text
                    if text:
                        typed.append(Typed(cell.address, text, cell.version))
    done = save(replace(by, cumulative=False), sheet, typed)
    words = f"已填入 {len(done.changed)} 格（没有发生的填 0，存量照上季）"
    more = f"；另有 {left} 格须按实际填写（产值等每季都有，或上季未报）" if left else ""
    return replace(done, words=f"{words}{more}。")


def undo(by: Typing, sheet: Sheet, sealed: str) -> Done:
    """Lay back what stood in the cells before the act of `by` that `sealed` is of, the posted ones
    as posted; what somebody touched since stays. Raises NotTheirsError, BlockError."""
    _need_own(by.user, sheet)
    changed: dict[str, QuarterCell] = {}
    changes = opened(by.user.id, sheet, sealed)
    for each in changes:
        cell = sheet.cells.get(each.address)
        if cell is None or not is_as_left(cell, each, by.user.id):
            continue
        draft = _keep(by.user, sheet, cell, each.before.typed, each.before.cumulative)
        draft.posted_at = each.before.posting
        changed[each.address] = draft
    db.session.flush()
    words = f"已撤销，{len(changed)} 格恢复原来的内容"
    if left := len(changes) - len(changed):
        words += f"；{left} 格后来又有变动，没有恢复"
    return Done(sheet.after(changed), list(changed), words=f"{words}。")


def discard(user: User, sheet: Sheet) -> int:
    """Empty the drafts that nobody can post any more, since their cells are closed; how many these
    were. Raises NotTheirsError for those whose grid it is not."""
    if user.region_id != sheet.region.id:
        raise NotTheirsError(_foreign(sheet))
    for cell in sheet.left:
        assert cell.left is not None, "asked for"
        cell.left.typed, cell.left.value, cell.left.day = "", None, None
        cell.left.version += 1
        cell.left.edited_at, cell.left.edited_by = now(), user
    db.session.flush()
    return len(sheet.left)


@submissions.stands_against
def _of_drafts(filing: Filing, act: FilingAct) -> str:
    """What is approved and filed has no cell left that is typed and not posted."""
    if act not in (FilingAct.APPROVED, FilingAct.SUBMITTED) or not (left := drafts_of(filing)):
        return ""
    quarters = dict.fromkeys(QUARTER_NAMES[each.draft.quarter] for each in left)
    where = "" if filing.kind in QUARTERS else f"（{'、'.join(quarters)}）"
    return f"填报表{where}里还有 {len(left)} 格草稿没有登记，请先登记或清空。"


def _as_before(cell: Cell) -> str:
    if cell.field.sort in (Sort.MONEY, Sort.COUNT):
        return "0"
    if cell.field.flow or cell.last is None:
        return ""
    return written(cell.field, cell.last.value)


def _keep(user: User, sheet: Sheet, cell: Cell, text: str, cumulative: bool) -> QuarterCell:
    draft = cell.draft
    if draft is None:
        draft = QuarterCell(
            region_id=sheet.region.id,
            year=sheet.year,
            quarter=sheet.quarter,
            field=cell.field.key,
            version=0,
        )
        setattr(draft, f"{cell.column}_id", cell.subject.id)
        db.session.add(draft)
    value = _value_of(cell.field, text)
    draft.typed, draft.cumulative = text, cumulative and cell.field.flow
    draft.value = value if isinstance(value, Decimal) else None
    draft.day = value if isinstance(value, date) else None
    draft.version += 1
    draft.edited_at, draft.edited_by = now(), user
    draft.posted_at = None
    return draft


def _value_of(field: Field, text: str) -> Decimal | date | None:
    try:
        return read(field, text)
    except ValueError:
        return None


def _conflict(cell: Cell, text: str) -> Refused:
    theirs = cell.draft
    if theirs is None:
        return Refused(cell.address, text, "这一格刚刚有变动，请刷新后再填。")
    what = f"填了“{theirs.typed}”" if theirs.typed else "清空了这一格"
    who = theirs.edited_by.display_name
    words = f"您填写时{who}{what}，没有覆盖。再填一次，将以您填写的为准。"
    return Refused(cell.address, text, words, theirs)


def _place_of(sheet: Sheet, address: str) -> tuple[Section, int, int]:
    for section in sheet.sections:
        for down, row in enumerate(section.rows):
            for right, cell in enumerate(section.shown(row)):
                if cell.address == address:
                    return section, down, right
    raise BlockError("请先点一下表中的一格，再从那里粘贴或填充。")


def _need_own(user: User, sheet: Sheet) -> None:
    if said := why_not(user, sheet):
        raise NotTheirsError(said)


def row_of(sheet: Sheet, key: str) -> Row | None:
    """The first row that is called `key`."""
    return next((r for s in sheet.sections for r in s.rows if r.key == key), None)
