"""What is invented is called so on the page of the record, in its list and in the files of the
list: of 示范点 and parks, and of records whose page names their origin nowhere else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tests.web.conftest import Site
from tests.web.pages import text_of
from tests.web.test_files_of_lists import lines_of, table
from tracker.core.db import Origin, db
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.web.kit.kinds import all_kinds

SAMPLE = Origin.SAMPLE.label


def a_pairing(county: Region) -> Pairing:
    found = db.session.scalar(select(Pairing).where(Pairing.recipient_id == county.id))
    return found or make.pairing(county, county)


def a_park(county: Region, **fields: Any) -> Park:
    return make.park(a_pairing(county).supporter, county, **fields)


# key of the kind → how one is made.
MADE: dict[str, Any] = {
    "demonstrations": lambda county, **of: make.demonstration_village(county, **of),
    "parks": a_park,
    "villages": lambda county, **of: make.village(county, **of),
    "tenants": lambda county, **of: make.tenant(a_park(county), **of),
    "operations": lambda county, **of: make.operating_figure(a_park(county), **of),
    "visits": lambda county, **of: acts.visit(a_pairing(county), date(2024, 5, 1), **of),
}


@pytest.mark.parametrize("key", MADE)
def test_what_is_invented_is_marked_on_its_page_its_list_and_in_its_files(site: Site, key: str):
    kind = next(kind for kind in all_kinds() if kind.key == key)
    with site.app.app_context():
        county = db.session.get_one(Region, site.world["jinyun"])
        made, other = (MADE[key](county, origin=of) for of in (Origin.SAMPLE, Origin.ENTERED))
        db.session.commit()
        with site.app.test_request_context():
            addresses = [kind.address(each) for each in (made, other)]
            listed = kind.list_address()
    staff = site.browser("staff")
    marks = [f'origin-sample">{SAMPLE}<' in staff.get(each).text for each in addresses]
    assert marks == [True, False]
    notice = f"{SAMPLE} 本系统含虚构的示例记录"
    assert (notice in text_of(staff.get(addresses[1]))) is (key in {"demonstrations", "parks"})
    assert Origin.ENTERED.label in text_of(staff.get(addresses[1]))
    path = listed.partition("?")[0].rstrip("/")
    assert f'origin-sample">{SAMPLE}<' in staff.get(f"{path}/?year=2024").text
    lines = lines_of(staff, f"{path}/export.csv?year=2024")
    assert any(line and line[0].startswith(f"其中{SAMPLE} 1 条，为虚构") for line in lines)
    assert [SAMPLE in row.values() for row in table(lines)].count(True) == 1
    answer = staff.get(f"{path}/export.xlsx?year=2024")
    (folder := site.app.config["TRACKER"].instance / f"{key}.xlsx").write_bytes(answer.data)
    answer.close()
    rows = [list(row) for row in load_workbook(folder).active.iter_rows(values_only=True)]
    assert sum(SAMPLE in row for row in rows) == 1
