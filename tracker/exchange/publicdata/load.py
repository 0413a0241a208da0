"""The whole load, in the order in which records rest on each other."""

from __future__ import annotations

from collections.abc import Callable

from tracker.core.db import db
from tracker.exchange.publicdata.enclaves import load_enclaves, load_returns, load_terms
from tracker.exchange.publicdata.figures import (
    load_goals,
    load_group_returns,
    load_indicators,
    load_totals,
)
from tracker.exchange.publicdata.parks import load_parks
from tracker.exchange.publicdata.places import (
    load_former_codes,
    load_listings,
    load_pairings,
    load_regions,
    load_rounds,
)
from tracker.exchange.publicdata.projects import load_projects
from tracker.exchange.publicdata.report import LoadReport
from tracker.exchange.publicdata.store import Store

STEPS: tuple[tuple[str, Callable[[Store], None]], ...] = (
    ("行政区划", load_regions),
    ("旧区划代码", load_former_codes),
    ("山区海岛县名单", load_listings),
    ("结对轮次", load_rounds),
    ("结对关系", load_pairings),
    ("产业园", load_parks),
    ("飞地", load_enclaves),
    ("返利约定", load_terms),
    ("项目", load_projects),
    ("台账", load_returns),
    ("县域指标", load_indicators),
    ("公布的汇总数", load_totals),
    ("多个飞地合计的返利、税收", load_group_returns),
    ("规划目标", load_goals),
)


def load_public_data(progress: Callable[[str], None] = lambda step: None) -> LoadReport:
    """Load every public file in one transaction, which the caller commits.

    `progress` is told the Chinese name of each step as it begins.
    """
    report = LoadReport()
    store = Store(report)
    for name, step in STEPS:
        progress(name)
        step(store)
    db.session.flush()
    return report
