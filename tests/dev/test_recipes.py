"""Each recipe of docs/dev is done as it says on a copy of the tree; one that is false fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dev.recipes import FOLDER, ROOT, Copy, RecipeError, Runner, Step, steps_of

# Whose commands and tests are run in `make test`; those of all are in `make soak`.
RUN = ("field", "record", "method")
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


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in RUN else pytest.mark.soak) for name in RECIPES],
)
def test_a_recipe_does_what_it_says(copy: Copy, name: str) -> None:
    for step in steps_of(FOLDER / f"{name}.md"):
        copy.take(step)
    copy.run("ruff check --quiet .\nruff format --check --quiet .\n")


@pytest.mark.parametrize("name", [name for name in RECIPES if name not in RUN])
def test_the_files_of_a_recipe_fit_the_tree(copy: Copy, name: str) -> None:
    """Its commands and its tests are run by `make soak`."""
    for step in steps_of(FOLDER / f"{name}.md"):
        if step.language != "sh":
            copy.take(step)
    copy.run("ruff check --quiet .\nruff format --check --quiet .\n")


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
def test_a_step_that_is_false_is_told(copy: Copy, step: Step, why: str) -> None:
    with pytest.raises(RecipeError, match=why):
        copy.take(step)
