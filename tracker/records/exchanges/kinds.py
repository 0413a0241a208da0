"""The pages of the exchanges of a pair: one kind of record for each kind of exchange."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.exchanges import forms
from tracker.records.exchanges.models import (
    ConsumptionAid,
    InstitutionPair,
    JointEvent,
    JointMeeting,
    OfPairing,
    Secondment,
    SpecialistPosting,
    Training,
    Visit,
)
from tracker.records.pairings import queries as pairings
from tracker.records.pairings.models import Pairing
from tracker.records.parks import queries as parks
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.places.queries import regions_of
from tracker.records.places.scopes import within
from tracker.records.submissions import kept
from tracker.records.villages.models import DemonstrationVillage
from tracker.web.kit import Column, Filter, Kind, Show, linked, looks, one_of, this_year, through
from tracker.web.kit.declared import Choices, SameForAll
from tracker.web.kit.spans import Span
from tracker.web.kit.words import table_label


def of_pairings(model: type[OfPairing], regions: Select[int]) -> ColumnElement[bool]:
    """Whether one of `regions` (ids) is a side of the pairing that the record belongs to."""
    return model.pairing_id.in_(select(Pairing.id).where(pairings.touching(regions)))


def _kind(
    model: type[Any],
    *,
    columns: Sequence[Column],
    filters: Sequence[Filter] = (),
    search: Sequence[SQLColumnExpression],
    search_label: str,
    day: InstrumentedAttribute,
    name: Any,
    load: tuple = (),
    **options: Any,
) -> Kind:
    """A kind whose records belong to a pairing and to a day; the pairing stands second."""
    pairing = joinedload(model.pairing)
    first, *rest = columns
    label = table_label(model.__tablename__)
    named = [name for _, names in options["form"].groups for name in names]
    shown = [each.removesuffix("_id") for each in named]
    return Kind(
        model.__tablename__,
        model,
        label,
        view=Permission.EXCHANGES_VIEW,
        edit=Permission.EXCHANGES_EDIT,
        scope=within(
            lambda regions: of_pairings(model, regions),
            "pairing.recipient_id",
            "pairing.supporter_id",
        ),
        name=name,
        load=(pairing.joinedload(Pairing.supporter), pairing.joinedload(Pairing.recipient), *load),
        columns=(
            first,
            Column("pairing"),
            *rest,
            Column("origin", "来源", look=looks.origin, show=Show.WIDE),
        ),
        filters=(this_year(day), *filters, linked(model.pairing_id)),
        search=(*search, _side_of(model, "recipient_id"), _side_of(model, "supporter_id")),
        search_label=f"{search_label}、结对地区" if search_label else "结对地区",
        order=f"-{day.key}",
        groups=(("基本情况", shown),),
        choices={
            "pairing_id": _own_pairings,
            "park_id": _parks,
            "demonstration_village_id": _demonstrations,
        },
        menu="exchanges.index",
        list_template="exchanges/list.html",
        empty=f"这里将列出{label}。从“登记{label}”开始，填发生的日期和结对关系。",
        **options,
    )


def _side_of(model: type[OfPairing], side: str) -> SQLColumnExpression[str]:
    """The name of a side of the record's pairing, to search in."""
    reached = select(through(getattr(Pairing, side), Region.name))
    return reached.where(Pairing.id == model.pairing_id).correlate(model).scalar_subquery()


@SameForAll
def _own_pairings(user: User) -> Choices:
    """(id, names of both sides) of the pairings that a region of `user` is a side of."""
    supporter, recipient = aliased(Region), aliased(Region)
    statement = (
        pairings.visible(user)
        .join(supporter, supporter.id == Pairing.supporter_id)
        .join(recipient, recipient.id == Pairing.recipient_id)
        .with_only_columns(Pairing.id, supporter.name, recipient.name)
        .order_by(recipient.code, supporter.code)
    )
    found = db.session.execute(statement)
    return [(number, f"{giver}支援{taker}") for number, giver, taker in found]


@SameForAll
def _parks(user: User) -> Choices:
    """(id, name) of the parks that a region of `user` is a side of."""
    seen = regions_of(user)
    condition = parks.touching(seen)
    found = db.session.execute(select(Park.id, Park.name).where(condition).order_by(Park.code))
    return [(number, name) for number, name in found]


@SameForAll
def _demonstrations(user: User) -> Choices:
    """(id, name) of the demonstration villages in the regions of `user` or of their pairings."""
    ours = pairings.visible(user).with_only_columns(Pairing.id)
    statement = (
        select(DemonstrationVillage.id, DemonstrationVillage.name)
        .where(
            DemonstrationVillage.county_id.in_(regions_of(user))
            | DemonstrationVillage.pairing_id.in_(ours)
        )
        .order_by(DemonstrationVillage.code)
    )
    return [(number, name) for number, name in db.session.execute(statement)]


VISITS = _kind(
    Visit,
    form=forms.VisitForm,
    name=lambda visit: f"{visit.visited_on} {visit.led_by}",
    columns=(
        Column("visited_on", sort=True),
        Column("visitor"),
        Column("led_by", phone=True),
        Column("subject", show=Show.DESK),
    ),
    filters=(one_of(Visit.visitor),),
    search=(Visit.subject,),
    heard=(Visit.led_by,),
    search_label="带队领导或事项",
    day=Visit.visited_on,
)

JOINT_MEETINGS = _kind(
    JointMeeting,
    form=forms.JointMeetingForm,
    name=lambda meeting: f"{meeting.met_on} 联席会议",
    columns=(
        Column("met_on", sort=True),
        Column("place"),
        Column("decisions", show=Show.DESK),
    ),
    search=(JointMeeting.place, JointMeeting.decisions),
    search_label="地点或议定事项",
    day=JointMeeting.met_on,
)

