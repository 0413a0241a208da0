"""What pairs do in a year: visits, meetings, people sent and trained, institutions, goods, aid."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tracker.exchange.sampledata.draw import chance, day, percent, stream, wan, whole
from tracker.exchange.sampledata.money import pay, report
from tracker.exchange.sampledata.scene import Scene
from tracker.records.exchanges.models import (
    ConsumptionAid,
    Field,
    InstitutionKind,
    InstitutionPair,
    JointEvent,
    JointMeeting,
    Secondment,
    Side,
    SpecialistPosting,
    Training,
    TrainingPurpose,
    Visit,
)
from tracker.records.ledger.models import AidPurpose, EntryKind
from tracker.records.operations.items import Item
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import ParkKind
from tracker.records.villages.models import DemonstrationVillage

INCOME_OF_AID = Decimal("0.8")  # Ningbo 2018: 3,568 of 4,485 万元 for incomes


def invent_institutions(scene: Scene) -> None:
    """Schools and hospitals paired since 2022 for every pair that stands in a sample year."""
    pairs = {pair.id: pair for year in (2023, 2024, 2025) for pair in scene.pairs(year)}
    for pair in pairs.values():
        rng = stream(scene.seed, "institutions", *_sides(scene, pair))
        for number in range(1, rng.randint(3, 7) + 1):
            kind = InstitutionKind.HOSPITAL if number % 3 == 0 else InstitutionKind.SCHOOL
            signed = day(rng, date(2022, 1, 10), date(2024, 6, 28))
            scene.rows.add(
                InstitutionPair,
                signed,
                pairing_id=pair.id,
                kind=kind,
                supporter_name=f"支援方示例{kind.label}{number}",
                recipient_name=f"受援方示例{kind.label}{number}",
                signed_on=signed,
                ends_on=signed.replace(year=signed.year + 5, day=1),
            )
    scene.rows.write()


def years_of_pairs(scene: Scene, year: int) -> None:
    """All exchanges and the aid of `year`."""
    for pair in scene.pairs(year):
        rng = stream(scene.seed, "exchanges", *_sides(scene, pair), year)
        _meet(scene, rng, pair, year)
        _send(scene, rng, pair, year)
        _train(scene, rng, pair, year)
        _sell(scene, rng, pair, year)
        _aid(scene, pair, year)
    for site in scene.demonstrations:
        if site.acceptance_year in (year, year + 1):
            _aid_of_demonstration(scene, site, year)
    scene.rows.write()


def _sides(scene: Scene, pair: Pairing) -> tuple[str, str]:
    return (
        scene.regions[pair.supporter_id].code or "",
        scene.regions[pair.recipient_id].code or "",
    )


def _meet(scene: Scene, rng: Random, pair: Pairing, year: int) -> None:
    for visitor in (Side.SUPPORTER, Side.RECIPIENT):
        if chance(rng, 82):
            on = day(rng, date(year, 2, 10), date(year, 11, 30))
            scene.rows.add(
                Visit,
                on,
                pairing_id=pair.id,
                visited_on=on,
                visitor=visitor,
                led_by="示例领导",
                subject="协作事项（示例）",
            )
    if chance(rng, 92):
        on = day(rng, date(year, 3, 1), date(year, 12, 10))
        scene.rows.add(
            JointMeeting,
            on,
            pairing_id=pair.id,
            met_on=on,
            place="示例会场",
            decisions="年度任务和项目清单（示例）",
        )
    parks = [
        park.id
        for park in scene.parks
        if park.kind is ParkKind.TOURISM and park.recipient_id == pair.recipient_id
    ]
    for _ in range(rng.randint(1, 3)):
        on = day(rng, date(year, 3, 1), date(year, 12, 10))
        scene.rows.add(
            JointEvent,
            on,
            pairing_id=pair.id,
            park_id=rng.choice(parks) if parks else None,
            held_on=on,
            title="联合推介活动示例",
        )


def _send(scene: Scene, rng: Random, pair: Pairing, year: int) -> None:
    for number in range(1, rng.randint(1, 3) + 1):
        on = day(rng, date(year, 2, 10), date(year, 4, 20))
        scene.rows.add(
            Secondment,
            on,
            pairing_id=pair.id,
            person=f"示例干部{number}",
            sent_by=Side.SUPPORTER,
            from_post="示例岗位",
            to_post="示例岗位",
            starts_on=on,
            ends_on=date(year + 1, 2, 9),
        )
    for field in rng.sample(list(Field), rng.randint(3, 5)):
        on = day(rng, date(year, 3, 1), date(year, 9, 30))
        scene.rows.add(
            SpecialistPosting,
            on,
            pairing_id=pair.id,
            field=field,
            people=rng.randint(2, 7),
            starts_on=on,
            ends_on=on + timedelta(days=rng.randint(30, 180)),
        )


def _train(scene: Scene, rng: Random, pair: Pairing, year: int) -> None:
    """About what Ningbo reported for 2018: 3,769 人次 in some fourteen pairs."""
    for purpose, most in (
        (TrainingPurpose.EMPLOYMENT, 110),
        (TrainingPurpose.EMPLOYMENT, 110),
        (TrainingPurpose.SKILLS, 70),
        (TrainingPurpose.CADRES, 40),
    ):
        people = rng.randint(30, most)
        on = day(rng, date(year, 3, 1), date(year, 11, 30))
        scene.rows.add(
            Training,
            on,
            pairing_id=pair.id,
            purpose=purpose,
            held_on=on,
            people=people,
            employed=whole_share(people, rng.randint(30, 75)),
            title="培训班示例",
        )


def whole_share(people: int, of_hundred: int) -> int:
    """So many of a hundred of `people`."""
    return people * of_hundred // 100


def _sell(scene: Scene, rng: Random, pair: Pairing, year: int) -> None:
    villages: list[int | None] = [
        site.id for site in scene.demonstrations if site.county_id == pair.recipient_id
    ] or [None]
    parks = [
        park
        for park in scene.parks
        if park.recipient_id == pair.recipient_id and park.supporter_id == pair.supporter_id
    ]
    tourism = [park for park in parks if park.kind is ParkKind.TOURISM]
    for number in range(rng.randint(6, 10)):
        on = day(rng, date(year, 1, 10), date(year, 12, 20))
        of_park = tourism[0].id if tourism and number == 0 else None
        scene.rows.add(
            ConsumptionAid,
            on,
            pairing_id=pair.id,
            demonstration_village_id=rng.choice(villages) if number in (1, 2) else None,
            park_id=of_park,
            bought_on=on,
            amount=wan(rng, 12, 130),
            buyer="示例单位",
            channel=rng.choice(("单位采购", "直销中心", "电商平台")),
        )
    for park in tourism:
        report(scene, park, year, Item.TRADE, rng.randint(60, 320))


def _aid(scene: Scene, pair: Pairing, year: int) -> None:
    """Aid in two sums, due by the end of September; sent, received and used."""
    rng = stream(scene.seed, "aid", *_sides(scene, pair), year)
    adverse = scene.is_invented(pair.recipient_id)
    yearly = wan(rng, 220, 560)
    due = date(year, 9, 30)
    first = whole(yearly * percent(rng, 40, 60))
    for amount, on in (
        (first, day(rng, date(year, 3, 10), date(year, 5, 20))),
        (yearly - first, date(year, 11, 8) if adverse else day(rng, date(year, 7, 1), due)),
    ):
        incomes = whole(amount * INCOME_OF_AID)
        for part, purpose in (
            (incomes, AidPurpose.INCOME),
            (amount - incomes, AidPurpose.EDUCATION),
        ):
            pay(scene, pair, EntryKind.AID_SENT, part, on, due_on=due, purpose=purpose)
            arrived = on + timedelta(days=4)
            pay(scene, pair, EntryKind.AID_RECEIVED, part, arrived, purpose=purpose)
            used = whole(part * percent(rng, 80, 100))
            pay(scene, pair, EntryKind.AID_USED, used, date(year, 12, 10), purpose=purpose)
    pay(scene, pair, EntryKind.SOCIAL_AID, wan(rng, 20, 90), date(year, 10, 17))
    if chance(rng, 30):
        pay(scene, pair, EntryKind.LAND_QUOTA, wan(rng, 600, 5000), date(year, 11, 20))


def _aid_of_demonstration(scene: Scene, site: DemonstrationVillage, year: int) -> None:
    rng = stream(scene.seed, "demonstration aid", site.code, year)
    given = wan(rng, 30, 110)
    assert site.approved_on is not None
    on = max(site.approved_on, day(rng, date(year, 3, 1), date(year, 6, 30)))
    pay(scene, site, EntryKind.AID_RECEIVED, given, on, purpose=AidPurpose.INCOME)
    used = whole(given * percent(rng, 78, 100))
    pay(scene, site, EntryKind.AID_USED, used, date(year, 12, 12), purpose=AidPurpose.INCOME)
