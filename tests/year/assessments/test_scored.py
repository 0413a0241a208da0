"""The points of snapshots that a process keeps."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tracker.year.assessments import scored
from tracker.year.assessments.scored import KEPT, SNAPSHOTS_KEPT, scored_of


class Stored:
    """A snapshot that counts how often its bytes are read."""

    def __init__(self, sha256: str) -> None:
        self.sha256, self.read = sha256, 0

    @property
    def content(self) -> bytes:
        self.read += 1
        return json.dumps({"is": self.sha256}).encode()


@pytest.fixture(autouse=True)
def _marked(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(scored, "score_document", lambda _sha256, document: dict(document))
    KEPT.clear()
    yield
    KEPT.clear()


def test_the_bytes_of_a_snapshot_are_read_once() -> None:
    one = Stored("a")
    with ThreadPoolExecutor(4) as at_once:
        found = list(at_once.map(lambda _: scored_of(one), range(8)))
    assert all(each is found[0] for each in found)
    assert found[0] == {"is": "a"}
    assert one.read == 1


def test_so_many_are_kept_as_were_asked_for_last() -> None:
    stored = [Stored(str(number)) for number in range(SNAPSHOTS_KEPT + 1)]
    for each in stored[:SNAPSHOTS_KEPT]:
        scored_of(each)
    scored_of(stored[0])  # asked for again
    scored_of(stored[-1])
    scored_of(stored[0])
    scored_of(stored[1])
    assert [each.read for each in stored[:2]] == [1, 2]
