"""What all pages share: access, forms, figures, errors, headers, transactions; `kit` makes the
pages of a record from its declaration. No record is known here."""

from __future__ import annotations

from flask import Flask

from tracker.core.quantities import shown as figures
from tracker.web import (
    access,
    along,
    assets,
    errors,
    kept,
    period,
    routes,
    schema,
    security,
    tables,
    transactions,
    ways,
)


def init_web(app: Flask) -> None:
    """Give `app` what all pages share; the features' blueprints come after it."""
    routes.init_app(app)
    app.url_map.converters["id"] = tables.IdConverter
    app.url_map.converters["int"] = tables.WholeConverter
    # The schema before anything else that asks the database.
    parts = (transactions, schema, security, access, errors, assets, period, figures, tables, ways)
    for part in (*parts, kept, along):  # what is added last changes the answer first
        part.init_app(app)
