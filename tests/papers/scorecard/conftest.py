"""The sample cards, each printed once."""

from __future__ import annotations

import pytest

from tests.papers.scorecard.pdf_samples import CARDS
from tracker.papers.scorecard.pdf import scorecard_pdf


@pytest.fixture(scope="session")
def printed() -> dict[str, bytes]:
    """The files of the sample cards by name."""
    return {name: scorecard_pdf(make()) for name, make in CARDS.items()}
