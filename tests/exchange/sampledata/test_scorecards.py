"""One card of every kind of subject and year: what is printed is what the engine's JSON says."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pikepdf
import pypdf
import pytest

from tests.exchange.sampledata.conftest import Sampled
from tests.papers.scorecard.reading import Element, number, squeezed, structure, tables
from tracker.core.quantities.printed import grouped
from tracker.engine.scoring import result_json
from tracker.exchange.sampledata.scene import YEARS
from tracker.papers.scorecard.card import Card, LineKind
from tracker.papers.scorecard.pdf import scorecard_pdf
from tracker.records.determinations.models import Ruling, RulingLevel
from tracker.records.ledger.models import EntryKind
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.year.measures.labels import undone_words

LEVELS = list(RulingLevel)
LINES = "指标 满分 自评 初审 复核 失分 计分过程 数据来源"
FACTS = "事实 数值 依据的记录"
PROJECTS = "项目 阶段 总投资（万元） 当年到位资金（万元） 当年完成投资（万元）"
NOTED = re.compile("(?:部分)?沿用(?:自评|初审)$|缺佐证$|核定后记录有变$|△未核定$")
FIGURE = re.compile(r"\d+(?:\.\d+)?")


# Of the kinds that are alike, one.
SOME = frozenset(
    {"city", "county.recipient", "county.supporter", "enclave.income", "pair", "park.industrial"}
)


def chosen(points: ScoredSnapshot, every: bool) -> Iterator[tuple[ScoredSheet, str]]:
    """One subject of every sheet, or of some: one that was corrected if there is any, else the
    middle one."""
    for sheet in points.sheets.values():
        if not every and sheet.rulebook.subject not in SOME:
            continue
        codes = [card.subject.code for card in sheet.result.scorecards]
        ruled = points.document["annex"]["rulings"].get(sheet.rulebook.subject, {})
        corrected = [code for code in codes if code in ruled]
        yield sheet, (corrected or codes)[len(corrected or codes) // 2]


def json_cards(points: ScoredSnapshot, sheet: ScoredSheet, code: str) -> list[dict[str, Any]]:
    """The engine's JSON of the subject in the three columns."""
    measures = points.document["measures"].items()
    labels = {name: about["label"] for name, about in measures}
    units = {name: about["unit"] for name, about in measures}
    units |= {name: "分" for name in sheet.rulebook.measures if name.startswith("score.")}
    found = []
    for result in (sheet.results[level] for level in LEVELS):
        own = tuple(card for card in result.scorecards if card.subject.code == code)
        found += result_json(replace(result, scorecards=own), labels, units)["subjects"]
    assert len(found) == len(LEVELS)
    return found


@dataclass(frozen=True)
class Printed:
    """A card, the sheet and the snapshot that it is of, its file, and what the file says."""

    points: ScoredSnapshot
    sheet: ScoredSheet
    card: Card
    pdf: bytes
    document: Element
    tables: dict[str, list[list[str]]]
    json: list[dict[str, Any]]

    @property
    def counting(self) -> dict[str, Any]:
        """The engine's JSON of the column that the card goes by."""
        return self.json[LEVELS.index(self.sheet.column)]


@pytest.fixture(scope="module")
def printed(sampled: Sampled, years, cards) -> list[Printed]:
    found = []
    for year in sampled.years:
        points = years[year]
        for sheet, code in chosen(points, len(sampled.years) > 1):
            card = cards(year, sheet.rulebook.code, code)
            pdf = scorecard_pdf(card)
            document = structure(pdf)
            told = json_cards(points, sheet, code)
            found.append(Printed(points, sheet, card, pdf, document, tables(document), told))
    return found


def test_every_kind_of_subject_of_every_year_is_printed(printed) -> None:
    books = [paper.sheet.rulebook for paper in printed]
    kinds = {(book.year, book.subject) for book in books}
    printed_years = {year for year, _ in kinds}
    assert max(printed_years) == YEARS[-1]
    assert len(kinds) == len(printed) >= (29 if len(printed_years) == len(YEARS) else len(SOME))


