"""Findings, adoptions, targets and what is to be filed, by hand."""

from __future__ import annotations

import re

import pytest

from tests.web.pages import text_of

FINDING = {
    "kind": "safety_accident",
    "level": "province",
    "found_on": "2024.7.3",
    "document": "示例通报",
    "summary": "示例事由",
}
TARGET = {
    "year": "2024",
    "measure": "projects.counted",
    "value": "12",
    "due_on": "2024-12-31",
    "document": "示例任务清单",
}
FILING = {"year": "2025", "kind": "annual_report", "due_on": "2026-01-20"}


def beside(answer, name: str) -> str:
    found = re.search(rf'id="{name}-error">(.*?)</div>', answer.text, re.S)
    assert found, text_of(answer)
    return found[1]


def kinds_offered(page: str, name: str) -> list[str]:
    select = re.search(rf'<select[^>]*name="{name}"[^>]*>(.*?)</select>', page, re.S)[1]
    return re.findall(r'value="([^"]+)"', select)


def test_a_finding_is_entered_by_the_assessor_alone(site):
    assessor = site.browser("assessor")
    kind = kinds_offered(assessor.get("/findings/new").text, "kind")[0]
    form = {**FINDING, "kind": kind, "region_id": str(site.world["jinyun"])}
    if "sampling" in kind:
        form["pass_rate"] = "90"
    sent = assessor.post("/findings/new", form)
    assert sent.status_code == 302, text_of(sent)
    assert sent.location in assessor.get("/findings/?year=2024").text
    assert sent.location not in assessor.get("/findings/?year=2023").text
    staff = site.browser("staff")
    assert "示例通报" in text_of(staff.get(sent.location))
    assert staff.get("/findings/new").status_code == 403
    assert staff.post(f"{sent.location}/delete", {"reason": "试"}).status_code == 403
    assert site.browser("neighbour").get(sent.location).status_code == 404
    assert assessor.post(f"{sent.location}/delete", {"reason": "重复"}).status_code == 302


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"region_id": ""}, "region_id"),
        ({"found_on": "2999-01-01"}, "found_on"),
        ({"level": "world"}, "level"),
        ({"pass_rate": "120"}, "pass_rate"),
    ],
)
def test_a_wrong_finding_is_told_at_its_field(site, changes, field):
    assessor = site.browser("assessor")
    kind = kinds_offered(assessor.get("/findings/new").text, "kind")[0]
    form = {**FINDING, "kind": kind, "region_id": str(site.world["jinyun"]), **changes}
    sent = assessor.post("/findings/new", form)
    assert sent.status_code == 422
    assert beside(sent, field)


def test_a_target_is_given_found_and_kept_apart(site):
    assessor, staff = site.browser("assessor"), site.browser("staff")
    form = {**TARGET, "region_id": str(site.world["jinyun"])}
    sent = assessor.post("/targets/new", form)
    assert sent.status_code == 302, text_of(sent)
    page = text_of(staff.get(sent.location))
    assert "12" in page
    assert "示例任务清单" in page
    assert sent.location in staff.get("/targets/?year=2024").text
    assert sent.location not in staff.get("/targets/?year=2023").text
    assert staff.get(f"{sent.location}/edit").status_code == 403
    assert site.browser("neighbour").get(sent.location).status_code == 404
    assert assessor.post("/targets/new", form).status_code == 422  # one a subject and measure
    # Nothing says yet what was done of it, and the pages say why.
    assert "2024 年度还没有计分" not in text_of(staff.get("/targets/?year=2024"))
    earlier = {**form, "year": "2023", "due_on": "2023-12-31"}
    assert "尚未计分" in text_of(staff.get(assessor.post("/targets/new", earlier).location))
    said = text_of(staff.get("/targets/?year=2023"))
    assert "2023 年度还没有计分，已完成数" in said
    assert "尚未计分" in said
    changed = {**form, "version": "1", "value": "15"}
    assert assessor.post(f"{sent.location}/edit", changed).status_code == 302
    assert "由 12" in text_of(staff.get(sent.location))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"region_id": ""}, "region_id"),
        ({"value": "十二"}, "value"),
        ({"value": "2.5"}, "value"),
        ({"measure": "village_income.met_share", "value": "150"}, "value"),
        ({"measure": "no.such"}, "measure"),
        ({"year": "1990"}, "year"),
    ],
)
def test_a_wrong_target_is_told_at_its_field(site, changes, field):
    form = {**TARGET, "region_id": str(site.world["jinyun"]), **changes}
    sent = site.browser("assessor").post("/targets/new", form)
    assert sent.status_code == 422
    assert beside(sent, field)


def test_what_is_to_be_filed_and_what_is_late(site):
    staff, assessor = site.browser("staff"), site.browser("assessor")
    kind = kinds_offered(assessor.get("/submissions/new").text, "kind")[0]
    form = {**FILING, "kind": kind, "region_id": str(site.world["jinyun"])}
    assert staff.post("/submissions/new", form).status_code == 403
    sent = assessor.post("/submissions/new", form)
    assert sent.status_code == 302, text_of(sent)
    for act in ("edit", "delete"):  # whoever has to file never sets by when
        assert staff.post(f"{sent.location}/{act}", form).status_code == 403
    listed = staff.get("/submissions/?year=2025&state=overdue")
    assert sent.location in listed.text
    assert "逾期" in text_of(staff.get(sent.location))
    assert sent.location not in staff.get("/submissions/?year=2025&state=filed").text
    assert site.browser("neighbour").get(sent.location).status_code == 404
    assert assessor.post("/submissions/new", form).status_code == 422


def test_goals_of_plans_are_read_by_all_and_set_by_the_province(site):
    for name, status in (("assessor", 200), ("reviewer", 403), ("staff", 403)):
        browser = site.browser(name)
        assert browser.get("/plan-goals/").status_code == 200
        assert browser.get("/plan-goals/new").status_code == status, name
