"""Exchanges by hand: enter one of each kind, find it, correct it, be refused, delete it."""

from __future__ import annotations

import re

import pytest

from tests.web.pages import text_of

# kind → a good form, and (field, what is wrong, the message beside it) of refused ones.
FORMS: dict[str, tuple[dict[str, str], tuple[str, str, str]]] = {
    "visits": (
        {"visited_on": "2024.7.3", "visitor": "supporter", "led_by": "张某 县长"},
        ("visited_on", "2024-13-01", "没有 13 月，请核对。"),
    ),
    "joint-meetings": (
        {"met_on": "2024年7月3日", "place": "缙云", "decisions": "议定三项"},
        ("met_on", "", "请填写会议日期"),
    ),
    "joint-events": (
        {"held_on": "2024/7/3", "title": "缙云烧饼推介会"},
        ("title", "", "请填写"),
    ),
    "secondments": (
        {"person": "李某", "sent_by": "supporter", "starts_on": "20240703", "ends_on": "20250702"},
        ("ends_on", "2023-01-01", "早于起始日期"),
    ),
    "specialist-postings": (
        {"field": "health", "people": "１２", "starts_on": "2024-07-03"},
        ("people", "0", "应大于 0"),
    ),
    "trainings": (
        {
            "held_on": "2024-07-03",
            "title": "烧饼师傅",
            "purpose": "skills",
            "people": "30",
            "employed": "20",
        },
        ("employed", "31", "就业"),
    ),
    "institution-pairs": (
        {
            "kind": "school",
            "supporter_name": "富阳中学",
            "recipient_name": "缙云中学",
            "signed_on": "2024-07-03",
        },
        ("kind", "factory", "所选项不在列表中"),
    ),
    "consumption-aids": (
        {"bought_on": "2024-07-03", "amount": "1.2亿", "buyer": "富阳某公司"},
        ("amount", "-5", "金额"),
    ),
}


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_entered_found_and_deleted_with_a_reason(site, kind):
    staff = site.browser("staff")
    good, _ = FORMS[kind]
    sent = staff.post(f"/{kind}/new", {**good, "pairing_id": str(site.world["pairing"])})
    assert sent.status_code == 302, text_of(sent)
    page = staff.get(sent.location)
    assert "2024-07-03" in text_of(page)
    assert "富阳区支援缙云县" in text_of(page)
    for query in ("?year=2024", "?year=2024&q=缙云"):
        assert sent.location in staff.get(f"/{kind}/{query}").text
    assert sent.location not in staff.get(f"/{kind}/?year=2023").text
    assert sent.location in staff.get(f"/{kind}/?year=2023&span=all").text
    assert staff.post(f"{sent.location}/delete", {"reason": ""}).status_code == 422
    edited = {**good, "pairing_id": str(site.world["pairing"]), "version": "1"}
    assert staff.post(f"{sent.location}/edit", edited).status_code == 302
    gone = staff.post(f"{sent.location}/delete", {"reason": "重复登记"})
    assert gone.status_code == 302
    assert staff.get(sent.location).status_code == 404


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(site, kind):
    staff = site.browser("staff")
    good, (name, wrong, message) = FORMS[kind]
    sent = staff.post(
        f"/{kind}/new", {**good, "pairing_id": str(site.world["pairing"]), name: wrong}
    )
    assert sent.status_code == 422
    beside = re.search(rf'id="{name}-error">(.*?)</div>', sent.text, re.S)
    assert beside, text_of(sent)
    assert message in beside[1]
    kept = next(value for field, value in good.items() if field != name and len(value) > 3)
    assert kept in sent.text


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_another_pairs_exchange_is_not_ones_own(site, kind):
    staff, neighbour = site.browser("staff"), site.browser("neighbour")
    good, _ = FORMS[kind]
    foreign = {**good, "pairing_id": str(site.world["other_pairing"])}
    assert staff.post(f"/{kind}/new", foreign).status_code == 422
    sent = neighbour.post(f"/{kind}/new", foreign)
    assert sent.status_code == 302
    assert staff.get(sent.location).status_code == 404
    assert staff.post(f"{sent.location}/delete", {"reason": "试"}).status_code == 404
    assert sent.location not in staff.get(f"/{kind}/?span=all").text


def test_the_page_of_all_kinds_counts_them(site):
    staff = site.browser("staff")
    good, _ = FORMS["visits"]
    assert "尚未登记交流帮扶" in text_of(staff.get("/exchanges/?year=2024"))
    staff.post("/visits/new", {**good, "pairing_id": str(site.world["pairing"])})
    assert "2024 年度登记交流帮扶 1 条，上年 0 条" in text_of(staff.get("/exchanges/?year=2024"))
    assert "2025 年度登记交流帮扶 0 条" not in text_of(staff.get("/exchanges/?year=2025"))