def test_the_lines_table_says_what_the_engine_says_in_every_column(printed) -> None:
    for paper in printed:
        rows = {squeezed(row[0]): row for row in paper.tables[LINES]}
        highest = LEVELS.index(paper.sheet.column)
        for at, line in enumerate(paper.counting["lines"]):
            row = rows[squeezed(f"{line['code']} {line['name']}")]
            where = f"{paper.card.year} {paper.card.subject_name} {line['code']}"
            effective, _, original = squeezed(row[1]).partition("原")
            assert number(effective) == Decimal(line.get("spread_points") or line["points"]), where
            assert number(original or effective) == Decimal(line["points"]), where
            for level, (column, cell) in enumerate(zip(paper.json, row[2:5], strict=True)):
                found = NOTED.sub("", squeezed(cell))
                check_points(column["lines"][at], found, level > highest, where)
            kind = paper.sheet.rulebook.indicators[at].kind
            check_lost(line, kind, row[5], where)
            said, told = FIGURE.findall(line["explain"]), FIGURE.findall(squeezed(row[6]))
            assert told[: len(said)] == said, where


def check_points(line: dict[str, Any], cell: str, above: bool, where: str) -> None:
    if above:
        assert cell == "—", where
    elif line["state"] == "unscorable":
        assert cell == "□不可计分", where
    elif line["state"] == "not_applicable":
        award = cell.removesuffix("／不适用")
        assert cell.endswith("／不适用"), where
        assert number(award or "0") == Decimal(line["award"]), where
    else:
        assert number(cell.removesuffix("○未报")) == Decimal(line["award"]), where


def check_lost(line: dict[str, Any], kind: str, cell: str, where: str) -> None:
    """What a scored line lacks of its full marks stands in a column of its own."""
    lost = Decimal(0)
    if line["state"] == "scored" and kind == "score":
        lost = Decimal(line.get("spread_points") or line["points"]) - Decimal(line["award"])
    assert (number(cell) if cell else Decimal(0)) == max(lost, Decimal(0)), where


def test_totals_grade_and_rank_are_the_engines(printed) -> None:
    for paper in printed:
        total, counting = paper.tables[LINES][-1], paper.counting
        highest = LEVELS.index(paper.sheet.column)
        for level, (column, cell) in enumerate(zip(paper.json, total[2:5], strict=True)):
            expected = "—" if level > highest else grouped(column["total"])
            assert squeezed(cell) == expected, paper.card.subject_name
        first = squeezed("".join(part.text for part in paper.document.all("P")))
        if counting["complete"]:
            assert f"总分{grouped(counting['total'])}满分" in first
            assert f"等次{counting['grade']}" in first
            assert counting["rank"] is None or f"第{counting['rank']}名/" in first
        for words, points_of in (("基础分", "base"), ("加分", "bonus"), ("扣分", "deduction")):
            figure = grouped(counting[points_of].removeprefix("-"))
            assert f"{words}{figure}分" in squeezed(total[6])


def test_the_groups_add_up_to_the_totals(printed) -> None:
    for paper in printed:
        groups = [group for group in paper.card.groups if group.kind is LineKind.SCORE]
        rows = {squeezed(row[0]): row for row in paper.tables[LINES]}
        for level, column in enumerate(paper.json[: LEVELS.index(paper.sheet.column) + 1]):
            cells = [rows[squeezed(group.name)][2 + level] for group in groups]
            added = sum(number(cell) for cell in cells if cell != "—")
            assert added == Decimal(column["base"]), (paper.card.subject_name, level, cells)


def test_facts_are_the_engines_inputs(printed) -> None:
    compared = 0
    for paper in printed:
        rows: dict[str, list[str]] = {}
        for label, value, _ in paper.tables[FACTS]:
            rows.setdefault(squeezed(label), []).append(squeezed(value))
        for line in paper.counting["lines"]:
            for name, value in line["inputs"].items():
                about = paper.points.document["measures"].get(name)
                if about is None or value is None or about["unit"] == "是否":
                    continue
                exact = Decimal(value) * (100 if about["unit"] == "比例" else 1)
                cents = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
                short = exact.normalize() if cents in (exact, 0) else cents
                figure = grouped(f"{short:f}")
                found = rows[squeezed(about["label"])]
                if not exact and about.get("nought") in found:
                    compared += 1  # what nobody agreed or issued is told by its word
                    continue
                records = paper.sheet.records(paper.card.subject_code, name)
                if undone_words(name, Decimal(value), records) in found:
                    compared += 1  # and what nobody sampled by its own
                    continue
                where = (paper.card.subject_name, name, figure, found)
                assert any(figure in cell for cell in found), where
                compared += 1
    assert compared > 15 * len(printed)


