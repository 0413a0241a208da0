"""A rebate is split among its villages before and after it arrives, until the sum fits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from tests import factories as make
from tests.factories import wan
from tracker.core.db import db
from tracker.records.accounts.permissions import Role
from tracker.records.ledger.models import EntryKind, LedgerEntry, VillagePayment
from tracker.records.ledger.service import SharesError, reverse
from tracker.records.ledger.splitting import (
    LackingError,
    LinesError,
    left,
    split_by_stakes,
    split_equally,
    split_pasted,
    why_not,
)
from tracker.records.places.models import RegionLevel
from tracker.records.villages.models import Village
from tracker.year.measures.collect import collect
from tracker.year.measures.declare import SubjectKind

ON = date(2024, 6, 30)
STATES = {"draft": {"submitted_at": None}, "submitted": {}}


@pytest.fixture
def county(app: Flask):
    return make.zhejiang()


@pytest.fixture(params=STATES)
def rebate(county, request: pytest.FixtureRequest) -> LedgerEntry:
    enclave = make.enclave(county["缙云县"], county["富阳区"])
    return make.entry(enclave, EntryKind.REBATE, wan(100), ON, **STATES[request.param])


def village(rebate: LedgerEntry, name: str, number: int, *, stake: bool = True, **fields):
    made = make.village(rebate.enclave.origin_region, name=name, code=f"3311221002{number:02}")
    if stake:
        make.stake(rebate.enclave, made, **fields)
    return made


def shares(rebate: LedgerEntry) -> dict[str, Decimal]:
    found = db.session.query(Village.code, VillagePayment.amount)
    found = found.join(VillagePayment).filter_by(entry_id=rebate.id)
    return {code[-2:]: amount for code, amount in found}


def test_equal_parts_are_exact_to_the_cent_and_the_rest_goes_by_code(rebate) -> None:
    for number in (3, 1, 2):
        village(rebate, f"村{number}", number)
    village(rebate, "已退出", 4, left_on=ON)
    village(rebate, "未参股", 5, stake=False)
    assert split_equally(rebate) == 3
    third = Decimal("333333.33")
    assert shares(rebate) == {"01": third + Decimal("0.01"), "02": third, "03": third}
    assert left(rebate) == 0
    with pytest.raises(SharesError, match="已全部分到村"):
        split_equally(rebate)


def test_what_is_left_is_split_among_those_who_have_nothing(rebate) -> None:
    for number in (1, 2, 3):
        village(rebate, f"村{number}", number)
    assert split_pasted(rebate, "村1\t40\n") == 1
    assert left(rebate) == wan(60)
    assert split_equally(rebate) == 2
    assert shares(rebate) == {"01": wan(40), "02": wan(30), "03": wan(30)}


def test_a_pasted_list_is_taken_by_name_or_code(rebate) -> None:
    village(rebate, "上村", 1)
    village(rebate, "下村", 2)
    assert split_pasted(rebate, "上村\t12.5\r\n\r\n331122100202\t87.5万元\r\n") == 2
    assert shares(rebate) == {"01": wan("12.5"), "02": wan("87.5")}


def test_the_heading_and_the_sum_of_a_list_are_no_villages(rebate) -> None:
    village(rebate, "上村", 1)
    village(rebate, "下村", 2)
    whole = "村名\t返利金额（万元）\n上村\t12.5\n小计\t12.5\n下村\t87.5\n\n合 计\t"
    with pytest.raises(LinesError, match="第 6 行：合计 99 万元，与上面各村之和 100 万元不符"):
        split_pasted(rebate, f"{whole}99")
    assert split_pasted(rebate, f"{whole}100万元") == 2
    assert shares(rebate) == {"01": wan("12.5"), "02": wan("87.5")}


BAD_LINES = {
    "上村 12": "第 1 行：须为两格",
    "上村\t": "第 1 行：须为两格",
    "上村\t1\t2": "第 1 行：须为两格",
    "上村\t一堆": "第 1 行",
    "上村\t-1": "第 1 行",
    "上村\t0": "第 1 行",
    "上\t1": "没有参股村或本县的村叫“上”",
    "上村\t1\n上村\t2": "第 2 行：上村出现了两次",
    "同名\t1": "“同名”不止一个村",
    "别县村\t1": "没有参股村或本县的村叫“别县村”",
    "": "请粘贴各村金额",
    "上村\t100.01": "多 0.01 万元",
}


@pytest.mark.parametrize(("lines", "says"), BAD_LINES.items())
def test_a_doubtful_line_is_named_and_nothing_is_shared(county, rebate, lines, says) -> None:
    village(rebate, "上村", 1)
    for number in (2, 3):
        place = rebate.enclave.origin_region
        town = make.region(f"33112210{number}", f"镇{number}", place, level=RegionLevel.TOWN)
        code = f"{town.code}201"
        make.stake(rebate.enclave, make.village(place, name="同名", code=code, town=town))
    make.village(county["庆元县"], name="别县村", code="331126100201")
    with pytest.raises(SharesError, match=says) as refused:
        split_pasted(rebate, lines)
    assert shares(rebate) == {}
    if isinstance(refused.value, LinesError):
        assert all(fault.startswith(("第 ", "请粘贴")) for fault in refused.value.faults)


def test_a_village_that_has_its_share_is_not_given_another(rebate) -> None:
    village(rebate, "上村", 1)
    split_pasted(rebate, "上村\t1")
    with pytest.raises(LinesError, match="第 1 行：上村在这笔返利中已有一笔"):
        split_pasted(rebate, "上村\t1")


def test_by_stakes_names_those_that_lack(rebate) -> None:
    village(rebate, "上村", 1, capital_paid=wan(1))
    village(rebate, "下村", 2)
    with pytest.raises(LackingError) as refused:
        split_by_stakes(rebate)
    assert [stake.village.name for stake in refused.value.stakes] == ["下村"]


def test_a_reversed_rebate_is_not_split(county) -> None:
    enclave = make.enclave(county["缙云县"], county["富阳区"])
    rebate = make.entry(enclave, EntryKind.REBATE, wan(100), ON)
    village(rebate, "上村", 1)
    back = reverse(make.user(Role.STAFF, county["缙云县"]), rebate, "重复")
    db.session.refresh(rebate)
    for entry in (rebate, back):
        with pytest.raises(SharesError, match="已冲销"):
            split_equally(entry)
    rent = make.entry(enclave, EntryKind.RENT, wan(1), ON)
    assert why_not(rent)


def test_a_rebate_split_in_part_still_reaches_all_its_villages(county) -> None:
    enclave = make.enclave(county["缙云县"], county["富阳区"])
    rebate = make.entry(enclave, EntryKind.REBATE, wan(100), ON, villages=8)
    village(rebate, "上村", 1)
    village(rebate, "下村", 2)

    def paid() -> str:
        facts = collect(2024, SubjectKind.ENCLAVE, ["villages.paid"], [enclave.id])
        return facts[enclave.id]["villages.paid"].value

    split_pasted(rebate, "上村\t40")
    assert paid() == "8"
    split_pasted(rebate, "下村\t60")
    assert paid() == "2"
