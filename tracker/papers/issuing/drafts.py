"""All papers of a snapshot as drafts in a folder: 试算, no number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tracker.assessments.models import Snapshot
from tracker.assessments.scored import scored
from tracker.issuing import queries
from tracker.issuing.printing import Order, Printed, printed
from tracker.issuing.volume import write_whole
from tracker.papers.head import file_name
from tracker.reports.catalogue import papers_of


def orders_of(snapshot: Snapshot) -> list[Order]:
    """A draft of each paper, numbered in the order of the volume."""
    points = scored(snapshot.sha256, snapshot.content)
    settled = queries.settled(snapshot.year)
    return [Order(place, ref, settled=settled) for place, ref in enumerate(papers_of(points), 1)]


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
            write_whole(target, lambda out, pdf=made.pdf: out.write(pdf))
        yield Printed(made.order, head=made.head, pages=made.pages, fault=made.fault)
