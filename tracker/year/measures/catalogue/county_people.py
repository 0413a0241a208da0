"""Measures of people and goods between the sides: the same records serve 受援县 and 支援县."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, or_

from tracker.core.db.searchable import key_of
from tracker.core.quantities.days import first_day, last_day
from tracker.records.exchanges.models import (
    ConsumptionAid,
    InstitutionPair,
    Secondment,
    Side,
    SpecialistPosting,
    Training,
    TrainingPurpose,
)
from tracker.records.pairings.models import Pairing
from tracker.year.measures.catalogue.counties import county_measure
from tracker.year.measures.catalogue.paired import records_of
from tracker.year.measures.declare import Made, Reading, Rows
from tracker.year.measures.made import distinct
from tracker.year.measures.reported import NOUGHT_IF_FILED, amounts, nought_if_filed, number_that

# 规定期限: no public document gives it; half a year is ours, and docs/rulebooks.md says so.
FULL_TERM_DAYS = 183


def _cadres(year: int, side: Side) -> Reading:
    posted = records_of(
        Secondment,
        year,
        side,
        Secondment.person.label("person"),
        Secondment.from_post.label("from_post"),
        Pairing.supporter_id.label("sent_from"),
        Secondment.starts_on.label("starts_on"),
        Secondment.ends_on.label("ends_on"),
    )
    posted = posted.join(Pairing, Pairing.id == Secondment.pairing_id).where(
        Secondment.sent_by == Side.SUPPORTER,
        Secondment.starts_on <= last_day(year),
        or_(Secondment.ends_on.is_(None), Secondment.ends_on >= first_day(year)),
    )

    def people(rows: Rows) -> Made:
        return in_post(rows["secondments"], year)

    nothing = f"没有登记{year}年支援方选派的挂职干部"
    return nought_if_filed(year, {"secondments": posted}, people, nothing=nothing)


def in_post(secondments: Sequence[Row], year: int) -> Made:
    """How many people were in post at the end of `year`, or in that year for the full term; each
    once. A person is one by name and post in the county that sent them, `sent_from`: two counties
    may send two people of one name."""

    def counts(row: Row) -> bool:
        at_end = row.ends_on is None or row.ends_on >= last_day(year)
        return at_end or _days_in(year, row) >= FULL_TERM_DAYS

    return distinct(
        {"secondments": secondments},
        ["secondments"],
        lambda row: (row.sent_from, key_of(row.person), key_of(row.from_post or "")),
        counts,
        same="与已计入的是同一人",
        why=lambda row: f"当年在任 {_days_in(year, row)} 天，年末已离任",
    )


def _days_in(year: int, posting: Row) -> int:
    """The days of `year` on which a posting ran; its first and its last day are days in post."""
    start = max(posting.starts_on, first_day(year))
    return (min(posting.ends_on or last_day(year), last_day(year)) - start).days + 1


def _partners(year: int, side: Side) -> Reading:
    in_effect = or_(InstitutionPair.ends_on.is_(None), InstitutionPair.ends_on >= last_day(year))
    pairs = records_of(InstitutionPair, year, side, in_effect.label("in_effect")).where(
        InstitutionPair.signed_on <= last_day(year)
    )
    return nought_if_filed(
        year,
        {"institution_pairs": pairs},
        number_that("institution_pairs", "in_effect", lambda row: "年末前已到期"),
        nothing="没有登记学校和医院结对",
    )


def _trained(year: int, side: Side) -> Reading:
    trainings = records_of(Training, year, side, Training.people.label("people")).where(
        Training.purpose.in_((TrainingPurpose.EMPLOYMENT, TrainingPurpose.SKILLS)),
        Training.held_on.between(first_day(year), last_day(year)),
    )
    return nought_if_filed(
        year, {"trainings": trainings}, _people("trainings"), nothing=f"没有登记{year}年的劳务培训"
    )


def _specialists(year: int, side: Side) -> Reading:
    postings = records_of(
        SpecialistPosting, year, side, SpecialistPosting.people.label("people")
    ).where(SpecialistPosting.starts_on.between(first_day(year), last_day(year)))
    return nought_if_filed(
        year,
        {"specialist_postings": postings},
        _people("specialist_postings"),
        nothing=f"没有登记{year}年选派的专技人才",
    )


def _people(table: str) -> Callable[[Rows], int]:
    return lambda rows: sum(row.people for row in rows[table])


def _sales(year: int, side: Side) -> Reading:
    bought = records_of(ConsumptionAid, year, side, ConsumptionAid.amount.label("amount")).where(
        ConsumptionAid.bought_on.between(first_day(year), last_day(year))
    )
    return nought_if_filed(
        year, {"consumption_aids": bought}, amounts, nothing=f"没有登记{year}年的消费帮扶"
    )


@dataclass(frozen=True)
class _Shared:
    """What both sides count: how it is read, its unit and the records behind it."""

    read: Callable[[int, Side], Reading]
    unit: str
    records: str


_CADRES = _Shared(_cadres, "人", "挂职干部；报送")
_PARTNERS = _Shared(_partners, "对", "学校医院结对；报送")
_TRAINED = _Shared(_trained, "人次", "培训；报送")
_SPECIALISTS = _Shared(_specialists, "人次", "专技人才选派；报送")
_SALES = _Shared(_sales, "万元", "消费帮扶；报送")

_IN_POST = (
    f"任职满规定期限（默认 {FULL_TERM_DAYS} 天，每段任职只算当年内的天数）或年末在任的挂职干部人数"
    "，以任职文件为准；同一人（同一支援县选派、姓名和原单位职务都相同的）只计一次。"
)
_PEOPLE_TRAINED = "的培训就业和技能培训人次，以名单为准；其中实现就业的不重复计，干部培训不计。"
_AGREEMENTS = "学校、医院（含医共体）结对协议数，一份协议计一对；登记的都已到期的为0。"

# Name, label, side, what it is, definition.
_MEASURES = (
    (
        "cadres.posted",
        "到岗挂职干部数",
        Side.RECIPIENT,
        _CADRES,
        f"支援方选派、当年到该县{_IN_POST}",
    ),
    (
        "partners.schools_hospitals",
        "学校和医院结对数",
        Side.RECIPIENT,
        _PARTNERS,
        f"年末有效的与支援方{_AGREEMENTS}",
    ),
    (
        "training.placed",
        "培训就业人次",
        Side.RECIPIENT,
        _TRAINED,
        f"当年由支援方组织或出资、该县劳动者参加{_PEOPLE_TRAINED}",
    ),
    (
        "consumption.sales",
        "消费帮扶额",
        Side.RECIPIENT,
        _SALES,
        "当年支援方单位、企业、居民采购和帮助销售该县农特产品的金额，以发票或平台订单为准。",
    ),
    (
        "support.cadres",
        "选派挂职干部数",
        Side.SUPPORTER,
        _CADRES,
        f"支援县选派、当年到结对县{_IN_POST}",
    ),
    (
        "support.specialists",
        "选派专技人才人次",
        Side.SUPPORTER,
        _SPECIALISTS,
        "支援县当年开始选派到结对县服务的教师、医生、农技等专业技术人才人次，以派出名单为准。",
    ),
    (
        "support.training",
        "帮助培训就业人次",
        Side.SUPPORTER,
        _TRAINED,
        f"支援县当年为结对县劳动者组织或出资{_PEOPLE_TRAINED}",
    ),
    (
        "support.partners",
        "结对学校和医院数",
        Side.SUPPORTER,
        _PARTNERS,
        f"年末有效的与结对县{_AGREEMENTS}",
    ),
    (
        "support.consumption",
        "消费帮扶采购额",
        Side.SUPPORTER,
        _SALES,
        "支援县的单位、企业、居民当年采购和帮助销售结对县农特产品的金额，以发票或平台订单为准。",
    ),
)


def _declare(name: str, label: str, side: Side, what: _Shared, definition: str) -> None:
    county_measure(
        name,
        label=label,
        unit=what.unit,
        definition=definition + NOUGHT_IF_FILED,
        records=what.records,
    )(lambda year: what.read(year, side))


for _row in _MEASURES:
    _declare(*_row)
