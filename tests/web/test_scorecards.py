"""Scoring a year and reading its scorecards."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from urllib.parse import unquote

import pypdf
import pytest
from sqlalchemy import event

from tests import factories as make
from tests import factories_acts as acts
from tests.audits.figures import faults_of_figures
from tests.cards import build_card
from tests.web.pages import Browser, text_of
from tracker.core.db import db
from tracker.core.quantities.figure import Figure
from tracker.core.quantities.printed import grouped
from tracker.engine.scoring import Way, way_words
from tracker.papers.scorecard import page_words, pdf_text
from tracker.papers.scorecard.card import Card
from tracker.papers.scorecard.record_links import proof_links, record_links
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.determinations.models import Ruling
from tracker.records.enclaves.models import EnclaveKind
from tracker.records.evidence.service import hand_in, keep
from tracker.records.ledger.models import EntryKind
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.year.assessments import queries, service
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored

CARD = "/scorecards/{snapshot}/zj-recipient-county/331122"


def test_scoring_a_year_again_after_a_change(any_site):
    staff, assessor = any_site.browser("staff"), any_site.browser("assessor")
    unchanged = assessor.confirm("/assessments/score", {"year": "2024"})
    assert unchanged.status_code == 302
    assert "snapshot=" not in unchanged.location
    assert "沿用上次的结果" in text_of(assessor.get(unchanged.location))
    typed = {"kind": "funds_in_place", "amount": "5000", "occurred_on": "2024-11-01"}
    draft = staff.post(f"/ledger/projects/{any_site.world['project']}/new", typed).location
    assert staff.confirm(f"{draft}/submit").status_code == 302
    changed = assessor.confirm("/assessments/score", {"year": "2024"})
    page = text_of(assessor.get(changed.location))
    assert "已冻结事实并计分" in page
    assert "与上一次计分相比" in page
    assert "「项目到位资金」由“未报告”变为 5,000 万元" in page
    old = assessor.get(f"/scorecards/?snapshot={any_site.world['snapshot']}&year=2024")
    assert "较早的一次计分" in old.text


def test_the_state_of_a_year_says_what_blocks_and_what_is_open(site):
    assessor = site.browser("assessor")
    blocked = text_of(assessor.get("/assessments/?year=2019"))
    assert "2019 年度现在不能计分" in blocked
    assert "没有2019年的评分细则" in blocked
    with site.app.app_context():
        rows = queries.latest_snapshot(2024).cards
        undetermined = sum(row.undetermined for row in rows)
        incomplete = sum(not row.complete for row in rows)
    page = text_of(assessor.get("/assessments/?year=2024"))
    assert undetermined > 0
    assert f"有 {undetermined} 个事实各级都未核定" in page
    assert f"{incomplete} 份资料不全" in page
    assert "市级和省级都还没有核定，各项按上报值计" in page


@pytest.mark.parametrize(
    ("year", "says"), [("", "请选择"), ("1066", "不在列表"), ("x", "不在列表")]
)
def test_a_year_has_to_be_chosen(site, year, says):
    answer = site.browser("assessor").post("/assessments/score", {"year": year})
    assert answer.status_code == 422
    assert says in answer.text


def test_a_year_that_cannot_be_scored_says_why(site, monkeypatch):
    def refuse(year, owner=None):
        raise service.AssessmentError("2024 年度还没有评分细则。")

    monkeypatch.setattr(service, "frozen_year", refuse)
    answer = site.browser("assessor").confirm("/assessments/score", {"year": "2024"})
    assert answer.status_code == 422
    assert "还没有评分细则" in answer.text


def test_a_year_without_points_leads_to_those_with(site):
    page = site.browser("leader").get("/scorecards/?year=2023")
    assert "2023 年度尚未计分" in text_of(page)
    assert 'href="/scorecards/?year=2024"' in page.text


def test_an_unknown_snapshot_is_not_found(site):
    assert site.browser("leader").get("/scorecards/?snapshot=999999").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/scorecards/{snapshot}/zj-recipient-county/999999",
        "/scorecards/{snapshot}/nonsense/331122",
        "/scorecards/999999/zj-recipient-county/331122",
        "/scorecards/{snapshot}/nonsense/331122.pdf",
    ],
)
def test_an_unknown_card_is_not_found(site, address):
    assert site.browser("leader").get(address.format(**site.world.ids)).status_code == 404


def card_of_site(site, sheet="zj-recipient-county", code="331122"):
    with site.app.app_context():
        return build_card(db.session.get(Snapshot, site.world["snapshot"]), sheet, code)


def in_column(wan: Figure) -> str:
    """万元 as a column has them."""
    return f"{wan.value:,.2f}"


def said_by(card: Card) -> Iterator[str]:
    """Every text and figure of the card, as paper writes them."""
    yield from (card.head.marks, card.subject_name, card.place, card.class_name, card.frozen_at)
    yield from (pdf_text.rank_words(card), pdf_text.incomplete_words(card))
    yield from (pdf_text.columns_words(card), pdf_text.unfrozen_words(card), pdf_text.LEGEND)
    for figure in (card.total, card.full_marks, card.base, card.bonus):
        yield grouped(figure)
    for group in card.groups:
        yield pdf_text.group_name(group.kind, group.name)
        yield from (grouped(p) for p in (group.points, group.award, group.class_mean) if p)
        yield from (grouped(award) for award in group.awards if award)
    for line in card.lines:
        yield f"{line.code} {line.name}"
        yield from (line.explain, f"细则 {line.clause}", line.words, line.data_source)
        yield pdf_text.points_words(line)
        yield from (grouped(line.lost),) if line.lost else ()
        for points in line.columns:
            yield pdf_text.award_words(points.award, points.state, points.unreported)
    for fact in card.facts:
        yield from (fact.label, fact.reason, *pdf_text.fact_words(fact), *fact.records)
    for project in card.projects:
        yield from (project.name, project.stage)
        yield from map(
            in_column,
            (of for of in (project.total, project.in_place, project.completed) if of is not None),
        )
    for entry in card.ledger:
        yield from (entry.kind, in_column(entry.amount), str(entry.entries))
    for member in card.members:
        yield from (member.name, member.kind, member.code, grouped(member.total), member.grade)
    for ruling in card.rulings:
        yield from (ruling.label, ruling.by, ruling.ruling, ruling.on, ruling.reason)
    for file in card.evidence:
        yield from (file.kind, file.name, file.on, pdf_text.short_digest(file.sha256), file.proves)
    for source in card.sources:
        yield from (source.title, source.date)
    yield from (*card.sentences, *card.next_steps, *card.notes, *card.vetoes, *card.undecided)
    yield from (card.snapshot_sha256, card.rulebook_sha256, card.facts_sha256, card.engine)


@pytest.mark.parametrize(
    ("sheet", "code"),
    [("zj-recipient-county", "331122"), ("zj-income-enclave", None), ("zj-pair", None)],
)
def test_the_page_says_all_that_the_paper_says(site, sheet, code):
    with site.app.app_context():
        ruled(site.world)
        snapshot = service.freeze_and_score(2024, None)
        row = next(r for r in snapshot.cards if r.sheet == sheet and code in (None, r.subject_code))
        card = build_card(snapshot, sheet, row.subject_code)
        address = f"/scorecards/{snapshot.id}/{sheet}/{row.subject_code}"
        db.session.commit()
    page = re.sub(r"\s", "", text_of(site.browser("leader").get(address)))
    assert len(card.lines) > 1
    for words in said_by(card):
        assert re.sub(r"\s", "", words) in page, words


def test_the_figures_of_a_page_with_amounts_to_the_fen(site):
    """Amounts from 1 元 to 亿元 in one column, rulings of several units, a pair's half points."""
    with site.app.app_context():
        project = db.session.get(Project, site.world["project"])
        make.entry(project, EntryKind.FUNDS_IN_PLACE, Decimal("123456789.01"), date(2024, 9, 2))
        make.entry(project, EntryKind.GOVERNMENT_INVESTMENT, Decimal(1), date(2024, 9, 2))
        ruled(site.world)
        snapshot = service.freeze_and_score(2024, None)
        cards = [
            f"/scorecards/{snapshot.id}/{row.sheet}/{row.subject_code}" for row in snapshot.cards
        ]
        db.session.commit()
    leader = site.browser("leader")
    pages = {card: leader.get(card).text for card in cards}
    assert [(card, each) for card, page in pages.items() for each in faults_of_figures(page)] == []
    page = next(text_of(leader.get(c)) for c in cards if "recipient-county/331122" in c)
    assert "总投资（万元）" in page
    assert "12,345.68" in page


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ("0.000", "0"),
        ("48.870", "48.87"),
        ("91.275", "91.28"),
        ("-0.5", "−0.5"),
        ("1234.50", "1,234.50"),
    ],
)
def test_points_have_one_spelling(points, said):
    assert page_words.grouped(points) == said


