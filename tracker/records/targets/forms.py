"""The form of a task, in the unit of its measure."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tracker.core.db import db
from tracker.core.quantities.units import unfit
from tracker.records.places.models import Region
from tracker.records.places.subjects import OneSubject
from tracker.records.targets.models import SUBJECT_COLUMNS, Target
from tracker.web.forms import Required
from tracker.web.kit import form_of
from tracker.web.kit.fields import NumberField
from tracker.year.measures.fields import check_measure, measure_field, unit_of

PLACES = 6


class MeasuredField(NumberField):
    """A figure in the unit of a measure; a share is typed in per cent."""

    def in_unit(self, unit: str) -> None:
        """Read and write in `unit` from now on."""
        self.unit = unit
        self.percent = unit == "比例"
        self.places = PLACES - 2 if self.percent else PLACES

    def read(self, typed: str) -> Decimal:
        value = super().read(typed)
        if said := unfit(value, self.unit):
            raise ValueError(said)
        return value


class TargetForm(
    OneSubject,
    form_of(  # type: ignore[misc]  # a base that is made from the model
        Target,
        (
            ("对象", SUBJECT_COLUMNS),
            ("任务", ("year", "measure", "value", "due_on")),
            ("来自", ("document", "responsible_unit", "parent_id")),
        ),
        future=("due_on",),
        help={
            "region_id": "地方、飞地、产业园、结对关系只选一项。",
            "document": "下达任务的文件名和文号。",
            "parent_id": "由省、市任务分解而来的，选上一级的任务。",
        },
        measure=measure_field("指标", SUBJECT_COLUMNS, required=True),
        value=MeasuredField(
            "任务数",
            [Required()],
            places=PLACES,
            description="以所选指标的单位计，见指标名后的括号；比例按百分数填，例如 85。",
        ),
    ),
):
    """What is asked of whom, in the unit of the measure."""

    def set_units(self, told: Callable[[str], Any]) -> None:
        self.value.in_unit(unit_of(told("measure")))

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Each field, then the measure of the subject, and the task above."""
        good = super().validate(extra_validators)
        good = check_measure(self) and good
        return self._fits_above() and good

    def _fits_above(self) -> bool:
        above = db.session.get(Target, self.parent_id.data) if self.parent_id.data else None
        if above is None:
            return True
        place = db.session.get(Region, self.region_id.data) if self.region_id.data else None
        if (above.year, above.measure) != (self.year.data, self.measure.data):
            said = "上级任务的年度和指标须与本任务相同。"
        elif place is None or above.region_id != place.parent_id:
            said = "上级任务须是直接上一级地方的任务。"
        else:
            return True
        self.add_error("parent_id", said)
        return False
