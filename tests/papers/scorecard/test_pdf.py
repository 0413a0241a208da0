"""Scorecards on paper: the same bytes, every character, honest words."""

import hashlib
import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pypdf
import pytest

from tests.papers.scorecard.pdf_samples import (
    CARDS,
    HOSTILE,
    LONG_NAME,
    full_card,
    strange_card,
    trial_card,
    undrawn_card,
)
from tests.papers.scorecard.reading import body, pages, squeezed, structure
from tracker.core.quantities.figure import Figure
from tracker.core.quantities.printed import grouped
from tracker.papers.common.identity import NotAPaperError, read_identity
from tracker.papers.scorecard.card import Card, FactRow, FactState, LineKind, LineState
from tracker.papers.scorecard.pdf import scorecard_pdf
from tracker.papers.scorecard.pdf_text import fact_words, incomplete_words


def test_equal_cards_give_equal_bytes_also_in_another_process(printed):
    code = (
        "import hashlib\n"
        "from tests.papers.scorecard.pdf_samples import CARDS\n"
        "from tracker.papers.scorecard.pdf import scorecard_pdf\n"
        "for make in CARDS.values():\n"
        "    print(hashlib.sha256(scorecard_pdf(make())).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.split() == [hashlib.sha256(pdf).hexdigest() for pdf in printed.values()]


@pytest.mark.parametrize(
    "times", [pytest.param(1, id="once"), pytest.param(3, id="again", marks=pytest.mark.soak)]
)
def test_threads_do_not_mix_their_documents(printed, times):
    names = list(CARDS) * times
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda name: scorecard_pdf(CARDS[name]()), names))
    assert all(pdf == printed[name] for name, pdf in zip(names, made, strict=True))


@pytest.mark.parametrize("name", CARDS)
def test_every_font_is_embedded(printed, name):
    reader = pypdf.PdfReader(io.BytesIO(printed[name]))
    seen = 0
    for page in reader.pages:
        for entry in page["/Resources"]["/Font"].values():
            font = entry.get_object()
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            assert "/FontFile2" in inner["/FontDescriptor"].get_object(), font["/BaseFont"]
            assert "/ToUnicode" in font
            seen += 1
    assert seen >= 4


@pytest.mark.parametrize("name", CARDS)
def test_all_that_a_card_says_is_on_the_paper(printed, name):
    card, text = CARDS[name](), squeezed(structure(printed[name]).whole)
    said = [card.title, card.subject_name, card.place, card.snapshot_sha256, card.rulebook_sha256]
    for line in card.lines:
        said += [line.name, line.words, line.data_source]
        said.append(line.explain)
    for fact in card.facts:
        said += [fact.label, fact.reason, *fact.records]
    for source in card.sources:
        said += [source.title, source.url]
    for project in card.projects or ():
        said += [project.name, project.stage]
    for ruling in card.rulings or ():
        said += [ruling.label, ruling.reason]
    for member in card.members:
        said += [member.name, member.kind, member.code]
    said += [*card.sentences, *card.vetoes, *card.notes, *card.next_steps, card.number or ""]
    for words in said:
        assert squeezed(words) in text, words


