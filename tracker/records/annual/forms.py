"""The forms of task lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wtforms import HiddenField
from wtforms.validators import Optional

from tracker.core.quantities.days import last_day
from tracker.records.annual.grid import Check, Sheet
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
    """What is said when a list is issued; `seen` is what the person looked at. Each task whose
    parts do not make it up has a field for its own reason besides, as `issue_form` makes them."""

    seen = HiddenField()
    reason = long_text("说明", 500, description="可以不写；写了的一直显示给各级。")
    wrong: Mapping[str, Check] = {}

    def validate(self, extra_validators: dict | None = None) -> bool:
        good = super().validate(extra_validators)
        for name, check in self.wrong.items():
            if not (self[name].data or "").strip():
                self.add_error(name, f"{check.words}。仍要下达的，请写明理由。")
                good = False
        return good

    @property
    def whys(self) -> dict[int, str]:
        """The reasons by task (id)."""
        return {check.column.task.id: self[name].data for name, check in self.wrong.items()}


def issue_form(sheet: Sheet, before: Mapping[int, str]) -> IssueForm:
    """The form by which `sheet` is issued; `before`: the reasons of the version before, by task."""
    wrong = {f"why_{c.column.task.id}": c for c in sheet.checks if not c.fits}
    fields: dict[str, Any] = {
        name: long_text(
            f"“{check.column.task.name}”分解不符的理由",
            300,
            description="必须写明，只说这一项，一直显示给各级。",
        )
        for name, check in wrong.items()
    }
    made = type("IssueFormOfList", (IssueForm,), {**fields, "wrong": wrong})
    said = {name: before.get(check.column.task.id, "") for name, check in wrong.items()}
    form: IssueForm = made(data=said)
    for name in wrong:
        form[name].flags.required = True
    if sheet.is_issued:
        form.reason.label.text = "调整的理由"
        form.reason.flags.required = True
        form.reason.description = "必须写明，一直显示给各级。"
    elif wrong:
        del form.reason
    return form


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
