"""Papers printed in several processes: equal bytes, whoever prints them, and few at a time."""

from __future__ import annotations

import importlib
import io
import json
import multiprocessing
import signal
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice

import pikepdf
from flask import current_app

from tracker.core.children import end_with_parent
from tracker.core.config import Settings
from tracker.core.db import db
from tracker.core.told import ToldError
from tracker.papers.catalogue import PaperRef, paper_pdf
from tracker.papers.common.head import (
    DRAFT,
    OF_CITY,
    SAMPLE,
    PaperHead,
    PaperStatus,
    RulebookStatus,
    Stamp,
)
from tracker.papers.common.identity import read_identity
from tracker.year.assessments.scored import ScoredSnapshot, score_document

_AHEAD = 2  # papers under way or waiting, for each process
_LOSSES = 3  # processes that may be lost before the work is given up


@dataclass(frozen=True, slots=True)
class Order:
    """A paper to be printed. `place` is for the caller to know it by; `settled` are the cards that
    were made final (see `paper_pdf`)."""

    place: int
    ref: PaperRef
    stamp: Stamp = DRAFT
    settled: frozenset[tuple[str, str]] = frozenset()

    @property
    def name(self) -> str:
        """What a message calls it: its place among the files, its kind, whom it is about."""
        ref = self.ref
        return f"{self.place:04d} {ref.kind.label} {ref.subject_code} {ref.subject_name}"


@dataclass(frozen=True, slots=True)
class Printed:
    """The file of an order with its head and number of pages; or why there is none."""

    order: Order
    pdf: bytes = b""
    head: PaperHead | None = None
    pages: int = 0
    fault: str = ""


class PrintersLostError(ToldError, RuntimeError):
    """The printing processes were ended again and again; what was not printed can be resumed."""

    status = 500


def printed(
    snapshot: ScoredSnapshot, content: bytes, orders: Iterable[Order], workers: int
) -> Iterator[Printed]:
    """Print `orders` of a snapshot (`content`: its bytes) in `workers` processes; as they finish.

    Each process scores the snapshot once. An order is taken only when a process is nearly free, so
    that memory does not grow with their number. One worker prints in this process.
    Raises PrintersLostError.
    """
    if workers <= 1:
        for order in orders:
            yield _print(snapshot, order)
        return
    settings = current_app.config["TRACKER"]
    waiting, lost = iter(orders), 0
    again: list[Order] = []
    while True:
        under_way: dict[Future[Printed], Order] = {}
        try:
            with _printers(workers, snapshot.sha256, content, settings) as pool:
                yield from _through(pool, waiting, again, under_way, workers * _AHEAD)
            return
        except BrokenProcessPool:
            lost += 1
            again = [order for future, order in under_way.items() if not _is_whole(future)]
            if lost > _LOSSES:
                raise PrintersLostError("生成进程多次中断。已签发的不受影响，可以继续。") from None
            yield from (future.result() for future in under_way if _is_whole(future))


@contextmanager
def _printers(
    workers: int, sha256: str, content: bytes, settings: Settings
) -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_prepare,
        initargs=(sha256, content, settings),
    )
    try:
        yield pool
    finally:
        # When interrupted, what is in the making is waited for, what only waits is not begun.
        pool.shutdown(cancel_futures=True)


def _through(
    pool: ProcessPoolExecutor,
    waiting: Iterator[Order],
    again: list[Order],
    under_way: dict[Future[Printed], Order],
    most: int,
) -> Iterator[Printed]:
    """Feed `pool`; `under_way` holds what it was given and has not yielded."""
    for order in again:
        under_way[pool.submit(_print_here, order)] = order
    while True:
        for order in islice(waiting, most - len(under_way)):
            under_way[pool.submit(_print_here, order)] = order
        if not under_way:
            return
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            result = future.result()
            del under_way[future]
            yield result


def _is_whole(future: Future[Printed]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


_here: list[ScoredSnapshot] = []  # in a printing process: its snapshot


def _prepare(sha256: str, content: bytes, settings: Settings) -> None:
    end_with_parent()
    # Ctrl-C reaches all processes of a terminal; the parent decides what is still printed.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # By name, because this knows nothing of the application above it. Reports that compare with
    # last year read that snapshot from the database.
    app = importlib.import_module("tracker").create_app(settings)
    app.app_context().push()
    _here[:] = [score_document(sha256, json.loads(content))]


def _print_here(order: Order) -> Printed:
    try:
        return _print(_here[0], order)
    finally:
        db.session.rollback()  # no reader keeps the one who writes waiting


def _print(snapshot: ScoredSnapshot, order: Order) -> Printed:
    # Whatever is wrong with one paper must not keep the others from being printed.
    try:
        pdf = paper_pdf(snapshot, order.ref, order.stamp, order.settled)
        head, pages = read_head(pdf, order.ref)
    except Exception as error:
        return Printed(order, fault=fault_words(error))
    return Printed(order, pdf, head, pages)


def fault_words(error: Exception) -> str:
    """Why a paper could not be printed, with the place in it where that was seen."""
    words = str(error) or type(error).__name__
    places = "；".join(getattr(error, "__notes__", ()))
    return f"{words}（{places}）" if places else words


def read_head(pdf: bytes, ref: PaperRef) -> tuple[PaperHead, int]:
    """The head that a paper's file states, and its number of pages. Raises NotAPaperError."""
    identity = read_identity(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        info = {key: str(file.docinfo[f"/{key}"]) for key in ("Subject", "Title", "CreationDate")}
        pages = len(file.pages)
    kind, _, marks = info["Subject"].partition("（")
    words = marks.rstrip("）").split(" · ")
    day = info["CreationDate"].removeprefix("D:")[:8]
    return PaperHead(
        kind=identity.kind,
        title=info["Title"].removeprefix(ref.subject_name).strip(),
        subject_code=identity.subject_code,
        subject_name=ref.subject_name,
        subject_kind=kind,
        year=identity.year,
        status=PaperStatus(identity.status),
        rulebook_status=RulebookStatus(words[0]),
        author="",
        snapshot_sha256=identity.snapshot_sha256,
        engine=identity.engine,
        made_on=date.fromisoformat(day).isoformat(),
        sheet=identity.sheet,
        sample=SAMPLE in words,
        owner=words[-1].removeprefix(OF_CITY) if words[-1].startswith(OF_CITY) else "",
        number=identity.number or None,
    ), pages
