"""One name for one thing: the menu's name is the title and the heading of the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import url_for

from tracker.site.menu import MENU

ENTRIES = [entry for group in MENU for entry in group.entries]


@pytest.mark.parametrize("role", ["assessor", "administrator"])
def test_the_menu_names_pages_as_they_name_themselves(site, role):
    browser = site.browser(role)
    seen = browser.get("/").text
    with site.app.test_request_context():
        known = {entry.label: url_for(entry.endpoint) for entry in ENTRIES}
    differing = {}
    for label, address in known.items():
        if f'href="{address}"' not in seen:
            continue
        page = browser.get(address).text
        heading = re.sub(r"<[^>]*>", "", re.search(r"<h1>(.*?)</h1>", page, re.S)[1])
        heading = re.sub(r"\s*\d{4} 年度|\s", "", heading)
        if heading not in (label, f"浙江省{label.removeprefix('全省')}"):
            differing[label] = heading
    assert differing == {}


# What a thing was called once, and what it is called now.
RETIRED = {
    "经营数据": "运营季报",
    "目标任务": "年度任务",
    "检查与表扬": "问题与抽查",
    "消薄村": "村",
    "等级": "等次",
    "结对县工作人员": "市县工作人员",
}
PLACES = {"templates": "html", "tracker": "py", "docs": "md", "data/dictionary": "toml"}
PAPERS = ("tracker/papers/scorecard/pdf", "tracker/papers/reports/")  # held by the tests of papers


def test_no_page_and_no_manual_says_a_retired_word():
    texts = [Path("README.md")]
    texts += [path for at, of in PLACES.items() for path in Path(at).rglob(f"*.{of}")]
    assert len(texts) > 500
    said = {
        f"{path}: {word}（今称{now}）"
        for path in texts
        if not str(path).startswith(PAPERS)
        for word, now in RETIRED.items()
        if word in path.read_text(encoding="utf-8")
    }
    assert said == set()
