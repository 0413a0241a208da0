"""The blueprint that the pages of the desk hang on."""

from __future__ import annotations

from flask import Blueprint

from tracker.records.accounts.owners import owned_pages

bp = Blueprint("desk", __name__, url_prefix="/desk")
owned_pages(bp)
