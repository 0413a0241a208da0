"""山海协作 Tracker: records, facts, points and scorecards of Zhejiang's paired assistance."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from tracker.core.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. `settings` default to the environment's.

    Imports are inside, so that the engine can be used without the web (`tracker score-file`).
    """
    from tracker.core.collecting import uncollected

    with uncollected():
        return _made(settings)


def _made(settings: Settings | None) -> Flask:
    from flask import Flask
    from werkzeug.middleware.proxy_fix import ProxyFix

    from tracker import features
    from tracker.core.config import ROOT, Settings
    from tracker.core.db.connections import init_db
    from tracker.web import init_web

    _check_faces()
    settings = settings or Settings.from_environment()
    app = Flask(
        __name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static")
    )
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        # The pages of all roles ask some 1,400 different statements; SQLAlchemy keeps 500 composed.
        SQLALCHEMY_ENGINE_OPTIONS={"query_cache_size": 2000},
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=4 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
        TRACKER=settings,
    )
    if settings.proxies:
        # Otherwise every visitor has the proxy's address, and one could lock out all.
        behind = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)
        app.wsgi_app = behind  # type: ignore[method-assign]  # as Flask says to wrap it
    init_db(app)
    init_web(app)
    features.register(app)
    return app


def _check_faces() -> None:
    """Refuse an office's font file that cannot be used now, not when a paper is due.

    Raises FontError. The shipped faces need no check and are opened when first used.
    """
    if any(name.startswith("FONT_") and file.strip() for name, file in os.environ.items()):
        from tracker.engine.typeset.faces import check_faces

        check_faces()
