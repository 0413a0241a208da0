"""How the rows of a workbook are entered: for each kind by its own form and acts, money by those of
the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Select

from tracker.core.db import db
from tracker.exchange.sheets.columns import PARENT, Column, What, columns_of, mark_of
from tracker.records.ledger import queries, service
from tracker.records.ledger.forms import EntryForm
from tracker.records.ledger.kinds import LEDGER
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.subjects import TYPES
from tracker.web.forms import Form, offer
from tracker.web.kit import acts
from tracker.web.kit.apart import told_apart
from tracker.web.kit.doubted import doubts_of, has_key
from tracker.web.kit.kinds import Kind, all_kinds
from tracker.web.kit.links import LinkField
from tracker.web.kit.offered import Offers, form_for, present_of
from tracker.web.plausibility import Doubt

MOST_ROWS = 2_000  # of a workbook
LARGE = 300  # records of a template that is made in the background: each takes some milliseconds
MOST_WRITTEN = 1_000  # of them: they are written in one unit, for which others wait some seconds

# Kinds that are entered by a form of their own and not by a workbook.
NOT_BY_SHEET: Mapping[str, str] = {
    "filing_parts": "a few words of whom one asks, given on the page of the filing that is theirs",
    "village_payments": "a payment is split among its villages at once, by rule or by paste",
}


class Entering:
    """How rows of `kind` are entered by `user`."""

    def __init__(self, kind: Kind, user: Any) -> None:
        self.kind, self.user = kind, user
        self.offers: Offers = {}

    @cached_property
    def parents(self) -> list[tuple[str, Any, str]]:
        """(number, record, label) of what rows may be entered under; empty where the kind has no
        parent."""
        if self.kind.parent is None:
            return []
        above = self.kind.under
        found = [
            each
            for each in db.session.scalars(
                above.kind.in_view_of(self.user)
                .options(*above.kind.load)
                .order_by(above.kind.model.id)
            ).unique()
            if above.fits(each) and above.stands_against(self.user, each) is None
        ]
        labels = dict(told_apart(found))
        return [(str(each.id), each, labels[each.id]) for each in found]

    @property
    def under(self) -> Column | None:
        """The column that says what a row is entered under."""
        if self.kind.parent is None:
            return None
        label = self.kind.under.kind.label
        return _under(f"所属{label}", [name for _, _, name in self.parents])

    def parent_of(self, record: Any) -> str:
        """The number of what `record` was entered under."""
        return str(getattr(record, self.kind.under.column)) if self.kind.parent else ""

    def form(self, record: Any, parent: Any, **options: Any) -> Form:
        """The form of a row."""
        return form_for(self.kind, record, offers=self.offers, meta={"csrf": False}, **options)

    @cached_property
    def blank(self) -> Form:
        """The form of a row that nothing is known of."""
        return self.form(None, None, formdata=None)

    @cached_property
    def columns(self) -> list[Column]:
        """The columns of the template; those that are for others to fill in stand nowhere."""
        return columns_of(self.blank, self.under)

    @property
    def mark(self) -> str:
        """What a template carries of its columns."""
        return mark_of(self.kind.key, self.columns)

    def whole(self, record: Any) -> Form:
        """The form of a record with what is for others to fill in."""
        assert self.kind.form is not None, self.kind.key
        form = self.kind.form(obj=record, formdata=None, meta={"csrf": False})
        for field in form:
            if isinstance(field, LinkField):
                field.present = present_of(self.kind, field, record)
                field.offer(())
        return form

    def own(self, parent: Any = None) -> Iterator[Any]:
        """The records that the user may change, under `parent` where one is given."""
        kind = self.kind
        wanted = self._seen(parent).options(*kind.load)
        for record in db.session.scalars(wanted.order_by(kind.model.id)).unique():
            if kind.changeable(record) and kind.blocked(self.user, record) is None:
                yield record

    def is_large(self, parent: Any = None) -> bool:
        """Whether a template may have more than `LARGE` rows: of all that the user sees, of which
        not every one may be changed."""
        some = self._seen(parent).with_only_columns(self.kind.model.id).limit(LARGE + 1)
        return len(db.session.scalars(some).all()) > LARGE

    def _seen(self, parent: Any) -> Select[Any]:
        kind = self.kind
        wanted = kind.in_view_of(self.user)
        if parent is None:
            return wanted
        return wanted.where(getattr(kind.model, kind.under.column) == parent.id)

    def create(self, parent: Any, values: Mapping[str, Any], _form: Form) -> Any:
        """A new record; see `acts.create`."""
        return acts.create(self.kind, self.user, parent, values)

    def refused(self, parent: Any) -> str:
        """Why nothing may be entered under `parent`."""
        blocked = self.kind.under.stands_against(self.user, parent) if self.kind.parent else None
        return blocked.reason if blocked is not None else ""

    def alike(self, parent: Any, form: Form) -> Iterator[Any]:
        """The records that may say all that `form` says: those of which the columns of its plain
        fields do. Of a kind that has one record of a key, what the row leaves open may have been
        filled in since."""
        model = self.kind.model
        same = [
            getattr(model, name).is_not_distinct_from(value)
            for name, value in form.values().items()
            if name in model.__mapper__.column_attrs and self.says(value)
        ]
        same += self.beneath(parent)
        wanted = self.kind.seen_by(self.user).where(*same).order_by(model.id).limit(50)
        for record in db.session.scalars(wanted).unique():
            if self.kind.foreign(self.user, record) is None:
                yield record

    def says(self, value: Any) -> bool:
        """Whether a record that says the same as a row has to say `value` too."""
        return not (has_key(self.kind.model) and value in (None, ""))

    def beneath(self, parent: Any) -> list[Any]:
        """The condition that a record was entered under `parent`."""
        if self.kind.parent is None:
            return []
        return [getattr(self.kind.model, self.kind.under.column) == parent.id]

    def doubts(self, record: Any, parent: Any, values: Mapping[str, Any]) -> list[Doubt]:
        """What is unusual of a row, which its form would ask about."""
        above = self.kind.parent_of(record) if record is not None else parent
        return doubts_of(self.kind, record, above, values)


class EnteringMoney(Entering):
    """Money: drafts, under what it belongs to."""

    @cached_property
    def parents(self) -> list[tuple[str, Any, str]]:
        found = []
        for of in TYPES:
            own = of.own(self.user, "", 5_000)
            names = dict(told_apart(own))
            found += [
                (f"{of.key}-{each.id}", each, f"{of.label}：{names[each.id]}") for each in own
            ]
        return found

    @property
    def under(self) -> Column:
        return _under("归属", [name for _, _, name in self.parents])

    def parent_of(self, record: LedgerEntry) -> str:
        of = next(of for of in TYPES if isinstance(record.subject, of.model))
        return f"{of.key}-{record.subject.id}"

    def form(self, record: Any, parent: Any, **options: Any) -> Form:
        if record is not None:
            return form_for(self.kind, record, meta={"csrf": False}, **options)
        if parent is None:  # a row that does not say what it belongs to
            return _AllMoney(meta={"csrf": False}, **options)
        return EntryForm(parent, meta={"csrf": False}, **options)

    @cached_property
    def blank(self) -> Form:
        return _AllMoney(meta={"csrf": False})

    @cached_property
    def columns(self) -> list[Column]:
        return columns_of(self.blank, self.under)

    def own(self, parent: Any = None) -> Iterator[LedgerEntry]:
        yield from db.session.scalars(self._seen(parent).order_by(LedgerEntry.id)).unique()

    def _seen(self, parent: Any) -> Select[Any]:
        return queries.drafts_of(self.user)

    def create(self, parent: Any, values: Mapping[str, Any], form: Form) -> LedgerEntry:
        twin = queries.same_as(parent, values["kind"], values["amount"], values["occurred_on"])
        if twin and not form.repeated.data:
            raise acts.RefusedError(
                "repeated",
                f"已有一笔类型、金额、日期都相同的记录（编号 {twin}）。"
                f"确为另一笔的，请在“{form.repeated.label.text}”一列选“是”。",
            )
        return service.draft(self.user, parent, values)

    def doubts(self, record: Any, parent: Any, values: Mapping[str, Any]) -> list[Doubt]:
        # A new draft is asked about when it is submitted, which no workbook does.
        return [] if record is None else super().doubts(record, parent, values)

    def refused(self, parent: Any) -> str:
        return "" if service.may_enter(self.user, parent) else "只能登记本县的资金。"

    def beneath(self, parent: Any) -> list[Any]:
        of = next(of for of in TYPES if isinstance(parent, of.model))
        return [of.column == parent.id]


class _AllMoney(EntryForm):
    """The form of an entry with the kinds of money and the fields of all that money belongs to."""

    def __init__(self, **options: Any) -> None:
        super(EntryForm, self).__init__(**options)
        offer(self.kind, [(kind.value, kind.label) for kind in EntryKind])


def _under(label: str, offered: Sequence[str]) -> Column:
    note = "这一行记录登记在谁的名下，请从列表中选；已有记录的不能改。"
    return Column(PARENT, label, What.CHOICE, "", True, note, offered)


def is_sheetful(kind: Kind) -> bool:
    """Whether records of `kind` are entered by a workbook as well as by its form."""
    by_hand = kind.form is not None and kind.edit is not None
    return by_hand and kind.key not in NOT_BY_SHEET


def sheetful() -> list[Kind]:
    """The kinds that have a template."""
    return [kind for kind in all_kinds() if is_sheetful(kind)]


def kind_called(key: str) -> Kind | None:
    """The kind with a template whose key is `key`."""
    return next((kind for kind in sheetful() if kind.key == key), None)


def entering(kind: Kind, user: Any) -> Entering:
    """How `user` enters rows of `kind`."""
    return (EnteringMoney if kind is LEDGER else Entering)(kind, user)
