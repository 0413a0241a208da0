"""申诉处理 in the province's report: how many, of whom, and each with its answer."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.engine.typeset.boxes import Align, Box, Paragraph
from tracker.papers.common.looks import NOTE, SUBHEADING, numbered_table
from tracker.papers.reports.model import ProvinceReport


def objections(report: ProvinceReport) -> Iterator[Box]:
    """Nothing where nobody objected."""
    found = report.objections
    if found is None:
        return
    number, *numbers = found.total
    told = zip(found.states, numbers, strict=True)
    words = "，".join(f"{state} {of} 件" for state, of in told if of)
    yield Paragraph(f"公示期内提出申诉 {number} 件：{words}。", NOTE)
    titles = ("提出", *found.states)
    rows = [[place, *map(str, of)] for place, of in found.places]
    right: Align = "right"
    aligns: list[Align] = ["left", *(right for _ in titles)]
    widths = (112, *(50,) * len(titles))
    total = ["合计", *map(str, found.total)]
    yield numbered_table(("申诉单位", *titles), widths, rows, aligns, total)
    yield Paragraph("申诉和答复", SUBHEADING)
    listed = [
        [
            f"第 {one.number} 号\n{one.place}",
            f"{one.subject}\n{one.line}",
            "\n".join(filter(None, (one.state, one.over))),
            one.reason,
        ]
        for one in found.each
    ]
    heads = ("申诉", "评分对象和指标", "结果", "理由")
    yield numbered_table(heads, (76, 124, 62, 150), listed)
