"""The rulebooks of every year as files: sound, honest about their sources, fed by the catalogue."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from tests.year.rulebooks.sheets import EVERY_FILE, FILES, YEARS, book, reader
from tracker.engine.scoring import check_measures, check_set, load_set
from tracker.engine.scoring.names import current_measure
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.names import known_measures

SUBJECTS = {
    "county.recipient": 17,
    "county.supporter": 18,
    "enclave.industrial": 12,
    "enclave.innovation": 10,
    "enclave.income": 10,
    "park.industrial": 10,
    "park.tourism": 9,
    "city": 2,
    "pair": 2,
}
FROM_2025 = {"enclave.development": 8, "village.demonstration": 8}
# Sites that carry copies of other publishers' pages; their addresses must not reach a scorecard.
COPIES = (
    "luosuoe.com",
    "wcgdqj.cn",
    "sanhaostreet.com",
    "021cf.cn",
    "qwitaly.com",
    "5dsz.xyz",
    "symw247.com",
    "bxdltl.cn",
    "fissico.com",
    "crsrw.com",
    "a899.cn",
    "fymate.cn",
    "thetileguync.com",
    "olppe.com",
    "changxiangtd.cn",
    "lfbxx.com",
    "49.213.0.198",
)
GROWTH_STARTS = {8: "6.4", 4: "3.2", 20: "16", 10: "8", 15: "12"}


def lines_of(year: int) -> dict[str, int]:
    """Subject → how many lines its table has in the year's set."""
    return SUBJECTS | FROM_2025 if year >= 2025 else SUBJECTS


@pytest.mark.parametrize("year", YEARS)
def test_every_kind_of_subject_has_one_sheet(year: int) -> None:
    assert sorted(book(year, file).subject for file in FILES[year]) == sorted(lines_of(year))


@pytest.mark.parametrize(("year", "file"), EVERY_FILE)
def test_head_says_designed_and_keeps_to_the_ground_rules(year: int, file: str) -> None:
    found = book(year, file)
    assert (found.year, found.status, found.issuer, found.document) == (year, "designed", "", "")
    assert (found.full_marks, found.bonus_cap, found.line_decimals) == (
        100,
        10,
        3 if found.subject == "pair" else 2,
    )
    grades = [(grade.name, int(grade.at_least)) for grade in found.grades]
    assert grades == [("优秀", 90), ("良好", 80), ("合格", 60), ("不合格", 0)]
    assert [float(grade.quota) for grade in found.grades if grade.quota] == [0.5]
    assert found.tie_break[0].text == "base"
    assert len(found.tie_break) == 2


@pytest.mark.parametrize(("year", "file"), EVERY_FILE)
def test_lines_are_those_of_the_table_and_sum_to_full_marks(year: int, file: str) -> None:
    found = book(year, file)
    scored = [line for line in found.indicators if line.kind == "score"]
    assert len(scored) == lines_of(year)[found.subject]
    assert sum(line.points for line in scored) == 100


@pytest.mark.parametrize(("year", "file"), EVERY_FILE)
def test_no_address_of_a_copy(year: int, file: str) -> None:
    hosts = [urlsplit(source.url).hostname for source in book(year, file).sources if source.url]
    assert hosts
    assert [host for host in hosts if host.endswith(COPIES)] == []


@pytest.mark.parametrize(("year", "file"), EVERY_FILE)
def test_every_measure_is_in_the_catalogue_of_its_kind_of_subject(year: int, file: str) -> None:
    found = book(year, file)
    assert check_measures(found, known_measures()) == []
    kind = found.subject.partition(".")[0]
    own = {measure.name for measure in CATALOGUE.measures.values() if measure.subject == kind}
    read_names = {current_measure(name) for name in found.measures}
    foreign = {name for name in read_names - own if not name.startswith("score.")}
    assert foreign == set()


def test_no_measure_without_a_sheet_that_asks_for_it() -> None:
    """But for the count of all 发展飞地, of which the sheets ask by direction."""
    asked = {current_measure(name) for of in EVERY_FILE for name in book(*of).measures}
    assert set(CATALOGUE.measures) - asked == {"enclaves.development"}


