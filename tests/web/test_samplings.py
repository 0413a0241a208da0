"""Samples: the same seed draws the same of the same figures, results stay, the rate has one
population."""

from __future__ import annotations

import random
from decimal import Decimal
from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tests.web.conftest import YEAR
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments import queries, sampling
from tracker.year.assessments.sampling_models import SampleCheck, SampledFact, Sampling

NAMES = [("表", f"33{number:04}", name) for number in range(40) for name in ("a", "b", "c")]


def test_the_method_is_what_is_published() -> None:
    """Reckoned here anew, from the words on the page."""
    by_hand = sorted(NAMES, key=lambda n: sha256(f"20241128|{'|'.join(n)}".encode()).hexdigest())
    assert sampling.drawn("20241128", NAMES, 10) == by_hand[:10]


def test_neither_the_order_of_the_list_nor_the_size_changes_who_comes_first() -> None:
    mixed = NAMES[:]
    random.Random(7).shuffle(mixed)
    first = sampling.drawn("种子", NAMES, 20)
    assert sampling.drawn("种子", mixed, 20) == first
    assert sampling.drawn("种子", mixed, 5) == first[:5]
    assert sampling.drawn("另一种子", NAMES, 20) != first
    assert len(set(first)) == 20
    assert sampling.drawn("种子", NAMES, 200) == sampling.drawn("种子", NAMES, 120)


def checked(*passed: bool | None) -> list[SampledFact]:
    return [
        SampledFact(checks=[] if each is None else [SampleCheck(passed=each, note="少")])
        for each in passed
    ]


def test_the_rate_is_of_those_that_were_looked_at_and_nothing_is_no_rate() -> None:
    assert sampling.rate_of([]).words == "未抽查"
    assert sampling.rate_of(checked(None, None)).words == "待核查"
    assert sampling.rate_of(checked(None, None)).share is None
    found = sampling.rate_of(checked(True, True, False, None))
    assert (found.drawn, found.checked, found.passed) == (4, 3, 2)
    assert found.words == "合格 2 / 已核查 3（66.7%）"
    again = checked(False)
    again[0].checks.append(SampleCheck(passed=True))
    assert sampling.rate_of(again).words == "合格 1 / 已核查 1（100.0%）"


@pytest.fixture
def population(site) -> list[tuple[str, str, str]]:
    with site.app.app_context():
        assessor = db.session.get(User, site.world["assessor"])
        snapshot = queries.latest_snapshot(YEAR)
        cards = queries.cards_below(snapshot, assessor)
        return [each.name for each in sampling.population(snapshot, cards)]


def draw(site, user: str = "assessor", **data):
    browser = site.browser(user)
    sent = browser.post(f"/samplings/?year={YEAR}", data)
    if 'name="confirmed"' not in sent.text:
        return sent
    mark = sent.text.split('name="confirmed" value="')[1].split('"')[0]
    return browser.post(f"/samplings/?year={YEAR}", {**data, "confirmed": mark})


def test_a_sample_is_asked_about_drawn_published_looked_at_and_kept(site, population):
    assessor, staff = site.browser("assessor"), site.browser("staff")
    page = text_of(assessor.get(f"/samplings/?year={YEAR}"))
    assert "年度未抽查" in page
    assert f"可抽 {len(population)} 项" in page
    size = min(4, len(population))
    once = {"once": "1" * 32}
    asks = assessor.post(f"/samplings/?year={YEAR}", {"seed": "2024128", "size": size, **once})
    assert asks.status_code == 422
    assert "抽取记下后不能更改或删除" in text_of(asks)
    with site.app.app_context():
        assert db.session.query(Sampling).count() == 0
    made = draw(site, seed=" 2024128 ", size=str(size), **once)
    assert made.status_code == 302
    again = draw(site, seed="2024128", size=str(size), **once)
    assert (again.status_code, again.location) == (302, made.location)
    with site.app.app_context():
        found = db.session.scalars(select(Sampling)).one()
        kept = [(fact.sheet, fact.subject_code, fact.measure) for fact in found.facts]
        ids = [fact.id for fact in found.facts]
        assert found.population == len(population)
    assert kept == sampling.drawn("2024128", population, size)
    address = f"/samplings/{found.id}"
    for browser in (assessor, staff):
        shown = text_of(browser.get(address))
        assert "2024128" in shown
        assert "待核查" in shown
    assert 'name="fact"' not in staff.get(address).text
    bare = assessor.post(address, {"fact": ids[0], "passed": "0"})
    assert bare.status_code == 422
    assert "不合格的须写明问题" in text_of(bare)
    assert assessor.post(address, {"passed": "1"}).status_code == 422
    assert assessor.post(address, {"fact": ids[:2], "passed": "1"}).status_code == 302
    wrong = {"fact": ids[0], "passed": "0", "note": "凭证金额少于上报值"}
    assert assessor.post(address, wrong).status_code == 302
    assert "合格 1 / 已核查 2（50.0%）" in text_of(staff.get(address))
    assert "合格 1 / 已核查 2（50.0%）" in text_of(assessor.get(f"/samplings/?year={YEAR}"))
    with site.app.app_context():
        assert db.session.query(SampleCheck).count() == 3
    assert site.browser("reviewer").post(address, wrong).status_code == 409
    assert staff.post(address, wrong).status_code == 403
    assert site.browser("administrator").get(address).status_code == 403


