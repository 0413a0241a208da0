"""Papers speak the field's language: one name for one thing, no words of the machine."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pikepdf
import pypdf
import pytest

from tests.papers.common.samples import PAPERS, printed
from tests.papers.scorecard.reading import squeezed
from tracker.core.quantities.figure import Figure
from tracker.core.quantities.printed import amount_words
from tracker.year.measures.catalogue import CATALOGUE

ROOT = Path(__file__).parents[3]
# What each thing was called besides its name.
RETIRED = {
    "经营数据": "运营季报",
    "目标任务": "年度任务",
    "检查与表扬": "问题与抽查",
    "消薄村": "村",
    "等级": "等次",
    "结对县工作人员": "工作人员",
    "跨市结对": "结对关系",
    "行政区域": "地区",
}
MACHINE = (
    re.compile(r"\b(None|True|False|NaN|Infinity|null|undefined)\b"),
    re.compile(r"\d{4}-\d\d-\d\dT\d\d"),  # a moment as machines write it
    re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b"),  # a name in code
    re.compile(r"<(?:[A-Z]\w*|[a-z]\w*\.\w+)[ >]"),  # what Python shows of an object
    re.compile(r"Decimal\(|Fraction\(|datetime\."),
    re.compile(r"签发人\s*命令行|命令行"),
    re.compile(r"\d+\s*类\s*\d+\s*个对象"),
    re.compile(r"[-−]0(?!\d|\.\d|-)"),  # less than nothing of nothing
)
ADDRESS = re.compile(r"https?://\S+")


def texts(pdf: bytes) -> Iterator[str]:
    """All that a paper says: pages, bookmarks, its properties, words in place of figures."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    yield from (page.extract_text() for page in reader.pages)
    yield from (str(reader.metadata.get(key, "")) for key in ("/Title", "/Author", "/Subject"))
    waiting = list(reader.outline)
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting += item
        else:
            yield item.title
    with pikepdf.open(io.BytesIO(pdf)) as file:
        yield from (str(of.Alt) for of in file.objects if _has_words(of))


def _has_words(of: pikepdf.Object) -> bool:
    return isinstance(of, pikepdf.Dictionary) and "/Alt" in of


@pytest.mark.parametrize("name", PAPERS)
def test_papers_use_the_names_that_the_pages_use(name: str) -> None:
    whole = "\n".join(squeezed(text) for text in texts(printed(name)))
    assert [word for word in RETIRED if word in whole] == []


@pytest.mark.parametrize("name", sorted(PAPERS.keys() - {"scorecard-strange"}))
def test_papers_say_nothing_in_the_machines_words(name: str) -> None:
    """The card of strange names is left out: its names are what a machine would say."""
    measures = {measure for measure in CATALOGUE.measures if {".", "_"} & set(measure)}
    for text in texts(printed(name)):
        said = ADDRESS.sub("", text)
        for pattern in MACHINE:
            found = pattern.search(said)
            assert found is None, (name, pattern.pattern, said[max(0, found.start() - 40) :][:90])
        words = set(re.findall(r"[a-z][a-z0-9_.]*[a-z0-9]", said))
        assert not words & measures, (name, words & measures)


def test_each_pattern_finds_what_it_is_there_for() -> None:
    bad = ("None", "2024-06-01T08:00", "funds_in_place", "<Region 4>", "Decimal('1')")
    bad += ("签发人 命令行", "9 类 238 个对象", "−0 分")
    for pattern, words in zip(MACHINE, bad, strict=True):
        assert pattern.search(words), words
    good = "2024-06-30，−0.5 分，1–0 名，SH2024-S01-0001，0 万元"
    assert not any(pattern.search(good) for pattern in MACHINE)


def strings(source: str) -> Iterator[str]:
    """The texts in a module, its docstrings apart."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def test_no_text_of_the_program_has_a_retired_name() -> None:
    """Pages, commands and messages are made of these."""
    found = [
        (path.relative_to(ROOT).as_posix(), word)
        for path in sorted((ROOT / "tracker").rglob("*.py"))
        for text in strings(path.read_text())
        for word in RETIRED
        if word in text
    ]
    found += [
        (path.relative_to(ROOT).as_posix(), word)
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for word in RETIRED
        if word in path.read_text()
    ]
    assert found == []


@pytest.mark.parametrize(
    ("value", "unit", "precision", "words"),
    [
        ("2394.853526", "万元", "", ("≈2,394.85 万元",)),
        ("2394.85", "万元", "", ("2,394.85 万元",)),
        ("2394.859", "万元", "≥", ("≥ 2,394.85 万元",)),
        ("133761.9054", "万元", "", ("13.38 亿元", "(≈133,761.91 万元)")),
        ("96.296297", "%", "", ("≈96.3%",)),
        ("66.666667", "%", "", ("66.7%", "(≈66.67%)")),
        ("86.9003", "%", "", ("≈86.9%",)),
        ("86.9", "%", "", ("86.9%",)),
        ("0.0012", "万元/亩", "", ("0.0012 万元/亩",)),
        ("0", "万元", "", ("0 万元",)),
    ],
)
def test_a_figure_has_at_most_two_decimals_and_says_where_that_rounds_it(
    value: str, unit: str, precision: str, words: tuple[str, ...]
) -> None:
    assert amount_words(Figure(Decimal(value), unit, precision)) == words
