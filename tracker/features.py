"""The features in their order: each may import those above it, never those below."""

from __future__ import annotations

from flask import Flask

from tracker.db.audit import watch
from tracker.db.printable import guard
from tracker.tables import AUDITED, PRINTED


def register(app: Flask) -> None:
    """Hang every feature's pages onto `app`."""
    from tracker.accounts import users
    from tracker.accounts import views as accounts
    from tracker.assessments import snapshot_views as snapshots
    from tracker.assessments import views as assessments
    from tracker.directory import views as directory
    from tracker.enclaves import views as enclaves
    from tracker.exchanges import views as exchanges
    from tracker.indicators import views as indicators
    from tracker.issuing import views as papers
    from tracker.ledger import views as ledger
    from tracker.operations import views as operations
    from tracker.overview import views as overview
    from tracker.pages import (
        county,
        determinations,
        division,
        doubts,
        evidence,
        findings,
        navigation,
        submissions,
        trail,
        twins,
    )
    from tracker.pages import views as pages
    from tracker.pairings import views as pairings
    from tracker.parks import views as parks
    from tracker.projects import views as projects
    from tracker.reports import views as forms
    from tracker.rulebooks import views as rulebooks
    from tracker.scorecards import views as scorecards
    from tracker.villages import views as villages

    for feature in (
        accounts,
        users,
        directory,
        pairings,
        parks,
        enclaves,
        projects,
        ledger,
        villages,
        operations,
        exchanges,
        indicators,
        rulebooks,
        assessments,
        snapshots,
        scorecards,
        forms,
        papers,
        overview,
        pages,
        county,
        determinations,
        doubts,
        evidence,
        findings,
        submissions,
        division,
        trail,
        twins,
    ):
        for blueprint in getattr(feature, "blueprints", None) or (feature.bp,):
            app.register_blueprint(blueprint)
    navigation.init_app(app)
    watch(AUDITED)
    guard(PRINTED)
