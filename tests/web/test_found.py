"""What is searched quickly is found as it is by looking at every text: nothing missed, nothing
else, whatever wrote the names."""

from __future__ import annotations

import random
import sys
import unicodedata
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from sqlalchemy import insert, select

from tests import factories as make
from tests.web.pages import text_of
from tracker.core.db import db, key_of, units
from tracker.core.db.containing import is_plain
from tracker.core.db.searchable import initials_of, pinyin_of
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.subjects import TYPES
from tracker.records.projects.kinds import PROJECTS
from tracker.records.projects.models import Project, ProjectCategory
from tracker.web.kit import listing
from tracker.web.kit.listing import found_by
from tracker.web.search import found_in

# What names are made of: one way to write, several ways, signs of patterns, letters of each case.
PARTS = (
    *("樟溪", "柚园", "鲲", "二期", "7", "７", "a", "B", "Ａ", "ｂ", "é", "e\u0301", "É", "K"),
    *("%", "_", "/", "（", "(", " ", "\u3000", "豈", "\uf900", "ﬁ", "缙云", "重庆", "İ", "ß"),
)
NAMES = 80
FEW_WORDS, WORDS = 30, 100
CHARACTERS = 0x30000  # beyond them no letter has a case, and none is made of two


def names(draw: random.Random) -> list[str]:
    made = ("".join(draw.choices(PARTS, k=draw.randint(2, 7))).strip() for _ in range(NAMES))
    return list({key_of(name): name for name in made if key_of(name)}.values())


def words(draw: random.Random, of: list[str], number: int) -> list[str]:
    """Parts of 1 to 4 characters of what is found by, and the same typed otherwise."""
    found = {"%", "_", "/", "%_", "鲲 樟溪", "a 柚园", "没有"}
    while len(found) < number:
        name = draw.choice(of)
        text = draw.choice((name, key_of(name), initials_of(name), pinyin_of(name)))
        at = draw.randrange(len(text)) if text else 0
        word = text[at : at + draw.randint(1, 4)]
        full = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)
        found |= {each for each in (word, word.upper(), word.lower(), full) if each.strip()}
    return sorted(found)


@cache
def kept_of(name: str) -> tuple[str, ...]:
    return key_of(name), initials_of(name), pinyin_of(name)


def by_every_text(text: str) -> set[int]:
    """The projects of which every word stands in the name or the investor, letter case aside, or
    in the key or the sound that follow from the name."""
    found = None
    for word in text.split():
        plain = (
            column.icontains(word, autoescape=True) for column in (Project.name, Project.investor)
        )
        has = set()
        for column in plain:
            has |= set(db.session.scalars(select(Project.id).where(column)))
        key, sound = key_of(word), word.lower()
        sounds = word.isascii() and word.isalnum()
        for number, name in db.session.execute(select(Project.id, Project.name)):
            its_key, *its_sounds = kept_of(name)
            if (key and key in its_key) or (sounds and any(sound in each for each in its_sounds)):
                has.add(number)
        found = has if found is None else found & has
    return found or set()


def compare(typed: list[str]) -> int:
    number = 0
    for text in typed:
        expected = by_every_text(text)
        found = db.session.scalars(select(Project.id).where(found_by(PROJECTS, text))).all()
        assert sorted(found) == sorted(expected), text
        names_of = TYPES[0].names()
        entries = db.session.scalars(
            select(LedgerEntry.project_id).where(found_in(text, names_of))
        ).all()
        named = select(Project.id).where(found_in(text, (Project.name,)))
        assert set(entries) == set(db.session.scalars(named)), text
        number += len(found)
    return number


@pytest.mark.parametrize(
    "number",
    [pytest.param(FEW_WORDS, id="some"), pytest.param(WORDS, id="all", marks=pytest.mark.soak)],
)
def test_search_finds_what_looking_at_every_text_finds(app, number):
    draw = random.Random(20_030_710)
    made = names(draw)
    place = make.zhejiang()["缙云县"]
    shared = {"region_id": place.id, "category": ProjectCategory.AID, "in_scope": True}
    # As a load writes them: many in one statement.
    rows = [{"name": each, "investor": draw.choice(made), **shared} for each in made[:-20]]
    db.session.execute(insert(Project), rows)
    for each in ("樟溪柚园鲲鹏", "重庆（二期）K%"):  # and one by one
        make.project(place, name=each, investor="缙云_a")
    entry = {"kind": EntryKind.TAX, "amount": Decimal(1), "occurred_on": date(2024, 1, 1)}
    numbers = db.session.scalars(select(Project.id)).all()
    db.session.execute(insert(LedgerEntry), [{"project_id": n, **entry} for n in numbers])
    db.session.flush()
    typed = words(draw, made, number)
    assert compare(typed) > 2 * len(typed)

    renamed = db.session.scalars(select(Project).order_by(Project.id.desc()).limit(2)).all()
    for project, name in zip(renamed, ("鲲%鹏柚", "缙云７K号"), strict=True):
        project.name = name
    gone = db.session.scalars(select(Project).order_by(Project.id).limit(10)).all()
    for project in gone:
        db.session.query(LedgerEntry).filter_by(project_id=project.id).update(
            {"project_id": renamed[0].id}
        )
        db.session.delete(project)
    db.session.flush()
    assert compare([*typed[::6], "鲲%鹏柚", "yy7k", "鲲鹏", "柚园鲲鹏"]) > 0


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(CHARACTERS, id="some"),
        pytest.param(sys.maxunicode + 1, id="all", marks=pytest.mark.soak),
    ],
)
def test_plain_text_is_written_in_one_way(end):
    """What a word of such characters is not looked for in: no letter becomes one of them in lower
    case, and none of them becomes another where a sign follows."""
    for number in range(end):
        char = chr(number)
        parts = unicodedata.decomposition(char).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            assert not any(is_plain(chr(int(part, 16))) for part in parts), char
        if char.lower() != char:
            assert not any(is_plain(each) for each in char.lower()), char
        if is_plain(char):
            assert key_of(char) == char
    assert not is_plain("")
    assert not is_plain("甲a")
    assert not is_plain("\uf900")
    assert not is_plain("１")


@pytest.mark.parametrize("few", [0, 1, 1000])
def test_many_found_are_listed_and_counted_as_few_are(site, monkeypatch, few):
    monkeypatch.setattr(listing, "FEW", few)
    with site.app.app_context(), units.writing():
        place = db.session.get_one(make.Region, site.world["jinyun"])
        for at in range(3):
            make.project(place, name=f"樟溪{at}期", total_investment=make.wan(5))
        db.session.commit()
    page = text_of(site.browser("staff").get("/projects/?q=樟溪"))
    assert "共 3 条" in page
    assert "15" in page.partition("合计")[2]
    assert "共 1 条" in text_of(site.browser("staff").get("/projects/?q=樟溪 1期"))
    assert (
        "樟溪" not in text_of(site.browser("staff").get("/projects/?q=柚园")).partition("柚园")[2]
    )
