"""The random order of tests: the same for one seed, whole, and by groups."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from tests import ordering


@dataclass(frozen=True)
class Item:
    path: str
    name: int


ITEMS = [Item(f"{group}/{file}", name) for group in "ab" for file in "uvwx" for name in range(6)]


def group_of(item: Item) -> str:
    return item.path[0]


@pytest.mark.parametrize("seed", ["0", "7", "123456"])
def test_a_seed_is_one_order_of_all_tests(seed: str):
    found = ordering.shuffled(ITEMS, group_of, seed)
    assert found == ordering.shuffled(ITEMS, group_of, seed) != ITEMS
    assert sorted(found, key=ITEMS.index) == ITEMS


def test_seeds_differ_and_groups_and_files_stay_together():
    orders = [ordering.shuffled(ITEMS, group_of, str(seed)) for seed in range(20)]
    assert len({tuple(order) for order in orders}) == 20
    for order in orders:
        assert [group_of(item) for item in order] == ["a"] * 24 + ["b"] * 24
        files = [order[i].path for i in range(0, 48, 6)]
        assert [item.path for item in order] == [file for file in files for _ in range(6)]
    firsts = {order[0].path for order in orders}
    assert firsts == {"a/u", "a/v", "a/w", "a/x"}


class Config:
    def __init__(self, seed: str) -> None:
        self.option = type("Options", (), {"order_seed": seed})()


def test_a_new_seed_is_printed_so_that_its_order_can_be_had_again():
    config = Config(ordering.NEW)
    ordering.pytest_configure(config)
    assert config.option.order_seed.isdecimal()
    assert ordering.pytest_report_header(config).endswith(f" {config.option.order_seed}")
    assert ordering.pytest_report_header(Config("")) is None


def test_every_process_of_a_run_takes_its_order():
    run, process = Config(ordering.NEW), Config(ordering.NEW)
    ordering.pytest_configure(run)
    node = SimpleNamespace(config=run, workerinput={})
    ordering.pytest_configure_node(node)
    process.workerinput = node.workerinput
    ordering.pytest_configure(process)
    assert process.option.order_seed == run.option.order_seed != ordering.NEW


@pytest.mark.parametrize("seed", ["x", "-1", "1.5", "٣"])
def test_a_seed_is_a_whole_number(seed: str):
    with pytest.raises(pytest.UsageError):
        ordering.pytest_configure(Config(seed))
