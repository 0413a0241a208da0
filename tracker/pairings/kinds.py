"""The pages of pairings."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup
from sqlalchemy.orm import joinedload, selectinload

from tracker.accounts.permissions import Permission
from tracker.db import Origin
from tracker.pairings import queries
from tracker.pairings.forms import CONSTRAINTS, PairingForm
from tracker.pairings.models import Pairing, PairingCitation
from tracker.regions.models import Region
from tracker.regions.scopes import places, within
from tracker.web.figures import day
from tracker.web.kit import Column, Kind, Show, looks, one_of, through


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
    scope=within(queries.touching, "recipient_id"),
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
        through(Pairing.recipient_id, Region.name_initials),
    ),
    search_label="支援方或受援方",
    order="recipient",
    groups=(("基本情况", ("supporter", "recipient", "scheme", "since", "until")),),
    form=PairingForm,
    constraints=CONSTRAINTS,
    choices={"supporter_id": places, "recipient_id": places},
    ending="until",
    detail_endpoint="pages.pair",
    detail_template="pairings/detail.html",
    empty="这里将列出本地区的结对关系。",
)
