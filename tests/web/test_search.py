"""Every list with a search box takes several words, pinyin and initials, as places read them."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import pytest
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tests.web.pages import text_of
from tracker.core.db import db, units
from tracker.records.ledger.models import EntryKind
from tracker.records.pairings.models import Pairing
from tracker.records.projects.models import Project
from tracker.web.kit.kinds import all_kinds
from tracker.web.kit.listing import found_by, search_of
from tracker.web.search import found_in, matches


def test_every_kind_searches_by_word_and_by_the_sound_of_each_name_it_searches(sqlite_app):
    """Derived from the kinds: no list has a search of its own."""
    seen = 0
    for kind in all_kinds():
        if not search_of(kind):
            continue
        statement = str(select(kind.model.id).where(found_by(kind, "缙云 jyzh")))
        texts = [str(each) for each in search_of(kind)]
        names = sum(t.endswith(".name") or "SELECT" in t for t in texts)
        if any("name" in t and ("regions" in t or "enclaves" in t) for t in texts):
            assert "name_pinyin" in statement, kind.key
            assert "name_initials" in statement, kind.key
        assert statement.count(" AND ") >= 1, kind.key
        seen += names
    assert seen > 15


@pytest.mark.parametrize(
    ("address", "typed", "found"),
    [
        ("/ledger/", "莘塍 kuangquan", "莘塍矿泉水厂"),
        ("/ledger/", "xincheng", "莘塍矿泉水厂"),
        ("/ledger/", "xckqsc", "莘塍矿泉水厂"),
        ("/ledger/new", "莘塍 水厂", "莘塍矿泉水厂"),
        ("/ledger/new", "xinchengkuang", "莘塍矿泉水厂"),
        ("/projects/", "shuichang 莘塍", "莘塍矿泉水厂"),
        ("/pairings/", "fuyang jinyun", "富阳区"),
        ("/enclaves/", "缙云", "缙云"),
    ],
)
def test_lists_find_several_words_and_sounds(site, address, typed, found):
    with site.app.app_context(), units.writing():
        jinyun = db.session.get(make.Region, site.world["jinyun"])
        project = make.project(jinyun, name="莘塍矿泉水厂")
        make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(3), make.DAY)
        make.project(jinyun, name="另一家厂")
        db.session.commit()
    year = "&year=2024" if address == "/ledger/" else ""
    page = text_of(site.browser("staff").get(f"{address}?q={quote(typed)}{year}"))
    assert found in page
    assert "另一家厂" not in page


def test_accounts_are_found_by_the_sound_of_a_persons_name(site):
    with site.app.app_context(), units.writing():
        make.user(make.Role.ADMINISTRATOR, username="q1", display_name="单于明")
        make.user(make.Role.ADMINISTRATOR, username="q2", display_name="王小明")
        db.session.commit()
    browser = site.browser("administrator")
    for typed in ("chanyu", "cym", "单于 q1"):
        page = text_of(browser.get(f"/users/?q={quote(typed)}"))
        assert "单于明" in page, typed
        assert "王小明" not in page, typed


def test_signs_of_patterns_mean_themselves(sqlite_app):
    make.project(make.zhejiang()["缙云县"], name="甲_乙%丙")
    for typed, number in (("_乙%", 1), ("甲%丙", 0), ("乙 甲", 1), ("乙 丁", 0)):
        wanted = select(Project.id).where(found_in(typed, (Project.name,)))
        assert len(db.session.scalars(wanted).all()) == number, typed


def test_cards_and_the_actors_of_the_trail_are_found_alike():
    assert matches("莘塍 331122", "莘塍街道", "331122100")
    assert matches("xincheng JD", "莘塍街道", "331122100")
    assert matches("（A区）", "科创飞地(a 区)")
    assert not matches("莘塍 缙云", "莘塍街道", "331122100")


def test_an_actor_is_found_by_a_part_of_the_name_where_none_has_it_whole(site):
    browser = site.browser("administrator")
    site.browser("staff").post("/organisations/new", {"name": "莘塍医院", "kind": "hospital"})
    for typed in ("staff", "sta", "shili"):
        assert "莘塍医院" in text_of(browser.get(f"/audit/?actor={typed}")), typed
    assert "莘塍医院" not in text_of(browser.get("/audit/?actor=nobody"))


@pytest.mark.parametrize("typed", ["莘塍", "xincheng", "xchd"])
def test_files_persons_and_notes_are_found_by_their_sound(any_site, typed):
    """Names that keep no sound of their own: of each kind that says which, both spellings."""
    name = "莘塍回单"
    with any_site.app.app_context(), units.writing():
        pairing = db.session.get_one(Pairing, any_site.world["pairing"])
        project = db.session.get_one(Project, any_site.world["project"])
        acts.secondment(pairing, person=name)
        acts.visit(pairing, led_by=name)
        acts.joint_event(pairing, title=name)
        acts.training(pairing, title=name)
        acts.institution_pair(pairing, supporter_name=name)
        acts.consumption_aid(pairing, buyer=name)
        acts.evidence_link(acts.evidence_file(), project, name=f"{name}.pdf")
        make.entry(project, EntryKind.TAX, make.wan(1), date(2024, 5, 1), note=name)
        db.session.commit()
    with any_site.app.app_context():
        heard = {kind.key: kind for kind in all_kinds() if kind.heard}
        assert len(heard) == 8
        for key, kind in heard.items():
            found = select(kind.model).where(found_by(kind, typed))
            assert len(db.session.scalars(found).unique().all()) == 1, key
