"""County indicators by hand, and the published totals that are only read."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from tests import factories as make
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.records.indicators.models import CountyIndicator

GOOD = {
    "year": "２０２３",
    "indicator": "一般公共预算收入",
    "value": "23.52",
    "unit": "亿元",
    "precision": "at_least",
}


def entered(site) -> str:
    staff = site.browser("staff")
    sent = staff.post("/indicators/new", {**GOOD, "region_id": str(site.world["jinyun"])})
    assert sent.status_code == 302, text_of(sent)
    return sent.location


def test_entered_found_corrected_and_deleted(site, in_database):
    address, staff = entered(site), site.browser("staff")
    assert "≥23.52" in text_of(staff.get(address))
    for query in ("?q=缙云", "?q=jy", "?indicator=一般公共预算收入", "?of=2023", "?q=预算"):
        assert address in staff.get(f"/indicators/{query}").text, query
    assert address not in staff.get("/indicators/?q=青田").text
    form = {**GOOD, "region_id": str(site.world["jinyun"]), "version": "1"}
    sent = staff.post(f"{address}/edit", {**form, "value": "24.01", "precision": ""})
    assert sent.status_code == 302
    assert "将数值由 23.52 改为 24.01" in text_of(staff.get(address))
    number = int(address.rsplit("/", 1)[1])
    saved = in_database(lambda: db.session.get(CountyIndicator, number).value)
    assert saved == Decimal("24.01")
    assert staff.post(f"{address}/delete", {"reason": "口径有误"}).status_code == 302
    assert staff.get(address).status_code == 404


@pytest.mark.parametrize("typed", ["-1.2", "−1.2", "－1.2", "–1.2", "-1.2%", "–1.2 ％"])
def test_a_rate_of_growth_may_be_below_nothing(site, typed, in_database):
    form = {**GOOD, "indicator": "GDP增速", "unit": "%", "value": typed, "precision": ""}
    staff = site.browser("staff")
    sent = staff.post("/indicators/new", {**form, "region_id": str(site.world["jinyun"])})
    assert sent.status_code == 302, text_of(sent)
    assert "−1.2%" in text_of(staff.get(sent.location))
    # What stands in a field is a number as keyboards write it, and can be sent again.
    assert 'value="-1.2"' in staff.get(f"{sent.location}/edit").text
    saved = in_database(lambda: db.session.query(CountyIndicator.value).filter_by(unit="%").one())
    assert saved[0] == Decimal("-1.2")


@pytest.mark.parametrize(
    ("field", "wrong", "message"),
    [
        ("year", "1500", "年度应在 1949"),
        ("value", "一百", "请填写数字"),
        ("value", "", "请填写数值"),
        ("value", "-1", "不能为负数"),
        ("value", "–1", "不能为负数"),
        ("value", "23.52%", "这一项单位是亿元，不能写“%”"),
        ("value", "1200\t350", "两个单元格"),
        ("unit", "", "请填写单位"),
        ("indicator", "长" * 81, "最多 80 字"),
        ("precision", "guess", "不在列表中"),
    ],
)
def test_a_fault_stands_beside_its_field(site, field, wrong, message):
    form = {**GOOD, "region_id": str(site.world["jinyun"]), field: wrong}
    sent = site.browser("staff").post("/indicators/new", form)
    assert sent.status_code == 422
    beside = re.search(rf'id="{field}-error">(.*?)</div>', sent.text, re.S)
    assert beside, text_of(sent)
    assert message in beside[1]


def test_one_figure_a_place_year_and_indicator(site):
    entered(site)
    form = {**GOOD, "region_id": str(site.world["jinyun"])}
    sent = site.browser("staff").post("/indicators/new", form)
    assert sent.status_code == 422
    assert "已有这项指标" in text_of(sent)


def test_another_countys_figures_are_not_ones_own(site):
    address = entered(site)
    neighbour = site.browser("neighbour")
    assert neighbour.get(address).status_code == 404
    form = {**GOOD, "region_id": str(site.world["jinyun"])}
    assert neighbour.post("/indicators/new", form).status_code == 422
    assert address in site.browser("reviewer").get("/indicators/").text
    assert site.browser("reviewer").get(f"{address}/edit").status_code == 403


def test_published_totals_are_read_as_their_sources_say(site, in_database):
    def publish() -> None:
        make.published_total(make.source(), indicator="产业合作项目", text="12,438 个")
        db.session.commit()

    in_database(publish)
    staff = site.browser("staff")
    page = staff.get("/published-totals/")
    assert "12,438 个" in text_of(page)
    assert "登记公布" not in text_of(page)
    assert staff.get("/published-totals/new").status_code == 404
