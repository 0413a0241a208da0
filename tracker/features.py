"""The features in their order: each may import those above it, never those below."""

from __future__ import annotations

from flask import Flask

from tracker.core.db.audit import watch
from tracker.core.db.printable import guard
from tracker.tables import AUDITED, PRINTED


def register(app: Flask) -> None:
    """Hang every feature's pages onto `app`."""
    from tracker.overview import views as overview
    from tracker.papers.issuing import views as papers
    from tracker.papers.quarter import views as forms
    from tracker.papers.scorecard import views as scorecards
    from tracker.records.accounts import user_views as users
    from tracker.records.accounts import views as accounts
    from tracker.records.determinations import views as determinations
    from tracker.records.enclaves import promise_views as enclaves
    from tracker.records.evidence import views as evidence
    from tracker.records.exchanges import views as exchanges
    from tracker.records.findings import kinds as findings
    from tracker.records.indicators import views as indicators
    from tracker.records.ledger import views as ledger
    from tracker.records.operations import views as operations
    from tracker.records.pairings import views as pairings
    from tracker.records.parks import views as parks
    from tracker.records.places import views as directory
    from tracker.records.projects import views as projects
    from tracker.records.submissions import kinds as submissions
    from tracker.records.targets import views as division
    from tracker.records.villages import views as villages
    from tracker.site import county_views as county
    from tracker.site import doubt_views as doubts
    from tracker.site import navigation, twins
    from tracker.site import trail_views as trail
    from tracker.site import views as pages
    from tracker.year.assessments import snapshot_views as snapshots
    from tracker.year.assessments import views as assessments
    from tracker.year.rulebooks import views as rulebooks

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
