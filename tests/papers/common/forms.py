"""Forms to print in tests: with the longest names, amounts of every kind, and nothing at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.papers.scorecard.pdf_samples import HOSTILE, LONG_NAME
from tracker.core.quantities.figure import Figure, wan_yuan, yuan
from tracker.papers.application.model import ApplicationForm, Opinion
from tracker.papers.common.form import FormHead
from tracker.papers.quarter.model import (
    AidLine,
    EnclaveLine,
    ExchangeLine,
    Flow,
    ParkLine,
    ProjectLine,
    QuarterForm,
    TaskForm,
    TaskLine,
)

HEAD = FormHead("季度报送表", "2024年第三季度", "330825", "示例县", "2024-10-12 09:30", sample=True)
NOTHING = Flow(None, None)


def wan(figure: str, mark: str = "") -> Figure:
    return yuan(Decimal(figure) * 10_000, mark)


def of(figure: str, unit: str) -> Figure:
    return Figure(Decimal(figure), unit)


def project(name: str = "示例项目", **fields) -> ProjectLine:
    values = {
        "category": "产业合作",
        "total": wan("12000"),
        "signed_on": date(2023, 4, 16),
        "started_on": date(2023, 11, 1),
        "completed_on": None,
        "in_production_on": None,
        "funds": Flow(wan("738.1968"), wan("1500")),
        "completed": Flow(None, wan("320.5", "≥")),
    }
    return ProjectLine(name, **{**values, **fields})


def application_form(**fields) -> ApplicationForm:
    """An application with a text of more than a page, and opinions given and awaited."""
    values = {
        "kind": "山海协作专项资金项目",
        "name": LONG_NAME,
        "partner": "镇海区",
        "about": HOSTILE,
        "asked": wan("1500"),
        "granted": wan("1200.5"),
        "filed": date(2024, 2, 20),
        "works": "道路、管网和标准厂房建设。" * 150,
        "benefit": "",
        "papers": ("申报文件", "实施方案"),
        "opinions": (
            Opinion("申报单位意见", "同意申报", by="示例领导", on=date(2024, 3, 1)),
            Opinion("市级审核意见", "材料齐全，同意推荐", "", "示例审核", date(2024, 3, 9)),
            Opinion("立项", "", "示例〔2024〕3号，验收期限 2025-12-31", "", date(2024, 5, 1)),
            Opinion("验收意见"),
        ),
    }
    head = replace(HEAD, title="项目申报表", period="2024年")
    return ApplicationForm(head, **{**values, **fields})


def quarter_form() -> QuarterForm:
    """Projects over more than a page, one of each other thing."""
    return QuarterForm(
        head=HEAD,
        projects=(
            project(LONG_NAME, funds=NOTHING, completed=NOTHING, total=None, signed_on=None),
            *(project(f"示例项目第{number:02d}号") for number in range(1, 31)),
        ),
        enclaves=(
            EnclaveLine(
                "示例飞地", "消薄飞地", "镇海区", NOTHING, wan("100"), "", Flow(None, wan("60"))
            ),
            EnclaveLine(
                HOSTILE, "", "示例区", NOTHING, None, "返利按本金计算，但未填报总出资", NOTHING
            ),
        ),
        parks=(
            ParkLine(
                "示例产业园", "工业类产业园", "镇海区", Flow(wan("5"), wan("15")), NOTHING, NOTHING
            ),
        ),
        aid=(AidLine("镇海区", "山海协作", Flow(wan("164.8"), wan("412")), NOTHING, NOTHING),),
        exchanges=(
            ExchangeLine("高层互访", "次", None, of("2", "次")),
            ExchangeLine("消费帮扶", "元", wan("475"), wan("1051")),
        ),
        drafts=3,
    )


def empty_quarter_form() -> QuarterForm:
    """Nothing at all is on record."""
    return QuarterForm(replace(HEAD, sample=False), (), (), (), (), ())


def task_form() -> TaskForm:
    """Tasks of every unit, done and not, with the longest names."""
    task = TaskLine(
        task="项目到位资金",
        value=wan_yuan("25000"),
        done=wan_yuan("23456"),
        reason="",
        responsible="发展改革局",
        due_on=date(2024, 12, 31),
        parent="丽水市：项目到位资金",
        document="示例〔2024〕3号",
    )
    return TaskForm(
        replace(HEAD, title="任务清单", period="2024年度"),
        (
            task,
            replace(task, task="达标村占比", value=of("0.55", "比例"), done=of("0.5", "比例")),
            replace(task, task="通过验收", value=of("1", "是否"), done=of("0", "是否")),
            replace(
                task, task="培训就业", value=of("25000", "人次"), done=None, reason="第四季度未报送"
            ),
            replace(task, task=LONG_NAME, responsible=LONG_NAME, parent=HOSTILE, due_on=None),
            *(replace(task, task=f"示例任务第{number:02d}项") for number in range(1, 25)),
        ),
    )