def test_a_draw_of_too_many_or_without_a_seed_is_refused_beside_its_field(site, population):
    for data, said in (
        ({"seed": "", "size": "1"}, "种子"),
        ({"seed": "x", "size": "0"}, f"抽取数须在 1 至 {len(population)} 之间"),
        ({"seed": "x", "size": "9999"}, f"抽取数须在 1 至 {len(population)} 之间"),
        ({"seed": "x", "size": "二十五个"}, "抽取数"),
    ):
        sent = draw(site, once="2" * 32, **data)
        assert sent.status_code == 422
        assert said in text_of(sent)
    with site.app.app_context():
        assert db.session.query(Sampling).count() == 0


def test_nothing_is_drawn_of_nothing_and_a_draw_of_nothing_says_so(site, monkeypatch):
    """Where no place below has reported a figure with a record."""
    monkeypatch.setattr(sampling, "population", lambda snapshot, cards: [])
    page = site.browser("assessor").get(f"/samplings/?year={YEAR}")
    assert "没有已上报、有记录支持的指标值可抽" in text_of(page)
    assert 'name="size"' not in page.text
    sent = draw(site, once="3" * 32, seed="x", size="1")
    assert sent.status_code == 422
    assert "指标值可抽，没有抽取" in text_of(sent)
    with site.app.app_context():
        assert db.session.query(Sampling).count() == 0
        snapshot = queries.latest_snapshot(YEAR)
        province = db.session.scalar(select(acts.Region).where(acts.Region.name == "浙江省"))
        number = acts.sampling(snapshot, province, size=1).id
        db.session.commit()
    page = text_of(site.browser("assessor").get(f"/samplings/{number}"))
    assert "这一次一项也没有抽到" in page
    assert "登记结果" not in page


def test_who_sees_one_county_sees_its_figures_alone(site):
    with site.app.app_context():
        snapshot = queries.latest_snapshot(YEAR)
        places = {fact.name: fact for fact in db.session.scalars(select(acts.Region))}
        drawn = acts.sampling(snapshot, places["浙江省"], size=2)
        for number, name in enumerate(("缙云县", "庆元县"), 1):
            acts.sampled_fact(drawn, places[name], place=number, reported=Decimal(number))
        number = drawn.id
        db.session.commit()
    own = text_of(site.browser("staff").get(f"/samplings/{number}"))
    assert "另有 1 项属于其他地方" in own
    assert "庆元县" not in own
    assert "另有" not in text_of(site.browser("assessor").get(f"/samplings/{number}"))


def test_draws_and_results_are_kept_on_both_databases(app: Flask):
    places = make.zhejiang()
    county, province = places["缙云县"], places["浙江省"]
    user = make.user(Role.ASSESSOR, province)
    snapshot = acts.snapshot()
    card = acts.scorecard(snapshot, county)
    candidates = [sampling.Candidate(card, f"m{n}", Decimal(n)) for n in range(9)]
    over = (snapshot, province, RulingLevel.PROVINCE, candidates)
    made = sampling.draw(user, *over, "种子", 3)
    names = [each.name for each in candidates]
    assert [fact.measure for fact in made.facts] == [n[2] for n in sampling.drawn("种子", names, 3)]
    assert [fact.place for fact in made.facts] == [1, 2, 3]
    assert sampling.note(user, made, {made.facts[0].id, -1}, True, "") == 1
    with pytest.raises(sampling.SamplingError, match="须写明问题"):
        sampling.note(user, made, {made.facts[1].id}, False, " ")
    sampling.note(user, made, {made.facts[1].id}, False, "金额不符")
    db.session.expire_all()
    (kept,) = sampling.samplings_of(snapshot.year)
    assert sampling.rate_of(kept.facts).words == "合格 1 / 已核查 2（50.0%）"
    unseen = ((1, seed) for seed in ("a  b", "a b", "a|b", "a\u200bb", "a\u3000b"))
    for size, seed in ((0, "x"), (10, "x"), (1, " "), (1, "x" * 65), *unseen):
        with pytest.raises(sampling.SamplingError):
            sampling.draw(user, *over, seed, size)
    with pytest.raises(sampling.SamplingError, match="没有已上报"):
        sampling.draw(user, snapshot, province, RulingLevel.PROVINCE, [], "x", 1)
