"""Entry point for WSGI servers: `gunicorn wsgi:app`."""

from tracker import create_app
from tracker.engine.typeset.faces import check_faces
from tracker.web.schema import report

# A licensed typeface that cannot be used is better found at start than by the first paper.
check_faces()
app = create_app()
report(app)
