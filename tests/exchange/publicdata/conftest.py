"""The public data as it was loaded."""

from __future__ import annotations

import pytest

from tracker.exchange.publicdata.report import LoadReport


@pytest.fixture
def loaded(public_data: LoadReport) -> LoadReport:
    return public_data
