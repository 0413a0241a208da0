"""What a contract promises, from entry to force: one side enters it with the contract as evidence,
the other side or the province confirms it. Nothing commits.

Whoever pays or is scored by a promise must not be able to set it alone. So it counts only once it
is confirmed, and from then on it is changed or deleted only after the other side gave it back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Select, select

from tracker.core.db import db
from tracker.core.db.records import now
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves.agreements import EnclaveAgreement, EnclaveSpace, SpaceStep, TaxSplit
from tracker.records.enclaves.models import Bound, Enclave, ReturnTerm
from tracker.records.places.models import Region
from tracker.records.places.scopes import is_province
from tracker.web.kit import looks
from tracker.web.kit.acts import change
from tracker.web.kit.kinds import Action, Blocked, Field, Kind, kind_of

BOUND = (ReturnTerm, TaxSplit, EnclaveSpace)


# What features above do once a promise of an enclave counts.
_once_bound: list[Callable[[Enclave], Any]] = []


def once_bound(act: Callable[[Enclave], Any]) -> Callable[[Enclave], Any]:
    """Let a feature above act, within the same unit, when a promise begins to count."""
    _once_bound.append(act)
    return act


# Why a promise may neither begin nor cease to count; "" where nothing stands against it.
_before_binding: list[Callable[[Bound], str]] = []


def before_binding(why_not: Callable[[Bound], str]) -> Callable[[Bound], str]:
    """Let a promise begin or cease to count only where `why_not` has nothing to say."""
    _before_binding.append(why_not)
    return why_not


def _need_no_objection(record: Bound) -> None:
    for why_not in _before_binding:
        if said := why_not(record):
            raise BindingError(said)


def _begins_to_count(record: Bound) -> None:
    db.session.flush()
    for act in _once_bound:
        act(enclave_of(record))


class BindingError(ToldError, ValueError):
    """The act is not possible as things stand; the message is for the user."""

    status = 409


def is_promise(record: Bound) -> bool:
    """Whether `record` is confirmed at all: what was handed over is a report, no promise."""
    return not isinstance(record, EnclaveSpace) or record.step is SpaceStep.AGREED


def enclave_of(record: Any) -> Enclave:
    """The enclave whose contract it is."""
    return record.agreement.enclave if isinstance(record, TaxSplit) else record.enclave


def may_confirm(user: User, record: Bound) -> bool:
    """Whether `user` is of the other side of the contract, or of the province."""
    if not user.may(Permission.ENCLAVES_CONFIRM) or not is_promise(record):
        return False
    enclave = enclave_of(record)
    return is_province(user) or enclave.origin_id != enclave.host_id == user.region_id


def holds(user: User, record: Bound) -> Blocked | None:
    """Why `user` may not change or delete `record`: it binds."""
    if not record.binds or not is_promise(record) or is_province(user):
        return None
    return Blocked(
        "这条约定已经确认，作为考核依据，登记一方不能自行修改或删除。确有变动的，请用“申请更正”，"
        "由合同另一方或省级退回后再改。"
    )


def confirm(actor: User, record: Bound) -> None:
    """Let the promise count from now on. Raises BindingError."""
    _need_other_side(actor, record)
    if record.binds:
        raise BindingError("这条约定已经确认。")
    _need_no_objection(record)
    record.confirmed_at, record.confirmed_by_id = now(), actor.id
    record.change_reason = record.answer = ""
    _begins_to_count(record)


def give_back(actor: User, record: Bound, reason: str) -> None:
    """Return a promise to those who entered it, with a reason: it counts no more until it is
    confirmed again. Of one in force only where they asked for it, but the province may in any
    case. Raises BindingError."""
    _need_other_side(actor, record)
    if record.binds and not record.change_reason and not is_province(actor):
        raise BindingError("登记一方没有申请更正，不能退回已经确认的约定。")
    if record.binds:
        _need_no_objection(record)
    record.confirmed_at = record.confirmed_by_id = None
    record.change_reason, record.answer = "", reason
    db.session.flush()


def refuse(actor: User, record: Bound, reason: str) -> None:
    """Let a promise stand although its change was asked for. Raises BindingError."""
    _need_other_side(actor, record)
    if not record.binds or not record.change_reason:
        raise BindingError("登记一方没有申请更正。")
    record.change_reason, record.answer = "", reason
    db.session.flush()


def ask(actor: User, record: Bound, reason: str) -> None:
    """Ask the other side to give a promise back. Raises BindingError."""
    if enclave_of(record).origin_id != actor.region_id:
        raise BindingError("只有登记这条约定的一方可以申请更正。")
    if not record.binds or not is_promise(record):
        raise BindingError("这条约定尚未确认，可以直接修改。")
    record.change_reason, record.answer = reason, ""
    db.session.flush()


def created(kind: Kind) -> Any:
    """How a record of `kind` is made: what the province enters binds at once."""

    def create(user: User, parent: Any, values: dict[str, Any]) -> Bound:
        record = kind.model(**values)
        setattr(record, kind.under.column, parent.id)
        record.origin = parent.origin
        if record.origin.value == "public":
            record.origin = type(record.origin).ENTERED
        db.session.add(record)
        db.session.flush()
        if is_province(user) and is_promise(record):
            record.confirmed_at, record.confirmed_by_id = now(), user.id
            _begins_to_count(record)
        return record

    return create


def updated(user: User, record: Bound, values: dict[str, Any], version: int | None) -> None:
    """Change a promise; of one in force, which the province alone changes, what follows from it is
    done anew: a last day that is added later lets earlier payments be due by it."""
    if change(record, values, version) and record.binds and is_promise(record):
        _begins_to_count(record)


def bound(kind: Kind) -> Kind:
    """`kind` with the rule that whoever entered a record in force changes it no more."""
    below = kind.scope
    foreign = below.foreign or below.blocked
    kind.scope = replace(
        below,
        blocked=lambda user, record: below.blocked(user, record) or holds(user, record),
        foreign=foreign,
    )
    kind.create, kind.update = created(kind), updated
    return kind


def awaiting(model: type[Any], hosts: Select[int] | None) -> tuple[ColumnElement[bool], ...]:
    """What makes a record of `model` wait for the answer of one of the regions `hosts` (ids), of
    the province where that is None."""
    conditions = [_open(model)]
    if hosts is not None:
        enclaves = select(Enclave.id).where(
            Enclave.host_id.in_(hosts), Enclave.host_id != Enclave.origin_id
        )
        agreements = select(EnclaveAgreement.id).where(EnclaveAgreement.enclave_id.in_(enclaves))
        conditions.append(
            TaxSplit.agreement_id.in_(agreements)
            if model is TaxSplit
            else model.enclave_id.in_(enclaves)
        )
    if model is EnclaveSpace:
        conditions.append(EnclaveSpace.step == SpaceStep.AGREED)
    return tuple(conditions)


def _open(model: type[Bound]) -> ColumnElement[bool]:
    unanswered = model.confirmed_at.is_(None) & (model.answer == "")
    return unanswered | (model.confirmed_at.is_not(None) & (model.change_reason != ""))


def state_words(record: Bound) -> str:
    """How a promise stands, in a few words; "" of what is none."""
    if not is_promise(record):
        return ""
    if record.binds:
        return "已确认，申请更正待答复" if record.change_reason else "已确认"
    return "已退回，不计" if record.answer else "待确认，不计"


def confirmed_by(record: Bound) -> str:
    """Who confirmed it, for a sentence."""
    if record.confirmed_by_id is None:
        return "沿用已有资料" if record.binds else ""
    confirmer = db.session.get_one(User, record.confirmed_by_id)
    place = db.session.get(Region, confirmer.region_id) if confirmer.region_id else None
    return f"{place.name if place else ''}{confirmer.display_name}"


def _need_other_side(actor: User, record: Bound) -> None:
    if not may_confirm(actor, record):
        raise BindingError("约定由合同另一方（飞入地）或省级确认，登记一方不能自行确认。")


def _address(act: str) -> Any:
    def address(record: Any) -> str:
        kind = kind_of(record)
        assert kind is not None
        return url_for(f"promises.{act}_{kind.key}", **{kind.argument: record.id})

    return address


def confirm_action() -> Action:
    """The answer of the other side, where one is wanted."""
    return Action(
        "核对并答复",
        "gavel",
        Permission.ENCLAVES_CONFIRM,
        _address("answer"),
        primary=True,
        fits=lambda user, record: (
            may_confirm(user, record)
            and (not record.binds or bool(record.change_reason) or is_province(user))
        ),
    )


def ask_action() -> Action:
    """What is left to those who entered a promise that binds."""
    return Action(
        "申请更正",
        "pencil",
        Permission.ENCLAVES_EDIT,
        _address("ask"),
        fits=lambda user, record: (
            record.binds and is_promise(record) and enclave_of(record).origin_id == user.region_id
        ),
    )


CONFIRMED = (
    "确认",
    (
        Field("id", "状态", value=state_words, look=looks.plain, applies=is_promise),
        Field("confirmed_at", applies=lambda record: record.binds),
        Field(
            "confirmed_by_id",
            value=confirmed_by,
            look=looks.plain,
            applies=lambda record: record.binds,
        ),
        Field("change_reason", applies=lambda record: bool(record.change_reason)),
        Field("answer", applies=lambda record: bool(record.answer)),
    ),
)
