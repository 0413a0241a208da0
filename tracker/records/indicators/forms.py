"""The form of a county indicator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms.validators import StopValidation

from tracker.core.quantities.reading import may_be_negative
from tracker.records.indicators.models import CountyIndicator
from tracker.web.forms import Form, Required, precision
from tracker.web.kit import form_of
from tracker.web.kit.fields import NumberField

CONSTRAINTS = {
    "uq_county_indicators_place": (
        "indicator",
        "该地方本年度已有这项指标。请修改原来的记录，不要重复登记。",
    ),
}


def _above_nothing(form: Form, field: Any) -> None:
    """Refuse a figure below 0 that its unit and its name do not allow."""
    unit, name = form.unit.data or "", form.indicator.data or ""
    if field.data is not None and field.data < 0 and not may_be_negative(unit, name):
        raise StopValidation(
            f"{name or '指标'}的单位是{unit or '空的'}，不能为负数。增速等可以为负数的，单位填 %。"
        )


_Fields = form_of(
    CountyIndicator,
    (
        ("指标", ("region_id", "year", "indicator")),
        ("数值", ("value", "unit", "precision")),
        ("依据", ("source_id", "note", "reason")),
    ),
    help={
        "indicator": "名称照统计公报所写，例如：一般公共预算收入。",
        "unit": "例如 亿元、元、万人、%。",
        "reason": "该地方这一年的年报已锁定的才填，例如“统计年鉴修订”。",
        "source_id": "公布此数的页面；名录中没有的，请考核人员先登记来源。",
    },
    value=NumberField(
        "数值",
        [Required(), _above_nothing],
        places=6,
        signed=True,
        description="单位填在下一项；下降的增速写成 -1.2，单位填 %。",
    ),
    precision=precision("精确程度", description="公报只说“超过”“不足”“约”的，请照选。"),
)


class CountyIndicatorForm(_Fields):  # type: ignore[misc,valid-type]  # made from the model
    """A figure in the unit that is typed beside it."""

    def set_units(self, told: Callable[[str], Any]) -> None:
        self.value.unit = told("unit")
