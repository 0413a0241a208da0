"""The forms of a quarter's operating figure and of a tenant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tracker.core.db import db
from tracker.core.quantities.days import QUARTERS
from tracker.records.enclaves.models import Enclave
from tracker.records.operations.items import ASKED, MEANINGS, OF_RECORDS, Item, not_possible
from tracker.records.operations.locked import why_locked
from tracker.records.operations.models import OperatingFigure, Tenant
from tracker.records.parks.models import Park
from tracker.records.submissions.locks import not_begun
from tracker.web.forms import Required, choice, offer, precision
from tracker.web.kit import form_of
from tracker.web.kit.fields import NumberField

_BY_VALUE = {item.value: meaning for item, meaning in MEANINGS.items()}
_ONE_SITE = "飞地和产业园须选一个，也只能选一个。"

FIGURE_CONSTRAINTS = {
    "ck_operating_figures_one_subject": ("park_id", _ONE_SITE),
    "ck_operating_figures_occupancy_rate": ("value", "出租率不能大于 100。"),
    "uq_operating_figures_enclave": ("item", "该飞地本季度已报这一项。请修改原来的记录。"),
    "uq_operating_figures_park": ("item", "该产业园本季度已报这一项。请修改原来的记录。"),
}
TENANT_CONSTRAINTS = {"ck_tenants_one_subject": ("park_id", _ONE_SITE)}


def _choices(*items: Item) -> list[tuple[str, str]]:
    return [(item.value, f"{item.label}（{MEANINGS[item].unit}）") for item in items]


_FigureFields = form_of(
    OperatingFigure,
    (
        ("所报对象", ("enclave_id", "park_id")),
        ("季度", ("year", "quarter")),
        ("数值", ("item", "value", "precision")),
        ("依据", ("source_id",)),
    ),
    help={
        "enclave_id": "飞地和产业园只选一个。",
        "quarter": "填 1 至 4。",
        "source_id": "数字取自公开资料的，请选来源。",
    },
    # The table bounds the value of one item alone, which a field of all items must not do.
    value=NumberField(
        "数值",
        [Required()],
        places=6,
        description="单位见所选项目；产值等流量只填本季度，面积、人数等存量填季度末。",
    ),
    item=choice(
        "项目",
        _choices(*ASKED),
        coerce=Item,
    ),
    precision=precision("精确程度"),
)


class OperatingFigureForm(_FigureFields):  # type: ignore[misc,valid-type]  # made from the model
    """A figure in the unit of the item that is chosen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        standing = getattr(options.get("obj"), "item", None)
        if standing in OF_RECORDS:  # it can be mended, and no other like it is made
            offer(self.item, _choices(*ASKED, standing))

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Each field by itself, then whether the quarter has begun and is not locked."""
        good = super().validate(extra_validators)
        item, value = self.item.data, self.value.data
        if good and item and value is not None and (said := not_possible(item, value)):
            self.add_error("value", said)
            return False
        year, quarter = self.year.data, self.quarter.data
        site = self._site()
        if site is None or year is None or quarter not in QUARTERS:
            return good
        if said := not_begun(year, quarter) or why_locked(site, year, quarter):
            self.add_error("quarter", said)
            return False
        return good

    def _site(self) -> Enclave | Park | None:
        """The one that was chosen; None where none or both were."""
        enclave, park = self.enclave_id.data, self.park_id.data
        if bool(enclave) is bool(park):
            return None
        return db.session.get(Enclave, enclave) if enclave else db.session.get(Park, park)

    def set_units(self, told: Callable[[str], Any]) -> None:
        meaning = _BY_VALUE.get(str(told("item")))
        self.value.unit = meaning.unit if meaning else ""


TenantForm = form_of(
    Tenant,
    (
        ("入驻何处", ("enclave_id", "park_id")),
        ("企业", ("name", "credit_code", "is_technology", "is_above_scale")),
        ("入驻", ("moved_in_on", "moved_out_on", "area_m2")),
    ),
    help={
        "enclave_id": "飞地和产业园只选一个。",
        "credit_code": "18 位统一社会信用代码。",
        "moved_out_on": "仍在园内的不填。",
    },
)
