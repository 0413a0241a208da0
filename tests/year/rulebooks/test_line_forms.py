"""An indicator as a form: what is filled in is what the file says, for every method."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.config import RULEBOOKS
from tracker.engine.scoring import load_rulebook
from tracker.engine.scoring.methods import RULES
from tracker.year.rulebooks import editing, line_forms
from tracker.year.rulebooks.drafting import probe
from tracker.year.rulebooks.line_forms import LineForm, of_row, of_sent

BOOK = (RULEBOOKS / "2025" / "recipient-county.toml").read_text(encoding="utf-8")
SMALL = (RULEBOOKS / "2025" / "pair.toml").read_text(encoding="utf-8")
VALUE = "projects.counted"
# What the method's own table may hold; everything else follows from its declaration.
TABLES: dict[str, list[Any]] = {
    "steps": [[90, 10], [Decimal("0.5"), 4]],
    "rank": [[1, 10], [3, 5]],
    "checklist": [
        {"name": "台账", "value": VALUE, "award": 4},
        {"name": "公示|栏", "value": "projects.started", "award": 6},
    ],
    "deduct": [
        {"name": "事故", "value": VALUE, "unit": 2, "max": 4},
        {"name": "通报", "value": "projects.started", "unit": Decimal("0.5")},
    ],
}


@cache
def filled(method: str) -> tuple[tuple[str, Any], ...]:
    """What each field of a method may say."""
    some = {"number": Decimal("0.5"), "expression": VALUE, "yes": True}
    found: list[tuple[str, Any]] = []
    for column in line_forms.columns_of(method):
        value = next(iter(column.choices.values())) if column.choices else some.get(column.holds)
        special = {"when": "projects.counted > 2", "ceiling": 1}
        found.append((column.key, special.get(column.key, value)))
    return tuple((key, value) for key, value in found if key != "by_share")


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """A line of any method that loads."""
    method = draw(st.sampled_from(sorted(RULES)))
    row: dict[str, Any] = {
        "code": draw(st.sampled_from(["N1", "Z9.2"])),
        "group": "试",
        "name": draw(st.sampled_from(["甲", "乙 丙"])),
        "clause": "第一条",
        "words": "说明",
        "points": draw(st.sampled_from([10, Decimal("10.00")])),
        "method": method,
    }
    if draw(st.booleans()):
        row["evidence"] = ["银行回单", "合同、协议"]
        row["applies"], row["absent"] = "projects.started > 0", "spread"
    if draw(st.booleans()):
        row["points_by_class"] = {"生态发展类": 8, "跨越发展类": 12}
    needed = line_forms.required_of(method)
    for key, value in filled(method):
        if key in needed or (draw(st.booleans()) and key not in ("low", "high", "interpolate")):
            row[key] = value
    if method in TABLES:
        row[RULES[method].rows.key] = TABLES[method]
        if method == "rank" and draw(st.booleans()):
            row["share_table"] = [[Decimal("0.5"), 10], [1, 5]]
            del row["table"]
    return row


def sent(form: LineForm) -> dict[str, str]:
    """What a browser sends of a form."""
    found = {**form.texts, "combine": form.combine}
    for place, part in enumerate(form.parts):
        prefix = f"part-{place}-"
        found |= {f"{prefix}method": part.method, f"{prefix}points": part.points}
        found |= {f"{prefix}{key}": text for key, text in part.texts.items()}
        wanted = line_forms.parts_of_rows(part.method)
        for number, row in enumerate(part.rows):
            cells = [*row, ""][: len(wanted)]
            found |= {
                f"{prefix}rows-{number}-{key}": cell
                for (key, _), cell in zip(wanted, cells, strict=True)
            }
    return found


@settings(max_examples=80)
@given(rows())
def test_what_a_form_says_is_what_the_file_says(row: dict[str, Any]) -> None:
    form = of_sent(sent(of_row(row)))
    assert form.row() == row
    assert form.errors == {}
    text = editing.with_line(SMALL, None, row)
    assert [each for each in editing.rows_of(text) if each["code"] == row["code"]] == [row]
    again = editing.with_line(text, row["code"], form.row())
    assert again == text
    assert probe(text, row).indicators == probe(text, form.row()).indicators


def test_every_method_is_drawn_and_has_a_form() -> None:
    for method in RULES:
        assert {key for key, _ in filled(method)} or method in TABLES
        for key in line_forms.required_of(method):
            named = {column.key for column in line_forms.columns_of(method)}
            assert key in named or (RULES[method].rows and key == RULES[method].rows.key)


def test_lines_of_several_parts_and_all_shipped_ones_come_back_as_they_were() -> None:
    for file in sorted((RULEBOOKS / "2025").glob("*.toml")):
        text = file.read_text(encoding="utf-8")
        for row in editing.rows_of(text):
            form = of_sent(sent(of_row(row)))
            assert form.row() == row, (file.name, row["code"])
            assert form.errors == {}


def test_no_row_part_or_word_is_cut() -> None:
    line: dict[str, Any] = {"code": "N1", "group": "试", "name": "甲", "clause": "一"}
    line |= {"words": "说明", "points": 20}
    steps = dict(filled("steps"))
    needed = {key: steps[key] for key in line_forms.required_of("steps") & steps.keys()}
    table = [[number, number] for number in range(3 * line_forms.MOST_ROWS, 0, -1)]
    long = {**line, "method": "steps", **needed, RULES["steps"].rows.key: table}
    part = {"points": 1, "method": "gate", "when": "projects.counted > 2"}
    many = {**line, "combine": "sum", "part": [part] * (2 * line_forms.MOST_PARTS)}
    for row in (long, many):
        form = of_sent(sent(of_row(row)))
        assert form.row() == row
        assert form.errors == {}
    form = of_row(long)
    form.parts[0].rows[5][0] = "x" * (line_forms.MOST + 1)
    form = of_sent(sent(form))
    form.row()
    (words, *_) = form.errors["part-0-rows"]
    assert f"一格最多 {line_forms.MOST} 字" in words


def test_a_saved_line_leaves_the_rest_of_the_file_as_it_was() -> None:
    marked = BOOK.replace('[[indicator]]\ncode = "A1.2"', '# 注\n[[indicator]]\ncode = "A1.2"')
    rows = editing.rows_of(marked)
    changed = {**rows[0], "name": "改名", "applies": "projects.counted > 0"}
    text = editing.with_line(marked, rows[0]["code"], changed)
    removed = set(marked.splitlines()) - set(text.splitlines())
    assert removed == {f'name = "{rows[0]["name"]}"'}
    assert "# 注" in text
    assert editing.rows_of(text) == [changed, *rows[1:]]
    assert load_rulebook(editing.with_line(text, "A1.1", rows[0])).sha256 == (
        load_rulebook(BOOK).sha256
    )


def test_measures_may_be_named_by_their_labels() -> None:
    assert line_forms.with_names("「产业合作项目数」 / 2") == "projects.counted / 2"
    assert line_forms.with_names("产业合作项目数") == "projects.counted"
    assert line_forms.with_names("「产业合作项目数（目标）」") == "target.projects.counted"
    assert line_forms.with_names("「没有的」 > 1") == "「没有的」 > 1"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"points": "十"}, "points"),
        ({"code": ""}, "code"),
        ({"part-0-method": ""}, "part-0-method"),
        ({"part-0-unit": "甲"}, "part-0-unit"),
        ({"applies": "是"}, ""),
        ({"name": "x" * 2001}, "name"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(changes: dict[str, str], field: str) -> None:
    row = next(r for r in editing.rows_of(BOOK) if r["code"] == "A1.1")
    form = of_sent({**sent(of_row(row)), **changes})
    given_row = form.row()
    if not form.errors:
        with pytest.raises(Exception, match=r"A1\.1") as caught:
            probe(BOOK, given_row)
        form.told(caught.value.faults)
        field = "applies"
    assert field in form.errors
