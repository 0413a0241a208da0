"""HTML as the Nu checker wants it: some pages for every act, and in `make soak` every kind of page
of every role."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.audits.crawl import DAILY, MANY, Page, by_act
from tests.audits.nu import faults_of

OF_A_KIND = 2  # pages of one kind for each role
OF_AN_ACT, SEED = 8, 7  # kinds of pages for one act that are drawn in `make test`


def sample(crawled: Callable[[str], list[Page]]) -> list[Page]:
    """The first pages of each kind that each role reaches, without what two roles see alike."""
    found: dict[tuple[str, str, int], Page] = {}
    texts = set()
    for user in DAILY:
        counted: dict[str, int] = {}
        for page in crawled(user):
            if not page.is_html or page.status != 200 or page.text in texts:
                continue
            counted[page.endpoint] = counted.get(page.endpoint, 0) + 1
            if counted[page.endpoint] <= OF_A_KIND:
                texts.add(page.text)
                found[user, page.endpoint, counted[page.endpoint]] = page
    return list(found.values())


def first_of_kinds(pages: list[Page]) -> list[Page]:
    found: dict[str, Page] = {}
    for page in pages:
        found.setdefault(page.endpoint, page)
    return list(found.values())


def save(pages: list[Page], folder: Path) -> dict[str, Page]:
    """Write the pages as files; the pages by their file's name."""
    names = {}
    for number, page in enumerate(pages):
        name = f"{number:04}-{page.user}-{page.endpoint}.html"
        (folder / name).write_text(page.text, encoding="utf-8")
        names[name] = page
    return names


def test_pages_for_every_act_are_valid_html(crawled: Callable[[str], list[Page]], tmp_path: Path):
    acts = by_act(first_of_kinds(sample(crawled))).values()
    chosen = [random.Random(SEED).sample(same, min(OF_AN_ACT, len(same))) for same in acts]
    check([page for same in chosen for page in same], tmp_path)


@pytest.mark.soak
def test_every_kind_of_page_of_every_role_is_valid_html(
    crawled: Callable[[str], list[Page]], tmp_path: Path
):
    check(sample(lambda user: crawled(user, MANY)), tmp_path)


def check(pages: list[Page], tmp_path: Path) -> None:
    assert len({page.endpoint for page in pages}) > 20
    names = save(pages, tmp_path)
    (tmp_path / "wrong.html").write_text("<!doctype html><title>x</title><p><div></p>")
    faults = faults_of(sorted(tmp_path.glob("*.html")))
    assert any(fault.startswith("wrong.html") for fault in faults)  # the checker does look
    others = [fault for fault in faults if not fault.startswith("wrong.html")]
    told = {fault.partition(": ")[2]: names[fault.partition(":")[0]].address for fault in others}
    assert not others, "\n".join(f"{address} {words}" for words, address in told.items())
