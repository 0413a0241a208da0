"""A record that says what another says already is asked about once: whoever fills in the same form
in two tabs has two tokens."""

from __future__ import annotations

import pytest

from tests.web.pages import text_of, value_of
from tests.web.statements import counted
from tests.web.test_records_exchanges import FORMS
from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.operations.models import Tenant
from tracker.web.kit.doubted import has_key, stored_again
from tracker.web.kit.kinds import all_kinds

SAME = "已有一条内容相同的"
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_an_exchange_told_twice_is_asked_about_and_kept_with_the_reason(site, kind):
    staff, address = site.browser("staff"), f"/{kind}/new"
    form = {**FORMS[kind][0], "pairing_id": str(site.world["pairing"])}
    assert staff.post(address, form).status_code == 302
    asked = staff.post(address, form)
    assert asked.status_code == 422
    assert SAME in text_of(asked)
    assert "说明为什么不是重复登记；有误的请在上面改正。" in text_of(asked)
    assert "数字" not in asked.text.split("核实说明")[-1]
    answer = {"doubt-asked": value_of(asked, "doubt-asked"), "doubt-why": "当日两次"}
    assert staff.post(address, {**form, **answer}).status_code == 302
    assert "当日两次" in text_of(staff.get("/doubts/?span=all"))


def test_width_case_blanks_and_remarks_make_no_other_record(any_site):
    staff, address = any_site.browser("staff"), "/tenants/new"
    form = {"enclave_id": str(any_site.world["enclave"]), "name": "A1 电子（缙云）有限公司"}
    assert staff.post(address, form).status_code == 302
    for name in ("a1电子(缙云)有限公司", form["name"].translate(WIDE)):
        assert SAME in text_of(staff.post(address, {**form, "name": name}))
    assert staff.post(address, {**form, "name": "A2 电子"}).status_code == 302
    later = text_of(staff.post(address, {**form, "moved_in_on": "2024-01-01"}))
    assert SAME not in later
    assert "重叠" in later  # another record, of one tenant at one time
    terms = f"/enclaves/{any_site.world['enclave']}/return-terms/new"
    rent = {"kind": "rent_share", "rate": "30", "starts_on": "2024-01-01"}
    assert staff.post(terms, rent).status_code == 302
    assert SAME in text_of(staff.post(terms, {**rent, "note": "补登"}))


def test_only_what_no_key_tells_apart_is_asked_about(sqlite_app):
    asked = {k.key for k in all_kinds() if k.form is not None and not has_key(k.model)}
    assert {kind.replace("-", "_") for kind in FORMS} < asked
    assert {"tenants", "return_terms", "enclave_spaces", "findings", "adoptions"} < asked
    assert not asked & {"projects", "villages", "indicators", "operations", "targets"}


def test_what_was_stored_twice_before_is_listed_once(any_site):
    with any_site.app.app_context():
        enclave = any_site.world["enclave"]
        found = [
            Tenant(enclave_id=enclave, name=name, moved_in_on=day, area_m2=area)
            for name, day, area in (
                ("A1 电子（缙云）", None, 100),
                ("a1电子(缙云)", None, 100),
                ("A1 电子（缙云）", None, 100),
                ("A1 电子（缙云）", None, 200),
                ("A2 电子", None, 100),
            )
        ]
        db.session.add_all(found)
        db.session.commit()
        first, second, third, *_ = [each.id for each in found]
    page = any_site.browser("staff").get("/doubts/?span=all&rule=said_again")
    assert text_of(page).count(f"{SAME}入驻企业“A1 电子（缙云）”（编号 {first}）") == 2
    for number, listed in ((first, False), (second, True), (third, True)):
        assert (f'href="/tenants/{number}"' in page.text) == listed


def test_stored_twice_is_found_of_every_kind_by_one_statement(any_site):
    with any_site.app.app_context():
        staff = db.session.query(User).filter_by(username="staff").one()
        for kind in all_kinds():
            if kind.form is None or has_key(kind.model):
                continue
            with counted(any_site) as seen:
                assert stored_again(kind, kind.in_view_of(staff)) == [], kind.key
            # beside what the scope reads of the user's places
            of_kind = [each for each in seen if f"FROM {kind.model.__tablename__}" in each]
            assert len(of_kind) == 1, kind.key
