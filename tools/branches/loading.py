"""In every process of the tests: load the modules of tracker/ with their probes.

This file is loaded by itself as `sitecustomize` is, so it imports only what Python starts with.
"""

from __future__ import annotations

import builtins
import json
import marshal
import mmap
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType


def begin(folder: str, package: str, name: str) -> None:
    """From now on, load modules of `package` from `folder` where they were laid with probes."""
    place = Path(folder)
    with (place / "reached").open("r+b") as file:
        setattr(builtins, name, memoryview(mmap.mmap(file.fileno(), 0)))
    codes = json.loads((place / "codes.json").read_text())
    sys.meta_path.insert(0, _Finder(package, place, codes))


class _Finder:
    def __init__(self, package: str, folder: Path, codes: dict[str, list[int]]) -> None:
        self.package, self.prefix = package, package + "."
        self.folder = folder
        self.codes = codes

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self.package and not name.startswith(self.prefix):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.origin in self.codes:
            number, *stamp = self.codes[spec.origin]
            spec.loader = _Loader(name, spec.origin, self.folder / f"{number}.code", stamp)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, code: Path, stamp: list[int]) -> None:
        super().__init__(name, path)
        self._code, self._stamp = code, stamp

    def get_code(self, fullname: str) -> CodeType | None:
        now = Path(self.path).stat()
        if [now.st_mtime_ns, now.st_size] != self._stamp:  # changed meanwhile
            return super().get_code(fullname)
        code: CodeType = marshal.loads(self._code.read_bytes())  # noqa: S302 - laid by prepare
        return code
