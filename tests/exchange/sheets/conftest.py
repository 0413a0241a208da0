"""The audits' world, in which every kind of record has a row; LibreOffice for those who fill in."""

from __future__ import annotations

import pytest

from tests.audits.conftest import new_site, site, world_template
from tests.exchange.sheets.libreoffice import LibreOffice

__all__ = ["new_site", "site", "world_template"]


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> LibreOffice:
    """The program, which is begun anew for each call (some two seconds)."""
    return LibreOffice(tmp_path_factory.mktemp("libreoffice"))
