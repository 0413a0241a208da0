"""Snapshots of two invented years, made without a database: classes, ties, vetoes, prizes,
sheets that wait for data, the longest names, everything that a pair and an enclave can show."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tests.scorecards.pdf_samples import LONG_NAME
from tracker.assessments.scored import ScoredSnapshot, score_document
from tracker.scoring import ENGINE, canonical_json

CITY, SUPPORTER = "330100", "330111"
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


def document(year: int, **changes: Any) -> dict[str, Any]:
    """The document of 2023 or 2024: a county less and other figures in the first."""
    files = {
        f"{code}.toml": text.format(
            code=code, year=year, title=title, subject=subject, words=f"比 100，{year // 2024}"
        )
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


def years() -> tuple[ScoredSnapshot, ScoredSnapshot]:
    """Two years, the second naming the first."""
    before = snapshot(document(2023))
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


def enclave(name: str, villages: int = 163) -> dict[str, Any]:
    """What is frozen of an enclave with many villages."""
    return {
        "name": name,
        "kind": "消薄飞地",
        "began_as": "消薄飞地",
        "direction": "反向飞地",
        "origin": "示例21县",
        "host": "示例强区",
        "region_ids": [21, 11],
        "platform": "示例平台",
        "sample": True,
        "signed_on": "2018-01-02",
        "started_on": None,
        "completed_on": None,
        "in_use_on": "2019-03-01",
        "closed_on": None,
        "area_mu": "12.5",
        "floor_m2": None,
        "total_capital": "12000",
        "village_capital": "9780",
        "villages": villages,
        "has_share_list": True,
        "has_return_clause": None,
        "has_fund_ledger": False,
        "has_village_disclosure": True,
        "terms": [
            _term("按本金约定收益率", rate="0.10008", capital_base="村集体出资"),
            _term("保底", amount="474.012"),
            _term("租金分成", rate="0.89", ends_on=None),
            _term("每年固定金额", amount="100.8"),
            _term("地方留存税收分成", rate="0.3"),
        ],
        "agreement": {
            "building_mode": "合资公司开发",
            "duties": "飞出地招商，飞入地配套",
            "starts_on": "2018-01-02",
            "ends_on": None,
            "origin_cost_share": "0.6",
            "host_cost_share": "0.4",
            "operator": "示例运营公司",
            "full_time_staff": 3,
            "splits": [
                {
                    "from_year": 2018,
                    "to_year": None,
                    "origin_share": "0.65",
                    "host_share": "0.35",
                }
            ],
            "documents": [
                {"kind": "共建协议", "title": name, "number": "示例1号", "signed_on": "2018-01-02"}
            ],
        },
        "returns": [
            _return(2024, "1317.6", "1300.5"),
            _return(2023, "1317.6", "1317.6"),
            _return(2022, None, None, "返利按本金计算，但未填报总出资"),
        ],
        "payments": [
            _payment("2024-06-24", "2024-06-30", "700.25"),
            _payment("2024-12-30", "2024-12-20", "600.25"),
        ],
        "money": {
            "rebate": {"label": "返利", "amount": "1300.5", "precision": "≥", "count": 2},
            "rent": {"label": "租金", "amount": "1077.3", "precision": "", "count": 4},
        },
        "stakes": [
            {
                "code": f"3311{n:08}",
                "name": f"示例{n:03}村",
                "town": "示例镇",
                "weak": n % 2 == 0,
                "agreed": "60",
                "paid": "60",
                "share": None,
                "joined_on": None,
                "left_on": None,
                "received": f"{n}.0625",
                "received_before": "8",
            }
            for n in range(1, villages + 1)
        ],
        "spaces": [
            {"kind": "土地（亩）", "step": "约定", "quantity": "12.5", "on": "2018-01-02"}
            | {"due_on": "2018-12-31"}
        ],
        "tenants": [
            {
                "name": LONG_NAME,
                "moved_in_on": "2023-10-15",
                "moved_out_on": None,
                "area_m2": "150",
                "is_technology": True,
                "is_above_scale": False,
            }
        ],
        "figures": {"output": {"label": "产值", "value": "42308.5", "unit": "万元"}},
    }


def _term(kind: str, **fields: str | None) -> dict[str, Any]:
    empty = dict.fromkeys(("rate", "amount"))
    ends = {"starts_on": "2018-01-02", "ends_on": "2027-12-31"}
    return {"kind": kind, "capital_base": "", "note": "", "source": ""} | empty | ends | fields


def _return(year: int, due: str | None, paid: str | None, reason: str = "") -> dict[str, Any]:
    return {"year": year, "due": due, "reason": reason, "paid": paid} | {
        "precision": "",
        "payments": 2,
    }


def _payment(on: str, due_on: str, amount: str) -> dict[str, Any]:
    return {"on": on, "due_on": due_on, "amount": amount, "precision": "", "villages": 81} | {
        "voucher": "示例凭证"
    }


def pair() -> dict[str, Any]:
    """What is frozen of a pair, with forty projects."""
    return {
        "supporter": {"code": SUPPORTER, "name": "示例强区"},
        "recipient": {"code": "331121", "name": "示例21县"},
        "region_ids": [11, 21],
        "scheme": "山海协作",
        "since": "2002-01-01",
        "sample": True,
        "money": {
            kind: {"label": kind, "amount": amount, "precision": "", "count": 4}
            for kind, amount in (
                ("aid_sent", "537"),
                ("aid_received", "536.5"),
                ("aid_used", "465.7938"),
                ("social_aid", "67"),
                ("land_quota", "12345.6"),
            )
        },
        "projects": [
            {
                "name": f"示例项目{n:02}号" if n else LONG_NAME,
                "investor": "示例企业",
                "counted": n % 7 != 6,
                "total": None if n == 3 else str(38_580 - n),
                "funds": f"{n}.5" if n else None,
                "completed": f"{n}.25",
                "signed_on": "2024-03-10",
                "started_on": "2024-08-15" if n % 2 else None,
                "in_production_on": None,
            }
            for n in range(40)
        ],
        "project_sums": {
            "counted": 35,
            "large": 39,
            "signed": 40,
            "started": 20,
            "in_production": 0,
            "funds": "29274.17",
            "completed": "26456.4178",
        },
        "visits": {"supporter": 2, "recipient": 0},
        "meetings": 1,
        "events": 3,
        "cadres": {"supporter": 2, "recipient": 1},
        "cadres_sent": {"supporter": 1, "recipient": None},
        "specialists": {"教育": 5, "卫生": 4},
        "trainings": {"培训就业": {"people": 176, "employed": 92}},
        "institutions": {"学校": 5, "医院": 0},
        "sales": {"amount": "643", "count": 7},
        "villages": [],
        "enclaves": ["FD-01", "FD-99"],
        "parks": [],
    }
