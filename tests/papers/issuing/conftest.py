"""A small year whose cards can be made final: two counties and an enclave, every fact reported."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests import factories as make
from tests.conftest import settings_for
from tests.courses import finalised
from tests.processes import Begun, read_in_a_fork
from tracker import create_app
from tracker.core.db import db, units
from tracker.core.strangers import process as reading_process
from tracker.engine.scoring import canonical_json
from tracker.papers.catalogue import PaperRef, paper_pdf
from tracker.papers.common.head import DRAFT, Stamp
from tracker.papers.issuing import printing, service, verification
from tracker.papers.issuing.running import run_issue
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves.models import EnclaveKind
from tracker.year.assessments.freeze import freeze
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import ScoredSnapshot
from tracker.year.procedure.sights import Sight
from tracker.year.rulebooks.shelf import year_set

YEAR = 2024
FROZEN = datetime(2025, 1, 20, 1, 30, tzinfo=UTC)
LATER = datetime(2025, 1, 21, 1, 30, tzinfo=UTC)


def records() -> User:
    """Records of a small year, and the assessor who issues it."""
    places = make.zhejiang()
    jinyun, qingyuan, fuyang = places["缙云县"], places["庆元县"], places["富阳区"]
    for place in (jinyun, qingyuan):
        make.listing(place)
        make.pairing(fuyang, place, since=date(2021, 1, 1))
    make.enclave(
        jinyun,
        fuyang,
        EnclaveKind.INCOME,
        name="缙云消薄飞地",
        code="FD-001",  # the same in every test, as the document of `snapshot` is
        signed_on=date(2020, 1, 1),
    )
    make.user(Role.STAFF, jinyun, username="staff")
    return make.user(Role.ASSESSOR, places["浙江省"], username="assessor")


def final_document(frozen_at: datetime = FROZEN, **facts: str) -> dict[str, Any]:
    """The frozen year with every fact that nobody reported set to 1 (or as `facts` says), and all
    of them ruled on."""
    document = freeze(year_set(YEAR), frozen_at, lambda step: None)
    document["column"] = "province"
    names = list(document["measures"])
    for sheet in document["sheets"].values():
        sheet["undetermined"] = {}
        for column in sheet["facts"].values():
            for subject in column["subjects"]:
                given = {name: value for name, value in subject["measures"].items() if value}
                subject["measures"] = {**dict.fromkeys(names, "1"), **given, **facts}
    return document


def keep(document: dict[str, Any], frozen_at: datetime = FROZEN) -> Snapshot:
    """The snapshot that holds `document`, with which its year is final, committed."""
    content = canonical_json(document)
    sha256 = hashlib.sha256(content).hexdigest()
    snapshot = Snapshot(
        year=YEAR,
        sha256=sha256,
        facts_sha256=sha256,
        engine=document["engine"],
        frozen_at=frozen_at,
        content=content,
    )
    db.session.add(snapshot)
    db.session.flush()
    finalised(snapshot)
    db.session.commit()
    return snapshot


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read by the processor's bounds alone, however busy the machine is."""
    usual = verification._FOR_TWO
    monkeypatch.setattr(verification, "_FOR_TWO", replace(usual, clock=600))


_printed: dict[tuple[object, ...], bytes] = {}


def paper_once(
    snapshot: ScoredSnapshot,
    ref: PaperRef,
    stamp: Stamp = DRAFT,
    settled: Collection[tuple[str, str]] = (),
    sight: Sight = ~Sight.NOTHING,
    public: str = "",
) -> bytes:
    """The paper as `paper_pdf` gives it, printed once in a process: equal arguments give equal
    bytes, which tests look at that print anew."""
    given = (ref, stamp, frozenset(settled), sight, public)
    which = (snapshot.sha256, *given)
    if which not in _printed:
        _printed[which] = paper_pdf(snapshot, *given)
    return _printed[which]


@pytest.fixture(autouse=True)
def printed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was issued in one test is issued again in others without being printed again."""
    monkeypatch.setattr(printing, "paper_pdf", paper_once)
    monkeypatch.setattr(verification, "paper_pdf", paper_once)


@pytest.fixture
def printed_anew(printed_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each paper is printed whenever it is asked for."""
    monkeypatch.setattr(printing, "paper_pdf", paper_pdf)
    monkeypatch.setattr(verification, "paper_pdf", paper_pdf)


@pytest.fixture
def reading_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read by processes that are forked, which are bound as new ones are."""
    found = SimpleNamespace(run=read_in_a_fork, TimeoutExpired=subprocess.TimeoutExpired)
    monkeypatch.setattr(reading_process, "subprocess", found)


@pytest.fixture
def forking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing processes are forked, with all modules and typefaces there already, which take a new
    one longer than to print; in the long runs they are started as the program does it."""
    forked = multiprocessing.get_context("fork")
    monkeypatch.setattr(printing, "multiprocessing", SimpleNamespace(get_context=lambda _: forked))


@pytest.fixture
def assessor(app: Flask) -> User:
    user = records()
    db.session.commit()
    return user


@pytest.fixture
def snapshot(assessor: User) -> Snapshot:
    """The latest snapshot of the year; all its papers can be made final."""
    return keep(_first_document())


@cache
def _first_document() -> dict[str, Any]:
    """What is frozen of the records as they are made: the same in every new database."""
    return final_document()


Start = Callable[..., Begun]


@pytest.fixture
def start(app: Flask, snapshot: Snapshot) -> Iterator[Start]:
    """Starts a program on the test's database, in a session of its own; `instance`: in a folder of
    its own, as on another machine; `also`: with more variables. What the test had of the database
    must be asked for anew."""
    settings = app.config["TRACKER"]
    begun: list[Begun] = []

    def run(
        call: Callable[[], object],
        *arguments: str,
        instance: Path | None = None,
        also: Mapping[str, str] = MappingProxyType({}),
    ) -> Begun:
        def program() -> object:
            printing.paper_pdf = paper_pdf  # it prints what it makes
            return call()

        environment = {
            "DATABASE_URL": settings.database_url,
            "TRACKER_INSTANCE": str(instance or settings.instance),
            **also,
        }
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
        begun.append(Begun(program, *arguments, environment=environment))
        return begun[-1]

    yield run
    for process in begun:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture(scope="session")
def issued_database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database whose year is issued, to be copied."""
    folder = tmp_path_factory.mktemp("issued")
    target = folder / "tracker.db"
    shutil.copy(sqlite_template, target)
    app = create_app(settings_for(f"sqlite:///{target}", folder))
    with app.app_context(), units.mode(writes=True):
        records()
        issue = service.start(keep(final_document()), None)
        db.session.commit()
        assert run_issue(issue.id).finished
        db.session.remove()
        db.engine.dispose()
    return target


@pytest.fixture
def revised(assessor: User) -> Callable[[], Snapshot]:
    """Freezes the year once more, a day later, with another figure."""

    def again() -> Snapshot:
        return keep(_later_document(), LATER)

    return again


@cache
def _later_document() -> dict[str, Any]:
    return final_document(LATER, **{"projects.counted": "2"})
