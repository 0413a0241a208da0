"""The sections of the yearly summary: enclaves, trends, the list, grades."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select

from tracker.core.quantities.days import last_day
from tracker.overview.enclave_year import reads
from tracker.overview.enclave_year.coverage import covered, kinds_of, matrix
from tracker.overview.enclaves import Settled, by_kind, settled
from tracker.overview.trends.series import Series, money_series, signed_series, years_to
from tracker.overview.trends.tasks import AskedOverYears, tasks_over_years
from tracker.papers.brief.words import NONE, UNKNOWN, change_words, figure_words, share_words
from tracker.papers.summary.model import Grid, Section
from tracker.records.enclaves.models import EnclaveKind
from tracker.records.ledger.parts import Part
from tracker.records.ledger.sums import together
from tracker.records.ledger.yearly_returns import ReturnOfYear
from tracker.records.places.queries import listed_on
from tracker.site.brief import charts

_LABELS = {
    reads.INVESTED: "完成投资",
    reads.SIGNED: "新签产业项目",
    reads.LARGE: "其中亿元以上",
    reads.SHARED: "飞出地分得税收",
    reads.INCUBATED: "孵化项目",
    reads.RETURNED: "回流项目",
    reads.AT_HOME: "回流项目完成投资",
    reads.CAPITAL: "村集体出资到位",
    reads.LISTED: "参股村",
    reads.PAID_VILLAGES: "得返利村",
}


def of_enclaves(
    regions: Select[int], year: int, day: date, returns: Sequence[ReturnOfYear]
) -> Section:
    """The kinds of enclaves: which counties have them, what each did, what it returned."""
    places = [each.region for each in listed_on(day, regions)]
    rows = matrix(places, [one.enclave for one in returns], year)
    kinds = kinds_of(year)
    coverage = covered(rows, kinds)
    holes = "；".join(
        f"有{of.kind.label}的 {len(of.having)} 个，没有的 {len(of.lacking)} 个"
        + (f"，不能判断的 {len(of.unknown)} 个" if of.unknown else "")
        for of in coverage
    )
    words = [f"截至 {day}，名单上 {len(places)} 个县中，{holes}。" if places else ""]
    reached = reads.villages_reached(regions, year)
    if reached["staked"] or reached["apart"]:
        apart = (
            f"；另有 {reached['apart']:,} 个村没有登记参股而分得返利" if reached["apart"] else ""
        )
        words.append(
            f"参股飞地的村 {reached['staked']:,} 个，当年分得返利的 {reached['paid']:,} 个，"
            f"未见分得的 {reached['unpaid']:,} 个{apart}。"
        )
    words += [_of_kind(kind, returns, year) for kind in kinds]
    owing = "尚欠" if day == last_day(year) else "尚未返"
    table = [
        [
            each.kind.label if each.kind else "类型未报",
            f"{each.number}",
            *_returned(each.settled, each.agreed),
            figure_words(each.paid.figure if each.paid else None, _unpaid(each.agreed)),
        ]
        for each in by_kind(returns, year)
    ]
    whole = settled(returns)
    agreed = sum(1 for one in returns if one.agreed)
    grid = Grid(
        "各类飞地与返利（金额单位：万元）",
        ("类型", "飞地（个）", "能算出应返的（个）", "应返", "其中已返", owing, "多返", "台账实返"),
        (0.16, 0.09, 0.14, 0.13, 0.13, 0.12, 0.11, 0.12),
        [*table, ["合计", f"{len(returns)}", *_returned(whole, agreed), _paid(returns)]],
        "应返按合同约定各段的天数计算，只计能算出的飞地；其中已返、尚欠和多返逐个飞地计算，多返的不抵别的飞地；"
        "台账实返为当年全部返利，含应返算不出的飞地。",
    )
    return Section("二、三大飞地与返利", [each for each in words if each], [grid] if table else [])


def _unpaid(agreed: int) -> str:
    return UNKNOWN if agreed else "不适用"


def _returned(of: Settled | None, agreed: int) -> list[str]:
    if of is None:
        word = "不可计算" if agreed else "不适用"
        return ["0", word, word, word, word]
    return [f"{of.number}", *map(figure_words, (of.due, of.met, of.owing, of.over))]


def _paid(returns: Sequence[ReturnOfYear]) -> str:
    paid = [one.paid for one in returns if one.paid]
    return figure_words(together(paid).figure if paid else None)


def _of_kind(kind: EnclaveKind, returns: Sequence[ReturnOfYear], year: int) -> str:
    sites = reads.sites_of(kind, returns, year)
    if not sites:
        return f"{kind.label}：{year} 年末没有。"
    said = []
    for name, of in reads.wholes_of(sites, reads.ASKED[kind]).items():
        if of.figure is None:
            said.append(f"{_LABELS[name]}{UNKNOWN}")
            continue
        unit = "万元" if of.figure.unit == "元" else of.figure.unit
        told = f"（{of.told} / {of.number} 个已报）" if of.told < of.number else ""
        said.append(f"{_LABELS[name]} {figure_words(of.figure)} {unit}{told}")
    return f"{kind.label} {len(sites)} 个：{'，'.join(said)}。"


def of_trends(regions: Select[int], year: int, part: Part) -> Section:
    """Four years side by side: the same part of each, and what was asked of each."""
    days = "全年" if part.whole else f"各年 1 月 1 日至 {part.until.isoformat()[5:]}"
    money = money_series(regions, year, part)
    signed = signed_series(regions, year, part)
    grids = [
        _series(f"资金（万元），{days}", money, year),
        _series(f"新签项目（个），{days}", signed, year),
        *_asked(tasks_over_years(regions, year), year),
    ]
    words = f"各年只取同一时段（{days}）；税收的增减只比两年都有记录的单位，不同口径的数不连起来。"
    return Section("三、走势", [words], grids, charts.of_years([*money, *signed], part))


def _series(title: str, found: Sequence[Series], year: int) -> Grid:
    rows = [
        [
            each.label,
            *(figure_words(of.part) for of in each.years),
            change_words(each.change)
            + (
                f"（{each.common} 家）"
                if each.common is not None and each.change is not None
                else ""
            ),
        ]
        for each in found
    ]
    names = [f"{each} 年" for each in years_to(year)]
    return Grid(
        title,
        ("指标", *names, "比上年"),
        (0.2, 0.16, 0.16, 0.16, 0.16, 0.16),
        rows,
    )


def _asked(found: Sequence[AskedOverYears], year: int) -> list[Grid]:
    funds, counted, returned = found
    years = years_to(year)
    note = "任务是全年的；没有结束的年度，完成取至打印之日的记录。"
    return [
        Grid(
            "到位资金任务和约定返利",
            (
                "年度",
                "任务（万元）",
                "完成（万元）",
                "完成率",
                "已报 / 有任务（县）",
                "应返（万元）",
                "已返（万元）",
                "比例",
                "能算出 / 有约定（个）",
            ),
            (0.09, 0.14, 0.14, 0.09, 0.12, 0.12, 0.12, 0.08, 0.1),
            [
                [f"{each} 年", *_one(funds, at), *_one(returned, at)]
                for at, each in enumerate(years)
            ],
        ),
        Grid(
            "项目任务",
            ("年度", "任务（个）", "完成（个）", "完成率", "已报 / 有任务（县）"),
            (0.2, 0.2, 0.2, 0.2, 0.2),
            [[f"{each} 年", *_one(counted, at)] for at, each in enumerate(years)],
            note,
        ),
    ]


def _one(of: AskedOverYears, at: int) -> list[str]:
    """A year: what was asked, what was done, its share, of how many."""
    one = of.years[at]
    if not one.given:
        return [NONE] * 4
    share = None
    if one.done is not None and one.asked is not None:
        share = one.done.over(one.asked)
    return [
        figure_words(one.asked, NONE),
        figure_words(one.done),
        share_words(share),
        f"{one.reporting} / {one.given}",
    ]