@pytest.mark.parametrize(("year", "file"), EVERY_FILE)
def test_words_are_enough_to_compute_by_hand(year: int, file: str) -> None:
    for line in book(year, file).indicators:
        assert line.data_source, line.code
        assert line.evidence, line.code
        assert len(line.words) > 12, line.code
        if line.combine is None and line.parts[0].method.name in ("ratio", "gate"):
            assert re.search(rf"(?<![\d.]){line.points}分", line.words), line.code
        if any(part.method.name == "growth" for part in line.parts):
            assert f"增速为0得{GROWTH_STARTS[line.points]}分" in line.words, line.code
        # A line that asks for a target without a default says what happens without one.
        targets = [name for name in line.names if name.startswith("target.")]
        assert bool(targets) == ("没有下达" in line.words and "不可计分" in line.words) or any(
            name.startswith("baseline.") for name in line.names
        ), line.code
        if line.applies is not None:
            assert ("分摊" in line.words) == (line.absent == "spread"), line.code


@pytest.mark.parametrize(("year", "file"), EVERY_FILE)
def test_clauses_are_unique_and_follow_the_groups(year: int, file: str) -> None:
    lines = book(year, file).indicators
    clauses = [line.clause for line in lines]
    assert len(set(clauses)) == len(clauses)
    articles = {(line.group, line.clause.partition("（")[0]) for line in lines}
    assert len(articles) == len({group for group, _ in articles})
    assert all(
        re.fullmatch(r"第[一二三四五六七八九十]+条（[一二三四五六七八九十]+）", c) for c in clauses
    )


@pytest.mark.parametrize(("year", "file"), EVERY_FILE)
def test_chinese_text_has_full_width_punctuation(year: int, file: str) -> None:
    texts = re.findall(r'"([^"]*[一-鿿][^"]*)"', reader(year)(file).decode())
    assert texts
    assert [text for text in texts if re.search(r"[一-鿿][,:;()!]|[,:;()!][一-鿿]", text)] == []


@pytest.mark.parametrize("year", YEARS)
def test_the_set_is_whole_and_scores_from_the_bottom_up(year: int) -> None:
    text, read = reader(year)("set.toml"), reader(year)
    assert check_set(text, read, known_measures()) == []
    found = load_set(text, read, known_measures())
    order = [rulebook.subject for rulebook in found.rulebooks]
    assert sorted(order) == sorted(lines_of(year))
    counties = {"county.recipient", "county.supporter"}
    for lower in lines_of(year).keys() - counties - {"city", "pair"}:
        assert order.index(lower) < order.index("county.recipient"), lower
    for county in counties:
        assert order.index(county) < min(order.index("city"), order.index("pair"))


@pytest.mark.parametrize("year", YEARS)
def test_prizes_are_for_parks_without_money_no_source_gives(year: int) -> None:
    found = load_set(reader(year)("set.toml"), reader(year))
    for subject in ("park.industrial", "park.tourism"):
        prizes = [prize for prize in found.prizes if prize.subject == subject]
        assert [prize.name for prize in prizes] == ["一等奖", "二等奖", "三等奖"]
        assert [prize.first for prize in prizes] == [1, *(prize.last + 1 for prize in prizes[:-1])]
        assert [prize.amount for prize in prizes] == [None] * 3
    assert {prize.subject for prize in found.prizes} == {"park.industrial", "park.tourism"}


@pytest.mark.parametrize(("year", "file"), EVERY_FILE)
def test_bad_news_is_counted_once(year: int, file: str) -> None:
    """Parks take safety and ecology as a line of their own, and nowhere else."""
    found = book(year, file)
    deductions = [line.code for line in found.indicators if line.kind == "deduction"]
    assert deductions == (["K1", "K2", "K3"] if found.subject.startswith("county.") else [])
    inside = [line.code for line in found.indicators if "park.accidents" in line.names]
    assert inside == {"park.industrial": ["8"], "park.tourism": ["7"]}.get(found.subject, [])
