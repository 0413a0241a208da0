"""Running the tests against mutants: collected once, then a fork for each mutant.

A fork changes the code of the living functions and runs only the tests that come to the changed
line, the quickest first, until one fails. What is made while a module is read (a table, a default)
has no living function: there the fork forgets our modules and reads them anew, the mutant among
them, and runs the tests that come to the module at all.
"""

from __future__ import annotations

import ast
import gc
import importlib.abc
import importlib.util
import inspect
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from coverage import Coverage

from tools.mutate.changes import ROOT, Mutant, tree_of

OURS = ("tracker", "tests")
SURVIVES, NOTICED, FAULT = 0, 1, 3
PATIENCE = 5  # so many times as long as by themselves may tests take
READING = 60  # seconds of the processor that reading all modules anew may take besides the tests


def surviving_of(mutants: Iterable[Mutant], tests: Sequence[str], processes: int) -> list[Mutant]:
    """Those of `mutants` with which `tests` pass, or to which none of them comes; a line is
    printed for each mutant. Raises RuntimeError if the tests fail without any."""
    runs = _Runs(mutants, processes)
    options = ["-q", "-s", "--no-header", "-p", "no:cacheprovider", "-m", "not soak"]
    code = pytest.main([*options, *tests], plugins=[runs])
    if code or not runs.ended:
        raise RuntimeError("the tests do not pass as they are, or there are none")
    return runs.surviving


@dataclass
class _Known:
    """What the tests do by themselves: seconds of each, and who comes to a line of a file."""

    seconds: dict[str, float]
    lines: dict[str, dict[int, list[str]]]

    def tests(self, mutant: Mutant) -> list[str]:
        """Who comes to the line, or else to the function around it, or to the module; where the
        module makes it while it is read, also who comes nowhere near: such a test looks at what
        is."""
        lines = self.lines.get(str(ROOT / mutant.path), {})
        first, last = mutant.within
        found = set(lines.get(mutant.line, ())) if first else set()
        if not found:
            wanted = [names for line, names in lines.items() if first <= line <= last or not first]
            found = {name for names in wanted for name in names}
        if not first:
            part = str(ROOT.joinpath(*mutant.path.parts[:3]))  # what else is run is set-up
            of_part = (each for path, each in self.lines.items() if path.startswith(part))
            coming = {name for each in of_part for names in each.values() for name in names}
            found |= self.seconds.keys() - coming
        return sorted(found, key=lambda name: self.seconds[name])


@dataclass
class _Runs:
    """The plugin that runs mutants where pytest would run its items."""

    mutants: Iterable[Mutant]
    processes: int
    surviving: list[Mutant] = field(default_factory=list)
    ended: bool = False

    def pytest_configure(self) -> None:
        from hypothesis import Phase, settings  # pytest wants to be the first to import it

        phases = [Phase.explicit, Phase.generate]
        settings.register_profile("mutants", database=None, derandomize=True, phases=phases)
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        known = _known(items)
        _living()
        gc.freeze()  # a fork that collects would copy what it shares
        running: dict[int, Mutant] = {}
        for mutant in self.mutants:
            if len(running) >= self.processes:
                self._take(running)
            names = known.tests(mutant)
            swaps = _swaps(mutant)
            if not names:
                self._tell(mutant, "SURVIVES (no test comes there)")
            elif swaps is None:
                seconds = READING + PATIENCE * sum(known.seconds[name] for name in names)
                pid = _forked(lambda m=mutant, n=names: _anew(m, n), int(seconds))
                running[pid] = mutant
            else:
                timed = [(items[name], known.seconds[name]) for name in names]
                pid = _forked(lambda s=swaps, t=timed: _swapped(s, t), 0)
                running[pid] = mutant
        while running:
            self._take(running)
        self.ended = True
        return True

    def _take(self, running: dict[int, Mutant]) -> None:
        pid, status = os.wait()
        mutant = running.pop(pid)
        code = os.waitstatus_to_exitcode(status)
        if code == FAULT:
            raise RuntimeError(f"the fork for {mutant.name} failed")
        self._tell(mutant, "SURVIVES" if code == SURVIVES else "noticed")

    def _tell(self, mutant: Mutant, how: str) -> None:
        if how != "noticed":
            self.surviving.append(mutant)
        where = f"{mutant.path}:{mutant.line}"
        print(f"{how} {where} {mutant.before} → {mutant.after}", flush=True)


def _forked(act: Callable[[], int], seconds: int | None = None) -> int:
    """Start `act` in a fork that prints nothing and ends with what it gives. With `seconds` it
    has no errors to tell either, and is ended once it has used up so many (unless 0)."""
    pid = os.fork()
    if pid:
        return pid
    code = FAULT
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1) if seconds is None else (0, 1, 2):
            os.dup2(nothing, descriptor)
        if seconds:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        code = act()
    except Exception as error:
        print(repr(error), file=sys.__stderr__, flush=True)
    finally:
        os._exit(code)
    return 0


