"""`tracker dictionary` in its four forms, and the copy in docs."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner, Result

from tracker import cli as tracker_cli
from tracker.core.config import ROOT
from tracker.core.db import Base
from tracker.core.db.words import DictionaryError
from tracker.exchange.dictionary import cli as dictionary_cli
from tracker.exchange.dictionary import reading


def run(*arguments: str) -> Result:
    return CliRunner().invoke(dictionary_cli.dictionary, list(arguments))


def test_the_copy_in_docs_is_up_to_date() -> None:
    kept = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    printed = run("--format", "markdown").output
    assert printed == kept, "tracker dictionary --format markdown > docs/data-dictionary.md"


def test_markdown_has_a_heading_for_each_table_and_even_rows() -> None:
    lines = run("--format", "markdown").output.splitlines()
    headings = {line.split()[1] for line in lines if line.startswith("### ")}
    assert headings == set(Base.metadata.tables)
    rows = [line for line in lines if line.startswith("| `")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {7}


def test_markdown_links_lead_to_headings() -> None:
    text = run("--format", "markdown").output
    anchors = {
        f"({'#' + line.removeprefix('### ').replace(' ', '-')})"
        for line in text.splitlines()
        if line.startswith("### ")
    }
    links = {f"(#{part.split(')')[0]})" for part in text.split("](#")[1:]}
    assert links == anchors


def test_json_has_every_column_of_every_table() -> None:
    tables = json.loads(run("--format", "json").output)["tables"]
    assert {(t["name"], c["name"]) for t in tables for c in t["columns"]} == {
        (t.name, c.name) for t in Base.metadata.tables.values() for c in t.columns
    }
    rate = next(
        c
        for t in tables
        if t["name"] == "return_terms"
        for c in t["columns"]
        if c["name"] == "rate"
    )
    assert (rate["stored"], rate["unit"]) == ("整数，为所示值的 10^8 倍", "比例")


def test_csv_has_a_line_for_each_column() -> None:
    rows = list(csv.DictReader(io.StringIO(run("village_stakes", "--format", "csv").output)))
    by_name = {row["列"]: row for row in rows}
    assert by_name.keys() == set(Base.metadata.tables["village_stakes"].columns.keys())
    assert by_name["village_id"]["引用"] == "villages"
    assert by_name["capital_paid"]["库中存储"] == "整数，单位为分"
    assert by_name["joined_on"]["约束"] == "参股日期早于退出日期"


@pytest.mark.parametrize("form", ["text", "markdown", "json", "csv"])
def test_one_table_can_be_shown_by_itself(form: str) -> None:
    done = run("projects", "--format", form)
    assert done.exit_code == 0
    assert "total_investment" in done.output
    assert "updated_at" in done.output
    assert "guaranteed_minimum" not in done.output


def test_text_names_common_columns_once() -> None:
    output = run().output
    assert "共有的栏：id、origin、created_at、updated_at、version" in output
    assert output.count("数据库给每行的编号") == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ghosts"], "错误：没有表 ghosts。"),
        (["--format", "xml"], "应为 text、markdown、json、csv 之一"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(
    arguments: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["tracker", "dictionary", *arguments])
    with pytest.raises(SystemExit) as caught:
        tracker_cli.main()
    assert caught.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_a_dictionary_that_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def unfit() -> None:
        raise DictionaryError(["表 parks 没有说明", "projects.note 没有说明"])

    monkeypatch.setattr(reading, "dictionary", unfit)
    done = run()
    assert done.exit_code == 1
    assert "表 parks 没有说明；projects.note 没有说明" in done.output
