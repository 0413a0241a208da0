"""The forms of task lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import HiddenField
from wtforms.validators import Optional

from tracker.core.quantities.days import last_day
from tracker.records.annual.models import AnnualTask, TaskPart
from tracker.records.annual.sheet_rules import OF_ENCLAVES, measures_offered
from tracker.records.targets.forms import PLACES, MeasuredField
from tracker.web.forms import DayField, Form, Required, choice, long_text, text
from tracker.web.kit import form_of
from tracker.year.measures.fields import measure_words, unit_of


def measure_label(name: str) -> str:
    """What the measure of a task is called, with its unit."""
    unit = unit_of(name)
    of = "（消薄、发展飞地合计）" if name in OF_ENCLAVES else ""
    return f"{measure_words(name)}{of}" + (f"（{unit}）" if unit else "")


class AnnualTaskForm(
    form_of(  # type: ignore[misc]  # a base that is made from the model
        AnnualTask,
        (
            ("任务", ("year", "number", "name", "clause", "lead")),
            ("要求", ("measure", "total", "due_on", "note")),
        ),
        future=("due_on",),
        help={
            "number": "清单中的编号。",
            "clause": "任务出自哪个文件、哪一条。",
            "lead": "省级牵头单位。",
            "due_on": "一般为年末；按季度要求的填该季度最后一日。",
            "note": "完成的标准、口径。",
        },
        measure=choice(
            "指标",
            [(name, measure_label(name)) for name in measures_offered()],
            required=False,
            empty="无（事项任务，由承担单位报告完成）",
            description="选了指标的，完成数由有关记录算出，不再填报。",
        ),
        total=MeasuredField(
            "全省总数",
            [Optional()],
            places=PLACES,
            description="以所选指标的单位计；比例按百分数填。可相加的指标必须填写。",
        ),
    ),
):
    """A task of the province's list."""

    def process(
        self, formdata: Any = None, obj: Any = None, data: Any = None, **options: Any
    ) -> None:
        self._of = obj
        super().process(formdata, obj, data, **options)

    def set_units(self, told: Callable[[str], Any]) -> None:
        unit = unit_of(told("measure"))
        self.total.in_unit(unit)
        if unit and self._of is not None and self._of.is_issued:  # whose measure is not on the form
            counted = "按百分数填" if self.total.percent else f"以{unit}计"
            self.total.description = f"{counted}。可相加的指标必须填写。"

    def validate(self, extra_validators: dict | None = None) -> bool:
        good = super().validate(extra_validators)
        # What a task is cannot be changed once it is issued: then it is the record that says it.
        measure = self.measure.data if "measure" in self else self._of.measure
        if not measure and "total" in self and self.total.data is not None:
            self.add_error("total", "事项任务没有总数；有数的请选择指标。")
            good = False
        due, year = self.due_on.data, self.year.data if "year" in self else self._of.year
        if due and year and due.year != year:
            self.add_error("due_on", f"完成期限应在 {year} 年内，最晚 {last_day(year)}。")
            good = False
        return good


class IssueForm(Form):
    """What is said when a list is issued; `seen` is what the person looked at."""

    seen = HiddenField()
    reason = long_text(
        "理由", 500, description="首次下达且各项相符的可以不写；其他的必须写，一直显示给各级。"
    )

    def ask_why(self) -> None:
        """Ask for the reason: the list was issued before, or its parts do not add up."""
        self.reason.flags.required = True
        self.reason.description = "必须写明，一直显示给各级。"


class TermsForm(Form):
    """By when a part is due and who sees to it."""

    due_on = DayField("完成期限", [Optional()], description="不填的与任务相同。")
    responsible = text("责任人", 120, description="承担单位的负责人或联系人。")
    reason = long_text("理由", 500, description="作为一次调整保留。")

    def of(self, part: TaskPart) -> TermsForm:
        """Asked of `part`: with a reason where it was issued, else without."""
        if part.given:
            self.reason.flags.required = True
        else:
            del self.reason
        return self


class ReportForm(Form):
    """That a part is done."""

    version = HiddenField()
    done_on = DayField("完成日期", [Required()])
    result = long_text(
        "完成情况", 400, required=True, description="做了什么、成果在哪里；佐证材料在本页上传。"
    )


class ReopenForm(Form):
    """Why it is not done after all."""

    version = HiddenField()
    reason = long_text("理由", 400, required=True)
