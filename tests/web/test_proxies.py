"""Behind a reverse proxy it is the visitor's address that counts, and only behind one."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from flask import request

from tests.conftest import settings_for
from tracker import create_app


@pytest.mark.parametrize(("proxies", "seen"), [(0, "10.0.0.1"), (1, "203.0.113.9")])
def test_the_address_that_is_believed(new_sqlite, tmp_path: Path, proxies: int, seen: str) -> None:
    settings = dataclasses.replace(settings_for(new_sqlite(), tmp_path), proxies=proxies)
    app = create_app(settings)
    addresses = []
    app.before_request(lambda: addresses.append(request.remote_addr))
    app.test_client().get(
        "/healthz",
        environ_overrides={"REMOTE_ADDR": "10.0.0.1"},
        headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"},
    )
    assert addresses == [seen]
