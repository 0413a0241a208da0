"""The coded list of operating figures, with unit and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tracker.core.db.codes import LabelledEnum
from tracker.core.quantities.units import COUNTED


class Item(LabelledEnum):
    """What is reported each quarter of an enclave or a park."""

    OUTPUT = "output", "产值"
    VALUE_ADDED = "value_added", "增加值"
    REVENUE = "revenue", "营业收入"
    ABOVE_SCALE_FIRMS = "above_scale_firms", "规上企业数"
    LAND_SUPPLIED = "land_supplied", "已供面积"
    LAND_DEVELOPED = "land_developed", "开发面积"
    FLOOR_USABLE = "floor_usable", "可用面积"
    FLOOR_OCCUPIED = "floor_occupied", "入驻面积"
    OCCUPANCY_RATE = "occupancy_rate", "出租率"
    INCUBATED_PROJECTS = "incubated_projects", "孵化项目数"
    SENIOR_TALENTS = "senior_talents", "副高以上及硕士人才"
    PROVINCIAL_TALENTS = "provincial_talents", "省级人才"
    VISITORS = "visitors", "游客人次"
    FARMERS_INCOME = "farmers_income", "园区农民人均收入"
    TRADE = "trade", "产销对接额"


# What records tell as it happens is asked no more; what stands of it counts as it did.
OF_RECORDS: dict[Item, str] = {
    Item.TRADE: "产销对接额由消费帮扶的逐笔记录（选产业园）得出，不再按季填报。请登记消费帮扶。",
}
ASKED: tuple[Item, ...] = tuple(item for item in Item if item not in OF_RECORDS)


@dataclass(frozen=True)
class Meaning:
    """Unit of an item, and whether quarters add up to the year (a flow) or the last one stands."""

    unit: str
    is_flow: bool
    definition: str


def not_possible(item: Item, value: Decimal) -> str:
    """Why `value`, in the item's unit, can be no figure of it; "" where it can."""
    meaning = MEANINGS[item]
    if item is Item.OCCUPANCY_RATE and value > 100:
        return "出租率不能大于 100。"
    if meaning.unit in COUNTED and value != value.to_integral_value():
        return f"{item.label}按{meaning.unit}数，请填写整数。"
    return ""


MEANINGS: dict[Item, Meaning] = {
    Item.OUTPUT: Meaning("万元", True, "本季度工业总产值，不含以前季度。"),
    Item.VALUE_ADDED: Meaning("万元", True, "本季度增加值，不含以前季度。"),
    Item.REVENUE: Meaning("万元", True, "本季度营业收入，不含以前季度。"),
    Item.ABOVE_SCALE_FIRMS: Meaning("家", False, "季度末在库的规模以上企业数。"),
    Item.LAND_SUPPLIED: Meaning("亩", False, "截至季度末累计已供应的土地面积。"),
    Item.LAND_DEVELOPED: Meaning("亩", False, "截至季度末累计已开发的土地面积。"),
    Item.FLOOR_USABLE: Meaning("m²", False, "季度末可供入驻的建筑面积。"),
    Item.FLOOR_OCCUPIED: Meaning("m²", False, "季度末已入驻的建筑面积。"),
    Item.OCCUPANCY_RATE: Meaning("%", False, "季度末已出租面积占可出租面积的百分比。"),
    Item.INCUBATED_PROJECTS: Meaning("个", True, "本季度新增的孵化项目数。"),
    Item.SENIOR_TALENTS: Meaning("人", False, "季度末在岗的副高以上职称及硕士以上人才数。"),
    Item.PROVINCIAL_TALENTS: Meaning("人", False, "季度末在岗的省级以上人才数。"),
    Item.VISITORS: Meaning("人次", True, "本季度接待的游客人次。"),
    Item.FARMERS_INCOME: Meaning("元", True, "本季度园区范围内农民人均收入。"),
    Item.TRADE: Meaning("万元", True, "本季度与结对方产销对接的金额。"),
}