def test_money_behind_the_facts_is_the_annexs(printed) -> None:
    listed = 0
    for paper in printed:
        of = paper.points.document["annex"]["holdings"]["of"]
        own = of.get(paper.sheet.rulebook.subject, {}).get(paper.card.subject_code)
        own = own or {"projects": [], "ledger": {}}
        projects = paper.tables.get(
            "项目 阶段 总投资（万元） 当年到位资金（万元） 当年完成投资（万元）", []
        )
        assert len(projects) == len(own["projects"])
        ledger = {row[0]: row for row in paper.tables.get("科目 当年合计（万元） 笔数", [])}
        assert len(ledger) == len(own["ledger"])
        for kind, total in own["ledger"].items():
            row = ledger[EntryKind(kind).label]
            amount = Decimal(total["amount"]).quantize(Decimal("0.01"), ROUND_HALF_UP)
            assert number(row[1].lstrip("≥≤≈ ")) == amount, paper.card.subject_name
            assert number(row[2]) == Decimal(total["entries"])
        listed += len(projects)
    assert listed > 2 * len(printed)


def test_corrections_stand_on_the_paper_with_their_reasons(printed) -> None:
    shown = 0
    for paper in printed:
        rows = paper.tables.get("事实 上报值 核定值 核定 理由", [])
        of = paper.points.document["annex"]["rulings"][paper.sheet.rulebook.subject]
        rulings = of.get(paper.card.subject_code, [])
        for row, ruling in zip(rows, rulings, strict=True):
            label = paper.points.document["measures"][ruling["measure"]]["label"]
            assert squeezed(row[0]) == squeezed(label)
            assert squeezed(ruling["reason"]) in squeezed(row[4])
            assert Ruling(ruling["ruling"]).label in row[3]
            assert ruling["on"] in row[3]
        shown += len(rows)
    assert shown > 5


def test_lower_cards_stand_on_the_paper_with_their_totals(printed) -> None:
    for paper in printed:
        by_subject = {lower.rulebook.subject: lower for lower in paper.points.sheets.values()}
        rows = {row[2]: row for row in paper.tables.get("名称 类别 代码 得分 等次", [])}
        members = {
            kind: [
                code
                for code in codes
                if paper.sheet.takes(kind, by_subject[kind].frozen["subjects"][code].get("part"))
            ]
            for kind, codes in paper.sheet.frozen["members"]
            .get(paper.card.subject_code, {})
            .items()
        }
        assert sum(map(len, members.values())) == len(rows)
        for kind, codes in members.items():
            for code in codes:
                assert number(rows[code][3]) == by_subject[kind].card(code).total


def test_a_card_that_builds_on_invented_cards_is_marked_as_sample(printed) -> None:
    upper = [paper for paper in printed if paper.sheet.rulebook.subject in ("city", "pair")]
    assert upper
    for paper in upper:
        assert paper.card.sample, paper.card.subject_name
        with pikepdf.open(io.BytesIO(paper.pdf)) as file:
            assert "示例数据" in str(file.docinfo.Subject)


def test_every_card_is_tagged_and_has_its_bookmarks(printed) -> None:
    for paper in printed:
        headings = [squeezed(heading.text) for heading in paper.document.all("H2")]
        for heading in ("分组得分", "指标得分", "事实与依据", "佐证材料", "核验信息"):
            assert heading in headings, paper.card.subject_name
        with pikepdf.open(io.BytesIO(paper.pdf)) as file, file.open_outline() as outline:
            (top,) = outline.root
            assert top.title == paper.card.title
            assert [squeezed(item.title) for item in top.children] == headings


def test_the_first_page_is_one_page(printed) -> None:
    for paper in printed:
        second = pypdf.PdfReader(io.BytesIO(paper.pdf)).pages[1].extract_text()
        assert "指标得分" in second, paper.card.subject_name
