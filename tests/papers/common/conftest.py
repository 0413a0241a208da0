"""One validator for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.papers.common.verapdf import Validator


@pytest.fixture(scope="session")
def verapdf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Validator]:
    validator = Validator(tmp_path_factory.mktemp("verapdf"))
    yield validator
    validator.stop()
