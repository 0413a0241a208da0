"""Briefs and a yearly summary to print in tests: with much of everything, and with nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.papers.common.forms import of, wan
from tests.papers.scorecard.pdf_samples import LONG_NAME
from tracker.core.quantities.figure import PART, PERCENT, Figure
from tracker.papers.brief.model import (
    Block,
    Brief,
    Chart,
    ChartBar,
    Concern,
    Head,
    Line,
    Score,
    Told,
    Urgent,
)
from tracker.papers.summary.model import Grid, Section, Summary

HEAD = Head(
    "季报", "2025年第二季度", "330000", "浙江省", date(2025, 6, 30), date(2025, 7, 4), sample=True
)
UNKNOWN = Line(
    "援建资金拨付", None, None, None, None, False, True, None, None, None, None, "0 / 3 县已报"
)


def line(label: str = "到位资金", **fields) -> Line:
    values = {
        "own": wan("5337.4275"),
        "now": wan("9523"),
        "before": wan("9240.01"),
        "change": Figure(Decimal("0.0306"), PART),
        "stands": False,
        "tasked": True,
        "asked": wan("20000"),
        "done": wan("9523"),
        "share": Figure(Decimal("0.47615"), PART),
        "pace": wan("1746.166667"),
        "who": "24 / 26 县已报，未报的 1,234.50",
    }
    return Line(label, **{**values, **fields})


def blocks(number: int = 6) -> list[Block]:
    count = line(
        "新签项目", own=of("0", "个"), now=of("3", "个"), before=None, change=None, tasked=False
    )
    stood = line("产业园", own=None, now=of("48", "个"), before=of("40", "个"), stands=True)
    money = [line(f"资金第{at}项", note="3 个未报总投资，不在其内") for at in range(1, number)]
    return [
        Block("资金", "万元", [*money, UNKNOWN]),
        Block("项目与平台", "个", [count, stood]),
        Block("人员", "人次", [line("培训", now=of("641", "人次"), tasked=False, pace=None)]),
    ]


def bars(number: int) -> list[ChartBar]:
    return [
        ChartBar(
            f"县{at:02d}",
            None if at == number else wan(str(at * 100)),
            wan("2000") if at % 5 else None,
        )
        for at in range(1, number + 1)
    ]


def chart(number: int = 28) -> Chart:
    return Chart("各县项目到位资金（万元）", bars(number), "竖线为全年任务。", asks=True)


def concerns(number: int = 4) -> list[Concern]:
    told = [
        Told(f"{LONG_NAME}{at}", "应返 100万元，实返 40万元，尚欠 60万元。", "富阳区兑付。")
        for at in range(1, number + 1)
    ]
    sorts = ("督办逾期", "返利逾期", "报送逾期", "任务差距大", "事项任务逾期", "签约满一年未开工")
    rule = "年度已结束，台账中的返利少于按约定计算的应返金额。"
    found = [Concern(title, rule, 12, "", told) for title in sorts]
    none = Concern("在建项目没有进度", rule, 0, "", [])
    return [*found, none, Concern("评分资料不全", rule, 0, "没有评分表，不能判断。", [])]


def brief(**fields) -> Brief:
    """A brief with as much as a province has."""
    sentence = "2025 年已过 50.7%，93 个县中有任务的 59 个，其中3 县跟得上进度，56 县差距大。"
    late = "报送 6 件，3 个飞地尚欠 2024 年返利 588.44万元；另有 1 个飞地应返算不出，不能判断。"
    urgent = [
        Urgent(
            f"示例县第{at}件报表未报", "示例县", date(2025, 1, at), "逾期 8 天" if at < 4 else ""
        )
        for at in range(1, 6)
    ]
    values = {
        "head": HEAD,
        "sentences": (("全年", sentence), ("逾期", late), ("本季", sentence)),
        "told": "截至 2025-06-30，24 / 26 县已报第二季度季报。",
        "own": "二季度",
        "before": "上年同期",
        "task": "2025 年至打印之日",
        "done": "至 07-04",
        "left": 6,
        "blocks": blocks(),
        "years": [
            Chart(f"{name}，各年至 06-30", [ChartBar("2024", None), ChartBar("2025", wan("5"))], "")
            for name in ("到位资金（万元）", "飞地返利（万元）")
        ],
        "course": [chart()],
        "score": None,
        "urgent": urgent,
        "concerns": concerns(),
    }
    return Brief(**{**values, **fields})


def county_brief() -> Brief:
    """A county's, with its points and its tasks."""
    share = Figure(Decimal("52.04"), PERCENT)
    whole = Figure(Decimal(100), PERCENT)
    tasks = [ChartBar("项目到位资金", share, whole), ChartBar("消费帮扶额", None, whole)]
    return brief(
        head=replace(HEAD, code="331122", name="缙云县", sample=False),
        course=[Chart("各项任务完成率（%）", tasks, "竖线为全年任务（100%）。", asks=True)],
        score=Score(
            "2025 年试算得分",
            "81.25 分，名次尚未公布；上年全年没有计分；距优秀差 8.75 分。",
            ["到位资金（3.00 / 8 分）"],
            "试算于 2025-07-03 20:00，按 2025 年示例细则试算，不作为考核结果。",
        ),
        left=0,
    )


def crowded_brief() -> Brief:
    """More of everything than there should ever be."""
    sentence = "，".join([f"{LONG_NAME[:30]}尚欠 588.44万元"] * 4)
    sentences = (("全年", sentence), ("逾期", sentence), ("本季", sentence))
    counts = [line(f"项目与平台第{at}项", tasked=not at) for at in range(9)]
    more = [*blocks(6)[:1], Block("项目与平台", "个", counts), *blocks(6)[2:]]
    return brief(course=[chart(50)], blocks=more, concerns=concerns(4), sentences=sentences)


def empty_brief() -> Brief:
    """Nothing is on record."""
    nothing = Line("到位资金", None, None, None, None, False, False, None, None, None, None, "")
    return brief(
        blocks=[Block("资金", "万元", [nothing])], years=[], course=[], urgent=[], concerns=[]
    )


def summary() -> Summary:
    """A year of the province over several pages."""
    rows = [[f"县{at:02d}", "跨越发展类", "优秀", f"{99 - at}.00", f"{at}"] for at in range(1, 60)]
    heads = ("考核对象", "类别", "等次", "得分", "名次")
    grades = Grid("受援县", heads, (0.28, 0.24, 0.18, 0.15, 0.15), rows, "注。", lefts=3)
    return Summary(
        replace(HEAD, title="年度总结", period="2025年"),
        [("全年", "2025 年度已结束，26 个县中有任务的 26 个，其中20 县完成。")],
        "截至 2025-12-31，26 / 26 县已报第四季度季报。",
        "2025 年",
        "2024 年",
        "任务口径完成\n（全年）",
        0,
        blocks(),
        [
            Section("二、三大飞地与返利", ["产业飞地 30 个。"], (), [chart(4), chart(3)]),
            Section("五、考核等次", ["没有通报。"], [grades]),
        ],
        brief().urgent,
        concerns(),
    )
