"""Snapshots of two invented years, made without a database: classes, ties, vetoes, prizes,
sheets that wait for data, the longest names, everything that a pair and an enclave can show."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tests.papers.reports.documents_sites import SUPPORTER, enclave, pair
from tests.papers.scorecard.pdf_samples import LONG_NAME
from tracker.engine.scoring import ENGINE, canonical_json
from tracker.year.assessments.scored import ScoredSnapshot, score_document

CITY = "330100"
COUNTIES = {f"3311{n:02}": f"示例{n:02}县" for n in range(21, 51)} | {"331199": LONG_NAME}
ENCLAVES = {f"FD-{n:02}": f"示例消薄飞地{n:02}号" for n in range(1, 6)} | {"FD-99": LONG_NAME}
PAIR = f"{SUPPORTER}-331121-shanhai"
LEAPFROG, ECOLOGICAL = "跨越发展类", "生态发展类"

_BOOK = """
format = 1
code = "{code}"
year = {year}
title = "{title}评分细则"
subject = "{subject}"
status = "designed"
full_marks = 100
bonus_cap = 5
tie_break = ["base"]
classes = ["跨越发展类", "生态发展类"]
[[source]]
title = "示例文件"
url = "https://example.org/"
date = 2020-05-15
[[grade]]
name = "优秀"
at_least = 90
quota = 0.1
[[grade]]
name = "合格"
at_least = 60
[[grade]]
name = "不合格"
at_least = 0
[[indicator]]
code = "1"
group = "产业"
name = "到位资金"
clause = "第一条"
words = "{words}"
points = 60
method = "ratio"
value = "funds"
target = 100
[[indicator]]
code = "2"
group = "交流"
name = "互访"
clause = "第二条"
words = "每次 10 分"
points = 40
applies = "island == 0"
absent = "spread"
method = "count"
value = "visits"
unit = 10
[[indicator]]
code = "J1"
group = "加分"
name = "推广"
clause = "第三条"
words = "每项 1 分"
points = 5
kind = "bonus"
method = "count"
value = "adopted"
unit = 1
[[veto]]
name = "弄虚作假"
when = "fraud == 1"
grade = "不合格"
total_at_most = 59
[[veto]]
name = "年内调出"
when = "left == 1"
unranked = true
"""
_ABOVE = """
format = 1
code = "{code}"
year = {year}
title = "{title}评分细则"
subject = "{subject}"
status = "designed"
full_marks = 100
[[source]]
title = "示例文件"
[[grade]]
name = "优秀"
at_least = 90
[[grade]]
name = "合格"
at_least = 0
[[indicator]]
code = "1"
group = "受援"
name = "受援县得分"
clause = "第一条"
words = "受援县得分"
points = 100
method = "ratio"
value = "score.county.recipient"
target = 100
"""
BOOKS = {
    "county.recipient": ("demo-recipient", "受援县", _BOOK),
    "county.supporter": ("demo-supporter", "支援县", _BOOK),
    "enclave.income": ("demo-income", "消薄飞地", _BOOK),
    "city": ("demo-city", "设区市", _ABOVE),
    "pair": ("demo-pair", "结对", _ABOVE),
}

MEASURES = (
    ("funds", "到位资金", "万元"),
    ("visits", "互访", "次"),
    ("adopted", "推广", "项"),
    ("island", "海岛县", "是否"),
    ("fraud", "弄虚作假", "是否"),
    ("left", "年内调出", "是否"),
    ("score.county.recipient", "受援县得分", "分"),
)


def document(year: int, words: str = "比 100", **changes: Any) -> dict[str, Any]:
    """The document of 2023 or 2024: a county less and other figures in the first. `words` are the
    formula of the first line of counties and enclaves."""
    files = {
        f"{code}.toml": text.format(code=code, year=year, title=title, subject=subject, words=words)
        for subject, (code, title, text) in BOOKS.items()
    }
    prize = '[[prize]]\nsubject = "county.recipient"\nname = "一等奖"\n'
    prize += "ranks = [1, 2]\namount = 300\n"
    counties = {code: name for code, name in COUNTIES.items() if year > 2023 or code != "331122"}
    sheets = {
        "county.recipient": _sheet(year, counties, _county, "受援县"),
        "county.supporter": _sheet(year, {SUPPORTER: "示例强区"}, _enclave, "支援县"),
        "enclave.income": _sheet(year, ENCLAVES, _enclave, "消薄飞地"),
        "city": _sheet(year, {CITY: "示例市"}, lambda at, year: ("", {}), "设区市"),
        "pair": _sheet(year, {PAIR: "示例强区—示例21县"}, lambda at, year: ("", {}), "结对"),
    }
    for code in ENCLAVES:
        sheets["enclave.income"]["subjects"][code]["belongs_to"] = ["331121"]
    sheets["pair"]["subjects"][PAIR]["belongs_to"] = [SUPPORTER, "331121"]
    sheets["city"]["members"] = {CITY: {"county.recipient": ["331121", "331124"]}}
    sheets["pair"]["members"] = {PAIR: {"county.recipient": ["331121"]}}
    return {
        "snapshot": 3,
        "year": year,
        "engine": ENGINE,
        "frozen_at": f"{year + 1}-01-20T01:30:00+00:00",
        "column": "province",
        "set": {"text": f"year = {year}\nrulebooks = {json.dumps(list(files))}\n{prize}"}
        | {"files": files},
        "sheets": sheets,
        "measures": {name: {"label": label, "unit": unit} for name, label, unit in MEASURES},
        "records": {},
        "annex": {
            "holdings": {},
            "rulings": {},
            "proofs": {},
            "province": {"code": "330000", "name": "浙江省"},
            "enclaves": {code: enclave(name) for code, name in ENCLAVES.items()},
            "pairs": {PAIR: pair()},
        },
        "previous": None,
    } | changes


def snapshot(of: dict[str, Any]) -> ScoredSnapshot:
    """A document scored from the bytes that would be stored."""
    content = canonical_json(of)
    return score_document(hashlib.sha256(content).hexdigest(), json.loads(content))


def years(words: str = "比 100") -> tuple[ScoredSnapshot, ScoredSnapshot]:
    """Two years, the second naming the first; `words` are the first's (see `document`)."""
    before = snapshot(document(2023, words))
    named = {"year": 2023, "sha256": before.sha256}
    return before, snapshot(document(2024, previous=named))