def _known(items: dict[str, pytest.Item]) -> _Known:
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        pid = _forked(lambda: _measured(list(items.values()), Path(file.name)))
        _, status = os.waitpid(pid, 0)
        if status:
            raise RuntimeError("the tests do not pass as they are")
        found = json.loads(Path(file.name).read_text())
    lines = {
        path: {int(line): names for line, names in each.items()}
        for path, each in found["lines"].items()
    }
    return _Known(found["seconds"], lines)


def _measured(items: list[pytest.Item], file: Path) -> int:
    """Run all with the lines that each comes to, which `file` tells afterwards."""
    measured = Coverage(data_file=None, source=["tracker"], config_file=False)
    measured.start()
    seconds = {}
    for item, later in zip(items, [*items[1:], None], strict=True):
        measured.switch_context(item.nodeid)
        begun = time.process_time()
        if not _passes(item, later):
            print(f"fails without any mutant: {item.nodeid}", file=sys.__stderr__, flush=True)
            return NOTICED
        seconds[item.nodeid] = time.process_time() - begun
    measured.switch_context("")
    measured.stop()
    data = measured.get_data()
    lines = {}
    for path in data.measured_files():
        by_line = data.contexts_by_lineno(path)
        lines[path] = {line: [name for name in names if name] for line, names in by_line.items()}
    file.write_text(json.dumps({"seconds": seconds, "lines": lines}))
    return 0


def _passes(item: pytest.Item, later: pytest.Item | None) -> bool:
    from _pytest.runner import runtestprotocol

    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=later))


def _swapped(swaps: list[tuple[FunctionType, CodeType]], timed: list[tuple[Any, float]]) -> int:
    """Whether tests pass with other code in the functions; ends by SIGPROF if one goes on long
    beyond its seconds."""
    for function, code in swaps:
        function.__code__ = code
    later = [item for item, _ in timed[1:]]
    for (item, seconds), after in zip(timed, [*later, None], strict=True):
        signal.setitimer(signal.ITIMER_PROF, 2 + PATIENCE * seconds)
        if not _passes(item, after):
            return NOTICED
    return SURVIVES


def _anew(mutant: Mutant, names: list[str]) -> int:
    """Whether the tests `names` pass if all our modules are read anew, the mutant among them."""
    for name in [each for each in sys.modules if each.partition(".")[0] in OURS]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Finder(mutant))
    code = pytest.main(["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", *names])
    return SURVIVES if code == 0 else NOTICED


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the mutant where its module is asked for."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        self._name = ".".join(mutant.path.with_suffix("").parts).removesuffix(".__init__")

    def find_spec(self, name: str, _path: Any, _target: Any = None) -> ModuleSpec | None:
        if name != self._name:
            return None
        file = ROOT / self._mutant.path
        inner = [str(file.parent)] if file.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(
            name, file, loader=self, submodule_search_locations=inner
        )

    def exec_module(self, module: ModuleType) -> None:
        exec(_compiled(self._mutant.tree, self._mutant.path), module.__dict__)  # noqa: S102


def _compiled(tree: ast.Module, path: Path) -> CodeType:
    return compile(tree, str(ROOT / path), "exec", dont_inherit=True)


def _swaps(mutant: Mutant) -> list[tuple[FunctionType, CodeType]] | None:
    """The living functions that the mutant changes, each with its code there; None if something is
    changed that is made while the module is read."""
    before = _before(mutant.path)
    changed = {}
    try:
        pairs = list(_pairs(before, _compiled(mutant.tree, mutant.path)))
    except ValueError:  # two codes that were one, being alike, or the other way round
        return None
    for old, new in pairs:
        if not old.co_flags & inspect.CO_OPTIMIZED:
            if _own(old) != _own(new):
                return None
        elif old != new:
            changed[_key(old)] = new
    living = _living().get(before.co_filename, ())
    found = [(each, changed[key]) for key, each in living if key in changed]
    return found or None


@cache
def _before(path: Path) -> CodeType:
    return _compiled(tree_of((ROOT / path).read_text(encoding="utf-8")), path)


@cache
def _living() -> dict[str, list[tuple[tuple[Any, ...], FunctionType]]]:
    """All functions of ours, with their keys, by file."""
    found: dict[str, list[tuple[tuple[Any, ...], FunctionType]]] = {}
    gc.unfreeze()  # what the tests set aside is not among the objects otherwise
    for each in gc.get_objects():
        if type(each) is FunctionType and each.__code__.co_filename.startswith(str(ROOT)):
            code = each.__code__
            found.setdefault(code.co_filename, []).append((_key(code), each))
    return found


def _pairs(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """All code within both, side by side."""
    yield old, new
    inner = ([each for each in code.co_consts if isinstance(each, CodeType)] for code in (old, new))
    for pair in zip(*inner, strict=True):
        yield from _pairs(*pair)


def _own(code: CodeType) -> tuple[Any, ...]:
    """What a code is without what lies within it. Numbers are told apart from yes and no."""
    consts = [(type(c), c) for c in code.co_consts if not isinstance(c, CodeType)]
    return code.co_code, code.co_names, repr(consts)


def _key(code: CodeType) -> tuple[Any, ...]:
    # Only what has no name needs its columns; what counts branches moves those.
    columns = tuple(code.co_positions())[:6] if code.co_name.startswith("<") else ()
    return code.co_qualname, code.co_firstlineno, columns
