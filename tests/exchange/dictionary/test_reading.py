"""The dictionary fits the models: nothing without words, no words about nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, String, Table
from sqlalchemy.types import JSON

from tracker.core.db import Base, Coded, Money, Scaled
from tracker.core.db.checks import exactly_one
from tracker.core.db.records import Precision
from tracker.core.db.words import ColumnEntry, DictionaryError, Entries, TableEntry, load
from tracker.exchange.dictionary.conditions import in_words
from tracker.exchange.dictionary.kinds import kind_of
from tracker.exchange.dictionary.reading import describe, dictionary, labels


def test_every_table_and_column_has_words() -> None:
    described = {(table.name, column.name) for table in dictionary() for column in table.columns}
    assert described == {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
    }


def test_what_the_models_say_is_read_off_them() -> None:
    tables = {table.name: table for table in dictionary()}
    columns = {column.name: column for column in tables["enclaves"].columns}
    assert (columns["total_capital"].kind.words, columns["total_capital"].unit) == ("金额", "元")
    assert (columns["area_mu"].kind.words, columns["area_mu"].unit) == ("小数（4 位）", "亩")
    assert columns["code"].kind.words == "文字（至多 40 字）"
    assert columns["origin_id"].references == "regions"
    assert columns["origin_id"].empty is None
    assert columns["note"].empty == "没有备注"
    assert [(c.value, c.label) for c in columns["direction"].kind.codes] == [
        ("outbound", "反向飞地"),
        ("inbound", "正向飞地"),
    ]
    assert tables["enclaves"].is_audited
    assert not tables["audit_entries"].is_audited


def test_the_items_of_a_quarter_carry_their_units() -> None:
    figures = next(table for table in dictionary() if table.name == "operating_figures")
    item = next(column for column in figures.columns if column.name == "item")
    assert {code.value: code.note[:2] for code in item.kind.codes}["visitors"] == "人次"


def test_labels_stand_under_the_name_in_the_database_and_in_the_model() -> None:
    found = labels()
    assert found["projects", "total_investment"] == "总投资"
    assert found["projects", "origin"] == "记录来历"
    assert found["enclave_spaces", "on_date"] == found["enclave_spaces", "on"] == "日期"


def _places() -> Table:
    return Table(
        "places",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("name", String(20), nullable=False),
        Column("people", Integer, nullable=False),
        Column("note", String(40), nullable=False, default=""),
        CheckConstraint("people > 0", name="ck_places_people"),
    )


def _entries(**columns: ColumnEntry) -> Entries:
    words = {
        "name": ColumnEntry("名称", "地名。"),
        "people": ColumnEntry("人口", "常住人口。", unit="人"),
        "note": ColumnEntry("备注", "说明。", empty="没有备注"),
        **columns,
    }
    table = TableEntry("地方", "地方", "一行是一个地方。", words, {})
    return Entries({"places": table}, {"id": ColumnEntry("编号", "编号。")})


def _faults(entries: Entries) -> tuple[str, ...]:
    with pytest.raises(DictionaryError) as caught:
        describe(_places().metadata, entries)
    return caught.value.faults


def test_entries_that_fit_are_joined_with_the_model() -> None:
    (table,) = describe(_places().metadata, _entries())
    assert [column.label for column in table.columns] == ["编号", "名称", "人口", "备注"]
    assert [column.is_common for column in table.columns] == [True, False, False, False]
    assert [(rule.text, rule.columns) for rule in table.rules] == [("人口大于 0", ("people",))]


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"gone": ColumnEntry("无", "无。")}, "places.gone：有说明而没有这一栏"),
        ({"people": ColumnEntry("人口", "人口。")}, "places.people 是数，须写明单位"),
        ({"name": ColumnEntry("名称", "地名。", unit="个")}, "places.name 不须写单位"),
        ({"name": ColumnEntry("名称", "地名。", empty="无")}, "places.name 不能为空"),
        ({"note": ColumnEntry("备注", "说明。")}, "places.note 可以为空，须写明空着表示什么"),
    ],
)
def test_an_entry_that_does_not_fit_is_refused(columns: dict, fault: str) -> None:
    (found,) = _faults(_entries(**columns))
    assert found.startswith(fault)


def test_a_missing_entry_is_refused() -> None:
    fitting = _entries()
    table = fitting.tables["places"]
    without = {name: entry for name, entry in table.columns.items() if name != "name"}
    lacking = replace(fitting, tables={"places": replace(table, columns=without)})
    assert _faults(lacking) == ("places.name 没有说明",)
    assert "表 places 没有说明" in _faults(replace(fitting, tables={}))
    extra = replace(fitting, tables={**fitting.tables, "ghosts": table})
    assert _faults(extra) == ("有说明而没有这张表：ghosts",)
    stray = replace(fitting, common={**fitting.common, "origin": ColumnEntry("来历", "来历。")})
    assert _faults(stray) == ("共有栏 origin：没有表有这一栏",)


def test_words_about_no_constraint_are_refused() -> None:
    fitting = _entries()
    table = replace(fitting.tables["places"], rules={"size": "太小"})
    assert _faults(replace(fitting, tables={"places": table})) == (
        "表 places：有说明而没有这条约束：size",
    )


def test_a_constraint_that_cannot_be_read_needs_words() -> None:
    table = _places()
    table.append_constraint(CheckConstraint("name = 'a' OR people > 9", name="ck_places_odd"))
    with pytest.raises(DictionaryError, match="约束 odd 没有说明"):
        describe(table.metadata, _entries())


def test_a_unique_key_is_said_by_its_columns() -> None:
    table = _places()
    Index("uq_places_name", table.c.name, unique=True)
    Index("uq_places_name_people", table.c.name, table.c.people, unique=True)
    Index("ix_places_people", table.c.people)
    (described,) = describe(table.metadata, _entries())
    assert [rule.text for rule in described.rules[1:]] == [
        "名称不得重复",
        "同一名称、人口只能有一行",
    ]


def test_a_type_without_words_is_refused() -> None:
    column = Column("shape", JSON)
    Table("shapes", MetaData(), column)
    with pytest.raises(TypeError, match=r"shapes\.shape"):
        kind_of(column)


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ("share > 0 AND share <= 100000000", "份额大于 0；份额不大于 1"),
        ("share BETWEEN 0 AND 50000000", "份额在 0 至 0.5 之间"),
        ("paid <= agreed", "实缴不大于认缴"),
        ("paid >= 150", "实缴不小于 1.5"),
        (exactly_one("park", "pair"), "园区、结对，须填且只填一项"),
        ("length(code) = 12", "代码须为 12 位"),
        ("code <> ''", "代码须填"),
        ("park <> pair", "园区不同于结对"),
        ("paid + agreed <= 5", None),
        ("(paid > 0) = (agreed IS NULL)", None),
    ],
)
def test_plain_conditions_are_read(condition: str, text: str | None) -> None:
    names = {"share": "份额", "paid": "实缴", "agreed": "认缴", "code": "代码"}
    names |= {"park": "园区", "pair": "结对"}
    table = Table(
        "stakes",
        MetaData(),
        Column("share", Scaled(8)),
        Column("paid", Money),
        Column("agreed", Money),
        Column("code", String(12)),
        Column("park", ForeignKey("parks.id")),
        Column("pair", Integer),
    )
    assert in_words(condition, table, names) == text


def test_a_coded_list_is_shown_by_its_column_alone() -> None:
    table = _places()
    table.append_column(Column("exact", Coded(Precision), nullable=False))
    listed = f"exact IN ({Precision.sql_values()})"
    table.append_constraint(CheckConstraint(listed, name="ck_places_exact"))
    table.append_constraint(CheckConstraint("exact IN ('exact')", name="ck_places_only"))
    entries = _entries(exact=ColumnEntry("精确程度", "精确程度。"))
    with pytest.raises(DictionaryError) as caught:
        describe(table.metadata, entries)
    assert caught.value.faults == ("表 places 的约束 only 没有说明：exact IN ('exact')",)


def _write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_files_are_read_in_the_order_of_the_areas(tmp_path: Path) -> None:
    table = '[tables.{0}]\nlabel = "{0}"\nrecords = "一行。"'
    loaded = load(
        _write(
            tmp_path,
            common='areas = ["b", "a"]',
            a='title = "甲"\n' + table.format("first"),
            b='title = "乙"\n' + table.format("second"),
        )
    )
    assert [(t.area, name) for name, t in loaded.tables.items()] == [
        ("乙", "second"),
        ("甲", "first"),
    ]


def test_all_faults_of_form_are_named(tmp_path: Path) -> None:
    table = '[tables.t]\nlabel = "表"\nrecords = "一行。"\n'
    _write(
        tmp_path,
        common='areas = ["a", "b", "missing", "broken"]',
        a=f'title = "甲"\n{table}size = 3\ncolumns.x = {{ label = " ", meaning = "无。" }}',
        b=f'title = "乙"\n{table}columns.x = {{ label = "无", meaning = "无。", empty = 0 }}',
        broken="= 1",
        stray="",
    )
    with pytest.raises(DictionaryError) as caught:
        load(tmp_path)
    text = str(caught.value)
    for fault in (
        "stray.toml 不在 common.toml 的 areas 中",
        "表 t 有不认识的项 size",
        "t.x 缺少 label",
        "t.x 缺少 empty",
        "表 t 写了两次，第二次在 b.toml",
        "缺少文件 missing.toml",
        "broken.toml 不是正确的 TOML 文件",
    ):
        assert fault in text
