"""排名: every number is that of a statement of its own, and of others there is what the table of
stages tells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from itertools import pairwise
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import text

from tests import factories as make
from tests import factories_trials as trials
from tests.web.conftest import Site
from tests.web.pages import Browser, text_of
from tests.web.statements import number_for
from tracker.core.db import db, units
from tracker.overview.ranking.board import ClassStanding, Row
from tracker.overview.ranking.lines import Peers, groups_of, of_card
from tracker.overview.ranking.moved import Moved, of_scoring
from tracker.overview.ranking.picture import strip_of
from tracker.papers.scorecard.build import card_of
from tracker.papers.scorecard.page import page_of_card
from tracker.records.accounts.permissions import Role
from tracker.records.places.models import Region
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored
from tracker.year.trials.models import TrialCard

NOON = datetime(2026, 10, 20, 4, tzinfo=UTC)
PAGE = "/overview/ranking/?year=2026"
SHEET = "zj-recipient-county"


@pytest.fixture(autouse=True)
def in_october() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def lines(funds: str, pairs: str, bonus: str = "0.00", fund_state: str = "scored") -> str:
    """Three lines of a trial's card: 8, 4 and, as a bonus, 10 points."""
    rows = (
        ("B1", "产业", "到位资金", "score", "8", funds, fund_state),
        ("B2", "产业", "结对互访", "score", "4", pairs, "scored"),
        ("J1", "加分", "先进做法", "bonus", "10", bonus, "scored"),
    )
    keys = ("code", "group", "name", "kind", "points", "award", "state")
    found = [trials.LINE | dict(zip(keys, row, strict=True)) for row in rows]
    return json.dumps(found, ensure_ascii=False)


# Of each county: total, rank, lines, and a year ago total, rank, class.
CARDS = {
    "缙云县": ("81.25", 2, lines("3.00", "4.00"), "80", 1, "跨越发展类"),
    "庆元县": ("92.50", 1, lines("7.00", "4.00", "1.00"), "70", 2, "跨越发展类"),
    "龙游县": ("60.00", 3, lines("2.00", "1.00"), "61", 1, "生态发展类"),
}


@pytest.fixture
def leaders(site: Site) -> dict[str, Browser]:
    return tried(site)


def tried(site: Site) -> dict[str, Browser]:
    """A trial of three counties, and one of the same month a year ago."""
    with site.app.app_context(), units.mode(writes=True):
        places = {place.name: place for place in db.session.scalars(db.select(Region))}
        places["龙游县"] = make.region("330825", "龙游县", places["丽水市"])
        at = trials.trial(2026, 10, rulebook_year=2025)
        earlier = trials.trial(2025, 10)
        for name, (total, rank, of, before, rank_before, class_before) in CARDS.items():
            place = places[name]
            trials.trial_card(at, place, total, rank=rank, content=of)
            trials.trial_card(
                earlier, place, before, rank=rank_before, county_class=class_before, content=of
            )
        place = places["富阳区"]
        kind = {"sheet": "zj-supporter", "subject": "county.supporter", "county_class": ""}
        trials.trial_card(at, place, 77, rank=1, **kind)
        ids = {
            "county": make.user(Role.LEADER, places["缙云县"], username="county").id,
            "city": make.user(Role.LEADER, places["丽水市"], username="city").id,
        }
        db.session.commit()
    ids["province"] = site.world["leader"]
    return {name: Browser(site.app, number) for name, number in ids.items()}


def bare(markup: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", markup))).strip()


def rows(page: str) -> list[list[str]]:
    """The cells of each row of the tables, in words."""
    found = re.findall(r"<tr>(.*?)</tr>", page, re.S)
    cells = [
        [bare(c) for c in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)] for row in found
    ]
    return [each for each in cells if each and each[0] != "名次"]


