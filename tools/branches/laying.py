"""Before the tests: lay the probes, and the file that takes down which were reached."""

from __future__ import annotations

import json
import marshal
import shutil
from dataclasses import asdict
from pathlib import Path

from tools.branches import loading
from tools.branches.probes import NAME, probed

ROOT = Path(__file__).parents[2]
PACKAGE = "tracker"
FOLDER = ROOT / "build" / "branches"
_SITE = """\
import sys
from importlib.util import module_from_spec, spec_from_file_location
_spec = spec_from_file_location("_branches_loading", {loading!r})
_module = module_from_spec(_spec)
_spec.loader.exec_module(_module)
_module.begin({folder!r}, {package!r}, {name!r})
"""


def prepare(root: Path = ROOT, folder: Path = FOLDER) -> None:
    """Lay probes in what stands in `root`/tracker; `folder` becomes what PYTHONPATH begins with."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    codes, meanings, end = {}, {}, 0
    for number, path in enumerate(sorted((root / PACKAGE).rglob("*.py"))):
        stamp = path.stat()
        found = probed(path.read_text(), end)
        end = found.end
        code = compile(found.tree, str(path), "exec", dont_inherit=True)
        (folder / f"{number}.code").write_bytes(marshal.dumps(code))
        codes[str(path)] = [number, stamp.st_mtime_ns, stamp.st_size]
        meanings[str(path)] = {
            "statements": [asdict(each) for each in found.statements],
            "forks": [asdict(each) for each in found.forks],
        }
    (folder / "reached").write_bytes(bytes(end))
    (folder / "codes.json").write_text(json.dumps(codes))
    (folder / "meanings.json").write_text(json.dumps(meanings))
    site = _SITE.format(loading=loading.__file__, folder=str(folder), package=PACKAGE, name=NAME)
    (folder / "sitecustomize.py").write_text(site)
