"""`--owner`: the city whose assessment a command is about; without it the province's."""

from __future__ import annotations

import click

OWNER = click.option(
    "--owner",
    metavar="代码",
    help="市考县：设区市的代码（GB/T 2260，如 331100）；默认为省的考核。",
)


def owner_of(code: str | None) -> int | None:
    """The owner that was named. Raises UsageError where there is no such city."""
    if code is None:
        return None
    from tracker.records.accounts.owners import city_of_code

    city = city_of_code(code)
    if city is None:
        raise click.UsageError(f"没有代码为 {code} 的设区市")
    return city.id