def test_the_way_spells_its_points_as_the_rest_of_the_page():
    found = Way(
        Decimal(100), (("失分", Decimal("-100.000")),), Decimal("0.000"), (), Decimal("0.000")
    )
    assert way_words(found) == [
        "满分 100 − 失分 100.00 = 基础分 0",
        "基础分 0 = 总分 0",
    ]


def ruled(world) -> None:
    """A correction, and a file behind a fact, so that the card has them to show."""
    project = db.session.get(Project, world["project"])
    acts.determination(
        project.region,
        "projects.funds_in_place",
        Ruling.CORRECTED,
        reported=Decimal(0),
        value=Decimal(10),
        reason="按银行回单更正",
    )
    acts.evidence_link(acts.evidence_file(), project, "投资合同", name="投资合同.pdf")


def test_a_line_opens_its_facts_with_links_to_the_records(site):
    page = site.browser("staff").get(CARD.format(**site.world.ids))
    assert f'<a href="/projects/{site.world["project"]}?year=2024">项目 智能装备项目' in page.text
    own = {int(n) for n in re.findall(r'href="/projects/(\d+)\?year=2024"', page.text)}
    assert own == {site.world["project"]}
    assert page.text.count("<summary>计分过程与依据") == len(card_of_site(site).lines)
    assert '<details class="more" open>' not in page.text
    opened = site.browser("staff").get(CARD.format(**site.world.ids) + "?open=all").text
    assert opened.count('<details class="more" open><summary>计分过程') == len(
        card_of_site(site).lines
    )


