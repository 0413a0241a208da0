"""What a leader asks: docs/leaders.md lists the questions with the way to each answer, two clicks
at most, and each way is walked."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

from tests import factories as make
from tests import factories_acts as acts
from tests import factories_trials as trials
from tests.web.conftest import Site
from tests.web.pages import text_of
from tracker.core.config import ROOT
from tracker.core.db import db, units
from tracker.core.quantities.clock import today
from tracker.records.places.models import Region
from tracker.records.submissions.models import FilingKind

MANUAL = ROOT / "docs" / "leaders.md"
ROW = re.compile(r"^\| ([^|]+？) \| ([^|]+) \| ([^|]+) \|$", re.M)
LINK = re.compile(r'<a\b[^>]*?href="([^"]+)"[^>]*>(.*?)</a>', re.S)


def questions() -> list[tuple[str, list[str], str]]:
    """(question, links to click from the first page, words of the answer)."""
    found = ROW.findall(MANUAL.read_text(encoding="utf-8"))
    return [(asked, way.split(" → "), words) for asked, way, words in found]


def bare(markup: str) -> str:
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]+>", "", markup)))


def target(page: str, words: str) -> str:
    """Where the link that says `words` leads."""
    found = {bare(text): unescape(href) for href, text in reversed(LINK.findall(page))}
    assert bare(words) in found, (words, sorted(found))
    return found[bare(words)]


def test_there_are_twenty_questions_and_more_each_within_two_clicks() -> None:
    asked = questions()
    assert len({question for question, _, _ in asked}) == len(asked) >= 20
    assert all(len(way) <= 2 for _, way, _ in asked)


def test_each_question_is_answered_where_the_manual_says(site: Site) -> None:
    with site.app.app_context(), units.mode(writes=True):
        place = db.session.get_one(Region, site.world["jinyun"])
        trials.trial_card(trials.trial(today().year, 1), place)
        make.plan_goal(region=place, year=2027)
        acts.key_work(place, due_on=today())
        acts.filing(place, today().year, FilingKind.PLAN, due_on=today() - timedelta(days=1))
        db.session.commit()
    leader = site.browser("leader")
    pages: dict[str, str] = {}
    for question, way, words in questions():
        address = f"/?year={today().year}"  # a running year, as a leader asks
        for click in way:
            if address not in pages:
                answer = leader.get(address)
                assert answer.status_code == 200, (question, address)
                pages[address] = answer.text
            if click != "首页":
                address = target(pages[address], click)
        answer = leader.get(address)
        assert answer.status_code == 200, (question, address)
        assert words in text_of(answer), (question, address, words)


def test_what_was_not_filed_in_time_is_counted_as_it_is_listed(site: Site) -> None:
    due = date(2024, 4, 10)
    with site.app.app_context(), units.mode(writes=True):
        place = db.session.get_one(Region, site.world["jinyun"])
        # 23:59 of the last day in China, and one minute later: both on it in UTC
        filed = datetime(2024, 4, 10, 15, 59, tzinfo=UTC)
        late = filed + timedelta(minutes=1)
        made = [
            acts.filing(place, 2024, FilingKind.Q1, due_on=due, filed_at=filed),
            acts.filing(place, 2024, FilingKind.Q2, due_on=due, filed_at=late),
            acts.filing(place, 2024, FilingKind.Q3, due_on=due),
            acts.filing(place, 2024, FilingKind.Q4, due_on=today()),
        ]
        db.session.commit()
        assert [each.days_late > 0 for each in made] == [False, True, True, False]
    leader = site.browser("leader")
    page = leader.get("/submissions/?year=2024").text
    said = bare(re.search(r'<p class="headline">.*?</p>', page, re.S)[0])
    asked = re.match(r".*已到期的报送(\d+)份，其中没有按期报送的(\d+)份（(.*)）：(.*)。", said)
    assert asked is not None, said
    assert asked[3] == "逾期未报1份，迟报1份"
    assert "缙云县2份" in asked[4]
    listed = leader.get(target(page, "没有按期报送的"))
    assert f"共 {asked[2]} 条" in text_of(listed)
    found = re.findall(r"第.季度季报", re.search(r"<tbody>.*?</tbody>", listed.text, re.S)[0])
    assert sorted({*found}) == ["第三季度季报", "第二季度季报"]
