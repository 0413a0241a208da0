"""What the records of a demonstration village become, and whose targets a pair's are."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from tests import factories as make
from tests import factories_acts as acts
from tests.factories import wan
from tracker.records.ledger.models import EntryKind
from tracker.records.submissions.models import FilingKind
from tracker.records.villages.models import DemonstrationVillage
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.collect import Fact, collect
from tracker.year.measures.declare import SubjectKind
from tracker.year.measures.records import describe

YEAR = 2024
DAY, LAST, NEXT = date(YEAR, 6, 30), date(YEAR, 12, 31), date(YEAR + 1, 1, 1)
FILED = datetime(2025, 1, 8, tzinfo=UTC)


@pytest.fixture
def places(app: Flask) -> dict:
    return make.zhejiang()


@pytest.fixture
def village(places: dict) -> DemonstrationVillage:
    return make.demonstration_village(places["缙云县"])


def fact(village: DemonstrationVillage, name: str, year: int = YEAR) -> Fact:
    return collect(year, SubjectKind.VILLAGE, [name], [village.id])[village.id][name]


def value(village: DemonstrationVillage, name: str, year: int = YEAR) -> str | None:
    return fact(village, name, year).value


NOUGHT_WHEN_FILED = {
    "demonstration.aid_received": "台账中没有2024年的援建资金到账记录",
    "demonstration.aid_used": "台账中没有2024年的援建资金使用记录",
    "demonstration.projects": "没有登记示范点的项目",
    "demonstration.sales": "没有登记2024年示范点的产销对接",
}
NOTHING_REPORTED = {
    **NOUGHT_WHEN_FILED,
    "demonstration.accepted": "未登记示范点的申报、立项和验收",
    "demonstration.operating_income": "未填报2024年村集体经营性收入",
    "demonstration.low_income_households": "未填报带动的低收入农户数",
    "demonstration.fund_ledger": "台账中没有示范点的援建资金记录",
    "demonstration.disclosure": "未填报是否村务公开",
}


def test_each_measure_of_a_demonstration_village_is_tried_here() -> None:
    assert NOTHING_REPORTED.keys() == {m.name for m in CATALOGUE.of(SubjectKind.VILLAGE)}


@pytest.mark.parametrize("name", NOTHING_REPORTED)
def test_what_nobody_reported_is_not_nought_and_says_why(
    village: DemonstrationVillage, name: str
) -> None:
    assert fact(village, name) == Fact(None, reason=NOTHING_REPORTED[name])


@pytest.mark.parametrize("name", NOUGHT_WHEN_FILED)
def test_nothing_in_the_countys_filed_report_is_a_nought(
    places: dict, village: DemonstrationVillage, name: str
) -> None:
    acts.filing(places["庆元县"], kind=FilingKind.ANNUAL, filed_at=FILED)
    assert value(village, name) is None
    filing = acts.filing(places["缙云县"], kind=FilingKind.ANNUAL, filed_at=FILED)
    assert fact(village, name) == Fact("0", (f"filings:{filing.id}",))


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"accepted_on": LAST}, "1"),
        ({"accepted_on": NEXT}, "0"),
        ({"applied_on": DAY}, "0"),
        ({"approved_on": DAY}, "0"),
        ({"acceptance_year": YEAR}, "0"),
    ],
)
def test_accepted_by_the_end_of_the_year(
    village: DemonstrationVillage, dates: dict, expected: str
) -> None:
    for name, given in dates.items():
        setattr(village, name, given)
    record = f"demonstration_villages:{village.id}"
    assert fact(village, "demonstration.accepted") == Fact(expected, (record,))


@pytest.mark.parametrize(
    ("name", "kind", "other"),
    [
        ("demonstration.aid_received", EntryKind.AID_RECEIVED, EntryKind.AID_USED),
        ("demonstration.aid_used", EntryKind.AID_USED, EntryKind.AID_RECEIVED),
    ],
)
def test_aid_of_the_year(
    places: dict, village: DemonstrationVillage, name: str, kind: EntryKind, other: EntryKind
) -> None:
    entry = make.entry(village, kind, wan("12.5"), LAST)
    make.entry(village, other, wan(3), DAY)
    make.entry(village, kind, wan(4), NEXT)
    make.entry(village, kind, wan(4), DAY, submitted_at=None)
    make.entry(village, kind, wan(4), DAY, cumulative=True)
    pairing = make.pairing(places["富阳区"], places["缙云县"])
    make.entry(pairing, kind, wan(100), DAY)
    assert fact(village, name) == Fact("12.5", (f"ledger_entries:{entry.id}",))


def test_the_income_of_its_village(places: dict, village: DemonstrationVillage) -> None:
    place = make.village(places["缙云县"])
    income = make.village_income(place, YEAR, 523_456)
    make.village_income(place, YEAR - 1, 0)
    assert value(village, "demonstration.operating_income") is None
    village.village = place
    assert fact(village, "demonstration.operating_income") == Fact(
        "52.3456", (f"village_incomes:{income.id}",)
    )
    assert value(village, "prior.demonstration.operating_income") == "0"


@pytest.mark.parametrize("households", [0, 37])
def test_the_households_that_it_helps(village: DemonstrationVillage, households: int) -> None:
    village.low_income_households = households
    assert value(village, "demonstration.low_income_households") == str(households)


def test_its_fund_ledger_is_the_ledger(village: DemonstrationVillage) -> None:
    village.has_fund_ledger = True  # what somebody once answered by hand counts no more
    assert value(village, "demonstration.fund_ledger") is None
    entry = make.entry(village, EntryKind.AID_RECEIVED, make.wan(50), LAST)
    found = fact(village, "demonstration.fund_ledger")
    assert (found.value, found.records) == ("1", (f"ledger_entries:{entry.id}",))
    assert found.alike == (f"demonstration_villages:{village.id}",)
    assert value(village, "prior.demonstration.fund_ledger") is None


@pytest.mark.parametrize("answer", [True, False])
def test_disclosure_is_answered_by_hand(village: DemonstrationVillage, answer: bool) -> None:
    village.has_village_disclosure = answer
    record = f"demonstration_villages:{village.id}"
    assert fact(village, "demonstration.disclosure") == Fact("1" if answer else "0", (record,))
    assert describe([record])[record].text == f"乡村振兴示范点 {village.name}"


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"completed_on": LAST}, "1"),
        ({"in_production_on": LAST}, "1"),
        ({"completed_on": NEXT}, "0"),
        ({"started_on": DAY}, "0"),
        ({"completed_on": DAY, "terminated_on": LAST}, "0"),
    ],
)
def test_its_projects_that_run(
    places: dict, village: DemonstrationVillage, dates: dict, expected: str
) -> None:
    project = make.project(places["缙云县"], demonstration_village=village, **dates)
    make.project(places["缙云县"], completed_on=DAY)
    found = fact(village, "demonstration.projects")
    assert found.value == expected
    counted, others = found.records, tuple(reference for reference, _ in found.uncounted)
    assert (counted if expected == "1" else others) == (f"projects:{project.id}",)
    assert not (others if expected == "1" else counted)


def test_its_sales_to_the_partner(places: dict, village: DemonstrationVillage) -> None:
    pairing = make.pairing(places["富阳区"], places["缙云县"])
    sale = acts.consumption_aid(pairing, wan("8.8"), demonstration_village=village)
    acts.consumption_aid(pairing, wan(1), on=NEXT, demonstration_village=village)
    acts.consumption_aid(pairing, wan(1))
    assert fact(village, "demonstration.sales") == Fact("8.8", (f"consumption_aids:{sale.id}",))


def test_a_demonstration_village_has_no_target(places: dict, village: DemonstrationVillage) -> None:
    make.target(places["缙云县"], YEAR, "demonstration.projects", 3)
    assert value(village, "target.demonstration.projects") is None


def test_a_pairs_target_is_its_recipients_and_of_support_its_supporters(places: dict) -> None:
    supporter, recipient = places["富阳区"], places["缙云县"]
    pairs = [make.pairing(supporter, place) for place in (recipient, places["庆元县"])]
    support = [make.target(pair, YEAR, "support.aid_paid", 30) for pair in pairs]
    received = make.target(pairs[0], YEAR, "projects.counted", 7)
    names = ["target.support.aid_paid", "target.projects.counted"]
    found = collect(YEAR, SubjectKind.COUNTY, names, [supporter.id, recipient.id])
    missing = Fact(None, reason="2024年未下达目标")
    assert found == {
        supporter.id: {
            names[0]: Fact("60", tuple(f"targets:{row.id}" for row in support)),
            names[1]: missing,
        },
        recipient.id: {names[0]: missing, names[1]: Fact("7", (f"targets:{received.id}",))},
    }
    own = make.target(supporter, YEAR, "support.aid_paid", 75)
    again = collect(YEAR, SubjectKind.COUNTY, names[:1], [supporter.id])
    assert again[supporter.id][names[0]] == Fact("75", (f"targets:{own.id}",))


def test_a_citys_target_is_its_own_row(places: dict) -> None:
    city = places["丽水市"]
    row = make.target(city, YEAR, "city.recipients", 9)
    make.target(places["缙云县"], YEAR, "city.recipients", 4)
    name = "target.city.recipients"
    found = collect(YEAR, SubjectKind.CITY, [name], [city.id])
    assert found[city.id][name] == Fact("9", (f"targets:{row.id}",))
