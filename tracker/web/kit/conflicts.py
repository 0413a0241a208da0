"""Two people at one record: what stands now beside what the second one typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wtforms import Field, SelectField
from wtforms.widgets import HiddenInput

from tracker.web.forms import Form
from tracker.web.kit.fields import LinkField

KEEP = "keep-"  # + the field's name: "mine" or "theirs"


@dataclass(frozen=True)
class Difference:
    """A field that somebody else changed, or that the person changed: both wordings."""

    name: str
    label: str
    theirs: str
    mine: str


def differences(form: Form, current: Form) -> list[Difference]:
    """Where `form` as it was sent differs from the record as it stands (`current`).

    The form goes on from the present version: saving once more is then a decision.
    """
    found = [
        Difference(field.name, field.label.text, _words(current[field.name]), _words(field))
        for field in form
        if not isinstance(field.widget, HiddenInput) and field.data != current[field.name].data
    ]
    form.form_errors.append(
        "记录已被他人修改，本次未保存。您填写的内容仍在下面；与现值不同之处已并列，"
        "请逐项选定后再次保存。"
    )
    form["version"].raw_data = None
    form["version"].data = current["version"].data
    return found


def decided(values: dict[str, Any], sent: Any) -> dict[str, Any]:
    """`values` without those of which the person chose to keep what stands in the record."""
    return {name: v for name, v in values.items() if sent.get(f"{KEEP}{name}") != "theirs"}


def _words(field: Field) -> str:
    if isinstance(field, LinkField):
        return field.label_of(field.data) or "空"
    if isinstance(field, SelectField):
        if field.data is None:
            return "空"
        return next((c.label for c in field.iter_choices() if c.selected), "空")
    return field._value() or "空"
