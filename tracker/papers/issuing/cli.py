"""`tracker report`, `tracker issue`, `tracker sign`, `tracker volume` and `tracker verify`."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask import current_app
from flask.cli import with_appcontext

from tracker.core.db.commands import with_app
from tracker.core.options import YEAR, Whole, fault_of
from tracker.year.assessments.owner_option import OWNER, owner_of

if TYPE_CHECKING:
    from tracker.papers.issuing import service
    from tracker.papers.issuing.models import PaperIssue
    from tracker.papers.issuing.queries import Progress
    from tracker.year.assessments.models import Snapshot

_year = click.option("--year", type=YEAR, required=True, help="考核年度。")
_out = click.option(
    "--out", type=click.Path(path_type=Path), help="写到哪个文件夹；默认在实例文件夹。"
)
_workers = click.option(
    "--workers",
    type=Whole(1, 64),
    default=lambda: os.cpu_count() or 1,
    help="几个进程同时生成；默认与处理器核数相同。",
)


@click.command()
@_year
@OWNER
@_out
@_workers
@with_appcontext
def report(year: int, owner: str | None, out: Path | None, workers: int) -> None:
    """由最近一份快照生成全部文书的试算稿（PDF）。"""
    from tracker.papers.issuing.drafts import orders_of, write_drafts

    snapshot = _snapshot(year, owner_of(owner))
    folder = out or _folder("reports", _named(year, owner))
    orders = orders_of(snapshot)
    files = write_drafts(snapshot, orders, folder, workers)
    faults = []
    try:
        with _bar(len(orders)) as bar:
            for made in files:
                bar.update(1)
                if made.fault:
                    faults.append(f"{made.order.name}：{made.fault}")
    except OSError as error:
        raise _unwritable(error, folder) from None
    click.echo(f"已生成 {len(orders) - len(faults)} 份文书：{folder}")
    if faults:
        raise click.ClickException("；".join([f"有 {len(faults)} 份未生成", *faults]))


@click.command()
@_year
@OWNER
@click.option("--reason", default="", help="重新签发的原因；该年度已签发过的，须填写。")
@click.option("--ordinal", type=Whole(min=1), help="继续该年度第几次签发；默认为最近一份快照的。")
@click.option("--bind", is_flag=True, help="签发完后装订合订本，打压缩包。")
@click.option("--check", is_flag=True, help="只说明哪些能定稿，不签发。")
@_workers
@with_appcontext
def issue(
    year: int,
    owner: str | None,
    reason: str,
    ordinal: int | None,
    bind: bool,
    check: bool,
    workers: int,
) -> None:
    """签发最近一份快照的全部文书；中断过的，从中断处继续。"""
    from tracker.core.db import units
    from tracker.papers.issuing import queries, service
    from tracker.papers.issuing.jobs import BOUND, ask_for
    from tracker.records.background.running import run

    whose = owner_of(owner)
    if check:
        _tell_plan(service.plan_of(_snapshot(year, whose)))
        return
    if ordinal is None and (said := _stopped(year, whose)):
        click.echo(said)
    current = _begun(year, whose, ordinal, reason)
    issue_id = current.id
    if queries.progress_of(issue_id).waiting:
        state = _make(current, workers)
    else:
        click.echo("这份快照的文书此前已经签发，本次没有需要签发的")
        state = queries.progress_of(issue_id)
    if bind and state.done:
        for kind in BOUND:
            with units.writing():
                job_id = ask_for(kind, issue_id, None).id
            run(job_id)
    _tell(issue_id, state)


@click.command()
@_year
@OWNER
@_out
@with_appcontext
def volume(year: int, owner: str | None, out: Path | None) -> None:
    """把最近一次签发的文书装订成一册（合订本），并打成一个压缩包。"""
    from tracker.papers.issuing import queries
    from tracker.papers.issuing.volume import volume_name, write_archive, write_volume, write_whole

    latest = queries.latest_issue(year, owner_of(owner))
    if latest is None:
        raise click.ClickException(f"{year}年度尚未签发文书，请先运行 tracker issue --year {year}")
    state = queries.progress_of(latest.id)
    if not state.done:
        raise click.ClickException("这一次还没有签发任何文书")
    folder = out or _folder("volumes", _named(year, owner))
    name = volume_name(latest, queries.list_of(latest.id))
    for ending, write in (("pdf", write_volume), ("zip", write_archive)):
        target = folder / f"{name}.{ending}"
        try:
            write_whole(target, partial(write, latest))
        except OSError as error:
            raise _unwritable(error, folder) from None
        click.echo(str(target))
    if not state.finished:
        click.echo(f"注意：还有 {state.waiting + state.failed} 份未签发，不在其中", err=True)


@click.command("sign")
@_year
@OWNER
@with_appcontext
def sign_command(year: int, owner: str | None) -> None:
    """给一个年度已签发、还没有电子签名的文书签名。"""
    from tracker.papers.issuing import queries
    from tracker.papers.issuing.later import sign_papers
    from tracker.papers.issuing.signing import signer_of

    signer = signer_of(current_app.config["TRACKER"])
    if signer is None:
        raise click.ClickException("没有设置签名证书：请在 TRACKER_SIGN_PKCS12 写明 PKCS#12 文件")
    if not queries.issues(year, owner_of(owner)):
        raise click.ClickException(f"{year}年度尚未签发文书，请先运行 tracker issue --year {year}")
    waiting = queries.unsigned(year, owner_of(owner))
    faults = [f"{number}：{fault}" for number, fault in sign_papers(waiting, signer) if fault]
    click.echo(f"签名人：{signer.name}")
    click.echo(f"已签名 {len(waiting) - len(faults)} 份" if waiting else "没有需要签名的文书")
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise click.ClickException(f"有 {len(faults)} 份未签名，排除原因后可再运行本命令")


def _readable(_context: click.Context, _parameter: click.Parameter, file: Path) -> Path:
    try:
        file.open("rb").close()
    except OSError as error:
        raise _unreadable(file, error) from None
    return file


def _unreadable(file: Path, error: OSError) -> click.UsageError:
    return click.UsageError(f"文件 {file} 无法读取：{fault_of(error)}")


@click.command("verify")
@click.argument("file", metavar="FILE.pdf", type=click.Path(path_type=Path), callback=_readable)
@with_appcontext
def verify_command(file: Path) -> int:
    """核验一份文书：先比字节，再由快照重新计分。

    \b
    退出码  说明
      0     一致：即存档原件，现行有效（试算稿：与快照一致，另有说明）
      1     不一致：文件、快照或存档被改动过
      2     不是本系统的文书，或无法核验（已加密、已损坏、超出限度）
      3     没有这个编号，或没有所依据的快照
      4     是存档原件（或另有追加内容），但已被取代，并说明现行编号
      5     由另一版本的版式或计分引擎生成：数字相符，字节不同
      6     机器正忙，未能读完文件，请稍后再试
      7     本系统文书，另有追加内容（电子签名、批注），并说明签名人
    """
    from tracker.papers.issuing.verification import LARGEST, Answer, verify

    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        raise _unreadable(file, error) from None
    verdict = verify(content)
    if verdict.agrees:
        click.echo(Answer.GENUINE.label)
    else:
        click.echo(verdict.answer.full_label, err=True)
    for line in (*verdict.words, *verdict.differences):
        click.echo(line, err=True)
    return verdict.answer.code


def _named(year: int, owner: str | None) -> str:
    """What the folder of a year is called."""
    return f"{year}-{owner}" if owner else str(year)


def _snapshot(year: int, owner: int | None) -> Snapshot:
    from tracker.year.assessments.queries import latest_snapshot

    found = latest_snapshot(year, owner)
    if found is None:
        raise click.ClickException(f"{year}年尚未计分，请先运行 tracker score --year {year}")
    return found


def _folder(*parts: str) -> Path:
    return current_app.config["TRACKER"].instance.joinpath(*parts)


def _bar(length: int) -> Any:
    return click.progressbar(length=length, label="生成文书", file=sys.stderr)


def _unwritable(error: OSError, folder: Path) -> click.ClickException:
    return click.ClickException(f"无法写入 {error.filename or folder}：{fault_of(error)}")


def _stopped(year: int, owner: int | None) -> str:
    """What became of the year's latest issue, where papers of it wait that are made no more."""
    from tracker.papers.issuing import queries
    from tracker.papers.issuing.final import why_not_on

    latest = queries.latest_issue(year, owner)
    if latest is None or not queries.progress_of(latest.id).waiting:
        return ""
    said = why_not_on(latest)
    return f"第 {latest.ordinal} 次签发：{said}" if said else ""