JOINT_EVENTS = _kind(
    JointEvent,
    form=forms.JointEventForm,
    name=lambda event: event.title,
    load=(joinedload(JointEvent.park),),
    columns=(
        Column("title", sort=True),
        Column("held_on", sort=True),
        Column("park", show=Show.DESK),
    ),
    search=(),
    heard=(JointEvent.title,),
    search_label="活动名称",
    day=JointEvent.held_on,
)

SECONDMENTS = _kind(
    Secondment,
    form=forms.SecondmentForm,
    name=lambda secondment: secondment.person,
    columns=(
        Column("person", sort=True),
        Column("sent_by", phone=False),
        Column("to_post", phone=True),
        Column("starts_on", sort=True, phone=True),
        Column("ends_on", sort=True, show=Show.DESK),
        Column("from_post", show=Show.WIDE),
    ),
    filters=(one_of(Secondment.sent_by),),
    search=(Secondment.from_post, Secondment.to_post),
    heard=(Secondment.person,),
    search_label="姓名或职务",
    day=Secondment.starts_on,
    span=Span(
        "starts_on",
        "ends_on",
        ("pairing_id", "sent_by", "person"),
        closed=True,
        about="同一人的挂职任期",
    ),
    ending="ends_on",
)

SPECIALIST_POSTINGS = _kind(
    SpecialistPosting,
    form=forms.SpecialistPostingForm,
    name=lambda posting: f"{posting.starts_on} {posting.field.label}",
    columns=(
        Column("starts_on", sort=True),
        Column("field"),
        Column("people", sort=True, total=True),
        Column("ends_on", sort=True, show=Show.DESK),
    ),
    filters=(one_of(SpecialistPosting.field),),
    search=(),
    search_label="",
    day=SpecialistPosting.starts_on,
    ending="ends_on",
)

TRAININGS = _kind(
    Training,
    form=forms.TrainingForm,
    name=lambda training: training.title or f"{training.held_on} {training.purpose.label}",
    columns=(
        Column("held_on", sort=True),
        Column("title", phone=False),
        Column("purpose"),
        Column("people", sort=True, phone=True, total=True),
        Column("employed", sort=True, show=Show.DESK, total=True),
    ),
    filters=(one_of(Training.purpose),),
    search=(),
    heard=(Training.title,),
    search_label="培训名称",
    day=Training.held_on,
)

INSTITUTION_PAIRS = _kind(
    InstitutionPair,
    form=forms.InstitutionPairForm,
    name=lambda pair: f"{pair.supporter_name}—{pair.recipient_name}",
    columns=(
        Column("recipient_name", sort=True),
        Column("supporter_name", sort=True),
        Column("kind"),
        Column("signed_on", sort=True),
        Column("ends_on", sort=True, show=Show.DESK),
    ),
    filters=(one_of(InstitutionPair.kind),),
    search=(),
    heard=(InstitutionPair.supporter_name, InstitutionPair.recipient_name),
    search_label="学校或医院",
    day=InstitutionPair.signed_on,
    span=Span(
        "signed_on",
        "ends_on",
        ("pairing_id", "kind", "supporter_name", "recipient_name"),
        closed=True,
        about="同一对学校或医院的结对时间",
    ),
    ending="ends_on",
)

CONSUMPTION_AIDS = _kind(
    ConsumptionAid,
    form=forms.ConsumptionAidForm,
    name=lambda aid: f"{aid.bought_on} {aid.buyer or '消费帮扶'}",
    load=(
        joinedload(ConsumptionAid.demonstration_village).load_only(DemonstrationVillage.name),
        joinedload(ConsumptionAid.park).load_only(Park.name),
    ),
    columns=(
        Column("bought_on", sort=True),
        Column("amount", sort=True, total=True),
        Column("buyer", phone=True),
        Column("channel", show=Show.DESK),
        Column("demonstration_village", show=Show.WIDE),
        Column("park", show=Show.WIDE),
    ),
    search=(ConsumptionAid.channel,),
    heard=(ConsumptionAid.buyer,),
    search_label="购买方或渠道",
    day=ConsumptionAid.bought_on,
)

KINDS = (
    VISITS,
    JOINT_MEETINGS,
    JOINT_EVENTS,
    SECONDMENTS,
    SPECIALIST_POSTINGS,
    TRAININGS,
    INSTITUTION_PAIRS,
    CONSUMPTION_AIDS,
)


def _recipient(parent: None, values: Mapping[str, Any]) -> kept.Whose | None:
    """The county that receives, whose period an exchange is reported in."""
    pairing = db.session.get(Pairing, values["pairing_id"]) if values["pairing_id"] else None
    return kept.Whose(pairing.recipient_id) if pairing else None


# What of each kind is figures; what goes on after its period (a secondment ends later) may change
# in all else.
for _of, _when, _figures, _lasting in (
    (VISITS, "visited_on", ("visitor",), False),
    (JOINT_MEETINGS, "met_on", (), False),
    (JOINT_EVENTS, "held_on", ("park_id",), False),
    (SECONDMENTS, "starts_on", ("sent_by",), True),
    (SPECIALIST_POSTINGS, "starts_on", ("field", "people"), True),
    (TRAININGS, "held_on", ("purpose", "people", "employed"), False),
    (INSTITUTION_PAIRS, "signed_on", ("kind",), True),
    (CONSUMPTION_AIDS, "bought_on", ("amount", "demonstration_village_id", "park_id"), False),
):
    kept.keep(_of, kept.one(_when, ("pairing_id", *_figures)), _recipient, lasting=_lasting)
