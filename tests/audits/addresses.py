"""Every address that the code makes, read from its syntax and held against the map of routes.

Nothing runs: a call of `url_for`, `way`, `here` or a kind's `list_address` is read from the tree of
a module or template. What can only be known when it runs (a computed endpoint, `**rest`) narrows
what is asked of it: of a name put together, that some endpoint fits it.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from flask import Blueprint, Flask
from jinja2 import Environment, nodes

from tracker.web.kit.declared import Column
from tracker.web.kit.kinds import Kind, all_kinds
from tracker.web.tables import PAGE_PARAMETERS

ROOT = Path(__file__).parents[2]
OF_FLASK = frozenset({"_anchor", "_external", "_method", "_scheme"})
EVERYWHERE = frozenset({"year", "region"})  # the switch at the top of each page
OF_ASSESSMENTS = frozenset({"owner"})  # whose assessment a page of one is about
OF_A_LIST = frozenset({"q", "sort", *PAGE_PARAMETERS})
OF_A_KIND = ("address", "list_address", "act_address", "new_address")
_ASKING = re.compile(r"asked_(text|number|choice)|ordering")
ANY = object()  # a value that is known when the code runs
_OF_A_PAGE = re.compile(r"[a-z_]+\.[a-z_]*[a-z]")


@dataclass(frozen=True)
class Address:
    """A call that makes an address: what it calls (`url_for`, …), patterns of the endpoint (None:
    any), its arguments with those values that are literals. `rest`: there may be further ones.
    `kind`: whose method it is, None where that is known when the code runs. `asked`: the names that
    the page reads from its address, None where it is not known which page."""

    where: str
    call: str
    endpoints: tuple[str, ...] | None
    values: Mapping[str, Any]
    rest: bool = False
    kind: Kind | None = None
    asked: frozenset[str] | None = None


# -- what a module says


def of_source(text: str, where: str, module: ModuleType | None = None) -> Iterator[Address]:
    """The addresses that the Python `text` makes; `module` gives its names their meaning."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        at = f"{where}:{node.lineno}"
        named = {each.arg: _literal(each.value) for each in node.keywords if each.arg}
        spread = [each.value for each in node.keywords if each.arg is None]
        rest = not all(isinstance(each, ast.Dict) and _plain(each) for each in spread)
        for each in spread:
            if isinstance(each, ast.Dict):
                named |= {
                    key.value: _literal(value)
                    for key, value in zip(each.keys, each.values, strict=True)
                    if isinstance(key, ast.Constant)
                }
        match node.func:
            case ast.Name(id="url_for" | "way" as name) if node.args:
                patterns = _patterns(node.args[0])
                yield Address(at, name, _absolute(patterns, module), named, rest)
            case ast.Attribute(attr=name, value=of) if name in OF_A_KIND:
                act = _literal(node.args[0]) if node.args else ANY
                kind = getattr(module, of.id, None) if isinstance(of, ast.Name) else None
                if isinstance(kind, Kind) or _calls_a_kind(name, of):
                    kind = kind if isinstance(kind, Kind) else None
                    yield Address(at, name, _of_kind(name, act, kind), named, rest, kind)


def _plain(node: ast.Dict) -> bool:
    return all(isinstance(key, ast.Constant) for key in node.keys)


def _calls_a_kind(name: str, of: ast.expr) -> bool:
    # `address` is a common word; the others are a kind's alone.
    return name != "address" or (isinstance(of, ast.Name) and of.id == "kind")


def _literal(node: ast.expr) -> Any:
    return node.value if isinstance(node, ast.Constant) else ANY


def _patterns(node: ast.expr) -> tuple[str, ...] | None:
    match node:
        case ast.Constant(value=str() as text):
            return (re.escape(text),)
        case ast.IfExp(body=one, orelse=other):
            found = _patterns(one), _patterns(other)
            return None if None in found else (*found[0], *found[1])
        case ast.JoinedStr(values=parts):
            return (
                "".join(_patterns(p)[0] if isinstance(p, ast.Constant) else r".*" for p in parts),
            )
    return None


