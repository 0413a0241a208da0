"""What all pages share."""

from __future__ import annotations

from flask import Flask

from tracker.web import (
    access,
    assets,
    errors,
    figures,
    period,
    security,
    tables,
    transactions,
    ways,
)


def init_web(app: Flask) -> None:
    """Give `app` what all pages share; the features' blueprints come after it."""
    app.url_map.converters["id"] = tables.IdConverter
    for part in (transactions, security, access, errors, assets, period, figures, tables, ways):
        part.init_app(app)
