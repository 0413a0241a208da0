"""The field that names another record: a select, or a text where there are too many for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup
from wtforms import SelectField
from wtforms.validators import StopValidation
from wtforms.widgets import Select, html_params

from tracker.web import forms
from tracker.web.forms import NOT_OFFERED


class LinkField(SelectField):
    """A record that this one refers to; `data` is its number or None.

    A select where few are offered. Where there are many, a text with suggestions: a name that
    fits exactly one record, or the record's number.
    """

    def __init__(self, label: str, validators: Sequence = (), **options: Any) -> None:
        super().__init__(
            label, validators, choices=[], coerce=_number, validate_choice=False, **options
        )
        self.offered: list[tuple[int, str]] = []
        self.find: Callable[[str], list[tuple[int, str]]] | None = None
        self.typed: str | None = None
        self.name_now = ""
        self.present: tuple[int, str] | None = None
        self.widget = _LinkWidget()

    def offer(
        self,
        choices: Sequence[tuple[Any, str]],
        find: Callable[[str], list[tuple[int, str]]] | None = None,
        named: Callable[[int], str] | None = None,
    ) -> None:
        """Offer `choices`; `find` looks up a text where these are not all there are."""
        blank = "请选择" if self.flags.required else self.blank
        self.offered = [(int(value), label) for value, label in choices]
        if self.present is not None and self.present[0] not in dict(self.offered):
            # Else a record that is saved for another reason would lose what it refers to.
            self.offered.append(self.present)
        self.choices = forms.select_choices([("", blank), *self.offered])
        self.find = find
        if find is not None and self.data is not None and named is not None:
            self.name_now = named(self.data)

    @property
    def blank(self) -> str:
        """The words for nothing chosen."""
        return "无"

    @property
    def is_lookup(self) -> bool:
        """Whether a name is typed, not chosen."""
        return self.find is not None

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0].strip() if valuelist else None
        self.data = _number(self.typed)

    def pre_validate(self, form: Any) -> None:
        if not self.typed:
            self.data = None
            return
        if self.present is not None and self.typed in map(str, self.present):
            self.data = self.present[0]
            return
        if self.find is None:
            if self.data not in {value for value, _ in self.offered}:
                raise StopValidation(NOT_OFFERED)
            return
        found = self.find(self.typed)
        exact = [value for value, label in found if label == self.typed or value == self.data]
        if len(exact) == 1 or len(found) == 1:
            self.data = exact[0] if len(exact) == 1 else found[0][0]
            return
        self.data = None
        if not found:
            raise StopValidation(NOT_OFFERED)
        likely = "、".join(f"{label}（编号 {value}）" for value, label in found[:5])
        raise StopValidation(f"有多条相符：{likely}。请填写全称或编号。")

    def shown_text(self) -> str:
        """What stands in the text field."""
        if self.typed is not None:
            return forms._shown_again(self.typed)
        return self.name_now

    def label_of(self, value: int | None) -> str:
        """The name of what `value` refers to."""
        if value is None:
            return ""
        return next((label for known, label in self.offered if known == value), str(value))


class _LinkWidget(Select):
    """A select, or a text with suggestions."""

    def __call__(self, field: LinkField, **options: Any) -> Markup:
        if not field.is_lookup:
            return super().__call__(field, **options)
        options.setdefault("id", field.id)
        options.update(type="text", name=field.name, value=field.shown_text(), list=f"{field.id}-l")
        options.update(autocomplete="off")
        if "required" in getattr(field, "flags", ()) and field.flags.required:
            options["required"] = True
        offered = Markup("").join(
            Markup('<option value="{}"></option>').format(label) for _, label in field.offered
        )
        frame = Markup('<input {}><datalist id="{}-l">{}</datalist>')
        return frame.format(Markup(html_params(**options)), field.id, offered)  # noqa: S704


def _number(raw: object) -> int | None:
    text = str(raw if raw is not None else "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None
