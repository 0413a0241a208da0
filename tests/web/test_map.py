"""地图: the colours of counties are the figures of the table; the map can be replaced."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from tests.web.conftest import Site
from tests.web.pages import text_of
from tracker.core.config import MAP
from tracker.core.quantities.figure import Figure, yuan
from tracker.overview import progress
from tracker.overview.map.drawing import arc, names_with_room
from tracker.overview.map.groups import MOST, groups_of
from tracker.overview.map.outlines import WIDTH, MapError, map_of

PAGE = "/overview/map/?year=2024"


def values(*amounts: int) -> dict[str, Figure]:
    return {f"33{number:04}": yuan(Decimal(amount)) for number, amount in enumerate(amounts)}


@pytest.mark.parametrize(
    ("amounts", "sizes"),
    [
        ((), []),
        ((0, 0), [2]),
        ((7,), [1]),
        ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10), [2, 2, 2, 2, 2]),
        ((0, 5, 5, 5, 9), [1, 3, 1]),
        ((1, 1, 1, 1, 1, 1, 2), [6, 1]),
    ],
)
def test_every_value_has_one_colour_and_equal_values_the_same(amounts, sizes) -> None:
    found = groups_of(values(*amounts))
    assert [len(group.codes) for group in found] == sizes
    assert sorted(code for group in found for code in group.codes) == sorted(values(*amounts))
    for paler, darker in pairwise(found):
        assert paler.number < darker.number
        assert paler.greatest.value < darker.least.value
    assert all(group.number == MOST for group in found[-1:] if any(amounts))


def test_no_name_covers_another() -> None:
    wanted = [("缙云", (100, 100)), ("武义", (110, 105)), ("青田", (100, 125))]
    assert [name.text for name in names_with_room(wanted, 16)] == ["缙云", "青田"]


def test_an_arc_goes_from_one_to_the_other() -> None:
    assert arc((0, 0), (60, 0)) == "M0 0Q30 -10 60 0"


def test_every_county_of_the_map_has_a_point_within_it() -> None:
    land = map_of(MAP)
    assert len(land.outlines) == 90
    assert all(0 < x < WIDTH and 0 < y < land.height for each in land.outlines.values()
               for x, y in [each.middle])  # fmt: skip


def square(code: str, west: float) -> dict:
    ring = [[west, 28], [west + 1, 28], [west + 1, 29], [west, 29], [west, 28]]
    return {
        "type": "Feature",
        "properties": {"adcode": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def written(folder: Path, features: list[dict], number: str = "") -> Path:
    (folder / "outlines.geojson").write_text(json.dumps({"features": features}))
    (folder / "source.toml").write_text(
        f'title = "某图"\nsource = "某处"\naddress = ""\nreview_number = "{number}"\n'
    )
    return folder


@pytest.mark.parametrize("broken", ["", "{}", '{"features": [{}]}', '{"features": []}'])
def test_a_file_that_is_no_map_is_told_to_the_operator(tmp_path: Path, broken: str) -> None:
    written(tmp_path, [square("331122", 120)])
    (tmp_path / "outlines.geojson").write_text(broken)
    with pytest.raises(MapError, match="GeoJSON"):
        map_of(tmp_path)
    (tmp_path / "source.toml").unlink()
    with pytest.raises(MapError, match=r"source\.toml"):
        map_of(tmp_path)


def classes_of(page: str) -> dict[str, str]:
    """The class of each drawn county by what is said of it."""
    shape = r'<path class="land ([\w-]+)" d="[^"]+"><title>([^<]+)</title>'
    return {said: kind for kind, said in re.findall(shape, page)}


def test_the_colours_and_the_table_say_the_same(site: Site) -> None:
    page = site.browser("leader").get(PAGE)
    with site.app.app_context():
        counties = progress.counties_in(progress.select(progress.Region.id))
        found = progress.progress_of(counties, 2024, [progress.FUNDS])
    reported = {one.region.name: one.done for one in found if one.done is not None}
    assert any(done.value for done in reported.values())
    said = classes_of(page.text)
    for name, done in reported.items():
        kinds = [kind for words, kind in said.items() if words.startswith(f"{name}：")]
        assert kinds, name
        assert kinds[0].startswith("group-"), name
        assert (kinds[0] == "group-0") is (done.value == 0), name
    assert set(said.values()) - {"silent", "without"} <= {f"group-{n}" for n in range(MOST + 1)}
    text = re.sub(r"\s", "", text_of(page))
    assert f"中{len(reported)}个已报" in text
    assert "没有审图号，仅供内部工作参考" in text


def test_a_county_sees_its_own_on_the_land_of_all(site: Site) -> None:
    page = site.browser("staff").get(PAGE)
    if page.status_code == 200:
        assert len(classes_of(page.text)) == 1
        assert page.text.count("land beyond") == 89


def test_another_map_is_shown_with_its_review_number(site: Site, tmp_path: Path) -> None:
    folder = written(tmp_path, [square("331122", 120), square("330109", 121)], "浙S（2026）1号")
    before = site.app.config["TRACKER"]
    site.app.config["TRACKER"] = replace(before, map_folder=folder)
    try:
        page = site.browser("leader").get(PAGE)
    finally:
        site.app.config["TRACKER"] = before
    assert "审图号：浙S（2026）1号" in page.text
    assert "某图" in page.text
    assert page.text.count('class="land ') == 2


def test_what_nobody_knows_is_shown_as_usual(site: Site) -> None:
    page = site.browser("leader").get(PAGE + "&figure=points&layer=stars")
    assert page.status_code == 200
    assert '<option value="projects.funds_in_place" selected>' in page.text
    assert 'class="bow"' not in site.browser("leader").get(PAGE + "&layer=enclaves").text
