"""The features in their order: each may import those above it, never those below."""

from __future__ import annotations

from flask import Flask

from tracker.accounts import models as _accounts  # noqa: F401 - tables
from tracker.assessments import models as _assessments  # noqa: F401
from tracker.enclaves import models as _enclaves  # noqa: F401
from tracker.ledger import models as _ledger  # noqa: F401
from tracker.pairings import models as _pairings  # noqa: F401
from tracker.projects import models as _projects  # noqa: F401
from tracker.provenance import models as _provenance  # noqa: F401
from tracker.regions import models as _regions  # noqa: F401
from tracker.targets import models as _targets  # noqa: F401


def register(app: Flask) -> None:
    """Hang every feature's pages onto `app`."""
    from tracker.accounts import views as accounts
    from tracker.assessments import views as assessments
    from tracker.enclaves import views as enclaves
    from tracker.ledger import views as ledger
    from tracker.pages import navigation
    from tracker.pages import views as pages
    from tracker.pairings import views as pairings
    from tracker.projects import views as projects
    from tracker.scorecards import views as scorecards

    for feature in (
        accounts,
        pairings,
        enclaves,
        projects,
        ledger,
        assessments,
        scorecards,
        pages,
    ):
        app.register_blueprint(feature.bp)
    navigation.init_app(app)
