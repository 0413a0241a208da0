"""Last year's points stand beside a line only where its rule is the same; what the rule made is
told apart from what the county made."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.papers.reports.documents import CITY, document, snapshot
from tracker.papers.scorecard.build import card_of
from tracker.papers.scorecard.page import CardPage, LastYear, page_of_card

SHEET, CODE = "demo-recipient", "331121"


def visits_line(visits: tuple[int, int], **texts: str) -> LastYear:
    """The line 每次 10 分 of `visits_page`."""
    lines = [each for group in visits_page(visits, **texts).groups for each in group.lines]
    return next(each.last_year for each in lines if "每次" in each.line.words)


def visits_page(visits: tuple[int, int], **texts: str) -> CardPage:
    """The page with the line 每次 10 分 of a county with so many visits last year and this year;
    `texts` replaces what this year's rulebook says."""
    sides = []
    for year, count in zip((2023, 2024), visits, strict=True):
        found: dict[str, Any] = json.loads(json.dumps(document(year)))
        found["annex"]["holdings"] = {"of": {}, "projects": {}}
        for column in found["sheets"]["county.recipient"]["facts"].values():
            own = next(s for s in column["subjects"] if s["code"] == CODE)
            own["measures"] |= {"visits": str(count), "island": "0", "fraud": "0", "funds": "95"}
        found["measures"]["calls"] = {"label": "走访", "unit": "次"}
        files = found["set"]["files"]
        for old, new in texts.items() if year == 2024 else ():
            files[f"{SHEET}.toml"] = files[f"{SHEET}.toml"].replace(old, new)
        sides.append(snapshot(found))
    before, now = sides
    return page_of_card(card_of(now, SHEET, CODE), now, {}, before)


def test_the_same_rule_is_compared():
    last = visits_line((1, 3))
    assert (last.same, last.award, last.difference) == (True, "10.00", Decimal(20))
    assert (last.by_rule, last.by_own) == (None, None)


def test_a_changed_rule_is_told_apart():
    last = visits_line((1, 3), **{"unit = 10\n": "unit = 12\n"})
    assert not last.same
    assert (last.by_rule, last.by_own) == (Decimal(2), Decimal(24))
    assert last.by_rule + last.by_own == last.difference


def test_where_the_old_facts_say_nothing_no_difference_is_claimed():
    last = visits_line((1, 3), **{'value = "visits"': 'value = "calls"'})
    assert (last.same, last.by_rule, last.by_own) == (False, None, None)
    # Of the reason, what changed, and not by how much the two awards differ.
    assert "变为" not in last.why.partition("细则调整")[0]
    assert last.why.startswith(("新取用「走访」", "不再取用「互访」"))
    assert "由 1 次变为 3 次" in visits_line((1, 3), **{"unit = 10\n": "unit = 12\n"}).why


def test_another_indicator_under_the_old_code_is_not_the_same_line():
    last = visits_line((1, 3), **{'name = "互访"': 'name = "高层互访"'})
    assert not last.same


def test_the_whole_is_told_apart_too():
    whole = visits_page((1, 3), **{"unit = 10\n": "unit = 12\n"}).whole
    assert whole.changed.startswith("评分细则与2023年不同：规则有变的指标有 2 互访。")
    assert whole.difference is None
    assert (whole.by_rule, whole.by_own) == (Decimal(2), Decimal(24))
    same = visits_page((1, 3)).whole
    assert (same.changed, same.difference, same.by_rule) == ("", Decimal(20), None)
    unknown = visits_page((1, 3), **{'value = "visits"': 'value = "calls"'}).whole
    assert (unknown.difference, unknown.by_rule) == (None, None)
    assert unknown.changed


def city_page(**texts: str) -> CardPage:
    """The page of a city; `texts` replaces what this year's rulebook of its counties says."""
    sides = []
    for year in (2023, 2024):
        found: dict[str, Any] = json.loads(json.dumps(document(year)))
        found["annex"]["holdings"] = {"of": {}, "projects": {}}
        files = found["set"]["files"]
        for old, new in texts.items() if year == 2024 else ():
            files[f"{SHEET}.toml"] = files[f"{SHEET}.toml"].replace(old, new)
        sides.append(snapshot(found))
    before, now = sides
    sheet = next(each for each in now.sheets.values() if each.rulebook.subject == "city")
    return page_of_card(card_of(now, sheet.rulebook.code, CITY), now, {}, before)


def test_what_the_rules_of_lower_sheets_did_is_not_laid_to_the_facts():
    page = city_page(**{"unit = 10\n": "unit = 12\n"})
    assert "评分细则有变" in page.whole.changed
    assert (page.whole.by_rule, page.whole.by_own) == (None, None)
    lines = [each.last_year for group in page.groups for each in group.lines]
    assert {(last.same, last.by_rule, last.by_own) for last in lines} == {(False, None, None)}
    assert all(each.last_year.same for group in city_page().groups for each in group.lines)


def test_the_class_is_compared_by_rate_where_points_were_spread():
    found = json.loads(json.dumps(document(2024)))
    found["annex"]["holdings"] = {"of": {}, "projects": {}}
    for column in found["sheets"]["county.recipient"]["facts"].values():
        own = next(s for s in column["subjects"] if s["code"] == CODE)["measures"]
        own |= {"island": "1", "fraud": "0", "funds": "95"}
    now = snapshot(found)
    sheet = now.sheets[SHEET]
    card = sheet.card(CODE)
    assert card.lines[0].effective == 100
    peers = [
        other.lines[0]
        for other in sheet.result.scorecards
        if other.subject.class_name == card.subject.class_name and other.lines[0].state == "scored"
    ]
    assert {line.effective for line in peers} == {60, 100}
    rates = [Fraction(line.award) / line.effective for line in peers]
    page = page_of_card(card_of(now, SHEET, CODE), now, {})
    first = next(each for group in page.groups for each in group.lines)
    assert abs(Fraction(first.peers.mean) - sum(rates) / len(rates) * 100) <= Fraction(1, 200)
    assert Fraction(first.peers.best) == max(rates) * 100
    assert first.peers.place == 1 + sum(rate > Fraction(95, 100) for rate in rates)
    # The group whose points went to the others has no points of which the class could have a part.
    means = {group.name: group.class_mean for group in card_of(now, SHEET, CODE).groups}
    assert means["交流"] is None
    assert means["产业"] is not None


def test_what_gives_no_points_changes_no_rule():
    """Where a line stands and what it cites is not its rule: pages say so as the circular does."""
    texts = {'clause = "第二条"': 'clause = "第九条"'}
    assert visits_line((1, 3), **texts).same
    whole = visits_page((1, 3), **texts).whole
    assert (whole.changed, whole.difference) == ("", Decimal(20))