def _absolute(patterns: tuple[str, ...] | None, module: ModuleType | None) -> tuple | None:
    """`.index` of a module is that of its blueprint."""
    if patterns is None or not any(each.startswith(r"\.") for each in patterns):
        return patterns
    bp = getattr(module, "bp", None)
    prefix = re.escape(bp.name) if isinstance(bp, Blueprint) else r".*"
    return tuple(prefix + each if each.startswith(r"\.") else each for each in patterns)


def _of_kind(call: str, act: Any, kind: Kind | None) -> tuple[str, ...]:
    if call == "address":
        return (re.escape(kind.detail()) if kind else r".*",)
    last = {"list_address": "index", "new_address": "new"}.get(call, act)
    of = re.escape(kind.key) if kind else "(" + "|".join(k.key for k in all_kinds()) + ")"
    return (rf"{of}\.{'.*' if last is ANY else last}",)


# -- what a template says


@cache
def _parsed(environment: Environment, text: str) -> nodes.Template:
    return environment.parse(text)


def of_template(environment: Environment, text: str, where: str) -> Iterator[Address]:
    """The addresses that a template makes, and the names of the fields that it narrows lists by."""
    asked = asked_by_template(where)
    for node in _parsed(environment, text).find_all(nodes.Call):
        at = f"{where}:{node.lineno}"
        named = {each.key: _jinja_literal(each.value) for each in node.kwargs}
        rest = node.dyn_kwargs is not None
        match node.node:
            case nodes.Name(name="url_for" | "way" as name) if node.args:
                yield Address(at, name, _jinja_patterns(node.args[0]), named, rest)
            case nodes.Name(name="here"):
                yield Address(at, "here", None, named, rest, None, asked)
            case nodes.Name(name="sortable") if node.args:
                yield Address(
                    at, "sortable", None, {"sort": _jinja_literal(node.args[0])}, asked=asked
                )
            case nodes.Name(name="pick") if node.args and _jinja_literal(node.args[0]) is not ANY:
                yield Address(at, "pick", None, {_jinja_literal(node.args[0]): ANY}, asked=asked)
            case nodes.Getattr(attr=name) if name in OF_A_KIND:
                act = _jinja_literal(node.args[0]) if node.args else ANY
                yield Address(at, name, _of_kind(name, act, None), named, rest)


