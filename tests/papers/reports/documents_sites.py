"""What a snapshot keeps of an enclave and of a pair: all that their papers can show."""

from __future__ import annotations

from typing import Any

from tests.papers.scorecard.pdf_samples import LONG_NAME

SUPPORTER = "330111"


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
    projects = [
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
    ]
    counted = [of for of in projects if of["counted"]]
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
        "projects": projects,
        "project_sums": {
            "counted": len(counted),
            "large": sum(of["total"] is not None for of in counted),
            "signed": len(counted),
            "started": sum(of["started_on"] is not None for of in counted),
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
