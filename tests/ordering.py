"""Tests in random order: `pytest --order-seed new`, or with the number that a run printed.

Files change places within their group, and the tests of a file among themselves, so that what is
costly and shared is still made once. All processes of a run shuffle alike.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

NEW = "new"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--order-seed",
        default="",
        metavar="N",
        help=f"run the tests in the random order of this whole number; {NEW}: of a new one",
    )


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):  # a process of xdist: as its run does
        config.option.order_seed = config.workerinput["order_seed"]
    if config.option.order_seed == NEW:
        config.option.order_seed = str(random.SystemRandom().randrange(10**6))
    seed = config.option.order_seed
    if seed and not (seed.isascii() and seed.isdecimal()):
        raise pytest.UsageError(f"--order-seed is a whole number or {NEW}, not {seed}")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process of xdist the order of its run; it would draw a new one otherwise."""
    node.workerinput["order_seed"] = node.config.option.order_seed


def pytest_report_header(config: pytest.Config) -> str | None:
    seed = config.option.order_seed
    return f"random order: --order-seed {seed}" if seed else None


def shuffled(
    items: Sequence[pytest.Item], group_of: Callable[[pytest.Item], object], seed: str
) -> list[pytest.Item]:
    """`items` with the files of each group, and the tests of each file, in the order of `seed`;
    groups stay where they are."""
    rng = random.Random(seed)
    groups: dict[object, dict[object, list[pytest.Item]]] = {}
    for item in items:
        groups.setdefault(group_of(item), {}).setdefault(item.path, []).append(item)
    found = []
    for files in groups.values():
        for tests in rng.sample(list(files.values()), len(files)):
            found += rng.sample(tests, len(tests))
    return found
