"""Each sentence of a report is a claim: made again here from the frozen facts alone."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.papers.reports.documents import CITY, LEAPFROG, PAIR, document, snapshot, years
from tests.papers.reports.reading import body, squeezed
from tracker.core.quantities.figure import wan_yuan
from tracker.core.quantities.printed import grouped
from tracker.papers.city.build import city_report
from tracker.papers.city.pdf import city_pdf
from tracker.papers.enclave.build import enclave_report, enclaves_of
from tracker.papers.enclave.pdf import enclave_pdf
from tracker.papers.pair.build import pair_report, pairs_of
from tracker.papers.pair.pdf import pair_pdf
from tracker.papers.province.build import province_report
from tracker.papers.province.pdf import province_pdf
from tracker.papers.reports.ranking import grade_cause
from tracker.papers.reports.words import money
from tracker.papers.scorecard.reasons import unranked_words


def circular(of: dict[str, Any]) -> tuple[Any, str]:
    points = snapshot(of)
    return points, body(province_pdf(province_report(points, None)))


def counties(of: dict[str, Any]) -> list[dict[str, Any]]:
    """The facts of the recipients, as all columns have them."""
    (file,) = {id(f): f for f in of["sheets"]["county.recipient"]["facts"].values()}.values()
    return file["subjects"]


def test_the_opening_counts_what_was_scored() -> None:
    points, text = circular(document(2024))
    cards = [card for sheet in points.sheets.values() for card in sheet.result.scorecards]
    whole, unranked = sum(c.complete for c in cards), sum(c.rank is None for c in cards)
    sentence = f"{len(cards)}份评分表中，数据齐全{whole}份，尚有{len(cards) - whole}份待补充数据，"
    assert f"{sentence}不参加排名{unranked}份。" in text
    labels = {"county.recipient": "受援县", "county.supporter": "支援县", "city": "设区市"}
    for sheet in points.sheets.values():
        label = labels.get(sheet.rulebook.subject)
        if label:
            assert f"{label}{len(sheet.result.scorecards)}个" in text
    assert f"依据2024年度评分细则（示例细则{len(points.sheets)}本）" in text
    assert "按复核栏计分" in text


def test_who_shares_a_place_among_the_first_is_named() -> None:
    of = document(2024)
    for subject in counties(of):
        subject["class"] = LEAPFROG
        subject["measures"] |= {"funds": 50, "visits": 1, "adopted": 0, "island": 0}
        subject["measures"] |= {"fraud": 0, "left": 0}
    for at, subject in enumerate(counties(of)[:6]):
        subject["measures"]["funds"] = 95 if at < 2 else 90  # two first, four third
    points, text = circular(of)
    cards = points.sheets["demo-recipient"].result.scorecards
    named = [c for c in cards if c.rank <= 3]
    assert Counter(c.rank for c in named) == {1: 2, 3: 4}
    sentence = text[text.index(f"受援县{LEAPFROG}前三名为") :].partition("。")[0]
    for card in cards:
        told = f"{card.subject.name}{card.total}分" in sentence
        assert told == (card in named), card.subject.name
    # One waits for data: nobody is among the first three, who shares the third place is still told.
    del counties(of)[10]["measures"]["funds"]
    points, text = circular(of)
    ranked = [c for c in points.sheets["demo-recipient"].result.scorecards if c.rank]
    whole = [c for c in ranked if c.complete]
    lead = f"参加排名的{len(ranked)}个中数据齐全的{len(whole)}个，得分居前的为"
    sentence = text[text.index(lead) :].partition("。")[0]
    assert sentence.count("90分") + sentence.count(f"{named[-1].total}分") >= 4
    assert f"（数据齐全的{len(whole)}/{len(cards)}个）" in sentence


def test_a_small_class_says_whether_all_of_it_is_ranked() -> None:
    of = document(2024)
    del counties(of)[3:]
    for subject in counties(of):
        subject["class"] = LEAPFROG
        subject["measures"] |= {"fraud": 0, "left": 0, "island": 0, "funds": 80}
    kept = {subject["code"] for subject in counties(of)}
    sheets = of["sheets"]
    frozen = sheets["county.recipient"]["subjects"]
    sheets["county.recipient"]["subjects"] = {c: frozen[c] for c in frozen if c in kept}
    sheets["city"]["members"] = {CITY: {"county.recipient": sorted(kept)}}
    points, text = circular(of)
    assert f"受援县{LEAPFROG}3个，依次为" in text
    (only,) = points.sheets["demo-supporter"].result.scorecards
    assert f"支援县1个，为{only.subject.name}{only.total}分。" in text
    counties(of)[0]["measures"]["left"] = 1
    assert f"受援县{LEAPFROG}参加排名的2个，依次为" in circular(of)[1]


def test_a_grade_that_waits_for_data_was_lowered_by_nothing() -> None:
    of = document(2024)
    for subject in counties(of):
        subject["measures"] |= {"funds": 99, "visits": 4, "fraud": 0, "left": 0, "island": 0}
    assert "因名额限制，等次下调" in circular(of)[1]
    for subject in counties(of):
        del subject["measures"]["visits"]
    assert "因名额限制" not in circular(of)[1]


def test_papers_of_a_city_an_enclave_and_a_pair_say_why_a_grade_is_not_the_points() -> None:
    of = document(2024)
    for sheet in of["sheets"].values():
        for file in {id(f): f for f in sheet["facts"].values()}.values():
            for subject in file["subjects"]:
                subject["measures"] |= {"funds": "99", "visits": "4", "fraud": "0", "left": "0"}
                subject["measures"] |= {"island": "0", "paid": "100"}
    points, told = snapshot(of), Counter()
    printed = {"city": city_pdf, "enclave": enclave_pdf, "pair": pair_pdf}
    made = {
        "city": city_report(points, None, CITY),
        **{f"enclave {code}": enclave_report(points, code) for code in enclaves_of(points)},
        **{f"pair {code}": pair_report(points, code) for code in pairs_of(points)},
    }
    for name, report in made.items():
        kind = name.split()[0]
        shown = {
            "city": lambda r: (r.city, *r.counties, *r.sites, *r.pairs),
            "enclave": lambda r: (r.score,),
            "pair": lambda r: (
                r.pair_score, r.supporter_score, r.recipient_score, *(s.score for s in r.sites)
            ),
        }[kind](report)  # fmt: skip
        text = body(printed[kind](report))
        for member in filter(None, shown):
            if member.standing.cause:
                assert squeezed(member.standing.cause) in text, (name, member.standing.name)
                told[kind] += 1
        if not any(m.standing.cause for m in shown if m):
            assert "按得分可评" not in text
    assert set(told) == {"city", "enclave", "pair"}


def test_a_veto_that_takes_nothing_is_no_cause() -> None:
    """It holds the total at most at what still gives the grade: only the quota moved it. And what
    lowers a grade takes no rank."""
    of = document(2024)
    files = of["set"]["files"]
    book = files["demo-recipient.toml"].replace('grade = "不合格"\ntotal_at_most = 59', "{}")
    for subject in counties(of):
        subject["measures"] |= {"funds": "99", "visits": "4", "island": "0", "left": "0"}
        subject["measures"]["fraud"] = "1"
    counties(of)[0]["measures"]["left"] = "1"

    def told(effect: str) -> tuple[set[str], set[str]]:
        files["demo-recipient.toml"] = book.replace("{}", effect)
        cards = snapshot(of).sheets["demo-recipient"].result.scorecards
        reasons = {unranked_words(card) for card in cards}
        return {grade_cause(card) for card in cards if card.rank}, reasons

    causes, reasons = told("total_at_most = 95")
    assert "按得分可评优秀，因名额限制评为合格" in causes
    assert not any("弄虚作假" in cause for cause in causes)
    assert reasons == {"", "年内调出"}
    causes, reasons = told("total_at_most = 59")
    assert causes == {"按得分可评优秀，因“弄虚作假”评为不合格"}
    assert reasons == {"", "年内调出"}


def test_a_veto_that_cannot_be_decided_is_no_line_without_points() -> None:
    of = document(2024)
    subject = counties(of)[4]
    del subject["measures"]["left"]
    points, text = circular(of)
    card = points.sheets["demo-recipient"].card(subject["code"])
    assert (card.undecided, any(line.state == "unscorable" for line in card.lines)) == (
        ("年内调出",),
        False,
    )
    assert f"受援县{subject['name']}否决未判定{card.total}" in text
    assert f"数据不足，未能判定“{card.undecided[0]}”" in text


@pytest.fixture(scope="module")
def two():
    return years()


def test_the_sentences_about_a_city(two) -> None:
    before, now = two
    text = body(city_pdf(city_report(now, before, CITY)))
    cards = now.sheets["demo-recipient"].result.scorecards
    peers = Counter(c.subject.class_name for c in cards if c.rank is not None)
    places = {
        c.subject.name: Fraction(c.rank - 1, peers[c.subject.class_name] - 1)
        for c in cards
        if c.complete and c.rank is not None and peers[c.subject.class_name] > 1
    }
    first = text[text.index("位次最靠前的是") :].partition("，最靠后的是")[0]
    last = text[text.index("最靠后的是") :].partition("。")[0]
    at_top = [name for name, down in places.items() if down == min(places.values())]
    at_end = [name for name, down in places.items() if down == max(places.values())]
    assert all(name in first for name in at_top[:2])
    assert all(name in last for name in at_end[:2])
    lost = {
        (card.subject.name, line.code): Fraction(line.effective) - Fraction(line.award)
        for card in cards
        for line in card.lines
        if line.state == "scored" and line.indicator.kind == "score"
    }
    most = max(lost.values())
    worst = [key for key, of in lost.items() if of == most]
    sentence = text[text.index("失分最多的是") :].partition("分。")[0]
    assert sentence.endswith(grouped(f"{Decimal(most.numerator) / most.denominator:.2f}"))
    assert ("各失" in sentence) == (len(worst) > 1)
    assert squeezed(f"{worst[0][0]}（受援县）的“{worst[0][1]}") in sentence
    # Sites and pairs are those that have a card.
    enclaves = len(now.sheets["demo-income"].result.scorecards)
    assert f"所属县飞地{enclaves}有评分表的" in squeezed(text)
    assert "结对关系1有评分表的" in text


def test_the_sentence_about_a_pairs_projects(two) -> None:
    now = two[1]
    text = body(pair_pdf(pair_report(now, PAIR)))
    rows = now.document["annex"]["pairs"][PAIR]["projects"]
    counted = [row for row in rows if row["counted"]]
    large = [row for row in counted if row["total"] and Decimal(row["total"]) >= 10_000]
    started = [row for row in counted if row["started_on"]]
    sums = [str(sum(Decimal(r[n] or 0) for r in counted)) for n in ("funds", "completed")]
    assert (
        squeezed(
            f"计入当年的产业合作项目 {len(counted)} 个，其中亿元以上 {len(large)} 个；"
            f"当年签约 {len(counted)} 个，年末已开工 {len(started)} 个、已投产 0 个。"
            f"当年到位资金 {money(wan_yuan(sums[0]))}，完成投资 {money(wan_yuan(sums[1]))}。"
        )
        in text
    )
