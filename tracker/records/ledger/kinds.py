"""The pages of the ledger's entries, and of the villages' shares of a rebate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement, extract, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from tracker.core.db import Precision, db
from tracker.core.quantities.days import QUARTER_NAMES
from tracker.core.quantities.shown import Told, day, in_wan, in_words, money, money_exactly
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves.models import Enclave
from tracker.records.enclaves.stood import KINDS, stood_as
from tracker.records.ledger import queries, service, splitting
from tracker.records.ledger.between import LANDS, between
from tracker.records.ledger.forms import ENTRY_CONSTRAINTS, EntryForm, VillagePaymentForm
from tracker.records.ledger.models import EntryKind, LedgerEntry, VillagePayment
from tracker.records.ledger.subjects import TYPES, Subject, SubjectType
from tracker.records.pairings.models import Pairing
from tracker.records.places.scopes import within
from tracker.records.villages.models import Village
from tracker.web.forms import PRECISIONS
from tracker.web.kit import (
    Action,
    Blocked,
    Column,
    Field,
    Filter,
    Kind,
    Parent,
    Show,
    looks,
    one_of,
    this_year,
)
from tracker.web.kit.acts import BlockedError, version_of
from tracker.web.kit.apart import told_apart
from tracker.web.kit.kinds import Choices, link_to, name_of
from tracker.web.period import selected_year
from tracker.web.tables import asked_number, number_of
from tracker.web.transactions import ConflictError

_PAIRINGS = next(of for of in TYPES if of.model is Pairing)
STATES = (
    ("submitted", "已提交"),
    ("draft", "草稿"),
    ("reversed", "已冲销和冲销"),
    ("cumulative", "累计数"),
    ("booked", "对已锁定一期的冲销和更正"),
)


def state(entry: LedgerEntry) -> Markup | str:
    """How an entry stands, where it is anything but submitted and counted."""
    if entry.reversal_of_id:
        word, name = f"冲销 {entry.reversal_of_id} 号", "reversal"
    elif entry.reversal:
        word, name = f"已被 {entry.reversal.id} 号冲销", "reversed"
    elif entry.is_draft:
        word, name = "草稿", "draft"
    elif entry.cumulative:
        word, name = "累计数", "cumulative"
    else:
        return ""
    return Markup('<span class="badge-word state-{}">{}</span>').format(name, word)


def entry_name(entry: LedgerEntry) -> str:
    """For a sentence: 完成投资 3,000万元（12 号）."""
    amount = in_words(money(entry.figure))
    return f"{entry.kind.label} {amount}（{entry.id} 号）"


def _subject(subject: Subject, entry: LedgerEntry) -> Markup | str:
    return link_to(subject)


def _amount(amount: Any, entry: LedgerEntry) -> Markup:
    return _struck(money_exactly(entry.figure), entry)


def _in_wan(amount: Any, entry: LedgerEntry) -> Markup:
    return _struck(in_wan(entry.figure), entry)


def _struck(shown: Markup, entry: LedgerEntry) -> Markup:
    if not (entry.reversal or entry.reversal_of_id):
        return shown
    return Told.figure(Markup("<s>{}</s>").format(shown), getattr(shown, "of", None))


def _days(on: Any, entry: LedgerEntry) -> str:
    return f"{day(entry.period_from)} 至 {day(on)}" if entry.period_from else day(on)


def _source(source: Any, entry: LedgerEntry) -> Markup | str:
    return looks.link(source) if source else looks.origin(None, entry)


def _submitted(user: User, entry: LedgerEntry) -> Blocked | None:
    if entry.is_draft:
        return None
    return Blocked("这笔资金已经提交，不能修改或删除。有误的请用“更正”，或冲销。")


def _reversible(user: User, entry: LedgerEntry) -> Blocked | None:
    if not service.may_enter(user, entry.subject):
        return LEDGER.blocked(user, entry)
    if entry.reversal is not None:
        return Blocked(f"这笔资金已被 {entry.reversal.id} 号冲销，不能再次冲销。")
    return None


def _of_one(of: SubjectType) -> Filter:
    """By one subject that the address names, as links from its page do; not offered otherwise."""
    name = of.key.split("_")[0]

    def choices(user: User) -> Choices:
        number = asked_number(name)
        found = of.get(user, number) if number else None
        return [(found.id, name_of(found))] if found else []

    return Filter(name, of.label, choices, lambda value: of.column == int(value) if value else None)


def _between(user: User) -> Choices:
    """The two lands of the pair that the address names; not offered otherwise."""
    number = number_of(request.args.get("between", "").partition("-")[0])
    found = _PAIRINGS.get(user, number) if number else None
    return (
        [(f"{found.id}-{land}", f"{name_of(found)}，{words}") for land, words in LANDS]
        if found
        else []
    )


def _in_land(value: str) -> ColumnElement[bool] | None:
    number, _, land = value.partition("-")
    pairing = db.session.get(Pairing, int(number)) if number else None
    return between(pairing, land) if pairing else None


def _of_enclaves(value: str) -> ColumnElement[bool] | None:
    """Those of the enclaves that were of a kind in the year in view."""
    if not value:
        return None
    return LedgerEntry.enclave_id.in_(select(Enclave.id).where(stood_as(value, selected_year())))


def _of_type(value: str) -> ColumnElement[bool] | None:
    of = next((each for each in TYPES if each.key == value), None)
    return of.column.is_not(None) if of else None


def _in_quarter(value: str) -> ColumnElement[bool] | None:
    if not value:
        return None
    last = int(value) * 3
    return extract("month", LedgerEntry.occurred_on).between(last - 2, last)


def _in_state(value: str) -> ColumnElement[bool] | None:
    reversal = aliased(LedgerEntry)
    taken_back = select(reversal.reversal_of_id).where(reversal.reversal_of_id.is_not(None))
    conditions = {
        "submitted": LedgerEntry.submitted_at.is_not(None),
        "draft": LedgerEntry.submitted_at.is_(None),
        "reversed": LedgerEntry.reversal_of_id.is_not(None) | LedgerEntry.id.in_(taken_back),
        "cumulative": LedgerEntry.cumulative.is_(True),
        "booked": LedgerEntry.booked_on.is_not(None),
    }
    return conditions.get(value)


def _as_precise(value: str) -> ColumnElement[bool] | None:
    return LedgerEntry.precision == Precision(value) if value else None


def _update(
    user: User, entry: LedgerEntry, values: Mapping[str, object], version: int | None
) -> None:
    # The ledger keeps no row version: two editors meet at the row itself.
    db.session.refresh(entry, with_for_update={"of": LedgerEntry})
    if version != version_of(entry):
        raise ConflictError
    try:
        service.edit(entry, values)
    except service.SubmittedError as error:
        raise BlockedError("这笔资金刚刚已由他人提交，不能再修改。") from error
    except (service.SharesError, service.LockedError) as error:
        raise BlockedError(str(error)) from error


LEDGER: Kind = Kind(
    "ledger",
    LedgerEntry,
    "台账记录",
    view=Permission.LEDGER_VIEW,
    edit=Permission.LEDGER_ENTER,
    scope=within(
        queries.touching,
        *(f"{of.key}.{of.owner.key}" for of in TYPES),
        blocked=_submitted,
    ),
    name=entry_name,
    load=(
        *queries.with_subject(),
        # In a statement of its own: where hardly any entry is reversed, SQLite with statistics
        # takes the index that finds the reversal to find nothing, and reads all for each entry.
        selectinload(LedgerEntry.reversal),
    ),
    columns=(
        Column("kind", "资金类型"),
        Column("subject", "归属", look=_subject),
        Column("occurred_on", look=_days, sort=True),
        Column("amount", look=_in_wan, unit="万元", sort=True, bounded=True),
        Column("id", "状态", look=lambda number, entry: state(entry), show=Show.DESK, phone=True),
        Column("voucher", show=Show.WIDE),
        Column("source", "来源", look=_source, show=Show.DESK),
        Column("submitted_at", sort=True, show=Show.WIDE),
    ),
    filters=(
        one_of(LedgerEntry.kind, "资金类型"),
        Filter("of", "归属", [(of.key, of.label) for of in TYPES], _of_type),
        *(_of_one(of) for of in TYPES),
        Filter("between", "往来双方", _between, _in_land),
        Filter("stood", "飞地当年类型", KINDS, _of_enclaves),
        this_year(LedgerEntry.occurred_on),
        Filter("quarter", "季度", tuple(QUARTER_NAMES.items()), _in_quarter),
        Filter("state", "状态", STATES, _in_state),
        Filter(
            "precision",
            "准确程度",
            [("exact", "确数"), *((each.value, label) for each, label in PRECISIONS)],
            _as_precise,
        ),
    ),
    search=(
        *(name for of in TYPES for name in of.names()),
        LedgerEntry.voucher,
    ),
    heard=(LedgerEntry.note,),
    search_label="归属、凭证号或备注",
    order="-occurred_on",
    groups=(
        (
            "资金",
            (
                Field("subject", "归属", look=_subject),
                Field("kind", "资金类型"),
                Field("amount", look=_amount),
                Field("occurred_on", look=_days),
                "cumulative",
                Field("purpose", applies=lambda entry: entry.purpose is not None),
                Field("due_on", applies=lambda entry: entry.due_on is not None),
                Field("villages", applies=lambda entry: entry.kind is EntryKind.REBATE),
                "voucher",
                "note",
            ),
        ),
        (
            "登记",
            (
                Field("source", "来源", look=_source),
                Field(
                    "entered_by_id",
                    value=lambda e: e.entered_by and e.entered_by.display_name,
                    look=looks.plain,
                ),
                "entered_at",
                "submitted_at",
                Field(
                    "corrects",
                    "所更正的原笔",
                    look=looks.link,
                    applies=lambda entry: entry.corrects_id is not None,
                ),
                Field("booked_on", applies=lambda entry: entry.booked_on is not None),
            ),
        ),
    ),
    form=EntryForm,
    constraints=ENTRY_CONSTRAINTS,
    update=_update,
    remove=lambda user, entry, reason: service.discard(entry),
    changeable=lambda entry: entry.is_draft,
    actions=(
        Action(
            "提交",
            "send",
            Permission.LEDGER_ENTER,
            lambda entry: url_for("ledger.submit", entry_id=entry.id),
            lambda user, entry: LEDGER.blocked(user, entry),
            primary=True,
            fits=lambda user, entry: entry.is_draft,
        ),
        Action(
            "更正",
            "pencil",
            Permission.LEDGER_REVERSE,
            lambda entry: url_for("ledger.correct", entry_id=entry.id, next=LEDGER.address(entry)),
            _reversible,
            fits=lambda user, entry: not entry.is_draft and entry.reversal_of_id is None,
        ),
        Action(
            "修改文字说明",
            "pencil",
            Permission.LEDGER_ENTER,
            lambda entry: url_for("ledger.retell", entry_id=entry.id),
            fits=lambda user, entry: not service.why_not_retold(user, entry),
        ),
        Action(
            "冲销",
            "arrow-back-up",
            Permission.LEDGER_REVERSE,
            lambda entry: url_for("ledger.reverse", entry_id=entry.id),
            _reversible,
            fits=lambda user, entry: not entry.is_draft and entry.reversal_of_id is None,
        ),
    ),
    list_template="ledger/index.html",
    detail_template="ledger/detail.html",
    form_template="ledger/form.html",
    empty="这里将列出各年度的资金。从“登记资金”开始，先选这笔资金属于哪个项目、飞地或产业园。",
)


def _share(user: User, entry: LedgerEntry, values: Mapping[str, Any]) -> VillagePayment:
    try:
        return service.share(entry, **values)
    except service.SharesError as error:
        raise BlockedError(str(error)) from error


def _reshare(
    user: User, payment: VillagePayment, values: Mapping[str, Any], version: int | None
) -> None:
    db.session.refresh(payment, with_for_update={"of": VillagePayment})
    if version != version_of(payment):
        raise ConflictError
    merged = {"village_id": payment.village_id, "amount": payment.amount, **values}
    try:
        service.reshare(payment, **merged)
    except service.SharesError as error:
        raise BlockedError(str(error)) from error


def _villages(user: User, payment: VillagePayment | None) -> Choices:
    """(id, name) of the villages with a stake in the enclave, then of the county's others."""
    number = (request.view_args or {}).get("entry_id")
    entry = payment.entry if payment else db.session.get(LedgerEntry, number)
    assert entry is not None
    staked = [stake.village_id for stake in splitting.stakes_on(entry)]
    wanted = Village.id.in_(staked) | (Village.county_id == user.region_id)
    found = select(Village).where(wanted).options(joinedload(Village.town))
    rows = told_apart(list(db.session.scalars(found.order_by(Village.code))))
    return sorted(rows, key=lambda row: row[0] not in staked)


