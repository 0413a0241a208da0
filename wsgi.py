"""Entry point for WSGI servers: `gunicorn --preload wsgi:app`.

All that a server process needs is made here, so that those which part after it share it.
"""

import gc

from tracker import create_app
from tracker.core.db import db
from tracker.engine.typeset.faces import check_faces
from tracker.web.schema import report

# A licensed typeface that cannot be used is better found at start than by the first paper.
check_faces()
app = create_app()
report(app)
with app.app_context():
    db.engine.dispose()  # a connection is of one process
# What stands by now is never garbage. To look through it takes longer than to make a page, and some
# page would have to wait for it every now and then.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 10, 10)
