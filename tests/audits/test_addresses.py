"""An address that leads nowhere fails here, not where somebody follows it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from flask import Flask, url_for
from sqlalchemy import inspect
from sqlalchemy.orm import Mapper

from tests.audits.addresses import (
    OF_A_LIST,
    ROOT,
    Address,
    Map,
    literals_in,
    of_source,
    of_template,
    orders_in,
    sections_of,
    sort_keys,
)
from tests.conftest import settings_for
from tracker import create_app
from tracker.core.db import Base
from tracker.core.jobs.declared import JOBS
from tracker.site.menu import ALL, MENU
from tracker.web.kit.kinds import Kind, all_kinds
from tracker.year.measures.catalogue import CATALOGUE

ENTRIES = [*(entry.endpoint for group in MENU for entry in group.entries), ALL.endpoint]
OWN = ("accounts.password", "accounts.own_sessions")  # reached by the person's name at the top
PAGES = sorted((ROOT / "tracker").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with all its pages; nothing is asked of a database."""
    folder = tmp_path_factory.mktemp("map")
    return create_app(settings_for(f"sqlite:///{folder / 'none.db'}", folder))


@pytest.fixture(scope="module")
def known(app: Flask) -> Map:
    return Map(app)


def module_of(path: Path):
    return importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def faults(known: Map, addresses: list[Address]) -> list[str]:
    found = ((address, known.fault(address)) for address in addresses)
    return [f"{address.where} {address.call}: {fault}" for address, fault in found if fault]


def test_every_address_made_in_python_leads_to_a_page_that_reads_it(known: Map):
    addresses = []
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        if any(word in text for word in ("url_for(", "way(", "address(")):
            at = str(path.relative_to(ROOT))
            addresses += of_source(text, at, module_of(path))
    assert len(addresses) > 120
    assert faults(known, addresses) == []


def test_every_address_made_in_a_template_leads_to_a_page_that_reads_it(app: Flask, known: Map):
    addresses = []
    for path in TEMPLATES:
        name = str(path.relative_to(ROOT / "templates"))
        addresses += of_template(app.jinja_env, path.read_text(encoding="utf-8"), name)
    assert len(addresses) > 200
    assert faults(known, addresses) == []


def test_every_field_and_heading_that_narrows_or_sorts_is_read(app: Flask, known: Map):
    found = dict.fromkeys(("sortable", "pick", "here"), 0)
    for path in TEMPLATES:
        name = str(path.relative_to(ROOT / "templates"))
        for each in of_template(app.jinja_env, path.read_text(encoding="utf-8"), name):
            if each.call in found and each.asked is not None:
                found[each.call] += 1
    assert all(number > 4 for number in found.values()), found


def test_every_list_begins_in_an_order_that_it_has():
    found = 0
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        if "ordering(" in text and path.name.endswith("views.py"):
            for keys, default in orders_in(text, module_of(path)):
                found += 1
                assert str(default).removeprefix("-") in keys, path
    assert found >= 2


def test_every_entry_of_the_menu_is_a_page_that_needs_no_record(app: Flask, known: Map):
    assert len(ENTRIES) == len(set(ENTRIES))
    for endpoint in ENTRIES:
        assert known.fault(Address("menu", "url_for", (endpoint,), {})) == ""
        assert known.views[endpoint].permission is not None, endpoint
    with app.test_request_context():
        assert len({url_for(endpoint, year=None) for endpoint in ENTRIES}) == len(ENTRIES)


def test_every_page_lies_under_an_entry_of_the_menu(app: Flask):
    named = {
        str(path.relative_to(ROOT)): sections_of(app.jinja_env, path.read_text(encoding="utf-8"))
        for path in TEMPLATES
    }
    named |= {kind.key: [kind.section] for kind in with_pages(app)}
    assert sum(map(bool, named.values())) > 60
    wrong = {at: each for at, each in named.items() if not set(each) <= {*ENTRIES, *OWN}}
    assert wrong == {}


def test_whatever_reads_like_the_name_of_a_page_is_one(known: Map):
    """A name of a page that no `url_for` holds: a tab, a figure's list, a menu's section."""
    blueprints = {endpoint.partition(".")[0] for endpoint in known.rules}
    others = {*CATALOGUE.measures, *JOBS}
    others |= {str(each) for table in Base.metadata.tables.values() for each in table.columns}
    wrong = []
    for path in PAGES:
        for line, text in literals_in(path.read_text(encoding="utf-8")):
            if text.partition(".")[0] not in blueprints or text in known.rules or text in others:
                continue
            wrong.append(f"{path.relative_to(ROOT)}:{line} {text}")
    assert wrong == []


