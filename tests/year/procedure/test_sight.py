"""What is visible of others is what the table says, at every stage, for everybody, on every way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import settings_for
from tests.papers.texts import page_texts
from tests.recycling import Applications, Databases
from tests.web.pages import Browser, text_of
from tests.year.procedure.worlds import MIDDLE, OWN, SHEET, YEAR, World, build
from tracker.core.config import ROOT
from tracker.core.db import db
from tracker.papers.common.identity import identity_of, read_entries
from tracker.papers.issuing import verification
from tracker.papers.issuing.verification import Answer
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.procedure.models import STAGES, Act, Stage
from tracker.year.procedure.sight import (
    Course,
    courses,
    public_sight,
    public_words,
    published_snapshot,
)
from tracker.year.procedure.sights import (
    GRADE_LATER,
    RANK_LATER,
    RANK_NOT_OF_THIS,
    TABLE,
    Sight,
    Who,
)

ALL = ~Sight.NOTHING
# Who stands for each level, in turn from stage to stage.
PEOPLE = {
    Who.COUNTY: ("staff", "leader"),
    Who.CITY: ("city_staff", "reviewer", "city_leader"),
    Who.PROVINCE: ("assessor", "province"),
}
# What freezes and tells on the way to each stage.
ON_THE_WAY: dict[Stage, tuple[tuple[Act, str | None], ...]] = {
    Stage.NOTICE: ((Act.NOTIFIED, "notice"),),
    Stage.FINAL: ((Act.FINALISED, "final"),),
    Stage.CIRCULAR: ((Act.CIRCULATED, None),),
}


def test_the_table_knows_every_stage_and_everybody() -> None:
    assert set(TABLE) == {None, *STAGES}
    for row in TABLE.values():
        assert set(row) == set(Who)
        assert row[Who.PROVINCE] == ALL
        assert row[Who.ADMINISTRATOR] == Sight.NOTHING
        assert Sight.CARDS not in row[Who.COUNTY] | row[Who.CITY] | row[Who.PUBLIC]


def test_before_the_notice_there_is_the_range_and_after_the_circular_the_grades_of_all() -> None:
    for who in (Who.COUNTY, Who.CITY):
        seen = [TABLE[stage][who] for stage in STAGES]
        assert seen == sorted(seen, key=lambda sight: sight.value)
        for stage, sight in zip(STAGES, seen, strict=True):
            at = STAGES.index(stage)
            assert (sight == Sight.RANGE) is (at < STAGES.index(Stage.NOTICE))
            assert (Sight.POINTS in sight) is (at >= STAGES.index(Stage.NOTICE))
            assert (Sight.GRADES in sight) is (stage is Stage.CIRCULAR)
    public = {stage for stage in TABLE if TABLE[stage][Who.PUBLIC]}
    assert public == {Stage.CIRCULAR}


def test_only_what_was_made_public_is_seen_as_public() -> None:
    draft, noticed, final = 1, 2, 3
    for stage in STAGES[: STAGES.index(Stage.NOTICE)]:  # also where a notice was taken back
        assert {Course(stage, noticed).of(each) for each in (draft, noticed)} == {stage}
    assert Course(Stage.OBJECTIONS, noticed).of(noticed) is Stage.OBJECTIONS
    assert Course(Stage.OBJECTIONS, noticed).of(draft) is Stage.PROVINCE
    assert Course(Stage.FINAL, noticed).of(final) is Stage.PROVINCE
    told = Course(Stage.CIRCULAR, noticed, final)
    assert [told.of(each) for each in (draft, noticed, final)] == [
        Stage.PROVINCE,
        Stage.FINAL,
        Stage.CIRCULAR,
    ]
    # Worked on anew: what was circulated stays so, what is made now is not public.
    anew = Course(Stage.OBJECTIONS, noticed, final)
    assert [anew.of(final), anew.of(4)] == [Stage.CIRCULAR, Stage.PROVINCE]


@pytest.fixture
def world(
    databases: Databases, applications: Applications, sqlite_template: Path, tmp_path: Path
) -> Iterator[World]:
    with (
        databases.sqlite(sqlite_template) as url,
        applications.at(settings_for(url, tmp_path)) as app,
    ):
        yield build(app)


class Totals:
    """The totals of the class as pages write them."""

    def __init__(self, world: World) -> None:
        with world.app.app_context():
            found = dict(
                db.session.execute(
                    select(ScorecardRow.subject_code, ScorecardRow.total).where(
                        ScorecardRow.snapshot_id == world["draft"], ScorecardRow.sheet == SHEET
                    )
                ).all()
            )
        self.own, self.middle = (f"{found[code]:.2f}" for code in (OWN, MIDDLE))
        ends = min(found.values()), max(found.values())
        assert Decimal(self.middle) not in ends
        self.range = "最低 {:.2f} 分，最高 {:.2f} 分".format(*ends)


def row_of(page: str, name: str) -> str:
    """The row of a ranking that is of a place; "" where it has none."""
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    return next((row for row in rows if f">{name}<" in row.replace("</span>", "<")), "")


def cell(row: str, label: str) -> str:
    found = re.search(rf'<td data-label="{label}"[^>]*>(.*?)</td>', row, re.DOTALL)
    return re.sub(r"<[^>]+>", " ", found[1]).strip() if found else ""


def in_ranking(page: str, totals: Totals) -> Sight:
    """What a page of rankings tells."""
    own = row_of(page, "缙云县")
    other = next((r for r in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "龙游县" in r), "")
    assert totals.own in own
    found = Sight.RANGE if totals.range in page else Sight.NOTHING
    found |= Sight.RANKS if cell(own, "名次").isdigit() else Sight.NOTHING
    found |= Sight.OWN_GRADE if cell(own, "等次") != GRADE_LATER else Sight.NOTHING
    if other:
        assert totals.middle in other
        assert cell(other, "名次").isdigit()
        found |= Sight.POINTS
        found |= Sight.GRADES if cell(other, "等次") != GRADE_LATER else Sight.NOTHING
        found |= Sight.CARDS if "/330825" in other else Sight.NOTHING
    else:
        assert totals.middle not in page
        assert "龙游县" not in page
    return found


def on_card(text: str, totals: Totals) -> Sight:
    """What a card tells, on the page or on paper."""
    _, _, text = text.partition("2024年度")  # before it stand the places that one may choose
    assert totals.own in text
    assert totals.middle not in text
    assert "龙游县" not in text
    found = Sight.RANGE if totals.range in text.replace("\n", "") else Sight.NOTHING
    found |= Sight.RANKS if re.search(r"第 2 名\s*/ 4", text) else Sight.NOTHING
    found |= Sight.OWN_GRADE if GRADE_LATER not in text else Sight.NOTHING
    assert (RANK_LATER in text) is (Sight.RANKS not in found)
    assert bool(re.search(r"平均 ?\d", text)) is (Sight.RANKS in found)
    return found


CARD_TELLS = Sight.RANKS | Sight.OWN_GRADE


# Where points of cards are read past the table, and why nobody learns there what he may not see. A
# new way out takes them from `procedure.sight`, or is added here with its reason.
PAST_THE_TABLE = re.compile(
    r"\b(ScorecardRow|TrialCard|scores_of|visible_cards|card_row|queries\.cards|cards_below)\b"
    r"|\b(scored|scored_of|card_of|paper_pdf|content_of)\("
)
READERS = {
    "of the own places alone, and none of rank or grade": {
        "records/determinations/fact_rules.py",
        "records/determinations/review_views.py",
        "records/determinations/views.py",
        "records/targets/done_rules.py",
        "year/assessments/awaited.py",
        "year/assessments/sampling.py",
        "year/assessments/sampling_views.py",
        "year/objections/queries.py",
        "year/objections/service.py",
        "year/objections/views.py",
        "year/procedure/card_views.py",
        "year/procedure/occasions.py",
        "year/procedure/stages.py",
    },
    "words of a line without points, of a card that the reader may open": {
        "papers/scorecard/supervised.py"
    },
    "of an objection, filed while the notice tells ranks": {"papers/hearing/build.py"},
    "suppositions, without ranks and grades that the table withholds": {
        "year/assessments/simulation_rights.py",
        "year/assessments/simulation_views.py",
    },
    "the province alone opens it": {
        "papers/issuing/views.py",
        "year/assessments/compared.py",
        "year/rulemaking/jobs.py",
        "year/rulemaking/working.py",
        "year/assessments/snapshot_views.py",
        "year/assessments/snapshots.py",
    },
    "the province opens it, and of a city's assessment the city": {"papers/matrix/views.py"},
    "counts without a place": {"year/assessments/state.py"},
    "trials, seen as what was never made public": {
        "year/trials/freezing.py",
        "year/trials/models.py",
        "year/trials/queries.py",
        "year/trials/views.py",
        "site/leader/score.py",
    },
    "commands and workers of those who run the program": {
        "exchange/sampledata/course.py",
        "papers/issuing/drafts.py",
        "papers/issuing/later.py",
        "papers/issuing/printing.py",
        "papers/issuing/running.py",
        "papers/issuing/service.py",
        "papers/issuing/volume.py",
        "papers/reports/previous.py",
        "year/assessments/cli.py",
        "year/assessments/service.py",
        "year/procedure/advancing.py",
        "year/procedure/checks.py",
    },
    "shown with the table's sight": {
        "overview/ranking/firsts.py",
        "overview/ranking/of_scoring.py",
        "papers/catalogue.py",
        "papers/scorecard/build.py",
        "papers/scorecard/views.py",
        "site/brief/standing_sections.py",
        "site/desk/lines.py",
        "site/desk/matrix.py",
        "site/desk/moved.py",
        "site/desk/subject.py",
        "site/desk/subject_views.py",
        "site/desk/views.py",
        "year/procedure/sight.py",
    },
    "issued papers, each to the places that it is about": {
        "papers/issuing/queries.py",
        "papers/issuing/shown.py",
        "papers/issuing/verification.py",
    },
    "what the others read": {
        "year/assessments/cards.py",
        "year/assessments/graded.py",
        "year/assessments/models.py",
        "year/assessments/queries.py",
        "year/assessments/scored.py",
    },
}


def test_a_new_way_out_asks_the_table() -> None:
    root = ROOT / "tracker"
    found = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if path.relative_to(root).parts[0] != "engine" and PAST_THE_TABLE.search(path.read_text())
    }
    assert found == set().union(*READERS.values())


def expected(sight: Sight) -> Sight:
    """The range is told where nothing more is."""
    return sight if Sight.RANKS not in sight else sight & ~Sight.RANGE


def taken(browser: Browser, address: str) -> tuple[int, bytes]:
    """The status and the content of what may be a file."""
    with browser.client.get(address) as answer:
        return answer.status_code, answer.get_data()


def walk(world: World, browser: Browser, sights: dict[str, Sight], totals: Totals) -> None:
    """Every page of one user; `sights`: what the table gives of each snapshot."""
    own_card = f"{SHEET}/{OWN}"
    for name, sight in sights.items():
        at = world[name]
        address = f"/scorecards/?year={YEAR}&snapshot={at}&sheet={SHEET}"
        page = browser.get(address).text
        assert in_ranking(page, totals) == expected(sight), (name, sight)
        file = taken(browser, f"{address}&tables=csv")[1]
        assert (totals.middle.encode() in file) is (Sight.POINTS in sight)
        card = text_of(browser.get(f"/scorecards/{at}/{own_card}"))
        assert on_card(card, totals) == expected(sight) & (CARD_TELLS | Sight.RANGE), (name, sight)
        whole = Sight.CARDS in sight
        for tail in ("", ".pdf"):
            status, _ = taken(browser, f"/scorecards/{at}/{SHEET}/{MIDDLE}{tail}")
            assert status == (200 if whole else 404)
        for tail in ("", "/document.json", f"/{SHEET}/facts.json", f"/{SHEET}/rulebook.toml"):
            status, _ = taken(browser, f"/snapshots/{at}{tail}")
            assert (status == 200) is whole
    latest = sights["final"]
    for address in (f"/counties/{OWN}?year={YEAR}", f"/?year={YEAR}", f"/overview/?year={YEAR}"):
        answer = browser.client.get(address)
        if answer.status_code == 403:
            continue
        page = text_of(answer)
        if Sight.CARDS not in latest:
            assert totals.middle not in page
        if Sight.RANKS not in latest:
            assert not re.search(r"第 2 名", page), address
        if "counties" in address:
            assert (GRADE_LATER in page) is (Sight.OWN_GRADE not in latest)
            assert (RANK_LATER in page) is (Sight.RANKS not in latest)
            noticed = sights.get("notice", Sight.NOTHING)  # who reads of it is told which is not
            assert (RANK_NOT_OF_THIS in page) is (Sight.RANKS in noticed & ~latest)
    check_standing(world, browser, sights, totals)
    papers = {"paper": 200, "foreign_paper": 200 if Sight.CARDS in latest else 404}
    for paper, status in papers.items():
        for tail in ("", ".pdf"):
            assert taken(browser, f"/papers/{world[paper]}{tail}")[0] == status


# Of stages of which the table says the same, one; and those at which every scoring is looked at.
SOME = (None, Stage.SELF, Stage.NOTICE, Stage.FINAL, Stage.CIRCULAR)
CHANGING = (Stage.NOTICE, Stage.CIRCULAR)


@pytest.mark.parametrize(
    ("stages", "whole"),
    [
        pytest.param(SOME, CHANGING, id="some"),
        pytest.param((None, *STAGES), (None, *CHANGING), id="all", marks=pytest.mark.soak),
    ],
)
def test_what_is_visible_is_what_the_table_says(
    world: World, stages: tuple[Stage | None, ...], whole: tuple[Stage | None, ...]
) -> None:
    totals = Totals(world)
    noticed, circulated = None, None
    browsers = {
        name: Browser(world.app, world[name]) for names in PEOPLE.values() for name in names
    }
    draft_pdf, drafts = None, []
    for stage in stages:
        number = STAGES.index(stage) + 1 if stage else 0
        if stage is not None:
            told = ON_THE_WAY.get(stage, ())
            world.come_to(stage, *told)
            noticed = noticed or next((of for act, of in told if act is Act.NOTIFIED), None)
            circulated = "final" if stage is Stage.CIRCULAR else None
        for who, names in PEOPLE.items():
            sights = {}
            for snapshot in ("draft", "notice", "final"):
                course = stage and Course(
                    stage,
                    world[noticed] if noticed else None,
                    world[circulated] if circulated else None,
                )
                sights[snapshot] = TABLE[course.of(world[snapshot]) if course else None][who]
            if stage not in whole:
                if who is Who.PROVINCE:
                    continue  # who sees all at every stage
                del sights["draft"]
                if not noticed:
                    del sights["notice"]
            walk(world, browsers[names[number % len(names)]], sights, totals)
        administrator = Browser(world.app, world["administrator"])
        assert administrator.client.get(f"/scorecards/?year={YEAR}").status_code == 403
        check_public(world, stage, totals)
        if stage in (Stage.SELF, Stage.NOTICE, Stage.CIRCULAR):
            paper = check_paper(world, browsers["staff"], stage, totals)
            draft_pdf = draft_pdf or paper
        if stage in (Stage.NOTICE, Stage.CIRCULAR):
            public = "notice" if stage is Stage.NOTICE else "final"
            drafts.append(check_instead(world, browsers["staff"], public))
    assert draft_pdf is not None
    with world.app.app_context():
        for pdf in (draft_pdf, *drafts):
            verdict = verification._of_draft(identity_of(read_entries(pdf)), pdf, in_detail=False)
            assert verdict.answer is Answer.DRAFT  # what was withheld makes it no forgery


def check_standing(
    world: World, browser: Browser, sights: dict[str, Sight], totals: Totals
) -> None:
    """排名: of the scoring that is public, else of the latest one."""
    address = f"/overview/ranking/?year={YEAR}&sheet={SHEET}"
    answer = browser.client.get(address)
    if answer.status_code == 403:
        return
    final, noticed = sights["final"], sights.get("notice", Sight.NOTHING)
    sight = noticed if Sight.POINTS in noticed & ~final else final
    page = answer.get_data(as_text=True)
    page = page[page.index("<main") :]
    own, other = row_of(page, "缙云县"), row_of(page, "龙游县")
    assert totals.own in own
    assert (totals.range in text_of(answer)) is (Sight.RANKS not in sight)
    assert ("第 2 名" in own) is (Sight.RANKS in sight)
    assert ("均值" in own) is (Sight.RANKS in sight)
    assert bool(other) is (Sight.POINTS in sight) is (totals.middle in page)
    assert (GRADE_LATER not in own) is (Sight.OWN_GRADE in sight)
    whole = Sight.CARDS in sight
    if other:
        assert (GRADE_LATER not in other) is (Sight.GRADES in sight)
        assert ("<a " in other) is whole
    beside = {code: f"/overview/ranking/{YEAR}/{SHEET}/{code}" for code in (OWN, MIDDLE)}
    assert browser.client.get(beside[MIDDLE]).status_code == (200 if whole else 404)
    page = text_of(browser.get(beside[OWN]))
    assert ("同类均值（分）" in page) is (Sight.RANKS in sight)
    assert totals.middle not in page
    assert "龙游县" not in page.partition("与同类比 2024")[2]


def check_public(world: World, stage: Stage | None, totals: Totals) -> None:
    """What anybody may be told, and the page that tells it."""
    with world.app.app_context():
        final, draft = (db.session.get_one(Snapshot, world[name]) for name in ("final", "draft"))
        told = stage is Stage.CIRCULAR
        assert (Sight.GRADES in public_sight(final)) is told
        assert public_sight(draft) == Sight.NOTHING
        published = published_snapshot(YEAR)
        at = STAGES.index(stage) if stage else -1
        name = "final" if told else "notice" if at >= STAGES.index(Stage.NOTICE) else None
        assert (published.id if published else None) == (world[name] if name else None)
    page = world.app.test_client().get("/verify?number=SH2024-S01-000001").text
    if not told:
        assert totals.own not in page


def check_instead(world: World, browser: Browser, public: str) -> bytes:
    """What the own card says of a scoring that is not public, which of the year is, and where: the
    draft of it."""
    number = world["draft"]
    with world.app.app_context():
        said = f"已公布名次的是 {public_words(db.session.get_one(Snapshot, world[public]))}；"
    card = browser.get(f"/scorecards/{number}/{SHEET}/{OWN}")
    assert said in text_of(card)
    way = rf'<a href="/scorecards/{world[public]}/{SHEET}/{OWN}[^"]*">看已公布的那次计分</a>'
    assert re.search(way, card.text)
    listed = browser.get(f"/scorecards/?year={YEAR}&snapshot={number}")
    assert "这次计分的名次还没有公布" in text_of(listed)
    assert f"snapshot={world[public]}" in listed.text
    own = f"/scorecards/{world[public]}/{SHEET}/{OWN}"
    assert "已公布名次的是" not in text_of(browser.get(own))
    _, pdf = taken(browser, f"/scorecards/{number}/{SHEET}/{OWN}.pdf")
    text = "".join("".join(page_texts(pdf)).split())
    assert "".join(said.split()) in text
    assert RANK_NOT_OF_THIS in text
    return pdf


def check_paper(world: World, browser: Browser, stage: Stage, totals: Totals) -> bytes:
    """The draft of the own card, as it is printed for its county."""
    name = {Stage.SELF: "draft", Stage.NOTICE: "notice"}.get(stage, "final")
    _, pdf = taken(browser, f"/scorecards/{world[name]}/{SHEET}/{OWN}.pdf")
    sight = expected(TABLE[stage][Who.COUNTY])
    assert on_card("\n".join(page_texts(pdf)), totals) == sight & (CARD_TELLS | Sight.RANGE)
    return pdf


def test_a_year_without_an_assessment_is_nobodys_course(sqlite_app: Flask) -> None:
    assert courses([1999]) == {}
    assert published_snapshot(1999) is None
