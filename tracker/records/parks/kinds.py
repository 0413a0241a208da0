"""The pages of parks."""

from __future__ import annotations

from sqlalchemy.orm import joinedload, selectinload

from tracker.core.provenance.models import SourcedValue
from tracker.records.accounts.permissions import Permission
from tracker.records.parks import queries
from tracker.records.parks.forms import CONSTRAINTS, ParkForm
from tracker.records.parks.models import BASE_YEAR, Park
from tracker.records.places.models import Region
from tracker.records.places.scopes import places, provinces_alone, within
from tracker.web.kit import Column, Field, Kind, Show, flag, looks, one_of, through
from tracker.web.kit.stated import stated

PARKS = Kind(
    "parks",
    Park,
    "产业园",
    view=Permission.PARKS_VIEW,
    edit=Permission.PARKS_EDIT,
    scope=within(queries.touching, "recipient_id"),
    load=(joinedload(Park.recipient), joinedload(Park.supporter)),
    load_detail=(selectinload(Park.sourced_values).joinedload(SourcedValue.source),),
    columns=(
        Column("name", sort=True),
        Column("kind", phone=False),
        Column(
            "recipient", look=looks.side("mountain"), sort=through(Park.recipient_id, Region.code)
        ),
        Column("supporter", look=looks.side("sea"), sort=through(Park.supporter_id, Region.code)),
        Column("area_mu", sort=True, phone=True, total=True),
        Column("leading_industry", show=Show.DESK),
        Column("approved_on", sort=True, show=Show.WIDE),
        Column("code", sort=True, show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        one_of(Park.kind),
        flag("open", "状态", "仍在共建", Park.closed_on.is_(None)),
        flag("large", "规模", "百亿级", Park.ten_billion_on.is_not(None)),
    ),
    search=(
        Park.name,
        Park.code,
        Park.leading_industry,
        through(Park.recipient_id, Region.name),
        through(Park.supporter_id, Region.name),
    ),
    search_label="产业园、代号或地区",
    order="code",
    subline=(
        Field("kind", look=looks.badge),
        Field("origin", look=looks.origin),
        Field("supporter", look=looks.side("sea")),
        Field("recipient", look=looks.side("mountain")),
    ),
    groups=(
        (
            "共建约定",
            (
                "code",
                "leading_industry",
                "area_mu",
                "base_year",
                stated("signed_on"),
                stated("approved_on"),
                stated("ten_billion_on"),
                "closed_on",
                "note",
            ),
        ),
    ),
    reserved=provinces_alone(
        "base_year",
        settled=("kind", "signed_on", "approved_on", "ten_billion_on"),
        later=("closed_on",),
    ),
    form=ParkForm,
    constraints=CONSTRAINTS,
    choices={"supporter_id": places},
    defaults=lambda user, parent: {"base_year": BASE_YEAR},
    ending="closed_on",
    detail_template="parks/detail.html",
    empty="这里将列出本地区的产业园。从“登记产业园”开始，先填名称、代号和共建双方。",
)