def with_pages(app: Flask) -> list[Kind]:
    return [kind for kind in all_kinds() if f"{kind.key}.index" in app.view_functions]


def test_every_kind_has_the_pages_that_its_links_lead_to(app: Flask, known: Map):
    kinds = with_pages(app)
    assert len(kinds) > 25
    for kind in kinds:
        above = {kind.parent.column: 1} if kind.parent else {}
        own = {kind.argument: 1}
        pages = [(f"{kind.key}.index", above), (kind.detail(), own)]
        if kind.form is not None and kind.edit is not None:
            pages += [(f"{kind.key}.new", above), (f"{kind.key}.edit", own)]
        for endpoint, values in pages:
            made = Address(kind.key, "url_for", (endpoint,), values)
            if endpoint in known.rules or not endpoint.endswith((".new", ".edit")):
                assert known.fault(made) == "", endpoint


def test_every_column_and_filter_of_a_kind_is_of_its_record(app: Flask):
    for kind in with_pages(app):
        names = [each.name for each in kind.filters]
        assert len(names) == len(set(names)), kind.key
        assert not set(names) & (OF_A_LIST | {"year", "region", "next"}), kind.key
        assert kind.order.removeprefix("-") in {"", *sort_keys(kind)}, kind.key
        for column in kind.columns:
            if column.value is None:
                assert leads_somewhere(kind.model, column.name), f"{kind.key}: {column.name}"
            if column.sort is True:
                assert column.name in inspect(kind.model).all_orm_descriptors, column.name
        for each in kind.filters:
            for value, _ in () if callable(each.choices) else each.choices:
                with app.test_request_context():
                    each.narrow(str(value))


def leads_somewhere(model: type, path: str) -> bool:
    """Whether a path of attributes exists on records of `model`."""
    first, _, rest = path.partition(".")
    mapper: Mapper = inspect(model)
    if rest:
        found = mapper.relationships.get(first)
        return found is not None and leads_somewhere(found.mapper.class_, rest)
    return hasattr(model, first)


# -- what is planted is found


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('url_for("projects.indx")', "no page is called projects.indx"),
        ('way("projects.detail", id=1)', "projects.detail needs project_id"),
        ('url_for("projects.index", stge=1)', "projects.index reads no stge"),
        ('url_for("projects.index", stage="bulit")', "projects.index offers no stage=bulit"),
        ('url_for("projects.index", sort="-total")', "projects.index has no column to sort by"),
        ('url_for("projects.index", **{"stge": 1})', "projects.index reads no stge"),
        ('url_for("projects.index" if a else "projects.idx")', "no page is called projects.idx"),
        ('url_for(f"promise.answer_{kind}", **at)', "no page is called promise.answer_"),
        ('url_for(".idx")', "no page is called projects.idx"),
        ("PROJECTS.list_address(stge=1)", "projects.index reads no stge"),
        ('PROJECTS.act_address("edti", record)', "no page is called projects.edti"),
        ("kind.list_address(record, stge=1)", "reads no stge"),
        ('kind.act_address("edti", record)', "no page is called"),
        ('url_for("counties.detail", code=1, sort=1)', "counties.detail reads no sort"),
        ('url_for("users.index", rol=1)', "users.index reads no rol"),
    ],
)
def test_a_fault_planted_in_python_is_found(known: Map, source: str, fault: str):
    module = importlib.import_module("tracker.records.projects.views")
    (address,) = of_source(source, "here", module)
    assert fault in known.fault(address)


@pytest.mark.parametrize(
    ("template", "source", "fault"),
    [
        ("site/home.html", "url_for('projects.indx')", "no page is called projects.indx"),
        ("site/home.html", "way('projects.edit', id=1)", "projects.edit needs project_id"),
        ("site/home.html", "url_for('projects.index', sort='total')", "no column to sort by"),
        ("site/home.html", "url_for('ledger.old_' ~ of.key)", "no page is called ledger.old_"),
        ("site/home.html", "kind.list_address(record, stge=1)", "reads no stge"),
        ("accounts/users/index.html", "sortable('nme', '名称', sort)", "no column to sort by"),
        ("accounts/users/index.html", "pick('rol', '角色', roles, '')", "reads no rol"),
        ("determinations/index.html", "here(al=1)", "reads no al"),
        ("kit/records.html", "here(oldr=1)", "reads no oldr"),
    ],
)
def test_a_fault_planted_in_a_template_is_found(
    app: Flask, known: Map, template: str, source: str, fault: str
):
    (address,) = of_template(app.jinja_env, "{{ " + source + " }}", template)
    assert fault in known.fault(address)