def _make(issue: PaperIssue, workers: int) -> Progress:
    """Make the papers of `issue` that wait, with a bar that grows."""
    from tracker.papers.issuing import queries
    from tracker.papers.issuing.running import run_issue

    issue_id = issue.id
    state = queries.progress_of(issue_id)
    with _bar(state.wanted) as bar:
        seen = 0

        def show(now: Progress) -> None:
            nonlocal seen
            done = now.wanted - now.waiting
            bar.update(done - seen)
            seen = done

        show(state)
        address = current_app.config["TRACKER"].public_address
        return run_issue(issue_id, workers, address, show)


def _begun(year: int, owner: int | None, ordinal: int | None, reason: str) -> PaperIssue:
    """The issue to go on with: the one asked for, or that of the latest snapshot, begun if it has
    not been. What failed in it is tried once more. Raises IssueError."""
    from tracker.core.db import units
    from tracker.papers.issuing import queries, service
    from tracker.papers.issuing.final import why_not_on

    if ordinal is not None:
        found = queries.issue_by_ordinal(year, ordinal, owner)
        if found is None:
            raise service.IssueError(f"{year}年度没有第 {ordinal} 次签发")
    else:
        snapshot = _snapshot(year, owner)
        found = queries.issue_of(snapshot.id)
        if found is None:
            return service.start(snapshot, None, reason)
    state = queries.progress_of(found.id)
    if state.cancelled and (said := why_not_on(found)):
        raise service.IssueError(said)
    if not state.finished:
        with units.writing():
            service.try_again(found, None)
    return found