def test_a_cell_longer_than_pages_is_split_and_complete(printed):
    line = strange_card().lines[1]
    assert line.explain.count("瓯") == 150  # a character that stands nowhere else
    assert body(printed["strange"]).count("瓯") == 150
    assert body(printed["strange"]).count(squeezed(line.explain[: len(line.explain) // 150])) > 140


def test_longest_names_wrap_and_lose_nothing(printed):
    assert len(LONG_NAME) > 180
    text = squeezed(structure(printed["strange"]).whole)
    assert squeezed(LONG_NAME) in text
    assert "A" * 200 in text


def test_markup_is_printed_as_text(printed):
    assert squeezed(HOSTILE) in body(printed["strange"])


def test_rare_characters_fall_back_to_the_full_face(printed):
    assert "丽水市莲都区堃喆街道㙍䶮村" in body(printed["strange"])


@pytest.mark.parametrize("char", ["☑", "𠮷", "\u202e", "\u200b", "\x02", "\ud800"])
def test_what_no_face_draws_is_a_geta_with_a_note_that_names_its_record(char):
    card = undrawn_card(char)
    pdf = scorecard_pdf(card)
    text = body(pdf)
    assert "示例〓县" in text
    assert text.count("已核〓回单.pdf") == 3  # in the table; as the text and the row of the note
    _, _, note = text.partition("无法印出的字")
    assert f"U+{ord(char):04X}" in note
    assert squeezed(f"“佐证材料”，所在记录：{card.evidence[0].kind}，已核〓回单.pdf") in note


def test_a_paper_whose_texts_can_be_drawn_has_no_such_note(printed):
    assert "无法印出" not in body(printed["full"])


def test_the_first_page_answers_the_leader(printed):
    first = squeezed(pages(printed["full"])[0])
    for words in ("示例县", "2024年度", "生态发展类", "优秀", "第3名/11", "+2.00", "−0.30"):
        assert words in first
    card = full_card()
    assert card.total in first
    assert all(group.name in first for group in card.groups if group.kind is LineKind.SCORE)
    assert all(squeezed(sentence) in first for sentence in card.sentences)


def test_an_unscorable_card_says_so_and_gives_no_grade(printed):
    first = squeezed(pages(printed["trial"])[0])
    assert "8项指标中7项不可计分，1项一票否决条件未能判定，本表为试算，不能定稿。" in first
    assert "暂不评定" in first
    assert "不合格" not in body(printed["trial"])
    assert body(printed["trial"]).count("□不可计分") == 7 + 1  # seven lines and the legend
    assert "试算，不编号" in body(printed["trial"])


def test_an_incomplete_card_shows_no_rank_on_its_first_page(printed):
    first, text = squeezed(pages(printed["strange"])[0]), body(printed["strange"])
    assert "暂不排名" in first
    assert "第123名" not in text
    assert "按已计得分试排，列1234个中的第123位；数据不齐，不作为名次。" in text


def test_a_year_in_the_title_is_not_said_twice():
    card = replace(trial_card(), title="2024年度消薄飞地绩效评价评分表")
    pdf = scorecard_pdf(card)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert str(file.docinfo.Title) == "浦成小微产业园 2024年度消薄飞地绩效评价评分表"
    assert "2024年度2024年度" not in "".join(map(squeezed, pages(pdf)))


def test_status_heads_every_page(printed):
    for name, words in (("full", "正式·定稿·示例数据"), ("trial", "示例细则·试算")):
        assert all(words in squeezed(page) for page in pages(printed[name]))
    assert all("示例数据示例数据示例数据" in squeezed(page) for page in pages(printed["full"]))
    assert "示例数据" not in body(printed["trial"])


def test_header_rows_repeat_and_no_heading_stands_at_a_pages_foot(printed):
    headings = {
        "分组得分",
        "简要评述",
        "指标得分",
        "一票否决与说明",
        "事实与依据",
        "评分细则的来源",
        "核验信息",
    }
    for pdf in printed.values():
        for page in pages(pdf):
            lines = [line.strip() for line in page.splitlines() if line.strip()]
            assert lines[-1] not in headings
    heads = [page for page in pages(printed["strange"]) if "计分过程数据来源" in squeezed(page)]
    assert len(heads) >= 5


def test_all_three_columns_stand_side_by_side_and_one_of_them_counts(printed):
    heads = "指标满分自评初审复核失分计分过程数据来源"
    assert heads in body(printed["full"])
    assert heads in body(printed["trial"])
    assert "以“复核”一栏计分" in body(printed["full"])
    assert "以“自评”一栏计分" in body(printed["trial"])


def test_five_kinds_of_no_points_look_different():
    facts = {
        "0": FactRow("", Figure(Decimal("0.00"), "亩")),
        "○未报": FactRow("", None, FactState.MISSING),
        "／不适用": FactRow("", None, FactState.NOT_APPLICABLE),
        "△未核定": FactRow("", None, FactState.UNDETERMINED),
    }
    shown = {key: fact_words(fact)[0] for key, fact in facts.items()}
    assert shown == {"0": "0 亩", **{key: key for key in list(facts)[1:]}}
    lines = [replace(full_card().lines[0], state=LineState.UNSCORABLE, award=None, columns=())]
    text = body(scorecard_pdf(replace(full_card(), lines=tuple(lines), complete=True)))
    assert text.count("□不可计分") == 2


@pytest.mark.parametrize(
    ("value", "unit", "precision", "words"),
    [
        ("9999.5", "万元", "", ("9,999.5 万元",)),
        ("12345.6", "万元", "", ("1.23 亿元", "(12,345.6 万元)")),
        ("23456", "万元", "≥", ("≥ 2.34 亿元", "(23,456 万元)")),
        ("23412", "万元", "≤", ("≤ 2.35 亿元", "(23,412 万元)")),
        ("-5", "亩", "", ("−5 亩",)),
        ("50", "%", "", ("50.0%",)),
        ("0.00", "%", "", ("0%",)),
        ("0.04", "%", "", ("0.0%", "(0.04%)")),
        ("98.92", "%", "≥", ("≥ 98.9%", "(98.92%)")),
        ("990", "万元", "≥", ("≥ 990 万元",)),
        ("1", "是否", "", ("是",)),
        ("0", "是否", "", ("否",)),
    ],
)
def test_figures_read_as_an_office_writes_them(value, unit, precision, words):
    assert fact_words(FactRow("", Figure(Decimal(value), unit, precision))) == words


def test_zero_has_no_sign_and_thousands_are_grouped():
    assert [grouped(n) for n in ("-0.00", "1234567.50", "-1234")] == ["0", "1,234,567.50", "−1,234"]


def test_identity_is_read_back(printed):
    card, identity = full_card(), read_identity(printed["full"])
    assert identity.snapshot_sha256 == card.snapshot_sha256
    assert (identity.sheet, identity.subject_code, identity.year) == (
        "zj-recipient",
        "330825",
        2024,
    )
    assert (identity.number, identity.status) == ("ZJ-SH-2024-0003-2", "定稿")
    assert read_identity(printed["trial"]).number == ""


def with_entry(pdf: bytes, key: str, value: str | None) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        if value is None:
            del file.docinfo[key]
        else:
            file.docinfo[key] = value
        file.save(out)
    return out.getvalue()


def test_other_files_are_no_scorecards(printed):
    blank = io.BytesIO()
    pikepdf.new().save(blank)
    bad = [b"", b"hello", b"%PDF-1.7\ngarbage", printed["full"][:2000], blank.getvalue()]
    bad += [
        with_entry(printed["full"], "/ShanhaiSnapshot", None),
        with_entry(printed["full"], "/ShanhaiSnapshot", "abc"),
        with_entry(printed["full"], "/ShanhaiYear", "二〇二四"),
    ]
    for file in bad:
        with pytest.raises(NotAPaperError):
            read_identity(file)


def test_the_file_is_tagged_dated_and_in_chinese(printed):
    with pikepdf.open(io.BytesIO(printed["full"])) as file:
        root = file.Root
        assert str(root.Lang) == "zh-CN"
        assert bool(root.MarkInfo.Marked)
        assert str(file.docinfo.Title) == "示例县 2024年度受援县山海协作绩效评价评分表"
        assert str(file.docinfo.Author) == "浙江省示例办公室"
        assert str(file.docinfo.CreationDate) == "D:20250301000000+08'00'"
        roles = list(walk(root.StructTreeRoot.K))
        with file.open_outline() as outline:
            assert [item.title for item in outline.root] == [full_card().title]
            assert outline.root[0].children[-1].title == "核验信息"
    for role in ("/H1", "/H2", "/P", "/Table", "/TR", "/TH", "/TD", "/Figure"):
        assert role in roles


def walk(kids):
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield str(kid.S)
            if str(kid.S) == "/Figure":
                assert str(kid.Alt)
            yield from walk(kid.get("/K", pikepdf.Array()))


@pytest.mark.parametrize(
    "change",
    [
        {"number": "X-1", "status": "试算"},
        {"complete": False},
        {"frozen_at": "今天"},
    ],
)
def test_contradictory_cards_are_refused(change):
    card = full_card()
    if "status" in change:
        change = {**change, "status": trial_card().status}
    values = {name: getattr(card, name) for name in Card.__dataclass_fields__}
    with pytest.raises(ValueError, match="。"):
        Card(**{**values, **change})


def test_an_undecided_veto_alone_makes_a_card_incomplete():
    card = replace(trial_card(), lines=())
    assert incomplete_words(card).startswith("1 项一票否决条件未能判定")
    assert incomplete_words(full_card()) == ""
