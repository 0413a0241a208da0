"""All papers of a snapshot as drafts in a folder: 试算, no number."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from tracker.papers.catalogue import papers_of
from tracker.papers.common.head import file_name
from tracker.papers.issuing import queries
from tracker.papers.issuing.printing import Order, Printed, printed
from tracker.papers.issuing.volume import write_whole
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored, scored_of


def orders_of(snapshot: Snapshot) -> list[Order]:
    """A draft of each paper, numbered in the order of the volume."""
    points = scored_of(snapshot)
    settled = queries.settled(snapshot.year, snapshot.owner_region_id)
    return [Order(place, ref, settled=settled) for place, ref in enumerate(papers_of(points), 1)]


def _put(pdf: bytes, out: BinaryIO) -> None:
    out.write(pdf)


def write_drafts(
    snapshot: Snapshot, orders: list[Order], folder: Path, workers: int
) -> Iterator[Printed]:
    """Write `orders` into `folder` under names that sort as the volume does; yields each when its
    file is there, without its bytes. A file appears whole or not at all.

    Raises OSError, PrintersLostError.
    """
    content = snapshot.content
    points = scored(snapshot.sha256, content)
    folder.mkdir(parents=True, exist_ok=True)
    for made in printed(points, content, orders, workers):
        if made.head is not None:
            target = folder / file_name(made.head, made.order.place)
            write_whole(target, partial(_put, made.pdf))
        yield Printed(made.order, head=made.head, pages=made.pages, fault=made.fault)
