"""Another province's table, with classes and grades of its own: from Excel to the printed card
without a line of code."""

from __future__ import annotations

import io

import openpyxl
from flask import Flask

from tests import factories as make
from tests.papers.texts import page_texts
from tracker.core.db import db
from tracker.core.db.records import now
from tracker.engine.scoring import canonical_json
from tracker.papers.scorecard.build import card_of
from tracker.papers.scorecard.pdf import scorecard_pdf
from tracker.records.places.classes import checked_class
from tracker.year.assessments.freeze import freeze
from tracker.year.assessments.scored import scored
from tracker.year.measures.names import known_measures
from tracker.year.rulebooks import queries, service, shelf
from tracker.year.rulebooks.models import SetStatus
from tracker.year.rulebooks.received import read_books
from tracker.year.rulebooks.sheet import write_template

CLASSES = ("高原类", "草原类", "边境类")
HEAD = {
    "细则编号": "qh-county",
    "考核年度": 2024,
    "名称": "对口协作县评分细则",
    "考核对象": "受援县",
    "性质": "正式",
    "制定单位": "示例省协作办",
    "文号": "示例协作〔2024〕3号",
    "满分": 100,
    "类别": "、".join(CLASSES),
}
GRADES = (("A级", 85, 0.25), ("B级", 70, None), ("C级", 50, None), ("D级", 0, None))
LINES = (
    {"编号": "1", "分值": 60, "计分方法": "计数法", "实际值": "projects.counted", "得分": 30},
    {
        "编号": "2",
        "分值": 40,
        "分类分值": "边境类 | 40",
        "计分方法": "名次法",
        "实际值": "projects.counted",
        "明细": "1 | 40\n2 | 20",
    },
)


def workbook() -> bytes:
    """The template with the example replaced by the other province's table."""
    book = openpyxl.load_workbook(io.BytesIO(write_template()))
    for title in ("基本信息", "依据", "等次", "指标", "限额", "一票否决"):
        book[title].delete_rows(2, 200)
    for pair in HEAD.items():
        book["基本信息"].append(pair)
    book["依据"].append(["示例省协作办法"])
    for grade in GRADES:
        book["等次"].append(grade)
    heads = [str(cell.value).removesuffix("*") for cell in book["指标"][1]]
    for line in LINES:
        said = {"一级指标": "产业", "二级指标": f"指标{line['编号']}", "条款": "第一条"}
        said |= {"计分说明": "示例", **line}
        book["指标"].append([said.get(head) for head in heads])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_classes_grades_and_quota_are_the_rulebooks_own(sqlite_app: Flask) -> None:
    (read,) = read_books(workbook(), names=["表"], supplied=sorted(known_measures()))
    assert read["faults"] == []
    stored = service.make(None, 2024, "对口协作", SetStatus.OFFICIAL, HEAD["文号"], {})
    service.put(stored, {"表": str(read["text"])}, None)
    service.publish(stored, "", None)
    db.session.flush()
    assert queries.in_force()[2024][0] == stored.id
    places = make.zhejiang()
    make.listing(places["缙云县"], checked_class("高原类"))
    make.listing(places["庆元县"], checked_class("边境类"))
    make.project(places["缙云县"], signed_on=make.DAY, started_on=make.DAY)
    make.project(places["缙云县"], signed_on=make.DAY, started_on=make.DAY)
    content = canonical_json(freeze(shelf.year_set(2024), now()))
    snapshot = scored("another", content)
    sheet = snapshot.sheets["qh-county"]
    cards = {card.subject.class_name: card for card in sheet.result.scorecards}
    assert set(cards) == {"高原类", "边境类"}
    assert (cards["高原类"].grade, cards["高原类"].rank) == ("A级", 1)
    code = cards["高原类"].subject.code
    text = "".join("".join(page_texts(scorecard_pdf(card_of(snapshot, "qh-county", code)))).split())
    for words in ("高原类", "A级", "正式", "示例省协作办", "对口协作县评分表"):
        assert words in text, words
    for words in ("跨越发展类", "生态发展类", "优秀", "示例细则"):
        assert words not in text, words
