"""The head of a report: its standing, its office, and the digests that it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.engine.scoring import Rulebook
from tracker.papers.common.head import PaperHead, PaperKind, RulebookStatus, Stamp
from tracker.papers.reports.model import RulebookRow
from tracker.papers.scorecard.build import frozen_at_words
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot

PROVINCE = ("330000", "浙江省")  # where the records do not name the province
_STATUS = {"official": RulebookStatus.OFFICIAL, "designed": RulebookStatus.DESIGNED}


def place_of(snapshot: ScoredSnapshot) -> tuple[str, str]:
    """Code and name of who assesses: the province, or the city whose assessment it is."""
    if snapshot.owner is not None:
        return snapshot.owner["code"], snapshot.owner["name"]
    found = snapshot.document.get("annex", {}).get("province")
    return (found["code"], found["name"]) if found else PROVINCE


def office_of(snapshot: ScoredSnapshot) -> str:
    """Who issues: the issuer that all official rulebooks name, or else, without a name of its
    own, the office of the province, or of the city."""
    issuers = {sheet.rulebook.issuer for sheet in snapshot.sheets.values()}
    named = issuers.pop() if len(issuers) == 1 else ""
    return named or f"{place_of(snapshot)[1]}山海协作工作主管部门"


def head_of(
    snapshot: ScoredSnapshot,
    kind: PaperKind,
    subject: tuple[str, str],
    stamp: Stamp,
    *,
    title: str,
    sample: bool,
    sheet: ScoredSheet | None = None,
    sheets: Iterable[ScoredSheet] = (),
) -> PaperHead:
    """The head of a report about `subject` (code, name).

    `sheet` is the one that it rests on; or else `sheets` are, all of them if none is named. It is
    示例细则 as soon as one of their rulebooks is.
    """
    rests_on = [sheet] if sheet else list(sheets) or list(snapshot.sheets.values())
    books = [found.rulebook for found in rests_on]
    official = bool(books) and all(book.status == "official" for book in books)
    one = sheet and sheet.rulebook
    year = int(snapshot.document["year"])
    return PaperHead(
        kind=kind,
        title=title,
        subject_code=subject[0],
        subject_name=subject[1],
        subject_kind=kind.label,
        year=year,
        status=stamp.status,
        rulebook_status=RulebookStatus.OFFICIAL if official else RulebookStatus.DESIGNED,
        author=office_of(snapshot),
        snapshot_sha256=snapshot.sha256,
        engine=snapshot.document["engine"],
        made_on=frozen_at_words(snapshot.document),
        sheet=one.code if one else "",
        sample=sample,
        number=stamp.number,
        supersedes=stamp.supersedes,
        digests={"细则摘要": one.sha256} if one else {},
        verify_text=stamp.verify_text
        or f"山海协作{kind.label} {year} {subject[0]} {snapshot.sha256}",
        owner=snapshot.owner["name"] if snapshot.owner else "",
    )


def rests_on_samples(snapshot: ScoredSnapshot) -> bool:
    """Whether any subject or any record of the snapshot is a sample."""
    subjects = (
        about["sample"]
        for sheet in snapshot.sheets.values()
        for about in sheet.frozen["subjects"].values()
    )
    records = snapshot.document["records"].values()
    return any(subjects) or any(record["origin"] == "sample" for record in records)


def rulebook_row(book: Rulebook) -> RulebookRow:
    """A rulebook for the annex."""
    return RulebookRow(
        title=book.title,
        code=book.code,
        status=_STATUS[book.status].value,
        issuer="，".join(part for part in (book.issuer, book.document) if part),
        sha256=book.sha256,
        sources=tuple(
            "，".join(part for part in (s.title, str(s.date or ""), s.url) if part)
            for s in book.sources
        ),
    )