VILLAGE_PAYMENTS = Kind(
    "village_payments",
    VillagePayment,
    "返利分村",
    view=Permission.LEDGER_VIEW,
    edit=Permission.LEDGER_ENTER,
    parent=Parent(
        LEDGER,
        "entry_id",
        fits=lambda entry: entry.kind is EntryKind.REBATE,
        # Of one that arrived a village is given its share where it is asked about once.
        instead=lambda entry: (
            url_for("ledger.split", entry_id=entry.id)
            if not entry.is_draft and not splitting.why_not(entry)
            else ""
        ),
    ),
    name=lambda payment: f"{payment.village.name}分得返利",
    load=(joinedload(VillagePayment.village),),
    load_detail=(joinedload(VillagePayment.entry).joinedload(LedgerEntry.enclave),),
    columns=(
        Column("village", look=lambda village, payment: village.name),
        Column("amount", sort=True, total=True),
        Column("village.code", "统计区划代码", phone=False),
    ),
    order="",
    groups=(("分村", (Field("village", look=lambda village, payment: village.name), "amount")),),
    form=VillagePaymentForm,
    choices={"village_id": _villages},
    constraints={
        "uq_village_payments_entry_id_village_id": (
            "village_id",
            "这个村在这笔返利中已有一笔。请修改原有的那一笔。",
        ),
    },
    create=_share,
    update=_reshare,
    empty="这里将列出各村在这笔返利中的所得。草稿可逐村登记；按份额、均分、粘贴在提交前后都可以，提交后已分的不再改动，未分的还可再分，直到分完。",
)