def test_a_fact_that_two_lines_read_shows_its_records_once(site):
    page = site.browser("staff").get(CARD.format(**site.world.ids))
    anchors = re.findall(r'<div class="fact" id="([^"]+)"', page.text)
    assert len(anchors) == len(card_of_site(site).facts)
    referred = re.findall(r'依据见<a href="#([^"]+)">指标', page.text)
    assert referred
    assert set(referred) <= set(anchors)


def test_what_a_record_out_of_sight_is_called_is_no_link(site):
    """The supporter's reader sees the pair's card but not the recipient's other records."""
    with site.app.app_context():
        user = db.session.get(User, site.world["neighbour"])
        references = [f"projects:{site.world[name]}" for name in ("project", "other_project")]
        entries = [f"ledger_entries:{site.world[name]}" for name in ("entry", "other_entry")]
        with site.app.test_request_context():
            found = record_links([*references, *entries, "projects:999999", "nothing:1"], user)
    assert found.keys() == {references[1], entries[1]}


def test_both_sides_of_a_pair_open_its_card_and_no_other(site):
    """The paper of a pair is of both, and so is its card; the recipient's own card is not."""
    with site.app.app_context():
        fuyang = db.session.scalars(db.select(Region).filter_by(name="富阳区")).one()
        users = [
            make.user(Role.STAFF, fuyang, username="supporting").id,
            make.user(Role.REVIEWER, fuyang.parent, username="supporting-city").id,
        ]
        snapshot = db.session.get(Snapshot, site.world["snapshot"])
        pair = next(row for row in snapshot.cards if row.subject_code.startswith("330111-331122"))
        assert (pair.sheet, pair.partner_id) == ("zj-pair", fuyang.id)
        assert {row.partner_id for row in snapshot.cards if row.sheet != "zj-pair"} == {None}
        db.session.commit()
        card = f"/scorecards/{snapshot.id}/zj-pair/{pair.subject_code}"
    listed = "/scorecards/?year=2024&sheet=zj-pair"
    recipient = CARD.format(**site.world.ids)
    for browser in (Browser(site.app, user) for user in users):
        assert browser.get(card).status_code == 200
        assert card in browser.get(listed).text
        assert browser.get(recipient).status_code == 404
    assert site.browser("staff").get(card).status_code == 200
    assert site.browser("neighbour").get(card).status_code == 404
    assert card not in site.browser("neighbour").get(listed).text


