"""What value a ruling may put in place: that of its measure's type, told by the measure's unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tracker.core.quantities.units import COUNTED, SHARE

YES_OR_NO = "是否"


@dataclass(frozen=True)
class ValueType:
    """Values from 0 on with at most `places` decimals, to `most` where there is one; `unit` is what
    a person types, `scale` how many of it make one of the measure's."""

    places: int
    unit: str
    most: Decimal | None = None
    scale: int = 1

    def fault(self, value: Decimal) -> str:
        """Why `value`, in the measure's unit, is none of this type; "" if it is one."""
        if not value.is_finite():
            return "请填写数字。"
        if value < 0:
            return "不能为负数。"
        typed = value * self.scale
        if typed != round(typed, self.places):
            if not self.places:
                return f"单位为{self.unit}，须为整数。"
            return f"单位为{self.unit}，最多 {self.places} 位小数。"
        if self.most is not None and value > self.most:
            return f"不能大于 {self.most * self.scale:f}{self.unit}。"
        return ""

    @property
    def hint(self) -> str:
        """For the help below a field."""
        return "整数" if not self.places else f"最多 {self.places} 位小数"


# Money is exact to the 分, land to a ten-thousandth of a 亩, as their records are.
TYPES: dict[str, ValueType] = {
    **{unit: ValueType(0, unit) for unit in COUNTED},
    "万元": ValueType(6, "万元"),
    "元": ValueType(2, "元"),
    "亩": ValueType(4, "亩"),
    "m²": ValueType(2, "m²"),
    "万人次": ValueType(4, "万人次"),
    "万元/亩": ValueType(8, "万元/亩"),
    SHARE: ValueType(6, "%", Decimal(1), 100),
}

_units: dict[str, str] = {}


def measured_in(units: Mapping[str, str]) -> None:
    """Learn the unit of each measure; the catalogue, which stands above, tells them."""
    _units.update(units)


def fault(measure: str, value: Decimal) -> str:
    """Why `value` cannot stand for `measure`, in Chinese; "" if it can."""
    unit = _units.get(measure)
    return "没有这项指标，无从核定。" if unit is None else fault_in(unit, value)


def fault_in(unit: str, value: Decimal) -> str:
    """Why `value` cannot be that of a measure in `unit`, in Chinese; "" if it can."""
    if unit == YES_OR_NO:
        return "" if value in (0, 1) else "请填 1（是）或 0（否）。"
    return TYPES[unit].fault(value)
