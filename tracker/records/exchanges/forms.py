"""The forms of the exchanges of a pair, in the order in which people tell of them."""

from __future__ import annotations

from tracker.records.exchanges.models import (
    ConsumptionAid,
    InstitutionPair,
    JointEvent,
    JointMeeting,
    Secondment,
    SpecialistPosting,
    Training,
    Visit,
)
from tracker.web.kit import form_of

_PAIR = {"pairing_id": "由哪一组结对开展。"}

VisitForm = form_of(
    Visit,
    (("基本情况", ("pairing_id", "visited_on", "visitor", "led_by", "subject")),),
    help={**_PAIR, "led_by": "姓名和职务，例如“张某 县委书记”。"},
)

JointMeetingForm = form_of(
    JointMeeting,
    (("基本情况", ("pairing_id", "met_on", "place", "decisions")),),
    help={**_PAIR, "decisions": "议定了哪些事项，由谁在何时前办理。"},
)

JointEventForm = form_of(
    JointEvent,
    (("基本情况", ("pairing_id", "held_on", "title", "park_id")),),
    help={**_PAIR, "park_id": "在产业园内举办的，请选产业园。"},
)

SecondmentForm = form_of(
    Secondment,
    (
        ("基本情况", ("pairing_id", "person", "sent_by")),
        ("职务和期限", ("from_post", "to_post", "starts_on", "ends_on")),
    ),
    future=("ends_on",),
    help={**_PAIR, "ends_on": "仍在挂职且期限未定的不填。"},
)

SpecialistPostingForm = form_of(
    SpecialistPosting,
    (("基本情况", ("pairing_id", "field", "people", "starts_on", "ends_on")),),
    future=("ends_on",),
    help={**_PAIR, "people": "单位：人次。同一批次选派的人数。"},
)

TrainingForm = form_of(
    Training,
    (
        ("基本情况", ("pairing_id", "title", "purpose", "held_on")),
        ("人次", ("people", "employed")),
    ),
    help={**_PAIR, "employed": "单位：人次。参训后就业的人次，不能多于培训人次。"},
)

InstitutionPairForm = form_of(
    InstitutionPair,
    (
        ("基本情况", ("pairing_id", "kind", "supporter_name", "recipient_name")),
        ("期限", ("signed_on", "ends_on")),
    ),
    future=("ends_on",),
    help=_PAIR,
)

ConsumptionAidForm = form_of(
    ConsumptionAid,
    (
        ("基本情况", ("pairing_id", "bought_on", "amount", "buyer", "channel")),
        ("产品来自", ("demonstration_village_id", "park_id")),
    ),
    help={
        **_PAIR,
        "demonstration_village_id": "产品来自乡村振兴示范点的，请选示范点。",
        "park_id": "产品来自产业园的，请选产业园。",
    },
)
