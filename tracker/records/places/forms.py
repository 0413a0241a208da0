"""The forms of the shared lists."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from wtforms.validators import StopValidation

from tracker.core.provenance.models import Source
from tracker.engine.scoring import MAX_CLASS
from tracker.records.accounts.models import Organisation
from tracker.records.places.classes import UnknownClassError, checked_class, known_classes
from tracker.records.places.models import CountyListing, IndustrialListing, Platform, Region
from tracker.web.forms import Suggesting, text
from tracker.web.kit import form_of


def _digits(form: Any, field: Any) -> None:
    if field.data and not re.fullmatch(r"[0-9]{6}|[0-9]{9}", field.data):
        raise StopValidation("代码为 6 位数字，乡镇（街道）为 9 位。")


def _web_address(form: Any, field: Any) -> None:
    if not field.data:
        return
    try:
        parts = urlsplit(field.data)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or re.search(r"\s", field.data):
        raise StopValidation("请填写以 http:// 或 https:// 开头的网址。")


def _known_class(form: Any, field: Any) -> None:
    """Take a class as the rulebooks write it; none is fine."""
    try:
        field.data = checked_class(field.data or "")
    except UnknownClassError as error:
        raise StopValidation(f"{error}。") from None


def _class_of_a_county() -> Any:
    made = text(
        "分类",
        MAX_CLASS,
        widget=Suggesting(known_classes),
        description="评分细则所列的类别，各类分别排名；出处没有说明分类的不填。",
    )
    made.args[1].append(_known_class)
    return made


def _checked(label: str, most: int, check: Any, **options: Any) -> Any:
    """A text that may be empty (None) and otherwise passes `check`."""
    made = text(label, most, **options)
    made.kwargs["filters"].append(lambda typed: typed or None)
    validators = made.args[1] if len(made.args) > 1 else made.kwargs["validators"]
    validators.append(check)
    return made


REGION_CONSTRAINTS = {
    "ck_regions_successor": ("abolished_on", "填了承接地的，须填撤销日期。"),
    "uq_regions_code": ("code", "已有这个代码的地区。请核对是否重复登记。"),
    "ck_regions_code": ("code", "省外的地方不填代码，其余的须填代码。"),
    "ck_regions_code_length": ("code", "代码与层级不符：乡镇（街道）为 9 位，其余为 6 位。"),
}

RegionForm = form_of(
    Region,
    (
        ("地区", ("name", "code", "level", "kind", "parent_id")),
        ("撤并", ("abolished_on", "successor_id", "succession_source_id")),
        ("其他", ("note",)),
    ),
    help={
        "successor_id": "撤销后承接其工作的地方；撤销前的数字仍归原地。",
        "kind": "山区县、海岛县、沿海强县或设区市；不属于其中任何一类的不选。",
        "parent_id": "县选设区市，设区市选省，乡镇（街道）选县。",
        "abolished_on": "建制撤销的才填；此前的记录仍归原名。",
    },
    code=_checked(
        "区划代码", 9, _digits, description="GB/T 2260 的 6 位代码，例如 331122；省外的不填。"
    ),
)

LISTING_CONSTRAINTS = {
    "ck_county_listings_joined_before_left": (
        "left_on",
        "调出日期应晚于调入日期，请核对。",
    ),
    "uq_county_listings_region_id_joined_on": ("joined_on", "该县已有同一日调入的记录。"),
}

CountyListingForm = form_of(
    CountyListing,
    (
        ("名单", ("county_class", "joined_on", "left_on")),
        ("依据", ("leaving_source", "source_id", "note")),
    ),
    future=("joined_on", "left_on"),
    help={
        "joined_on": "首批在列而不知日期的不填。",
        "left_on": "不再列入名单的第一日；仍在名单内的不填。",
    },
    county_class=_class_of_a_county(),
)

INDUSTRIAL_CONSTRAINTS = {
    "ck_industrial_listings_joined_before_left": (
        "left_on",
        "调出日期应晚于列入日期，请核对。",
    ),
    "uq_industrial_listings_region_id_joined_on": ("joined_on", "该县已有同一日列入的记录。"),
}

IndustrialListingForm = form_of(
    IndustrialListing,
    (("名单", ("joined_on", "left_on")), ("依据", ("source_id", "note"))),
    future=("joined_on", "left_on"),
    help={
        "joined_on": "不知道日期的不填。",
        "left_on": "不再列入名单的第一日；仍在名单内的不填。",
    },
)

PLATFORM_CONSTRAINTS = {
    "uq_platforms_name": ("name", "名单中已有这个平台。请核对是否重复登记。"),
    "ck_platforms_listed_before_removed": (
        "removed_on",
        "移出日期应晚于列入日期。请核对两处日期。",
    ),
}

PlatformForm = form_of(
    Platform,
    (("平台", ("name", "kind", "region_id")), ("名单", ("listed_on", "removed_on", "document"))),
    help={"document": "例如：浙政发〔2019〕12号。", "removed_on": "仍在名单内的不填。"},
)

ORGANISATION_CONSTRAINTS = {"uq_organisations_name": ("name", "已有这个名称的单位，请直接选用。")}

OrganisationForm = form_of(
    Organisation,
    (("单位", ("name", "kind", "region_id")),),
    help={"name": "单位全称。", "region_id": "所在的市、县；省外或不详的不选。"},
)

SOURCE_CONSTRAINTS = {
    "uq_sources_url": ("url", "已有这个网址的来源。请核对是否重复登记。"),
    "ck_sources_address": ("url", "转载待核的不填网址，其余的须填网址。"),
}

SourceForm = form_of(
    Source,
    (("来源", ("kind", "url", "published_on")),),
    help={"published_on": "页面注明的发布日期；没有注明的不填。"},
    url=_checked(
        "网址",
        400,
        _web_address,
        description="原页面的网址；未见原页面的不填，类别选转载待核。",
    ),
)
