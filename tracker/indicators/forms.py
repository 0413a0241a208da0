"""The form of a county indicator."""

from __future__ import annotations

from tracker.indicators.models import CountyIndicator
from tracker.web.forms import precision
from tracker.web.kit import form_of

CONSTRAINTS = {
    "uq_county_indicators_place": (
        "indicator",
        "该地方本年度已有这项指标。请修改原来的记录，不要重复登记。",
    ),
}

CountyIndicatorForm = form_of(
    CountyIndicator,
    (
        ("指标", ("region_id", "year", "indicator")),
        ("数值", ("value", "unit", "precision")),
        ("依据", ("source_id", "note")),
    ),
    help={
        "indicator": "名称照统计公报所写，例如：一般公共预算收入。",
        "value": "只填数字，单位填在下一项。",
        "unit": "例如 亿元、元、万人、%。",
        "source_id": "公布此数的页面；名录中没有的，请考核人员先登记来源。",
    },
    precision=precision("精确程度", description="公报只说“超过”“不足”“约”的，请照选。"),
)
