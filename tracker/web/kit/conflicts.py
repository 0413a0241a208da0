"""Two people at one record: what stands now beside what the second one typed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup
from wtforms import Field, SelectField
from wtforms.widgets import HiddenInput

from tracker.core.quantities.shown import figure, money
from tracker.web.forms import Form, MoneyField
from tracker.web.kit.fields import NumberField
from tracker.web.kit.links import LinkField

KEEP = "keep-"  # + the field's name: "mine" or "theirs"
SEEN = "seen"
_EMPTY = "空"


@dataclass(frozen=True)
class Difference:
    """A field that is not as it stands in the record: both wordings. `touched`: whether the
    person changed it, and not only somebody else."""

    name: str
    label: str
    theirs: Markup | str
    mine: Markup | str
    touched: bool


def marks(form: Form) -> str:
    """What the fields of `form` hold, as a text for its page that comes back with what is sent.

    It tells later which fields the person changed; nobody gains anything by forging it.
    """
    return json.dumps({field.name: _mark(field.data) for field in _fields(form)})


def differences(form: Form, current: Form, sent: Mapping[str, str]) -> list[Difference]:
    """Where `form` as it was sent differs from the record as it stands (`current`).

    The form goes on from the present version: saving once more is then a decision.
    """
    seen = _seen(sent.get(SEEN, ""))
    found = [
        Difference(
            field.name,
            field.label.text,
            words_of_field(current[field.name]),
            words_of_field(field),
            seen.get(field.name) != _mark(field.data),
        )
        for field in _fields(form)
        if field.data != current[field.name].data
    ]
    form.form_errors.append(
        "记录已被他人修改，本次未保存。您填写的内容仍在下面；与现值不同之处已并列，"
        "请逐项选定后再次保存。"
    )
    form["version"].raw_data = None
    form["version"].data = current["version"].data
    return found


def decided(values: Mapping[str, Any], sent: Mapping[str, str]) -> dict[str, Any]:
    """`values` without those of which the person chose to keep what stands in the record."""
    return {name: v for name, v in values.items() if sent.get(f"{KEEP}{name}") != "theirs"}


def _fields(form: Form) -> Iterator[Field]:
    return (field for field in form if not isinstance(field.widget, HiddenInput))


def _mark(value: Any) -> str:
    text = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value or "")
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _seen(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def words_of_field(field: Field) -> Markup | str:
    """What `field` says, as it is shown beside what another says."""
    if isinstance(field, LinkField):
        return field.label_of(field.data) or _EMPTY
    if isinstance(field, SelectField):
        if field.data is None:
            return _EMPTY
        return next((c.label for c in field.iter_choices() if c.selected), _EMPTY)
    if field.data is not None and isinstance(field, MoneyField):
        return money(field.data)
    if field.data is not None and isinstance(field, NumberField):
        return figure(field.data * 100, "%") if field.percent else figure(field.data)
    return field._value() or _EMPTY
