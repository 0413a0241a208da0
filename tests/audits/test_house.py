"""The contract of districts, features and rooms holds what it says, for new modules too."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import grimp
import pytest

from tools.rooms import RoomsContract

ROOT = Path(__file__).parents[2]
TRACKER = ROOT / "tracker"
SERVING = ("bp.get(", "bp.post(", "bp.route(")


def faults(*imports: tuple[str, str], alone: Iterable[str] = ()) -> list[str]:
    """What the contract says of a house in which these modules read each other."""
    graph = grimp.ImportGraph()
    for module in {*alone, *(each for pair in imports for each in pair)}:
        graph.add_module(module)
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported)
    contract = RoomsContract(
        "rooms",
        {"root_packages": ["tracker"]},
        {
            "districts": ["engine", "core", "web", "records", "year", "papers", "exchange", "site"],
            "features": ["places", "projects", "ledger", "measures", "assessments"],
        },
    )
    return contract.check(graph, verbose=False).metadata["faults"]


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("tracker.records.ledger.service", "tracker.records.projects.models"),
        ("tracker.records.projects.kinds", "tracker.records.ledger.queries"),
        ("tracker.records.projects.views", "tracker.year.measures.counting"),
        ("tracker.records.projects.split_views", "tracker.records.ledger.kinds"),
        ("tracker.site.county_views", "tracker.records.projects.kinds"),
        ("tracker.exchange.sampledata.load", "tracker.records.ledger.forms"),
        ("tracker.year.assessments.freeze", "tracker.year.measures.collect"),
        ("tracker.features", "tracker.records.projects.views"),
        ("tracker.core.db.printable", "tracker.engine.typeset.gate"),
        ("tracker.web.kit.listing", "tracker.web.kit.views"),
    ],
)
def test_what_the_house_allows(importer: str, imported: str) -> None:
    assert faults((importer, imported)) == []


@pytest.mark.parametrize(
    ("importer", "imported", "why"),
    [
        (
            "tracker.records.projects.service",
            "tracker.records.ledger.models",
            "only features before its own",
        ),
        (
            "tracker.records.projects.anything",
            "tracker.records.ledger.anything",
            "only features before its own",
        ),
        ("tracker.records.projects.service", "tracker.records.projects.kinds", "no middle room"),
        ("tracker.records.ledger.queries", "tracker.records.projects.forms", "no middle room"),
        ("tracker.records.projects.models", "tracker.year.measures.numbers", "stand below"),
        ("tracker.records.ledger.views", "tracker.records.projects.views", "a front room"),
        ("tracker.site.county_views", "tracker.records.projects.split_views", "a front room"),
        ("tracker.site.twins_cli", "tracker.records.projects.cli", "a front room"),
        ("tracker.year.measures.counties", "tracker.records.projects.kinds", "declarations"),
        ("tracker.year.measures.counties", "tracker.year.assessments.freeze", "before its own"),
        ("tracker.core.db.audit", "tracker.records.places.models", "stand below"),
        ("tracker.web.forms", "tracker.records.places.queries", "stand below"),
        ("tracker.engine.scoring.score", "tracker.core.config", "nothing of ours"),
        ("tracker.engine.scoring.score", "tracker.engine.typeset.boxes", "nothing of ours"),
        ("tracker.records.places.queries", "tracker.features", "read by nobody"),
    ],
)
def test_what_it_refuses(importer: str, imported: str, why: str) -> None:
    (fault,) = faults((importer, imported))
    assert fault.startswith(f"{importer}:")
    assert why in fault


def test_a_new_folder_escapes_nothing() -> None:
    assert faults(alone=["tracker.attic", "tracker.attic.chest"]) == [
        "tracker.attic stands in no district",
        "tracker.attic.chest stands in no district",
    ]
    assert faults(alone=["tracker.records.cellar"]) == [
        "tracker.records.cellar: the feature has no place in the order of features"
    ]


def test_pages_are_served_by_views_alone() -> None:
    """A file outside `web` that hangs a page onto a blueprint is a front room by its name."""
    for path in sorted(TRACKER.rglob("*.py")):
        if path.is_relative_to(TRACKER / "web"):
            continue
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text) if any(each in text for each in SERVING) else ast.Module([], [])
        decorators = [
            ast.unparse(each)
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef)
            for each in node.decorator_list
        ]
        serves = any(each.startswith(SERVING) for each in decorators)
        assert not serves or path.stem.rpartition("_")[2] == "views", path


def test_each_district_says_what_lives_there_and_what_may_not() -> None:
    table = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    districts = sorted(path.parent.name for path in TRACKER.glob("*/__init__.py"))
    assert districts == sorted(
        ["core", "engine", "exchange", "overview", "papers", "records", "site", "web", "year"]
    )
    for name in districts:
        assert f"| `{name}/` |" in table
        assert ast.get_docstring(ast.parse((TRACKER / name / "__init__.py").read_text())) or ""
