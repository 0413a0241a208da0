"""The snapshots as pages: what each holds, what differs, and files that compute the same points."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest
from click.testing import CliRunner

from tests import factories as make
from tests import factories_acts as acts
from tests.web.conftest import YEAR
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.determinations.models import RulingLevel
from tracker.records.ledger.models import EntryKind
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.year.assessments import queries, service
from tracker.year.assessments.compared import compare
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored
from tracker.year.rulebooks.cli import score_file


@pytest.fixture
def later(site) -> int:
    """A second snapshot of the year, with more money and a ruling of the city."""
    with site.app.app_context():
        project = db.session.get(Project, site.world["project"])
        make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(500), date(2024, 11, 1))
        acts.determination(
            project.region, "projects.large", level=RulingLevel.CITY, reported=1, reason="属实"
        )
        found = service.freeze_and_score(2024, None).id
        db.session.commit()
        return found


def test_the_list_names_each_snapshot_and_what_it_goes_by(any_site):
    with any_site.app.app_context():
        project = db.session.get(Project, any_site.world["project"])
        acts.determination(project.region, "projects.large", level=RulingLevel.CITY, reported=1)
        found = service.freeze_and_score(2024, None)
        sha256, cards = found.sha256, len(found.cards)
        first = db.session.get(Snapshot, any_site.world["snapshot"])
        assessor = db.session.get(User, first.frozen_by_id).display_name
        db.session.commit()
    page = text_of(any_site.browser("leader").get("/snapshots/"))
    assert "共 2 份快照" in page
    assert f"{sha256[:4]} {sha256[4:8]} {sha256[8:12]}" in page
    assert f"系统维护人员 初审 {cards} " in page
    assert f"{assessor} 自评 {cards} " in page


def test_two_snapshots_differ_in_words(site, later):
    first = site.world["snapshot"]
    page = text_of(site.browser("leader").get(f"/snapshots/?before={first}&after={later}"))
    with site.app.app_context():
        sides = [db.session.get(Snapshot, number) for number in (first, later)]
        found = compare(*sides)
        assert found.cards == sum(len(sheet.subjects) for sheet in found.sheets) > 1
        assert found.left_out == 0
    assert f"{found.cards} 份评分表有变化" in page
    for sheet in found.sheets:
        for subject in sheet.subjects:
            assert subject.words in page
    # Once the city rules, what no file proves counts 0.
    assert "「产业合作项目数」由 1 个变为 0 个" in page
    same = site.browser("leader").get(f"/snapshots/?before={first}&after={first}")
    assert "所选的是同一份快照" in text_of(same)
    assert site.browser("leader").get("/snapshots/?before=999&after=1").status_code == 404


def test_a_snapshot_says_what_it_holds(site, later):
    page = text_of(site.browser("leader").get(f"/snapshots/{later}"))
    with site.app.app_context():
        snapshot = queries.latest_snapshot(2024)
        points = scored(snapshot.sha256, snapshot.content)
        digest = snapshot.sha256
    assert " ".join(digest[i : i + 4] for i in range(0, 64, 4)) in page
    assert "按初审计分" in page
    for sheet in points.sheets.values():
        assert sheet.rulebook.title in page
        assert sheet.rulebook.sha256[:4] in page
    made = {
        reference
        for sheet in points.document["sheets"].values()
        for of_measure in sheet["records"].values()
        for references in of_measure.values()
        for reference in references
    }
    assert made < set(points.document["records"])  # others were looked at, and not counted
    assert f"共 {len(made)} 条" in page
    assert f"sha256sum 2024-{digest[:12]}.json" in page
    earlier = site.browser("leader").get(f"/snapshots/{site.world['snapshot']}")
    assert "较早的一次计分" in text_of(earlier)


def test_the_document_has_the_digest_that_names_it(site, later):
    answer = site.browser("leader").get(f"/snapshots/{later}/document.json")
    with site.app.app_context():
        assert hashlib.sha256(answer.data).hexdigest() == queries.latest_snapshot(2024).sha256
    assert json.loads(answer.data)["year"] == "2024"


@pytest.mark.parametrize("column", ["", "county", "province"])
def test_anybody_can_compute_the_points_again_from_the_files(site, later, tmp_path, column):
    leader = site.browser("leader")
    with site.app.app_context():
        snapshot = queries.latest_snapshot(2024)
        points = scored(snapshot.sha256, snapshot.content)
    for code, sheet in points.sheets.items():
        rulebook, facts = tmp_path / f"{code}.toml", tmp_path / f"{code}.json"
        rulebook.write_bytes(leader.get(f"/snapshots/{later}/{code}/rulebook.toml").data)
        facts.write_bytes(leader.get(f"/snapshots/{later}/{code}/facts.json?column={column}").data)
        answer = CliRunner().invoke(score_file, [str(rulebook), str(facts)])
        assert answer.exit_code == 0, answer.output
        result = sheet.results[RulingLevel(column)] if column else sheet.result
        computed = {s["code"]: s for s in json.loads(answer.stdout)["subjects"]}
        assert computed.keys() == {card.subject.code for card in result.scorecards}
        for card in result.scorecards:
            found = computed[card.subject.code]
            assert (found["total"], found["grade"]) == (str(card.total), card.grade)
            assert (found["rank"], found["complete"]) == (card.rank, card.complete)


def test_only_those_who_see_the_whole_province_see_snapshots(site):
    with site.app.app_context():
        lishui = db.session.get(Region, site.world["jinyun"]).parent
        site.world.ids["mayor"] = make.user(Role.LEADER, lishui, username="mayor").id
        db.session.commit()
    mayor, number = site.browser("mayor"), site.world["snapshot"]
    assert "仅供省级查阅" in text_of(mayor.get("/snapshots/"))
    for page in (f"/scorecards/?year={YEAR}", "/everything", f"/assessments/course/?year={YEAR}"):
        assert "/snapshots/" not in mayor.get(page).text, "a way that leads nowhere"
    for rest in ("", "/document.json", "/zj-pair/facts.json", "/zj-pair/rulebook.toml"):
        assert mayor.get(f"/snapshots/{number}{rest}").status_code == 404
        assert site.browser("staff").get(f"/snapshots/{number}{rest}").status_code == 403
        assert site.browser("leader").get(f"/snapshots/{number}{rest}").status_code == 200
    for address in ("/snapshots/999999", f"/snapshots/{number}/nothing/facts.json"):
        assert site.browser("leader").get(address).status_code == 404