def literals_in(text: str) -> Iterator[tuple[int, str]]:
    """(line, text) of each literal of a module that reads like the name of a page."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Constant(value=str() as value) if re.fullmatch(
                r"[a-z_]+\.[a-z_]*[a-z]", value
            ):
                yield node.lineno, value


def sections_of(environment: Environment, text: str) -> list[str]:
    """The entries of the menu that a template says its page belongs to."""
    return [
        node.node.value
        for node in _parsed(environment, text).find_all(nodes.Assign)
        if isinstance(node.target, nodes.Name)
        and node.target.name == "section"
        and isinstance(node.node, nodes.Const)
    ]


def _jinja_literal(node: nodes.Node) -> Any:
    return node.value if isinstance(node, nodes.Const) else ANY


def _jinja_patterns(node: nodes.Node) -> tuple[str, ...] | None:
    match node:
        case nodes.Const(value=str() as text):
            return (re.escape(text),)
        case nodes.Concat(nodes=parts):
            return ("".join((_jinja_patterns(part) or (r".*",))[0] for part in parts),)
        case nodes.CondExpr(expr1=one, expr2=nodes.Node() as other):
            found = _jinja_patterns(one), _jinja_patterns(other)
            return None if None in found else (*found[0], *found[1])
    return None


# -- what pages read from their addresses


# What holds the parameters of an address, alone or with those of a form.
_READ = ("request.args", "request.values")
_READING = re.compile(rf"{_ASKING.pattern}|page_of|{'|'.join(map(re.escape, _READ))}")


@cache
def asked_in(path: Path) -> frozenset[str]:
    """The parameters of an address that a module reads, also by a function of its own that is told
    their names."""
    text = path.read_text(encoding="utf-8")
    if not _READING.search(text):
        return frozenset()
    tree = ast.parse(text)
    found: set[str] = set()
    told: dict[str, int] = {}  # function → which argument is the name
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        arguments = [each.arg for each in function.args.args]
        for node in ast.walk(function):
            for name in _names_read(node):
                if isinstance(name, ast.Name) and name.id in arguments:
                    told[function.name] = arguments.index(name.id)
    for node in ast.walk(tree):
        found |= {name.value for name in _names_read(node) if isinstance(name, ast.Constant)}
        match node:
            case ast.Call(func=ast.Name(id=name), args=args) if len(args) > told.get(name, 99):
                found |= {_literal(args[told[name]])} - {ANY}
            case (
                ast.For(target=ast.Name(id=name), iter=ast.Tuple(elts=each))
                | ast.comprehension(target=ast.Name(id=name), iter=ast.Tuple(elts=each))
            ):
                found |= {_literal(one) for one in each} - {ANY} if told else set()
    return frozenset(each for each in found if isinstance(each, str))


def _names_read(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if _ASKING.fullmatch(name):
            return [ast.Constant("sort"), ast.Constant("page")] if name == "ordering" else [first]
        case ast.Call(func=ast.Name(id="page_of")):
            return [ast.Constant("page")]
        case ast.Call(func=ast.Attribute(attr="get" | "getlist", value=of), args=[first, *_]):
            return [first] if ast.unparse(of) in _READ else []
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[of]):
            return [left] if ast.unparse(of) in _READ else []
    return []


def asked_by_folder(module: str) -> frozenset[str]:
    """What the modules beside `module` read."""
    return frozenset().union(*(asked_in(path) for path in _file_of(module).parent.glob("*.py")))


def _file_of(module: str) -> Path:
    return Path(importlib.import_module(module).__file__)


@cache
def _sources() -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in (ROOT / "tracker").rglob("*.py")}


@cache
def asked_by_template(name: str) -> frozenset[str] | None:
    """What those modules read that name the template; None of one that others include."""
    by = [path for path, text in _sources().items() if f'"{name}"' in text]
    by = [path for path in by if "web" not in path.relative_to(ROOT / "tracker").parts]
    return frozenset().union(*map(asked_in, by)) if by else None


def sorts_of_template(name: str) -> frozenset[str] | None:
    """The keys by which those modules sort that name the template."""
    found: set[str] = set()
    for path, text in _sources().items():
        if f'"{name}"' not in text:
            continue
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        found |= {key for keys, _ in orders_in(text, module) for key in keys}
        if "SORTS" in vars(module):
            found |= set(module.SORTS)
    return frozenset(found) if found else None


def orders_in(text: str, module: ModuleType) -> Iterator[tuple[frozenset[str], Any]]:
    """(keys, default) of each `ordering(…)` in a module."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Name(id="ordering"), args=[columns, default]):
                keys = _value_of(columns, module)
                yield frozenset(keys), _literal(default)


def _value_of(node: ast.expr, module: ModuleType) -> Any:
    match node:
        case ast.Name(id=name):
            return getattr(module, name)
        case ast.Attribute(value=of, attr=name):
            return getattr(_value_of(of, module), name)
        case ast.Dict(keys=keys):
            return [key.value for key in keys]
    raise TypeError(f"ordering by {ast.unparse(node)}: name the columns")


# -- what is wrong