def _tell_plan(plan: service.Plan) -> None:
    for reason in plan.reasons:
        click.echo(reason)
    for ref, reasons in plan.refused:
        click.echo(f"{ref.kind.label} {ref.subject_name}：{''.join(reasons)}")
    total, refused = len(plan.papers), len(plan.refused)
    click.echo(f"共 {total} 份，能定稿 {total - refused} 份，不能 {refused} 份")


def _tell(issue_id: int, state: Progress) -> None:
    from tracker.papers.issuing import queries
    from tracker.papers.issuing.models import TaskState
    from tracker.papers.issuing.shown import signed_words

    signed = signed_words(issue_id, state.done)
    click.echo(f"已签发 {state.done} 份" + (f"，{signed}" if signed else ""))
    for fault, number in queries.sign_faults(issue_id):
        click.echo(f"未签名 {number} 份：{fault}", err=True)
    for task in queries.tasks(issue_id, TaskState.REFUSED, TaskState.FAILED):
        paper = f"{task.kind.label} {task.subject_code} {task.subject_name}"
        click.echo(f"{task.state.label}：{paper}，{task.reason}", err=True)
    if state.failed:
        raise click.ClickException(f"有 {state.failed} 份未生成，排除原因后可再运行本命令")


for _command in (report, issue, sign_command, volume, verify_command):
    with_app(_command)
