"""The public facts: loaded in full, merged by source, and harmless when loaded again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import factories as make
from tests.factories import wan
from tracker.core.db import Base, Origin, Precision, db
from tracker.core.provenance.models import Source, SourceKind
from tracker.exchange.publicdata import reading
from tracker.exchange.publicdata.load import load_public_data
from tracker.exchange.publicdata.report import LoadReport
from tracker.exchange.publicdata.store import Store
from tracker.records.enclaves.models import Enclave, EnclaveKind, ReturnTerm
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.pairings.models import Pairing, PairingCitation
from tracker.records.places.models import FormerCode, Region, RegionLevel
from tracker.records.places.queries import listed_on
from tracker.records.projects.models import Project

CODES = select(FormerCode)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def named(model: type, name: str):
    return db.session.scalars(select(model).where(model.name == name)).one()


@pytest.mark.parametrize(
    ("day", "counties"),
    [
        (date(2024, 8, 20), 26),
        (date(2024, 8, 21), 25),
        (date(2024, 12, 31), 25),
        (date(2025, 5, 27), 25),
        (date(2025, 5, 28), 22),
        (date(2025, 12, 31), 22),
    ],
)
def test_the_county_list_is_dated(loaded, day: date, counties: int) -> None:
    assert len(listed_on(day)) == counties


def test_citations_are_merged_to_one_pairing_a_pair_and_all_kept(loaded) -> None:
    assert count(Pairing) == 49
    assert count(PairingCitation) == 74
    several = [p for p in db.session.scalars(select(Pairing)) if len(p.citations) > 1]
    assert len(several) == 19


def test_an_enclave_with_several_sources_takes_the_best_and_shows_the_others(loaded) -> None:
    enclave = db.session.scalars(select(Enclave).where(Enclave.code == "LQ-XS-KC")).one()
    said = {
        (value.text, value.source.kind, value.adopted)
        for value in enclave.sourced_values
        if value.field == "area_mu"
    }
    assert enclave.area_mu == Decimal(150)
    assert said == {("150 亩", SourceKind.PRESS, True), ("39 亩", SourceKind.COPY, False)}
    assert any("LQ-XS-KC" in note and "39亩" in note for note in loaded.notes)


def test_official_comes_before_press_and_press_before_copy(loaded) -> None:
    assert named(Enclave, "鄞衢消薄飞地产业园").in_use_on == date(2023, 2, 9)
    assert named(Enclave, "缙云大厦(缙云—富阳消薄飞地)").signed_on == date(2019, 5, 24)


def test_a_partial_date_keeps_what_its_source_said(loaded) -> None:
    enclave = db.session.scalars(select(Enclave).where(Enclave.code == "LY-ZH-XB")).one()
    (said,) = [v for v in enclave.sourced_values if v.field == "signed_on"]
    assert (enclave.signed_on, said.text) == (date(2019, 11, 1), "2019-11")
    assert said.precision is Precision.ABOUT


def test_unknown_stays_unknown(loaded) -> None:
    enclave = db.session.scalars(select(Enclave).where(Enclave.code == "QZ-WLKJC")).one()
    assert enclave.kind is None
    assert enclave.villages is None


def test_a_host_outside_the_province_has_no_code(loaded) -> None:
    outside = db.session.scalars(select(Region).where(Region.level == RegionLevel.OUTSIDE)).all()
    assert {place.name for place in outside} == {"上海", "深圳"}
    assert all(place.code is None for place in outside)


def test_precision_and_cumulative_figures_survive(loaded) -> None:
    def entry(code: str) -> LedgerEntry:
        return db.session.scalars(
            select(LedgerEntry).join(Enclave).where(Enclave.code == code)
        ).one()

    jinyun = entry("JY-FY-XB")
    assert (jinyun.amount, jinyun.precision) == (wan(2700), Precision.AT_LEAST)
    assert jinyun.cumulative
    longyou = entry("LY-ZH-XB")
    assert (longyou.amount, longyou.precision) == (wan(331), Precision.ABOUT)
    assert (longyou.occurred_on, longyou.villages) == (date(2020, 8, 25), 113)
    assert not longyou.cumulative


def test_the_deals_of_central_enterprises_balance(loaded) -> None:
    """Nine of the ten deals (752 亿元 in all) are in the file; the tenth's 100 亿元 are not."""
    projects = [
        project
        for project in db.session.scalars(select(Project))
        if any("10个项目" in value.text for value in project.sourced_values)
    ]
    assert len(projects) == 9
    assert sum(project.total_investment for project in projects) == wan(7_520_000 - 1_000_000)
    assert all(project.is_large for project in projects)


