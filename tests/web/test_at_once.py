"""The same thing by several people in the same moment: one does it, the others are told, in the
same way on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

from werkzeug.test import TestResponse

from tests import factories as make
from tests.web.pages import Browser, text_of
from tracker.core.db import db
from tracker.records.accounts.service import MOST_OF_A_NAME
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind, LedgerEntry

PEOPLE = 8


def at_once(site, user: str | None, act: Callable[[Browser], TestResponse], people: int = PEOPLE):
    """The answers that `people` sessions of `user` get who do `act` together."""
    browsers = [site.browser(user) for _ in range(people)]
    for browser in browsers:
        known = browser.token()
        browser.token = lambda known=known: known
    together, answers = threading.Barrier(people), []

    def work(browser: Browser) -> None:
        together.wait()
        answers.append(act(browser))

    threads = [threading.Thread(target=work, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def statuses(answers: list[TestResponse]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def test_equal_entries_are_entered_once_and_the_others_asked(any_site):
    address = f"/ledger/projects/{any_site.world['project']}/new"
    typed = {"kind": "completed_investment", "amount": "77", "occurred_on": "2024-10-08"}
    answers = at_once(any_site, "staff", lambda browser: browser.post(address, typed))
    assert statuses(answers) == [302] + [422] * (PEOPLE - 1)
    assert all("已有一笔" in text_of(each) for each in answers if each.status_code == 422)
    with any_site.app.app_context():
        assert db.session.query(LedgerEntry).filter_by(amount=make.wan(77)).count() == 1


def test_a_draft_is_deleted_once_and_then_not_there(any_site):
    with any_site.app.app_context():
        enclave = db.session.get(Enclave, any_site.world["enclave"])
        draft = make.entry(
            enclave, EntryKind.RENT, make.wan(5), date(2024, 5, 1), submitted_at=None
        )
        db.session.commit()
        address = f"/ledger/{draft.id}/delete"
    answers = at_once(any_site, "staff", lambda browser: browser.post(address, {"reason": "重复"}))
    assert statuses(answers) == [302] + [404] * (PEOPLE - 1)


def test_an_entry_is_reversed_once(any_site):
    address = f"/ledger/{any_site.world['entry']}/reverse"
    answers = at_once(any_site, "staff", lambda browser: browser.post(address, {"reason": "有误"}))
    assert statuses(answers) == [302] + [422] * (PEOPLE - 1)
    with any_site.app.app_context():
        entry = db.session.get(LedgerEntry, any_site.world["entry"])
        assert db.session.query(LedgerEntry).filter_by(reversal_of_id=entry.id).count() == 1


def test_a_record_changed_by_several_is_changed_by_one(any_site):
    about = any_site.world["staff"]
    typed = {"role": "staff", "region_id": str(any_site.world["jinyun"]), "active": "True"}

    def save(browser: Browser) -> TestResponse:
        name = threading.current_thread().name
        return browser.post(f"/users/{about}/edit", {**typed, "version": "1", "display_name": name})

    answers = at_once(any_site, "administrator", save)
    assert statuses(answers) == [302] + [422] * (PEOPLE - 1)
    assert all("已被他人修改" in text_of(each) for each in answers if each.status_code == 422)


def test_a_name_that_may_stand_once_is_taken_once(any_site):
    typed = {
        "username": "newcomer",
        "display_name": "新人",
        "role": "leader",
        "region_id": str(any_site.world["jinyun"]),
        "password": "four-plain-words-1",
        "again": "four-plain-words-1",
    }
    answers = at_once(any_site, "administrator", lambda browser: browser.post("/users/new", typed))
    assert statuses(answers) == [302] + [422] * (PEOPLE - 1)
    assert all("已被使用" in text_of(each) for each in answers if each.status_code == 422)


def test_many_wrong_passwords_at_once_find_out_no_more_than_one_after_another(any_site):
    """Whoever tries in parallel is counted before the next answer is given."""
    tried = {"username": "staff", "password": "wrong-password-1"}
    answers = at_once(any_site, None, lambda browser: browser.post("/login", tried))
    wrong = [each for each in answers if "用户名或密码不正确" in each.text]
    locked = [each for each in answers if "登录失败次数过多" in each.text]
    assert (len(wrong), len(locked)) == (MOST_OF_A_NAME, PEOPLE - MOST_OF_A_NAME)
