"""Texts that are exactly one value, wherever a file, a command or an address holds one."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from tests.engine.scoring.test_strict import NO_DAY, NO_DECIMAL
from tracker.cli import COMMANDS, cli
from tracker.core.options import Whole
from tracker.exchange.publicdata import reading
from tracker.year.rulebooks.columns import _date, as_expression, as_number


@pytest.mark.parametrize("text", [text for text in NO_DECIMAL if text])
def test_no_number_of_a_file(text):
    with pytest.raises(ValueError):
        reading.number(text)


@pytest.mark.parametrize("text", NO_DAY)
def test_no_day_of_a_rulebooks_sheet(text):
    with pytest.raises(ValueError):
        _date(text)


def test_what_a_file_leaves_open_is_nothing():
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
