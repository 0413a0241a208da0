"""Papers of one snapshot that print the same fact print the same value."""

from __future__ import annotations

import re
from decimal import Decimal

from tests.papers.reports.documents import PAIR, document, snapshot
from tests.papers.reports.reading import body, squeezed
from tracker.papers.catalogue import PaperRef, paper_pdf, papers_of
from tracker.papers.common.head import PaperKind
from tracker.papers.enclave.build import enclave_report
from tracker.papers.reports.determined import ENCLAVE_FACTS
from tracker.papers.scorecard.build import card_of
from tracker.year.measures.catalogue import CATALOGUE

# What an enclave's yearly sheet prints, and the measure of the same fact.
FLAGS = {
    "村参股名单": "contract.share_list",
    "书面返利条款": "contract.return_clause",
    "资金台账": "villages.fund_ledger",
    "村务公开": "villages.disclosure",
}
RULED = {
    "contract.share_list": "0",  # the record says 是
    "contract.return_clause": "1",  # the record says nothing: the terms do
    "villages.fund_ledger": None,  # refused; the record says 否
    "villages.disclosure": "1",
    "villages.listed": "81",
    "capital.agreed": "9000.5",
    "returns.due": "1200.25",
    "returns.paid": "1100",
}
_LINE = """
[[indicator]]
code = "F{at}"
group = "事实"
name = "{name}"
clause = "第{at}条"
words = "按事实"
points = 1
missing = "zero"
method = "ratio"
value = "{name}"
target = 1
"""


def ruled() -> dict:
    """A year whose income enclaves are scored by all facts that their yearly sheets print; rulings
    made them others than the records say."""
    of = document(2024)
    file = of["set"]["files"]
    mark = "[[veto]]"
    lines = "".join(_LINE.format(at=at, name=name) for at, name in enumerate(RULED, 1))
    text = file["demo-income.toml"].replace("points = 40\n", f"points = {40 - len(RULED)}\n")
    head, _, rest = text.partition(mark)
    file["demo-income.toml"] = head + lines.lstrip() + mark + rest
    sheet = of["sheets"]["enclave.income"]
    (facts,) = {id(found): found for found in sheet["facts"].values()}.values()
    given = {name: value for name, value in RULED.items() if value is not None}
    for subject in facts["subjects"]:
        subject["measures"] = {**subject["measures"], **given}
    of["annex"]["holdings"] = {"of": {}, "projects": {}}
    for name in RULED:
        measure = CATALOGUE.measures[name]
        of["measures"][name] = {"label": measure.label, "unit": measure.unit}
    return of


def test_every_fact_that_is_printed_twice_is_printed_alike() -> None:
    """Walk all papers: each fact is read off the card, the yearly sheet, and the pair's sheet."""
    points = snapshot(ruled())
    sheet = points.sheets["demo-income"]
    walked = set()
    texts: dict[tuple[PaperKind, str], str] = {}
    for ref in papers_of(points):
        if ref.kind in (PaperKind.ENCLAVE, PaperKind.PAIR) or ref.sheet == "demo-income":
            texts[ref.kind, ref.subject_code] = body(paper_pdf(points, ref))
    for (kind, code), text in texts.items():
        if kind is not PaperKind.ENCLAVE:
            continue
        card = {row.label: row for row in card_of(points, "demo-income", code).facts}
        report = enclave_report(points, code)
        (year, *_) = report.returns
        for words, name in FLAGS.items():
            row = card[CATALOGUE.measures[name].label]
            said = "未填报" if row.value is None else "是" if row.value.value else "否"
            assert re.search(f"{words}{said}", text), (code, words, said)
            walked.add(name)
        figures = {
            "villages.listed": str(report.listed),
            "returns.due": year.due.value,
            "returns.paid": year.paid.value,
            "capital.agreed": re.search("总出资([0-9,.]+)万元", text)[1].replace(",", ""),
        }
        for name, shown in figures.items():
            row = card[CATALOGUE.measures[name].label]
            assert Decimal(shown) == row.value.value, (code, name)
            walked.add(name)
        assert "合同应付1,317.6万元，复核计1,200.25万元" in text
    pair = texts[PaperKind.PAIR, PAIR]
    assert squeezed("示例消薄飞地01号 消薄飞地 示例21县·示例强区 1,200.25 1,100.00")[:-3] in pair
    assert walked == set(ENCLAVE_FACTS.values())
    assert sheet.card("FD-01").line("F1").award == 0


def test_without_a_sheet_the_records_stand_alone() -> None:
    of = document(2024)
    of["annex"]["enclaves"]["FD-77"] = of["annex"]["enclaves"]["FD-01"] | {"kind": ""}
    text = body(paper_pdf(snapshot(of), PaperRef(PaperKind.ENCLAVE, "", "FD-77", "示例")))
    assert "村参股名单是，书面返利条款未填报，资金台账否，村务公开是" in text