def test_what_a_source_does_not_call_shanhai_is_left_open(loaded) -> None:
    project = named(Project, "卡游动漫衍生品项目(卡牌动漫小镇)")
    assert project.in_scope is None
    assert project.is_large


def test_loading_again_changes_nothing(loaded) -> None:
    before = _all_rows()
    again = load_public_data()
    db.session.commit()
    assert not again.added
    assert not again.changed
    assert _all_rows() == before


def test_what_people_entered_is_left_alone(loaded) -> None:
    enclave = db.session.scalars(select(Enclave).where(Enclave.code == "LY-ZH-XB")).one()
    enclave.origin, enclave.villages = Origin.ENTERED, 120
    db.session.commit()
    again = load_public_data()
    db.session.commit()
    assert enclave.villages == 120
    assert any("已由人工填报" in note for note in again.notes)


def test_no_copy_carries_an_address_and_every_page_does(loaded) -> None:
    for source in db.session.scalars(select(Source)):
        assert (source.url is None) == (source.kind is SourceKind.COPY)


def test_contracts_without_doubt_alone_are_loaded(loaded) -> None:
    terms = db.session.scalars(select(ReturnTerm)).all()
    assert {term.enclave.code for term in terms} == {"LY-ZH-XB", "WC-RA-XB", "QT-PH-XB1"}
    assert all(term.source is not None for term in terms)
    assert count(Enclave) == 34
    kinds = [e.kind for e in db.session.scalars(select(Enclave))]
    assert kinds.count(EnclaveKind.INCOME) == 10
    assert db.session.scalar(select(func.count()).where(LedgerEntry.kind == EntryKind.TAX)) == 1


def _all_rows() -> dict[str, list]:
    """By table, but for the count of the units that wrote."""
    tables = (t for t in Base.metadata.sorted_tables if t.name != "data_states")
    return {table.name: _rows(table) for table in tables}


def _rows(table) -> list[tuple]:
    return sorted(map(tuple, db.session.execute(select(table))), key=repr)


def test_a_character_that_no_paper_could_show_is_refused_with_its_row(tmp_path) -> None:
    (tmp_path / "regions.csv").write_text("code,name\n1,平常\n2,𠮷野\n", encoding="utf-8")
    with pytest.raises(reading.RefusedRowError, match=r"第 3 行“name”栏中的.*U\+20BB7"):
        list(reading.rows("regions", tmp_path))


def test_rows_whose_names_read_alike_are_refused_by_their_place(sqlite_app: Flask) -> None:
    places = make.zhejiang()
    sides = {"origin_id": places["缙云县"].id, "host_id": places["富阳区"].id}
    store = Store(LoadReport())
    put = partial(store.put, "飞地", Enclave)
    first = put({"code": "A"}, {"name": "科创园（A区）", **sides}, "enclaves.csv 第 2 行")
    same = put({"code": "A"}, {"name": "科创园 (A区)", **sides}, "enclaves.csv 第 2 行")
    assert same is first
    said = r"enclaves.csv 第 9 行：飞地“科创园\(a 区\)”与enclaves.csv 第 2 行的“科创园 \(A区\)”同名"
    with pytest.raises(reading.RefusedRowError, match=said):
        put({"code": "B"}, {"name": "科创园(a 区)", **sides}, "enclaves.csv 第 9 行")
    put({"code": "C"}, {"name": "科创园(a 区)", **sides, "host_id": places["杭州市"].id})


def test_what_was_entered_under_a_public_name_stands_for_it(sqlite_app: Flask) -> None:
    load_public_data()
    public = db.session.scalars(select(Enclave).where(Enclave.code == "LY-ZH-XB")).one()
    public.code, public.origin, public.name = "FD-1", Origin.ENTERED, f" {public.name} "
    db.session.flush()
    terms, enclaves = count(ReturnTerm), count(Enclave)
    report = load_public_data()
    assert any(public.name in note and "已由人工填报" in note for note in report.notes)
    assert (count(ReturnTerm), count(Enclave)) == (terms, enclaves)


def test_what_was_merged_and_re_coded_is_told_with_its_source(loaded) -> None:
    before = named(Region, "江干区")
    assert (before.abolished_on, before.successor.name) == (date(2021, 4, 9), "上城区")
    assert before.succession_source.kind is SourceKind.OFFICIAL
    assert before.succession_source.url.startswith("https://www.hangzhou.gov.cn/")
    kept = {(each.code, each.name, each.region.name) for each in db.session.scalars(CODES)}
    assert kept == {
        ("330185", "临安市", "临安区"),
        ("330283", "奉化市", "奉化区"),
        ("331021", "玉环县", "玉环市"),
    }
    again = load_public_data()
    assert not any(again.added.values())
