"""Records of issued papers for tests: each function adds one, filled in."""

from __future__ import annotations

import hashlib
import itertools

from tests.factories import add
from tracker.core.db.records import now
from tracker.papers.common.head import PaperKind
from tracker.papers.issuing.models import (
    IssuedPaper,
    IssuedPaperRegion,
    PaperCheck,
    PaperIssue,
    PaperTask,
    SignedPaper,
)
from tracker.papers.issuing.numbers import number_of
from tracker.records.accounts.models import User
from tracker.records.background.models import BackgroundChunk, BackgroundJob
from tracker.records.places.models import Region
from tracker.records.reminders.models import (
    Channel,
    Reminder,
    ReminderAddress,
    ReminderDelivery,
)
from tracker.year.assessments.models import Snapshot

_numbers = itertools.count(1)


def paper_issue(of: Snapshot, ordinal: int = 1, **fields) -> PaperIssue:
    fields.setdefault("reason", "数据更正" if ordinal > 1 else "")
    return add(PaperIssue(snapshot=of, year=of.year, ordinal=ordinal, **fields))


def issued_paper(of: PaperIssue, *places: Region, content: bytes | None = None, **fields):
    number = next(_numbers)
    content = content or b"a paper " + str(number).encode()
    fields.setdefault("position", number)
    fields.setdefault("kind", PaperKind.SCORECARD)
    fields.setdefault("sheet", "counties")
    fields.setdefault("subject_code", f"P{number}")
    fields.setdefault("subject_name", "示例县")
    fields.setdefault("file_name", "示例.pdf")
    fields.setdefault("pages", 1)
    paper = IssuedPaper(
        issue=of,
        number=number_of(of.year, of.ordinal, fields["position"]),
        year=of.year,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        layout="1",
        engine="1",
        verify_text="示例",
        content=content,
        places=[IssuedPaperRegion(region=place) for place in places],
        **fields,
    )
    return add(paper)


def signed_paper(of: IssuedPaper, **fields) -> SignedPaper:
    addition = b" signed " + str(next(_numbers)).encode()
    fields.setdefault("sha256", hashlib.sha256(addition).hexdigest())
    fields.setdefault("size", of.size + len(addition))
    fields.setdefault("signer", "示例办公室（示例机关）")
    fields.setdefault("certificate", "c" * 64)
    return add(SignedPaper(paper=of, addition=addition, **fields))


def paper_task(of: PaperIssue, **fields) -> PaperTask:
    number = next(_numbers)
    fields.setdefault("position", number)
    fields.setdefault("running", number)
    fields.setdefault("kind", PaperKind.SCORECARD)
    fields.setdefault("sheet", "counties")
    fields.setdefault("subject_code", f"T{number}")
    fields.setdefault("subject_name", "示例县")
    return add(PaperTask(issue=of, **fields))


def background_job(**fields) -> BackgroundJob:
    fields.setdefault("kind", "scoring")
    fields.setdefault("arguments", "[2024]")
    return add(BackgroundJob(**{"title": "2024 年度计分", **fields}))


def background_chunk(job: BackgroundJob, **fields) -> BackgroundChunk:
    return add(BackgroundChunk(**{"job_id": job.id, "given": False, "place": 0, **fields}))


def paper_check(address: str = "10.0.0.1", **fields) -> PaperCheck:
    fields.setdefault("at", now())
    return add(PaperCheck(address=address, **fields))


def reminder(user: User, **fields) -> Reminder:
    given = {
        "occasion": "filing_due",
        "subject": "1",
        "stage": "day 2024-04-10",
        "title": "缙云县 2024 年第一季度季报待报送",
        "words": "期限为 2024-04-10，今天到期。",
        "path": "/submissions/1",
    }
    return add(Reminder(user_id=user.id, **{**given, **fields}))


def reminder_delivery(of: Reminder, **fields) -> ReminderDelivery:
    given = {"reminder_id": of.id, "channel": Channel.MAIL}
    return add(ReminderDelivery(**{**given, **fields}))


def reminder_address(user: User, **fields) -> ReminderAddress:
    given = {"user_id": user.id, "email": "clerk@example.com"}
    return add(ReminderAddress(**{**given, **fields}))
