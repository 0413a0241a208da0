"""The file commands: exit codes, streams, and nothing of the web or the database loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.engine.scoring.build import facts, line, text
from tracker.engine.scoring import ENGINE
from tracker.year.rulebooks.cli import rulebook, score_file

BOOK = text(
    line(
        "3",
        100,
        name="返利到账率",
        method="ratio",
        value="returns.paid",
        target="returns.due",
    )
)
FACTS = facts({"returns.paid": "990", "returns.due": "1000.8"})


@pytest.fixture
def files(tmp_path):
    (tmp_path / "book.toml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "bad.toml").write_text(BOOK.replace("= 100", "= 90", 1), encoding="utf-8")
    (tmp_path / "facts.json").write_text(FACTS, encoding="utf-8")
    (tmp_path / "old.json").write_text(FACTS.replace("2024", "2023"), encoding="utf-8")
    return tmp_path


def call(command, *args):
    return CliRunner().invoke(command, [str(arg) for arg in args])


def test_score_file_prints_the_scorecards(files):
    done = call(score_file, files / "book.toml", files / "facts.json")
    assert (done.exit_code, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert list(found) == ["engine", "rulebook", "facts_sha256", "subjects"]
    assert list(found["subjects"][0]) == [
        "code", "name", "class", "complete", "base", "bonus", "deduction", "total", "grade",
        "rank", "vetoes", "undecided", "grade_by_points", "grade_causes", "quotas", "to_base",
        "to_total", "lines",
    ]  # fmt: skip
    assert found["subjects"][0]["lines"] == [
        {
            "code": "3",
            "name": "返利到账率",
            "points": "100",
            "award": "98.92",
            "state": "scored",
            "lost": "1.08",
            "explain": "990 ÷ 1,000.8 ≈ 98.92%，100 分 × 98.92% ≈ 98.92 分",
            "inputs": {"returns.paid": "990", "returns.due": "1000.8"},
        }
    ]


def test_a_measure_that_no_line_reads_is_named_with_the_one_that_was_meant(files):
    given = FACTS.replace("returns.due", "returns.deu").replace(
        '"returns.paid"', '"villages.other": "1", "returns.paid"'
    )
    (files / "slip.json").write_text(given, encoding="utf-8")
    done = call(score_file, files / "book.toml", files / "slip.json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["subjects"][0]["lines"][0]["state"] == "unscorable"
    assert done.stderr.splitlines() == [
        "提示：细则没有用到“returns.deu”，是否应为“returns.due”",
        "提示：细则没有用到“villages.other”",
    ]


@pytest.mark.parametrize(
    ("book", "given", "lines"),
    [
        ("bad.toml", "facts.json", 1),
        ("book.toml", "old.json", 1),
        ("bad.toml", "book.toml", 2),
        ("absent.toml", "facts.json", 1),
        ("book.toml", "absent.json", 1),
        ("book.toml", ".", 1),
    ],
)
def test_score_file_refuses_with_every_fault_on_standard_error(files, book, given, lines):
    done = call(score_file, files / book, files / given)
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == lines


def test_check(files):
    done = call(rulebook, "check", files / "book.toml")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "没有发现问题\n", "")
    done = call(rulebook, "check", files / "bad.toml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "合计" in done.stderr


def test_a_fault_stays_on_one_line(files):
    (files / "odd.toml").write_text('"a\\nb" = 1\n' + BOOK, encoding="utf-8")
    done = call(rulebook, "check", files / "odd.toml")
    assert len(done.stderr.splitlines()) == 1


def test_diff(files):
    (files / "new.toml").write_text(BOOK.replace("year = 2024", "year = 2025"), encoding="utf-8")
    done = call(rulebook, "diff", files / "book.toml", files / "new.toml")
    assert (done.exit_code, done.stdout) == (0, "考核年度由「2024」改为「2025」\n")
    done = call(rulebook, "diff", files / "book.toml", files / "book.toml")
    assert done.stdout == "两本评分细则没有差别\n"
    assert call(rulebook, "diff", files / "book.toml", files / "bad.toml").exit_code == 2


def test_check_set(files, monkeypatch):
    from tracker.year.measures import names

    monkeypatch.setattr(names, "known_measures", lambda: frozenset({"returns.paid"}))
    (files / "set.toml").write_text('year = 2024\nrulebooks = ["book.toml"]\n', encoding="utf-8")
    done = call(rulebook, "check-set", files / "set.toml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "returns.due" in done.stderr
    known = frozenset({"returns.paid", "returns.due"})
    monkeypatch.setattr(names, "known_measures", lambda: known)
    done = call(rulebook, "check-set", files / "set.toml")
    assert (done.exit_code, done.stdout) == (0, "没有发现问题\n")
    (files / "set.toml").write_text('year = 2024\nrulebooks = ["none.toml"]\n', encoding="utf-8")
    assert "none.toml" in call(rulebook, "check-set", files / "set.toml").stderr


SCRIPT = """
import sys
from tracker.year.rulebooks.cli import score_file
try:
    score_file.main(sys.argv[1:], standalone_mode=False)
finally:
    heavy = {"flask", "sqlalchemy", "wtforms"} & set(sys.modules)
    sys.stderr.write(",".join(sorted(heavy)))
"""


def test_same_bytes_from_any_folder_and_locale_and_nothing_heavy_loaded(files):
    root = Path(__file__).parents[3]
    outputs = set()
    for seed, locale in (("0", "C"), ("1", "C.UTF-8")):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, files / "book.toml", files / "facts.json"],
            cwd=files,
            env={"PYTHONPATH": str(root), "PYTHONHASHSEED": seed, "LC_ALL": locale,
                 "PYTHONIOENCODING": "ascii"},
            capture_output=True,
            check=True,
        )  # fmt: skip
        assert done.stderr == b""
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert "返利到账率".encode() in outputs.pop()


def test_score_file_takes_no_text_that_cannot_be_printed_unless_it_computes_again(files):
    subject = json.loads(FACTS)
    subject["subjects"][0]["name"] += "\u2611"
    (files / "facts.json").write_text(json.dumps(subject), encoding="ascii")  # as an escape
    done = call(score_file, files / "book.toml", files / "facts.json")
    assert done.exit_code != 0
    assert "subjects 第 1 项 的 name中的“☑”(U+2611)无法打印" in done.stderr
    again = call(score_file, files / "book.toml", files / "facts.json", "--engine", ENGINE)
    assert again.exit_code == 0
    escaped = BOOK.replace("返利到账率", "返利\\u2611到账率", 1)
    (files / "book.toml").write_text(escaped, encoding="utf-8")
    for command in (score_file, rulebook):
        args = [files / "book.toml", files / "facts.json"]
        done = call(command, *args) if command is score_file else call(command, "check", args[0])
        assert done.exit_code != 0
        assert "“☑”(U+2611)无法打印" in done.stderr
