"""All tables: importing this module declares every one of them."""

from __future__ import annotations

from tracker.core.db import Base
from tracker.core.db.audit import AuditEntry
from tracker.core.db.doubted import AnsweredDoubt  # noqa: F401
from tracker.core.db.events import Event
from tracker.core.db.sent import SentForm
from tracker.core.db.standing import DataState
from tracker.core.provenance import models as _provenance  # noqa: F401
from tracker.papers.issuing import models as _issuing  # noqa: F401
from tracker.records.accounts import models as _accounts  # noqa: F401
from tracker.records.annual import models as _annual  # noqa: F401
from tracker.records.applications import models as _applications  # noqa: F401
from tracker.records.background import models as _background  # noqa: F401
from tracker.records.determinations import models as _determinations  # noqa: F401
from tracker.records.enclaves import agreements as _agreements  # noqa: F401
from tracker.records.enclaves import models as _enclaves  # noqa: F401
from tracker.records.evidence import models as _evidence  # noqa: F401
from tracker.records.exchanges import models as _exchanges  # noqa: F401
from tracker.records.findings import models as _findings  # noqa: F401
from tracker.records.indicators import models as _indicators  # noqa: F401
from tracker.records.ledger import models as _ledger  # noqa: F401
from tracker.records.operations import models as _operations  # noqa: F401
from tracker.records.pairings import models as _pairings  # noqa: F401
from tracker.records.parks import models as _parks  # noqa: F401
from tracker.records.places import models as _regions  # noqa: F401
from tracker.records.projects import models as _projects  # noqa: F401
from tracker.records.quarters import models as _quarters  # noqa: F401
from tracker.records.reminders import models as _reminders  # noqa: F401
from tracker.records.submissions import models as _submissions  # noqa: F401
from tracker.records.supervision import models as _supervision  # noqa: F401
from tracker.records.targets import models as _targets  # noqa: F401
from tracker.records.villages import models as _villages  # noqa: F401
from tracker.records.works import models as _works  # noqa: F401
from tracker.year.assessments import models as _assessments  # noqa: F401
from tracker.year.assessments import sampling_models as _samplings  # noqa: F401
from tracker.year.objections import models as _objections  # noqa: F401
from tracker.year.procedure import models as _procedure  # noqa: F401
from tracker.year.rulebooks import models as _rulebooks  # noqa: F401
from tracker.year.trials import models as _trials  # noqa: F401

# The trail itself, the events beside it, those of filings, task lists, applications, assessments
# (with the reviews and gaps of their cards), objections, supervision orders and key work;
# snapshots and issued papers, which are their own trail, with what is derived from them; trials of
# the running year, which anybody can make again; work that was asked for and reminders, whose rows
# stay as they ended; cells of a quarter, drafts whose posting is in the trail of the record that it
# makes; files of rulebooks, whose acts stand beside them; sessions, failed sign-ins, sent forms,
# checks of files and the count of units that wrote.
UNAUDITED = frozenset(
    {
        "application_events",
        "assessment_events",
        AuditEntry.__tablename__,
        DataState.__tablename__,
        "background_chunks",
        "background_jobs",
        "card_reviews",
        "evidence_checks",
        Event.__tablename__,
        "filing_events",
        "gaps",
        "objection_claims",
        "objection_events",
        "objection_rulings",
        "supervision_events",
        "issued_paper_regions",
        "issued_papers",
        "key_work_events",
        "paper_checks",
        "paper_issues",
        "paper_tasks",
        "quarter_cells",
        "reminder_deliveries",
        "reminders",
        "rulebook_acts",
        "rulebook_files",
        "scorecards",
        SentForm.__tablename__,
        "sign_in_attempts",
        "signed_papers",
        "snapshots",
        "task_events",
        "trial_cards",
        "trials",
        "user_sessions",
    }
)
AUDITED = frozenset(Base.metadata.tables) - UNAUDITED
# Whose texts papers may print. The unaudited hold what was frozen, what strangers sent, and faults.
PRINTED = AUDITED | {
    "application_events",
    "gaps",
    "objection_events",
    "paper_issues",
    "supervision_events",
}
