"""With the clock at half past midnight in China, still the evening before in UTC: whatever people
read of that moment, on pages, papers, in names of files and from commands, is China's day."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import unquote

import pypdf
import pytest
import time_machine
from click.testing import CliRunner

from tests.web.pages import text_of
from tracker.papers.quarter.cli import form
from tracker.year.assessments.cli import score

MOMENT = datetime(2025, 5, 20, 16, 30, tzinfo=UTC)
DAY, DAY_BEFORE = (
    re.compile(r"2025-?05-?21|2025年5月21日"),
    re.compile(r"2025[-./]?0?5[-./]?20(?!\d)|2025年0?5月20日|5月20日"),
)


@pytest.fixture
def at_midnight(site) -> Iterator:
    """The site after a few acts of that moment: an entry, what reversed it, a scored year."""
    with time_machine.travel(MOMENT, tick=False):
        staff, assessor = site.browser("staff"), site.browser("assessor")
        for amount in ("50", "60"):
            typed = {"kind": "funds_in_place", "amount": amount, "occurred_on": "2024-11-01"}
            draft = staff.post(f"/ledger/projects/{site.world['project']}/new", typed).location
            draft = draft.partition("?")[0]
            assert staff.confirm(f"{draft}/submit").status_code == 302
        staff.post(f"{draft}/reverse", {"reason": "录错了"})
        assessor.confirm("/assessments/score", {"year": "2024"})
        yield site, draft


def test_pages(at_midnight):
    site, entry = at_midnight
    card = f"/scorecards/{site.world['snapshot'] + 1}/zj-recipient-county/331122"
    pages = {
        "staff": [
            entry,
            f"/projects/{site.world['project']}",
            "/ledger/?year=2024",
            "/account/sessions",
            "/",
        ],
        "assessor": [card, "/scorecards/?year=2024", "/snapshots/?year=2024", "/assessments/", "/"],
        "administrator": ["/audit/", "/users/"],
    }
    told = 0
    for user, addresses in pages.items():
        for address in addresses:
            answer = site.browser(user).get(address)
            assert answer.status_code == 200, address
            said = text_of(answer)
            assert not DAY_BEFORE.search(said), (address, DAY_BEFORE.search(said))
            told += bool(DAY.search(said))
    assert told >= 10


def test_papers_their_names_and_what_they_say_of_themselves(at_midnight):
    site, _ = at_midnight
    card = f"/scorecards/{site.world['snapshot'] + 1}/zj-recipient-county/331122.pdf"
    for user, address in (
        ("assessor", card),
        ("staff", "/forms/quarter.pdf?year=2025&quarter=2"),
        ("staff", "/forms/tasks.pdf?year=2025"),
    ):
        answer = site.browser(user).client.get(address)
        assert answer.status_code == 200, address
        check_paper(answer.data, unquote(answer.headers["Content-Disposition"]))


def check_paper(content: bytes, name: str) -> None:
    pdf = pypdf.PdfReader(io.BytesIO(content))
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in pdf.pages))
    about = " ".join(str(value) for value in pdf.metadata.values())
    packet = pdf.trailer["/Root"]["/Metadata"].get_data().decode("utf-8")
    for said in (text, about, packet, name):
        assert not DAY_BEFORE.search(said), DAY_BEFORE.search(said)
    assert DAY.search(text)
    assert DAY.search(about)
    assert "2025-05-21T00:00:00+08:00" in packet


def test_commands(site, tmp_path, monkeypatch):
    settings = site.app.config["TRACKER"]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("TRACKER_INSTANCE", str(settings.instance))
    runner = CliRunner()
    with time_machine.travel(MOMENT, tick=False):
        said = ""
        for command, arguments in (
            (form, ["quarter", "--county", "331122", "--year", "2025", "--quarter", "2"]),
            (form, ["tasks", "--county", "331122", "--year", "2025"]),
            (score, ["--year", "2025"]),
        ):
            done = runner.invoke(command, arguments)
            assert done.exit_code == 0, done.output
            said += done.output
    assert not DAY_BEFORE.search(said)
    made = sorted(tmp_path.glob("*.pdf"))
    assert len(made) == 2
    for file in made:
        check_paper(file.read_bytes(), file.name)
