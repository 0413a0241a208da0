"""Texts that are exactly one value, wherever a file, a command or an address holds one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib import import_module

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from tracker.cli import COMMANDS, cli
from tracker.core.options import Whole
from tracker.engine.scoring.strict import day, decimal, whole
from tracker.exchange.publicdata import reading
from tracker.year.rulebooks.columns import _date, as_expression, as_number

NO_WHOLE = ("2_024", " 2024", "2024 ", "２０２４", "02024", "+2024", "2024.0", "2e3", "", "٢٠٢٤")
NO_DECIMAL = (
    "1_000",
    " 1",
    "１２",
    "1e5",
    "NaN",
    "Infinity",
    ".5",
    "5.",
    "1,000",
    "",
    "+1",
    "00.5",
)
NO_DAY = (
    "2024-W05-1",
    "20240131",
    "2024-1-31",
    "2024-02-30",
    "2024-01-31T00:00",
    "２０２４-01-31",
    "",
)


@pytest.mark.parametrize("text", NO_WHOLE)
def test_no_whole_number(text):
    with pytest.raises(ValueError):
        whole(text)


@pytest.mark.parametrize("text", NO_DECIMAL)
def test_no_number(text):
    with pytest.raises(ValueError):
        decimal(text)
    if text:
        with pytest.raises(ValueError):
            reading.number(text)


@pytest.mark.parametrize("text", NO_DAY)
def test_no_day(text):
    with pytest.raises(ValueError):
        day(text)
    with pytest.raises(ValueError):
        _date(text)  # of a rulebook's sheet


def test_what_is_one_value_is_that():
    assert [whole(text) for text in ("0", "-3", "2024")] == [0, -3, 2024]
    assert [decimal(text) for text in ("0", "-0.5", "1200.50")] == [
        Decimal(0),
        Decimal("-0.5"),
        Decimal("1200.50"),
    ]
    assert day("2024-02-29") == date(2024, 2, 29)
    assert reading.number("") is None
    assert reading.partial_date("２０２４") == (None, reading.Precision.EXACT)


@pytest.mark.parametrize("text", ["2_024", " 2024", "２０２４", "02024", "2024.0"])
@pytest.mark.parametrize(
    "command", [["score"], ["issue"], ["report"], ["next-points"], ["sample-data"]]
)
def test_a_command_takes_no_other_spelling_of_a_year(text, command):
    answer = CliRunner().invoke(cli, [*command, "--year", text])
    assert answer.exit_code == 2, answer.output
    assert "year" in answer.output


def numbers_of(command: click.Command) -> Iterator[tuple[str, click.Parameter]]:
    """The options and arguments of a command and those below it that are numbers."""
    for each in getattr(command, "commands", {}).values():
        yield from numbers_of(each)
    for param in command.params:
        if isinstance(param.type, click.types.IntParamType | click.types.FloatParamType):
            yield f"{command.name} {param.name}", param


def test_every_number_of_a_command_is_read_strictly():
    found = [
        option
        for module, attribute, _ in COMMANDS.values()
        for option in numbers_of(getattr(import_module(module), attribute))
    ]
    assert len(found) > 8
    assert [name for name, option in found if not isinstance(option.type, Whole)] == []


@pytest.mark.parametrize("year", ["２０２４", "02024", "2_024"])
def test_an_address_has_one_spelling_of_its_year(app: Flask, year):
    assert app.test_client().get(f"/rulebooks/{year}/zj-city").status_code == 404


@pytest.mark.parametrize("minus", ["-", "−", "–", "‑", "－"])
def test_a_cell_of_a_workbook_has_a_minus_however_it_is_written(minus):
    assert as_number(f"{minus}1.5") == as_expression(f"{minus}1.5") == Decimal("-1.5")
    with pytest.raises(ValueError, match="百分比请写成小数"):
        as_number(f"{minus}1.5%")
