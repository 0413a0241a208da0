"""The form of a kind as a user gets it: its fields, what its links offer, what speaks against."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_login import current_user

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import first_day
from tracker.web.forms import Form
from tracker.web.kit import acts
from tracker.web.kit.apart import told_apart
from tracker.web.kit.declared import SameForAll
from tracker.web.kit.fields import MOST_OFFERED, constraints_of
from tracker.web.kit.kinds import Kind, name_of, value_at
from tracker.web.kit.links import LinkField
from tracker.web.kit.listing import found_by, kind_of_table, records_to_link
from tracker.web.kit.words import its_column
from tracker.web.tables import visible

# What links offer, by field and by whose the record is, for a reader of many records at once.
Offers = dict[tuple[str, Any], tuple[Any, ...]]


def form_for(kind: Kind, record: Any, *, offers: Offers | None = None, **options: Any) -> Form:
    """The form for `record`, for a new one where that is None, without what is reserved. Whoever
    makes many forms of one state of the data gives them one `offers`, to be filled."""
    if record is not None and not hasattr(record, "version"):
        options["version"] = acts.version_of(record)
    assert kind.form is not None, kind.key
    form = kind.form(**options)
    reserved = [name for name in kind.reserved(current_user, record) if name in form]
    form.reserved = [form[name].label.text for name in reserved]
    told = {k: v for ask in kind.told if record is not None for k, v in ask(record).items()}
    form.told = list(dict.fromkeys(told.values()))
    for name in {*reserved, *(name for name in told if name in form)}:
        del form[name]
    if hasattr(form, "groups"):
        shown = ((title, [name for name in names if name in form]) for title, names in form.groups)
        form.groups = tuple((title, names) for title, names in shown if names)
    for field in form:
        if isinstance(field, LinkField):
            field.present = present_of(kind, field, record)
            _offer_once(kind, field, record, offers)
    return form


def _offer_once(kind: Kind, field: LinkField, record: Any, offers: Offers | None) -> None:
    if offers is None:
        field.offer(*_offered(kind, field, record))
        return
    # What a kind offers by a rule of its own depends on the record by its place alone, unless it
    # offers the same for all; all else depends on the user.
    chosen = kind.choices.get(field.name)
    own = chosen is not None and not isinstance(chosen, SameForAll)
    owner = kind.scope.owner
    place = value_at(record, owner) if own and record is not None and owner else None
    key = field.name, place
    if key not in offers:
        offers[key] = _offered(kind, field, record)
    field.offer(*offers[key])


def _linked(kind: Kind, field: LinkField, number: int | None) -> Any | None:
    """The record that a link names; None where there is none."""
    (key,) = its_column(kind.model, field.name).foreign_keys
    other = kind_of_table(key.column.table.name)
    return db.session.get(other.model, number) if other is not None and number else None


def present_of(kind: Kind, field: LinkField, record: Any) -> tuple[int, str] | None:
    """What `record` refers to now, whether or not it would be offered for a new one."""
    linked = _linked(kind, field, getattr(record, field.name, None))
    return None if linked is None else (linked.id, name_of(linked))


def ended_links(kind: Kind, form: Form, record: Any) -> bool:
    """Whether a link of `form` is new and names what had ended by the record's first day, which is
    then said at its field. A record without any day is of today."""
    days = [first_day(v) if isinstance(v, int) else v for v in _days_in(form)]
    first, found = min(days, default=today()), False
    for field in form:
        if not isinstance(field, LinkField) or field.data == getattr(record, field.name, None):
            continue
        linked = _linked(kind, field, field.data)
        ending = getattr(linked, "abolished_on", None)
        if ending is not None and ending <= first:
            form.add_error(
                field.name, f"{name_of(linked)}已于 {ending} 撤销，只用于此前的记录，请另选。"
            )
            found = True
    return found


def _days_in(form: Form) -> list[date | int]:
    days = [field.data for field in form if isinstance(field.data, date)]
    year = form["year"].data if "year" in form else None
    return [*days, *([year] if isinstance(year, int) and 1 <= year <= 9999 else [])]


def _offered(kind: Kind, field: LinkField, record: Any) -> tuple[Any, ...]:
    """What a link may name, as `LinkField.offer` takes it: the kind's own choices, the user's
    regions for the owner, else what the user sees of the kind that the key leads to."""
    if field.name in kind.choices:
        return (kind.choices[field.name](current_user, record),)
    if field.name == kind.scope.owner and kind.scope.owners is not None:
        return (kind.scope.owners(current_user),)
    (key,) = its_column(kind.model, field.name).foreign_keys
    table = key.column.table.name
    records = records_to_link(table, current_user, MOST_OFFERED + 1)
    offered = told_apart(records[:MOST_OFFERED])
    if len(records) <= MOST_OFFERED:
        return (offered,)
    other = kind_of_table(table)
    assert other is not None, table  # only records of a kind are offered

    def find(typed: str) -> list[tuple[int, str]]:
        text = visible(typed)[:60]
        if not text:
            return []
        condition = found_by(other, text)
        if text.isascii() and text.isdecimal() and len(text) <= 9:
            condition = condition | (other.model.id == int(text))
        wanted = other.seen_by(current_user).where(condition).options(*other.load).limit(20)
        return told_apart(list(db.session.scalars(wanted).unique()))

    def named(number: int) -> str:
        found = db.session.get(other.model, number)
        return name_of(found) if found is not None else str(number)

    return offered, find, named


def constraints_for(kind: Kind, form: Form) -> dict[str, tuple[str, str]]:
    """Constraint → (field of `form`, message), what the kind says before what follows from the
    model."""
    given = {**constraints_of(kind.model), **kind.constraints}
    return {
        name: (field if field in form else "", message) for name, (field, message) in given.items()
    }
