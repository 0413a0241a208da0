"""What a statement costs grows as the data does, on a database without any statistics, and is no
more there than where there are some: of all measures and some of the pages, and in `make soak` of
all pages."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Table, inspect, text
from sqlalchemy.sql import visitors

from tests.audits import multiply
from tests.audits.conftest import Site
from tests.audits.routes import routes
from tests.audits.steps import Steps, counted_steps
from tests.audits.world import YEAR
from tests.web.pages import forget
from tracker.core.db import db
from tracker.core.db.records import now
from tracker.year.assessments.freeze import freeze
from tracker.year.assessments.service import freeze_and_score
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.declare import Measure, SubjectKind
from tracker.year.rulebooks.shelf import year_set

FEW, MANY = 4, 19  # times more than the world: five of it and twenty
GROWTH = (MANY + 1) / (FEW + 1)
MOST = GROWTH**1.35  # n log n is below it, n² three times above
ANY_PLAN = 3  # how many times the work without statistics may be that with them
# Who sees a page, the first of them whose step it is.
USERS = ("assessor", "leader", "staff", "administrator", "reviewer", "county_leader")
ANSWERS = (200, 302, 409)  # 409: a page that tells why a record is not to be changed now
NOT_PAGES = (".pdf", ".zip", ".xlsx", ".json", ".csv")
SMALL = 25_000  # steps that are nothing: two milliseconds
SOME, SEED = 8, 7  # of the pages, drawn by the seed; `make soak` opens all of them


@dataclass
class Worked:
    """The work of everything, and the rows that each table had."""

    rows: dict[str, int]
    work: Steps


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(SOME, id="some pages"),
        pytest.param(None, id="all pages", marks=pytest.mark.soak),
    ],
)
def grown(
    request: pytest.FixtureRequest,
    new_site: Callable[[Path], AbstractContextManager[Site]],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Worked]:
    """The work at both sizes without statistics, and at the larger one with them."""
    folder = tmp_path_factory.mktemp("work")
    found = {}
    for name, times in (("few", FEW), ("many", MANY)):
        with new_site(folder) as site:
            with site.app.app_context():
                multiply.enrich()
                multiply.multiply(times)
                freeze_and_score(YEAR, None)
                db.session.commit()
                assert not inspect(db.engine).has_table("sqlite_stat1")
            found[name] = _everything(site, request.param)
            if name == "many":
                with site.app.app_context():
                    db.session.execute(text("ANALYZE"))
                    db.session.commit()
                    db.session.remove()
                    db.engine.dispose()
                found["with statistics"] = _everything(site, request.param)
    return found


def _everything(site: Site, most: int | None) -> Worked:
    """The work of all measures, of freezing and of `most` pages or all of them."""
    with site.app.app_context():
        engine = db.engine
        rows = multiply.sizes()
        db.session.remove()
    clients = {user: site.client(user) for user in USERS}
    with counted_steps(engine) as work:
        with site.app.app_context():
            for measure in measures():
                for table, statement in measure.read(YEAR).statements.items():
                    work.doing = f"{measure.subject} {measure.name} {table}"
                    db.session.execute(statement).all()
            work.doing = "freeze"
            freeze(year_set(YEAR), now())
            db.session.remove()
        for user, address in _pages(site, most):
            work.doing = f"{user} {address}"
            forget(site.app)  # of a page that is made
            answer = clients[user].get(address)
            assert answer.status_code in ANSWERS, (user, address, answer.status_code)
            answer.close()
    return Worked(rows, work)


def _pages(site: Site, most: int | None) -> list[tuple[str, str]]:
    """Every page but those of papers, or `most` of them, for the one who sees most of it, and the
    first pages of a county and of a leader."""
    found = []
    for route in routes(site.app, site.world):
        if route.method != "GET" or route.address.endswith(NOT_PAGES):
            continue
        fit = (user for user in USERS if route.granted(user) and not route.of_another_side(user))
        user = next(fit, None)
        if user and route.permission:
            found.append((user, route.address))
    if most is not None:
        found = random.Random(SEED).sample(found, most)
    return [*found, ("staff", "/"), ("leader", "/")]


def measures() -> list[Measure]:
    return [measure for kind in SubjectKind for measure in CATALOGUE.of(kind)]


def tables_of(measure: Measure) -> set[str]:
    """The tables that the statements of a measure read, in whatever depth."""
    return {
        element.name
        for statement in measure.read(YEAR).statements.values()
        for element in visitors.iterate(statement)
        if isinstance(element, Table)
    }


# What all counties share: there is one of it however many there are.
SHARED = frozenset({"pairing_rounds", "published_totals", "plan_goals"})


def test_everything_that_a_measure_reads_has_grown(grown: dict[str, Worked]):
    few, many = grown["few"].rows, grown["many"].rows
    read = set().union(*(tables_of(measure) for measure in measures()))
    assert len(read) > 20
    same = {table for table in read - SHARED if many[table] < 0.8 * GROWTH * few[table]}
    empty = {table for table in read if few[table] < FEW}
    assert (same, empty - SHARED) == (set(), set())


def test_no_statement_grows_faster_than_the_data(grown: dict[str, Worked]):
    few, many = grown["few"].work, grown["many"].work
    worse = [
        f"{what}: {few[what, said]} → {steps} {' '.join(said.split())[:200]}"
        for (what, said), steps in many.items()
        if (what, said) in few and steps > MOST * few[what, said] + SMALL
    ]
    assert len({what for what, _ in many if not what.endswith("/")}) > 100
    assert not worse, "\n".join(worse)


def test_no_statement_waits_for_statistics(grown: dict[str, Worked]):
    without, given = grown["many"].work, grown["with statistics"].work
    worse = [
        f"{what}: {given[what, said]} with, {steps} without {' '.join(said.split())[:200]}"
        for (what, said), steps in without.items()
        if (what, said) in given and steps > ANY_PLAN * given[what, said] + SMALL
    ]
    assert not worse, "\n".join(worse)
    assert sum(without.values()) < 1.5 * sum(given.values())