def test_evidence_leads_to_its_page_for_those_who_may_open_it(site):
    with site.app.app_context():
        project = db.session.get(Project, site.world["project"])
        hand_in(project, keep(b"%PDF-1.7\n" + b"x" * 100), "合同.pdf", "投资合同", None)
        frozen = service.freeze_and_score(2024, None)
        db.session.commit()
        snapshot, content = frozen.id, frozen.content
    address = CARD.format(**{**site.world.ids, "snapshot": snapshot})
    page = site.browser("staff").get(address).text
    links = re.findall(r'<a href="(/evidence/\d+)\?year=2024">合同.pdf</a>', page)
    assert len(links) >= 2  # at the fact and in the list of files
    assert site.browser("staff").get(links[0]).status_code == 200
    proofs = json.loads(content)["annex"]["proofs"]
    with site.app.app_context(), site.app.test_request_context():
        assert proof_links(proofs, proofs, db.session.get(User, site.world["neighbour"])) == {}
        staff = db.session.get(User, site.world["staff"])
        assert list(proof_links(proofs, proofs, staff).values()) == links[:1]
        assert proof_links(proofs, ["enclaves:1"], staff) == {}


def test_what_cannot_be_issued_leads_to_its_rulings(site):
    assessor = site.browser("assessor")
    page = assessor.get("/papers/issue?year=2024")
    assert "不能定稿的" in text_of(page)
    addresses = set(re.findall(r'href="(/determinations/[^"]+)"', page.text))
    assert "/determinations/2024/zj-recipient-county/331122" in addresses
    for address in addresses:
        assert assessor.get(address.replace("&amp;", "&")).status_code == 200, address


def test_the_card_is_compared_with_the_year_before(site):
    with site.app.app_context():
        make.entry(
            db.session.get(Project, site.world["project"]),
            EntryKind.COMPLETED_INVESTMENT,
            make.wan(10),
            date(2023, 5, 1),
        )
        earlier = service.freeze_and_score(2023, None).id
        db.session.commit()
    page = site.browser("staff").get(CARD.format(**site.world.ids))
    assert f"/scorecards/{earlier}/zj-recipient-county/331122" in page.text
    words = text_of(page)
    assert "与上年相比" in words
    assert "「产业合作项目数」由 0 个变为 1 个" in words
    assert "2023 年度满分" in words


def test_the_card_is_compared_with_its_class(site):
    card = card_of_site(site)
    sheet = points_of(site).sheets["zj-recipient-county"]
    peers = [
        c.line("A1.1").award
        for c in sheet.result.scorecards
        if c.subject.class_name == card.class_name
    ]
    assert len(peers) == 2
    page = text_of(site.browser("staff").get(CARD.format(**site.world.ids)))
    best = grouped(str(max(peers)))
    assert f"2 个有得分的同类对象，平均 {grouped(str(sum(peers) / 2))} 分，最高 {best} 分" in page


def test_lower_cards_are_links_for_those_who_may_open_them(site):
    page = site.browser("staff").get(CARD.format(**site.world.ids)).text
    code = card_of_site(site).members[0].code
    assert f'href="/scorecards/{site.world["snapshot"]}/zj-income-enclave/{code}?year=2024"' in page
    with site.app.app_context():
        neighbour = db.session.get(User, site.world["neighbour"])
        assert not queries.visible_cards(site.world["snapshot"], {code}, neighbour)


