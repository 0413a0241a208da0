"""The pages of pairings."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.db import Origin
from tracker.core.quantities.shown import day
from tracker.records.accounts.permissions import Permission
from tracker.records.pairings import forms, queries
from tracker.records.pairings.models import (
    AidGroup,
    AidGroupMember,
    Pairing,
    PairingCitation,
    PairingRound,
)
from tracker.records.places.models import Region
from tracker.records.places.scopes import everybodys, places, set_above, touches, within
from tracker.web.kit import (
    Column,
    Field,
    Kind,
    Parent,
    Show,
    flag,
    looks,
    one_of,
    related_section,
    through,
)
from tracker.web.kit.kinds import link_to
from tracker.web.kit.spans import Span


def _since(value: date | None, pairing: Pairing) -> str:
    # Published pages give the year alone.
    if value is not None and pairing.origin is Origin.PUBLIC:
        return f"{value.year} 年"
    return day(value, "不详")


def _supporter(region: Region, pairing: Pairing) -> Markup:
    rest = Markup('{}<span class="visually-hidden">支援{}</span>')
    return rest.format(looks.side("sea")(region, pairing), pairing.recipient.name)


_SUPPORTER = through(Pairing.supporter_id, Region.code)
_RECIPIENT = through(Pairing.recipient_id, Region.code)

PAIRINGS = Kind(
    "pairings",
    Pairing,
    "结对关系",
    view=Permission.PAIRINGS_VIEW,
    edit=Permission.PAIRINGS_EDIT,
    scope=within(queries.touching, "recipient_id", blocked=set_above),
    name=lambda pairing: f"{pairing.supporter.name}支援{pairing.recipient.name}",
    load=(joinedload(Pairing.supporter), joinedload(Pairing.recipient)),
    load_detail=(selectinload(Pairing.citations).joinedload(PairingCitation.source),),
    columns=(
        Column("supporter", look=_supporter, sort=(_SUPPORTER, _RECIPIENT)),
        Column("recipient", look=looks.side("mountain"), sort=(_RECIPIENT, _SUPPORTER)),
        Column("scheme", phone=False),
        Column("since", "起始", look=_since, sort=True),
        Column("until", "截止", look=lambda value, pairing: day(value, "未定"), sort=True),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(one_of(Pairing.scheme),),
    search=(
        through(Pairing.supporter_id, Region.name),
        through(Pairing.recipient_id, Region.name),
        through(Pairing.supporter_id, Region.name_initials),
        through(Pairing.supporter_id, Region.name_pinyin),
        through(Pairing.recipient_id, Region.name_initials),
        through(Pairing.recipient_id, Region.name_pinyin),
    ),
    search_label="支援方或受援方",
    order="recipient",
    groups=(("基本情况", ("supporter", "recipient", "scheme", "since", "until")),),
    form=forms.PairingForm,
    constraints=forms.CONSTRAINTS,
    choices={"supporter_id": places, "recipient_id": places},
    ending="until",
    detail_endpoint="pages.pair",
    detail_template="pairings/detail.html",
    list_template="pairings/list.html",
    empty="这里将列出本地区的结对关系。",
)

PAIRING_CITATIONS = Kind(
    "pairing_citations",
    PairingCitation,
    "出处",
    view=Permission.PAIRINGS_VIEW,
    edit=Permission.PAIRINGS_EDIT,
    parent=Parent(PAIRINGS, "pairing_id"),
    name=lambda citation: citation.round.name if citation.round else "轮次未注明",
    load=(joinedload(PairingCitation.round), joinedload(PairingCitation.source)),
    columns=(
        Column("title", "轮次", value=lambda c: c.round.name if c.round else "轮次未注明"),
        Column("start_year", sort=True),
        Column("end_year", sort=True),
        Column("source"),
        Column("note", show=Show.WIDE),
    ),
    order="-start_year",
    groups=(("原文所述", ("round", "start_year", "end_year", "note", "source")),),
    form=forms.CitationForm,
    empty="没有公开资料说到这一结对关系。",
)

PAIRING_ROUNDS = Kind(
    "pairing_rounds",
    PairingRound,
    "结对轮次",
    view=Permission.PAIRINGS_VIEW,
    edit=Permission.PAIRINGS_EDIT,
    scope=everybodys(),
    columns=(
        Column("name", sort=True),
        Column("code", sort=True),
        Column("scheme"),
        Column("starts_on", sort=True),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(one_of(PairingRound.scheme),),
    order="-starts_on",
    groups=(("轮次", ("code", "scheme", "starts_on")),),
    form=forms.RoundForm,
    constraints=forms.ROUND_CONSTRAINTS,
    sections=(related_section("说到这一轮的资料"),),
    menu="pairings.index",
    list_template="pairings/list.html",
    empty="这里将列出省、市确定结对安排的各个轮次。",
)

AID_GROUPS = Kind(
    "aid_groups",
    AidGroup,
    "帮扶团组",
    view=Permission.PAIRINGS_VIEW,
    edit=Permission.PAIRINGS_EDIT,
    scope=within(touches(AidGroup.county_id), "county_id", blocked=set_above),
    load=(
        joinedload(AidGroup.county),
        selectinload(AidGroup.members).joinedload(AidGroupMember.organisation),
        selectinload(AidGroup.members).joinedload(AidGroupMember.region),
    ),
    columns=(
        Column("name", sort=True),
        Column(
            "county", look=looks.side("mountain"), sort=through(AidGroup.county_id, Region.code)
        ),
        Column("lead", "牵头", value=lambda group: _lead(group)),
        Column("size", "成员", value=lambda group: len(group.members), unit="个", phone=True),
        Column("since", sort=True, show=Show.DESK),
        Column("until", sort=True, show=Show.DESK),
        Column("origin", "来源", look=looks.origin, show=Show.WIDE),
    ),
    filters=(flag("now", "状态", "仍在工作", AidGroup.until.is_(None)),),
    search=(AidGroup.name, through(AidGroup.county_id, Region.name)),
    search_label="团组或受帮扶县",
    order="county",
    subline=(Field("origin", look=looks.origin), Field("county", look=looks.side("mountain"))),
    groups=(("团组", ("county", "since", "until")),),
    form=forms.AidGroupForm,
    choices={"county_id": places},
    span=Span("since", "until", ("county_id",), closed=True, about="帮扶同一个县的团组的起止时间"),
    ending="until",
    menu="pairings.index",
    list_template="pairings/list.html",
    empty="这里将列出帮扶本地区的团组（帮共体）及其成员。",
)


def _member(member: AidGroupMember) -> str:
    of = member.organisation or member.region
    return of.name if of else ""


def _sort(member: AidGroupMember) -> str:
    return member.organisation.kind.label if member.organisation else "强县"


def _lead(group: AidGroup) -> str:
    return "、".join(_member(each) for each in group.members if each.is_lead) or "未定"


AID_GROUP_MEMBERS = Kind(
    "aid_group_members",
    AidGroupMember,
    "成员",
    view=Permission.PAIRINGS_VIEW,
    edit=Permission.PAIRINGS_EDIT,
    parent=Parent(AID_GROUPS, "group_id"),
    name=_member,
    load=(joinedload(AidGroupMember.organisation), joinedload(AidGroupMember.region)),
    columns=(
        Column("member", "成员", value=_member),
        Column("kind", "性质", value=_sort),
        Column("is_lead", sort=True),
        Column("since", sort=True),
        Column("until", sort=True, show=Show.DESK),
    ),
    order="-is_lead",
    groups=(
        (
            "成员",
            (
                Field("member", "成员", value=lambda m: link_to(m.organisation or m.region)),
                "is_lead",
                "since",
                "until",
            ),
        ),
    ),
    form=forms.MemberForm,
    constraints=forms.MEMBER_CONSTRAINTS,
    choices={"region_id": places},
    ending="until",
    empty="还没有登记成员。从“登记成员”开始，选单位或强县。",
)

LISTED = (PAIRINGS, PAIRING_ROUNDS, AID_GROUPS)
