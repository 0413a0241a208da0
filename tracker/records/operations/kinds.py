"""The pages of operating figures and tenants of enclaves and parks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities import shown as figures
from tracker.core.quantities.days import QUARTER_NAMES
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves import queries as enclaves
from tracker.records.enclaves.models import Enclave
from tracker.records.operations.doubts import doubts_of
from tracker.records.operations.forms import (
    FIGURE_CONSTRAINTS,
    TENANT_CONSTRAINTS,
    OperatingFigureForm,
    TenantForm,
)
from tracker.records.operations.items import MEANINGS
from tracker.records.operations.locked import why_locked
from tracker.records.operations.models import OperatingFigure, Tenant
from tracker.records.parks import queries as parks
from tracker.records.parks.models import Park
from tracker.records.places.queries import regions_of
from tracker.records.places.scopes import within
from tracker.records.submissions import kept
from tracker.web.kit import (
    Blocked,
    Column,
    Field,
    Filter,
    Kind,
    Show,
    in_year,
    looks,
    one_of,
    through,
)
from tracker.web.kit.declared import Choices, SameForAll
from tracker.web.kit.kinds import link_to
from tracker.web.kit.spans import Span
from tracker.web.period import selected_year
from tracker.web.plausibility import Doubt
from tracker.web.tables import asked_number

_SITES = (("enclave", "飞地"), ("park", "产业园"))

Site = OperatingFigure | Tenant
Model = type[OperatingFigure] | type[Tenant]


def _touching(model: Model) -> Callable[[Select[int]], ColumnElement[bool]]:
    def of(regions: Select[int]) -> ColumnElement[bool]:
        return or_(
            model.enclave_id.in_(select(Enclave.id).where(enclaves.touching(regions))),
            model.park_id.in_(select(Park.id).where(parks.touching(regions))),
        )

    return of


def site_of(record: Site) -> Enclave | Park:
    """The enclave or park that the record is about."""
    site = record.enclave or record.park
    assert site is not None, "the database asks for one"
    return site


def _site(_value: object, record: Site) -> Markup | str:
    return link_to(site_of(record))


def _value(value: Decimal, record: OperatingFigure) -> Markup:
    return figures.figure(record.figure)


def _bare(value: Decimal, record: OperatingFigure) -> Markup:
    return figures.figure(record.figure.bare())


def _unit(record: OperatingFigure) -> str:
    return MEANINGS[record.item].unit


def _quarter(_value: object, record: OperatingFigure) -> str:
    return f"{record.year}年{QUARTER_NAMES[record.quarter]}"


def _meaning(_value: object, record: OperatingFigure) -> str:
    return MEANINGS[record.item].definition


def _of_site(model: Model) -> Filter:
    conditions = {"enclave": model.enclave_id.is_not(None), "park": model.park_id.is_not(None)}
    return Filter("site", "对象", _SITES, conditions.get)


def _one_site(model: Model, key: str, label: str) -> Filter:
    """By one enclave or park that the address names; offered only then."""
    column = getattr(model, f"{key}_id")
    of, touching = (Enclave, enclaves.touching) if key == "enclave" else (Park, parks.touching)

    def choices(user: User) -> Choices:
        number = asked_number(key)
        if number is None:
            return []
        wanted = select(of.id, of.name).where(of.id == number, touching(regions_of(user)))
        return [(number, name) for number, name in db.session.execute(wanted)]

    return Filter(key, label, choices, lambda value: column == int(value) if value else None)


@SameForAll
def _own_enclaves(user: User) -> Choices:
    """(id, name) of the enclaves that the user's county runs."""
    own = Enclave.origin_id == user.region_id
    found = select(Enclave.id, Enclave.name).where(own).order_by(Enclave.code)
    return [(number, name) for number, name in db.session.execute(found)]


@SameForAll
def _own_parks(user: User) -> Choices:
    """(id, name) of the parks in the user's county."""
    own = Park.recipient_id == user.region_id
    found = select(Park.id, Park.name).where(own).order_by(Park.code)
    return [(number, name) for number, name in db.session.execute(found)]


def _asked_site() -> dict[str, object]:
    """The site that a link to the form names."""
    return {"enclave_id": asked_number("enclave"), "park_id": asked_number("park")}


def _searched(model: Model) -> tuple[SQLColumnExpression, ...]:
    return (
        through(model.enclave_id, Enclave.name),
        through(model.park_id, Park.name),
    )


def _locked(_user: User, record: OperatingFigure) -> Blocked | None:
    said = why_locked(site_of(record), record.year, record.quarter)
    return Blocked(said) if said else None


def _doubts(record: OperatingFigure | None, parent: None, values: Mapping[str, Any]) -> list[Doubt]:
    return doubts_of(
        values["item"],
        values["value"],
        values["year"],
        values["quarter"],
        enclave_id=values.get("enclave_id"),
        park_id=values.get("park_id"),
    )


