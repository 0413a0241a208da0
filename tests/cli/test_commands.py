"""The commands that others build on: from any folder, on an empty database. Most are called within
this process, by the entry point that the console script calls; how they are started, what is said
where and how they end is tried with real processes too."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from pypdf import PdfReader

from tests.processes import forked
from tracker.cli import cli, main

TRACKER = Path(sys.executable).parent / "tracker"
INCOME = Path(__file__).parents[2] / "data" / "rulebooks" / "2024" / "income-enclave.toml"


class Shell:
    """Runs `tracker` in an empty folder with an instance of its own."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.folder = folder
        self.environment = {**os.environ, "TRACKER_INSTANCE": str(folder / "instance")}
        self.environment.pop("DATABASE_URL", None)
        if database_url:
            self.environment["DATABASE_URL"] = database_url

    def forked(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """The same in a process that has all modules already."""
        return forked(main, *arguments, environment=self.environment, folder=self.folder)

    def __call__(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [TRACKER, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def within(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """Calls what the console script calls, in an empty folder with an instance of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(signal, "signal", lambda *_given: None)  # they are the test runner's

    def run(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["tracker", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        return Done(end.value.code or 0, *capfd.readouterr())

    return run


def scored_from_nothing(shell: Shell) -> None:
    assert shell("db", "upgrade").returncode == 0
    for command in (["public-data", "load"], ["score", "--year", "2024"]):
        done = shell.forked(*command)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("kind", "again"),
    [
        pytest.param("sqlite", False, id="sqlite"),
        pytest.param("sqlite", True, id="sqlite again", marks=pytest.mark.soak),
        pytest.param("postgresql", True, id="postgresql again", marks=pytest.mark.soak),
    ],
)
def test_from_an_empty_database_to_points(
    tmp_path: Path, kind: str, again: bool, request: pytest.FixtureRequest
) -> None:
    """That to load again changes nothing is held in `make test` by the tests of loading."""
    url = None
    if kind == "postgresql":
        url = request.getfixturevalue("postgres").create(f"empty{os.getpid()}")
    shell = Shell(tmp_path, url)
    scored_from_nothing(shell)
    if again:
        assert "飞地：新增 0，更新 0，未变 34" in shell.forked("public-data", "load").stdout


@pytest.mark.soak
def test_all_papers_from_an_empty_database_are_printed_and_verified(
    tmp_path: Path, shell: Shell
) -> None:
    """In `make test` a few are printed and verified, by the tests of issuing on both databases;
    `make smoke` prints and issues a year."""
    scored_from_nothing(shell)
    done = shell("report", "--year", "2024", "--out", "papers")
    assert done.returncode == 0, done.stderr
    papers = sorted((tmp_path / "papers").glob("*.pdf"))
    assert len([p for p in papers if "-受援县-" in p.name]) == 28
    assert len([p for p in papers if "-消薄飞地-" in p.name]) == 10
    assert [p.name[:4] for p in papers] == [f"{n:04}" for n in range(1, len(papers) + 1)]
    done = shell("verify", papers[0])
    assert (done.returncode, done.stdout) == (0, "一致\n"), done.stderr
    papers[0].write_bytes(papers[0].read_bytes()[:-20])
    done = shell("verify", papers[0])
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr
    text = "".join(page.extract_text() for page in PdfReader(papers[-1]).pages)
    assert "示例细则" in text


def test_a_file_is_scored_without_any_database(shell: Shell) -> None:
    facts = {
        "year": 2024,
        "subjects": [
            {
                "code": "LY-ZH-XB",
                "name": "浦成小微产业园",
                "class": "",
                "measures": {"returns.paid": "990", "returns.due": "1000.8"},
            }
        ],
    }
    (shell.folder / "facts.json").write_text(json.dumps(facts))
    done = shell("score-file", INCOME, "facts.json")
    assert done.returncode == 0, done.stderr
    card = json.loads(done.stdout)["subjects"][0]
    paid = next(line for line in card["lines"] if line["code"] == "3")
    assert paid["award"] == "24.73"
    assert not (shell.folder / "instance").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "没有命令"),
        (["score"], "缺少参数"),
        (["score", "--year", "soon"], "有误"),
        (["score", "--year", "2024", "more"], "多余的参数"),
        (["report", "--years", "2024"], "没有选项"),
        (["verify"], "缺少参数"),
        (["verify", "no-such.pdf"], "无法读取"),
        (["issue"], "缺少参数"),
        (["volume", "--year", "2024", "more"], "多余的参数"),
        (["score-file", "no-such.toml", "no-such.json"], "无法读取"),
        (["rulebook", "check", "no-such.toml"], "无法读取"),
        (["score", "--year"], "选项 --year 后面没有内容"),
        (["score", "--year", "1999"], "1999 不在 2002 至 2100 之间"),
        (["score", "--year", "2_024"], "“2_024”应为整数，只用数字 0 至 9，例如 2024。用法见"),
        (["users", "create", "--role", "king", "x"], "“king”应为 staff, reviewer,"),
        (["form", "tasks", "--county", "331122", "--year", "2024", "--out", "."], "是文件夹"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(
    within: Callable[..., Done], arguments: list[str], words: str
) -> None:
    done = within(*arguments)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1
    assert words in lines[0]
    assert not re.search("[a-z]+ [a-z]+ [a-z]+", lines[0].partition("。用法见")[0]), lines[0]


def test_a_database_without_tables_is_said_to_be_one(shell: Shell) -> None:
    done = shell.forked("score", "--year", "2024")
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].endswith("请先运行 tracker db upgrade")
    done = shell.forked("report", "--year", "2024")
    assert done.returncode == 1


def test_wrong_use_ends_a_process_alike(shell: Shell) -> None:
    done = shell("score")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert "缺少参数" in done.stderr


def paths_of(group: click.Group, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words that lead to every command below `group`, and to itself."""
    yield above
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if isinstance(command, click.Group):
                yield from paths_of(command, (*above, name))
            else:
                yield (*above, name)


def test_every_command_explains_itself(within: Callable[..., Done]) -> None:
    paths = list(paths_of(cli))
    assert {("db", "upgrade"), ("public-data", "load"), ("score",), ("users",)} < set(paths)
    assert len(paths) > 30
    for path in paths:
        done = within(*path, "--help")
        assert (done.returncode, done.stderr) == (0, ""), path
        assert "--help" in done.stdout, path


def test_the_shipped_rulebooks_are_sound(within: Callable[..., Done]) -> None:
    for file in sorted(INCOME.parent.glob("*.toml")):
        check = "check-set" if file.name == "set.toml" else "check"
        done = within("rulebook", check, file)
        assert (done.returncode, done.stderr) == (0, ""), file
    assert within("rulebook", "diff", INCOME, INCOME).stdout == "两本评分细则没有差别\n"


def test_the_catalogue_is_printed(within: Callable[..., Done]) -> None:
    printed = within("measures").stdout
    assert "returns.due  当年应付返利(万元)" in printed
    assert "    记录：飞地：返利约定、出资；台账：租金、地方留存" in printed
    assert "returns.due" in within("measures", "--names").stdout.splitlines()
