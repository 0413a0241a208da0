"""All tables: importing this module declares every one of them."""

from __future__ import annotations

from tracker.accounts import models as _accounts  # noqa: F401
from tracker.assessments import models as _assessments  # noqa: F401
from tracker.db import Base
from tracker.db.audit import AuditEntry
from tracker.db.doubted import AnsweredDoubt  # noqa: F401
from tracker.db.events import Event
from tracker.db.sent import SentForm
from tracker.determinations import models as _determinations  # noqa: F401
from tracker.enclaves import agreements as _agreements  # noqa: F401
from tracker.enclaves import models as _enclaves  # noqa: F401
from tracker.evidence import models as _evidence  # noqa: F401
from tracker.exchanges import models as _exchanges  # noqa: F401
from tracker.findings import models as _findings  # noqa: F401
from tracker.indicators import models as _indicators  # noqa: F401
from tracker.issuing import models as _issuing  # noqa: F401
from tracker.ledger import models as _ledger  # noqa: F401
from tracker.operations import models as _operations  # noqa: F401
from tracker.pairings import models as _pairings  # noqa: F401
from tracker.parks import models as _parks  # noqa: F401
from tracker.projects import models as _projects  # noqa: F401
from tracker.provenance import models as _provenance  # noqa: F401
from tracker.regions import models as _regions  # noqa: F401
from tracker.submissions import models as _submissions  # noqa: F401
from tracker.targets import models as _targets  # noqa: F401
from tracker.villages import models as _villages  # noqa: F401

# The trail itself and the events beside it; snapshots and issued papers, which are their own trail,
# with what is derived from them; sessions, failed sign-ins, sent forms and checks of files.
UNAUDITED = frozenset(
    {
        AuditEntry.__tablename__,
        "evidence_checks",
        Event.__tablename__,
        "issued_paper_regions",
        "issued_papers",
        "paper_checks",
        "paper_issues",
        "paper_tasks",
        "scorecards",
        SentForm.__tablename__,
        "sign_in_attempts",
        "snapshots",
        "user_sessions",
    }
)
AUDITED = frozenset(Base.metadata.tables) - UNAUDITED
# Whose texts papers may print. The unaudited hold what was frozen, what strangers sent, and faults.
PRINTED = AUDITED | {"paper_issues"}
