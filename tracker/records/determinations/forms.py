"""The form that rules on a fact."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wtforms import HiddenField
from wtforms.validators import Optional

from tracker.records.determinations.models import Ruling
from tracker.records.determinations.values import TYPES
from tracker.web.forms import Form, choice, long_text
from tracker.web.kit.fields import NumberField

PLACES = 8


class BulkForm(Form):
    """What is decided of facts in `unit`; of which, and what of them, comes with the request."""

    value = NumberField("核定值", [Optional()], places=PLACES, description="结论为更正的才填。")
    reason = long_text(
        "理由", 1000, description="更正和不予认定须说明理由，例如所缺的凭证、核减的口径。"
    )

    def __init__(self, unit: str, **options: Any) -> None:
        self._unit = {"比例": "%", "是否": ""}.get(unit, unit)
        super().__init__(**options)
        self._say(unit, self._unit)

    def process(self, *given: Any, **options: Any) -> None:
        """Read all fields, the value with its unit behind it or without."""
        self.value.unit = self._unit
        super().process(*given, **options)

    def _say(self, unit: str, words: str) -> None:
        if unit == "是否":
            self.value.description = "结论为更正的才填：1 为是，0 为否。"
        elif words:
            kind = TYPES.get(unit)
            hint = f"，{kind.hint}" if kind else ""
            self.value.description = f"单位：{words}{hint}。结论为更正的才填。"


class RulingForm(BulkForm):
    """What is decided of one fact. `reported` and `latest` are what the person saw of it."""

    ruling = choice("结论", Ruling.choices(), coerce=Ruling)
    reported = HiddenField()
    latest = HiddenField()


def _share() -> NumberField:
    """A share is typed in per cent."""
    return NumberField(
        "核定值",
        [Optional()],
        places=PLACES - 2,
        percent=True,
        description="单位：%。结论为更正的才填。",
    )


class ShareForm(RulingForm):
    """The same for a share."""

    value = _share()


class ShareBulkForm(BulkForm):
    """The same for shares."""

    value = _share()


class AnswerForm(Form):
    """What a place says of a ruling on its figure."""

    makes = True

    agrees = choice("答复", [("1", "无异议"), ("0", "有异议")])
    words = long_text(
        "说明", 1000, description="有异议的须写明理由；补充的佐证请在有关记录上传，并在这里写明。"
    )


class AcceptForm(Form):
    """Accept some facts as they were reported; which, comes with the request."""


def written(reported: Decimal | None) -> str:
    """A reported value as the forms carry it along."""
    return "" if reported is None else f"{reported.normalize():f}"
