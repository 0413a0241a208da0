"""The pages of enclaves and of their return terms."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.provenance.models import SourcedValue
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves import queries
from tracker.records.enclaves.binding import (
    CONFIRMED,
    ask_action,
    bound,
    confirm_action,
    state_words,
)
from tracker.records.enclaves.forms import (
    CONSTRAINTS,
    PAY_BY_CONSTRAINTS,
    EnclaveForm,
    ReturnTermForm,
    pay_by_words,
)
from tracker.records.enclaves.models import Direction, Enclave, ReturnTerm, TermKind
from tracker.records.enclaves.stood import KINDS, stood_as
from tracker.records.places.models import Region
from tracker.records.places.scopes import places, provinces_alone, within
from tracker.web.kit import Column, Field, Filter, Kind, Parent, Show, looks, one_of, through
from tracker.web.kit.declared import SameForAll
from tracker.web.kit.spans import Span, no_overlap
from tracker.web.kit.stated import stated
from tracker.web.period import selected_year
from tracker.web.plausibility import Doubt, FigureFacts, figure_doubts


def _origin_side(region: Region, enclave: Enclave) -> Markup | str:
    outbound = enclave.direction is Direction.OUTBOUND
    return looks.side("mountain" if outbound else "sea")(region, enclave)


def _host_side(region: Region, enclave: Enclave) -> Markup | str:
    outbound = enclave.direction is Direction.OUTBOUND
    return looks.side("sea" if outbound else "mountain")(region, enclave)


_SETTLED = provinces_alone(
    settled=(
        "kind",
        "direction",
        "host_id",
        "signed_on",
        "in_use_on",
        "area_mu",
        "total_capital",
        "village_capital",
    ),
    later=("closed_on",),
)


def _reserved(user: User, enclave: Enclave | None) -> tuple[str, ...]:
    """What decides on which sheet, for how long and against which capital an enclave is scored."""
    found = _SETTLED(user, enclave)
    return (*found, "development_since") if "kind" in found else found


ENCLAVES = Kind(
    "enclaves",
    Enclave,
    "飞地",
    view=Permission.ENCLAVES_VIEW,
    edit=Permission.ENCLAVES_EDIT,
    scope=within(queries.touching, "origin_id"),
    load=(joinedload(Enclave.origin_region), joinedload(Enclave.host_region)),
    load_detail=(
        selectinload(Enclave.return_terms).joinedload(ReturnTerm.source),
        selectinload(Enclave.sourced_values).joinedload(SourcedValue.source),
    ),
    columns=(
        Column("name", sort=True),
        Column("kind"),
        Column("origin_region", look=_origin_side, sort=through(Enclave.origin_id, Region.code)),
        Column("host_region", look=_host_side, sort=through(Enclave.host_id, Region.code)),
        Column("area_mu", sort=True, show=Show.DESK, total=True),
        Column("total_capital", sort=True, phone=False, total=True),
        Column("village_capital", sort=True, show=Show.WIDE, total=True),
        Column("villages", sort=True, show=Show.WIDE),
        Column("in_use_on", sort=True, show=Show.WIDE),
        Column("code", sort=True, show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        one_of(Enclave.kind),
        Filter(
            "stood",
            "当年类型",
            KINDS,
            lambda value: stood_as(value, selected_year()) if value else None,
            blank=lambda: f"{selected_year()} 年末不限",
        ),
        one_of(Enclave.direction),
        Filter(
            "mountain",
            "山区海岛县一方",
            places,
            lambda value: queries.own_of(int(value)) if value else None,
        ),
    ),
    search=(Enclave.name, Enclave.platform, Enclave.code),
    search_label="飞地、平台或编号",
    order="code",
    subline=(
        Field("kind", look=looks.badge),
        Field("origin", look=looks.origin),
        Field("origin_region", look=_origin_side),
        Field("host_region", look=lambda r, e: Markup("飞入 {}").format(_host_side(r, e))),
    ),
    groups=(
        (
            "基本情况",
            (
                "code",
                "kind",
                "direction",
                Field("development_since", applies=lambda e: e.development_since is not None),
                "platform",
                stated("signed_on"),
                stated("started_on"),
                stated("completed_on"),
                stated("in_use_on"),
                "closed_on",
                "area_mu",
                "floor_m2",
                "total_capital",
                "village_capital",
                "villages",
                "has_village_disclosure",
                "note",
            ),
        ),
    ),
    reserved=_reserved,
    form=EnclaveForm,
    constraints=CONSTRAINTS,
    choices={"host_id": places, "platform_id": SameForAll(queries.platform_choices)},
    ending="closed_on",
    detail_template="enclaves/detail.html",
    empty="这里将列出本地区的飞地。从“登记飞地”开始，先填名称、编号和飞入地，其余可以后补。",
)

_USUAL_YIELD = Decimal(20)  # % a year on capital; shares of rent and tax may be all of it


def _unlikely(
    record: ReturnTerm | None, enclave: Enclave, values: Mapping[str, Any]
) -> list[Doubt]:
    """A yield on capital that nobody pays."""
    if values["kind"] is not TermKind.RATE_ON_CAPITAL or values.get("rate") is None:
        return []
    return figure_doubts(FigureFacts("约定收益率", values["rate"] * 100, "%", usual=_USUAL_YIELD))


RETURN_TERMS = bound(
    Kind(
        "return_terms",
        ReturnTerm,
        "返利约定",
        view=Permission.ENCLAVES_VIEW,
        edit=Permission.ENCLAVES_EDIT,
        parent=Parent(ENCLAVES, "enclave_id"),
        name=lambda term: term.kind.label,
        doubts=_unlikely,
        columns=(
            Column("kind"),
            Column("rate", applies=lambda term: term.rate is not None, phone=True),
            Column("amount", "每年金额", applies=lambda term: term.rate is None, phone=True),
            Column(
                "capital_base", applies=lambda t: t.kind is TermKind.RATE_ON_CAPITAL, phone=False
            ),
            Column("starts_on", sort=True, phone=True),
            Column("ends_on", sort=True, phone=True),
            Column("id", "状态", value=state_words, look=looks.plain),
            Column("note", show=Show.WIDE),
        ),
        order="-starts_on",
        groups=(
            (
                "约定",
                (
                    "kind",
                    Field("rate", applies=lambda term: term.rate is not None),
                    Field(
                        "capital_base",
                        applies=lambda term: term.kind is TermKind.RATE_ON_CAPITAL,
                    ),
                    Field("amount", applies=lambda term: term.rate is None),
                    "starts_on",
                    "ends_on",
                    Field("pay_by", look=pay_by_words),
                    "note",
                ),
            ),
            CONFIRMED,
        ),
        form=ReturnTermForm,
        against=no_overlap(
            "starts_on",
            "ends_on",
            "enclave_id",
            "kind",
            closed=True,
            only=lambda term: term.kind is TermKind.GUARANTEED_MINIMUM,
        ),
        span=Span(
            "starts_on",
            "ends_on",
            ("enclave_id", "kind"),
            closed=True,
            only=lambda term: term.kind is not TermKind.GUARANTEED_MINIMUM,
            about="同一飞地同类返利约定的期限",
        ),
        constraints=PAY_BY_CONSTRAINTS,
        actions=(confirm_action(), ask_action()),
        empty="这里将列出返利约定。合同约定了返利的，从“登记返利约定”开始。",
    )
)
