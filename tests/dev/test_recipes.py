"""Each recipe of docs/dev is done as it says on a copy of the tree; one that is false fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dev.recipes import FOLDER, ROOT, Copy, RecipeError, Runner, Step, steps_of

# Whose commands and tests are run in `make test`; those of all are in `make soak`. A record has
# all that a field has, and a migration is tried by `tests/cli/test_new_migration.py`.
RUN = ("record",)
RECIPES = ("field", "record", "measure", "method", "page", "paper", "migration", "job")
# Tests that a recipe points to, too long to be asked each time.
AUDITS = {
    "field": "tests/records/test_usual.py tests/records/test_constraints.py",
    "record": "tests/audits/test_obligations.py tests/audits/test_routes.py",
    "measure": "tests/audits/test_obligations.py tests/year/measures/test_county_nothing.py",
    "method": "tests/engine/scoring/test_second.py tests/engine/scoring/test_properties.py",
    "page": "tests/audits/test_routes.py tests/audits/test_pages.py",
    "paper": "tests/papers/common/test_profiles.py",
    "migration": "tests/records/test_migrations.py",
    "job": "tests/audits/test_routes.py tests/audits/test_pages.py",
}


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    runner = Runner()
    yield runner
    runner.stop()


@pytest.fixture
def copy(tmp_path: Path, runner: Runner, sqlite_template: Path) -> Copy:
    """A copy of the tree, with a database that is up to date."""
    made = Copy(tmp_path, runner)
    made.database(sqlite_template)
    return made


@pytest.fixture
def files(tmp_path: Path, runner: Runner) -> Copy:
    """A copy of the tree of which nothing is run."""
    return Copy(tmp_path, runner, runs=False)


@pytest.fixture(scope="module")
def unharmed(
    tmp_path_factory: pytest.TempPathFactory, runner: Runner, sqlite_template: Path
) -> Copy:
    """A copy of the tree for steps that change nothing."""
    made = Copy(tmp_path_factory.mktemp("unharmed"), runner)
    made.database(sqlite_template)
    return made


@pytest.mark.parametrize(
    ("name", "databases"),
    [pytest.param(name, "-k not postgresql", id=f"{name} on one database") for name in RUN]
    + [pytest.param(name, "", id=name, marks=pytest.mark.soak) for name in RECIPES],
)
def test_a_recipe_does_what_it_says(copy: Copy, name: str, databases: str) -> None:
    copy.databases = databases
    for step in steps_of(FOLDER / f"{name}.md"):
        copy.take(step)
    copy.lint()


@pytest.mark.parametrize("name", [name for name in RECIPES if name not in RUN])
def test_the_files_of_a_recipe_fit_the_tree(request: pytest.FixtureRequest, name: str) -> None:
    """Its commands and its tests are run by `make soak`, but for one that writes a file which a
    step then changes."""
    steps = [
        step for step in steps_of(FOLDER / f"{name}.md") if step.language != "sh" or writes(step)
    ]
    copy: Copy = request.getfixturevalue("copy" if any(map(writes, steps)) else "files")
    for step in steps:
        copy.take(step)
    copy.lint()


def writes(step: Step) -> bool:
    return step.text.startswith("tracker db migrate ")


@pytest.mark.soak
@pytest.mark.parametrize("name", AUDITS)
def test_a_recipe_forgets_no_file(copy: Copy, name: str) -> None:
    """What walks all fields, records, pages and papers finds nothing missing after a recipe."""
    for step in steps_of(FOLDER / f"{name}.md"):
        copy.take(step)
    copy.run(f"lint-imports\npytest {AUDITS[name]}\n")


def test_all_recipes_are_listed() -> None:
    listed = re.findall(r"docs/dev/(\w+)\.md", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    assert {*RECIPES} <= {*listed} == {path.stem for path in FOLDER.glob("*.md")}


@pytest.mark.parametrize("name", RECIPES)
def test_the_steps_of_a_recipe_are_numbered_and_say_something(name: str) -> None:
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    numbers = [int(number) for number in re.findall(r"^## (\d+)\. ", text, re.MULTILINE)]
    assert numbers == list(range(1, len(steps_of(FOLDER / f"{name}.md")) + 1))
    # The last step tries what the others made.
    assert "pytest tests/" in steps_of(FOLDER / f"{name}.md")[-1].text


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (Step("x", "README.md", "diff", " no such line\n+new\n"), "stand there 0 times"),
        (Step("x", "README.md", "diff", "+new\n \n"), "stand there"),
        (Step("x", "README.md", "diff", "no sign\n"), "is no line of a diff"),
        (Step("x", "no/such/file.py", "diff", " a\n"), "no such file"),
        (Step("x", "README.md", "python", "a = 1\n"), "there already"),
        (Step("x", "", "sh", "tracker measures > out\ntracker no-such-command\n"), "ends with 2"),
        (Step("x", "", "sh", "ruff check --quiet docs\nlint-imports --no-such\n"), "ends with 2"),
    ],
)
def test_a_step_that_is_false_is_told(unharmed: Copy, step: Step, why: str) -> None:
    with pytest.raises(RecipeError, match=why):
        unharmed.take(step)
