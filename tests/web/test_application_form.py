"""项目申报表 of an application: what stands on it follows its steps, and who may print it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from tests import factories as make
from tests import factories_acts as acts
from tests.papers.texts import page_texts
from tests.web.conftest import Site
from tracker.core.db import Origin, db
from tracker.records.applications.models import ApplicationAct, ApplicationState
from tracker.records.places.models import Region

A, S = ApplicationAct, ApplicationState


def test_what_was_said_before_it_was_given_back_is_over(site: Site) -> None:
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        project = make.project(place, name="示例园区", origin=Origin.SAMPLE)
        asked = {"amount_asked": make.wan(300), "project": project, "state": S.ESTABLISHED}
        asked |= {"established_on": date(2024, 3, 5), "acceptance_due_on": date(2025, 3, 5)}
        of = acts.application(place, name="配套道路", document="1 号", **asked)
        at = datetime(2024, 2, 1, 20, tzinfo=UTC)  # the next morning here
        acts.application_event(of, at=at)
        for act, before, after, words in (
            (A.CITY_REVIEWED, S.SUBMITTED, S.CITY_REVIEWED, "第一次的意见"),
            (A.RETURNED, S.CITY_REVIEWED, S.RETURNED, "缺绩效目标表"),
            (A.CITY_REVIEWED, S.SUBMITTED, S.CITY_REVIEWED, "第二次的意见"),
        ):
            acts.application_event(of, act, from_state=before, to_state=after, reason=words)
        acts.application_event(
            of, A.ESTABLISHED, from_state=S.GRANTED, to_state=S.ESTABLISHED,
            on_day=date(2024, 3, 5), document="浙山海办〔2024〕3号", due_on=date(2025, 3, 5),
        )  # fmt: skip
        db.session.commit()
        address = f"/forms/applications/{of.id}.pdf"
        page = f"/applications/{of.id}"
    text = re.sub(r"\s", "", "".join(page_texts(site.browser("staff").get(address).data)))
    assert "缙云县2024年山海协作项目申报表" in text
    assert "第二次的意见" in text
    assert "第一次的意见" not in text
    assert "浙山海办〔2024〕3号，验收期限2025-03-052024-03-05（盖章）" in text
    assert "验收意见（盖章）年月日" in text
    assert "申报日期2024-02-02" in text
    # It is for a made-up project, and says so.
    assert "示例" in text.replace("示例园区", "")
    assert address in site.browser("staff").get(page).text
    assert site.browser("neighbour").get(address).status_code == 404
    assert site.browser("administrator").get(address).status_code == 403
