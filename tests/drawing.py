"""Tests of drawn examples: some in `make test`, and all in `make soak`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

Check = Callable[..., None]


def drawn(
    *strategies: SearchStrategy, some: int, every: int
) -> Callable[[Check], Callable[[int], None]]:
    """Makes a test of a function whose arguments are drawn: of `some` examples, and of `every` one
    in the long runs; the same examples each time."""

    def decorate(check: Check) -> Callable[[int], None]:
        @pytest.mark.parametrize(
            "count",
            [
                pytest.param(some, id="some"),
                pytest.param(every, id="all", marks=pytest.mark.soak),
            ],
        )
        def test(count: int) -> None:
            settings(
                max_examples=count,
                derandomize=True,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow],
            )(given(*strategies)(check))()

        test.__name__, test.__qualname__ = check.__name__, check.__qualname__
        test.__module__, test.__doc__ = check.__module__, check.__doc__
        return test

    return decorate