def test_a_class_is_told_with_its_mean_and_why(site, leaders):
    with site.app.app_context():
        mean = db.session.scalar(
            text(
                "SELECT avg(total) FROM trial_cards WHERE county_class = '跨越发展类'"
                " AND trial_id = (SELECT id FROM trials WHERE year = 2026)"
            )
        )
        share = db.session.scalar(
            text(
                "SELECT avg(json_extract(l.value, '$.award') / json_extract(l.value, '$.points'))"
                " FROM trial_cards, json_each(content) l"
                " WHERE json_extract(l.value, '$.code') = 'B1' AND county_class = '跨越发展类'"
                " AND trial_id = (SELECT id FROM trials WHERE year = 2026)"
            )
        )
    assert f"{Decimal(mean) / 1_000_000:.2f}" == "77.92"  # kept in millionths
    assert round(share * 8, 2) == 4.0
    page = leaders["province"].get(PAGE).text
    assert (
        "试算于 2026-10-20 09:00，2026 年细则尚未发布，按 2025 年示例细则试算，不作为考核结果。"
        in bare(page)
    )
    head = bare(re.search(r'<p class="headline">(.*?)</p>', page, re.S)[1])
    assert head == (
        "2026 年度受援县试算：跨越发展类 3 个，第 1 名庆元县 92.50 分，第 3 名龙游县 60.00 分，"
        "同类均值 77.92 分；升得最多的是庆元县，1 位；降得最多的是缙云县，1 位。"
    )
    assert rows(page) == [
        ["第 1 名", "庆元县", "92.50", "升 1 位（上年第 2 名） 增 22.50 分", "14.58",
         "没有低于同类均值的指标"],
        ["第 2 名", "缙云县", "81.25", "降 1 位（上年第 1 名） 增 1.25 分", "3.33",
         "到位资金 3.00 / 8.00 分，比同类均值低 1.00 分"],
        ["第 3 名", "龙游县", "60.00", "上年为生态发展类，不比名次 减 1.00 分", "−17.92",
         "到位资金 2.00 / 8.00 分，比同类均值低 2.00 分"],
    ]  # fmt: skip
    assert "与上年同月（2025-10-20）的试算比较。" in page
    assert f'href="/trials/2026/{SHEET}/331122#line-B1"' in page


def test_a_line_that_cannot_be_scored_lies_not_below_the_class(site, leaders):
    with site.app.app_context(), units.mode(writes=True):
        card = db.session.scalars(
            db.select(TrialCard).where(
                TrialCard.subject_code == "330825", TrialCard.trial.has(year=2026)
            )
        ).one()
        card.content = lines("0.00", "1.00", fund_state="unscorable")
        db.session.commit()
    cells = rows(leaders["province"].get(PAGE).text)[2]
    assert cells[-1] == "结对互访 1.00 / 4.00 分，比同类均值低 2.00 分；另有 1 项不可计分"


def test_one_line_ranks_anew(leaders):
    page = leaders["province"].get(f"{PAGE}&line=B2").text
    assert [(row[1], row[3:]) for row in rows(page)] == [
        ("庆元县", ["4.00", "4.00", "1.00", "1"]),
        ("缙云县", ["4.00", "4.00", "1.00", "1"]),
        ("龙游县", ["1.00", "4.00", "−2.00", "3"]),
    ]


def test_sheets_are_those_of_places_and_what_nobody_knows_is_the_first(leaders):
    province = leaders["province"]
    page = province.get(f"{PAGE}&sheet=zj-supporter").text
    assert [row[1] for row in rows(page)] == ["富阳区"]
    usual = rows(province.get(PAGE).text)
    assert rows(province.get(f"{PAGE}&sheet=x&class=x&grade=x&line=x").text) == usual
    assert "2019 年度没有计分，也没有试算" in text_of(province.get("/overview/ranking/?year=2019"))


def test_of_others_there_is_the_range_alone(site, leaders):
    page = leaders["county"].get(PAGE).text
    assert [row[:3] for row in rows(page)] == [["尚未公布", "缙云县", "81.25"]]
    assert "最低 60.00 分，最高 92.50 分" in bare(page)
    content = page[page.index("<main") :]
    for hidden in ("庆元县", "均值", "第 2 名", "77.92"):
        assert hidden not in content, hidden
    # Nothing tells of a mean: the line that lost most of its points.
    assert rows(page)[0][-1] == "到位资金 3.00 / 8.00 分"
    own = f"/overview/ranking/2026/{SHEET}/331122"
    beside = leaders["county"].get(own).text
    assert "同类均值" not in beside
    assert "缙云县试算 81.25 分，跨越发展类名次尚未公布" in bare(beside)
    assert leaders["county"].client.get(own.replace("331122", "331126")).status_code == 404
    listed = [row[1] for row in rows(leaders["city"].get(PAGE).text)]
    assert listed == ["庆元县", "缙云县", "龙游县"]
    assert site.browser("staff").get(PAGE).status_code == 403
    assert site.browser("staff").get(own).status_code == 403


def test_a_place_beside_its_class_by_group_and_by_line(leaders):
    page = leaders["province"].get(f"/overview/ranking/2026/{SHEET}/331122").text
    said = bare(re.search(r'<p class="headline">(.*?)</p>', page, re.S)[1])
    assert "缙云县试算 81.25 分，跨越发展类第 2 名，比同类均值高 3.33 分。" in said
    assert "差得最多的一项： 到位资金 3.00 / 8.00 分，比同类均值低 1.00 分 。" in said
    found = [row for row in rows(page) if row[0] not in ("一级指标", "指标")]
    # 产业: 7, 11 and 3 of 12 points: 7.00 on average; 加分: 0, 1 and 0 of 10.
    assert found == [
        ["产业", "", "7.00", "12.00", "7.00", "0.00"],
        ["加分", "—", "0.00", "—", "0.33", "−0.33"],
        ["B1 到位资金", "产业", "3.00", "8.00", "4.00", "−1.00", "2"],
        ["J1 先进做法", "加分", "0.00", "10.00", "0.33", "−0.33", "2"],
        ["B2 结对互访", "产业", "4.00", "4.00", "3.00", "1.00", "1"],
    ]
    assert "低得最多的是加分，低 0.33 分。" in said


