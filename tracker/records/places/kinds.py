"""The pages of the shared lists: everybody reads them, those in charge change them."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.db import db
from tracker.core.provenance.models import Source
from tracker.core.quantities.clock import today
from tracker.engine.scoring import UNCLASSED
from tracker.records.accounts.models import Organisation, User
from tracker.records.accounts.permissions import Permission
from tracker.records.places import forms
from tracker.records.places.models import (
    CountyListing,
    IndustrialListing,
    Platform,
    Region,
    RegionLevel,
)
from tracker.records.places.queries import regions_of
from tracker.records.places.scopes import everybodys, places
from tracker.web.kit import (
    Action,
    Column,
    Field,
    Filter,
    Kind,
    Parent,
    Show,
    in_year,
    looks,
    one_of,
    related_section,
)
from tracker.web.kit.spans import no_overlap

_PLACES = (RegionLevel.CITY, RegionLevel.COUNTY)


def listing_words(listing: CountyListing | IndustrialListing) -> str:
    """A county's time on the list in words."""
    since = f"{listing.joined_on} 调入" if listing.joined_on else "首批在列"
    until = f"，{listing.left_on} 调出" if listing.left_on else ""
    return f"{since}{until}"


def _class_today(region: Region) -> str | None:
    """The class by which the county stands on the list today; None if it does not."""
    for listing in region.listings:
        if (listing.joined_on or date.min) <= today() < (listing.left_on or date.max):
            return listing.county_class or UNCLASSED
    return None


def _on_list(value: str) -> ColumnElement[bool] | None:
    """Whether a region stands on the list of counties that receive; "off": once did."""
    if not value:
        return None
    day = today()
    on = select(CountyListing.region_id).where(
        or_(CountyListing.joined_on.is_(None), CountyListing.joined_on <= day),
        or_(CountyListing.left_on.is_(None), CountyListing.left_on > day),
    )
    if value == "on":
        return Region.id.in_(on)
    left = select(CountyListing.region_id).where(CountyListing.left_on <= day)
    return Region.id.in_(left) & Region.id.not_in(on)


def _has_page(user: User, region: Region) -> bool:
    if region.code is None or region.level not in _PLACES:
        return False
    seen = select(Region.id).where(Region.id == region.id, Region.id.in_(regions_of(user)))
    return db.session.scalar(seen) is not None


def _parents(user: User, region: Region | None) -> list[tuple[int, str]]:
    """(id, name) of the province, cities and counties, which others may lie in."""
    statement = (
        select(Region.id, Region.name)
        .where(
            Region.level.in_((RegionLevel.PROVINCE, *_PLACES)),
            Region.id != (region.id if region else 0),
        )
        .order_by(Region.code)
    )
    return [(number, name) for number, name in db.session.execute(statement)]


def _address(value: str | None, source: Source) -> Markup | str:
    if value is None:
        return "未见原页面"
    link = Markup('<a href="{}" rel="noopener noreferrer" class="source">{}</a>')
    return link.format(value, value)


def _host(source: Source) -> str:
    return (urlsplit(source.url).hostname or "") if source.url else "未见原页面"


REGIONS = Kind(
    "regions",
    Region,
    "地区",
    view=Permission.REGIONS_VIEW,
    edit=Permission.REGIONS_EDIT,
    scope=everybodys(),
    load=(joinedload(Region.parent), selectinload(Region.listings)),
    columns=(
        Column("name", sort=True),
        Column("code", sort=True, phone=False),
        Column("level"),
        Column("parent", phone=True, look=lambda parent, of: parent.name if parent else "—"),
        Column("listing", "名单分类", value=_class_today, phone=True),
        Column("kind", show=Show.DESK),
        Column("abolished_on", sort=True, show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.WIDE),
    ),
    filters=(
        Filter("list", "山区海岛县名单", [("on", "现在名单内"), ("off", "已调出")], _on_list),
        one_of(Region.level),
        one_of(Region.kind),
    ),
    search_label="名称或代码",
    order="code",
    subline=(
        Field("level", look=looks.badge),
        Field("origin", look=looks.origin),
        Field("listing", value=_class_today),
    ),
    groups=(
        (
            "地区",
            (
                "code",
                "level",
                "kind",
                "parent",
                "abolished_on",
                Field("successor", applies=lambda region: region.abolished_on is not None),
                Field("succession_source", applies=lambda region: region.abolished_on is not None),
                "note",
            ),
        ),
    ),
    form=forms.RegionForm,
    constraints=forms.REGION_CONSTRAINTS,
    choices={"parent_id": _parents, "successor_id": places},
    ending="abolished_on",
    actions=(
        Action(
            "看本地概况",
            "map-pin",
            Permission.COUNTIES_VIEW,
            lambda region: url_for("counties.detail", code=region.code),
            fits=_has_page,
        ),
    ),
    empty="这里将列出省、市、县和省外的飞入地。",
)


