"""Options of commands: numbers that are read strictly."""

from __future__ import annotations

import click

from tracker.scoring.strict import whole


class Whole(click.IntRange):
    """A whole number within bounds, written with the digits 0 to 9 alone."""

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """The number that was typed; a usage error for anything else."""
        if isinstance(value, str):
            try:
                value = whole(value)
            except ValueError as error:
                self.fail(f"{error}。", param, ctx)
        return super().convert(value, param, ctx)


YEAR = Whole(2002, 2100)
