"""What the recipes of docs/dev say, done on a copy of the tree.

A step of a recipe is a heading of level 2. One that names a file in backticks has one block of
code: a `diff` (lines that stand there, `+` what comes, `-` what goes) or the whole of a new file.
Any other step has a block of `sh`: commands, run as they stand.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "dev"
LINKED = ("static/fonts/", "docs/images/", "data/public/")  # large, and written by no recipe

_STEP = re.compile(r"^## (?:\d+\. )?(.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`([\w./-]+)`")


@dataclass(frozen=True)
class Step:
    """One step: `file` is "" where commands are run."""

    heading: str
    file: str
    language: str
    text: str


def steps_of(recipe: Path) -> list[Step]:
    """The steps of `recipe` that do something, in order; raises ValueError for one that says two
    things."""
    _, *parts = _STEP.split(recipe.read_text(encoding="utf-8"))
    found = []
    for heading, body in zip(parts[::2], parts[1::2], strict=True):
        blocks = _BLOCK.findall(body)
        if not blocks:
            continue
        if len(blocks) > 1:
            raise ValueError(f"{recipe.name}: “{heading}” has {len(blocks)} blocks")
        ((language, text),) = blocks
        named = _FILE.search(heading)
        if (language == "sh") == bool(named):
            raise ValueError(f"{recipe.name}: “{heading}” is neither a file nor commands")
        found.append(Step(heading, named[1] if named else "", language, text))
    return found


class RecipeError(AssertionError):
    """A step that cannot be done as the recipe says."""


class Copy:
    """A copy of the working tree, without what git ignores but with compiled modules, if some are
    to be run (`runs`)."""

    def __init__(self, folder: Path, runner: Runner, runs: bool = True) -> None:
        self.folder = folder / "tree"
        self.databases = ""  # how tests are told on which they run: on both
        self._runner = runner
        listed = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout
        for name in filter(None, names.split("\0")):
            source, target = ROOT / name, self.folder / name
            if not source.exists():  # deleted in the working tree
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if name.startswith(LINKED):
                os.link(source, target) if _same_disk(source, target) else shutil.copy2(
                    source, target
                )
            else:
                shutil.copy2(source, target)
        self._touched: list[str] = []
        linted = ROOT / ".import_linter_cache"
        if runs and linted.exists():  # what each module imports, by the time of its last change
            shutil.copytree(linted, self.folder / linted.name)
        caches = (*ROOT.glob("tracker/**/__pycache__"), *ROOT.glob("tests/**/__pycache__"))
        for cache in caches if runs else ():
            shutil.copytree(cache, self.folder / cache.relative_to(ROOT), dirs_exist_ok=True)

    def database(self, template: Path) -> None:
        """Put a database of before the recipe where the commands look for theirs."""
        instance = self.folder / "instance"
        instance.mkdir()
        shutil.copy(template, instance / "tracker.db")

    def take(self, step: Step) -> None:
        """Do what `step` says. Raises RecipeError where the tree is no longer as it supposes."""
        if step.language == "sh":
            self.run(step.text)
            return
        step = self._numbered(step)
        target = self.folder / step.file
        self._touched.append(step.file)
        if step.language == "diff":
            if not target.is_file():
                raise RecipeError(f"“{step.heading}”: there is no such file")
            target.write_text(_changed(step, target.read_text(encoding="utf-8")), encoding="utf-8")
            return
        if target.exists():
            raise RecipeError(f"“{step.heading}”: the file is there already")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(step.text, encoding="utf-8")

    def lint(self) -> None:
        """Fail unless the style of what the recipe has written is that of the house."""
        touched = {each for each in self._touched if each.endswith(".py")}
        files = shlex.join(("migrations", *sorted(touched)))
        self.run(f"ruff check --quiet {files}\nruff format --check --quiet {files}\n")

    def _numbered(self, step: Step) -> Step:
        """`step` with numbers of migrations: NNNN is the newest, and MMMM the one before; a step
        that makes one has the next."""
        newest = max(path.name for path in (self.folder / "migrations/versions").glob("[0-9]*.py"))
        number = int(newest[:4])
        if step.file.startswith("migrations/") and step.language != "diff":
            number += 1
        file, text = (
            of.replace("NNNN", f"{number:04}").replace("MMMM", f"{number - 1:04}")
            for of in (step.file, step.text)
        )
        return replace(step, file=file, text=text)

    def run(self, text: str) -> None:
        """Run the commands of a block, a line each; raises RecipeError with what the first that
        fails says."""
        commands = []
        for line in text.splitlines():
            words = shlex.split(line, comments=True)
            target = words[words.index(">") + 1] if ">" in words else ""
            if words:
                words = words[: words.index(">")] if target else words
                told = self.databases.split(maxsplit=1) if words[0] == "pytest" else []
                commands.append(([*words, *told], target))
        batch = {
            "folder": str(self.folder),
            "log": str(self.folder.with_name(f"{time.monotonic_ns()}.log")),
            "env": {
                "PYTHONPATH": str(self.folder),
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                "TRACKER_INSTANCE": str(self.folder / "instance"),
                "DATABASE_URL": "",
            },
            "commands": commands,
        }
        answer = self._runner.run(batch)
        if answer["code"]:
            raise RecipeError(f"{text}ends with {answer['code']}:\n{answer['said']}")


class Runner:
    """The process that commands are forked from."""

    def __init__(self) -> None:
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("forking.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PATH": path},
        )

    def run(self, batch: dict[str, object]) -> dict[str, object]:
        """What forking.py answers to `batch`."""
        self._process.stdin.write(f"{json.dumps(batch)}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def stop(self) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def _same_disk(source: Path, target: Path) -> bool:
    return source.stat().st_dev == target.parent.stat().st_dev


def _changed(step: Step, text: str) -> str:
    """`text` after each hunk of the diff; hunks are parted by lines that begin with @@."""
    for hunk in re.split(r"^@@.*\n", step.text, flags=re.MULTILINE):
        if not hunk.strip():
            continue
        lines = [line if line else " " for line in hunk.splitlines()]
        if wrong := [line for line in lines if line[0] not in " +-"]:
            raise RecipeError(f"“{step.heading}”: {wrong[0]!r} is no line of a diff")
        before = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
        after = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
        times = f"\n{text}".count(f"\n{before}")
        if times != 1:
            raise RecipeError(f"“{step.heading}”: these lines stand there {times} times:\n{before}")
        text = f"\n{text}".replace(f"\n{before}", f"\n{after}")[1:]
    return text