class Map:
    """The routes of an application and what their pages read from the address."""

    def __init__(self, app: Flask) -> None:
        self.rules: dict[str, list] = {}
        for rule in app.url_map.iter_rules():
            self.rules.setdefault(rule.endpoint, []).append(rule)
        self._fit: dict[str, list[str]] = {}
        self.views = app.view_functions
        self.lists = {f"{kind.key}.index": kind for kind in all_kinds()}
        self.kinds = {kind.key: kind for kind in all_kinds()}
        self.owned = app.extensions["owned_pages"]

    def fault(self, address: Address) -> str:
        """What is wrong with an address, "" if nothing is."""
        if address.endpoints is None:
            return self._fault_here(address)
        faults = []
        for pattern in address.endpoints:
            fitting = self._fitting(pattern)
            if not fitting:
                return f"no page is called {pattern.replace(chr(92), '')}"
            found = [self._fault_of(address, endpoint) for endpoint in fitting]
            if all(found):
                faults.append(found[0])
        return "; ".join(faults)

    def _fitting(self, pattern: str) -> list[str]:
        """The endpoints that a pattern fits; the same are asked for again and again."""
        if pattern not in self._fit:
            fits = re.compile(pattern).fullmatch
            self._fit[pattern] = [each for each in self.rules if fits(each)]
        return self._fit[pattern]

    def asked(self, endpoint: str) -> frozenset[str]:
        """The parameters that the page reads."""
        if endpoint == "static":
            return frozenset({"v"})
        kind = self.lists.get(endpoint)
        view = inspect.unwrap(self.views[endpoint])
        made = view.__module__.startswith("tracker.web.kit")
        whose = OF_ASSESSMENTS if endpoint.partition(".")[0] in self.owned else frozenset()
        if kind is not None and made:
            return EVERYWHERE | OF_A_LIST | {each.name for each in kind.filters} | whose
        found = asked_in(_file_of(view.__module__))
        if owner := self.kinds.get(endpoint.partition(".")[0]):
            # A page of the kit reads what the declaration of its kind does.
            found |= asked_by_folder("tracker.web.kit.views")
            found |= asked_by_folder(owner.model.__module__) if made else frozenset()
        own = {each.name for each in kind.filters} | OF_A_LIST if kind else frozenset()
        return EVERYWHERE | found | own | whose

    def _fault_of(self, address: Address, endpoint: str) -> str:
        wrong = []
        for rule in self.rules[endpoint]:
            given = set(address.values) - OF_FLASK
            lacking = rule.arguments - set(rule.defaults or ()) - self._of_method(address) - given
            if lacking and not address.rest:
                wrong.append(f"{endpoint} needs {', '.join(sorted(lacking))}")
                continue
            unread = given - rule.arguments - self.asked(endpoint)
            if unread:
                wrong.append(f"{endpoint} reads no {', '.join(sorted(unread))}")
                continue
            fault = self._fault_of_values(address, endpoint)
            if not fault:
                return ""
            wrong.append(fault)
        return wrong[0]

    def _of_method(self, address: Address) -> frozenset[str]:
        """The arguments that a kind's method gives of its own accord."""
        if address.call not in OF_A_KIND:
            return frozenset()
        kinds = [address.kind] if address.kind else all_kinds()
        return frozenset(k.argument for k in kinds) | {k.parent.column for k in kinds if k.parent}

    def _fault_of_values(self, address: Address, endpoint: str) -> str:
        kind = self.lists.get(endpoint)
        if kind is None:
            return ""
        for name, value in address.values.items():
            if value is ANY or value is None:
                continue
            if name == "sort" and str(value).removeprefix("-") not in sort_keys(kind):
                return f"{endpoint} has no column to sort by that is called {value}"
            choices = next((f.choices for f in kind.filters if f.name == name), None)
            if isinstance(choices, Sequence) and str(value) not in {str(v) for v, _ in choices}:
                return f"{endpoint} offers no {name}={value}"
        return ""

    def _fault_here(self, address: Address) -> str:
        """What is wrong with a change of a page's own address, or a field that narrows its list."""
        if address.call in ("url_for", "way"):
            return ""
        template = address.where.rpartition(":")[0]
        if address.call == "sortable":
            keys, key = sorts_of_template(template), address.values["sort"]
            if key is ANY or (keys is not None and key in keys):
                return ""
            return f"no column to sort by is called {key}"
        asked = address.asked
        if asked is None:  # a part of several pages: somebody reads it
            asked = frozenset().union(*(asked_in(path) for path in _sources()))
        unread = set(address.values) - asked - EVERYWHERE - set(PAGE_PARAMETERS)
        return f"its page reads no {', '.join(sorted(unread))}" if unread else ""


def sort_keys(kind: Kind) -> dict[str, Column]:
    """The columns that a kind's list is sorted by, by name."""
    return {column.name: column for column in kind.columns if column.sort is not False}
