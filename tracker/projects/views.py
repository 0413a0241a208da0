"""The list of projects and the forms that make and change one."""

from __future__ import annotations

from tracker.projects.kinds import PROJECTS
from tracker.web.kit import record_blueprint

bp = record_blueprint(PROJECTS)