def _listing_kind(
    key: str, model: type[CountyListing | IndustrialListing], label: str, **own: Any
) -> Kind:
    """A dated list of counties, entered county by county; `own` is what one list has alone."""
    extra: tuple[Column, ...] = own.pop("columns", ())
    facts: tuple[str, ...] = own.pop("facts")
    return Kind(
        key,
        model,
        label,
        view=Permission.REGIONS_VIEW,
        edit=Permission.REGIONS_EDIT,
        parent=Parent(REGIONS, "region_id"),
        load=(joinedload(model.source),),
        columns=(
            Column("spell", "在列时间", value=listing_words),
            *extra,
            Column("joined_on", sort=True, phone=False),
            Column("left_on", sort=True, phone=False),
            Column("source", show=Show.DESK, phone=True),
            Column("note", show=Show.WIDE),
            Column("origin", "来源", look=looks.origin, show=Show.WIDE),
        ),
        order="-joined_on",
        groups=(("名单", facts),),
        against=no_overlap("joined_on", "left_on", "region_id"),
        ending="left_on",
        **own,
    )


COUNTY_LISTINGS = _listing_kind(
    "county_listings",
    CountyListing,
    "名单记录",
    name=listing_words,
    columns=(Column("county_class", value=lambda listing: listing.county_class or UNCLASSED),),
    facts=("county_class", "joined_on", "left_on", "leaving_source", "source", "note"),
    form=forms.CountyListingForm,
    constraints=forms.LISTING_CONSTRAINTS,
    empty="没有列入山区海岛县名单。",
)

INDUSTRIAL_LISTINGS = _listing_kind(
    "industrial_listings",
    IndustrialListing,
    "工业大县记录",
    name=lambda listing: f"工业大县 {listing_words(listing)}",
    facts=("joined_on", "left_on", "source", "note"),
    form=forms.IndustrialListingForm,
    constraints=forms.INDUSTRIAL_CONSTRAINTS,
    empty="没有列入工业大县名单。",
)

PLATFORMS = Kind(
    "platforms",
    Platform,
    "平台",
    view=Permission.PLATFORMS_VIEW,
    edit=Permission.PLATFORMS_EDIT,
    scope=everybodys(),
    load=(joinedload(Platform.region),),
    columns=(
        Column("name", sort=True),
        Column("kind"),
        Column("region"),
        Column("listed_on", sort=True, phone=True),
        Column("removed_on", sort=True, show=Show.DESK),
        Column("document", show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.WIDE),
    ),
    filters=(
        one_of(Platform.kind),
        Filter(
            "place",
            "所在地",
            places,
            lambda value: Platform.region_id == int(value) if value else None,
        ),
    ),
    order="name",
    groups=(("平台", ("kind", "region", "listed_on", "removed_on", "document")),),
    form=forms.PlatformForm,
    constraints=forms.PLATFORM_CONSTRAINTS,
    choices={"region_id": places},
    ending="removed_on",
    sections=(related_section(),),
    empty="这里将列出省级新区和高能级平台。",
)

ORGANISATIONS = Kind(
    "organisations",
    Organisation,
    "单位",
    view=Permission.ORGANISATIONS_VIEW,
    edit=Permission.ORGANISATIONS_EDIT,
    scope=everybodys(),
    load=(joinedload(Organisation.region),),
    columns=(
        Column("name", sort=True),
        Column("kind"),
        Column("region"),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(one_of(Organisation.kind),),
    order="name",
    groups=(("单位", ("kind", "region")),),
    form=forms.OrganisationForm,
    constraints=forms.ORGANISATION_CONSTRAINTS,
    choices={"region_id": places},
    sections=(related_section(),),
    empty="这里将列出参加帮扶的部门、企业、院校和医院。从“登记单位”开始，填全称和类别。",
)

SOURCES = Kind(
    "sources",
    Source,
    "资料来源",
    view=Permission.SOURCES_VIEW,
    edit=Permission.SOURCES_EDIT,
    scope=everybodys(),
    name=lambda source: source.label,
    columns=(
        Column("label", "来源", value=lambda source: source.label),
        Column("kind", phone=False),
        Column("host", "网站", value=_host, phone=True),
        Column("published_on", sort=True, phone=True),
        Column("url", look=_address, show=Show.WIDE),
    ),
    filters=(one_of(Source.kind), in_year(Source.published_on, "发布年份", "published")),
    search=(Source.url,),
    search_label="网址",
    order="-published_on",
    groups=(("来源", ("kind", Field("url", look=_address), "published_on")),),
    form=forms.SourceForm,
    constraints=forms.SOURCE_CONSTRAINTS,
    empty="这里将列出记录所依据的公开页面。",
)