OPERATIONS = Kind(
    "operations",
    OperatingFigure,
    "运营季报",
    view=Permission.OPERATIONS_VIEW,
    edit=Permission.OPERATIONS_EDIT,
    scope=within(
        _touching(OperatingFigure), "enclave.origin_id", "park.recipient_id", blocked=_locked
    ),
    name=lambda each: f"{site_of(each).name} {_quarter(None, each)}{each.item.label}",
    load=(joinedload(OperatingFigure.enclave), joinedload(OperatingFigure.park)),
    load_detail=(joinedload(OperatingFigure.source),),
    columns=(
        Column("item", sort=True),
        Column("enclave_id", "对象", look=_site),
        Column("year", "季度", look=_quarter, sort=(OperatingFigure.year, OperatingFigure.quarter)),
        Column("value", look=_bare, phone=True, bounded=True),
        Column("unit", "单位", value=_unit, phone=True),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        one_of(OperatingFigure.item),
        in_year(OperatingFigure.year),
        Filter(
            "quarter",
            "季度",
            tuple(QUARTER_NAMES.items()),
            lambda value: OperatingFigure.quarter == int(value) if value else None,
        ),
        _of_site(OperatingFigure),
        _one_site(OperatingFigure, "enclave", "飞地"),
        _one_site(OperatingFigure, "park", "产业园"),
    ),
    search=_searched(OperatingFigure),
    search_label="飞地或产业园",
    doubts=_doubts,
    order="-year",
    groups=(
        (
            "运营数",
            (
                Field("enclave_id", "对象", look=_site),
                Field("quarter", "季度", look=_quarter),
                "item",
                Field("value", look=_value),
                Field("item", "口径", look=_meaning),
                "source",
            ),
        ),
    ),
    form=OperatingFigureForm,
    constraints=FIGURE_CONSTRAINTS,
    choices={"enclave_id": _own_enclaves, "park_id": _own_parks},
    defaults=lambda user, parent: {**_asked_site(), "year": selected_year()},
    list_template="operations/list.html",
    empty="这里将列出飞地和产业园各季度的产值、面积、人才等。从“登记运营季报”开始，一次填一项。",
)

TENANTS = Kind(
    "tenants",
    Tenant,
    "入驻企业",
    view=Permission.OPERATIONS_VIEW,
    edit=Permission.OPERATIONS_EDIT,
    scope=within(_touching(Tenant), "enclave.origin_id", "park.recipient_id"),
    load=(joinedload(Tenant.enclave), joinedload(Tenant.park)),
    columns=(
        Column("name", sort=True),
        Column("enclave_id", "入驻何处", look=_site),
        Column("moved_in_on", sort=True, phone=True),
        Column("area_m2", sort=True, phone=True),
        Column("moved_out_on", sort=True, show=Show.DESK),
        Column("is_technology", show=Show.WIDE),
        Column("is_above_scale", show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        Filter(
            "staying",
            "状态",
            (("yes", "在园"), ("no", "已迁出")),
            {"yes": Tenant.moved_out_on.is_(None), "no": Tenant.moved_out_on.is_not(None)}.get,
        ),
        _of_site(Tenant),
        _one_site(Tenant, "enclave", "飞地"),
        _one_site(Tenant, "park", "产业园"),
    ),
    search=(Tenant.name, Tenant.credit_code, *_searched(Tenant)),
    search_label="企业、代码、飞地或产业园",
    order="-moved_in_on",
    groups=(
        (
            "入驻",
            (
                Field("enclave_id", "入驻何处", look=_site),
                "credit_code",
                "moved_in_on",
                "moved_out_on",
                "area_m2",
                "is_technology",
                "is_above_scale",
            ),
        ),
    ),
    form=TenantForm,
    constraints=TENANT_CONSTRAINTS,
    choices={"enclave_id": _own_enclaves, "park_id": _own_parks},
    defaults=lambda user, parent: _asked_site(),
    span=Span(
        "moved_in_on",
        "moved_out_on",
        ("enclave_id", "park_id", "name"),
        closed=True,
        about="同一企业在同一处的入驻时间",
    ),
    ending="moved_out_on",
    menu="operations.index",
    list_template="operations/list.html",
    empty="这里将列出入驻飞地和产业园的企业。从“登记入驻企业”开始，填全称和入驻日期。",
)


def _whose(parent: None, values: Mapping[str, Any]) -> kept.Whose | None:
    """Whose period a firm is reported in: the county that runs the enclave or has the park."""
    if values["enclave_id"]:
        enclave = db.session.get(Enclave, values["enclave_id"])
        return kept.Whose(enclave.origin_id, enclave.id) if enclave else None
    park = db.session.get(Park, values["park_id"]) if values["park_id"] else None
    return kept.Whose(park.recipient_id) if park else None


# A firm's coming and its leaving are each of the period in which they happen; what it is called and
# of which sort it is may be mended at any time.
kept.keep(
    TENANTS,
    (
        kept.Event(("moved_in_on",), ("enclave_id", "park_id", "area_m2")),
        kept.Event(("moved_out_on",), ("enclave_id", "park_id")),
    ),
    _whose,
    lasting=True,
)