def points_of(site):
    with site.app.app_context():
        snapshot = db.session.get(Snapshot, site.world["snapshot"])
        return scored(snapshot.sha256, snapshot.content)


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("q=jyx", ["缙云县", "缙云消薄飞地"], ["庆元县"]),
        ("q=331126", ["庆元县"], ["缙云消薄飞地"]),
        ("q=飞地", ["缙云消薄飞地", "庆元飞地"], ["庆元县"]),
        ("sheet=zj-recipient-county", ["缙云县", "庆元县"], ["缙云消薄飞地"]),
        ("class=没有这一类", ["没有符合条件"], ["缙云县"]),
        ("sort=-name&sheet=zj-recipient-county", ["庆元县", "缙云县"], []),
        ("sort=nonsense", ["缙云县"], []),
    ],
)
def test_the_rankings_are_narrowed_and_ordered_by_the_address(site, query, there, gone):
    page = site.browser("leader").get(f"/scorecards/?year=2024&{query}")
    results = page.text.partition('id="results"')[2]
    names = [name for name in there if name != "没有符合条件"]
    assert all(name in results for name in there)
    assert not any(f">{name}</a>" in results for name in gone)
    if query.startswith("sort=-name"):
        assert results.index(f">{names[0]}</a>") < results.index(f">{names[1]}</a>")


def test_the_rankings_show_three_totals_prizes_and_the_year_before(site):
    with site.app.app_context():
        service.freeze_and_score(2023, None)
        db.session.commit()
        rows = [r for r in queries.latest_snapshot(2024).cards if r.subject_code == "331122"]
    page = text_of(site.browser("leader").get("/scorecards/?year=2024&sheet=zj-recipient-county"))
    for words in ("自评总分", "初审", "复核", "名次较上年", "得分较上年"):
        assert words in page
    # The rules of 2023 gave other points: neither totals nor ranks are set against each other.
    assert "评分细则与2023年不同" in page
    assert "总分和名次不作增减比较" in page
    assert not re.search(r"[升降] \d+ 位|[增减] \d", page.partition("总分和名次不作增减比较")[2])
    assert f"{rows[0].self_total:.2f}" in page
    own = text_of(site.browser("leader").get(CARD.format(snapshot=rows[0].snapshot_id)))
    assert "上年总分" in own
    assert "细则已调整，不作比较" in own
    assert "较上年" not in own


def test_rankings_and_cards_ask_the_same_number_of_questions_as_data_grows(site):
    def statements(address: str) -> int:
        seen: list[str] = []

        def count(*arguments) -> None:
            seen.append(arguments[2])

        with site.app.app_context():
            event.listen(db.engine, "before_cursor_execute", count)
        try:
            assert site.browser("leader").get(address).status_code == 200
        finally:
            with site.app.app_context():
                event.remove(db.engine, "before_cursor_execute", count)
        return len(seen)

    def both() -> tuple[int, int]:
        with site.app.app_context():
            snapshot = queries.latest_snapshot(2024).id
        card = f"/scorecards/{snapshot}/zj-recipient-county/331122"
        return statements("/scorecards/?year=2024"), statements(card)

    def grow(numbers: range) -> None:
        with site.app.app_context():
            jinyun = db.session.get(Region, site.world["jinyun"])
            qingyuan = db.session.get(Region, site.world["qingyuan"])
            for number in numbers:
                make.enclave(jinyun, qingyuan, EnclaveKind.INCOME, code=f"G-{number}")
                project = make.project(jinyun, signed_on=date(2024, 2, 1))
                make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(7), date(2024, 3, 1))
            service.freeze_and_score(2024, None)
            db.session.commit()
        both()  # what a snapshot says of its rulebooks is read once in a process

    grow(range(1))
    both()  # the first page of a process also looks at the schema
    before = both()
    grow(range(1, 6))
    assert both() == before


def test_the_paper_says_what_the_card_says(site):
    answer = site.browser("staff").get(CARD.format(**site.world.ids) + ".pdf")
    assert answer.mimetype == "application/pdf"
    name = unquote(answer.headers["Content-Disposition"])
    assert "缙云县" in name
    assert name.endswith(".pdf")
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    words = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    assert "缙云县" in words
    assert "智能装备项目" in words


def test_points_and_states_of_the_list(site):
    with site.app.app_context():
        snapshot = queries.latest_snapshot(2024)
        rows = [(row.subject_name, row.complete) for row in snapshot.cards]
    page = text_of(site.browser("leader").get("/scorecards/?year=2024"))
    for name, _ in rows:
        assert name in page
    assert ("不全" in page) == any(not complete for _, complete in rows)


def test_first_pages_sum_up_the_year(site):
    assessor = site.browser("assessor")
    assert "2024 年度已计分" in text_of(assessor.get("/?year=2024"))
    assert "2023 年度尚未计分" in text_of(assessor.get("/?year=2023"))
