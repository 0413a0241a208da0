"""The list of features: whose pages are hung onto an application."""

from __future__ import annotations

from flask import Flask

from tracker.core.db.audit import watch
from tracker.core.db.printable import guard
from tracker.tables import AUDITED, PRINTED


def register(app: Flask) -> None:
    """Hang every feature's pages onto `app`."""
    from tracker.exchange.sheets import jobs as _sheet_jobs  # noqa: F401 - declares its work
    from tracker.exchange.sheets import views as sheets
    from tracker.overview import dispatch_views, gains_views, work_watch_views
    from tracker.overview import views as overview
    from tracker.overview.enclave_year import views as enclave_year
    from tracker.overview.key import views as key_indicators
    from tracker.overview.listed import views as listed
    from tracker.overview.map import views as map_
    from tracker.overview.ranking import views as ranking
    from tracker.overview.trends import views as trends
    from tracker.papers.application import views as application_forms
    from tracker.papers.hearing import views as hearing
    from tracker.papers.issuing import jobs as _issuing_jobs  # noqa: F401 - declares its jobs
    from tracker.papers.issuing import views as issuing
    from tracker.papers.matrix import views as score_workbooks
    from tracker.papers.order import views as order_forms
    from tracker.papers.quarter import views as quarter
    from tracker.papers.scorecard import views as scorecard
    from tracker.records.accounts import user_views
    from tracker.records.accounts import views as accounts
    from tracker.records.annual import views as annual
    from tracker.records.applications import views as applications
    from tracker.records.background import jobs as _background_jobs  # noqa: F401 - declares its jobs
    from tracker.records.background import views as background
    from tracker.records.determinations import review_views
    from tracker.records.determinations import views as determinations
    from tracker.records.enclaves import promise_views
    from tracker.records.enclaves import views as enclaves
    from tracker.records.evidence import jobs as _evidence_jobs  # noqa: F401 - declares its jobs
    from tracker.records.evidence import views as evidence
    from tracker.records.exchanges import views as exchanges
    from tracker.records.findings import views as findings
    from tracker.records.indicators import views as indicators
    from tracker.records.ledger import correct_views, retell_views, split_views
    from tracker.records.ledger import views as ledger
    from tracker.records.operations import views as operations
    from tracker.records.pairings import views as pairings
    from tracker.records.parks import views as parks
    from tracker.records.places import views as places
    from tracker.records.projects import views as projects
    from tracker.records.quarters import views as quarters
    from tracker.records.reminders import jobs as _reminder_jobs  # noqa: F401 - declares its jobs
    from tracker.records.reminders import views as reminders
    from tracker.records.submissions import views as submissions
    from tracker.records.supervision import jobs as _supervision_jobs  # noqa: F401 - declares its jobs
    from tracker.records.supervision import views as supervision
    from tracker.records.targets import views as targets
    from tracker.records.villages import views as villages
    from tracker.records.works import views as works
    from tracker.site import (
        county_views,
        doubt_views,
        navigation,
        pair_views,
        trail_views,
        twins_views,
    )
    from tracker.site import (
        views as site,
    )
    from tracker.site.brief import jobs as _brief_jobs  # noqa: F401 - declares its work
    from tracker.site.brief import views as briefs
    from tracker.site.checks import answered as _answers  # noqa: F401 - tells what was answered
    from tracker.site.checks import declared as _checks  # noqa: F401 - declares its rules
    from tracker.site.desk import subject_views as desk_subjects
    from tracker.site.desk import views as desk
    from tracker.year.assessments import jobs as _assessment_jobs  # noqa: F401 - declares its work
    from tracker.year.assessments import sampling_views, simulation_views, snapshot_views
    from tracker.year.assessments import views as assessments
    from tracker.year.objections import frozen as _objections  # noqa: F401 - keeps and checks them
    from tracker.year.objections import occasions as _objected  # noqa: F401 - declares its reminders
    from tracker.year.objections import views as objections
    from tracker.year.procedure import card_views, frozen, guards  # noqa: F401 - declare themselves
    from tracker.year.procedure import jobs as _procedure_jobs  # noqa: F401 - declares its work
    from tracker.year.procedure import occasions as _stages  # noqa: F401 - declares its reminders
    from tracker.year.procedure import views as procedure
    from tracker.year.rulebooks import views as rulebooks
    from tracker.year.rulemaking import file_views, line_views
    from tracker.year.rulemaking import jobs as _rulemaking_jobs  # noqa: F401 - declares its work
    from tracker.year.rulemaking import views as rulemaking
    from tracker.year.trials import jobs as _trial_jobs  # noqa: F401 - declares its jobs
    from tracker.year.trials import views as trials

    features = (
        accounts,
        user_views,
        background,
        places,
        pairings,
        parks,
        enclaves,
        promise_views,
        projects,
        ledger,
        correct_views,
        retell_views,
        split_views,
        applications,
        villages,
        operations,
        exchanges,
        indicators,
        rulebooks,
        rulemaking,
        file_views,
        line_views,
        assessments,
        snapshot_views,
        sampling_views,
        procedure,
        card_views,
        simulation_views,
        trials,
        scorecard,
        objections,
        score_workbooks,
        application_forms,
        hearing,
        order_forms,
        quarter,
        issuing,
        overview,
        map_,
        dispatch_views,
        work_watch_views,
        enclave_year,
        gains_views,
        key_indicators,
        listed,
        ranking,
        trends,
        briefs,
        site,
        county_views,
        pair_views,
        determinations,
        review_views,
        desk,
        desk_subjects,
        doubt_views,
        evidence,
        findings,
        submissions,
        supervision,
        works,
        reminders,
        targets,
        quarters,
        annual,
        trail_views,
        twins_views,
        sheets,
    )
    # Several files may hang their pages on one blueprint.
    found = (each for of in features for each in getattr(of, "blueprints", None) or (of.bp,))
    for blueprint in dict.fromkeys(found):
        app.register_blueprint(blueprint)
    navigation.init_app(app)
    watch(AUDITED)
    guard(PRINTED)