def _county(at: int, year: int) -> tuple[str, dict[str, int | None]]:
    """Class and facts of the county at a place in the list."""
    facts = {
        "funds": 40 + (at * 37 + year) % 70,
        "visits": (at + year) % 5,
        "adopted": at % 3,
        "island": int(at == 5),
        "fraud": int(at == 6),
        "left": int(at == 7),
    }
    if at == 9 and year == 2024:
        del facts["funds"]
    if at == 11 and year == 2023:
        return ECOLOGICAL, facts
    return (LEAPFROG if at % 2 else ECOLOGICAL) if at != 5 else "", facts


def _enclave(at: int, year: int) -> tuple[str, dict[str, int | None]]:
    return "", _county(at, year)[1] | {"island": 0, "fraud": 0, "left": 0}


def _sheet(year: int, names: dict[str, str], facts, label: str) -> dict[str, Any]:
    # A county keeps its class and its figures wherever it stands in the list.
    found = {code: facts(int(code[-2:]) - 21, year) for code in names if code[-2:].isdigit()}
    found |= {code: facts(0, year) for code in names if code not in found}
    file = {
        "year": year,
        "subjects": [
            {"code": code, "name": names[code], "class": class_name, "measures": measures}
            for code, (class_name, measures) in found.items()
        ],
    }
    return {
        "facts": dict.fromkeys(("county", "city", "province"), file),
        "subjects": {
            code: {
                "kind": label,
                "place": "示例市" if label.endswith("县") else "",
                "belongs_to": [CITY],
                "region_id": 1,
                "enclave_id": None,
                "sample": True,
            }
            for code in names
        },
        "members": {},
        "reasons": {column: {} for column in ("county", "city", "province")},
        "undetermined": {},
        "records": {},
    }
