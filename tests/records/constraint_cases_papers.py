"""The cases of the tables about issued papers."""

from __future__ import annotations

from types import SimpleNamespace

from tests import factories_acts as acts
from tests import factories_papers as papers
from tests.records.constraint_cases import EARLY, LATE, Cases, of, unlisted
from tracker.papers.issuing.models import IssuedPaper, IssuedPaperRegion

_OTHER = {
    "position": 900_001,
    "number": "another",
    "sha256": "0" * 64,
    "supersedes_id": None,
}
FILE = {"file_name": "x.pdf", "file_type": "application/pdf", "file_size": 1}


def _but(name: str) -> dict:
    """A second paper that has only `name` in common with the first."""
    return {key: value for key, value in _OTHER.items() if key != name}


def _another(w: SimpleNamespace) -> IssuedPaper:
    return papers.issued_paper(w.later_issue)


PAPERS = {
    "paper_issues": Cases(
        base=lambda w: papers.paper_issue(w.unissued),
        refused={
            "ordinal": [{"ordinal": 0}, {"ordinal": -1}],
            "reason": [{"reason": "更正"}, {"ordinal": 2}],
        },
        uniques={
            "uq_paper_issues_snapshot_id": {"year": 2022},
            "uq_paper_issues_year_ordinal": {"snapshot_id": lambda _r, _w: acts.snapshot().id},
            "uq_paper_issues_owner": (
                {"owner_region_id": of("county")},
                {"snapshot_id": lambda _r, _w: acts.snapshot().id},
            ),
        },
        accepted=[{"ordinal": 2, "reason": "更正"}],
        beside=[{"snapshot_id": lambda _r, _w: acts.snapshot().id, "year": 2022}],
    ),
    "issued_papers": Cases(
        base=lambda w: papers.issued_paper(w.later_issue, supersedes_id=w.paper.id),
        refused={
            **unlisted("kind"),
            "number": [{"number": ""}],
            "sha256": [{"sha256": "0" * 63}, {"sha256": ""}],
            "size": [{"size": 0}, {"size": -1}],
            "pages": [{"pages": 0}, {"pages": -1}],
        },
        uniques={
            "uq_issued_papers_number": _but("number"),
            "uq_issued_papers_sha256": _but("sha256"),
            "uq_issued_papers_supersedes_id": _but("supersedes_id"),
            "uq_issued_papers_place": _but("position"),
        },
        accepted=[{"size": 1}, {"supersedes_id": None}],
        beside=[_OTHER],
    ),
    "issued_paper_regions": Cases(
        base=lambda w: papers.add(IssuedPaperRegion(paper=w.paper, region=w.other_county)),
        uniques={"uq_issued_paper_regions_pair": {}},
        beside=[{"region_id": of("city")}],
    ),
    "signed_papers": Cases(
        base=lambda w: papers.signed_paper(w.paper),
        refused={
            "sha256": [{"sha256": "0" * 63}, {"sha256": ""}],
            "certificate": [{"certificate": "0" * 63}, {"certificate": ""}],
            "signer": [{"signer": ""}],
            "size": [{"size": 0}, {"size": -1}],
        },
        uniques={
            "uq_signed_papers_paper_id": {"sha256": "0" * 64},
            "uq_signed_papers_sha256": {"paper_id": lambda _r, w: _another(w).id},
        },
        accepted=[{"size": 1}],
        beside=[{"sha256": "0" * 64, "paper_id": lambda _r, w: _another(w).id}],
    ),
    "paper_tasks": Cases(
        base=lambda w: papers.paper_task(w.issue),
        refused={
            **unlisted("kind", "state"),
            "running": [{"running": None}, {"state": "refused", "reason": "不全"}],
            "reason": [{"state": "failed"}, {"state": "refused", "running": None}],
            "lease": [{"holder": "x"}, {"lease_until": EARLY}],
        },
        uniques={
            "uq_paper_tasks_place": {"running": 900_001},
            "uq_paper_tasks_running": {"position": 900_001},
        },
        accepted=[
            {"state": "refused", "running": None, "reason": "不全"},
            {"state": "failed", "reason": "字形"},
            {"state": "cancelled"},
            {"holder": "x", "lease_until": EARLY},
        ],
        beside=[{"position": 900_001, "running": 900_001}],
    ),
    "background_jobs": Cases(
        base=lambda w: papers.background_job(),
        refused={
            **unlisted("state", "asked_role"),
            "reason": [{"state": "failed"}, {"reason": "不行"}],
            "ended": [{"ended_at": EARLY}],
            "lease": [{"holder": "x"}, {"lease_until": EARLY}],
            "holder": [{"state": "done", "holder": "x", "lease_until": EARLY}],
            "done": [{"done": 1}, {"done": -1}],
            "tries": [{"tries": -1}],
            "cancelled": [{"cancelled_by_id": of("user")}],
            "file": [
                {"state": "done", "kept_until": LATE, "file_name": "x.pdf"},
                {"state": "done", "kept_until": LATE, **FILE, "file_size": None},
                {"state": "done", "kept_until": LATE, **FILE, "file_type": None},
            ],
            "file_of_done": [{"kept_until": LATE, **FILE}],
            "file_kept": [{"state": "done", **FILE}],
        },
        uniques={"uq_background_jobs_waiting": {}},
        accepted=[
            {"state": "failed", "reason": "不行", "ended_at": LATE},
            {"holder": "x", "lease_until": EARLY, "tries": 1, "done": 1, "total": 2},
            {"state": "done", "kept_until": LATE, **FILE},
        ],
        beside=[{"arguments": "[2023]"}, {"owner": 1}, {"state": "failed", "reason": "不行"}],
    ),
    "background_chunks": Cases(
        base=lambda w: papers.background_chunk(w.job, content=b"x"),
        refused={"place": [{"place": -1}]},
        uniques={"uq_background_chunks_place": {}},
        beside=[{"given": True}, {"place": 1}],
    ),
    "reminders": Cases(
        base=lambda w: papers.reminder(w.user),
        uniques={"uq_reminders_told": {}},
        beside=[
            {"stage": "late 1 2024-04-10"},
            {"subject": "2"},
            {"occasion": "filing_returned"},
            {"user_id": lambda _r, w: w.other_user.id},
        ],
    ),
    "reminder_deliveries": Cases(
        base=lambda w: papers.reminder_delivery(w.reminder),
        refused={
            **unlisted("channel", "state"),
            "sent": [{"state": "sent"}, {"sent_at": LATE}],
            "lease": [{"state": "failed", "lease_until": LATE}],
            "tries": [{"tries": -1}],
        },
        uniques={"uq_reminder_deliveries_reminder_id_channel": {}},
        accepted=[{"lease_until": LATE}, {"state": "sent", "sent_at": LATE, "tries": 1}],
        beside=[{"channel": "webhook"}],
    ),
    "reminder_addresses": Cases(
        base=lambda w: papers.reminder_address(w.user),
        uniques={"uq_reminder_addresses_user_id": {}},
        beside=[{"user_id": lambda _r, w: w.other_user.id}],
    ),
    "paper_checks": Cases(base=lambda w: papers.paper_check(), beside=[{}]),
}
