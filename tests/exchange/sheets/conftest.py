"""The audits' world, in which every kind of record has a row."""

from __future__ import annotations

from tests.audits.conftest import new_site, site, world_template

__all__ = ["new_site", "site", "world_template"]
