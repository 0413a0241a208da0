"""Issued papers and forms to print, on the pages of what they are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_login import current_user

from tracker.core.quantities.days import QUARTER_NAMES
from tracker.papers.issuing.models import IssuedPaper
from tracker.papers.issuing.shown import papers_about
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.models import Region, RegionLevel
from tracker.web.kit import Kind, Section, on_every_page
from tracker.web.period import selected_year
from tracker.web.ways import way


def papers_of_place(region: Region) -> dict[str, Any] | None:
    """The papers about a county or city in the year, and its forms; None without the right."""
    year = selected_year()
    forms = [("年度任务清单", way("forms.tasks", region=region.code, year=year))]
    if region.level is RegionLevel.COUNTY:
        forms += [
            (
                f"{name}报送表",
                way("forms.quarter", region=region.code, year=year, quarter=number),
            )
            for number, name in QUARTER_NAMES.items()
        ]
    return _papers(year, region.code or "", forms)


@on_every_page
def papers_section(kind: Kind) -> Section | None:
    """The part of the page of an enclave, a pairing or a park."""
    read = _READ.get(kind.model)
    return read and Section("文书", "issuing/of_record.html", read, "papers")


def _of_enclave(enclave: Enclave) -> Mapping[str, Any] | None:
    return _of_record(enclave.code, enclave=enclave.id)


def _of_pairing(pairing: Pairing) -> Mapping[str, Any] | None:
    code = f"{pairing.supporter.code}-{pairing.recipient.code}-{pairing.scheme.value}"
    return _of_record(code, pairing=pairing.id)


def _of_park(park: Park) -> Mapping[str, Any] | None:
    return _of_record(park.code, park=park.id)


_READ: dict[type, Callable[[Any], Mapping[str, Any] | None]] = {
    Enclave: _of_enclave,
    Pairing: _of_pairing,
    Park: _of_park,
}


def _of_record(code: str, **subject: int) -> Mapping[str, Any] | None:
    year = selected_year()
    return _papers(year, code, [("年度任务清单", way("forms.tasks", year=year, **subject))])


def _papers(year: int, code: str, forms: list[tuple[str, str | None]]) -> dict[str, Any] | None:
    if not current_user.may(Permission.PAPERS_VIEW):
        return None
    papers: list[IssuedPaper] = papers_about(current_user, year, [code])
    return {"papers": papers, "forms": [form for form in forms if form[1]], "year": year}
