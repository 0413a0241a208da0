"""What is told to people is told alike: by a command in one line, by a page in a sentence."""

from __future__ import annotations

import ast
import importlib
import re
import sys
from functools import cache
from pathlib import Path

import click
import pytest
from flask import Flask

from tests.conftest import settings_for
from tracker import cli, create_app
from tracker.core.told import ToldError

ROOT = Path(__file__).parents[2]
# Not told: steps of a computation, answers of a machine, and what the engine says of its own files.
UNTOLD = {
    "BrokenPictureError",  # of which the file's refusal is made
    "CellError",  # of these three the faults of a workbook, with their cells, are made
    "RefusedTableError",
    "RefusedWorkbookError",
    "CapitalUnknownError",  # of these two a figure's reason is made
    "DueUnknownError",
    "NotReportedError",
    "LockedOutError",  # said in one way whatever was typed
    "DamagedFileError",
    "ConflictError",  # pages and commands have their own words for these
    "TwinError",
    "BusyError",
    "ReaderLostError",
    "ChannelError",  # stands in the outbox for the administrator
    "StoppedError",  # ends what was cancelled, whose row says so
    "UnitsDifferError",  # a mistake of the program
    "_TakenBackError",  # takes a try back, and reaches nobody
}


@cache
def errors() -> dict[str, type[Exception]]:
    """The errors that the program declares, the engine's aside."""
    found = {}
    for path in sorted((ROOT / "tracker").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "engine" in parts:
            continue
        text = path.read_text(encoding="utf-8")
        if not re.search(r"^class \w+Error\b", text, re.MULTILINE):
            continue
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef) and node.name.endswith("Error"):
                module = ".".join(parts)
                found[node.name] = getattr(importlib.import_module(module), node.name)
    return found


def test_every_error_with_words_for_people_has_one_base():
    found = errors()
    assert len(found) > 35
    assert set(found) >= UNTOLD
    assert {name for name, each in found.items() if not issubclass(each, ToldError)} == UNTOLD


def test_no_command_only_renames_a_told_error():
    renaming = []
    for path in sorted((ROOT / "tracker").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "ClickException" in text else ():
            if isinstance(node, ast.ExceptHandler) and len(node.body) == 1:
                said = ast.unparse(node.body[0])
                if said.startswith(f"raise click.ClickException(str({node.name}))"):
                    renaming.append(f"{path}:{node.lineno}")
    assert renaming == []


@pytest.mark.parametrize(
    "message", ["已冲销的不能再冲销。", "已冲销的不能再冲销", "已冲销的\n不能再冲销"]
)
def test_a_command_ends_with_one_line_and_exit_code_1(
    message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    @click.command()
    def refused() -> None:
        raise ToldError(message)

    monkeypatch.setitem(cli.COMMANDS, "refused", (__name__, "refused", ""))
    monkeypatch.setattr(sys.modules[__name__], "refused", refused, raising=False)
    monkeypatch.setattr(sys, "argv", ["tracker", "refused"])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (1, "")
    assert said.err.replace(" ", "") == "错误：已冲销的不能再冲销\n"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("told")
    return create_app(settings_for(f"sqlite:///{folder / 'none.db'}", folder))


def page_of(app: Flask, error: Exception) -> tuple[str, int]:
    with app.test_request_context("/ledger/"):
        answer = app.make_response(app.handle_user_exception(error))
    return answer.get_data(as_text=True), answer.status_code


@pytest.mark.parametrize("status", [404, 409, 422])
def test_a_page_says_what_no_field_said(app: Flask, status: int):
    refused = type("RefusedHereError", (ToldError,), {"status": status})
    page, code = page_of(app, refused("这笔资金<已经>冲销。"))
    assert code == status
    assert "这笔资金&lt;已经&gt;冲销。</p>" in page
    assert "<h1>未能办理</h1>" in page


def test_what_is_for_the_operator_is_in_the_log_and_on_no_page(
    app: Flask, caplog: pytest.LogCaptureFixture
):
    broken = type("BrokenHereError", (ToldError,), {"status": 500})
    page, code = page_of(app, broken("/srv/tracker 无法写入"))
    assert code == 500
    assert "/srv/tracker" not in page
    assert "/srv/tracker" in caplog.text


def test_each_told_error_has_a_status_of_a_refusal():
    told = [each for each in errors().values() if issubclass(each, ToldError)]
    assert {each.status for each in told} == {403, 404, 409, 422, 500}