def test_the_means_are_those_of_the_card(site):
    with site.app.app_context():
        snapshot = db.session.get_one(Snapshot, site.world["snapshot"])
        points = scored(snapshot.sha256, snapshot.content)
        sheet = points.sheets[SHEET]
        page = page_of_card(card_of(points, SHEET, "331122"), points, {})
        peers = Peers(of_card(card) for card in sheet.result.scorecards)
        own = of_card(sheet.card("331122"))
        of_card_page = {e.line.code: e.peers.mean for g in page.groups for e in g.lines if e.peers}
        groups = {
            (g.score.kind.value, g.score.name): g.score.class_mean for g in page.groups if g.score
        }
    assert len(sheet.result.scorecards) == 2
    found = {line.code: mean for line in own if (mean := peers.mean(line)) is not None}
    assert {code: Decimal(mean) for code, mean in of_card_page.items() if code in found} == found
    assert len(found) > 5
    for group in groups_of(own):
        mean = peers.group_mean(group)
        assert (Decimal(groups[group.key]) if groups[group.key] else None) == mean, group.key


def test_every_way_leads_on(leaders):
    for name, browser in leaders.items():
        for address in (PAGE, f"/overview/ranking/2026/{SHEET}/331122"):
            page = browser.get(address).text
            page = page[page.index("<h1") :]
            for way in re.findall(r'<a [^>]*href="([^"#][^"]*)"', page):
                answer = browser.client.get(way.replace("&amp;", "&"))
                assert answer.status_code == 200, (name, way)
                answer.close()


def test_the_number_of_statements_does_not_depend_on_the_size(site, leaders):
    before = number_for(site, "leader", PAGE)
    with site.app.app_context(), units.mode(writes=True):
        at = db.session.scalars(db.select(trials.Trial).where(trials.Trial.year == 2026)).one()
        for number in range(5):
            place = make.region(f"33119{number}", f"新{number}县", None)
            trials.trial_card(at, place, 50 + number, rank=4 + number, content=lines("1", "1"))
        db.session.commit()
    assert number_for(site, "leader", PAGE) == before


def test_both_databases_say_the_same(any_site):
    page = tried(any_site)["province"].get(PAGE).text
    assert [(row[0], row[1], row[4]) for row in rows(page)] == [
        ("第 1 名", "庆元县", "14.58"),
        ("第 2 名", "缙云县", "3.33"),
        ("第 3 名", "龙游县", "−17.92"),
    ]


def ranked(change: int | None, *, complete: bool = True, name: str = "甲", **fields: object):
    last = SimpleNamespace(subject=SimpleNamespace(class_name="甲"), rank=2, complete=complete)
    row = SimpleNamespace(county_class=name, complete=True)
    usual = {"row": row, "last": last, "rank_change": change, "total_change": None, "is_new": False}
    return SimpleNamespace(**{**usual, **fields})


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (ranked(1), "升 1 位（上年第 2 名）"),
        (ranked(-2), "降 2 位（上年第 2 名）"),
        (ranked(0), "持平（上年第 2 名）"),
        (ranked(None, name="乙"), "上年为甲，不比名次"),
        (ranked(None, complete=False), "上年资料不全，不比"),
        (ranked(None, last=None, is_new=True), "新列入"),
        (ranked(None), ""),
    ],
)
def test_what_cannot_be_compared_is_said(of, words):
    assert of_scoring(of, object()).words == words
    assert of_scoring(of, None) == Moved()


def test_no_dot_covers_another_and_each_lies_at_its_points():
    totals = ["60", "60.1", "60.2", "80", "100"]
    of = ClassStanding(
        "甲",
        [Row(n, n, Decimal(n), None, "", True, "", Moved(), None) for n in totals],
        Decimal("72.06"),
        Decimal(100),
        5,
        None,
        None,
    )
    picture = strip_of(of, [("优秀", Decimal(90)), ("良好", Decimal(10))])
    places = [(Decimal(dot.x.rstrip("%")), dot.y) for dot in picture.dots]
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    for (x, y), (other, z) in pairwise(places):
        assert y != z or other - x >= 2
    assert [picture.dots[i].x for i in (0, 3, 4)] == ["4.00%", "50.00%", "96.00%"]
    assert [mark.words for mark in picture.grades] == ["优秀 90"]
    assert picture.mean.words == "均值 72.06"
    assert [tick.words for tick in picture.ticks] == ["60", "70", "80", "90", "100"]
