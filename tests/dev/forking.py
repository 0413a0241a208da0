"""Runs commands of a copy of the tree in processes forked from one that has all libraries.

Most of the time of `tracker …` or `pytest …` goes into importing: the libraries are imported once
for all copies, the program's modules once for the commands of a block. Started as
`python forking.py` it reads batches, a line of JSON each, and answers each with a line.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
import traceback
from contextlib import suppress
from pathlib import Path

LIBRARIES = (
    "alembic.autogenerate",
    "alembic.command",
    "argon2",
    "defusedxml.ElementTree",
    "flask_login",
    "flask_migrate.cli",
    "flask_sqlalchemy",
    "flask_wtf",
    "fontTools.ttLib",
    "html5lib",
    "openpyxl",
    "pikepdf",
    "psycopg",
    "pypdf",
    "pypinyin",
    "pytest",
    "reportlab.pdfgen.canvas",
    "sqlalchemy.orm",
    "time_machine",
    "wtforms",
)


def main() -> None:
    for name in LIBRARIES:
        importlib.import_module(name)
    for line in sys.stdin:
        print(json.dumps(_apart(line)), flush=True)  # noqa: T201


def _apart(line: str) -> dict[str, object]:
    """What the commands of a batch say, up to the first that fails."""
    batch = json.loads(line)
    log = Path(batch["log"])
    log.touch()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = _commands(batch, log)
        except BaseException:
            log.write_text(log.read_text() + traceback.format_exc())
        os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return {"code": code, "said": log.read_text(encoding="utf-8", errors="replace")}


def _commands(batch: dict, log: Path) -> int:
    os.chdir(batch["folder"])
    os.environ.update(batch["env"])
    sys.path[0] = batch["folder"]
    if any(words[0] in ("tracker", "pytest") for words, _ in batch["commands"]):
        import tracker

        for each in pkgutil.walk_packages(tracker.__path__, "tracker."):
            importlib.import_module(each.name)
    for words, target in batch["commands"]:
        child = os.fork()
        if child == 0:
            _run(words, target, log)
        if code := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            return code
    return 0


def _run(words: list[str], target: str, log: Path) -> None:
    """Run one command in this process and end it; what it prints goes to `target` or the log."""
    said = os.open(log, os.O_WRONLY | os.O_APPEND)
    printed = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) if target else said
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(printed, 1)
    os.dup2(said, 2)
    code: object = 1
    try:
        if words[0] == "tracker":
            from tracker.cli import main as tracker

            sys.argv = words
            code = tracker()
        elif words[0] == "pytest":
            import pytest

            code = pytest.main(
                [*words[1:], "-q", "--no-header", "-p", "no:cacheprovider", "-p", "xdist.plugin"]
            )
        else:
            os.execvp(words[0], words)
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    main()
