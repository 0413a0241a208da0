"""What a process loads before it does anything: what a few acts need is loaded by those acts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tracker.cli import COMMANDS
from tracker.core.config import ROOT

# Libraries of single acts: printing, reading and writing of workbooks and TOML, migrations, the
# queue, initials of names.
OF_ACTS = (
    *("PIL", "alembic", "cryptography", "fontTools", "flask_migrate", "huey", "lxml", "openpyxl"),
    *("pikepdf", "psycopg", "pyhanko", "pypdf", "pypinyin", "qrcode", "reportlab"),
)
TOLD = "import sys; print(*sys.modules)"


def loaded(code: str, folder: Path) -> set[str]:
    """The packages that a fresh process has loaded after `code`."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TRACKER_INSTANCE": str(folder)}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def helped(name: str) -> str:
    return (
        f"import sys; sys.argv = ['tracker', '{name}', '--help']\n"
        "from tracker.cli import main\n"
        f"try:\n    main()\nexcept SystemExit:\n    pass\n{TOLD}"
    )


def test_an_application_loads_no_library_that_few_acts_need(tmp_path: Path) -> None:
    found = loaded(f"from tracker import create_app; create_app(); {TOLD}", tmp_path)
    assert "sqlalchemy" in found
    assert found.isdisjoint(OF_ACTS)


@pytest.mark.parametrize("name", ["score", "report", "serve", "users"])
def test_a_command_that_only_says_what_it_does_loads_no_records(name: str, tmp_path: Path) -> None:
    found = loaded(helped(name), tmp_path)
    assert found.isdisjoint(OF_ACTS)
    assert found.isdisjoint({"tracker.web", "tracker.tables", "tracker.features", "flask_login"})
    asked = COMMANDS[name][0]
    others = {module for module, _, _ in COMMANDS.values()} - {asked}
    assert asked in found
    assert found.isdisjoint(others)
