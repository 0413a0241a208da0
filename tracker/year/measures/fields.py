"""Figures whose unit is that of the measure that the record names, and the choice of a measure."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape
from wtforms import SelectChoice

from tracker.core.quantities.shown import bare, in_unit, named
from tracker.web.forms import choice
from tracker.web.kit import Column, looks
from tracker.web.kit.told import tell_names
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.columns import SUBJECT_COLUMNS
from tracker.year.measures.declare import SubjectKind
from tracker.year.measures.labels import label_of, words_of

# Tasks, rulings, findings and claims name a measure in a column of this name.
tell_names("measure", label_of)

SUBJECT_WORDS = {
    SubjectKind.COUNTY: "县（市、区）",
    SubjectKind.CITY: "设区市",
    SubjectKind.ENCLAVE: "飞地",
    SubjectKind.PARK: "产业园",
    SubjectKind.PAIR: "结对",
    SubjectKind.VILLAGE: "乡村振兴示范点",
}


def measure_words(name: str, record: Any = None) -> Markup | str:
    """What the measure `name` is called; a dash for none."""
    return (label_of(name) or name) if name else looks.NOTHING


def unit_of(name: str) -> str:
    """The unit of the measure `name`, "" for one that the catalogue lacks."""
    measure = CATALOGUE.measures.get(name)
    return measure.unit if measure else ""


def measured(value: Decimal | None, name: str) -> Markup:
    """`value` of the measure `name` in its unit: shares in per cent, a yes or no in words, and a 0
    that is none by its word (未约定); a goal of 0 was issued as such."""
    return _none(value, name) or in_unit(value, unit_of(name))


def _none(value: Decimal | None, name: str) -> Markup:
    """The word for a 0 of the measure `name` that is none, else ""."""
    about = words_of(name)
    if value is None or value or about is None or name.startswith("goal."):
        return Markup()
    return escape(about.nought)


def of_record(value: Decimal | None, record: Any) -> Markup:
    """`value` in the unit of the measure that `record` names; a dash for none."""
    return looks.NOTHING if value is None else measured(value, record.measure)


def of_record_bare(value: Decimal | None, record: Any) -> Markup:
    """`value` of the measure that `record` names, its unit in a column of its own; a dash for
    none."""
    if value is None:
        return looks.NOTHING
    return _none(value, record.measure) or bare(value, unit_of(record.measure))


def unit_column(**options: Any) -> Column:
    """The column of the units of figures that differ from row to row."""
    return Column(
        "unit",
        "单位",
        value=lambda record: named(unit_of(record.measure)),
        look=lambda unit, record: unit or looks.NOTHING,
        **options,
    )


def columns_of(name: str) -> str | None:
    """The key that a record about the measure `name` has to have; None if nothing is known."""
    measure = CATALOGUE.measures.get(name)
    return SUBJECT_COLUMNS[measure.subject] if measure else None


def measure_field(label: str, keys: Collection[str], *, required: bool, **options: Any) -> Any:
    """A choice of a measure of the subjects that `keys` can name, by the sort of subject."""
    field = choice(label, required=required, empty="请选择" if required else "无", **options)
    field.kwargs["choices"] = [
        *field.kwargs["choices"],
        *(
            SelectChoice(m.name, f"{m.label}（{m.unit}）" if m.unit else m.label, optgroup=word)
            for subject, word in SUBJECT_WORDS.items()
            if SUBJECT_COLUMNS[subject] in keys
            for m in CATALOGUE.of(subject)
        ),
    ]
    return field


def check_measure(form: Any) -> bool:
    """Whether the measure that `form` names is one of the subject that it names; else its fault
    stands beside it."""
    name = form.measure.data
    key = columns_of(name) if name else None
    if not name or key is None or form[key].data:
        return True
    form.add_error("measure", f"“{label_of(name)}”是{form[key].label.text}的指标，与所选对象不符。")
    return False
