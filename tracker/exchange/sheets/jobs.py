"""The work of an import: a workbook is checked, and on confirmation taken, all of it or nothing."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any

from flask import url_for

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.strangers import UnreadableError, read_apart
from tracker.core.told import ToldError
from tracker.exchange.sheets import outcome
from tracker.exchange.sheets.checking import Plan, as_user, planned
from tracker.exchange.sheets.entering import MOST_ROWS, Entering, entering, kind_called
from tracker.exchange.sheets.marking import marked
from tracker.exchange.sheets.quarter import Quarter, checked, entered, quarter_of, saved
from tracker.exchange.sheets.table import (
    MARKING,
    Fault,
    RefusedTableError,
    Table,
    table_of,
)
from tracker.exchange.sheets.template import lines_of, write_template
from tracker.exchange.sheets.writing import rehearsed, written
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.background import queries
from tracker.records.background.declared import work
from tracker.records.background.models import BackgroundJob
from tracker.records.background.running import Run
from tracker.records.places.queries import narrowed_to
from tracker.web.kit.kinds import Kind
from tracker.web.sheets import Form as Kept
from tracker.web.sheets import file_name

CHECK, TAKE, TEMPLATE = "workbook.check", "workbook.take", "workbook.template"
KEPT_DAYS = 90  # of the workbook and what was found of it; the number stays
MOST_MARKED = 5_000
_log = logging.getLogger(__name__)
_OTHERWISE = (
    "核对以后情况有变化（记录被他人修改，或本次文件已经导入），没有导入任何一行。请再上传一次，"
    "看新的核对结果。"
)


class ImportRefusedError(ToldError):
    """A workbook that was sound is no longer so; nothing of it was written."""

    status = 409


def may_import(user: User, key: str, *_more: int | str) -> bool:
    """Whether `user` may enter records of the kind `key`."""
    if (quarter := quarter_of(key)) is not None:
        return user.may(Permission.LEDGER_ENTER) and user.region_id == quarter.place.id
    kind = kind_called(key)
    return kind is not None and kind.edit is not None and user.may(kind.edit)


def may_take(user: User, check_id: int) -> bool:
    """Whether `user` may take the workbook of an import."""
    check = db.session.get(BackgroundJob, check_id)
    return check is not None and check.kind == CHECK and queries.sees(user, check)


@dataclass(frozen=True)
class Making:
    """A template that is made: who enters which records, under which one ("" where all)."""

    of: Entering
    parent: Any

    @property
    def title(self) -> str:
        """What it is called."""
        label = self.of.kind.label
        if self.parent is None:
            return f"{label}导入模板"
        return f"{self.of.kind.under.kind.name(self.parent)}：{label}导入模板"

    def write(self, out: IO[bytes], tell: Callable[[int], None] = lambda done: None) -> int:
        """Write it to `out`, which stays open; how many rows it has."""
        region = self.of.user.region
        lines = lines_of(self.of, self.parent, tell)
        place = region.name if region is not None else ""
        write_template(self.of, lines, title=self.title, place=place, day=today(), out=out)
        return len(lines)


def making(user: User, kind: Kind, under: int | None) -> Making | None:
    """The template of `kind` for `user`, under the record with the number `under`; None where that
    is out of sight. It is made as `as_user`."""
    parent = None
    if kind.parent is not None and under is not None:
        parent = kind.parent.kind.get(user, under)
        if parent is None:
            return None
    return Making(entering(kind, user), parent)


def _asked(form: Mapping[str, str]) -> tuple[tuple[str, int, int], str]:
    kind, under, region = kind_called(form["of"]), int(form["under"]), int(form["region"])
    if kind is None or under < 0 or region < 0:
        raise ValueError(form["of"])
    return (kind.key, under, region), f"{kind.label}导入模板"


@work(TEMPLATE, "导入模板", Permission.WORK_VIEW, sees=may_import, asked=_asked)
def template(run: Run, key: str, under: int, region: int) -> None:
    """The template of a kind with many records; `under`: the number of what they are under,
    `region`: that of the place that lists were narrowed to, 0 for all."""
    kind = kind_called(key)
    assert kind is not None, "who may import it was asked"
    with as_user(run.user), narrowed_to(region or None):
        of = making(run.user, kind, under or None)
        if of is None:
            raise ImportRefusedError("上一级的记录已不在您的范围内，没有生成模板。")
        with run.file(file_name(of.title, today(), Kept.XLSX), Kept.XLSX.content_type) as out:
            of.write(out, lambda done: run.tell("列出记录", done, MOST_ROWS))


@work(
    CHECK,
    "导入核对",
    Permission.WORK_VIEW,
    sees=may_import,
    days=KEPT_DAYS,
    again=False,
    inner=True,
    page=lambda job: _page(job.id),
)
def check(run: Run, key: str, _file_name: str) -> None:
    """Read a workbook and tell what would come of it; nothing is written."""
    data, back = _given(run), None
    with as_user(run.user):
        run.tell("读取文件")
        try:
            quarter = quarter_of(key)
            found = _quarter(run, quarter, data) if quarter else _rows(run, key, data)
        except RefusedTableError as error:
            found = outcome.refused(error.stage, error.faults)
            run.tell("标注文件")
            back = _back(data, error.faults)
            found.unmarked = back is None and any(map(_is_placed, error.faults))
    with run.file(f"{found.said}.zip", "application/zip") as out:
        out.write(outcome.packed(found, back))


@work(
    TAKE,
    "导入",
    Permission.WORK_VIEW,
    sees=may_take,
    days=KEPT_DAYS,
    again=False,
    page=lambda job: _page(int(job.given[0])),
)
def take(run: Run, check_id: int) -> None:
    """Write all rows of the workbook of a check, in one unit."""
    check = db.session.get_one(BackgroundJob, check_id)
    key = str(check.given[0])
    said, _ = outcome.unpacked(b"".join(queries.chunks(check_id)))
    data = b"".join(queries.chunks(check_id, given=True))
    with as_user(run.user):
        run.tell("读取文件")
        try:
            quarter = quarter_of(key)
            write = _writing_quarter(run, quarter, data) if quarter else _writing(run, key, data)
        except RefusedTableError as error:
            raise ImportRefusedError(f"{error.faults[0].words}没有导入任何一行。") from None
        run.tell("写入，全部写完才生效")

        def all_of_it() -> None:
            if write() != (said.created, said.changed):
                raise ImportRefusedError(_OTHERWISE)

        run.finish(all_of_it)


def _writing(run: Run, key: str, data: bytes) -> Callable[[], tuple[int, int]]:
    """What writes the rows, and gives how many were made and changed."""
    of = _of(run, key)
    plan = _plan(run, of, table_of(data, of))
    if plan.faults:
        raise ImportRefusedError(_OTHERWISE)

    def write() -> tuple[int, int]:
        written(of, plan)
        if plan.faults:
            raise ImportRefusedError(_OTHERWISE)
        return len(plan.created), len(plan.changed)

    return write


def _writing_quarter(run: Run, of: Quarter, data: bytes) -> Callable[[], tuple[int, int]]:
    found, _ = entered(data, of)
    user = run.user

    def write() -> tuple[int, int]:
        try:
            return 0, len(saved(user, of, found))
        except RefusedTableError:
            raise ImportRefusedError(_OTHERWISE) from None

    return write


def _rows(run: Run, key: str, data: bytes) -> outcome.Outcome:
    of = _of(run, key)
    plan = _plan(run, of, table_of(data, of))
    run.tell("试登记")
    rehearsed(of, plan)
    if plan.faults:
        raise RefusedTableError("rules", plan.faults)
    return outcome.passed(plan)


def _quarter(run: Run, of: Quarter, data: bytes) -> outcome.Outcome:
    found, same = entered(data, of)
    run.tell("试登记")
    return checked(run.user, of, found, same)


def _of(run: Run, key: str) -> Entering:
    kind = kind_called(key)
    assert kind is not None, "who may import it was asked"
    return entering(kind, run.user)


def _given(run: Run) -> bytes:
    with run.given() as file:
        return file.read()


def _plan(run: Run, of: Entering, table: Table) -> Plan:
    return planned(of, table, lambda done, total: run.tell("核对", done, total))


def _is_placed(fault: Fault) -> bool:
    return bool(fault.sheet and fault.cell)


def _back(data: bytes, faults: list[Fault]) -> bytes | None:
    """The workbook with its faults marked; None for one that cannot be opened."""
    placed = [[f.sheet, f.cell, f.words] for f in faults[:MOST_MARKED] if _is_placed(f)]
    if not placed:
        return None
    try:
        return base64.b64decode(read_apart(marked, data, bounds=MARKING, faults=placed))
    except UnreadableError as error:
        _log.info("a workbook was read and cannot be marked: %s", error)
        return None


def _page(check_id: int) -> str:
    return url_for("sheets.detail", background_job_id=check_id)
